//! How frequencies become impacts, and how impacts are distributed.
//!
//! An impact hangs on the mean length of all papers, which is known when the last one was read.
//! So what it is made of is counted on the way: few papers differ in length, frequency and kind.

use std::collections::HashMap;

use offprint_format::{ImpactPriors, ImpactTally, impact_code};

use crate::varint::Frequency;
use crate::{B, K1, TITLE_WEIGHT};

/// Weighted number of occurrences.
pub(crate) fn weighted(frequency: Frequency) -> u32 {
    u32::from(frequency.title) * TITLE_WEIGHT + u32::from(frequency.body)
}

/// The impact of a word in a paper; `norm` is of the paper's length.
pub(crate) fn impact(weighted: u32, norm: f64) -> u8 {
    let weighted = f64::from(weighted);
    impact_code(weighted / (weighted + norm))
}

/// What a paper's length does to the impacts of its words.
pub(crate) fn norm(length: u32, mean_length: f64) -> f64 {
    K1 * (1.0 - B + B * f64::from(length) / mean_length)
}

/// Where a word stands in a paper.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Both,
    Title,
    Body,
}

const KINDS: [Kind; 3] = [Kind::Both, Kind::Title, Kind::Body];
/// Weighted numbers below this are counted without a hash table.
const FEW: usize = 64;

/// Counts postings by what their impact is made of.
pub(crate) struct Tally {
    /// By length, weighted number and kind.
    counts: HashMap<(u32, u32, u8), u64>,
    /// Of the paper at hand: by kind and weighted number.
    paper: [[u32; FEW]; 3],
}

impl Default for Tally {
    fn default() -> Self {
        Tally {
            counts: HashMap::new(),
            paper: [[0; FEW]; 3],
        }
    }
}

impl Tally {
    /// Counts a posting of the paper at hand, which is `length` long.
    pub(crate) fn add(&mut self, frequency: Frequency, length: u32) {
        let kind = match (frequency.title > 0, frequency.body > 0) {
            (true, true) => Kind::Both,
            (true, false) => Kind::Title,
            (false, _) => Kind::Body,
        };
        let weighted = weighted(frequency);
        let row = self.paper.get_mut(kind as usize);
        match row.and_then(|row| row.get_mut(weighted as usize)) {
            Some(count) => *count += 1,
            None => {
                *self
                    .counts
                    .entry((length, weighted, kind as u8))
                    .or_default() += 1
            }
        }
    }

    /// The paper at hand is through.
    pub(crate) fn close(&mut self, length: u32) {
        for (kind, row) in self.paper.iter_mut().enumerate() {
            for (weighted, count) in row.iter_mut().enumerate().filter(|(_, count)| **count > 0) {
                let key = (length, weighted as u32, kind as u8);
                *self.counts.entry(key).or_default() += u64::from(std::mem::take(count));
            }
        }
    }

    /// Adds what another has counted.
    pub(crate) fn join(&mut self, other: &Tally) {
        for (&key, &count) in &other.counts {
            *self.counts.entry(key).or_default() += count;
        }
    }

    /// The distribution of impacts.
    pub(crate) fn priors(&self, mean_length: f64) -> ImpactPriors {
        let mut tally = ImpactTally::default();
        for (&(length, weighted, kind), &count) in &self.counts {
            let impact = impact(weighted, norm(length, mean_length));
            let kind = KINDS.get(usize::from(kind)).copied();
            for _ in 0..count {
                match kind {
                    Some(Kind::Both) => tally.title(impact, true),
                    Some(Kind::Title) => tally.title(impact, false),
                    _ => tally.body(impact),
                }
            }
        }
        tally.priors()
    }
}
