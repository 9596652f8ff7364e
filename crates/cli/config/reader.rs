//! A TOML file with the place of everything in it, so that what is wrong can be shown.

use std::ops::Range;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file, and where.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
pub struct Misread {
    message: String,
    #[help]
    help: String,
    #[source_code]
    source_code: NamedSource<String>,
    #[label]
    span: SourceSpan,
}

/// A file's name and text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// As it was given.
    pub name: &'a str,
    /// All of it.
    pub text: &'a str,
}

impl Source<'_> {
    /// An error at a place.
    pub fn misread(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Box<Misread> {
        Box::new(Misread {
            message: message.into(),
            help: help.into(),
            source_code: NamedSource::new(self.name, self.text.to_owned()).with_language("TOML"),
            span: span.into(),
        })
    }
}

type Result<T> = std::result::Result<T, Box<Misread>>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its bytes.
    pub span: Range<usize>,
}

/// A string, or a table in its place.
pub enum TextOrTable<'a> {
    /// A string.
    Text(Placed<String>),
    /// A table.
    Table(Table<'a>),
}

/// A table all of whose keys are known.
pub struct Table<'a> {
    source: Source<'a>,
    entries: Vec<(String, Spanned<DeValue<'a>>)>,
}

impl<'a> Table<'a> {
    /// Reads a file that may have these keys.
    pub fn parse(source: Source<'a>, known: &[&str]) -> Result<Self> {
        let table = DeTable::parse(source.text).map_err(|error| {
            source.misread(
                error.span().unwrap_or_default(),
                error.message(),
                "correct the line; a text stands in double quotes, a list in brackets",
            )
        })?;
        Self::new(source, table.into_inner(), known)
    }

    fn new(source: Source<'a>, table: DeTable<'a>, known: &[&str]) -> Result<Self> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let (span, key) = (key.span(), key.into_inner().into_owned());
            if !known.contains(&key.as_str()) {
                let message = format!("there is no key `{key}` here");
                return Err(source.misread(span, message, suggest(&key, known)));
            }
            entries.push((key, value));
        }
        Ok(Self { source, entries })
    }

    /// An error at a place in the file.
    pub fn misread(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Box<Misread> {
        self.source.misread(span, message, help)
    }

    fn take(&mut self, key: &str) -> Option<(Range<usize>, DeValue<'a>)> {
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        let (_, value) = self.entries.swap_remove(at);
        Some((value.span(), value.into_inner()))
    }

    fn wrong<T>(
        &self,
        key: &str,
        span: Range<usize>,
        value: &DeValue<'_>,
        wanted: &str,
    ) -> Result<T> {
        let found = match value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a truth value",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("`{key}` is {found} where {wanted} was expected");
        Err(self.misread(
            span,
            message,
            format!("give {wanted}, or leave `{key}` out"),
        ))
    }

    /// A text.
    pub fn text(&mut self, key: &str) -> Result<Option<Placed<String>>> {
        match self.take(key) {
            None => Ok(None),
            Some((span, DeValue::String(text))) => Ok(Some(Placed {
                value: text.into_owned(),
                span,
            })),
            Some((span, other)) => self.wrong(key, span, &other, "a text"),
        }
    }

    /// A text, or a number or a truth value as it would be written.
    pub fn word(&mut self, key: &str) -> Result<Option<Placed<String>>> {
        let Some((span, value)) = self.take(key) else {
            return Ok(None);
        };
        let value = match value {
            DeValue::String(text) => text.into_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Boolean(true) => "on".to_owned(),
            DeValue::Boolean(false) => "off".to_owned(),
            other => return self.wrong(key, span, &other, "a text or a number"),
        };
        Ok(Some(Placed { value, span }))
    }

    /// A truth value.
    pub fn truth(&mut self, key: &str) -> Result<Option<bool>> {
        match self.take(key) {
            None => Ok(None),
            Some((_, DeValue::Boolean(value))) => Ok(Some(value)),
            Some((span, other)) => self.wrong(key, span, &other, "true or false"),
        }
    }

    /// A whole number that is not negative.
    pub fn number(&mut self, key: &str) -> Result<Option<usize>> {
        let Some((span, value)) = self.take(key) else {
            return Ok(None);
        };
        let number = match &value {
            DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => self.wrong(key, span, &value, "a whole number from 0 on"),
        }
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(&mut self, key: &str) -> Result<Option<Vec<Placed<String>>>> {
        let (span, value) = match self.take(key) {
            None => return Ok(None),
            Some(found) => found,
        };
        let list = match value {
            DeValue::String(text) => {
                let value = text.into_owned();
                return Ok(Some(vec![Placed { value, span }]));
            }
            // `facets = false`
            DeValue::Boolean(false) => return Ok(Some(Vec::new())),
            DeValue::Array(list) => list,
            other => return self.wrong(key, span, &other, "a list of texts"),
        };
        let mut texts = Vec::new();
        for item in list {
            let span = item.span();
            match item.into_inner() {
                DeValue::String(text) => texts.push(Placed {
                    value: text.into_owned(),
                    span,
                }),
                other => return self.wrong(key, span, &other, "a list of texts"),
            }
        }
        Ok(Some(texts))
    }

    /// Names out of a list, each once.
    pub fn names(
        &mut self,
        key: &str,
        known: &[&'static str],
    ) -> Result<Option<Vec<&'static str>>> {
        let Some(texts) = self.texts(key)? else {
            return Ok(None);
        };
        let mut names = Vec::new();
        for Placed { value, span } in texts {
            let Some(name) = known.iter().find(|name| **name == value) else {
                let message = format!("`{key}` cannot hold {value:?}");
                return Err(self.misread(span, message, suggest(&value, known)));
            };
            if !names.contains(name) {
                names.push(*name);
            }
        }
        Ok(Some(names))
    }

    /// A table that may have these keys.
    pub fn table(&mut self, key: &str, known: &[&str]) -> Result<Option<Table<'a>>> {
        match self.take(key) {
            None => Ok(None),
            Some((_, DeValue::Table(table))) => Ok(Some(Self::new(self.source, table, known)?)),
            Some((span, other)) => self.wrong(key, span, &other, "a table"),
        }
    }

    /// A text, or a table that may have these keys.
    pub fn text_or_table(&mut self, key: &str, known: &[&str]) -> Result<Option<TextOrTable<'a>>> {
        match self.take(key) {
            None => Ok(None),
            Some((span, DeValue::String(text))) => Ok(Some(TextOrTable::Text(Placed {
                value: text.into_owned(),
                span,
            }))),
            Some((_, DeValue::Table(table))) => {
                let table = Self::new(self.source, table, known)?;
                Ok(Some(TextOrTable::Table(table)))
            }
            Some((span, other)) => self.wrong(key, span, &other, "a text or a table"),
        }
    }
}

