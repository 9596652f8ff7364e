//! One pass over a text: commands, groups, quotes, dashes and ties.
//!
//! Addresses and mathematics in delimiters are copied as they stand.

use super::accents;
use super::commands::{Command, command, is_math_environment};
use crate::links::url_end;

/// Bytes that a formula in delimiters may have. A longer one is a lost delimiter.
const FORMULA: usize = 2_000;

pub(super) fn scan(text: &str) -> String {
    let mut scanner = Scanner {
        text,
        at: 0,
        out: String::with_capacity(text.len()),
        pairs: pairs(text),
        closings: Vec::new(),
        quoting: false,
        straight: false,
    };
    while let Some(c) = scanner.rest().chars().next() {
        scanner.step(c);
    }
    scanner.out
}

/// How many bytes at the start of `text` no step does anything with.
fn plain(text: &str) -> usize {
    let end = text.bytes().position(|byte| {
        matches!(
            byte,
            b'}' | b'\\' | b'{' | b'$' | b'~' | b'`' | b'\'' | b'"' | b'-' | b'x' | b'h'
        )
    });
    end.unwrap_or(text.len())
}

/// The braces that belong together, sorted by the opening one. Escaped braces are none.
fn pairs(text: &str) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => {}
            b'{' => open.push(at),
            b'}' => pairs.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    pairs.sort_unstable();
    pairs
}

