//! Phrases: words that stand one after the other in a title, or in an abstract.
//!
//! Words are compared as the tokenizer folds them, not by their stems, and function words count.
//! Keywords and names are no part of it, and nothing runs from a title into an abstract.
//!
//! A phrase is asked in the rounds of any search: [`Phrase::shards`] go with the other shards; then
//! [`Phrase::plan`] chooses which words to look up, and [`Plan::blocks`] go with the other lists;
//! then [`Plan::documents`] has the answer.
//!
//! A stem's run of positions tells of each place which words stand before and after it, up to three
//! and as long as these are among the collection's most frequent words and more frequent than the
//! word itself (see [`offprint_format::Occurrence`]). So a frequent word is not looked up where a rarer one stands near it in the phrase:
//! of `in the presence of` only `presence` is, of `large language model` only `language`.

use offprint_analysis::{TokenKind, tokenize};
use offprint_format::{
    BlockRef, CHAIN, COMMON_WORDS, Chain, Entry, Form, PositionsDecoder, Section, Segment,
};

use crate::engine::{Engine, Step, Task, sorted};
use crate::error::{Failed, too_large};
use crate::limits;
use crate::lists::{self, Run, unpack};
use crate::query::Field;
use crate::resolve::Source;

/// Where a phrase is to stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhraseField {
    /// In the title or in the abstract.
    #[default]
    Any,
    /// In the title.
    Title,
    /// In the abstract.
    Abstract,
}

/// Words in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// As the tokenizer folds them.
    pub(crate) words: Vec<String>,
    pub(crate) field: PhraseField,
}

/// A word of a phrase, as the dictionary knows it.
struct Known {
    source: Source,
    form: Form,
    positions: Run,
    /// Of a long run: where in the texts. For a phrase that one word tells of, they may stay away.
    gaps: Option<Run>,
}

impl Known {
    fn entry(&self) -> Option<&Entry> {
        match &self.source {
            Source::Text(shard, number, _) => shard.entry(*number),
            Source::Names(..) => None,
        }
    }
}

/// How a phrase is looked up.
pub(crate) struct Plan {
    /// Every word of the phrase; none if one of them is in no text.
    words: Vec<Known>,
    /// Places of the words to look up, those of short runs first.
    looked_up: Vec<usize>,
    field: PhraseField,
}

impl Phrase {
    /// A text's words. A phrase without words stands nowhere.
    pub(crate) fn new(text: &str, field: PhraseField) -> Phrase {
        let mut words = Vec::new();
        tokenize(text, &mut |token| {
            if token.kind == TokenKind::Word {
                words.push(token.term.to_owned());
            }
        });
        Phrase { words, field }
    }

    /// Adds the shards that hold its words, some of them more than once.
    pub(crate) fn shards(&self, segment: &Segment, out: &mut Vec<u32>) {
        for word in &self.words {
            out.extend(segment.shard_of(word));
        }
    }

    /// Chooses which words to look up. The shards must be at hand.
    pub(crate) fn plan(&self, engine: &mut Engine) -> Result<Plan, Failed> {
        let segment = engine.segment();
        let mut plan = Plan {
            words: Vec::with_capacity(self.words.len()),
            looked_up: Vec::new(),
            field: self.field,
        };
        for word in &self.words {
            let Some(number) = segment.shard_of(word) else {
                return Ok(plan);
            };
            let shard = engine.shard(number)?;
            let at = shard.find(word);
            let entry = at.and_then(|at| Some((at, shard.entry_number(at)?)));
            let found = entry.and_then(|(at, number)| {
                let (positions, gaps) = Run::positions(&segment, shard.entry(number)?);
                Some(Known {
                    form: shard.form(at),
                    positions,
                    gaps,
                    source: Source::Text(shard, number, Field::Any),
                })
            });
            match found {
                Some(word) => plan.words.push(word),
                None => {
                    plan.words.clear();
                    return Ok(plan);
                }
            }
        }
        plan.choose();
        Ok(plan)
    }
}

impl Plan {
    /// Takes every word, then leaves out the one with the longest run that others can tell of, and
    /// so on.
    fn choose(&mut self) {
        let count = self.words.len();
        let mut chosen = vec![true; count];
        let mut order = Vec::with_capacity(count);
        for (at, word) in (0u64..).zip(&self.words) {
            order.push(u64::from(word.positions.bytes) << 32 | at);
        }
        let order = sorted(order);
        for &key in order.iter().rev() {
            let at = key as u32 as usize;
            // Left out, or taken back in where that leaves a word of which no other tells.
            for attempt in [false, true] {
                if let Some(chosen) = chosen.get_mut(at) {
                    *chosen = attempt;
                }
                let mut near = at.saturating_sub(CHAIN)..count.min(at + CHAIN + 1);
                if near.all(|at| self.is_told(at, &chosen)) {
                    break;
                }
            }
        }
        for key in order {
            let at = key as u32 as usize;
            if chosen.get(at) == Some(&true) {
                self.looked_up.push(at);
            }
        }
    }

    /// Whether a word's run tells of the word at another place.
    fn tells(&self, by: usize, at: usize) -> bool {
        let Some(word) = self.words.get(by) else {
            return false;
        };
        let steps = at.abs_diff(by);
        steps <= CHAIN
            && (1..=steps).all(|step| {
                let other = if by < at { by + step } else { by - step };
                let rank = self.words.get(other).and_then(|other| other.form.rank);
                rank.is_some_and(|rank| {
                    word.form.rank.is_none_or(|own| rank < own)
                        && (step == 1 || rank < COMMON_WORDS)
                })
            })
    }

