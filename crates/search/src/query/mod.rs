//! A query as it is understood: what must, and what may, stand in a paper.
//!
//! How text becomes a query is in [`parse`].

mod fields;
mod parse;

#[cfg(test)]
mod tests;

use crate::phrase::Phrase;

/// Where a word must stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Field {
    /// In the title, the abstract, the keywords or an author's name.
    #[default]
    Any,
    Title,
    /// In the abstract or the keywords.
    Abstract,
    Author,
}

impl Field {
    /// Whether an author's name counts.
    pub(crate) fn has_names(self) -> bool {
        matches!(self, Field::Any | Field::Author)
    }
}

/// A word of a query. Its bit is that of its place among the query's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word {
    /// The folded word.
    pub(crate) text: String,
    /// How often the query says it: a word said twice weighs twice.
    pub(crate) times: u32,
    /// Whether any word that begins so will do.
    pub(crate) prefix: bool,
    /// Whether it is a function word beside others, of use only as the beginning of another word.
    pub(crate) hollow: bool,
    pub(crate) field: Field,
    /// Whether it is asked only to be shut out: it adds no score.
    pub(crate) unwanted: bool,
}

/// Another form of some words of a query, such as `bytepair` for `byte-pair`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// The folded form.
    pub(crate) text: String,
    /// The words it stands for, as a set of bits: a paper that has it has them.
    pub(crate) words: u64,
    pub(crate) field: Field,
    /// As of its words.
    pub(crate) unwanted: bool,
    /// Whether it was made of words that the query says apart: it then says nothing new of a paper
    /// that has them all.
    pub(crate) joined: bool,
}

/// How often what a paper gets for a word or a form counts.
#[derive(Clone, Copy)]
pub(crate) enum Times {
    /// So often.
    Each(u32),
    /// Once, and only where the paper lacks one of the words it stands for.
    Lacking,
}

impl Word {
    pub(crate) fn counts(&self) -> Times {
        Times::Each(if self.unwanted { 0 } else { self.times })
    }
}

impl Variant {
    pub(crate) fn counts(&self) -> Times {
        if self.joined && !self.unwanted {
            Times::Lacking
        } else {
            Times::Each(u32::from(!self.unwanted))
        }
    }
}

/// Words that must follow each other as they stand, or a single one that must stand so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub(crate) phrase: Phrase,
    /// The bit of papers that have it.
    pub(crate) bit: u64,
}

/// What a paper must be, whatever its words: `year:2020`, `cat:cs.CL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Which filter it is, as in [`crate::filter`].
    pub(crate) filter: u8,
    /// The value, or the beginning of several.
    pub(crate) value: String,
    /// Whether the value may still be typed.
    pub(crate) typed: bool,
    /// The bit of papers that are so.
    pub(crate) bit: u64,
}

/// A step of a condition on a paper's bits, in postfix order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Whether the paper has all these bits.
    Has(u64),
    Not,
    And,
    Or,
}

/// A query as it is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Distinct words. Function words are left out if any other word is there, but for a last one
    /// that is still being typed.
    pub(crate) words: Vec<Word>,
    /// Other forms.
    pub(crate) variants: Vec<Variant>,
    /// Phrases; their words that are no function words are among `words` too, for their scores.
    pub(crate) phrases: Vec<Quoted>,
    /// What papers are asked to be; their bits follow those of the phrases.
    pub(crate) facts: Vec<Facts>,
    /// The text without filters: titles may say that.
    pub(crate) sayable: String,
    /// Bits of the words that the best papers all have.
    pub(crate) soft: u64,
    /// What every hit fulfils; none where there is no operator.
    pub(crate) must: Vec<Op>,
}

impl Query {
    /// Whether a paper with these bits may be a hit.
    pub(crate) fn admits(&self, bits: u64) -> bool {
        // The lowest bit is the top of the stack, which starts with a truth at its bottom.
        let mut stack = 1u64;
        for op in &self.must {
            let top = stack & 1 == 1;
            let below = stack >> 1;
            stack = match *op {
                Op::Has(wanted) => stack << 1 | u64::from(bits & wanted == wanted),
                Op::Not => stack ^ 1,
                Op::And if top => below,
                Op::And => below & !1,
                Op::Or if top => below | 1,
                Op::Or => below,
            };
        }
        stack & 1 == 1
    }

    /// Whether it only says what papers are not, so that those with nothing of it are hits.
    pub(crate) fn only_shuts_out(&self) -> bool {
        self.soft == 0 && !self.must.is_empty() && self.admits(0)
    }

    /// Whether it is nothing but words.
    pub(crate) fn is_plain(&self) -> bool {
        self.must.is_empty() && self.phrases.is_empty()
    }

    /// The bits that make a paper a hit, if anything does.
    pub(crate) fn wanted(&self) -> u64 {
        let mut bits = 0;
        for (at, word) in self.words.iter().enumerate() {
            bits |= u64::from(!word.unwanted) << at;
        }
        for phrase in &self.phrases {
            bits |= phrase.bit;
        }
        // Being something makes no paper a hit beside words.
        if bits == 0 {
            for facts in &self.facts {
                bits |= facts.bit;
            }
        }
        bits
    }
}
