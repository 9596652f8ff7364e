//! Expansions: papers whose neighbours hold a word, and how much that is worth to them.
//!
//! Expansion of documents by their nearest neighbours: T. Tao, X. Wang, Q. Mei and C. Zhai,
//! "Language model information retrieval with document expansion", HLT-NAACL 2006.

use crate::entries::Address;
use crate::error::Fault;
use crate::model::{PRIOR_WEIGHT, get_tree, put_tree};
use crate::postings::{get_docs, put_docs};
use crate::range_coder::{Bit, Decoder, Encoder};

/// What a word's expansion is worth to a paper, by its level, in the unit of [`crate::impact`].
pub const EXPANSION_VALUES: [u32; 8] = [145, 204, 285, 399, 559, 782, 1095, 1533];

/// A paper and its level, in one number: the document times eight, and the level. It sorts as the
/// document does.
pub type Expansion = u32;

/// Bits of an expansion below its document.
const LEVEL_BITS: u32 = 3;
const LEVELS: u32 = 1 << LEVEL_BITS;

/// An expansion of a document and a level below eight.
#[must_use]
pub fn expansion(doc: u32, level: u8) -> Expansion {
    doc << LEVEL_BITS | u32::from(level) & (LEVELS - 1)
}

/// The document of an expansion, and what it is worth.
#[must_use]
pub fn expanded(expansion: Expansion) -> (u32, u32) {
    let level = (expansion & (LEVELS - 1)) as usize;
    let value = EXPANSION_VALUES.get(level).copied().unwrap_or(0);
    (expansion >> LEVEL_BITS, value)
}

/// Least values of the levels, in the unit of [`crate::impact`]: 1.4 times the one before each.
const LEAST: [u32; 8] = [123, 172, 241, 337, 472, 661, 925, 1295];

/// The level of an expansion worth `value`, if it is enough, to a paper that has an impact of `own`
/// itself: that takes up to three fifths off it.
#[must_use]
pub fn expansion_level(value: u32, own: u32) -> Option<u8> {
    let value = value.saturating_sub(value.saturating_mul(own).saturating_mul(3) / 5120);
    let above = LEAST.iter().filter(|&&least| value >= least).count();
    (above as u8).checked_sub(1)
}

/// The level of what two sources say of a paper: that of the least values of both levels together,
/// the highest at most.
#[must_use]
pub fn expansion_sum(one: u8, other: u8) -> u8 {
    let least = |level: u8| LEAST.get(usize::from(level)).copied().unwrap_or(0);
    expansion_level(least(one) + least(other), 0).unwrap_or(0)
}

/// A stem's expansions: none, in the shard, or behind its first postings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expansions {
    /// The list itself, by document.
    Inline(Vec<Expansion>),
    /// The place of the list.
    External {
        /// Number of papers.
        count: u32,
        /// First byte; a writer need not say it, since it follows from the stem's postings.
        at: Address,
        /// Bytes.
        bytes: u32,
    },
}

impl Default for Expansions {
    fn default() -> Self {
        Expansions::Inline(Vec::new())
    }
}

impl Expansions {
    /// Number of papers.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            Expansions::Inline(list) => list.len() as u32,
            Expansions::External { count, .. } => *count,
        }
    }
}

/// The models of levels: a tree, of the highest bit first.
pub(crate) struct LevelModels([Bit; LEVELS as usize - 1]);

impl LevelModels {
    /// Low levels are the more frequent ones.
    pub(crate) fn new() -> Self {
        let zeros = [248, 205, 218, 166, 185, 166, 154];
        LevelModels(zeros.map(|zero| Bit::prior(zero, PRIOR_WEIGHT)))
    }
}

pub(crate) fn put_expansions(
    coder: &mut Encoder,
    models: &mut LevelModels,
    list: &[Expansion],
    papers: u32,
) {
    let docs: Vec<u32> = list.iter().map(|&one| one >> LEVEL_BITS).collect();
    put_docs(coder, &docs, 0, papers);
    for one in list {
        put_tree(coder, &mut models.0, LEVEL_BITS, one & (LEVELS - 1));
    }
}

pub(crate) fn get_expansions(
    coder: &mut Decoder<'_>,
    models: &mut LevelModels,
    count: u32,
    papers: u32,
) -> Result<Vec<Expansion>, Fault> {
    let mut list = get_docs(coder, count, papers)?;
    for one in &mut list {
        *one = *one << LEVEL_BITS | get_tree(coder, &mut models.0, LEVEL_BITS);
    }
    Ok(list)
}

/// Bytes of a list of expansions alone; documents must rise and lie below `papers`.
#[must_use]
pub fn encode_expansions(list: &[Expansion], papers: u32) -> Vec<u8> {
    let mut coder = Encoder::new();
    put_expansions(&mut coder, &mut LevelModels::new(), list, papers);
    coder.finish()
}

/// Reads a list of `count` expansions.
///
/// # Errors
/// [`Fault::Value`] if there are more of them than papers.
pub fn decode_expansions(bytes: &[u8], count: u32, papers: u32) -> Result<Vec<Expansion>, Fault> {
    let mut coder = Decoder::new(bytes);
    get_expansions(&mut coder, &mut LevelModels::new(), count, papers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_come_back(
            (papers, docs) in (1u32..100_000).prop_flat_map(|papers| {
                (Just(papers), prop::collection::btree_set(0..papers, 0..200.min(papers as usize + 1)))
            }),
            levels in prop::collection::vec(0u8..8, 200),
        ) {
            let list: Vec<Expansion> = docs.into_iter().zip(levels).map(|(doc, level)| expansion(doc, level)).collect();
            let bytes = encode_expansions(&list, papers);
            prop_assert_eq!(decode_expansions(&bytes, list.len() as u32, papers).unwrap(), list);
        }

        #[test]
        fn any_bytes_give_papers_that_there_are(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            count in 0u32..500,
            papers in 0u32..1000,
        ) {
            match decode_expansions(&bytes, count, papers) {
                Ok(list) => {
                    prop_assert_eq!(list.len(), count as usize);
                    prop_assert!(list.iter().all(|&one| expanded(one).0 < papers));
                }
                Err(_) => prop_assert!(count > papers),
            }
        }
    }

    #[test]
    fn levels_add_up() {
        let sums = [2, 2, 3, 3, 4, 5, 6, 7];
        for (other, sum) in (0..).zip(sums) {
            assert_eq!(expansion_sum(0, other), sum, "{other}");
            assert_eq!(expansion_sum(other, 7), 7);
        }
    }

    #[test]
    fn what_a_paper_says_itself_takes_off() {
        assert_eq!(expansion_level(LEAST[0], 0), Some(0));
        assert_eq!(expansion_level(LEAST[0] - 1, 0), None);
        assert!(expansion_level(LEAST[3], 900) < Some(3));
        assert_eq!(expansion_level(5000, 1024), Some(7));
    }

    #[test]
    fn an_expansion_says_its_paper_and_its_worth() {
        assert_eq!(expanded(expansion(7, 0)), (7, EXPANSION_VALUES[0]));
        assert_eq!(
            expanded(expansion(4_194_303, 7)),
            (4_194_303, EXPANSION_VALUES[7])
        );
    }
}