    fn is_told(&self, at: usize, chosen: &[bool]) -> bool {
        let near = at.saturating_sub(CHAIN)..self.words.len().min(at + CHAIN + 1);
        near.into_iter()
            .any(|by| chosen.get(by) == Some(&true) && self.tells(by, at))
    }

    fn looked_up(&self) -> impl Iterator<Item = (usize, &Known)> {
        let word = |&at: &usize| Some((at, self.words.get(at)?));
        self.looked_up.iter().filter_map(word)
    }

    /// Adds the blocks that must be read: lists and runs of positions.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for a phrase of words so frequent that their positions are not kept.
    pub(crate) fn blocks(&self, engine: &Engine, out: &mut Vec<BlockRef>) -> Result<(), Failed> {
        let segment = engine.segment();
        for (_, word) in self.looked_up() {
            if word.positions.is_too_long() {
                return Err(too_large());
            }
            word.positions.blocks(&segment, out);
            if let Some(gaps) = word.gaps.filter(|_| self.looked_up.len() > 1) {
                gaps.blocks(&segment, out);
            }
            lists::blocks(engine, &word.source, true, out);
        }
        Ok(())
    }

    /// The papers that have the phrase, in order. The blocks must be at hand.
    pub(crate) fn documents(&self, engine: &mut Engine) -> Result<Vec<u32>, Failed> {
        // Places where the phrase may begin: paper, text, position.
        let mut begins: Option<Vec<u64>> = None;
        for (at, word) in self.looked_up() {
            let found = self.begins(engine, at, word, begins.as_deref())?;
            begins = Some(sorted(found));
        }
        let begins = begins.unwrap_or_default();
        let mut docs = Vec::new();
        for key in begins {
            let doc = (key >> 32) as u32;
            if docs.last() != Some(&doc) {
                docs.push(doc);
            }
        }
        Ok(docs)
    }

    /// Where the phrase may begin as far as the word at `at` can tell, of the places `before`.
    fn begins(
        &self,
        engine: &mut Engine,
        at: usize,
        word: &Known,
        before: Option<&[u64]>,
    ) -> Result<Vec<u64>, Failed> {
        let mut found = Vec::new();
        let (Some(list), Some(entry)) = (lists::read(engine, &word.source, true)?, word.entry())
        else {
            return Ok(found);
        };
        // What must stand beside it.
        let rank = |other: Option<usize>| {
            let other = other.filter(|&other| self.tells(at, other))?;
            self.words.get(other)?.form.rank
        };
        let mut wanted = [Chain::default(); 2];
        for (side, ranks) in wanted.iter_mut().enumerate() {
            for (step, wanted) in (1..).zip(ranks) {
                *wanted = rank(match side {
                    0 => at.checked_sub(step),
                    _ => at.checked_add(step),
                });
            }
        }
        let run = word.positions.read(engine)?;
        let alone = self.looked_up.len() == 1;
        let gaps = word.gaps.filter(|_| !alone);
        let gaps = gaps.map(|gaps| gaps.read(engine)).transpose()?;
        let mut decoder = PositionsDecoder::new(&run, word.gaps.is_some(), gaps.as_deref());
        for (number, &posting) in (0u32..).zip(list.postings.iter()) {
            let (doc, frequency) = unpack(posting);
            let in_title = number < entry.title_count;
            let read = decoder.posting(frequency, in_title, &mut |in_title, place| {
                let mut fits = true;
                for (wanted, beside) in wanted.iter().zip(&place.beside) {
                    for (wanted, is) in wanted.iter().zip(beside) {
                        fits &= wanted.is_none() || wanted == is;
                    }
                }
                let unwanted = match in_title {
                    true => PhraseField::Abstract,
                    false => PhraseField::Title,
                };
                if place.form == word.form.number
                    && self.field != unwanted
                    && fits
                    && let Some(start) = match alone {
                        true => Some(0),
                        false => place.position.checked_sub(at as u32),
                    }
                {
                    let text = u64::from(doc) << 1 | u64::from(in_title);
                    let key = text << 31 | u64::from(start);
                    if before.is_none_or(|before| before.binary_search(&key).is_ok()) {
                        found.push(key);
                    }
                }
            });
            read.map_err(|fault| word.positions.bad(fault))?;
            if found.len() > limits::BEGINNINGS {
                return Err(too_large());
            }
        }
        Ok(found)
    }
}

/// Finds the papers that have a phrase.
pub struct PhraseTask {
    phrase: Phrase,
    plan: Option<Plan>,
}

impl PhraseTask {
    /// Asks for the papers with the words of `text`, one after the other.
    #[must_use]
    pub fn new(engine: &mut Engine, text: &str, field: PhraseField) -> PhraseTask {
        engine.trim();
        PhraseTask {
            phrase: Phrase::new(text, field),
            plan: None,
        }
    }
}

impl Task for PhraseTask {
    /// Document numbers, in order.
    type Output = Vec<u32>;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Vec<u32>>, Failed> {
        let plan = match &self.plan {
            Some(plan) => plan,
            None => {
                let mut shards = Vec::new();
                self.phrase.shards(&engine.segment(), &mut shards);
                let block = |number| {
                    let section = Section::Terms;
                    offprint_format::BlockId { section, number }.whole()
                };
                let missing = engine.missing(shards.into_iter().map(block).collect())?;
                if !missing.is_empty() {
                    return Ok(Step::Need(missing));
                }
                self.plan.insert(self.phrase.plan(engine)?)
            }
        };
        let mut blocks = Vec::new();
        plan.blocks(engine, &mut blocks)?;
        let missing = engine.missing(blocks)?;
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        Ok(Step::Done(plan.documents(engine)?))
    }
}
