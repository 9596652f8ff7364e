//! Pages with words to fill in, and parts that a host's own files take the place of.
//!
//! A word is a name in capitals between `__OFFPRINT_` and `__`. In our own page a part begins with
//! its word and goes on to `__OFFPRINT_END__`; in a host's page the word alone stands for the part.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What every word begins with.
pub const WORD: &str = "__OFFPRINT_";
/// Ends a part.
const END: &str = "END";

/// A word that is not known.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its name.
    pub word: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// What a word stands for; `None` where it is not known.
type Value<'a> = Result<Option<Cow<'a, str>>, Unknown>;

/// Replaces the words of a text. What is put in is never looked at again, so a title may hold such
/// a word itself.
pub fn fill<'a>(text: &str, value: &mut dyn FnMut(&str) -> Value<'a>) -> Result<String, Unknown> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(WORD) {
        filled.push_str(before);
        rest = after;
        // What speaks of these words without being one stays, such as a comment.
        let Some((word, after)) = rest.split_once("__").filter(|(word, _)| is_name(word)) else {
            filled.push_str(WORD);
            continue;
        };
        match value(word)? {
            Some(value) => filled.push_str(&value),
            None => {
                let read = text.len() - after.len();
                let before = text.get(..read).unwrap_or(text);
                return Err(Unknown {
                    word: word.to_owned(),
                    line: before.matches('\n').count() + 1,
                });
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// Takes the parts out of a page: what is left, with a word where each stood, and the parts.
pub fn parts<'a>(
    page: &'a str,
    names: &[&'static str],
) -> (String, BTreeMap<&'static str, &'a str>) {
    let mut left = String::with_capacity(page.len());
    let mut parts = BTreeMap::new();
    let mut rest = page;
    let end = format!("{WORD}{END}__");
    let first = |rest: &str| {
        names
            .iter()
            .filter_map(|name| Some((rest.find(&format!("{WORD}{name}__"))?, *name)))
            .min()
    };
    while let Some((at, name)) = first(rest) {
        let word = format!("{WORD}{name}__");
        let (before, after) = rest.split_at(at);
        left.push_str(before);
        left.push_str(&word);
        rest = after.get(word.len()..).unwrap_or_default();
        if let Some((part, after)) = rest.split_once(&end) {
            parts.insert(name, part);
            rest = after;
        }
    }
    left.push_str(rest);
    (left, parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn known(word: &str) -> Value<'static> {
        Ok(match word {
            "TITLE" => Some("__OFFPRINT_PAPERS__".into()),
            "PAPERS" => Some("7".into()),
            _ => None,
        })
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let text = "__OFFPRINT_TITLE____OFFPRINT_PAPERS__";
        assert_eq!(fill(text, &mut known).unwrap(), "__OFFPRINT_PAPERS__7");
    }

    #[test]
    fn an_unknown_word_has_a_line() {
        let error = fill("a\nb __OFFPRINT_COLOUR__", &mut known).unwrap_err();
        assert_eq!((error.word.as_str(), error.line), ("COLOUR", 2));
        let other = "// __OFFPRINT_...__ and __OFFPRINT_";
        assert_eq!(fill(other, &mut known).unwrap(), other);
    }

    #[test]
    fn parts_are_taken_out() {
        let page = "a__OFFPRINT_HEAD__b__OFFPRINT_TITLE__c__OFFPRINT_END__d__OFFPRINT_FOOTER__e__OFFPRINT_END__";
        let (left, parts) = parts(page, &["HEAD", "FOOTER"]);
        assert_eq!(left, "a__OFFPRINT_HEAD__d__OFFPRINT_FOOTER__");
        assert_eq!(parts.get("HEAD"), Some(&"b__OFFPRINT_TITLE__c"));
        assert_eq!(parts.get("FOOTER"), Some(&"e"));
    }
}
