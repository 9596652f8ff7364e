//! What a build finds by comparing papers: related papers, and a better order of hits.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(dead_code, reason = "the support is shared with other tests")]

#[path = "support/memory.rs"]
mod memory;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use offprint_index::{Compare, Options};
use offprint_papers::Paper;
use offprint_search::{Answer, SearchRequest};

/// Twelve papers on each of two subjects, alike but for a number, and two that say `tide`: one
/// among papers that say it too, and one among others.
fn papers() -> Vec<Paper> {
    let mut papers = Vec::new();
    for number in 0..12 {
        let sea = format!("The moon draws the ocean; harbour gauges of station {number}a.");
        let sea = sea + if number > 0 { " A tide returns." } else { "" };
        papers.push(paper(&format!("sea{number}"), "Ocean gauges", &sea, &[]));
        let rock = format!("Granite and basalt cool slowly under pressure in sample {number}b.");
        let rock = rock + if number == 0 { " A tide returns." } else { "" };
        papers.push(paper(
            &format!("rock{number}"),
            "Cooling granite",
            &rock,
            &[],
        ));
    }
    papers
}

fn build(neighbours: Compare, sizes: Option<offprint_index::Sizes>) -> Memory {
    let options = Options {
        sizes,
        neighbours,
        ..Options::default()
    };
    Memory::build_with(&papers(), options).0
}

fn search(index: &Memory, query: &str) -> Answer {
    let request = SearchRequest {
        limit: 100,
        ..SearchRequest::new(query)
    };
    index.search(&request).unwrap()
}

#[test]
fn related_papers_are_those_of_the_subject() {
    for sizes in [None, Some(tiny_sizes()), Some(tiny_packs())] {
        let index = build(Compare::On, sizes);
        let mut engine = index.open().unwrap();
        for doc in 0..24 {
            let own = index.paper(&mut engine, doc).unwrap();
            let related = index.related(&mut engine, doc).unwrap();
            assert_eq!(related.len(), 6);
            for other in related {
                assert_ne!(other.id, own.id);
                assert_eq!(other.title, own.title);
                let there = index.paper(&mut engine, other.doc).unwrap();
                assert_eq!((there.id, there.title), (other.id, other.title));
            }
        }
        assert!(index.related(&mut engine, 24).is_err());
    }
}

#[test]
fn neighbours_change_the_order_and_no_count() {
    for sizes in [None, Some(tiny_sizes()), Some(tiny_packs())] {
        let (with, without) = (build(Compare::On, sizes), build(Compare::Off, sizes));
        for query in ["tide ", "tide", "tide granite ", "harbour tide moon ", "ti"] {
            let (expanded, plain) = (search(&with, query), search(&without, query));
            let count = |answer: &Answer| (answer.total, answer.total_any, answer.hits.len());
            assert_eq!(count(&expanded), count(&plain), "{query}");
            let ids = |answer: &Answer| {
                let mut ids: Vec<_> = answer.hits.iter().map(|hit| hit.id.clone()).collect();
                ids.sort();
                ids
            };
            assert_eq!(ids(&expanded), ids(&plain), "{query}");
        }
        // `sea0` does not say it, and is not found by it; `rock0` does, and comes last.
        let answer = search(&with, "tide ");
        assert_eq!(answer.hits.len(), 12);
        assert_eq!(answer.hits.last().unwrap().id, "rock0");
        let score = |index: &Memory| search(index, "tide ").hits[0].score;
        assert!(score(&with) > score(&without));
        // Among papers with some of the words, one whose neighbours say the other comes first.
        let answer = search(&with, "tide gauges basalt ");
        let first = answer.hits.iter().position(|hit| hit.id == "sea0").unwrap();
        let plain = search(&without, "tide gauges basalt ");
        let before = plain.hits.iter().position(|hit| hit.id == "sea0").unwrap();
        assert!(first < before, "{first} {before}");
    }
}

#[test]
fn shares_add_up_to_scores() {
    for compare in [Compare::On, Compare::Off] {
        let index = build(compare, Some(tiny_packs()));
        let mut lent = 0;
        for query in ["tide granite ", "harbour tide mo", "\"tide returns\" moon"] {
            for hit in search(&index, query).hits {
                let request = SearchRequest {
                    explain: Some(hit.doc),
                    limit: 0,
                    ..SearchRequest::new(query)
                };
                let answer = index.search(&request).unwrap();
                assert!(answer.hits.is_empty());
                let sum: u32 = answer.shares.iter().map(|share| share.score).sum();
                assert_eq!(sum, hit.score, "{query} {}", hit.id);
                for share in answer.shares {
                    lent += u32::from(share.word.is_empty());
                    // Papers with the word, as a search for it alone counts them.
                    if share.word == "granite" {
                        assert_eq!(share.papers, search(&index, "granite ").total);
                    }
                }
            }
        }
        assert_eq!(lent > 0, matches!(compare, Compare::On));
        assert!(search(&index, "tide ").shares.is_empty());
    }
}

#[test]
fn an_index_without_neighbours_names_none() {
    let index = build(Compare::Off, None);
    assert!(index.files.keys().all(|path| !path.contains("/n/")));
    let mut engine = index.open().unwrap();
    assert_eq!(index.related(&mut engine, 0).unwrap(), []);
}
