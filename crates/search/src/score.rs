//! Scores: what each paper gets for each word, and who comes first.

use std::collections::BinaryHeap;
use std::rc::Rc;

use offprint_format::{NAME_VALUE, PrefixEntry, Segment, expanded, impact, term_weight};

use crate::engine::Engine;
use crate::error::Failed;
use crate::lists::{self, FREQUENCIES, NAME};
use crate::passing::Passing;
use crate::query::{Query, Times};
use crate::resolve::{Resolved, Source};

/// A paper's place in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub(crate) doc: u32,
    pub(crate) score: u32,
    pub(crate) all_words: bool,
}

/// Bits of a document number in a key: there are at most 2^22 papers.
const DOC_BITS: u32 = 24;

impl Ranked {
    /// A number that sorts hits: all words first, then by score, then by document.
    fn key(self) -> u64 {
        let rank = u64::from(!self.all_words) << 32 | u64::from(u32::MAX - self.score);
        rank << DOC_BITS | u64::from(self.doc)
    }

    fn from_key(key: u64) -> Ranked {
        Ranked {
            doc: (key & ((1 << DOC_BITS) - 1)) as u32,
            score: u32::MAX - (key >> DOC_BITS) as u32,
            all_words: key >> (DOC_BITS + 32) == 0,
        }
    }
}

/// Who has what, and the first of them.
#[derive(Default)]
pub(crate) struct Ranking {
    pub(crate) total: u32,
    pub(crate) total_any: u32,
    pub(crate) exact: bool,
    pub(crate) settled: bool,
    /// Whether every paper with all words was seen.
    pub(crate) seen: bool,
    pub(crate) hits: Vec<Ranked>,
    /// In an order by date, papers that stand where the page begins or ends and whose date is, as
    /// far as it is known, that of the paper before.
    pub(crate) tied: Vec<u32>,
}

/// What a word's frequency in a paper is worth, by the paper's class of length.
pub(crate) struct Worth {
    /// Class of each paper.
    class: Vec<u8>,
    /// For each class, the impact of each frequency; that of an author's word is the first.
    values: Vec<[u32; FREQUENCIES]>,
}

impl Worth {
    pub(crate) fn new(segment: &Segment) -> Worth {
        let mut class = Vec::with_capacity(segment.papers as usize);
        let mut values = Vec::with_capacity(segment.lengths.len());
        for (at, lengths) in segment.lengths.iter().enumerate() {
            class.resize(class.len() + lengths.papers as usize, at as u8);
            values.push(std::array::from_fn(|frequency| match frequency as u8 {
                NAME => NAME_VALUE,
                _ => impact(frequency as u32, lengths.norm),
            }));
        }
        Worth { class, values }
    }

    /// The impact of a decoded posting's frequency, at least 1.
    fn of(&self, doc: u32, frequency: u8) -> u32 {
        let class = self.class.get(doc as usize).copied().unwrap_or(0);
        let values = self.values.get(usize::from(class));
        let value = values.and_then(|values| values.get(usize::from(frequency)));
        value.map_or(1, |&value| value.max(1))
    }
}

/// Postings of lists: those read, and those there are.
#[derive(Clone, Copy, Default)]
struct Counts {
    read: u64,
    all: u64,
}

/// What each paper of a collection gets. It is kept from question to question, all zero between
/// them, since few papers meet a question and clearing all of them took most of its time.
#[derive(Default)]
pub(crate) struct Sums {
    scores: Vec<u32>,
    /// What papers get by their neighbours.
    extra: Vec<u32>,
    /// Which words each paper has.
    words: Vec<u64>,
    /// What each paper gets for the word at hand; 0 where it lacks it.
    gain: Vec<u32>,
    /// Papers that got anything, in no order.
    met: Vec<u32>,
}

impl Sums {
    /// Notes a paper before it gets anything: a word, or something by its neighbours.
    fn meet(&mut self, doc: u32) {
        let at = doc as usize;
        if self.words.get(at) == Some(&0) && self.extra.get(at) == Some(&0) {
            self.met.push(doc);
        }
    }

    /// Makes all zero again. What was gained for a word is taken back by then.
    fn clear(&mut self) {
        for doc in self.met.drain(..) {
            let at = doc as usize;
            if let (Some(score), Some(extra), Some(words)) = (
                self.scores.get_mut(at),
                self.extra.get_mut(at),
                self.words.get_mut(at),
            ) {
                (*score, *extra, *words) = (0, 0, 0);
            }
        }
    }
}

