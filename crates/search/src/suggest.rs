//! What an unfinished last word may become.

use offprint_analysis::{TokenKind, stem, tokenize};
use offprint_format::{BlockId, Section};

use crate::engine::{Engine, Step, Task, sorted};
use crate::error::Failed;
use crate::resolve::letters;

/// Words that are offered.
const OFFERED: usize = 8;

/// Blocks of frequent words that are read at most.
const BLOCKS: u32 = 3;

/// Finds the words that the last word of a query may become: frequent words of the collection that
/// begin so, the most frequent first (by powers of two, then in order), one of each stem, and none
/// that stands nowhere but joined to others by hyphens, since nobody writes it so. Nothing is
/// offered for a single letter, nor where the query does not end in a word.
pub struct Suggest {
    begun: String,
}

impl Suggest {
    /// Asks what a query may become.
    #[must_use]
    pub fn new(engine: &mut Engine, query: &str) -> Suggest {
        engine.trim();
        let mut begun = String::new();
        let mut end = query.len().min(crate::limits::QUERY);
        while !query.is_char_boundary(end) {
            end -= 1;
        }
        tokenize(query.get(..end).unwrap_or_default(), &mut |token| {
            if token.kind == TokenKind::Word && token.end == query.len() {
                token.term.clone_into(&mut begun);
            }
        });
        Suggest { begun }
    }
}

impl Task for Suggest {
    type Output = Vec<String>;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Vec<String>>, Failed> {
        let mut words: Vec<String> = Vec::new();
        if letters(&self.begun) < 2 {
            return Ok(Step::Done(words));
        }
        let range = engine.segment().spelling_with_prefix(&self.begun);
        let range = range.start..range.end.min(range.start + BLOCKS);
        let section = Section::Spelling;
        let mut blocks = Vec::new();
        for number in range.clone() {
            blocks.push(BlockId { section, number }.whole());
        }
        let missing = engine.missing(blocks)?;
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        let mut found = Vec::new();
        let mut keys = Vec::new();
        for number in range {
            for (word, class, joined) in engine.spelling(number)?.words() {
                if !joined && word.len() > self.begun.len() && word.starts_with(&self.begun) {
                    keys.push(u64::from(u8::MAX - class) << 32 | found.len() as u64);
                    found.push(word.to_owned());
                }
            }
        }
        let own = stem(&self.begun);
        for key in sorted(keys) {
            let Some(word) = found.get(key as u32 as usize) else {
                continue;
            };
            let root = stem(word);
            if words.len() < OFFERED && root != own && words.iter().all(|word| stem(word) != root) {
                words.push(word.clone());
            }
        }
        Ok(Step::Done(words))
    }
}
