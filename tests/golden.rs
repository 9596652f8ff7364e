//! Golden queries (`tests/queries/*.toml`) answered by the program itself: `cargo test --test
//! golden`. `tests/browsers` asks the same of the page.

#[path = "support/golden.rs"]
mod golden;
#[path = "support/program.rs"]
mod program;

use golden::{Ask, Beyond, Collection, File, Found, FoundShare, Query};
use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{LazyLock, Mutex, PoisonError};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match golden::load() {
        Ok(files) => files
            .iter()
            .flat_map(|file| LAYOUTS.map(|layout| trial(file.clone(), layout)))
            .collect(),
        Err(e) => vec![Trial::test("load", move || Err(Failed::from(e)))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Every query is asked in both layouts.
const LAYOUTS: [&str; 2] = ["chunks", "packs"];

fn trial(file: File, layout: &'static str) -> Trial {
    let name = format!("{} in {layout}", file.name);
    let required = std::env::var("OFFPRINT_REQUIRE").is_ok_and(|value| value == "1");
    match program::inputs(file.collection) {
        Err(reason) if !required => Trial::test(format!("{name} ({reason})"), move || {
            Err(Failed::from(reason))
        })
        .with_ignored_flag(true),
        _ => Trial::test(name, move || Ok(check(&file, layout)?)),
    }
}

fn check(file: &File, layout: &'static str) -> Result<(), String> {
    let site = site(file.collection, layout)?;
    let asks = file.asks();
    let found: Vec<Found> = program::query(&site, &asks)?;
    let answers: HashMap<Ask, Found> = asks.into_iter().zip(found).collect();
    let beyond: Result<Vec<Beyond>, String> =
        file.beyond().map(|query| beyond(&site, query)).collect();
    file.check(&answers, &beyond?)
}

/// What the program says beyond results.
fn beyond(site: &Path, query: &Query) -> Result<Beyond, String> {
    #[derive(Deserialize)]
    struct Words {
        words: Vec<String>,
    }
    #[derive(Deserialize)]
    struct Hits {
        hits: Vec<Hit>,
        #[serde(default)]
        shares: Vec<Vec<FoundShare>>,
    }
    #[derive(Deserialize)]
    struct Hit {
        id: String,
        score: u64,
    }
    fn ask<T: DeserializeOwned>(site: &Path, more: &[&str]) -> Result<T, String> {
        let site = site.to_string_lossy();
        let printed = program::offprint(&[&["query", &site, "--json"], more].concat(), "")?;
        serde_json::from_str(&printed).map_err(|e| format!("{e} in {printed}"))
    }
    let words: Words = ask(site, &["--suggest", "--", &query.text])?;
    let found: Hits = ask(site, &["--explain", "--limit", "1", "--", &query.text])?;
    let mut beyond = Beyond {
        words: words.words,
        ..Beyond::default()
    };
    if let Some(first) = found.hits.first() {
        let related: Hits = ask(site, &["--related", &first.id])?;
        beyond.related = related.hits.into_iter().map(|hit| hit.id).collect();
        beyond.score = first.score;
        beyond.shares = found.shares.into_iter().next().unwrap_or_default();
    }
    Ok(beyond)
}

/// The collection's index in a layout, built once.
fn site(collection: Collection, layout: &'static str) -> Result<PathBuf, String> {
    type Built = HashMap<(Collection, &'static str), Result<PathBuf, String>>;
    static SITES: LazyLock<Mutex<Built>> = LazyLock::new(Mutex::default);
    let name = match collection {
        Collection::Sample => "golden-sample",
        Collection::Seeds => "golden-seeds",
        Collection::Crowd => "golden-crowd",
    };
    let build = || {
        let folder = program::sites().join(format!("{name}-{layout}"));
        let more = ["--index-only", "--layout", layout];
        program::build(&program::inputs(collection)?, &folder, &more)?;
        Ok(folder)
    };
    let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    let site = sites.entry((collection, layout)).or_insert_with(build);
    site.clone()
}
