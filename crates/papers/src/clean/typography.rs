//! Quotes, dashes, ties, and what a dump left of them.

use super::scanner::{Scanner, find_within};

impl Scanner<'_> {
    pub(super) fn tie(&mut self) {
        let (last, next) = (self.last_char(), self.next_char(1));
        if let Some(length) = citation(last_word(&self.out), self.after(1)) {
            self.at += 1 + length;
            return;
        }
        let starts_word = last.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '['));
        let digit = |c: char| c.is_ascii_digit();
        let keep = match next {
            // Home folders, ranges, relations.
            Some('/' | '=') => true,
            Some(' ') => starts_word,
            Some(c) if digit(c) => starts_word || last.is_some_and(digit),
            Some('.' | '$') => starts_word,
            _ => last == Some('='),
        };
        match keep {
            true => self.copy(1),
            false => self.write(" ", 1),
        }
    }

    pub(super) fn backtick(&mut self) {
        let run = run_of(self.rest(), '`');
        let next = self.next_char(run);
        let tight_before = self.last_char().is_some_and(|c| !c.is_whitespace());
        let tight_after = next.is_some_and(|c| !c.is_whitespace());
        match run {
            2 if self.quoting && tight_before => {
                self.quoting = false;
                self.write("”", 2);
            }
            2 if tight_after => {
                self.quoting = true;
                self.write("“", 2);
            }
            1 if next.is_some_and(char::is_alphanumeric) && starts_quote(self.last_char()) => {
                match single_quoted(self.after(1)) {
                    Some(length) => {
                        // The word goes through the other rules, its end does not need them.
                        let inner = self.after(1).get(..length).unwrap_or_default();
                        self.out.push('‘');
                        self.out.push_str(inner);
                        self.write("’", length + 2);
                    }
                    None => self.copy(1),
                }
            }
            _ => self.copy(run),
        }
    }

    pub(super) fn quote(&mut self, c: char) {
        let run = run_of(self.rest(), c);
        let next = self.next_char(run);
        let tight_before = self.last_char().is_some_and(|c| !c.is_whitespace());
        let ends = next.is_none_or(|c| !c.is_alphanumeric());
        match (c, run) {
            ('\'', 2) if self.quoting && tight_before => {
                self.quoting = false;
                self.write("”", 2);
            }
            ('"', 1) if self.quoting && tight_before && ends => {
                self.quoting = false;
                self.write("”", 1);
            }
            // "opened straight''
            ('\'', 2) if self.straight && tight_before && ends => {
                self.straight = false;
                self.write("\"", 2);
            }
            // ''both the same'': where a quote starts, and another follows.
            ('\'', 2)
                if starts_quote(self.last_char())
                    && !ends
                    && find_within(self.after(2), "''", 200).is_some() =>
            {
                self.quoting = true;
                self.write("“", 2);
            }
            _ => {
                self.straight ^= c == '"' && run % 2 == 1;
                self.copy(run);
            }
        }
    }

    pub(super) fn dash(&mut self) {
        let run = run_of(self.rest(), '-');
        let (last, next) = (self.last_char(), self.next_char(run));
        // `--flag`, `<!--`, `-->`
        let option = last.is_none_or(char::is_whitespace)
            && next.is_some_and(|c| c.is_alphanumeric() || c == '{');
        let arrow = next == Some('>') || matches!(last, Some('<' | '!'));
        match run {
            2 if !option && !arrow => self.write("–", 2),
            3 if !arrow => self.write("—", 3),
            _ => self.copy(run),
        }
    }

    /// `wordx2013word`: a numeric reference that lost its marks.
    pub(super) fn lost_entity(&mut self) {
        const LOST: [(&str, &str); 7] = [
            ("x2013", "–"),
            ("x2014", "—"),
            ("x2018", "‘"),
            ("x2019", "’"),
            ("x201c", "“"),
            ("x201d", "”"),
            ("x2026", "…"),
        ];
        let found = LOST.iter().find(|(name, _)| {
            self.rest()
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        });
        match found {
            Some((name, text)) if self.last_char().is_some_and(char::is_alphabetic) => {
                self.write(text, name.len());
            }
            _ => self.copy(1),
        }
    }
}

fn run_of(text: &str, c: char) -> usize {
    text.len() - text.trim_start_matches(c).len()
}

fn starts_quote(last: Option<char>) -> bool {
    last.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '—' | '–' | '/'))
}

/// Length of what stands before the `'` that closes a quotation plain to see: short, without
/// anything that another rule might change.
fn single_quoted(text: &str) -> Option<usize> {
    let length = text.find(['\'', '`', '"', '\\', '~', '{', '$'])?;
    let ends = |rest: &str| {
        rest.starts_with('\'')
            && !rest
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_alphanumeric() || c == '\'')
    };
    let inner = text.get(..length)?;
    let plain = length <= 80 && !inner.contains("--") && !inner.ends_with(' ');
    (plain && ends(text.get(length..)?)).then_some(length)
}

/// The last word of what was written, if it is one.
fn last_word(text: &str) -> &str {
    // No name is longer than this.
    let from = (text.len().saturating_sub(64)..=text.len()).find(|&at| text.is_char_boundary(at));
    let text = from.and_then(|from| text.get(from..)).unwrap_or_default();
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Length of the citation keys at the start of `text`, which follow a tie: `doe2021kites`,
/// `doe21`, joined by commas. A name with a shorter number is a key only where it repeats the
/// word before (`GPT-4~gpt4`).
fn citation(before: &str, text: &str) -> Option<usize> {
    if !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '.' | ',')) {
        return None;
    }
    let mut length = 0;
    loop {
        let key = text.get(length..)?;
        let end = key
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(key.len());
        let key = key.get(..end)?;
        if !is_key(key, before) {
            return None;
        }
        length += end;
        let rest = text.get(length..)?;
        // Another key after a comma without a blank.
        match rest.strip_prefix(',') {
            Some(more) if more.starts_with(|c: char| c.is_ascii_lowercase()) => length += 1,
            _ if rest.starts_with(['_', '\'', '/', '@']) => return None,
            _ => return Some(length),
        }
    }
}

fn is_key(key: &str, before: &str) -> bool {
    let name = key
        .find(|c: char| !c.is_ascii_lowercase())
        .unwrap_or(key.len());
    let rest = key.get(name..).unwrap_or_default();
    let number = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let tail = rest.get(number..).unwrap_or_default();
    let lower = tail.bytes().all(|b| b.is_ascii_lowercase());
    match number {
        4 => name >= 2 && lower && matches!(rest.as_bytes().first(), Some(b'1' | b'2')),
        2 => name >= 3 && lower && tail.len() <= 1,
        1 => before
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .flat_map(char::to_lowercase)
            .eq(key.chars()),
        _ => false,
    }
}
