//! The probability models of postings: what the coder knows of a list before it reads it.

use crate::postings::{Posting, code};
use crate::range_coder::{Bit, Decoder, Encoder};

/// Number of frequency codes: five bits.
pub const FREQUENCIES: u8 = 32;

const FREQUENCY_BITS: u32 = 5;
/// Inner nodes of a tree of frequency codes.
pub(crate) const NODES: usize = FREQUENCIES as usize - 1;

/// How many observations a prior from the manifest is worth.
pub(crate) const PRIOR_WEIGHT: u16 = 12;

/// The collection's distribution of frequency codes, as a binary tree: for each inner node, in heap
/// order, the probability of the lower half in 1/256.
#[derive(Clone, Debug, PartialEq, Eq, bincode::Encode)]
pub struct FrequencyPriors {
    /// For postings of papers that have the word in their title.
    pub title: [u8; NODES],
    /// For the others.
    pub body: [u8; NODES],
    /// Probability, in 1/256, that a paper with the word in its title lacks it in its abstract.
    pub title_only: u8,
}

impl Default for FrequencyPriors {
    fn default() -> Self {
        FrequencyPriors {
            title: [128; NODES],
            body: [128; NODES],
            title_only: 128,
        }
    }
}

/// Counts frequency codes while an index is built, to make [`FrequencyPriors`].
#[derive(Clone, Debug, Default)]
pub struct FrequencyTally {
    title: [u64; FREQUENCIES as usize],
    body: [u64; FREQUENCIES as usize],
    title_only: u64,
}

impl FrequencyTally {
    /// Counts a posting of the title's or of the body's part.
    pub fn count(&mut self, posting: Posting, title: bool) {
        let counts = if title {
            self.title_only += u64::from(!posting.in_abstract);
            &mut self.title
        } else {
            &mut self.body
        };
        let code = code(posting.frequency, title);
        if let Some(count) = counts.get_mut(usize::from(code)) {
            *count += 1;
        }
    }

    /// Adds what another has counted.
    pub fn join(&mut self, other: &FrequencyTally) {
        let ours = self.title.iter_mut().chain(&mut self.body);
        for (ours, theirs) in ours.zip(other.title.iter().chain(&other.body)) {
            *ours += theirs;
        }
        self.title_only += other.title_only;
    }

    /// The priors that these counts make.
    #[must_use]
    pub fn priors(&self) -> FrequencyPriors {
        let titles = self.title.iter().sum();
        FrequencyPriors {
            title: tree(&self.title),
            body: tree(&self.body),
            title_only: share(self.title_only, titles),
        }
    }
}

fn share(part: u64, whole: u64) -> u8 {
    ((part * 256 + whole / 2) / whole.max(1)).clamp(1, 255) as u8
}

fn tree(counts: &[u64; FREQUENCIES as usize]) -> [u8; NODES] {
    let mut tree = [128; NODES];
    for (at, slot) in tree.iter_mut().enumerate() {
        // Node `at` (from 0, heap order) covers `width` codes from `first`.
        let depth = (at + 1).ilog2();
        let width = usize::from(FREQUENCIES) >> depth;
        let first = (at + 1 - (1 << depth)) * width;
        let sum = |from: usize, len: usize| -> u64 { counts.iter().skip(from).take(len).sum() };
        let whole = sum(first, width);
        if whole > 0 {
            *slot = share(sum(first, width / 2), whole);
        }
    }
    tree
}

/// An adaptive tree of frequency codes.
#[derive(Clone, Debug)]
pub(crate) struct FrequencyTree([Bit; NODES]);

impl FrequencyTree {
    pub(crate) const EVEN: FrequencyTree = FrequencyTree([Bit::EVEN; NODES]);

    pub(crate) fn new(prior: &[u8; NODES]) -> Self {
        FrequencyTree(prior.map(|zero| Bit::prior(zero, PRIOR_WEIGHT)))
    }

    pub(crate) fn encode(&mut self, coder: &mut Encoder, code: u8) {
        put_tree(coder, &mut self.0, FREQUENCY_BITS, u32::from(code));
    }

    pub(crate) fn decode(&mut self, coder: &mut Decoder<'_>) -> u8 {
        get_tree(coder, &mut self.0, FREQUENCY_BITS) as u8
    }
}

/// Codes a number of so many bits, the highest first, by a tree of models in heap order.
pub(crate) fn put_tree(coder: &mut Encoder, tree: &mut [Bit], bits: u32, value: u32) {
    let mut node = 1usize;
    for shift in (0..bits).rev() {
        let bit = (value >> shift) & 1 == 1;
        if let Some(model) = tree.get_mut(node - 1) {
            coder.bit(model, bit);
        }
        node = node * 2 + usize::from(bit);
    }
}

/// Reads a number of so many bits.
pub(crate) fn get_tree(coder: &mut Decoder<'_>, tree: &mut [Bit], bits: u32) -> u32 {
    let mut node = 1usize;
    for _ in 0..bits {
        let bit = tree.get_mut(node - 1).is_some_and(|model| coder.bit(model));
        node = node * 2 + usize::from(bit);
    }
    (node - (1 << bits)) as u32
}

/// The models of one stream of postings.
#[derive(Clone, Debug)]
pub(crate) struct PostingModels {
    pub(crate) title: FrequencyTree,
    pub(crate) body: FrequencyTree,
    pub(crate) in_abstract: Bit,
}

impl PostingModels {
    pub(crate) fn new(priors: &FrequencyPriors) -> Self {
        PostingModels {
            title: FrequencyTree::new(&priors.title),
            body: FrequencyTree::new(&priors.body),
            in_abstract: Bit::prior(priors.title_only, PRIOR_WEIGHT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_follow_the_counts() {
        let mut tally = FrequencyTally::default();
        for frequency in [2, 2, 2, 31] {
            let posting = Posting {
                doc: 0,
                frequency,
                in_abstract: true,
            };
            tally.count(posting, false);
        }
        let priors = tally.priors();
        assert_eq!(
            priors.body.first(),
            Some(&192),
            "three of four lie in the lower half"
        );
        assert_eq!(
            priors.body.get(1),
            Some(&255),
            "all of those in the lower quarter"
        );
        assert_eq!(priors.title, [128; NODES]);
    }
}
