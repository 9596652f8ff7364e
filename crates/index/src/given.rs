//! Weights of terms that come from elsewhere, such as from a learned sparse encoder, to what they
//! are worth as expansions.
//!
//! Whatever unit they have, nobody need say it: the weight that one in twenty of a collection's
//! reaches is worth a high level, others are worth less in proportion.

use offprint_analysis::{TokenKind, Tokenizer, is_stop_word, stem};
use offprint_papers::Scratch;

use std::sync::Arc;

use crate::chunk::Piece;
use crate::interner::Interner;
use crate::pipeline::{pipeline, threads};
use crate::runs::{Pieces, Runs};
use crate::varint;
use crate::vocabulary::Vocabulary;
use crate::{Error, Progress, Resources, Source};

/// Papers that a thread works on at a time. Nothing that is written hangs on it.
const UNIT: usize = 1024;
/// One in so many weights is worth the most.
const STRONG: u64 = 20;
/// What that is, in the unit of [`offprint_format::impact`].
const HIGHEST: f64 = 492.0;

/// What WordPiece, which most such encoders cut words by, puts before what does not begin a word.
const PIECE: &str = "##";

/// What became of the terms that were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Pairs of a paper and a term of a weight above 0.
    pub terms: u64,
    /// Of these, what is no single word, such as a piece of one (`##ing`).
    pub not_words: u64,
    /// Function words: a query hardly ever asks for one alone.
    pub function_words: u64,
    /// Words that no paper of the collection has, in any form.
    pub unknown: u64,
    /// One of these, the first of the first paper that has one.
    pub unknown_example: Option<String>,
    /// Words of a paper whose stem was given for it with a larger weight too.
    pub repeated: u64,
    /// Words of too small a weight, and those that make a word's list too long.
    pub weak: u64,
    /// Words that add to the scores of their papers.
    pub used: u64,
}

impl Given {
    fn add(&mut self, other: Given) {
        self.terms += other.terms;
        self.not_words += other.not_words;
        self.function_words += other.function_words;
        self.unknown += other.unknown;
        self.repeated += other.repeated;
        if self.unknown_example.is_none() {
            self.unknown_example = other.unknown_example;
        }
    }
}

/// A weight in 16 bits: the upper half of its bits as a float, which rise as it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight(u16);

/// Weights are positive, so the uppermost bit of one is never set.
const WEIGHTS: usize = 1 << 15;

impl Weight {
    fn new(weight: f32) -> Self {
        Weight((weight.to_bits() >> 16) as u16)
    }

    fn get(self) -> f64 {
        f64::from(f32::from_bits(u32::from(self.0) << 16))
    }

    /// As it is stored.
    pub(crate) fn from_bytes(bytes: [u8; 2]) -> Self {
        Weight(u16::from_le_bytes(bytes))
    }
}

/// The given words of each paper.
pub(crate) struct Words {
    /// By stem, each paper and its weight.
    pub(crate) runs: Runs,
    pub(crate) scale: Scale,
    /// What became of them so far.
    pub(crate) counts: Given,
}

impl Words {
    /// None.
    pub(crate) fn none(scratch: Arc<dyn Scratch>) -> Self {
        Words {
            runs: Runs::new(scratch, 0),
            scale: Scale::default(),
            counts: Given::default(),
        }
    }
}

/// What weights are worth: the weight that is worth the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scale(Weight);

impl Scale {
    /// Of how often each weight stands: the least of the strongest, one in [`STRONG`] of all.
    fn of(weights: &[u64]) -> Scale {
        let all: u64 = weights.iter().sum();
        let mut left = all.div_ceil(STRONG);
        for (weight, &count) in weights.iter().enumerate().rev() {
            if count > 0 && count >= left {
                return Scale(Weight(weight as u16));
            }
            left -= count.min(left);
        }
        Scale::default()
    }

    /// What a weight is worth, in the unit of [`offprint_format::impact`].
    pub(crate) fn value(self, weight: Weight) -> u32 {
        let share = weight.get() / self.0.get().max(f64::MIN_POSITIVE);
        (share.min(1.0) * HIGHEST) as u32
    }
}

/// Stems by their text.
struct Stems {
    stems: Interner,
    /// The collection's number of each.
    numbers: Vec<u32>,
}

impl Stems {
    fn of(vocabulary: &Vocabulary) -> Stems {
        let (mut stems, mut numbers) = (Interner::default(), Vec::new());
        for (word, &number) in (0..).zip(&vocabulary.stem_of) {
            let (_, new) = stems.number(&stem(vocabulary.words.get(word)));
            if new {
                numbers.push(number);
            }
        }
        Stems { stems, numbers }
    }

    fn find(&self, word: &str) -> Option<u32> {
        let at = self.stems.find(&stem(word))?;
        self.numbers.get(at as usize).copied()
    }
}

/// Makes of the weights of papers that follow each other what is stored.
struct Unit<'a> {
    stems: &'a Stems,
    tokenizer: Tokenizer,
    counts: Given,
    /// Stem and weight of the paper at hand; stem, document and weight of all.
    paper: Vec<(u32, Weight)>,
    made: Vec<(u32, u32, Weight)>,
    /// How often each weight stands.
    weights: Vec<u32>,
}

