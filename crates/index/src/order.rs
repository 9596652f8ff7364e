//! The order of documents, which decides their numbers.

use std::cmp::Reverse;

use offprint_papers::Paper;

/// Papers by primary category, the newest first, otherwise as they came in: papers that share
/// words stand near each other, so gaps are small, and ties in a score go to the newer paper.
pub(crate) fn order(papers: &[Paper]) -> Vec<&Paper> {
    let mut ordered: Vec<&Paper> = papers.iter().collect();
    ordered.sort_by_key(|paper| (paper.categories.first(), Reverse(paper.date)));
    ordered
}
