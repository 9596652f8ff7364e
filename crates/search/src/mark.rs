//! Which words of a text a query matched.

use std::ops::Range;

use offprint_analysis::{Token, TokenKind, is_stop_word, stem, tokenize};

use crate::answer::Part;
use crate::query::Query;
use crate::resolve::letters;

/// Finds a query's words in texts.
pub(crate) struct Matcher {
    /// Stem and bit of each word.
    stems: Vec<(String, u64)>,
    /// Beginnings of words, and their bits.
    prefixes: Vec<(String, u64)>,
    /// Forms that stand for several words, and those words' bits.
    forms: Vec<(String, u64)>,
}

impl Matcher {
    pub(crate) fn new(query: &Query) -> Self {
        let mut matcher = Matcher {
            stems: Vec::new(),
            prefixes: Vec::new(),
            forms: Vec::new(),
        };
        for (at, word) in query.words.iter().enumerate() {
            let bit = 1u64 << at;
            let text = &word.text;
            if word.unwanted {
                continue;
            }
            matcher.stems.push((stem(text).into_owned(), bit));
            matcher.forms.push((text.clone(), bit));
            // A letter or a function word on its way to something else is no reason to paint the
            // page.
            let telling = letters(text) > 1 && !is_stop_word(text);
            if word.prefix && (telling || query.words.len() == 1) {
                matcher.prefixes.push((text.clone(), bit));
            }
        }
        for form in query.variants.iter().filter(|form| !form.unwanted) {
            matcher.forms.push((form.text.clone(), form.words));
        }
        matcher
    }

    /// The words of the query that a token answers.
    fn bits(&self, token: &Token<'_>) -> u64 {
        let find = |list: &[(String, u64)], is: &dyn Fn(&str) -> bool| {
            let found = list.iter().find(|(known, _)| is(known));
            found.map_or(0, |(_, bits)| *bits)
        };
        if token.kind == TokenKind::Variant {
            return find(&self.forms, &|form| form == token.term);
        }
        match find(&self.prefixes, &|prefix| token.term.starts_with(prefix)) {
            0 => {
                let stem = stem(token.term);
                find(&self.stems, &|known| known == stem)
            }
            bits => bits,
        }
    }

    /// What the query matched in a text, in order: bytes, and words of the query.
    pub(crate) fn matches(&self, text: &str) -> Vec<(Range<usize>, u64)> {
        let mut matches: Vec<(Range<usize>, u64)> = Vec::new();
        tokenize(text, &mut |token| {
            let bits = self.bits(&token);
            if bits != 0 {
                // Tokens come nearly in order: other forms follow the words they cover.
                let place = |range: &Range<usize>| (range.start, range.end);
                let range = token.start..token.end;
                let at = matches.partition_point(|(known, _)| place(known) <= place(&range));
                matches.insert(at, (range, bits));
            }
        });
        let mut merged: Vec<(Range<usize>, u64)> = Vec::with_capacity(matches.len());
        for (range, bits) in matches {
            match merged.last_mut() {
                Some((last, seen)) if range.start < last.end => {
                    last.end = last.end.max(range.end);
                    *seen |= bits;
                }
                _ => merged.push((range, bits)),
            }
        }
        merged
    }

    /// A text cut into what matched and what did not.
    pub(crate) fn parts(&self, text: &str) -> Vec<Part> {
        cut(text, 0..text.len(), &self.matches(text))
    }
}

/// The stretch `window` of a text, cut at the matches inside it.
pub(crate) fn cut(text: &str, window: Range<usize>, matches: &[(Range<usize>, u64)]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut push = |range: Range<usize>, mark: bool| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            parts.push(Part {
                text: text.to_owned(),
                mark,
            });
        }
    };
    let mut at = window.start;
    for (range, _) in matches {
        if range.start >= at && range.end <= window.end {
            push(at..range.start, false);
            push(range.clone(), true);
            at = range.end;
        }
    }
    push(at..window.end, false);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, text: &str) -> Vec<String> {
        let parts = Matcher::new(&Query::parse(query)).parts(text);
        assert_eq!(
            parts
                .iter()
                .map(|part| part.text.as_str())
                .collect::<String>(),
            text
        );
        parts
            .into_iter()
            .filter(|part| part.mark)
            .map(|part| part.text)
            .collect()
    }

    #[test]
    fn words_match_by_stem_and_beginning() {
        assert_eq!(
            marked("models graph ", "Modeling a Graph of graphs"),
            ["Modeling", "Graph", "graphs"]
        );
        assert_eq!(marked("embed", "Embeddings of beds"), ["Embeddings"]);
        assert_eq!(marked("graph o", "On Graphs"), ["Graphs"]);
        assert_eq!(marked("", "Anything"), [""; 0]);
    }

    #[test]
    fn accents_do_not_move_the_marks() {
        assert_eq!(marked("poincare ", "Über Poincaré’s Räume"), ["Poincaré"]);
    }
}
