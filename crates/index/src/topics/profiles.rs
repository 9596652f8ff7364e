//! What sampled papers are about, and how far they are from each other.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::medoids::Distances;
use crate::neighbours::Vectors;

/// Two papers rarely share a telling word, even of one topic: a paper is compared by its own words
/// and those of so many papers near it.
const NEAR: usize = 8;
/// How much its own words count: as those of so many others.
pub(super) const OWN: u32 = 3;
/// Words of a profile: the strongest.
const STRONGEST: usize = 160;
/// A weight of a profile's whole length; the square is what two equal ones come to.
const WHOLE: u64 = 1 << 14;
/// Bits by which a product is cut to make a distance.
pub(super) const CUT: u32 = 12;

/// Stems and their weights, by stem.
pub(super) type Profile = Vec<(u32, u16)>;

/// Profiles by stem.
pub(super) struct Inverted {
    /// Those of stem `s` are `starts[s]..starts[s + 1]`.
    starts: Vec<u32>,
    entries: Vec<(u32, u16)>,
}

impl Inverted {
    pub(super) fn new(profiles: &[Profile], stems: usize) -> Inverted {
        let mut starts = vec![0u32; stems + 1];
        for (stem, _) in profiles.iter().flatten() {
            if let Some(start) = starts.get_mut(*stem as usize + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut entries = vec![(0, 0); sum as usize];
        for (number, profile) in (0..).zip(profiles) {
            for &(stem, weight) in profile {
                if let Some(next) = next.get_mut(stem as usize) {
                    if let Some(entry) = entries.get_mut(*next as usize) {
                        *entry = (number, weight);
                    }
                    *next += 1;
                }
            }
        }
        Inverted { starts, entries }
    }

    fn of(&self, stem: u32) -> &[(u32, u16)] {
        match self.starts.get(stem as usize..stem as usize + 2) {
            Some(&[from, to]) => self.entries.get(from as usize..to as usize),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// Adds up the products of what has these weights with each profile.
    pub(super) fn products(&self, words: impl Iterator<Item = (u32, u16)>, sums: &mut [u32]) {
        sums.fill(0);
        for (stem, weight) in words {
            for &(number, its) in self.of(stem) {
                if let Some(sum) = sums.get_mut(number as usize) {
                    *sum += u32::from(weight) * u32::from(its);
                }
            }
        }
    }
}

/// The words of a document.
pub(super) fn words(vectors: &Vectors, doc: u32) -> impl Iterator<Item = (u32, u16)> + '_ {
    let words = vectors.of(doc);
    words.map(|(term, weight)| (term.stem(), weight))
}

/// The profiles of documents, each made of its own words and those of the nearest of the others.
pub(super) fn profiles(vectors: &Vectors, docs: &[u32]) -> Vec<Profile> {
    let own: Vec<Profile> = docs
        .iter()
        .map(|&doc| {
            let mut own: Profile = words(vectors, doc).collect();
            own.sort_unstable();
            own
        })
        .collect();
    let inverted = Inverted::new(&own, vectors.stems());
    let sums = || vec![0; docs.len()];
    let join = |sums: &mut Vec<u32>, at: usize| {
        let profile = own.get(at).map(Vec::as_slice).unwrap_or_default();
        inverted.products(profile.iter().copied(), sums);
        let mut near: Vec<(Reverse<u32>, usize)> = sums
            .iter()
            .enumerate()
            .filter(|&(other, &near)| other != at && near > 0)
            .map(|(other, &near)| (Reverse(near), other))
            .collect();
        if near.len() > NEAR {
            near.select_nth_unstable(NEAR);
            near.truncate(NEAR);
        }
        let mut all: Vec<(u32, u32)> = Vec::new();
        all.extend(
            profile
                .iter()
                .map(|&(stem, weight)| (stem, u32::from(weight) * OWN)),
        );
        for (_, other) in near {
            let its = own.get(other).into_iter().flatten();
            all.extend(its.map(|&(stem, weight)| (stem, u32::from(weight))));
        }
        normal(all)
    };
    let range = (0..docs.len()).into_par_iter();
    range.map_init(sums, join).collect()
}

/// A profile of weighted words, of which each may stand there more than once.
fn normal(mut words: Vec<(u32, u32)>) -> Profile {
    words.sort_unstable();
    let mut joined: Vec<(u32, u32)> = words
        .chunk_by(|one, other| one.0 == other.0)
        .filter_map(|same| Some((same.first()?.0, same.iter().map(|word| word.1).sum())))
        .collect();
    let strongest = |&(stem, weight): &(u32, u32)| (Reverse(weight), stem);
    if joined.len() > STRONGEST {
        joined.select_nth_unstable_by_key(STRONGEST, strongest);
        joined.truncate(STRONGEST);
        joined.sort_unstable();
    }
    let square: u64 = joined.iter().map(|word| u64::from(word.1).pow(2)).sum();
    let length = square.isqrt().max(1);
    let weight = |weight: u32| (u64::from(weight) * WHOLE / length).min(WHOLE) as u16;
    let words = joined.into_iter();
    words.map(|(stem, of)| (stem, weight(of))).collect()
}

/// How far profiles are from each other.
pub(super) fn distances(profiles: &[Profile], stems: usize) -> Distances {
    let inverted = Inverted::new(profiles, stems);
    let count = profiles.len();
    let row = |sums: &mut Vec<u32>, (at, row): (usize, &mut [u16])| {
        let words = profiles.get(at).into_iter().flatten().copied();
        inverted.products(words, sums);
        for (slot, &near) in row.iter_mut().zip(sums.iter()) {
            *slot = u16::MAX - (near >> CUT).min(u32::from(u16::MAX)) as u16;
        }
        if let Some(own) = row.get_mut(at) {
            *own = 0;
        }
    };
    let mut rows = vec![0; count * count];
    rows.par_chunks_mut(count.max(1))
        .enumerate()
        .for_each_init(|| vec![0; count], row);
    Distances::new(count, rows)
}
