//! What the words of a shard lead to.

use crate::expansions::Expansions;
use crate::postings::Posting;

/// Where a list lies in the postings section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Block that holds its first byte.
    pub block: u32,
    /// Place of that byte in the block's payload.
    pub offset: u32,
}

/// Where a stem's run of positions lies in its section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// Its first byte.
    pub at: Address,
    /// Its bytes. A run over [`crate::limits::LIST`] is not there.
    pub bytes: u32,
    /// Of a long run: the bytes of its later part, the gaps, which follows as that of a long list
    /// does.
    pub gaps: Option<u32>,
}

/// Which word of its stem a word is, as runs of positions know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Its number among the words of its stem, in the order in which documents bring them.
    pub number: u32,
    /// Its rank, if it is one of the collection's frequent words.
    pub rank: Option<u8>,
}

/// What a stem's entry leads to: papers with it in the title, and papers with it elsewhere only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lists {
    /// The lists themselves: title, body.
    Inline(Vec<Posting>, Vec<Posting>),
    /// The place of the title part; the body part follows it.
    External {
        /// First byte of the title part.
        at: Address,
        /// Bytes of the title part.
        title_bytes: u32,
        /// Bytes of the body part; of a long list, of the papers there that hold it more than once.
        body_bytes: u32,
        /// Of a long list: the other papers.
        late: Option<Late>,
    },
}

/// The later part of a long list: papers that hold the stem once, in their abstract. It is a run
/// of its own after the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// How many papers.
    pub count: u32,
    /// Its bytes.
    pub bytes: u32,
}

/// A stem: in how many papers it stands, and in which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Papers with the stem in their title.
    pub title_count: u32,
    /// Papers with the stem in their abstract or keywords, and not in their title.
    pub body_count: u32,
    /// Which papers.
    pub lists: Lists,
    /// Where it stands in them.
    pub positions: Positions,
    /// Papers whose neighbours hold it.
    pub expansions: Expansions,
}

/// An author's word: in how many papers' author lists it stands, and in which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamesEntry {
    /// The papers themselves.
    Inline(Vec<u32>),
    /// The place of the list.
    External {
        /// Number of papers.
        count: u32,
        /// First byte.
        at: Address,
        /// Bytes.
        bytes: u32,
    },
}

impl NamesEntry {
    /// Number of papers.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            NamesEntry::Inline(docs) => docs.len() as u32,
            NamesEntry::External { count, .. } => *count,
        }
    }
}

/// A prefix of one to three letters that has a list of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixEntry {
    /// The letters.
    pub prefix: String,
    /// Papers with a word, or an author's word, that begins so.
    pub count: u32,
    /// How many of them the list gives with what they are worth: the best. As a body part, with
    /// 1 for an author's word, and otherwise the largest frequency of the words, plus one.
    pub best: u32,
    /// First byte of the list of the best; a list of the rest follows it.
    pub at: Address,
    /// Bytes of the list of the best.
    pub best_bytes: u32,
    /// Bytes of the list of the rest, where it is given: it is left out where it would be large.
    pub rest_bytes: Option<u32>,
}
