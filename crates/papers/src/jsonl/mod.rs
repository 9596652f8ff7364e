//! Native JSON Lines: one object a line.
//!
//! Fields: `id`, `title`, `abstract`, `authors`, `date`, `year`, `venue`, `categories`,
//! `keywords`, `url`, `pdf`, `doi`, `code`, `links`, `listings`. All but a title (or an abstract
//! to take one from) may be absent or null; others are ignored. Where a key stands twice, the
//! last value that is not null counts.

mod fields;

use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

pub(crate) use fields::cut;

use crate::diagnostic::Reason;
use crate::input::Out;
use crate::lines::{LineKind, Lines};

pub(crate) fn read(reader: impl BufRead, out: &mut Out<'_>) {
    let mut lines = Lines::new(reader, out.limits.line_bytes);
    loop {
        let kind = match lines.advance() {
            Ok(Some(kind)) => kind,
            Ok(None) => break,
            Err(error) => {
                out.broken(lines.number(), &error);
                break;
            }
        };
        let line = lines.number();
        match kind {
            LineKind::Invalid => out.skip(line, Reason::InvalidUtf8),
            LineKind::TooLong => out.skip(line, Reason::LineTooLong(out.limits.line_bytes)),
            LineKind::Text if lines.text().trim().is_empty() => {}
            LineKind::Text => match object(lines.text()) {
                Err(reason) => out.skip(line, reason),
                Ok(fields) => {
                    let limits = out.limits;
                    let read = fields::paper(fields, limits, &mut |why| out.log.add(line, why));
                    match read {
                        Ok(paper) => out.record(line, paper),
                        Err(reason) => out.skip(line, reason),
                    }
                }
            },
        }
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
    id: Value,
    title: Value,
    abstract_: Value,
    authors: Value,
    date: Value,
    year: Value,
    venue: Value,
    categories: Value,
    keywords: Value,
    url: Value,
    pdf: Value,
    doi: Value,
    code: Value,
    links: Value,
    listings: Value,
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
