//! `offprint init`.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use offprint_papers::Limits;

use crate::args::InitArgs;
use crate::config::FILE;
use crate::error::{Failure, Result};
use crate::report::{self, BOLD, GOOD};

const SETTINGS: &str = include_str!("init/offprint.toml");
const PAPERS: &str = include_str!("init/papers.jsonl");
const WORKFLOW: &str = include_str!("init/pages.yml");

/// Where the example papers go.
const EXAMPLE: &str = "papers.jsonl";
/// Where the workflow goes.
const WORKFLOW_FILE: &str = ".github/workflows/offprint-pages.yml";
/// Where this program's sources lie, once its manifest says so.
const REPOSITORY: Option<&str> = option_env!("CARGO_PKG_REPOSITORY");
/// What of the sources is built where nothing else is said.
const REVISION: &str = "HEAD";

/// Bytes of a file that are looked at.
const HEAD: u64 = 64 << 10;
/// Endings of files that may hold papers. A folder holds much that only looks like it.
const ENDINGS: [&str; 6] = [".jsonl", ".json", ".bib", ".txt", ".jsonl.gz", ".jsonl.zst"];

/// Runs the command and gives its exit code.
pub fn run(args: &InitArgs) -> Result<u8> {
    let folder = args.folder.as_deref().unwrap_or(Path::new(""));
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(Failure::io("make the folder", folder))?;
    }
    let mut inputs = find_inputs(folder)?;
    let mut written = Vec::new();
    let mut there = Vec::new();
    let mut put = |name: &str, text: &str| -> Result<()> {
        match create(&folder.join(name), text)? {
            true => written.push(name.to_owned()),
            false => there.push(name.to_owned()),
        }
        Ok(())
    };
    if inputs.is_empty() {
        put(EXAMPLE, PAPERS)?;
        inputs.push(EXAMPLE.to_owned());
    }
    // Names in quotes are the same in TOML and JSON.
    let names = serde_json::to_string(&inputs).unwrap_or_default();
    put(
        FILE,
        &SETTINGS.replace("@INPUTS@", &names.replace("\",\"", "\", \"")),
    )?;
    let repository = args
        .repository
        .as_deref()
        .or(REPOSITORY.filter(|it| !it.is_empty()));
    put(WORKFLOW_FILE, &workflow(repository.unwrap_or_default())?)?;
    report::show(&describe(folder, &written, &there, &inputs, repository))?;
    Ok(0)
}

/// The workflow, for sources that lie at an address.
fn workflow(repository: &str) -> Result<String> {
    // It stands in quotes in YAML, and is given to git.
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:.@~_-+".contains(c);
    if !repository.chars().all(plain) || repository.starts_with('-') {
        return Err(Failure::usage(
            format!("--repository {repository:?} is no address for git"),
            "give one such as https://example.org/offprint.git",
        ));
    }
    Ok(WORKFLOW
        .replace("@REPOSITORY@", repository)
        .replace("@REVISION@", REVISION))
}

/// Writes a file, unless there is one. Says whether it did.
fn create(path: &Path, text: &str) -> Result<bool> {
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent).map_err(Failure::io("make the folder", parent))?;
    }
    match File::create_new(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())
                .map_err(Failure::io("write", path))?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::io("write", path)(error)),
    }
}

/// Files directly in the folder that hold papers, by name.
fn find_inputs(folder: &Path) -> Result<Vec<String>> {
    let place = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(place).map_err(Failure::io("list", place))? {
        let entry = entry.map_err(Failure::io("list", place))?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let likely = ENDINGS
            .iter()
            .any(|ending| name.to_lowercase().ends_with(ending));
        if likely && !name.starts_with('.') && holds_papers(&entry.path(), &name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn holds_papers(path: &PathBuf, name: &str) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    // Much begins as a list of papers does, such as any object of JSON.
    let mut papers = 0;
    offprint_papers::read_input(name, head.as_slice(), &Limits::default(), &mut |_| {
        papers += 1
    });
    read.is_ok() && papers > 0
}

fn describe(
    folder: &Path,
    written: &[String],
    there: &[String],
    inputs: &[String],
    repository: Option<&str>,
) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    for name in written {
        line(format!(
            "{GOOD}Wrote{GOOD:#} {}",
            folder.join(name).display()
        ));
    }
    for name in there {
        line(format!(
            "{} is there already and stays as it is",
            folder.join(name).display()
        ));
    }
    if inputs != [EXAMPLE] || !written.iter().any(|name| name == EXAMPLE) {
        line(format!("Papers found: {}", inputs.join(", ")));
    }
    line("Next:".to_owned());
    if !folder.as_os_str().is_empty() {
        line(format!("  cd {}", folder.display()));
    }
    line(format!(
        "  {BOLD}offprint serve{BOLD:#}    shows the site, and builds it again as you edit {FILE}"
    ));
    line(format!(
        "  {BOLD}offprint build{BOLD:#}    writes it into the folder `site`, for any static host"
    ));
    let fill = match repository {
        Some(_) => "",
        None => ", after you have set OFFPRINT_REPOSITORY in it",
    };
    line(format!(
        "  git push          puts it on GitHub Pages by {WORKFLOW_FILE}{fill}"
    ));
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_example_papers_can_be_read() {
        let mut collection = offprint_papers::Collection::new(Limits::default());
        let report = collection.add_input(EXAMPLE, PAPERS.as_bytes());
        assert_eq!((report.rows, report.skipped), (4, 0));
        assert_eq!(report.diagnostics, []);
    }

    #[test]
    fn the_workflow_holds_no_word_to_fill_in() {
        let text = workflow("https://example.org/offprint.git").unwrap();
        assert!(text.contains("OFFPRINT_REPOSITORY: \"https://example.org/offprint.git\""));
        let left = ["@REPOSITORY@", "@REVISION@"];
        assert!(!left.iter().any(|word| text.contains(word)), "{text}");
        for bad in ["x\"\n", "a b", "--upload-pack=x", "$(x)"] {
            assert!(workflow(bad).is_err(), "{bad}");
        }
    }
}