impl Unit<'_> {
    /// Takes in a term of the paper at hand.
    fn term(&mut self, term: &str, weight: f32) {
        self.counts.terms += 1;
        let term = term.trim();
        let mut word = String::new();
        // The word that is all of it, or else the other form: `c++`, `bytepair` for `byte-pair`.
        self.tokenizer.tokenize(term, &mut |token| {
            let whole = token.start == 0 && token.end == term.len();
            if whole && (word.is_empty() || token.kind == TokenKind::Word) {
                word.clear();
                word.push_str(token.term);
            }
        });
        if word.is_empty() || term.starts_with(PIECE) {
            self.counts.not_words += 1;
        } else if is_stop_word(&word) {
            self.counts.function_words += 1;
        } else if let Some(stem) = self.stems.find(&word) {
            self.paper.push((stem, Weight::new(weight)));
        } else {
            self.counts.unknown += 1;
            self.counts.unknown_example.get_or_insert(word);
        }
    }

    /// Ends the paper at hand: of each stem the largest weight stays.
    fn end(&mut self, doc: u32) {
        let before = self.paper.len();
        self.paper
            .sort_unstable_by_key(|&(stem, weight)| (stem, std::cmp::Reverse(weight)));
        self.paper.dedup_by_key(|(stem, _)| *stem);
        self.counts.repeated += (before - self.paper.len()) as u64;
        for (stem, weight) in self.paper.drain(..) {
            if let Some(count) = self.weights.get_mut(usize::from(weight.0)) {
                *count += 1;
            }
            self.made.push((stem, doc, weight));
        }
    }

    fn finish(mut self) -> (Pieces, Vec<u32>, Given) {
        self.made.sort_unstable();
        let mut pieces = Pieces {
            pieces: Vec::new(),
            bytes: Vec::new(),
            places: Vec::new(),
        };
        for group in self.made.chunk_by(|one, other| one.0 == other.0) {
            let start = pieces.bytes.len() as u32;
            let mut last = 0;
            for &(_, doc, weight) in group {
                varint::put(&mut pieces.bytes, doc - last);
                pieces.bytes.extend_from_slice(&weight.0.to_le_bytes());
                last = doc;
            }
            pieces.pieces.push(Piece {
                term: group.first().map_or(0, |made| made.0),
                count: group.len() as u32,
                last,
                start,
                end: pieces.bytes.len() as u32,
                ..Piece::default()
            });
        }
        (pieces, self.weights, self.counts)
    }
}

/// Reads all weights, in the order of documents.
pub(crate) fn read(
    papers: &(impl Source + ?Sized),
    order: &[u32],
    vocabulary: &Vocabulary,
    resources: &Resources,
    progress: &mut dyn FnMut(Progress),
) -> Result<Words, Error> {
    let mut words = Words::none(Arc::clone(&resources.scratch));
    if !papers.is_weighted() {
        return Ok(words);
    }
    words.runs = Runs::new(Arc::clone(&resources.scratch), resources.budget());
    let stems = Stems::of(vocabulary);
    let mut units = (0u32..).step_by(UNIT).zip(order.chunks(UNIT));
    let mut weights = vec![0u64; WEIGHTS];
    let mut done = 0;
    pipeline(
        || Ok(units.by_ref().take(threads() * 2).collect()),
        |(first, places)| {
            let mut unit = Unit {
                stems: &stems,
                tokenizer: Tokenizer::default(),
                counts: Given::default(),
                paper: Vec::new(),
                made: Vec::new(),
                weights: vec![0; WEIGHTS],
            };
            for (doc, &place) in (first..).zip(places) {
                let each = &mut |term: &str, weight| unit.term(term, weight);
                let read = papers.weights(place as usize, each);
                read.map_err(Error::Scratch)?;
                unit.end(doc);
            }
            Ok(unit.finish())
        },
        |(pieces, its, counts)| {
            for (sum, its) in weights.iter_mut().zip(its) {
                *sum += u64::from(its);
            }
            words.counts.add(counts);
            done += UNIT as u64;
            progress(Progress {
                phase: "reading expansions",
                done: done.min(order.len() as u64),
                total: order.len() as u64,
            });
            words.runs.add(pieces)
        },
    )?;
    words.scale = Scale::of(&weights);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(weights: &[f32]) -> Vec<u64> {
        let mut counts = vec![0; WEIGHTS];
        for &weight in weights {
            if let Some(count) = counts.get_mut(usize::from(Weight::new(weight).0)) {
                *count += 1;
            }
        }
        counts
    }

    #[test]
    fn one_in_twenty_weights_is_strong() {
        let weights: Vec<f32> = (1..=100u8).map(f32::from).collect();
        assert_eq!(Scale::of(&counted(&weights)), Scale(Weight::new(96.0)));
        assert_eq!(Scale::of(&counted(&[0.25])), Scale(Weight::new(0.25)));
        assert_eq!(Scale::of(&counted(&[3.0, 1e30])), Scale(Weight::new(1e30)));
        assert_eq!(Scale::of(&counted(&[])), Scale(Weight::default()));
    }

    #[test]
    fn the_unit_of_weights_does_not_show() {
        let of = |unit: f32| {
            let scale = Scale(Weight::new(unit));
            [0.01, 0.25, 0.5, 1.0, 7.0].map(|weight| scale.value(Weight::new(weight * unit)))
        };
        assert_eq!(of(1.0), [4, 123, 246, 492, 492]);
        assert_eq!(of(64.0), of(1.0));
        assert_eq!(of(1.0 / 1024.0), of(1.0));
        assert_eq!(Scale::default().value(Weight::new(1.0)), 492);
    }
}
