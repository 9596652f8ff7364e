#![allow(clippy::unwrap_used)]
use super::*;
use offprint_papers::MemoryScratch;

/// Chunks in which term `t` has every document that `t + 1` divides.
fn chunks(papers: u32, chunk: u32) -> Vec<Pieces> {
    let starts = (0..papers).step_by(chunk as usize);
    let pieces = |start: u32| {
        let mut pieces = Vec::new();
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        for term in 0..50 {
            let docs: Vec<u32> = (start..(start + chunk).min(papers))
                .filter(|doc| doc % (term + 1) == 0)
                .collect();
            let Some(&last) = docs.last() else { continue };
            let from = bytes.len() as u32;
            let mut before = 0;
            for &doc in &docs {
                varint::put(&mut bytes, doc - before);
                before = doc;
            }
            pieces.push(Piece {
                term,
                count: docs.len() as u32,
                last,
                start: from,
                end: bytes.len() as u32,
                places_start: places.len() as u32,
                places_end: places.len() as u32 + 2,
            });
            places.extend([term as u8, start as u8]);
        }
        Pieces {
            pieces,
            bytes,
            places,
        }
    };
    starts.map(pieces).collect()
}

#[test]
fn merging_joins_a_terms_postings_wherever_they_were() {
    let papers = 5_000;
    for (budget, spills) in [(usize::MAX, 0..=0), (9_000, 2..=9), (0, 17..=17)] {
        let mut runs = Runs::new(Arc::new(MemoryScratch), budget);
        for pieces in chunks(papers, 300) {
            runs.add(pieces).unwrap();
        }
        assert!(spills.contains(&runs.spilled()), "{}", runs.spilled());
        let mut merge = runs.merge();
        let mut group = Group::default();
        for term in 0..50 {
            assert!(merge.next(&mut group).unwrap());
            assert_eq!(group.term, term);
            let mut bytes = group.bytes.as_slice();
            let mut doc = 0;
            let docs: Vec<u32> = (0..group.count)
                .map(|_| {
                    doc += varint::take(&mut bytes);
                    doc
                })
                .collect();
            let expected: Vec<u32> = (0..papers).filter(|doc| doc % (term + 1) == 0).collect();
            assert_eq!(docs, expected, "term {term} with {budget} bytes");
            assert!(bytes.is_empty());
            let chunks = (0..papers).step_by(300);
            let places: Vec<u8> = chunks.flat_map(|start| [term as u8, start as u8]).collect();
            assert_eq!(group.places, places);
        }
        assert!(!merge.next(&mut group).unwrap());
    }
}