/// Adds up, paper by paper.
pub(crate) struct Scorer<'a> {
    segment: &'a Segment,
    worth: Rc<Worth>,
    sums: Sums,
    touched: Vec<u32>,
    /// Words that a paper need not have: their lists name only the best papers.
    loose: u64,
    /// Papers behind a loose word.
    loose_count: u32,
    /// Whether no list was read in part.
    settled: bool,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(engine: &mut Engine, segment: &'a Segment) -> Self {
        let papers = segment.papers as usize;
        // Where a question ended in an error, it is gone.
        let mut sums = engine.take_sums();
        sums.scores.resize(papers, 0);
        sums.extra.resize(papers, 0);
        sums.words.resize(papers, 0);
        sums.gain.resize(papers, 0);
        Scorer {
            segment,
            worth: engine.worth(),
            sums,
            touched: Vec::new(),
            loose: 0,
            loose_count: 0,
            settled: true,
        }
    }

    fn see(&mut self, doc: u32, gain: u32) {
        if let Some(best) = self.sums.gain.get_mut(doc as usize) {
            if *best == 0 {
                self.touched.push(doc);
            }
            *best = (*best).max(gain);
        }
    }

    /// Reads a list and sees each of its papers with its impact times `weight(count)`.
    fn read(
        &mut self,
        engine: &mut Engine,
        source: &Source,
        whole: bool,
        weight: &dyn Fn(u32) -> u32,
    ) -> Result<Counts, Failed> {
        let Some(list) = lists::read(engine, source, whole)? else {
            return Ok(Counts::default());
        };
        self.settled &= list.settled;
        let weight = weight(list.count);
        let worth = Rc::clone(&self.worth);
        for &posting in list.postings.iter() {
            let (doc, frequency) = lists::unpack(posting);
            self.see(doc, weight * worth.of(doc, frequency));
        }
        Ok(Counts {
            read: list.postings.len() as u64,
            all: u64::from(list.count),
        })
    }

    fn read_listed(&mut self, engine: &mut Engine, listed: &PrefixEntry) -> Result<(), Failed> {
        let (best, rest) = lists::read_prefix(engine, listed)?;
        let worth = Rc::clone(&self.worth);
        for &posting in best.iter() {
            let (doc, frequency) = lists::unpack(posting);
            self.see(doc, worth.of(doc, frequency));
        }
        for doc in rest {
            self.see(doc, 1);
        }
        Ok(())
    }

    /// What a paper has got for its own words so far.
    pub(crate) fn earned(&self, doc: u32) -> u32 {
        self.sums.scores.get(doc as usize).copied().unwrap_or(0)
    }

    /// Adds the gains of the word or form `bits` stands for.
    fn settle(&mut self, bits: u64, times: Times) {
        for doc in self.touched.drain(..) {
            self.sums.meet(doc);
            let at = doc as usize;
            if let (Some(gain), Some(score), Some(words)) = (
                self.sums.gain.get_mut(at),
                self.sums.scores.get_mut(at),
                self.sums.words.get_mut(at),
            ) {
                let times = match times {
                    Times::Each(times) => times,
                    Times::Lacking => u32::from(*words & bits != bits),
                };
                *score = score.saturating_add(gain.saturating_mul(times));
                *words |= bits;
                *gain = 0;
            }
        }
    }

    /// Scores a word (one bit) or another form of some words (their bits); with `whole`, long lists
    /// are read to their ends. Gives how many papers it met.
    pub(crate) fn add(
        &mut self,
        engine: &mut Engine,
        resolved: &Resolved,
        bits: u64,
        times: Times,
        whole: bool,
    ) -> Result<u32, Failed> {
        let papers = self.segment.papers;
        // Every word with the prefix counts as one term: a rare word among them is not what the
        // reader meant more than a frequent one.
        let mut counts = Counts::default();
        for source in &resolved.spread {
            let list = self.read(engine, source, whole, &|_| 1)?;
            counts.read += list.read;
            counts.all += list.all;
        }
        // Of lists read in part, so many papers are expected in all.
        let union = self.touched.len() as u64 * counts.all / counts.read.max(1);
        let mut count = union.min(u64::from(papers)) as u32;
        if let Some(listed) = &resolved.listed {
            self.read_listed(engine, listed)?;
            count = listed.count;
            if resolved.is_loose() {
                self.loose |= bits;
                self.loose_count = listed.count;
            }
        }
        let weight = term_weight(count, papers);
        for &doc in &self.touched {
            if let Some(gain) = self.sums.gain.get_mut(doc as usize) {
                *gain *= weight;
            }
        }
        for source in &resolved.exact {
            self.read(engine, source, whole, &|count| term_weight(count, papers))?;
        }
        let met = self.touched.len() as u32;
        self.settle(bits, times);
        Ok(met)
    }

    /// Marks a paper that has a phrase, or is what the query asks; its score stays.
    pub(crate) fn mark(&mut self, doc: u32, bit: u64) {
        self.sums.meet(doc);
        if let Some(words) = self.sums.words.get_mut(doc as usize) {
            *words |= bit;
        }
    }

    /// Adds what a word is worth to papers whose neighbours hold it. They need not hold it, and do
    /// not count as if they did.
    pub(crate) fn expand(
        &mut self,
        engine: &mut Engine,
        resolved: &Resolved,
        times: u32,
    ) -> Result<(), Failed> {
        for source in &resolved.expanded {
            let weight = term_weight(lists::counts(source).1, self.segment.papers);
            for &one in lists::expansions(engine, source)?.iter() {
                let (doc, value) = expanded(one);
                let gain = (weight * value).saturating_mul(times);
                if gain > 0 {
                    self.sums.meet(doc);
                }
                if let Some(extra) = self.sums.extra.get_mut(doc as usize) {
                    *extra = extra.saturating_add(gain);
                }
            }
        }
        Ok(())
    }

    /// Which words a paper has.
    fn words(&self, doc: u32) -> u64 {
        self.sums.words.get(doc as usize).copied().unwrap_or(0)
    }

    /// A paper's score, with what it gets by its neighbours.
    fn total(&self, doc: u32, all_words: bool) -> u32 {
        let extra = self.sums.extra.get(doc as usize).copied().unwrap_or(0);
        // A paper that says all the words speaks for itself.
        let share = if all_words { 4 } else { 1 };
        self.earned(doc).saturating_add(extra / share)
    }

    /// What a paper gets by its neighbours.
    pub(crate) fn lent(&self, query: &Query, doc: u32) -> u32 {
        let required = query.soft & !self.loose;
        self.total(doc, self.words(doc) & required == required) - self.earned(doc)
    }

    /// The hits after `offset`, at most `limit` of them.
    pub(crate) fn rank(
        mut self,
        engine: &mut Engine,
        query: &Query,
        passing: &mut Passing,
        offset: usize,
        limit: usize,
    ) -> Ranking {
        let required = query.soft & !self.loose;
        let positive = query.wanted();
        let browse = passing.browse;
        let end = offset.saturating_add(limit);
        let keep = end.saturating_add(usize::from(passing.by_date()));
        // The smallest keys are the best hits; the largest of those kept lies on top.
        let mut best: BinaryHeap<u64> = BinaryHeap::new();
        let (mut total, mut total_any) = (0, 0);
        let met = std::mem::take(&mut self.sums.met);
        let count = match browse {
            true => self.segment.papers as usize,
            false => met.len(),
        };
        // Few sets of words are common, and asking whether one will do can take long.
        let mut known = [(0, query.admits(0)); 64];
        let mut admits = |words: u64| {
            let place = words.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58;
            let Some(kept) = known.get_mut(place as usize) else {
                return query.admits(words);
            };
            if kept.0 != words {
                *kept = (words, query.admits(words));
            }
            kept.1
        };
        for at in 0..count {
            let doc = match browse {
                true => at as u32,
                false => met.get(at).copied().unwrap_or(0),
            };
            let words = self.words(doc);
            let all_words = words & required == required;
            if (words & positive != 0 || browse)
                && admits(words | self.loose)
                && passing.admits(doc, all_words)
            {
                total_any += 1;
                total += u32::from(all_words);
                let key = Ranked {
                    doc,
                    score: passing.rank(doc, self.total(doc, all_words)),
                    all_words,
                }
                .key();
                if best.len() < keep {
                    best.push(key);
                } else if let Some(mut worst) = best.peek_mut().filter(|worst| **worst > key) {
                    *worst = key;
                }
            }
        }
        let loose = self.loose != 0 && (required != 0 || passing.narrows || !query.is_plain());
        if self.loose != 0 && !loose {
            (total, total_any) = (self.loose_count, self.loose_count);
        }
        let keys = best.into_sorted_vec();
        let mut tied = Vec::new();
        let mut hits = Vec::new();
        let mut before = None;
        for (at, &key) in keys.iter().enumerate() {
            let mut hit = Ranked::from_key(key);
            let rank = Some(key >> DOC_BITS);
            if (at == offset || at == end) && before == rank {
                tied.push(hit.doc);
            }
            before = rank;
            if at >= offset && at < end {
                hit.score = self.total(hit.doc, hit.all_words);
                hits.push(hit);
            }
        }
        self.sums.met = met;
        self.sums.clear();
        engine.keep_sums(self.sums);
        // A single beginning of a word has an exact count even where not all its papers are listed.
        Ranking {
            total,
            total_any,
            exact: self.settled && !loose,
            settled: self.settled,
            seen: self.loose == 0,
            hits,
            tied,
        }
    }
}
