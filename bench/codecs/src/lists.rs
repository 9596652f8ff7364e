//! Lists of postings in two parts, of the collection as it is or grown.

use crate::impact::Posting;
use crate::random::mix;
use crate::terms::{Count, Terms};

/// A stem's postings.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    /// Of the papers that have it in the title.
    pub(crate) title: Vec<Posting>,
    /// Of the others.
    pub(crate) body: Vec<Posting>,
}

impl List {
    pub(crate) fn count(&self) -> u32 {
        (self.title.len() + self.body.len()) as u32
    }
}

/// How far off a paper's partner stands, for each copy but the first.
const PARTNERS: [u32; 4] = [7, 19, 43, 61];

/// A collection, as it is or grown to up to five times its papers.
///
/// Copy `c` of paper `p` is document `copies · p + c`, so papers of a kind still stand together. The
/// first copy is the paper itself. Another takes each stem from the paper with a chance of
/// three in four, and otherwise from the paper that stands some places further on, the same for
/// all stems (so each stem keeps its share of the papers, and words that go together still do);
/// the stem then stands in the abstract once more in 1 of 32 cases, and once less in 1 of 8 where
/// it stands there twice or more.
pub(crate) struct Grown<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) copies: u32,
}

impl Grown<'_> {
    pub(crate) fn papers(&self) -> u32 {
        self.terms.papers * self.copies
    }

    /// The paper that a document is, or is a copy of.
    pub(crate) fn original(&self, doc: u32) -> u32 {
        doc / self.copies.max(1)
    }

    /// The papers of a stem, in document order.
    pub(crate) fn counts(&self, stem: u32) -> Vec<Count> {
        let papers = self.terms.papers;
        let mut counts = Vec::new();
        for &count in self.terms.counts(stem) {
            counts.push(Count {
                doc: count.doc * self.copies,
                ..count
            });
            for (copy, shift) in (1..self.copies).zip(PARTNERS) {
                let own = |paper: u32| chance(stem, paper, copy) & 3 != 0;
                let other = (count.doc + papers - shift % papers) % papers;
                let to = [(count.doc, own(count.doc)), (other, !own(other))];
                for (paper, _) in to.into_iter().filter(|(_, taken)| *taken) {
                    counts.push(Count {
                        doc: paper * self.copies + copy,
                        title: count.title,
                        body: shaken(count.body, chance(stem, paper, copy) >> 8),
                    });
                }
            }
        }
        if self.copies > 1 {
            counts.sort_unstable_by_key(|count| count.doc);
        }
        counts
    }

    /// The postings of a stem, with impacts.
    pub(crate) fn list(&self, stem: u32) -> List {
        let mut list = List::default();
        for count in self.counts(stem) {
            let posting = Posting {
                doc: count.doc,
                impact: self.terms.impact(Count {
                    doc: self.original(count.doc),
                    ..count
                }),
                in_abstract: count.body > 0,
            };
            if count.title > 0 {
                list.title.push(posting);
            } else {
                list.body.push(posting);
            }
        }
        list
    }
}

fn chance(stem: u32, paper: u32, copy: u32) -> u64 {
    mix(u64::from(stem) << 32 | u64::from(paper) << 3 | u64::from(copy))
}

fn shaken(body: u16, chance: u64) -> u16 {
    match (chance & 31, body) {
        (0, 1..) => body.saturating_add(1),
        (1..=4, 2..) => body - 1,
        _ => body,
    }
}
