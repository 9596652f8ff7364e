//! One entry: its kind, its key and its fields.

use std::collections::HashMap;

use crate::diagnostic::{Reason, quote};

/// Abbreviations that `@string` gives.
#[derive(Default)]
pub(super) struct Strings {
    /// By their names in lower case.
    known: HashMap<String, String>,
    bytes: usize,
}

/// Abbreviations that every style knows.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
/// Bytes that abbreviations may add to an entry, and bytes of abbreviations that are kept: one that
/// repeats another time and again ends here.
const LONGEST: usize = 1 << 20;
/// Fields of an entry.
const FIELDS: usize = 1_000;

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// In lower case.
    pub(super) kind: String,
    /// What it is cited by; may be empty.
    pub(super) key: String,
    /// Names in lower case, values without their outer braces. The first of a name counts.
    fields: Vec<(String, String)>,
}

impl Entry {
    /// A field that is not blank.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What it takes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let fields = self.fields.iter();
        let texts: usize = fields
            .map(|(name, value)| name.len() + value.len() + 48)
            .sum();
        texts + self.key.len() + 96
    }

    /// Whether another entry may inherit from it.
    pub(super) fn may_lend(&self) -> bool {
        let kinds = [
            "proceedings",
            "book",
            "collection",
            "mvproceedings",
            "mvbook",
        ];
        !self.key.is_empty() && kinds.contains(&self.kind.as_str())
    }
}

/// Whether a line begins an entry: `@`, a kind, and a brace. Of what stands before it only blanks.
pub(crate) fn begins_entry(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix('@') else {
        return false;
    };
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let after = rest.get(end..).unwrap_or_default().trim_start();
    (2..=30).contains(&end) && after.starts_with(['{', '('])
}

/// The kind of an entry, and what stands behind its first brace.
fn head(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start().strip_prefix('@')?.trim_start();
    let (kind, body) = rest.split_once(['{', '('])?;
    Some((kind.trim().to_ascii_lowercase(), body))
}

/// Whether an entry is none, but something said to people or to TeX.
pub(super) fn is_remark(text: &str) -> bool {
    head(text).is_some_and(|(kind, _)| matches!(kind.as_str(), "comment" | "preamble"))
}

/// Reads an entry without its last brace. `None` where it is an abbreviation, which goes to
/// `strings`. `warn` is told at which byte something is wrong.
pub(super) fn parse(
    text: &str,
    strings: &mut Strings,
    warn: &mut dyn FnMut(usize, Reason),
) -> Result<Option<Entry>, Reason> {
    let (kind, body) = head(text).ok_or_else(|| Reason::NotAnEntry(quote(text.trim())))?;
    let mut scan = Scan {
        text,
        at: text.len() - body.len(),
        left: LONGEST,
    };
    if kind == "string" {
        for (name, value) in scan.fields(strings, warn) {
            let bytes = strings.bytes + name.len() + value.len() + 48;
            if bytes < LONGEST {
                strings.bytes = bytes;
                strings.known.insert(name, value);
            }
        }
        return Ok(None);
    }
    // A key ends at a comma; where a field stands first there is none.
    let end = body.find([',', '=', '\n']).unwrap_or(body.len());
    let found = body.get(..end).unwrap_or_default();
    let mut key = found.trim().to_owned();
    if body.get(end..).is_some_and(|rest| rest.starts_with('=')) {
        key.clear();
    } else {
        scan.at += end;
    }
    let fields = scan.fields(strings, warn);
    if fields.is_empty() {
        return Err(Reason::NotAnEntry(quote(text.trim())));
    }
    Ok(Some(Entry { kind, key, fields }))
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Bytes that abbreviations may still add.
    left: usize,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, among: impl Fn(char) -> bool) {
        self.at += self.rest().len() - self.rest().trim_start_matches(among).len();
    }

    /// Blanks, commas, and remarks to the end of a line.
    fn skip_between(&mut self) {
        loop {
            self.skip(|c| c.is_whitespace() || c == ',');
            if !self.rest().starts_with('%') {
                return;
            }
            self.skip(|c| c != '\n');
        }
    }

    fn fields(
        &mut self,
        strings: &Strings,
        warn: &mut dyn FnMut(usize, Reason),
    ) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> = Vec::new();
        loop {
            self.skip_between();
            if self.rest().is_empty() || fields.len() == FIELDS {
                return fields;
            }
            let start = self.at;
            let name = self.word();
            self.skip(char::is_whitespace);
            if name.is_empty() || !self.rest().starts_with('=') {
                warn(start, Reason::NotAField(quote(line_at(self.text, start))));
                // The next comma or line may begin a field again.
                self.at = self.at.max(start + 1);
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
                self.skip(|c| !matches!(c, ',' | '\n'));
                continue;
            }
            self.at += 1;
            let value = self.value(strings, warn);
            let name = name.to_ascii_lowercase();
            // A comma that is missing is no loss. As in BibTeX, the first of a name counts.
            if !fields.iter().any(|(known, _)| *known == name) {
                fields.push((name, value));
            }
        }
    }

    fn word(&mut self) -> &'t str {
        let start = self.at;
        self.skip(|c| !c.is_whitespace() && !"=,#{}\"()%".contains(c));
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Pieces with `#` between them.
    fn value(&mut self, strings: &Strings, warn: &mut dyn FnMut(usize, Reason)) -> String {
        let mut value = String::new();
        loop {
            self.skip(char::is_whitespace);
            let start = self.at;
            let piece = match self.rest().chars().next() {
                Some('{') => self.closed('}'),
                Some('"') => self.closed('"'),
                _ => {
                    let word = self.word();
                    let name = word.to_ascii_lowercase();
                    match strings.known.get(&name) {
                        Some(known) if known.len() <= self.left => {
                            self.left -= known.len();
                            known
                        }
                        Some(_) => word,
                        None => {
                            let plain = word.bytes().all(|b| b.is_ascii_digit())
                                || MONTHS.iter().any(|month| name.starts_with(month));
                            if !plain {
                                warn(start, Reason::UnknownString(quote(word)));
                            }
                            word
                        }
                    }
                }
            };
            value.push_str(piece);
            self.skip(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return value;
            }
            self.at += 1;
        }
    }

    /// What stands in braces or quotes; braces in it are balanced. To the end where none closes it.
    fn closed(&mut self, close: char) -> &'t str {
        let start = self.at + 1;
        let mut depth = 0_u32;
        for (at, c) in self.text.get(start..).unwrap_or_default().char_indices() {
            match c {
                _ if c == close && depth == 0 => {
                    self.at = start + at + 1;
                    return self.text.get(start..start + at).unwrap_or_default();
                }
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        self.at = self.text.len();
        self.text.get(start..).unwrap_or_default()
    }
}

fn line_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    rest.lines().next().unwrap_or_default().trim_end()
}
