//! What a query may say before a word: names of fields and filters, and quotes.

use super::Field;
use crate::filter::{CATEGORY, CODE, DATE, TOPIC, VENUE};

/// The names of fields and filters before a colon.
const FIELDS: [(&str, Field, u8); 13] = [
    ("title", Field::Title, 0),
    ("ti", Field::Title, 0),
    ("author", Field::Author, 0),
    ("au", Field::Author, 0),
    ("abstract", Field::Abstract, 0),
    ("abs", Field::Abstract, 0),
    ("year", Field::Any, DATE),
    ("date", Field::Any, DATE),
    ("category", Field::Any, CATEGORY),
    ("cat", Field::Any, CATEGORY),
    ("venue", Field::Any, VENUE),
    ("topic", Field::Any, TOPIC),
    ("has", Field::Any, CODE),
];

/// The field or filter that a name stands for.
pub(super) fn field(name: &str) -> Option<(Field, u8)> {
    for (known, field, filter) in FIELDS {
        if name.eq_ignore_ascii_case(known) {
            return Some((field, filter));
        }
    }
    None
}

/// Whether what stands in parentheses is more than words: it holds an `OR`, or begins with quotes or a field.
pub(super) fn tells(inside: &str) -> bool {
    // The standard library's search for strings weighs more than all the rest here.
    let bytes = inside.as_bytes();
    let bar = bytes.len() > 3 && bytes.contains(&b'|');
    let colon = bytes.iter().position(|byte| matches!(byte, b':' | b' '));
    let named = colon.and_then(|colon| field(inside.get(..colon)?));
    bar || named.is_some()
        || inside.starts_with(is_quote)
        || bytes.windows(4).any(|part| part == b" OR ")
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}
