//! The nearest papers of a paper.
//!
//! Up to [`EXACT`] papers each is compared with every other that shares a term. Beyond, a paper is
//! found by its strongest terms alone, and where too many papers share one of these, by those for
//! which it is strongest; the best candidates are then compared by all terms. What this loses is
//! measured in `bench/RANKING.md`.

use std::cmp::Reverse;

use super::vectors::Vectors;
use super::{NEIGHBOURS, Neighbour};

/// Collections up to so many papers are compared pair by pair.
const EXACT: u32 = 20_000;
/// A paper is found by so many of its terms.
const STRONGEST: usize = 24;
/// A term leads to so many papers.
const LONGEST: usize = 2000;
/// So many candidates are compared by all terms.
const CANDIDATES: usize = 64;

/// Papers by their terms.
pub(super) struct Inverted {
    /// Those of stem `s` are `starts[s]..starts[s + 1]`.
    starts: Vec<usize>,
    papers: Vec<(u32, u16)>,
    /// What a term must weigh in each paper to lead to it.
    least: Vec<u16>,
    exact: bool,
}

/// How many terms lead to a paper, how many papers a term leads to.
struct Cut {
    strongest: usize,
    longest: usize,
}

impl Inverted {
    pub(super) fn new(vectors: &Vectors) -> Inverted {
        let exact = vectors.papers() <= EXACT;
        let cut = match exact {
            true => Cut {
                strongest: usize::MAX,
                longest: usize::MAX,
            },
            false => Cut {
                strongest: STRONGEST,
                longest: LONGEST,
            },
        };
        Inverted::cut(vectors, &cut, exact)
    }

    fn cut(vectors: &Vectors, cut: &Cut, exact: bool) -> Inverted {
        let mut weights = Vec::new();
        let least: Vec<u16> = (0..vectors.papers())
            .map(|doc| {
                weights.clear();
                weights.extend(vectors.of(doc).map(|(_, weight)| weight));
                match weights.len() > cut.strongest {
                    true => {
                        let at = cut.strongest - 1;
                        *weights
                            .select_nth_unstable_by_key(at, |&weight| Reverse(weight))
                            .1
                    }
                    false => 0,
                }
            })
            .collect();
        let leading = |each: &mut dyn FnMut(u32, u16, u32)| {
            for (doc, &least) in (0..).zip(&least) {
                for (term, weight) in vectors.of(doc).filter(|&(_, weight)| weight >= least) {
                    each(doc, weight, term.stem());
                }
            }
        };
        let mut starts = vec![0usize; vectors.stems() + 1];
        leading(&mut |_, _, stem| {
            if let Some(start) = starts.get_mut(stem as usize + 1) {
                *start += 1;
            }
        });
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut papers = vec![(0, 0); sum];
        leading(&mut |doc, weight, stem| {
            if let Some(next) = next.get_mut(stem as usize) {
                if let Some(slot) = papers.get_mut(*next) {
                    *slot = (doc, weight);
                }
                *next += 1;
            }
        });
        let mut inverted = Inverted {
            starts,
            papers,
            least,
            exact,
        };
        inverted.shorten(cut.longest);
        inverted
    }

    /// Leaves each term the papers for which it is strongest.
    fn shorten(&mut self, longest: usize) {
        let mut kept = 0;
        let mut from = 0;
        for stem in 1..self.starts.len() {
            let to = self.starts.get(stem).copied().unwrap_or(from);
            let mut count = to - from;
            if let Some(list) = self.papers.get_mut(from..to)
                && count > longest
            {
                let strength = |&(doc, weight): &(u32, u16)| (Reverse(weight), doc);
                list.select_nth_unstable_by_key(longest, strength);
                count = longest;
                if let Some(list) = list.get_mut(..longest) {
                    list.sort_unstable();
                }
            }
            self.papers.copy_within(from..from + count, kept);
            kept += count;
            from = to;
            if let Some(start) = self.starts.get_mut(stem) {
                *start = kept;
            }
        }
        self.papers.truncate(kept);
        self.papers.shrink_to_fit();
    }

    fn of(&self, stem: u32) -> &[(u32, u16)] {
        let stem = stem as usize;
        match self.starts.get(stem..stem + 2) {
            Some(&[from, to]) => self.papers.get(from..to).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// Compares papers, with what that takes of memory.
pub(super) struct Finder<'a> {
    vectors: &'a Vectors,
    inverted: &'a Inverted,
    /// By paper, its product with the one at hand so far.
    near: Vec<u32>,
    touched: Vec<u32>,
    found: Vec<Neighbour>,
    /// By stem, its weight in the paper at hand.
    weights: Vec<u16>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(vectors: &'a Vectors, inverted: &'a Inverted) -> Self {
        Finder {
            vectors,
            inverted,
            near: vec![0; vectors.papers() as usize],
            touched: Vec::new(),
            found: Vec::new(),
            weights: vec![0; vectors.stems()],
        }
    }

    /// The nearest others, the nearest first, the first in number among equals.
    pub(super) fn nearest(&mut self, doc: u32) -> Vec<Neighbour> {
        let least = self.inverted.least.get(doc as usize).copied().unwrap_or(0);
        let leading = |&(_, weight): &(_, u16)| weight >= least;
        for (term, weight) in self.vectors.of(doc).filter(leading) {
            for &(other, its) in self.inverted.of(term.stem()) {
                if let Some(near) = self.near.get_mut(other as usize) {
                    if *near == 0 {
                        self.touched.push(other);
                    }
                    *near += u32::from(weight) * u32::from(its);
                }
            }
        }
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        for other in self.touched.drain(..) {
            if let Some(near) = self.near.get_mut(other as usize) {
                if other != doc && *near > 0 {
                    found.push(Neighbour {
                        doc: other,
                        near: *near,
                    });
                }
                *near = 0;
            }
        }
        if !self.inverted.exact {
            best(&mut found, CANDIDATES);
            self.compare(doc, &mut found);
        }
        best(&mut found, NEIGHBOURS);
        found.sort_unstable_by_key(order);
        let nearest = found.clone();
        self.found = found;
        nearest
    }

    /// Compares the candidates by all terms.
    fn compare(&mut self, doc: u32, found: &mut [Neighbour]) {
        for (term, weight) in self.vectors.of(doc) {
            if let Some(slot) = self.weights.get_mut(term.stem() as usize) {
                *slot = weight;
            }
        }
        for one in found.iter_mut() {
            let products = self.vectors.of(one.doc).map(|(term, weight)| {
                let ours = self.weights.get(term.stem() as usize).copied();
                u32::from(ours.unwrap_or(0)) * u32::from(weight)
            });
            one.near = products.sum();
        }
        for (term, _) in self.vectors.of(doc) {
            if let Some(slot) = self.weights.get_mut(term.stem() as usize) {
                *slot = 0;
            }
        }
    }
}

fn order(one: &Neighbour) -> (Reverse<u32>, u32) {
    (Reverse(one.near), one.doc)
}

/// Leaves the nearest, in no order.
fn best(found: &mut Vec<Neighbour>, wanted: usize) {
    if found.len() > wanted {
        found.select_nth_unstable_by_key(wanted, order);
        found.truncate(wanted);
    }
}
