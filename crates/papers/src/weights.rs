//! Term weights from elsewhere: for each paper, words and how much they say of it.
//!
//! JSON Lines, an object a line: `{"id": "…", "terms": {"word": 1.5}}`, as learned sparse encoders
//! of documents write them; `vector`, as Anserini names it, does for `terms`. Plain, gzip or zstd.
//! Whose id no paper has is counted; what cannot be read is said, with its line.

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::detect::Format;
use crate::diagnostic::{Diagnostic, Log, Reason, quote};
use crate::input::{Unpacked, unpack};
use crate::jsonl::id;
use crate::limits::Limits;
use crate::lines::{LineKind, Lines};
use crate::scratch::{Scratch, Spool, garbled};
use crate::stored::StoredPapers;

/// Weights of papers, in scratch storage. In memory are 16 bytes a line.
pub struct Weights {
    spool: Spool,
    /// By paper, then as they came: the paper, its terms' bytes, and where they lie.
    given: Vec<(u32, u32, u64)>,
}

impl Weights {
    /// Hands a paper's terms to `each`, with their weights: positive finite numbers. A term may
    /// come more than once.
    ///
    /// # Errors
    /// What the storage says.
    pub fn of(&self, paper: usize, each: &mut dyn FnMut(&str, f32)) -> io::Result<()> {
        let start = self
            .given
            .partition_point(|&(at, ..)| (at as usize) < paper);
        let given = self.given.get(start..).unwrap_or_default();
        for &(_, bytes, at) in given.iter().take_while(|given| given.0 as usize == paper) {
            let terms = self.spool.read(at, bytes as usize)?;
            let mut rest = terms.as_slice();
            while !rest.is_empty() {
                let (term, weight) = take(&mut rest).ok_or_else(garbled)?;
                each(term, weight);
            }
        }
        Ok(())
    }
}

/// A term as it is stored: its weight, its length and its text.
fn put(out: &mut Vec<u8>, term: &str, weight: f32) {
    out.extend_from_slice(&weight.to_le_bytes());
    out.extend_from_slice(&(term.len() as u32).to_le_bytes());
    out.extend_from_slice(term.as_bytes());
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<(&'a str, f32)> {
    let (weight, after) = rest.split_first_chunk()?;
    let (length, after) = after.split_first_chunk()?;
    let length = u32::from_le_bytes(*length) as usize;
    let (term, after) = after.split_at_checked(length)?;
    *rest = after;
    Some((std::str::from_utf8(term).ok()?, f32::from_le_bytes(*weight)))
}

/// What became of an input of weights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightsReport {
    /// Its format once unpacked; [`Format::Unknown`] where it holds no JSON Lines.
    pub format: Format,
    /// Lines met, blank ones aside: `used + unknown + skipped`.
    pub rows: u64,
    /// Lines of papers of the collection.
    pub used: u64,
    /// Lines whose id no paper has.
    pub unknown: u64,
    /// The first such id, as a diagnostic quotes it.
    pub unknown_example: Option<String>,
    /// Lines that could not be read.
    pub skipped: u64,
    /// What there is to say, in the order of lines.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics beyond [`Limits::diagnostics`], counted only.
    pub diagnostics_omitted: u64,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: Value,
    #[serde(default, alias = "vector")]
    terms: Value,
}

