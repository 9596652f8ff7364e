//! Bylines: who wrote each paper.
//!
//! Authors have numbers by how many papers they wrote, so frequent ones take few bits. Names are
//! not here: a paper's card or record has them, in the same order.

use crate::error::Fault;
use crate::limits;
use crate::range_coder::{Decoder, Encoder, Number};

/// Papers in each block of bylines but the last, where so many papers have so many blocks.
#[must_use]
pub fn bylines_in(papers: u32, blocks: u32) -> u32 {
    papers.div_ceil(blocks.max(1)).next_power_of_two()
}

/// The payload of a block: for each paper the number of each author in turn, 0 for one who has none
/// or was met before. Nothing if it would be larger than a block may be.
#[must_use]
pub fn pack_bylines(bylines: &[Vec<u32>]) -> Option<Vec<u8>> {
    let (mut counts, mut authors) = (Number::new(), Number::new());
    let mut coder = Encoder::new();
    let mut sum = 0;
    for byline in bylines {
        sum += byline.len();
        counts.encode(&mut coder, byline.len() as u32);
        for &author in byline {
            authors.encode(&mut coder, author);
        }
    }
    let payload = coder.finish();
    (sum <= limits::BYLINES && payload.len() <= limits::PAYLOAD).then_some(payload)
}

/// Reads the bylines of the first papers of a block, one after the other: how many authors a paper
/// has, then their numbers.
///
/// # Errors
/// [`Fault::Value`] if there are more authors than a block may have.
pub fn read_bylines(payload: &[u8], papers: u32) -> Result<Vec<u32>, Fault> {
    let (mut counts, mut authors) = (Number::new(), Number::new());
    let mut coder = Decoder::new(payload);
    let mut bylines = Vec::new();
    let mut left = limits::BYLINES;
    for _ in 0..papers {
        let count = counts.decode(&mut coder);
        bylines.push(count);
        let rest = left.checked_sub(count as usize);
        left = rest.ok_or(Fault::value("authors of a block"))?;
        for _ in 0..count {
            bylines.push(authors.decode(&mut coder));
        }
    }
    Ok(bylines)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bylines_come_back(
            bylines in prop::collection::vec(prop::collection::vec(0u32..1 << 24, 0..9), 0..50),
        ) {
            let mut flat = Vec::new();
            for byline in &bylines {
                flat.push(byline.len() as u32);
                flat.extend(byline);
            }
            let payload = pack_bylines(&bylines).unwrap();
            prop_assert_eq!(read_bylines(&payload, bylines.len() as u32), Ok(flat));
        }

        #[test]
        fn any_bytes_give_no_more_authors_than_there_may_be(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            papers in 0u32..300,
        ) {
            if let Ok(bylines) = read_bylines(&bytes, papers) {
                prop_assert!(bylines.len() <= limits::BYLINES + papers as usize);
            }
        }

        #[test]
        fn blocks_hold_all_papers(papers in 1u32..5_000_000, step in 0u32..22) {
            let step = 1 << step;
            let blocks = papers.div_ceil(step);
            let read = bylines_in(papers, blocks);
            prop_assert!(read == step || blocks == 1);
            prop_assert!(u64::from(read) * u64::from(blocks) >= u64::from(papers));
        }
    }

    #[test]
    fn counts_that_no_memory_holds_are_refused() {
        for count in [limits::BYLINES as u32 + 1, 1 << 31, u32::MAX - 1] {
            let mut coder = Encoder::new();
            Number::new().encode(&mut coder, count);
            let read = read_bylines(&coder.finish(), 9);
            assert_eq!(read, Err(Fault::value("authors of a block")));
        }
    }

    #[test]
    fn what_is_too_large_is_told() {
        let bylines = vec![vec![0; limits::BYLINES / 2 + 1]; 2];
        assert_eq!(pack_bylines(&bylines), None);
        let bylines: Vec<Vec<u32>> = (0..40_000).map(|at| vec![at << 8]).collect();
        assert_eq!(pack_bylines(&bylines), None);
    }
}
