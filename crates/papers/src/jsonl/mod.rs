//! Native JSON Lines: one object a line.
//!
//! Fields: `id`, `title`, `abstract`, `authors`, `date`, `year`, `venue`, `categories`,
//! `keywords`, `url`, `pdf`, `doi`, `code`, `links`, `listings`. All but a title (or an abstract
//! to take one from) may be absent or null; others are ignored. Where a key stands twice, the
//! last value that is not null counts.

mod fields;

use std::fmt;
use std::io::BufRead;

use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

pub(crate) use fields::{cut, id, paper as paper_of};

use crate::diagnostic::Reason;
use crate::input::Out;
use crate::limits::Limits;
use crate::lines::{LineKind, Lines};
use crate::paper::Paper;

pub(crate) fn read<T: Send>(reader: impl BufRead, out: &mut Out<'_, T>) {
    let mut lines = Lines::new(reader, out.limits.line_bytes);
    let mut batch = Batch::read(&mut lines);
    let mut parsed = Vec::new();
    loop {
        let (limits, prepare) = (out.limits, out.prepare);
        let mut rows = Vec::new();
        // Reading and what has an order stay on this thread; parsing goes on meanwhile.
        let next = rayon::in_place_scope(|scope| {
            let (batch, rows) = (&batch, &mut rows);
            scope.spawn(move |_| *rows = batch.parse(limits, prepare));
            parsed.drain(..).for_each(|row| put(row, out));
            match batch.ended {
                true => None,
                false => Some(Batch::read(&mut lines)),
            }
        });
        parsed = rows;
        if out.stopped {
            return;
        }
        match next {
            Some(next) => batch = next,
            None => break,
        }
    }
    parsed.into_iter().for_each(|row| put(row, out));
    if let Some(error) = batch.error {
        out.broken(lines.number(), &error);
    }
}

/// A line and what became of it: a paper or why not, and what is odd about it.
struct Parsed<T> {
    line: u64,
    result: Result<T, Reason>,
    warnings: Vec<Reason>,
}

fn put<T>(row: Parsed<T>, out: &mut Out<'_, T>) {
    if out.stopped {
        return;
    }
    for warning in row.warnings {
        out.log.add(row.line, warning);
    }
    match row.result {
        Ok(paper) => out.prepared(row.line, paper),
        Err(reason) => out.skip(row.line, reason),
    }
}

/// Lines that are parsed together.
#[derive(Default)]
struct Batch {
    text: String,
    /// Number of each line, what it is, and where its text ends. Blank ones are left out.
    lines: Vec<(u64, LineKind, usize)>,
    /// Whether these are the last, and why, if not because the input has ended.
    ended: bool,
    error: Option<std::io::Error>,
}

/// A batch is closed at so many bytes.
const BATCH_BYTES: usize = 1 << 21;
/// A batch is closed at so many lines: most are short in an input that is no list of papers.
const BATCH_LINES: usize = 1 << 14;
/// Lines that a thread takes at a time.
const SHARE: usize = 16;

impl Batch {
    fn read(lines: &mut Lines<impl BufRead>) -> Batch {
        let mut batch = Batch::default();
        while batch.text.len() < BATCH_BYTES && batch.lines.len() < BATCH_LINES {
            match lines.advance() {
                Ok(Some(LineKind::Text)) if lines.text().trim().is_empty() => continue,
                Ok(Some(kind)) => {
                    batch.text.push_str(lines.text());
                    let end = batch.text.len();
                    batch.lines.push((lines.number(), kind, end));
                }
                result => {
                    batch.ended = true;
                    batch.error = result.err();
                    break;
                }
            }
        }
        batch
    }

    fn parse<T: Send>(
        &self,
        limits: &Limits,
        prepare: &(dyn Fn(Paper) -> T + Sync),
    ) -> Vec<Parsed<T>> {
        let parse = |at: usize| -> Option<Parsed<T>> {
            let &(line, kind, end) = self.lines.get(at)?;
            let start = match at.checked_sub(1) {
                Some(before) => self.lines.get(before)?.2,
                None => 0,
            };
            let mut warnings = Vec::new();
            let result = match kind {
                LineKind::Invalid => Err(Reason::InvalidUtf8),
                LineKind::TooLong => Err(Reason::LineTooLong(limits.line_bytes)),
                LineKind::Text => object(self.text.get(start..end)?)
                    .and_then(|fields| fields::paper(fields, limits, &mut |why| warnings.push(why)))
                    .map(prepare),
            };
            Some(Parsed {
                line,
                result,
                warnings,
            })
        };
        let all = (0..self.lines.len()).into_par_iter().with_min_len(SHARE);
        let rows: Vec<Option<Parsed<T>>> = all.map(parse).collect();
        rows.into_iter().flatten().collect()
    }
}

fn object(text: &str) -> Result<Fields, Reason> {
    serde_json::from_str(text).map_err(|error| match error.classify() {
        // The only thing that is asked of the data is to be an object.
        Category::Data => Reason::NotAnObject,
        _ => Reason::NotJson(error.to_string()),
    })
}

/// The fields of a record as they stand; `Null` where absent.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub(crate) id: Value,
    pub(crate) title: Value,
    pub(crate) abstract_: Value,
    pub(crate) authors: Value,
    pub(crate) date: Value,
    pub(crate) year: Value,
    pub(crate) venue: Value,
    pub(crate) categories: Value,
    pub(crate) keywords: Value,
    pub(crate) url: Value,
    pub(crate) pdf: Value,
    pub(crate) doi: Value,
    pub(crate) code: Value,
    pub(crate) links: Value,
    pub(crate) listings: Value,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Id,
    Title,
    Abstract,
    Authors,
    Date,
    Year,
    Venue,
    Categories,
    Keywords,
    Url,
    Pdf,
    Doi,
    Code,
    Links,
    Listings,
    #[serde(other)]
    Unknown,
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key()? {
            let slot = match key {
                Key::Id => &mut fields.id,
                Key::Title => &mut fields.title,
                Key::Abstract => &mut fields.abstract_,
                Key::Authors => &mut fields.authors,
                Key::Date => &mut fields.date,
                Key::Year => &mut fields.year,
                Key::Venue => &mut fields.venue,
                Key::Categories => &mut fields.categories,
                Key::Keywords => &mut fields.keywords,
                Key::Url => &mut fields.url,
                Key::Pdf => &mut fields.pdf,
                Key::Doi => &mut fields.doi,
                Key::Code => &mut fields.code,
                Key::Links => &mut fields.links,
                Key::Listings => &mut fields.listings,
                Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            match map.next_value()? {
                Value::Null => {}
                value => *slot = value,
            }
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests;
