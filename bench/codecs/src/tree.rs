//! An adaptive tree of impact codes between known bounds.

use crate::range_coder::{Bit, Decoder, Encoder};

/// Impact codes.
pub(crate) const LEVELS: usize = 32;

/// How many postings have each impact code.
pub(crate) type Histogram = [u64; LEVELS];

/// An adaptive tree of the codes in `low..high`, started from a distribution; only decisions that
/// the bounds leave open are coded.
#[derive(Clone)]
pub(crate) struct Tree {
    low: u8,
    high: u8,
    models: [Bit; LEVELS],
    /// Whether it learns.
    learns: bool,
}

impl Tree {
    pub(crate) fn new(counts: &Histogram, low: u8, high: u8) -> Tree {
        let mut models = [Bit::EVEN; LEVELS];
        for (node, model) in models.iter_mut().enumerate().skip(1) {
            let depth = node.ilog2();
            let width = LEVELS >> depth;
            let first = (node - (1 << depth)) * width;
            let sum = |from: usize, to: usize| -> u64 {
                (from..to)
                    .filter(|code| (usize::from(low)..usize::from(high)).contains(code))
                    .filter_map(|code| counts.get(code))
                    .sum()
            };
            let (zero, all) = (sum(first, first + width / 2), sum(first, first + width));
            if let Some(share) = (zero * 256 + all / 2).checked_div(all) {
                *model = Bit::prior(share.clamp(1, 255) as u8, 12);
            }
        }
        Tree {
            low,
            high,
            models,
            learns: true,
        }
    }

    /// The same, but it stays as it is.
    pub(crate) fn fixed(mut self) -> Tree {
        self.learns = false;
        self
    }

    /// Goes down the tree; `decide` says or takes each bit that is open.
    fn walk(&mut self, mut decide: impl FnMut(u8, &mut Bit) -> bool) -> u8 {
        let (mut first, mut end, mut node) = (0u8, LEVELS as u8, 1);
        while end - first > 1 {
            let middle = u8::midpoint(first, end);
            let bit = if self.high <= middle {
                false
            } else if self.low >= middle {
                true
            } else {
                self.models.get_mut(node).is_some_and(|model| {
                    let mut kept = *model;
                    decide(middle, if self.learns { model } else { &mut kept })
                })
            };
            node = node * 2 + usize::from(bit);
            if bit {
                first = middle;
            } else {
                end = middle;
            }
        }
        first
    }

    pub(crate) fn put(&mut self, coder: &mut Encoder, code: u8) {
        self.walk(|middle, model| {
            coder.bit(model, code >= middle);
            code >= middle
        });
    }

    pub(crate) fn get(&mut self, coder: &mut Decoder<'_>) -> u8 {
        self.walk(|_, model| coder.bit(model))
    }
}
