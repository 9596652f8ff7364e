//! What a reader of inputs has to say: where, how bad, why, and what to do about it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// A line of an input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The input's name as the caller gave it.
    pub file: Arc<str>,
    /// Counted from 1; 0 stands for the input as a whole.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// What a diagnostic cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A field was dropped or mended; the paper is in.
    Warning,
    /// A record was skipped, or the rest of an input could not be read.
    Error,
}

/// Why something was skipped, dropped or mended.
///
/// Values quoted from the input are escaped and cut, so that they are safe on a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// The input holds nothing.
    #[error("the input is empty")]
    Empty,
    /// None of the known formats fits.
    #[error("the format is not known")]
    UnknownFormat,
    /// The input starts with the byte order mark of UTF-16 or UTF-32.
    #[error("the text is UTF-16 or UTF-32")]
    WideEncoding,
    /// Compressed several times over.
    #[error("compressed more than {0} times over")]
    TooManyLayers(usize),
    /// Reading failed on the way: a truncated or corrupt stream.
    #[error("reading stops here: {0}")]
    Unreadable(String),
    /// A page dump with a header and no paper under it.
    #[error("a page dump without papers")]
    HeaderOnly,
    /// A dump's title with no abstract under it.
    #[error("a title without an abstract: {0}")]
    TitleWithoutAbstract(String),
    /// A dump's abstract with no title above it.
    #[error("an abstract without a title: {0}")]
    AbstractWithoutTitle(String),
    /// A line over the limit, in bytes.
    #[error("the line is longer than {0} bytes")]
    LineTooLong(usize),
    /// A line that is not UTF-8.
    #[error("the line is not valid UTF-8")]
    InvalidUtf8,
    /// A line that is not JSON.
    #[error("the line is not JSON: {0}")]
    NotJson(String),
    /// A line of JSON that holds something else than an object.
    #[error("the line is JSON but not an object")]
    NotAnObject,
    /// A list of JSON that breaks off.
    #[error("the list is not JSON from here on: {0}")]
    BrokenList(String),
    /// An entry of BibTeX without anything in it.
    #[error("the entry has no field: {0}")]
    NotAnEntry(String),
    /// An entry of BibTeX whose braces do not balance.
    #[error("a brace of the entry is not closed before the next entry begins")]
    OpenBrace,
    /// An entry of BibTeX over the limit, in bytes.
    #[error("the entry is longer than {0} bytes")]
    EntryTooLong(usize),
    /// An entry of BibTeX that lacks its last brace alone.
    #[error("the entry's last brace is missing")]
    NoEnd,
    /// Something in an entry of BibTeX that is no field.
    #[error("this is no field of the entry: {0}")]
    NotAField(String),
    /// A field of BibTeX that stands outside of any entry.
    #[error("a field stands outside of any entry: {0}")]
    OutsideEntry(String),
    /// An abbreviation of BibTeX that no `@string` gives.
    #[error("no @string gives {0}")]
    UnknownString(String),
    /// Neither title nor abstract.
    #[error("the record has neither a title nor an abstract")]
    NoTitle,
    /// The title is missing and was taken from the abstract.
    #[error("the title is missing; the start of the abstract stands in")]
    TitleFromAbstract,
    /// A field holds a type that it cannot hold.
    #[error("`{field}` is {found} where {wanted} was expected")]
    WrongType {
        /// The field.
        field: &'static str,
        /// What it may hold.
        wanted: &'static str,
        /// What it held.
        found: &'static str,
    },
    /// A field's value cannot be used.
    #[error("`{field}` cannot be {value}")]
    BadValue {
        /// The field.
        field: &'static str,
        /// What it held.
        value: String,
    },
    /// An address that is not a usable `http` or `https` link.
    #[error("`{field}` is no http or https link: {value}")]
    BadLink {
        /// The field.
        field: &'static str,
        /// What it held.
        value: String,
    },
    /// Text over the limit, in characters.
    #[error("`{field}` is longer than {limit} characters")]
    TooLong {
        /// The field.
        field: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A list over the limit.
    #[error("`{field}` has more than {limit} entries")]
    TooMany {
        /// The field.
        field: &'static str,
        /// The limit.
        limit: usize,
    },
    /// An input of term weights that holds none.
    #[error("there are no term weights in it")]
    NoWeights,
    /// A line of term weights that cannot be used.
    #[error("the line holds no term weights: {0}")]
    NotWeights(&'static str),
    /// A term whose weight cannot be used.
    #[error("the weight of {term} is no positive number: {weight}")]
    BadWeight {
        /// The term.
        term: String,
        /// What stands for its weight.
        weight: String,
    },
    /// Code said to be linked, with no link to it.
    #[error("`code` says linked, but no link leads to code")]
    NoCodeLink,
    /// Two papers with one id; merged into the first.
    #[error("the id {id} is also that of another title, at {first}")]
    SharedId {
        /// The id.
        id: String,
        /// Where it was first seen.
        first: Place,
    },
    /// One paper with two ids; merged into the first.
    #[error("the paper {id} has the title and abstract of {first_id}, at {first}")]
    SecondId {
        /// The id met now, which is given up.
        id: String,
        /// The id that stays.
        first_id: String,
        /// Where the paper was first seen.
        first: Place,
    },
}

impl Reason {
    /// Whether it costs a record or just a field.
    pub fn severity(&self) -> Severity {
        use Reason::*;
        match self {
            Empty
            | UnknownFormat
            | WideEncoding
            | TooManyLayers(_)
            | Unreadable(_)
            | HeaderOnly
            | TitleWithoutAbstract(_)
            | AbstractWithoutTitle(_)
            | LineTooLong(_)
            | InvalidUtf8
            | NotJson(_)
            | NotAnObject
            | BrokenList(_)
            | NotAnEntry(_)
            | OpenBrace
            | EntryTooLong(_)
            | NoTitle
            | NoWeights
            | NotWeights(_)
            | WrongType { field: "title", .. } => Severity::Error,
            TitleFromAbstract
            | NoEnd
            | NotAField(_)
            | OutsideEntry(_)
            | UnknownString(_)
            | WrongType { .. }
            | BadValue { .. }
            | BadLink { .. }
            | TooLong { .. }
            | TooMany { .. }
            | NoCodeLink
            | BadWeight { .. }
            | SharedId { .. }
            | SecondId { .. } => Severity::Warning,
        }
    }

    /// What was done about it, or what can be.
    pub fn advice(&self) -> Cow<'static, str> {
        use Reason::*;
        Cow::Borrowed(match self {
            Empty => "check that the file was written to its end",
            UnknownFormat => {
                "known are JSON Lines (one object a line), lists of JSON, BibTeX and Daily Papers page \
                 dumps (text), plain, gzip or zstd"
            }
            WideEncoding => "convert it to UTF-8, for example with `iconv -t UTF-8`",
            TooManyLayers(_) => "unpack it first",
            Unreadable(_) => "what was read until here is kept; fetch or pack the file again",
            HeaderOnly => "save the page again once its papers have loaded",
            TitleWithoutAbstract(_) | AbstractWithoutTitle(_) => {
                "skipped; a title's line is followed by its abstract's"
            }
            LineTooLong(_) => "skipped; write one record a line",
            InvalidUtf8 => "skipped; convert the file to UTF-8",
            NotJson(_) => "skipped; every line must be one whole JSON object",
            NotAnObject => "skipped; write one object a line, such as {\"title\": \"…\"}",
            BrokenList(_) => "what was read until here is kept; correct the file",
            NotAnEntry(_) => "skipped; write @article{key, title = {…}, author = {…}}",
            OpenBrace => "skipped; close every brace that the entry opens",
            EntryTooLong(_) => "skipped; look for a brace that is not closed",
            NoEnd => "read as if it stood there; end the entry with }",
            NotAField(_) => "passed over; write name = {value}, with commas between",
            OutsideEntry(_) => {
                "passed over; the entry above has a brace too many, or ends too early"
            }
            UnknownString(_) => "taken as it stands; put text in braces or quotes",
            NoTitle => "skipped; give it a `title`",
            NoWeights => {
                "give JSON Lines, plain, gzip or zstd, such as \
                 {\"id\": \"…\", \"terms\": {\"word\": 1.5}}"
            }
            NotWeights(_) => {
                "skipped; write one object a line, such as \
                 {\"id\": \"…\", \"terms\": {\"word\": 1.5}}"
            }
            BadWeight { .. } => {
                "dropped; give each term of the line a weight above 0, or leave it out"
            }
            TitleFromAbstract => "give it a `title`",
            WrongType { field: "title", .. } => "skipped; a title must be a string",
            WrongType { .. } | BadValue { .. } => "dropped; correct the field or leave it out",
            BadLink { .. } => "dropped; links start with http:// or https://",
            TooLong { field: "id", .. } => "dropped, and an id made from the title; shorten it",
            TooLong { .. } => "cut there; shorten it",
            TooMany { .. } => "the rest is dropped; shorten the list",
            NoCodeLink => "taken as stated; give the link in `code` or in `links`",
            SharedId { .. } => "merged into the first; give each paper its own id",
            SecondId { .. } => "merged into the first; keep one of the two ids",
        })
    }
}

