//! What a paper gets for words by its neighbours.

use offprint_format::expansion_level;

use super::latent::Latent;
use super::vectors::{Term, Vectors};
use super::{NEIGHBOURS, Neighbour};
use crate::chunk::Piece;
use crate::runs::Pieces;
use crate::varint;

/// What a word's nearness to the paper counts beside the mean of neighbours' impacts.
const OF_NEARNESS: f32 = 3.0 * 1024.0;

/// Makes the expansions of papers that follow each other.
pub(super) struct Expander<'a> {
    vectors: &'a Vectors,
    latent: &'a Latent,
    /// By stem, the sum over neighbours of its impact times how near they are.
    sums: Vec<u64>,
    touched: Vec<u32>,
    /// By stem, its impact in the paper at hand.
    own: Vec<u16>,
    /// Stem, document, level: in one number, so that it sorts.
    made: Vec<u64>,
}

const DOC_BITS: u32 = 24;
const LEVEL_BITS: u32 = 8;

impl<'a> Expander<'a> {
    pub(super) fn new(vectors: &'a Vectors, latent: &'a Latent) -> Self {
        Expander {
            vectors,
            latent,
            sums: vec![0; vectors.stems()],
            touched: Vec::new(),
            own: vec![0; vectors.stems()],
            made: Vec::new(),
        }
    }

    /// Gives a paper, for its words and its neighbours', the mean of these neighbours' impacts, the
    /// nearest counting most, and how near the word lies to it; rare words count more, and those
    /// that the paper says itself less.
    pub(super) fn expand(&mut self, doc: u32, near: &[Neighbour]) {
        let sum: u64 = near.iter().map(|one| u64::from(one.near)).sum();
        // Where there are fewer, those that lack have none of the words.
        let sum = sum * NEIGHBOURS as u64 / (near.len() as u64).max(1);
        if sum == 0 {
            return;
        }
        for one in near {
            for (term, _) in self.vectors.of(one.doc) {
                let impact = self.vectors.impact(one.doc, term);
                if let Some(sum) = self.sums.get_mut(term.stem() as usize) {
                    if *sum == 0 {
                        self.touched.push(term.stem());
                    }
                    *sum += u64::from(one.near) * u64::from(impact);
                }
            }
        }
        self.set_own(doc, |vectors, term| vectors.impact(doc, term) as u16);
        for (term, _) in self.vectors.of(doc) {
            if self.sums.get(term.stem() as usize) == Some(&0) {
                self.touched.push(term.stem());
            }
        }
        let place = self.latent.paper(self.vectors, doc);
        for stem in self.touched.drain(..) {
            let at = stem as usize;
            let (Some(its), Some(&own)) = (self.sums.get_mut(at), self.own.get(at)) else {
                continue;
            };
            let mean = (*its / sum) as f32;
            *its = 0;
            let nearness = self.latent.nearness(&place, stem);
            let value = mean + OF_NEARNESS * nearness;
            let value = (value * self.vectors.rarity(stem)) as u32;
            if let Some(level) = expansion_level(value, u32::from(own)) {
                let term = u64::from(stem) << DOC_BITS | u64::from(doc);
                self.made.push(term << LEVEL_BITS | u64::from(level));
            }
        }
        self.set_own(doc, |_, _| 0);
    }

    fn set_own(&mut self, doc: u32, value: impl Fn(&Vectors, Term) -> u16) {
        for (term, _) in self.vectors.of(doc) {
            if let Some(own) = self.own.get_mut(term.stem() as usize) {
                *own = value(self.vectors, term);
            }
        }
    }

    /// What was made, by stem.
    pub(super) fn finish(mut self) -> Pieces {
        self.made.sort_unstable();
        let mut pieces = Pieces {
            pieces: Vec::new(),
            bytes: Vec::new(),
            places: Vec::new(),
        };
        let stem = |made: &u64| (made >> (DOC_BITS + LEVEL_BITS)) as u32;
        for group in self.made.chunk_by(|one, other| stem(one) == stem(other)) {
            let start = pieces.bytes.len() as u32;
            let mut last = 0;
            for made in group {
                let doc = (made >> LEVEL_BITS) as u32 & ((1 << DOC_BITS) - 1);
                varint::put(&mut pieces.bytes, doc - last);
                pieces.bytes.push(*made as u8);
                last = doc;
            }
            pieces.pieces.push(Piece {
                term: group.first().map_or(0, stem),
                count: group.len() as u32,
                last,
                start,
                end: pieces.bytes.len() as u32,
                places_start: 0,
                places_end: 0,
            });
        }
        pieces
    }
}
