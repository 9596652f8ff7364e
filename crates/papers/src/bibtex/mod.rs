//! BibTeX, as it comes: entries one after the other, text between them ignored.
//!
//! An entry that cannot be read costs no other one. A line that begins an entry begins one even
//! where the entry above has not ended, so a lost brace is found again at the next entry. An entry
//! is held until its end, and one that names another with `crossref` until the end of the input,
//! since what it inherits comes after it.

mod entry;
mod names;
mod record;

use std::collections::HashMap;
use std::io::BufRead;

pub(crate) use entry::begins_entry;
use entry::{Entry, Strings};
use record::Seen;

use crate::diagnostic::{Reason, quote};
use crate::input::Out;
use crate::lines::{LineKind, Lines};

/// Bytes of entries that wait for what they inherit from, and of those that others may inherit
/// from. What goes beyond goes without.
const WAITING: usize = 16 << 20;
/// Warnings of an entry. One that is not BibTeX at all is wrong in every line.
const WARNINGS: usize = 20;

pub(crate) fn read<T>(reader: impl BufRead, out: &mut Out<'_, T>) {
    let mut lines = Lines::new(reader, out.limits.line_bytes);
    let mut input = Input::default();
    while !out.stopped {
        let kind = match lines.advance() {
            Ok(Some(kind)) => kind,
            Ok(None) => {
                input.end(out);
                return;
            }
            Err(error) => {
                input.end(out);
                out.broken(lines.number(), &error);
                return;
            }
        };
        match kind {
            LineKind::Text => input.line(lines.number(), lines.text(), out),
            // Whatever stood there, the entry is not whole.
            LineKind::Invalid => input.spoil(lines.number(), Reason::InvalidUtf8, out),
            LineKind::TooLong => {
                let reason = Reason::LineTooLong(out.limits.line_bytes);
                input.spoil(lines.number(), reason, out);
            }
        }
    }
}

/// An entry that has begun.
struct Open {
    line: u64,
    text: String,
    /// Braces that are open. Zero before the first.
    depth: u32,
    /// Whether it stands in parentheses.
    round: bool,
    /// Why it cannot be read, where that is known already.
    spoilt: Option<(u64, Reason)>,
}

#[derive(Default)]
struct Input {
    open: Option<Open>,
    strings: Strings,
    /// Whether the entry above has just ended: fields that follow it were meant for it.
    ended: bool,
    waiting: Vec<(u64, Entry)>,
    waiting_bytes: usize,
    parents: HashMap<String, Entry>,
    parents_bytes: usize,
    seen: Seen,
}

impl Input {
    fn line<T>(&mut self, number: u64, line: &str, out: &mut Out<'_, T>) {
        let mut left = Some(line);
        // Several entries may stand on one line.
        while let Some(line) = left.filter(|_| !out.stopped) {
            left = self.part(number, line, out);
        }
    }

    /// Takes in a line, or what an entry has left of it. Gives what is left again.
    fn part<'l, T>(&mut self, number: u64, line: &'l str, out: &mut Out<'_, T>) -> Option<&'l str> {
        let begins = begins_entry(line);
        if begins && let Some(open) = self.open.take() {
            self.cut(open, out);
        }
        if self.open.is_none() {
            let trimmed = line.trim_start();
            if self.ended && !trimmed.is_empty() {
                self.ended = false;
                if looks_like_field(trimmed) {
                    out.log.add(number, Reason::OutsideEntry(quote(trimmed)));
                }
            }
            if !begins {
                return None;
            }
            self.open = Some(Open {
                line: number,
                text: String::new(),
                depth: 0,
                round: false,
                spoilt: None,
            });
        }
        let open = self.open.as_mut()?;
        if open.text.len() + line.len() > out.limits.line_bytes {
            open.spoilt = Some((open.line, Reason::EntryTooLong(out.limits.line_bytes)));
            open.text.clear();
        }
        let rest = open.take(line)?;
        let whole = self.open.take()?;
        self.close(whole, out);
        self.ended = true;
        let rest = rest.get(rest.find('@')?..)?;
        begins_entry(rest).then_some(rest)
    }