/// One thing to say about an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The input's name as the caller gave it.
    pub file: Arc<str>,
    /// Counted from 1; 0 stands for the input as a whole.
    pub line: u64,
    /// What it cost.
    pub severity: Severity,
    /// Why.
    pub reason: Reason,
}

impl Diagnostic {
    /// What was done about it, or what can be.
    pub fn advice(&self) -> Cow<'static, str> {
        self.reason.advice()
    }
}

/// `file:line: reason; advice`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place {
            file: Arc::clone(&self.file),
            line: self.line,
        };
        write!(f, "{place}: {}; {}", self.reason, self.advice())
    }
}

/// Collects an input's diagnostics up to a bound.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) file: Arc<str>,
    pub(crate) kept: Vec<Diagnostic>,
    pub(crate) omitted: u64,
    limit: usize,
}

impl Log {
    pub(crate) fn new(file: &str, limit: usize) -> Self {
        Log {
            file: Arc::from(file),
            kept: Vec::new(),
            omitted: 0,
            limit,
        }
    }

    pub(crate) fn add(&mut self, line: u64, reason: Reason) {
        if self.kept.len() < self.limit {
            let severity = reason.severity();
            self.kept.push(Diagnostic {
                file: Arc::clone(&self.file),
                line,
                severity,
                reason,
            });
        } else {
            self.omitted += 1;
        }
    }
}

/// A value as a diagnostic quotes it: escaped and cut to 60 characters.
pub(crate) fn quote(value: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = value.chars();
    for c in chars.by_ref().take(60) {
        // Accents and other scripts stay readable; anything a terminal could act on does not.
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            _ if crate::clean::is_invisible(c) || c.is_control() => out.extend(c.escape_unicode()),
            _ => out.push(c),
        }
    }
    out.push_str(if chars.next().is_some() {
        "…\""
    } else {
        "\""
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_place_reason_advice() {
        let mut log = Log::new("list.jsonl", 1);
        log.add(7, Reason::InvalidUtf8);
        log.add(8, Reason::NoTitle);
        let shown: Vec<String> = log.kept.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["list.jsonl:7: the line is not valid UTF-8; skipped; convert the file to UTF-8"]
        );
        assert_eq!(log.omitted, 1);
    }

    #[test]
    fn quoted_values_are_escaped_and_cut() {
        assert_eq!(
            quote("é\u{1b}[2J\u{202e}\""),
            "\"é\\u{1b}[2J\\u{202e}\\\"\""
        );
        assert_eq!(quote(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }
}