pub(super) struct Scanner<'t> {
    text: &'t str,
    pub(super) at: usize,
    pub(super) out: String,
    pairs: Vec<(usize, usize)>,
    /// Closing braces ahead whose opening ones were dropped, the next one last, and what to
    /// write in their place.
    closings: Vec<(usize, &'static str)>,
    /// After an opening quote that has not been closed.
    pub(super) quoting: bool,
    /// After an odd number of straight quotes.
    pub(super) straight: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn after(&self, bytes: usize) -> &'t str {
        self.text.get(self.at + bytes..).unwrap_or_default()
    }

    pub(super) fn next_char(&self, bytes: usize) -> Option<char> {
        self.after(bytes).chars().next()
    }

    pub(super) fn last_char(&self) -> Option<char> {
        self.out.chars().next_back()
    }

    /// Copies what stands, as it stands.
    pub(super) fn copy(&mut self, bytes: usize) {
        self.out
            .push_str(self.rest().get(..bytes).unwrap_or_default());
        self.at += bytes.max(1);
    }

    pub(super) fn write(&mut self, text: &str, read: usize) {
        self.out.push_str(text);
        self.at += read;
    }

    /// The brace that closes the one `bytes` ahead.
    fn closing(&self, bytes: usize) -> Option<usize> {
        let open = self.at + bytes;
        let index = self.pairs.binary_search_by_key(&open, |pair| pair.0).ok()?;
        self.pairs.get(index).map(|pair| pair.1)
    }

    /// The text of the group that opens `bytes` ahead, without its braces.
    fn group(&self, bytes: usize) -> Option<&'t str> {
        self.text.get(self.at + bytes + 1..self.closing(bytes)?)
    }

    fn step(&mut self, c: char) {
        // A formula or an address may have run past a closing brace.
        while self
            .closings
            .last()
            .is_some_and(|&(closing, _)| closing < self.at)
        {
            self.closings.pop();
        }
        match c {
            '}' if self
                .closings
                .last()
                .is_some_and(|&(closing, _)| closing == self.at) =>
            {
                let instead = self.closings.pop().map_or("", |(_, instead)| instead);
                self.write(instead, 1);
            }
            '\\' => self.backslash(),
            '{' => self.brace(),
            '$' => self.dollar(),
            '~' => self.tie(),
            '`' => self.backtick(),
            '\'' | '"' => self.quote(c),
            '-' => self.dash(),
            'x' => self.lost_entity(),
            'h' => match url_end(self.rest()) {
                Some(end) => self.copy(end),
                None => self.copy(1),
            },
            _ => self.copy(plain(self.rest()).max(c.len_utf8())),
        }
    }

    fn backslash(&mut self) {
        let Some(next) = self.next_char(1) else {
            return self.copy(1);
        };
        match next {
            '(' | '[' => {
                let end = if next == '(' { "\\)" } else { "\\]" };
                match find_within(self.after(2), end, FORMULA) {
                    Some(length) => self.copy(length + 4),
                    None => self.copy(2),
                }
            }
            '%' | '&' | '_' | '#' | '$' => {
                self.out.push(next);
                self.at += 2;
            }
            ' ' | '\\' | ',' | ';' | ':' => self.write(" ", 2),
            '/' | '-' | '@' | '!' => self.at += 2,
            'a'..='z' | 'A'..='Z' => self.command(),
            // `user\'s`: an apostrophe that somebody escaped.
            '\'' if self.is_escaped_apostrophe() => self.write("'", 2),
            _ => {
                let letter = accents::of_mark(next)
                    .and_then(|accent| accents::argument(self.after(2), accent));
                match letter {
                    Some((letter, read)) => {
                        self.out.push(letter);
                        self.at += 2 + read;
                    }
                    // Copying both keeps `\{` and `\}` whole.
                    None => self.copy(1 + next.len_utf8()),
                }
            }
        }
    }

    fn is_escaped_apostrophe(&self) -> bool {
        let mut after = self.after(2).chars();
        let ends = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        self.last_char().is_some_and(char::is_alphabetic)
            && matches!(after.next(), Some('s' | 't' | 'd' | 'm'))
            && ends(after.next())
    }

    fn command(&mut self) {
        let name = self.after(1);
        let end = name
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        let read = 1 + name.len();
        // The dot of `\d` or the breve of `\u` needs its braces: bare, the name is more often
        // somebody's macro.
        if let Some(accent) = accents::of_letter(name) {
            let braced = self.next_char(read) == Some('{');
            let blank = matches!(name, "c" | "v") && self.next_char(read) == Some(' ');
            if (braced || blank)
                && let Some((letter, more)) = accents::argument(self.after(read), accent)
            {
                self.out.push(letter);
                self.at += read + more;
                return;
            }
        }
        if let Some(letter) = accents::letter(name) {
            // `\O(n)` is an order of growth.
            if !(name.len() == 1 && matches!(self.next_char(read), Some('(' | '_' | '^'))) {
                // The unit stands after a number, and the blank after it is one.
                let unit = name == "AA" && !self.last_char().is_some_and(char::is_alphabetic);
                self.write(letter, read);
                match unit {
                    true => self.empty_group(),
                    false => self.end_of_name(),
                }
                return;
            }
        }
        let star = usize::from(self.next_char(read) == Some('*'));
        let meaning = command(name);
        match meaning {
            Command::Math => self.copy(read),
            // `\foo_i`: mathematics, whatever it is.
            Command::Unknown if matches!(self.next_char(read), Some('_' | '^')) => self.copy(read),
            Command::Becomes(text) => {
                self.write(text, read);
                self.empty_group();
            }
            Command::Abbreviates(text) => {
                self.space_before_word();
                self.write(text, read);
                self.empty_group();
                // A paper that writes `\eg.` or `\eg,` defined it without the full stop.
                if self.rest().starts_with('.') {
                    self.at += 1;
                }
            }
            Command::Content => self.content(read + star, "", ""),
            Command::Note => self.content(read, " (", ")"),
            Command::Switch => {
                self.at += read;
                self.end_of_name();
            }
            Command::Blank => self.write(" ", read + star),
            Command::Nothing => {
                self.at += read + star;
                self.arguments();
                // "as shown \cite{x}." keeps no blank before its full stop.
                if matches!(
                    self.next_char(0),
                    None | Some('.' | ',' | ';' | ':' | ')' | ' ')
                ) {
                    self.out.truncate(self.out.trim_end_matches(' ').len());
                }
            }
            Command::Environment => self.environment(name, read),
            Command::Href => self.href(read),
            Command::Colored => {
                self.at += read;
                self.bracketed();
                match self.closing(0) {
                    Some(color) => self.content(color + 1 - self.at, "", ""),
                    None => self.end_of_name(),
                }
            }
            Command::Verbatim => {
                let mark = self
                    .next_char(read)
                    .filter(|c| c.is_ascii_punctuation() && *c != '{');
                let length = mark.and_then(|mark| self.after(read + 1).find(mark));
                match length.filter(|&length| length < 200) {
                    Some(length) => {
                        self.at += read + 1;
                        self.copy(length);
                        self.at += 1;
                    }
                    None => self.content(read, "", ""),
                }
            }
            Command::Unknown => {
                if self
                    .group(read)
                    .is_some_and(|content| !content.trim().is_empty())
                {
                    self.content(read, "", "");
                } else {
                    self.space_before_word();
                    self.write(name, read);
                    self.empty_group();
                }
            }
        }
    }

    /// Drops a command of `read` bytes and the braces of its argument.
    fn content(&mut self, read: usize, before: &'static str, after: &'static str) {
        let blank = usize::from(self.next_char(read) == Some(' '));
        match self.closing(read + blank) {
            Some(closing) if self.next_char(read + blank) == Some('{') => {
                self.out.push_str(before);
                self.closings.push((closing, after));
                self.at += read + blank + 1;
            }
            _ => {
                self.at += read;
                self.end_of_name();
            }
        }
    }

    /// What ends a command's name is not text: one blank before a letter, or an empty group.
    fn end_of_name(&mut self) {
        let letter = self
            .next_char(1)
            .is_some_and(|c| c.is_alphanumeric() || c == '\\');
        if self.rest().starts_with(' ') && letter {
            self.at += 1;
        } else {
            self.empty_group();
        }
    }

    fn empty_group(&mut self) {
        if self.rest().starts_with("{}") {
            self.at += 2;
        }
    }

    fn space_before_word(&mut self) {
        if self
            .last_char()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ','))
        {
            self.out.push(' ');
        }
    }

    /// Skips `[...]` and `{...}` as often as they come.
    fn arguments(&mut self) {
        loop {
            match self.next_char(0) {
                Some('{') => match self.closing(0) {
                    Some(closing) => self.at = closing + 1,
                    None => break,
                },
                Some('[') if self.bracketed() => {}
                _ => break,
            }
        }
    }

    /// Skips `[...]`.
    fn bracketed(&mut self) -> bool {
        let length = find_within(self.rest(), "]", 200).filter(|_| self.next_char(0) == Some('['));
        self.at += length.map_or(0, |length| length + 1);
        length.is_some()
    }

    fn environment(&mut self, name: &str, read: usize) {
        let Some(environment) = self.group(read).filter(|group| group.len() < 40) else {
            return self.copy(read);
        };
        let opening = read + environment.len() + 2;
        if !is_math_environment(environment) {
            self.write(" ", opening);
            return;
        }
        let end = format!("\\end{{{environment}}}");
        match find_within(self.after(opening), &end, FORMULA) {
            Some(length) if name == "begin" => self.copy(opening + length + end.len()),
            _ => self.copy(opening),
        }
    }

    /// `\href{address}{text}`: the text, and the address unless the text is it.
    fn href(&mut self, read: usize) {
        let (Some(address), Some(closing)) = (self.group(read), self.closing(read)) else {
            self.at += read;
            return;
        };
        let address = address.trim();
        match self.group(closing + 1 - self.at) {
            Some(text) if self.text.as_bytes().get(closing + 1) == Some(&b'{') => {
                let text = text.trim();
                let read = closing + 1 - self.at + text.len() + 2;
                let end = self
                    .closing(closing + 1 - self.at)
                    .map_or(read, |end| end + 1 - self.at);
                self.out.push_str(text);
                if text != address && !address.is_empty() {
                    self.out.push_str(" (");
                    self.out.push_str(address);
                    self.out.push(')');
                }
                self.at += end;
            }
            _ => self.write(address, closing + 1 - self.at),
        }
    }

    fn brace(&mut self) {
        let Some(content) = self.group(0) else {
            return self.copy(1);
        };
        // `{\em word}`
        if let Some(inner) = content.strip_prefix('\\') {
            let end = inner
                .find(|c: char| !c.is_ascii_alphabetic())
                .unwrap_or(inner.len());
            let name = inner.get(..end).unwrap_or_default();
            let lone = accents::letter(name).is_some()
                && inner.get(end..).is_some_and(|rest| rest.trim().is_empty());
            let plain = matches!(command(name), Command::Becomes(_))
                && inner
                    .bytes()
                    .all(|b| b.is_ascii_alphabetic() || matches!(b, b'\\' | b' '));
            if command(name) == Command::Switch || lone || plain {
                return self.open_group(0);
            }
            // `{\"o}`, `{\c c}`
            let mark = inner.chars().next();
            let accent = mark.and_then(accents::of_mark).map(|accent| (accent, 1));
            let accent = accent.or_else(|| accents::of_letter(name).map(|a| (a, name.len())));
            if let Some((accent, length)) = accent
                && let Some(rest) = inner.get(length..)
                && let Some((letter, read)) = accents::argument(rest, accent)
                && rest.get(read..).is_some_and(|more| more.trim().is_empty())
            {
                self.out.push(letter);
                self.at += content.len() + 2;
                return;
            }
        }
        // `{em word}`, its backslash lost: plain words only, since `{it}` may mean anything.
        if let Some(words) = content
            .strip_prefix("em ")
            .or_else(|| content.strip_prefix("it "))
            && words.len() > 2
            && words
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'))
        {
            return self.open_group(3);
        }
        match content {
            "-" | "--" | "---" | "``" | "''" | "\\%" | "\\&" => self.open_group(0),
            _ => self.copy(1),
        }
    }

    /// Drops the braces of a group and `more` bytes after the opening one.
    fn open_group(&mut self, more: usize) {
        if let Some(closing) = self.closing(0) {
            self.closings.push((closing, ""));
        }
        self.at += 1 + more;
    }

    /// A formula in dollars, or money.
    fn dollar(&mut self) {
        let width = if self.after(1).starts_with('$') { 2 } else { 1 };
        let inner = self.after(width);
        let delimiter = if width == 2 { "$$" } else { "$" };
        let length = formula_end(inner, delimiter);
        let formula = length
            .and_then(|length| inner.get(..length))
            .filter(|formula| {
                let marked = formula.contains(['\\', '^', '_', '{', '=', '<', '>']);
                let tight = !formula.starts_with(' ') && !formula.ends_with(' ');
                let digit = inner
                    .get(formula.len() + width..)
                    .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
                !formula.is_empty() && (marked || tight && !digit)
            });
        match formula {
            Some(formula) => self.copy(formula.len() + 2 * width),
            None => self.copy(width),
        }
    }
}

/// Where `needle` starts in the first `most` bytes.
pub(super) fn find_within(text: &str, needle: &str, most: usize) -> Option<usize> {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))?;
    text.get(..end)?.find(needle)
}

/// Length of a formula up to its closing delimiter, escaped dollars skipped.
fn formula_end(text: &str, delimiter: &str) -> Option<usize> {
    let mut from = 0;
    while from <= FORMULA {
        let at = from + find_within(text.get(from..)?, delimiter, FORMULA)?;
        if !text.get(..at)?.ends_with('\\') {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
