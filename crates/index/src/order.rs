//! The order of documents, which decides their numbers.

use std::cmp::Reverse;

use offprint_format::{LengthClass, length_norm};

use crate::pipeline::{pipeline, threads};
use crate::{Error, Progress, Source, chunk};

/// Classes of length, at most.
const CLASSES: usize = 32;
/// Where the second class begins, in mean lengths.
const SHORT: f64 = 0.2;
/// Each class begins at so many times the length of the one before: the 32nd root of 12.5, so that
/// the last one begins near 2.1 mean lengths.
const STEP: f64 = 1.082_11;

/// Papers that a thread measures at a time.
const UNIT: usize = 1024;

/// Documents, and what their lengths are worth.
pub(crate) struct Order {
    /// The place among the papers of each document.
    pub(crate) places: Vec<u32>,
    pub(crate) classes: Vec<LengthClass>,
    /// Words of all papers together, as lengths count them.
    pub(crate) tokens: u64,
}

/// Orders papers by class of length, then by primary category, the newest first, otherwise as they
/// came in. A list of postings then need not repeat how long each paper is; papers that share words
/// stand near each other within a class, so that gaps are small; and ties in a score go to the
/// newer paper.
pub(crate) fn order(
    papers: &(impl Source + ?Sized),
    progress: &mut dyn FnMut(Progress),
) -> Result<Order, Error> {
    let lengths = lengths(papers, progress)?;
    let tokens = lengths.iter().map(|&length| u64::from(length)).sum();
    let mean = (tokens as f64 / (lengths.len() as f64).max(1.0)).max(1.0);
    let bounds = bounds(mean);
    let class = |length: u32| bounds.partition_point(|&bound| bound <= f64::from(length));
    let mut keyed: Vec<(u8, u32)> = (0..)
        .zip(&lengths)
        .map(|(place, &length)| (class(length) as u8, place))
        .collect();
    keyed.sort_by_key(|&(class, place)| {
        let (category, date) = papers.key(place as usize);
        (class, category, Reverse(date))
    });
    let classes = keyed
        .chunk_by(|(one, _), (other, _)| one == other)
        .map(|members| {
            let length = |&(_, place): &(u8, u32)| lengths.get(place as usize).copied();
            let sum: u64 = members.iter().filter_map(length).map(u64::from).sum();
            LengthClass {
                papers: members.len() as u32,
                norm: length_norm(sum as f64 / members.len() as f64, mean),
            }
        })
        .collect();
    Ok(Order {
        places: keyed.into_iter().map(|(_, place)| place).collect(),
        classes,
        tokens,
    })
}

/// The lengths at which classes begin, but the first. Products alone, which every machine rounds
/// alike.
fn bounds(mean: f64) -> Vec<f64> {
    let first = mean * SHORT;
    std::iter::successors(Some(first), |bound| Some(bound * STEP))
        .take(CLASSES - 1)
        .collect()
}

/// The length of every paper.
fn lengths(
    papers: &(impl Source + ?Sized),
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<u32>, Error> {
    let total = papers.len();
    let mut lengths = Vec::with_capacity(total);
    let mut starts = (0..total).step_by(UNIT);
    pipeline(
        || Ok(starts.by_ref().take(threads() * 4).collect()),
        |start: usize| {
            (start..total.min(start + UNIT))
                .map(|place| papers.length(place).map_err(Error::Scratch))
                .collect::<Result<Vec<u32>, Error>>()
        },
        |unit| {
            lengths.extend(unit);
            progress(Progress {
                phase: "measuring papers",
                done: lengths.len() as u64,
                total: total as u64,
            });
            Ok(())
        },
    )?;
    Ok(lengths)
}

/// How long a paper is, in words as search counts them: function words left out, those of the title
/// three times.
#[must_use]
pub fn length(paper: &offprint_papers::Paper) -> u32 {
    chunk::length(paper)
}
