//! The inputs of a build: which files they are, and what is in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use offprint_papers::{
    Collection, Diagnostic, Format, InputTotals, Limits, Scratch, Severity, StoredPapers, Totals,
};
use walkdir::WalkDir;

use crate::error::{Failure, Result};

/// Stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path; `-` for standard input.
    pub path: PathBuf,
    /// Whether it was named itself, not found in a folder.
    pub named: bool,
}

impl Source {
    fn is_standard_input(&self) -> bool {
        self.named && self.path.as_os_str() == STANDARD_INPUT
    }

    /// What it is called in diagnostics.
    pub fn name(&self) -> String {
        if self.is_standard_input() {
            "<stdin>".to_owned()
        } else {
            self.path.to_string_lossy().into_owned()
        }
    }

    /// Bytes, as far as they are known.
    pub fn size(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    /// Opens it.
    pub fn open(&self) -> Result<Box<dyn Read>> {
        if self.is_standard_input() {
            return Ok(Box::new(io::stdin().lock()));
        }
        let file = File::open(&self.path).map_err(Failure::io("read", &self.path))?;
        Ok(Box::new(file))
    }
}

/// Finds the files behind the inputs of a command line. Folders are walked by name, so that the
/// order is the same everywhere; hidden files in them are passed over, and so is the folder or file
/// `out` that the site is written into.
pub fn find(inputs: &[PathBuf], out: &Path) -> Result<Vec<Source>> {
    let out = std::fs::canonicalize(out).ok();
    let mut sources = Vec::new();
    for input in inputs {
        if input.as_os_str() == STANDARD_INPUT {
            if sources.iter().any(Source::is_standard_input) {
                return Err(Failure::usage(
                    "standard input is given twice",
                    "give `-` once",
                ));
            }
            sources.push(Source {
                path: input.clone(),
                named: true,
            });
            continue;
        }
        let metadata = std::fs::metadata(input).map_err(Failure::io("read", input))?;
        if metadata.is_dir() {
            walk(input, out.as_deref(), &mut sources)?;
        } else {
            sources.push(Source {
                path: input.clone(),
                named: true,
            });
        }
    }
    Ok(sources)
}

fn walk(folder: &Path, out: Option<&Path>, sources: &mut Vec<Source>) -> Result<()> {
    let is_out = |entry: &walkdir::DirEntry| {
        // A folder may have another name through a link; asking this of each file takes long.
        let may_be =
            entry.file_type().is_dir() || out.and_then(Path::file_name) == Some(entry.file_name());
        may_be && std::fs::canonicalize(entry.path()).ok().as_deref() == out
    };
    let visible = |entry: &walkdir::DirEntry| {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        (entry.depth() == 0 || !hidden) && (out.is_none() || !is_out(entry))
    };
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(visible) {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            Failure::io("read", &path)(error.into())
        })?;
        if entry.file_type().is_file() {
            sources.push(Source {
                path: entry.into_path(),
                named: false,
            });
        }
    }
    Ok(())
}

/// What was read.
pub struct Reading {
    /// The papers, each once.
    pub papers: StoredPapers,
    /// Counts.
    pub totals: Totals,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics that were only counted.
    pub omitted: u64,
    /// Whether anything was lost that `--strict` does not accept.
    pub lossy: bool,
}

/// Reads the sources in their order. The papers go to scratch storage, and are to be found by their
/// ids after it if `keep_ids` says so.
pub fn read(
    sources: &[Source],
    keep_ids: bool,
    scratch: Arc<dyn Scratch>,
    bar: &ProgressBar,
) -> Result<Reading> {
    bar.set_length(sources.iter().map(Source::size).sum());
    let collection = Collection::with_scratch(Limits::default(), scratch);
    let mut collection = collection.measured_by(offprint_index::length);
    if keep_ids {
        collection = collection.keep_ids();
    }
    let (mut omitted, mut lossy) = (0, false);
    for source in sources {
        let name = source.name();
        bar.set_message(name.clone());
        let report = collection.add_input(&name, bar.wrap_read(source.open()?));
        omitted += report.diagnostics_omitted;
        let foreign = report.format == Format::Unknown;
        if foreign && source.named {
            return Err(foreign_input(&name, &report.diagnostics));
        }
        // What lies around in a folder is no loss; a record or the rest of a file is.
        let severe = report
            .diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error);
        lossy |= !foreign && (severe || report.skipped > 0);
    }
    let stored = collection.store();
    let (papers, totals, diagnostics) = stored.map_err(scratch_failed)?;
    Ok(Reading {
        papers,
        totals,
        diagnostics,
        omitted,
        lossy,
    })
}

/// What to say of an input of which nothing can be read.
pub fn foreign_input(name: &str, said: &[Diagnostic]) -> Failure {
    let (message, help) = said.first().map_or_else(
        || {
            (
                "its format is not known".to_owned(),
                "check the file".to_owned(),
            )
        },
        |diagnostic| {
            (
                diagnostic.reason.to_string(),
                diagnostic.advice().into_owned(),
            )
        },
    );
    Failure::advice(format!("{name}: {message}"), help)
}

/// What to say where scratch storage fails.
pub fn scratch_failed(error: io::Error) -> Failure {
    Failure::advice(
        format!("cannot use temporary files: {error}"),
        "make room on the disk that the site is written to; nothing was changed in its folder",
    )
}

/// Fails where there is nothing to make a site of.
pub fn require_papers(papers: &StoredPapers, inputs: &[InputTotals]) -> Result<()> {
    if !papers.is_empty() {
        return Ok(());
    }
    let message = match inputs.len() {
        0 => "there is no file in what was given".to_owned(),
        1 => "there is no paper in what was given".to_owned(),
        count => format!("there is no paper in any of {count} files"),
    };
    Err(Failure::advice(
        message,
        "give JSON Lines (one object a line, with a `title`), BibTeX or Daily Papers page dumps",
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;

    #[test]
    fn folders_are_walked_by_name_without_hidden_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/.hidden")).unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        for name in [
            "c.jsonl",
            "a.jsonl",
            "b/2.jsonl",
            "b/1.jsonl",
            ".x",
            "b/.hidden/y",
            "out/z",
        ] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let sources = find(&[folder.path().to_owned()], &out).unwrap();
        let found: Vec<_> = sources
            .iter()
            .map(|source| {
                source
                    .path
                    .strip_prefix(folder.path())
                    .unwrap()
                    .to_str()
                    .unwrap()
            })
            .collect();
        assert_eq!(found, ["a.jsonl", "b/1.jsonl", "b/2.jsonl", "c.jsonl"]);
        assert!(sources.iter().all(|source| !source.named));
    }

    #[test]
    fn standard_input_comes_once() {
        let twice = ["-".into(), "-".into()];
        assert_eq!(
            find(&twice, Path::new("out")).unwrap_err().exit_code(),
            crate::error::exit::USAGE
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = find(&["no-such-file.jsonl".into()], Path::new("out")).unwrap_err();
        assert!(error.to_string().contains("no-such-file.jsonl"), "{error}");
    }
}