/// What may have been meant, or else all there is.
pub fn suggest(word: &str, known: &[&str]) -> String {
    let folded = word.to_lowercase().replace('_', "-");
    let near = |name: &&&str| {
        let edits = strsim::damerau_levenshtein(&folded, name);
        (edits <= (name.len().max(folded.len()) / 3).max(1)).then_some(edits)
    };
    let nearest = known
        .iter()
        .filter_map(|name| Some((near(&name)?, name)))
        .min_by_key(|(edits, _)| *edits);
    match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None => format!("known are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_meant() {
        let known = ["title", "base-url", "facets", "fields"];
        assert_eq!(suggest("titel", &known), "did you mean `title`?");
        assert_eq!(suggest("baseURL", &known), "did you mean `base-url`?");
        assert_eq!(suggest("base_url", &known), "did you mean `base-url`?");
        assert_eq!(suggest("field", &known), "did you mean `fields`?");
        assert_eq!(
            suggest("zzz", &known),
            "known are title, base-url, facets, fields"
        );
    }

    #[test]
    fn places_are_those_of_the_value() {
        let text = "a = 1\nb = [\"x\", 2]\n";
        let source = Source { name: "f", text };
        let mut table = Table::parse(source, &["a", "b"]).unwrap();
        assert_eq!(table.number("a").unwrap(), Some(1));
        let error = table.texts("b").unwrap_err();
        assert_eq!(text.get(error.span.offset()..).unwrap(), "2]\n");
        assert_eq!(
            error.to_string(),
            "`b` is a number where a list of texts was expected"
        );
    }

    #[test]
    fn numbers_are_whole_and_not_negative() {
        for (text, number) in [
            ("n = 7", Some(7)),
            ("n = 0x10", Some(16)),
            ("n = 1_000", Some(1000)),
        ] {
            let source = Source { name: "f", text };
            let mut table = Table::parse(source, &["n"]).unwrap();
            assert_eq!(table.number("n").unwrap(), number, "{text}");
        }
        for text in [
            "n = -1",
            "n = 1.5",
            "n = \"7\"",
            "n = 99999999999999999999999",
        ] {
            let source = Source { name: "f", text };
            let mut table = Table::parse(source, &["n"]).unwrap();
            assert!(table.number("n").is_err(), "{text}");
        }
    }
}
