//! The engine against a scan of every paper: the same papers, in the same order, with the same
//! scores and counts, whatever the papers, the query and the division of the index.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "support/memory.rs"]
mod memory;
#[path = "support/naive.rs"]
mod naive;

use memory::{Memory, paper, tiny_sizes};
use naive::{Hit, Naive};
use offprint_index::Sizes;
use offprint_papers::Paper;
use offprint_search::{Answer, SearchRequest};
use proptest::prelude::*;
use proptest::sample::select;

/// Words that share stems, beginnings, hyphens, accents and authors.
const WORDS: [&str; 36] = [
    "model",
    "models",
    "modeling",
    "modelled",
    "mode",
    "moderate",
    "graph",
    "graphs",
    "graphical",
    "grape",
    "the",
    "of",
    "in",
    "an",
    "and",
    "to",
    "byte-pair",
    "bytepair",
    "pair",
    "byte",
    "Poincaré",
    "poincare",
    "happy",
    "happily",
    "happiness",
    "a",
    "optimal",
    "optimise",
    "optimization",
    "x",
    "C++",
    "o1",
    "Li",
    "learned",
    "learning",
    "learn",
];

const NAMES: [&str; 6] = [
    "Ada Lovelace",
    "Li Wei",
    "Émilie Graph",
    "Ann Model",
    "Karen Spärck Jones",
    "O. Learn",
];

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), words).prop_map(|words| words.join(" "))
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    let one = (
        text(1..6),
        text(0..30),
        prop::collection::vec(select(&NAMES[..]), 0..3),
    );
    prop::collection::vec(one, 0..25).prop_map(|papers| {
        let make = |(at, (title, abstract_, authors)): (usize, (String, String, Vec<&str>))| {
            paper(&format!("p{at}"), &title, &abstract_, &authors)
        };
        papers.into_iter().enumerate().map(make).collect()
    })
}

fn query() -> impl Strategy<Value = String> {
    let cut = |(mut text, end): (String, prop::sample::Index)| {
        let mut end = end.index(text.len() + 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    };
    prop_oneof![
        text(0..5),
        text(1..4).prop_map(|text| text + " "),
        (text(1..4), any::<prop::sample::Index>()).prop_map(cut),
        select(vec![
            "optimizing ",
            "modeler",
            "happ",
            "gr",
            "m",
            "lov",
            "l",
            "the ",
            "graphically "
        ])
        .prop_map(str::to_owned),
    ]
}

fn hits(answer: &Answer) -> Vec<Hit> {
    answer
        .hits
        .iter()
        .map(|hit| (hit.id.clone(), hit.score, hit.all_words))
        .collect()
}

fn everything(query: &str) -> SearchRequest {
    SearchRequest {
        limit: 1000,
        ..SearchRequest::new(query)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_engine_agrees_with_a_scan(
        papers in papers(),
        queries in prop::collection::vec(query(), 1..5),
    ) {
        let naive = Naive::new(&papers);
        let plain = Memory::build(&papers, None);
        let divided = Memory::build(&papers, Some(tiny_sizes()));
        let mut used = divided.open().unwrap();
        for query in queries {
            let expected = naive.search(&query);
            let request = everything(&query);
            let fresh = plain.search(&request).unwrap();
            prop_assert_eq!(hits(&fresh), expected.clone(), "query {:?}", query);
            let all = expected.iter().filter(|(_, _, all)| *all).count();
            prop_assert_eq!((fresh.total, fresh.total_any), (all as u32, expected.len() as u32));
            prop_assert!(fresh.exact && fresh.work.rounds <= 3);
            // Neither the division of the index nor what was asked before changes an answer.
            let other = divided.search_with(&mut used, &request).unwrap();
            prop_assert_eq!(hits(&other), expected.clone(), "divided, query {:?}", query);
            prop_assert_eq!((other.total, other.total_any), (fresh.total, fresh.total_any));
            prop_assert!(divided.search(&request).unwrap().work.rounds <= 3);
            // Pages fit together.
            let page = |offset, limit| SearchRequest { offset, limit, ..SearchRequest::new(&query) };
            let first = hits(&plain.search(&page(0, 3)).unwrap());
            let second = hits(&plain.search(&page(3, 4)).unwrap());
            let together: Vec<Hit> = first.into_iter().chain(second).collect();
            prop_assert_eq!(&together[..], &expected[..expected.len().min(7)]);
        }
    }

    /// Where only the best papers of a beginning are listed, its count stays exact and the best
    /// papers are the right ones.
    #[test]
    fn the_best_of_a_short_beginning_are_exact(
        papers in papers(),
        prefix in select(vec!["m", "mo", "gr", "l", "le", "a", "h", "o"]),
    ) {
        let sizes = Sizes { prefix_best: 3, prefix_bytes: 0, ..tiny_sizes() };
        let index = Memory::build(&papers, Some(sizes));
        let expected = Naive::new(&papers).search(prefix);
        let answer = index.search(&everything(prefix)).unwrap();
        prop_assert_eq!(answer.total as usize, expected.len());
        prop_assert!(answer.exact);
        let shown = hits(&answer);
        let best = expected.len().min(3);
        prop_assert_eq!(&shown[..best], &expected[..best]);
    }
}
