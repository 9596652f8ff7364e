//! `offprint build --expansions`: weights of terms that another program made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use offprint_papers::{Format, Limits, Scratch, Severity, WeightsReport, read_weights};
use serde::Serialize;

use crate::error::{Failure, Result};
use crate::input::{self, Reading, STANDARD_INPUT, Source};
use crate::report::count;

/// What became of the weights, as `build --json` prints it.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The file, as given.
    pub input: String,
    /// Records met: `used + unknown + skipped`.
    pub rows: u64,
    /// Records of papers of the collection.
    pub used: u64,
    /// Records whose id no paper has.
    pub unknown: u64,
    /// The first such id.
    pub unknown_example: Option<String>,
    /// Records that could not be read.
    pub skipped: u64,
    /// What became of their terms, once the index is built.
    pub terms: Option<Terms>,
}

/// What became of the terms. All but `used` were left out.
#[derive(Debug, Serialize)]
pub struct Terms {
    /// Terms of weights above 0, all others of this together.
    pub given: u64,
    /// Words that add to the scores of their papers.
    pub used: u64,
    /// Words of too small a weight, and those that are said of too many papers.
    pub weak: u64,
    /// Other forms of a word that the paper was given too.
    pub repeated: u64,
    /// Words that no paper of the collection has in any form.
    pub unknown: u64,
    /// One of these.
    pub unknown_example: Option<String>,
    /// Function words.
    pub function_words: u64,
    /// What is no single word, such as a piece of one.
    pub not_words: u64,
}

impl From<offprint_index::Given> for Terms {
    fn from(given: offprint_index::Given) -> Self {
        Self {
            given: given.terms,
            used: given.used,
            weak: given.weak,
            repeated: given.repeated,
            unknown: given.unknown,
            unknown_example: given.unknown_example,
            function_words: given.function_words,
            not_words: given.not_words,
        }
    }
}

/// Refuses standard input where papers come from it.
pub fn check(file: &Path, inputs: &[PathBuf]) -> Result<()> {
    let is_standard_input = |path: &Path| path.as_os_str() == STANDARD_INPUT;
    if is_standard_input(file) && inputs.iter().any(|path| is_standard_input(path)) {
        return Err(Failure::usage(
            "standard input is given twice",
            "give papers or expansions by the name of a file",
        ));
    }
    Ok(())
}

/// Reads the weights of the papers that were read.
pub fn read(
    file: &Path,
    reading: &mut Reading,
    scratch: Arc<dyn Scratch>,
    bar: &ProgressBar,
) -> Result<Summary> {
    let source = Source {
        path: file.to_owned(),
        named: true,
    };
    let name = source.name();
    bar.set_length(source.size());
    bar.set_message(name.clone());
    let reader = bar.wrap_read(source.open()?);
    let limits = Limits::default();
    let read = read_weights(&name, reader, &reading.papers, scratch, &limits);
    let (weights, report) = read.map_err(input::scratch_failed)?;
    let WeightsReport {
        format,
        rows,
        used,
        unknown,
        unknown_example,
        skipped,
        diagnostics,
        diagnostics_omitted,
    } = report;
    if format == Format::Unknown {
        return Err(input::foreign_input(&name, &diagnostics));
    }
    let severe = diagnostics
        .iter()
        .any(|said| said.severity == Severity::Error);
    reading.lossy |= severe || skipped > 0;
    reading.diagnostics.extend(diagnostics);
    reading.omitted += diagnostics_omitted;
    reading.papers.give(weights);
    Ok(Summary {
        input: name,
        rows,
        used,
        unknown,
        unknown_example,
        skipped,
        terms: None,
    })
}

/// For people.
pub fn describe(summary: &Summary) -> String {
    let mut text = format!("  expansions of {}", count(summary.used, "record"));
    if summary.unknown > 0 {
        let example = summary.unknown_example.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "; {} of ids that no paper has, such as {example}",
            count(summary.unknown, "record")
        ));
    }
    if summary.skipped > 0 {
        text.push_str(&format!("; {} skipped", summary.skipped));
    }
    if let Some(terms) = &summary.terms {
        text.push_str(&format!(
            "\n  {} of {} used",
            crate::report::grouped(terms.used),
            count(terms.given, "term")
        ));
        let example = terms.unknown_example.as_ref();
        let unknown = example.map_or("in no paper".to_owned(), |example| {
            format!("in no paper, such as {example}")
        });
        for (number, what) in [
            (terms.weak, "too weak".to_owned()),
            (terms.repeated, "another form of one given".to_owned()),
            (terms.unknown, unknown),
            (terms.function_words, "function words".to_owned()),
            (terms.not_words, "no word".to_owned()),
        ] {
            if number > 0 {
                text.push_str(&format!("; {} {what}", crate::report::grouped(number)));
            }
        }
    }
    text
}
