//! Reads an entry of BibTeX as BibTeX does, and looks for what TeX would take for more than text.

use super::Res;
use crate::{fail, holds};
use std::collections::BTreeMap;

/// An entry.
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Its fields, without their outer braces.
    pub fields: BTreeMap<String, String>,
}

/// Fields that are not text: nothing in them is escaped.
const VERBATIM: [&str; 5] = ["doi", "url", "eprint", "archivePrefix", "primaryClass"];

/// Commands that text may hold.
const COMMANDS: &str = "textbraceleft textbraceright textbackslash textasciitilde textasciicircum textasciigrave textless \
                        textgreater textbar ldots ss o O ae AE oe OE l L aa AA i u r H v d c k b";

/// Commands that mathematics in the tests' titles holds.
const MATHEMATICS: &str = "to mu frac";

/// Reads `@type{key,` and one field a line up to `}`; there must be nothing else.
pub fn parse(text: &str) -> Res<Entry> {
    let text = text.trim_end();
    let inside = text
        .strip_prefix('@')
        .and_then(|rest| rest.strip_suffix("\n}"));
    let (head, fields) = inside
        .and_then(|rest| rest.split_once(",\n"))
        .ok_or_else(|| format!("no entry: {text}"))?;
    let (kind, key) = head.split_once('{').ok_or("no key")?;
    holds!(
        kind.bytes().all(|b| b.is_ascii_lowercase()),
        "type {kind:?}"
    );
    let mut entry = Entry {
        key: key.to_owned(),
        fields: BTreeMap::new(),
    };
    for line in fields.split('\n') {
        let line = line.strip_suffix(',').unwrap_or(line);
        let (name, value) = line
            .strip_prefix("  ")
            .and_then(|line| line.split_once(" = "))
            .ok_or_else(|| format!("no field: {line:?}"))?;
        let value = match value
            .strip_prefix('{')
            .and_then(|value| value.strip_suffix('}'))
        {
            Some(value) => value,
            None if name == "month" && value.len() == 3 => value,
            None => fail!("no value: {line:?}"),
        };
        balanced(value)?;
        if VERBATIM.contains(&name) {
            holds!(
                !value.contains(['{', '}', '\\', ' ', '"']),
                "{name} is {value:?}"
            );
        } else {
            text_only(value)
                .map_err(|e| format!("{name} is {value:?}: {}", e.message().unwrap_or("")))?;
        }
        holds!(
            entry
                .fields
                .insert(name.to_owned(), value.to_owned())
                .is_none(),
            "two of {name}"
        );
    }
    Ok(entry)
}

/// BibTeX counts every brace, also one behind a backslash.
fn balanced(value: &str) -> Res {
    let mut depth = 0_u32;
    for c in value.chars() {
        match c {
            '{' => depth += 1,
            '}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => fail!("a brace too many: {value:?}"),
            },
            _ => {}
        }
    }
    holds!(depth == 0, "a brace too few: {value:?}");
    Ok(())
}

/// Every character that TeX gives a meaning is escaped, but for accents, braces, and mathematics in dollars.
fn text_only(value: &str) -> Res {
    let mut chars = value.chars().peekable();
    let mut math = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let mut command = String::new();
                while let Some(letter) = chars.next_if(char::is_ascii_alphabetic) {
                    command.push(letter);
                }
                let known = if math { MATHEMATICS } else { COMMANDS };
                match command.is_empty() {
                    true => {
                        let sign = chars.next().unwrap_or(' ');
                        holds!("%&#_$`'^~=.\"".contains(sign), "the command \\{sign}");
                    }
                    false => holds!(
                        known.split_whitespace().any(|it| it == command),
                        "the command \\{command}"
                    ),
                }
            }
            '$' => math = !math,
            '^' | '_' => holds!(math && chars.peek() != Some(&'^'), "a bare {c}"),
            '%' | '&' | '#' | '`' | '<' | '>' | '|' => fail!("a bare {c}"),
            _ => {}
        }
    }
    holds!(!math, "an open formula");
    Ok(())
}
