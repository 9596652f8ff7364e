//! Facets: how many of the papers with all words have which value.

use offprint_format::{Column, OTHER};
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, sorted};
use crate::error::Error;
use crate::filter::{self, Passing};

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
            _ => return None,
        })
    }

    /// Where its values stand, and the bit of its own filter.
    pub(crate) fn place(self) -> (Column, u8) {
        match self {
            Field::Year => (Column::Year, filter::DATE),
            Field::Category => (Column::Primary, filter::CATEGORY),
            Field::Primary => (Column::Primary, filter::PRIMARY),
            Field::Venue => (Column::Venue, filter::VENUE),
            Field::Code => (Column::Code, filter::CODE),
        }
    }
}

/// The values of a field among the papers with all words that pass every filter but its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Facet {
    /// The field.
    pub field: Field,
    /// Values that a paper has: years from the latest, others by count and then by name.
    pub values: Vec<FacetValue>,
    /// Papers with a value that is too rare in the collection to be counted alone.
    pub other: u32,
    /// Papers that were counted, those without any value too.
    pub total: u32,
    /// Whether the counts are exact: they are if those of the answer are.
    pub exact: bool,
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

/// Counts a field. All blocks are at hand.
pub(crate) fn count(
    engine: &mut Engine,
    field: Field,
    passing: &Passing,
    exact: bool,
) -> Result<Facet, Error> {
    let (column, bit) = field.place();
    let kept = engine.column(column)?;
    let names = &kept.values.names;
    let mut counts = vec![0u32; names.len() + 2];
    let mut total = 0;
    for (counted, &code) in passing.but(bit).zip(&kept.values.codes) {
        if counted && let Some(count) = counts.get_mut(usize::from(code)) {
            *count += 1;
            total += 1;
        }
    }
    if field == Field::Category {
        for (code, count) in (0..).zip(&mut counts).skip(usize::from(OTHER)) {
            let further = engine.further(&kept, code)?;
            let counted = further.iter().filter(|&&doc| passing.has_but(doc, bit));
            *count += counted.count() as u32;
        }
    }
    let key = |(code, &count): (u32, &u32)| match field {
        Field::Year => u64::from(u32::MAX - code),
        _ => u64::from(u32::MAX - count) << 32 | u64::from(code),
    };
    let named = (0..).zip(&counts).skip(usize::from(OTHER) + 1);
    let keys = sorted(named.filter(|(_, count)| **count > 0).map(key));
    let value = |key: u64| {
        let code = match field {
            Field::Year => u32::MAX - key as u32,
            _ => key as u32,
        } as usize;
        let value = names.get(code - usize::from(OTHER) - 1)?.clone();
        let count = counts.get(code).copied()?;
        Some(FacetValue { value, count })
    };
    Ok(Facet {
        field,
        values: keys.into_iter().filter_map(value).collect(),
        other: counts.get(usize::from(OTHER)).copied().unwrap_or(0),
        total,
        exact,
    })
}
