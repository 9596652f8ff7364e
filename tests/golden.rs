//! Golden queries (`tests/queries/*.toml`) answered by the program itself: `cargo test --test
//! golden`. `tests/browsers` asks the same of the page.

#[path = "support/golden.rs"]
mod golden;
#[path = "support/program.rs"]
mod program;

use golden::{Ask, Collection, File, Found};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match golden::load() {
        Ok(files) => files.into_iter().map(trial).collect(),
        Err(e) => vec![Trial::test("load", move || Err(Failed::from(e)))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(file: File) -> Trial {
    let required = std::env::var("OFFPRINT_REQUIRE").is_ok_and(|value| value == "1");
    match program::inputs(file.collection) {
        Err(reason) if !required => Trial::test(format!("{} ({reason})", file.name), move || {
            Err(Failed::from(reason))
        })
        .with_ignored_flag(true),
        _ => Trial::test(file.name.clone(), move || Ok(check(&file)?)),
    }
}

fn check(file: &File) -> Result<(), String> {
    let site = site(file.collection)?;
    let asks = file.asks();
    let found: Vec<Found> = program::query(&site, &asks)?;
    let answers: HashMap<Ask, Found> = asks.into_iter().zip(found).collect();
    file.check(&answers)
}

/// The collection's index, built once.
fn site(collection: Collection) -> Result<PathBuf, String> {
    static SITES: [OnceLock<Result<PathBuf, String>>; 2] = [OnceLock::new(), OnceLock::new()];
    let [sample, seeds] = &SITES;
    let (name, slot) = match collection {
        Collection::Sample => ("golden-sample", sample),
        Collection::Seeds => ("golden-seeds", seeds),
    };
    let build = || {
        let folder = program::sites().join(name);
        program::build(&program::inputs(collection)?, &folder, &["--index-only"])?;
        Ok(folder)
    };
    slot.get_or_init(build).clone()
}
