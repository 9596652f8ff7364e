//! Facets: how many of the papers with all words have which value.

use offprint_format::{Column, OTHER};
use serde::{Deserialize, Serialize};

use crate::authors;
use crate::engine::{Engine, sorted};
use crate::error::Failed;
use crate::filter;
use crate::passing::Passing;

/// A field whose values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Field {
    /// Year of publication.
    Year,
    /// Categories, all of each paper.
    Category,
    /// Primary category: of a large collection far fewer bytes than all.
    Primary,
    /// Venue.
    Venue,
    /// What papers say of their code.
    Code,
    /// Topic.
    Topic,
    /// Author, all of each paper: of up to 2000 papers those with most, at most 20; of more, and of
    /// small collections, the authors who have most papers in all. Others are found by name.
    Author,
}

impl Field {
    /// The field of a name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Field> {
        Some(match name {
            "year" => Field::Year,
            "category" => Field::Category,
            "primary" => Field::Primary,
            "venue" => Field::Venue,
            "code" => Field::Code,
            "topic" => Field::Topic,
            "author" => Field::Author,
            _ => return None,
        })
    }

    /// The bits of its own filters: those by category and by primary category are one field's.
    pub(crate) fn bit(self) -> u8 {
        match self {
            Field::Year => filter::DATE,
            Field::Category | Field::Primary => filter::CATEGORY | filter::PRIMARY,
            Field::Venue => filter::VENUE,
            Field::Code => filter::CODE,
            Field::Topic => filter::TOPIC,
            Field::Author => filter::AUTHOR,
        }
    }

    /// The lists of the papers that have a further value.
    pub(crate) fn lists(self) -> Option<Column> {
        match self {
            Field::Category => Some(Column::Further),
            Field::Author => Some(Column::Authors),
            _ => None,
        }
    }
}

/// The values of a field among the papers with all words that pass every filter but its own; those
/// by category and by primary category are one field's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Facet {
    /// The field.
    pub field: Field,
    /// Values that a paper has: years from the latest, others by count and then by name.
    pub values: Vec<FacetValue>,
    /// Papers with a value that is too rare in the collection to be counted alone; of authors, papers
    /// none of whose authors is, and 0 where up to 2000 papers were counted one by one.
    pub other: u32,
    /// Papers that were counted, those without any value too.
    pub total: u32,
    /// Whether the counts are exact: they are if those of the answer are.
    pub exact: bool,
    /// Whether the most frequent values are among them. Not of authors where more than 2000 papers
    /// were counted, or counts are not exact yet, and only the authors with most papers in the
    /// collection were.
    pub complete: bool,
}

/// A value and its count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Papers that have it.
    pub count: u32,
}

/// Counts a field. All blocks are at hand. Where authors are to be counted paper by paper, adds the
/// papers.
pub(crate) fn count(
    engine: &mut Engine,
    field: Field,
    passing: &Passing,
    exact: bool,
    docs: &mut Vec<u32>,
) -> Result<Facet, Failed> {
    let bit = field.bit();
    let kept = engine.column(filter::column_of(bit))?;
    let names = &kept.values.names;
    let mut counts = vec![0u32; names.len() + usize::from(OTHER) + 1];
    let mut total = 0usize;
    let each = field == Field::Author && engine.blocks_in(Column::Bylines) > 0;
    for (doc, &code) in (0..).zip(&kept.values.codes) {
        if passing.has_but(doc, bit) {
            total += 1;
            add(&mut counts, code);
            if each && exact && docs.len() <= authors::MOST {
                docs.push(doc);
            }
        }
    }
    if let Some(lists) = field.lists() {
        for code in OTHER..counts.len() as u16 {
            for &doc in engine.further(&kept, lists, code)?.iter() {
                if passing.has_but(doc, bit) {
                    add(&mut counts, code);
                }
            }
        }
    }
    // Codes are in the order of names.
    let mut keys = Vec::new();
    for (code, &count) in (0u32..).zip(&counts).skip(usize::from(OTHER) + 1) {
        if count > 0 {
            let first = match field {
                Field::Year => code,
                _ => count,
            };
            keys.push(u64::from(u32::MAX - first) << 32 | u64::from(code));
        }
    }
    let mut values = Vec::with_capacity(keys.len());
    for key in sorted(keys) {
        let code = key as u32 as usize;
        if let (Some(value), Some(&count)) =
            (names.get(code - usize::from(OTHER) - 1), counts.get(code))
        {
            let value = value.clone();
            values.push(FacetValue { value, count });
        }
    }
    Ok(Facet {
        field,
        values,
        other: counts.get(usize::from(OTHER)).copied().unwrap_or(0),
        total: total as u32,
        exact,
        complete: !each || exact && total <= authors::MOST,
    })
}

fn add(counts: &mut [u32], code: u16) {
    if let Some(count) = counts.get_mut(usize::from(code)) {
        *count += 1;
    }
}