/// Reads weights of papers, which must have been stored with their ids (see
/// [`crate::Collection::keep_ids`]); without, every id is unknown.
///
/// # Errors
/// What scratch storage says; an input that cannot be read is told in the report.
pub fn read_weights(
    name: &str,
    reader: impl Read,
    papers: &StoredPapers,
    scratch: Arc<dyn Scratch>,
    limits: &Limits,
) -> io::Result<(Weights, WeightsReport)> {
    let mut log = Log::new(name, limits.diagnostics);
    let mut weights = Weights {
        spool: Spool::new(scratch),
        given: Vec::new(),
    };
    let mut report = WeightsReport {
        format: Format::Unknown,
        rows: 0,
        used: 0,
        unknown: 0,
        unknown_example: None,
        skipped: 0,
        diagnostics: Vec::new(),
        diagnostics_omitted: 0,
    };
    match unpack(name, Box::new(reader)) {
        Unpacked::Source(Format::Jsonl, source) => {
            report.format = Format::Jsonl;
            let lines = Lines::new(BufReader::with_capacity(1 << 17, source), limits.line_bytes);
            read(lines, papers, limits, &mut weights, &mut report, &mut log)?;
        }
        Unpacked::Source(..) => log.add(0, Reason::NoWeights),
        Unpacked::Not(Reason::UnknownFormat) => log.add(0, Reason::NoWeights),
        Unpacked::Not(reason) => log.add(0, reason),
    }
    weights.given.sort_by_key(|&(paper, ..)| paper);
    report.diagnostics = log.kept;
    report.diagnostics_omitted = log.omitted;
    Ok((weights, report))
}

fn read(
    mut lines: Lines<impl io::BufRead>,
    papers: &StoredPapers,
    limits: &Limits,
    weights: &mut Weights,
    report: &mut WeightsReport,
    log: &mut Log,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        let kind = match lines.advance() {
            Ok(Some(kind)) => kind,
            Ok(None) => return Ok(()),
            Err(error) => {
                log.add(lines.number(), Reason::Unreadable(error.to_string()));
                return Ok(());
            }
        };
        if kind == LineKind::Text && lines.text().trim().is_empty() {
            continue;
        }
        report.rows += 1;
        let mut odd = None;
        let row = match kind {
            LineKind::Text => row(lines.text(), limits, &mut bytes, &mut odd),
            LineKind::Invalid => Err(Reason::InvalidUtf8),
            LineKind::TooLong => Err(Reason::LineTooLong(limits.line_bytes)),
        };
        if let Some(reason) = odd {
            log.add(lines.number(), reason);
        }
        match row {
            Err(reason) => {
                report.skipped += 1;
                log.add(lines.number(), reason);
            }
            Ok(id) => match papers.find(&id) {
                Some(paper) => {
                    report.used += 1;
                    let at = weights.spool.append(&bytes)?;
                    weights.given.push((paper, bytes.len() as u32, at));
                }
                None => {
                    report.unknown += 1;
                    report.unknown_example.get_or_insert_with(|| quote(&id));
                }
            },
        }
    }
}

/// Reads a line: gives its id, fills in its terms, and says what is odd about the first that is.
fn row(
    text: &str,
    limits: &Limits,
    bytes: &mut Vec<u8>,
    odd: &mut Option<Reason>,
) -> Result<String, Reason> {
    bytes.clear();
    // A list would do for the fields of an object otherwise.
    let row: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
        match error.classify() == serde_json::error::Category::Data {
            true => Reason::NotWeights("it is no object"),
            false => Reason::NotJson(error.to_string()),
        }
    })?;
    let row = Row::deserialize(Value::Object(row))
        .map_err(|_| Reason::NotWeights("both `terms` and `vector` are given"))?;
    let id = id(row.id, limits, &mut |_| ());
    if id.is_empty() {
        return Err(Reason::NotWeights("`id` is missing, or no id"));
    }
    let Value::Object(terms) = row.terms else {
        return Err(Reason::NotWeights("`terms` is missing, or no object"));
    };
    for (term, weight) in &terms {
        match weight.as_f64().map(|weight| weight as f32) {
            Some(value) if value.is_normal() && value > 0.0 => put(bytes, term, value),
            _ => {
                odd.get_or_insert_with(|| Reason::BadWeight {
                    term: quote(term),
                    weight: quote(&weight.to_string()),
                });
            }
        }
    }
    Ok(id)
}

#[cfg(test)]
mod tests;
