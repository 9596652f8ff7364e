//! Snippets: the passage of an abstract that fits a query best.

use std::ops::Range;

use crate::answer::{Part, Snippet, SnippetRequest};
use crate::engine::{Engine, Step, Task};
use crate::error::Failed;
use crate::mark::{Matcher, cut};
use crate::paper::records;
use crate::query::Query;

/// Bytes of a passage, about.
const PASSAGE: usize = 280;
/// A sentence's beginning is kept if the match lies at most so many bytes after it.
const LEAD: usize = 140;
/// Otherwise so many bytes before the match are.
const CONTEXT: usize = 50;

/// Finds passages for a page of results.
pub struct Snippets {
    matcher: Matcher,
    docs: Vec<u32>,
}

impl Snippets {
    /// Asks for the passages of some papers.
    #[must_use]
    pub fn new(engine: &mut Engine, request: &SnippetRequest) -> Snippets {
        engine.trim();
        let mut docs = request.docs.clone();
        docs.truncate(crate::limits::HITS);
        Snippets {
            matcher: Matcher::new(&Query::parse(&request.query)),
            docs,
        }
    }
}

impl Task for Snippets {
    type Output = Vec<Snippet>;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Self::Output>, Failed> {
        let records = match records(engine, &self.docs)? {
            Step::Need(blocks) => return Ok(Step::Need(blocks)),
            Step::Done(records) => records,
        };
        let mut snippets = Vec::with_capacity(records.len());
        for (record, &doc) in records.iter().zip(&self.docs) {
            let parts = passage(&self.matcher, &record.abstract_);
            snippets.push(Snippet { doc, parts });
        }
        Ok(Step::Done(snippets))
    }
}

/// The stretch that holds most of the query's words, the earliest of the best.
fn passage(matcher: &Matcher, text: &str) -> Vec<Part> {
    let matches = matcher.matches(text);
    if text.len() <= PASSAGE + CONTEXT {
        return cut(text, 0..text.len(), &matches);
    }
    let sentences = sentence_starts(text);
    let mut best = (0, 0, window(text, 0));
    for (range, _) in &matches {
        let sentence = sentences.partition_point(|&start| start <= range.start);
        let sentence = sentence
            .checked_sub(1)
            .and_then(|at| sentences.get(at))
            .copied()
            .unwrap_or(0);
        let start = if range.start - sentence <= LEAD {
            sentence
        } else {
            word_start(text, range.start.saturating_sub(CONTEXT))
        };
        let window = window(text, start);
        let (mut words, mut count) = (0u64, 0);
        for (inside, bits) in &matches {
            if inside.start >= window.start && inside.end <= window.end {
                words |= bits;
                count += 1;
            }
        }
        if (words.count_ones(), count) > (best.0, best.1) {
            best = (words.count_ones(), count, window);
        }
    }
    let window = best.2;
    let mut parts = cut(text, window.clone(), &matches);
    let ellipsis = || Part {
        text: "…".to_owned(),
        mark: false,
    };
    if window.start > 0 && !sentences.contains(&window.start) {
        parts.insert(0, ellipsis());
    }
    if window.end < text.len() {
        parts.push(ellipsis());
    }
    parts
}

/// A passage from `start` on, ending with a word.
fn window(text: &str, start: usize) -> Range<usize> {
    let mut limit = (start + PASSAGE).min(text.len());
    while !text.is_char_boundary(limit) {
        limit -= 1;
    }
    let Some(stretch) = text.get(start..limit).filter(|_| limit < text.len()) else {
        return start..text.len();
    };
    let end = stretch
        .rfind(char::is_whitespace)
        .filter(|&end| end > PASSAGE / 2);
    start..start + end.unwrap_or(stretch.len())
}

/// The beginning of the first word at or after a byte.
fn word_start(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    match text
        .get(at..)
        .and_then(|rest| rest.find(char::is_whitespace))
    {
        Some(gap) if gap < CONTEXT => at + gap + 1,
        _ => at,
    }
}

/// A capital, or a letter of a script that may have none: the full tables of capitals would weigh
/// more than they are worth here.
fn begins_sentence(c: char) -> bool {
    c.is_ascii_uppercase() || !c.is_ascii()
}

fn sentence_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut ended = false;
    for (at, c) in text.char_indices() {
        match c {
            '.' | '!' | '?' => ended = true,
            ' ' if ended => {
                if text
                    .get(at + 1..)
                    .and_then(|rest| rest.chars().next())
                    .is_some_and(begins_sentence)
                {
                    starts.push(at + 1);
                }
                ended = false;
            }
            _ => ended = false,
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(parts: &[Part]) -> String {
        parts.iter().map(|part| part.text.as_str()).collect()
    }

    fn passage_of(query: &str, text: &str) -> Vec<Part> {
        passage(&Matcher::new(&Query::parse(query)), text)
    }

    #[test]
    fn a_passage_holds_the_words_and_starts_with_its_sentence() {
        let filler = "Nothing of note is said in this sentence at all. ".repeat(20);
        let text = format!("{filler}Here a graph meets a kernel. {filler}");
        let parts = passage_of("kernel graph ", &text);
        let shown = text_of(&parts);
        assert!(shown.starts_with("Here a graph"), "{shown}");
        assert!(
            shown.ends_with('…') && shown.len() < PASSAGE + 10,
            "{shown}"
        );
        assert_eq!(parts.iter().filter(|part| part.mark).count(), 2);
    }

    #[test]
    fn a_short_abstract_is_shown_whole() {
        assert_eq!(text_of(&passage_of("x", "A short one.")), "A short one.");
        assert_eq!(passage_of("x", ""), []);
    }

    #[test]
    fn text_without_spaces_is_cut_between_letters() {
        let text = "é".repeat(2000);
        let shown = text_of(&passage_of("x", &text));
        assert!(shown.len() <= PASSAGE + '…'.len_utf8());
    }
}