    fn spoil<T>(&mut self, number: u64, reason: Reason, out: &mut Out<'_, T>) {
        match &mut self.open {
            Some(open) => {
                open.spoilt.get_or_insert((number, reason));
            }
            // An entry may have begun there.
            None => out.skip(number, reason),
        }
    }

    /// The next entry begins before this one has ended.
    fn cut<T>(&mut self, mut open: Open, out: &mut Out<'_, T>) {
        if open.depth > 1 && open.spoilt.is_none() {
            open.spoilt = Some((open.line, Reason::OpenBrace));
        }
        let line = open.line;
        let ignored = entry::is_remark(&open.text);
        // Only its own end is missing: all fields are whole.
        let mended = open.spoilt.is_none() && !ignored;
        self.close(open, out);
        if mended {
            out.log.add(line, Reason::NoEnd);
        }
    }

    fn close<T>(&mut self, open: Open, out: &mut Out<'_, T>) {
        if entry::is_remark(&open.text) {
            return;
        }
        if let Some((line, reason)) = open.spoilt {
            out.skip(line, reason);
            return;
        }
        let mut warnings = 0;
        let mut warn = |at: usize, reason| {
            warnings += 1;
            if warnings <= WARNINGS {
                let before = open.text.get(..at).unwrap_or(&open.text);
                let line = open.line + before.matches('\n').count() as u64;
                out.log.add(line, reason);
            }
        };
        let entry = match entry::parse(&open.text, &mut self.strings, &mut warn) {
            Ok(Some(entry)) => entry,
            Ok(None) => return,
            Err(reason) => {
                out.skip(open.line, reason);
                return;
            }
        };
        if entry.may_lend() && self.parents_bytes < WAITING {
            self.parents_bytes += entry.bytes();
            self.parents.insert(entry.key.to_lowercase(), entry.clone());
        }
        // A volume is no paper.
        if entry.kind == "proceedings" {
            return;
        }
        if entry.field("crossref").is_some() && self.waiting_bytes < WAITING {
            self.waiting_bytes += entry.bytes();
            self.waiting.push((open.line, entry));
            return;
        }
        self.record(open.line, &entry, out);
    }

    fn record<T>(&mut self, line: u64, entry: &Entry, out: &mut Out<'_, T>) {
        let parent = entry
            .field("crossref")
            .and_then(|key| self.parents.get(&key.trim().to_lowercase()));
        let mut warn = |reason| out.log.add(line, reason);
        match record::paper(entry, parent, &mut self.seen, out.limits, &mut warn) {
            Ok(paper) => out.record(line, paper),
            Err(reason) => out.skip(line, reason),
        }
    }

    fn end<T>(&mut self, out: &mut Out<'_, T>) {
        if let Some(open) = self.open.take() {
            self.cut(open, out);
        }
        for (line, entry) in std::mem::take(&mut self.waiting) {
            if out.stopped {
                return;
            }
            self.record(line, &entry, out);
        }
    }
}

impl Open {
    /// Takes a line in. Gives what is left of it where the entry ends on it.
    fn take<'l>(&mut self, line: &'l str) -> Option<&'l str> {
        for (at, c) in line.char_indices() {
            let ends = match c {
                '{' => {
                    self.depth += 1;
                    false
                }
                '(' if self.depth == 0 => {
                    self.round = true;
                    self.depth = 1;
                    false
                }
                // As BibTeX does, a brace counts behind a backslash too.
                '}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.depth == 0
                }
                ')' => self.round && self.depth == 1,
                _ => false,
            };
            if ends {
                let (inside, rest) = line.split_at(at);
                self.text.push_str(inside);
                return rest.get(1..);
            }
        }
        self.text.push_str(line);
        self.text.push('\n');
        None
    }
}

/// Whether a line between entries was meant for one: `name = {…`, or a brace alone.
fn looks_like_field(line: &str) -> bool {
    let name_end = line
        .find(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c))
        .unwrap_or(line.len());
    let after = line.get(name_end..).unwrap_or_default().trim_start();
    let value = after.strip_prefix('=').map(str::trim_start);
    name_end > 0 && value.is_some_and(|value| value.starts_with(['{', '"']))
}

#[cfg(test)]
mod tests;
