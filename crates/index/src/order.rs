//! The order of documents, which decides their numbers.

use std::cmp::Reverse;

use crate::Source;

/// Places of papers by primary category, the newest first, otherwise as they came in: papers that
/// share words stand near each other, so gaps are small, and ties in a score go to the newer paper.
pub(crate) fn order(papers: &(impl Source + ?Sized)) -> Vec<u32> {
    let mut ordered: Vec<u32> = (0..papers.len() as u32).collect();
    ordered.sort_by_key(|&at| {
        let (category, date) = papers.key(at as usize);
        (category, Reverse(date))
    });
    ordered
}
