//! Weights of terms that come from elsewhere: they put papers in another order, and nothing else.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(dead_code, reason = "the support is shared with other tests")]

#[path = "support/memory.rs"]
mod memory;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use offprint_index::{Built, Compare, Given, Options, Resources, Sizes, Source};
use offprint_papers::{Date, MemoryScratch, Paper};
use offprint_search::{Answer, SearchRequest};
use proptest::prelude::*;

/// Papers with weights: of each, terms.
struct Weighted {
    papers: Vec<Paper>,
    weights: Vec<Vec<(String, f32)>>,
}

impl Source for Weighted {
    fn len(&self) -> usize {
        self.papers.len()
    }

    fn key(&self, at: usize) -> (Option<&str>, Option<Date>) {
        self.papers.as_slice().key(at)
    }

    fn is_weighted(&self) -> bool {
        true
    }

    fn weights(&self, at: usize, each: &mut dyn FnMut(&str, f32)) -> io::Result<()> {
        let terms = self.weights.get(at).into_iter().flatten();
        terms.for_each(|(term, weight)| each(term, *weight));
        Ok(())
    }

    fn paper(&self, at: usize) -> io::Result<Cow<'_, Paper>> {
        self.papers.as_slice().paper(at)
    }
}

fn options(neighbours: Compare, sizes: Option<Sizes>) -> Options {
    Options {
        sizes,
        neighbours,
        ..Options::default()
    }
}

fn build(papers: &Weighted, neighbours: Compare, sizes: Option<Sizes>) -> (Memory, Built) {
    Memory::build_from(papers, options(neighbours, sizes), &Resources::default())
}

fn without(papers: &Weighted, neighbours: Compare, sizes: Option<Sizes>) -> Memory {
    Memory::build_with(&papers.papers, options(neighbours, sizes)).0
}

fn search(index: &Memory, query: &str) -> Answer {
    let request = SearchRequest {
        limit: 100,
        ..SearchRequest::new(query)
    };
    index.search(&request).unwrap()
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.hits.iter().map(|hit| hit.id.clone()).collect()
}

/// Two papers on the sea and one on rocks, each of which says `tide` or nothing of it.
fn shore(weights: &[&[(&str, f32)]]) -> Weighted {
    let papers = vec![
        paper("gauge", "Ocean gauges", "The harbour measures a tide.", &[]),
        paper("moon", "Ocean moons", "The moon draws the harbour.", &[]),
        paper(
            "rock",
            "Granite harbours",
            "Rocks cool slowly. Running water cools.",
            &[],
        ),
        paper(
            "sand",
            "Dunes of sand",
            "Sand gathers in the lee of a harbour, grain by grain, until winds turn.",
            &[],
        ),
    ];
    let own = |terms: &&[(&str, f32)]| {
        let own = terms
            .iter()
            .map(|&(term, weight)| (term.to_owned(), weight));
        own.collect()
    };
    Weighted {
        papers,
        weights: weights.iter().map(own).collect(),
    }
}

#[test]
fn a_paper_is_lifted_by_a_word_given_for_it() {
    for sizes in [None, Some(tiny_sizes()), Some(tiny_packs())] {
        for neighbours in [Compare::On, Compare::Off] {
            let papers = shore(&[&[], &[], &[], &[("tides", 2.5)]]);
            let (given, built) = build(&papers, neighbours, sizes);
            let plain = without(&papers, neighbours, sizes);
            // Of the papers that lack a word, it was not the first and now is.
            let lacking = |index| ids(&search(index, "tide harbour "))[1..].to_vec();
            assert_ne!(lacking(&plain)[0], "sand");
            assert_eq!(lacking(&given)[0], "sand");
            assert_eq!(ids(&search(&given, "tide ")), ["gauge"]);
            let counts = built.given.unwrap();
            assert_eq!((counts.terms, counts.used), (1, 1));
        }
    }
}

#[test]
fn counts_phrases_exclusions_and_beginnings_do_not_see_them() {
    let terms = [
        ("tide", 1.0),
        ("moon", 1.0),
        ("harbour", 0.9),
        ("granite", 0.5),
    ];
    let papers = shore(&[&terms, &terms, &terms, &terms]);
    for sizes in [None, Some(tiny_sizes())] {
        let (given, _) = build(&papers, Compare::Off, sizes);
        let plain = without(&papers, Compare::Off, sizes);
        for query in [
            "tide ",
            "tide",
            "ti",
            "h",
            "\"a tide\"",
            "\"ocean moons\" tide",
            "harbour -tide",
            "harbour -\"a tide\"",
            "tide OR granite",
            "title:tide harbour ",
            "tide moon ",
        ] {
            let (with, before) = (search(&given, query), search(&plain, query));
            assert_eq!(
                (with.total, with.total_any),
                (before.total, before.total_any),
                "{query}"
            );
            let sorted = |answer: &Answer| {
                let mut ids = ids(answer);
                ids.sort();
                ids
            };
            assert_eq!(sorted(&with), sorted(&before), "{query}");
        }
    }
}

#[test]
fn terms_that_cannot_be_used_are_counted() {
    let odd = [
        ("##ing", 3.0),
        ("harbour view", 3.0),
        ("", 3.0),
        ("the", 3.0),
        ("zebra", 3.0),
        ("RUNS", 3.0),
        ("run", 2.0),
        ("Tide", 3.0),
        ("moon", 0.01),
        ("don't", 3.0),
    ];
    let (index, built) = build(&shore(&[&[], &odd]), Compare::Off, None);
    let expected = Given {
        terms: 10,
        not_words: 3,
        function_words: 1,
        unknown: 2,
        unknown_example: Some("zebra".into()),
        repeated: 1,
        weak: 1,
        used: 2,
    };
    assert_eq!(built.given.unwrap(), expected);
    assert_eq!(
        ids(&search(&index, "harbour running "))[..2],
        ["rock", "moon"]
    );
    let (_, built) = Memory::build_whole(&shore(&[]).papers, None);
    assert_eq!(built.given, None);
}

#[test]
fn what_neighbours_say_and_what_is_given_adds_up() {
    let mut papers = Weighted {
        papers: Vec::new(),
        weights: Vec::new(),
    };
    for number in 0..12 {
        let tide = if number > 3 { " A tide returns." } else { "" };
        let text = format!("The moon draws the ocean; harbour gauges of station {number}a.{tide}");
        let id = format!("sea{number}");
        papers.papers.push(paper(&id, "Ocean gauges", &text, &[]));
        papers.weights.push(match number {
            2 => vec![("tide".to_owned(), 3.0), ("moon".to_owned(), 1.3)],
            _ => Vec::new(),
        });
    }
    let score = |index: &Memory, id: &str| {
        let answer = search(index, "tide gauges ");
        answer.hits.iter().find(|hit| hit.id == id).unwrap().score
    };
    let (both, near) = (
        build(&papers, Compare::On, None).0,
        without(&papers, Compare::On, None),
    );
    let (given, none) = (
        build(&papers, Compare::Off, None).0,
        without(&papers, Compare::Off, None),
    );
    let all = [&none, &near, &given, &both].map(|index| score(index, "sea2"));
    assert!(
        all[0] < all[1] && all[1] <= all[2] && all[2] <= all[3] && all[1] < all[3],
        "{all:?}"
    );
    assert_eq!(score(&both, "sea1"), score(&near, "sea1"));
    assert_eq!(score(&given, "sea1"), score(&none, "sea1"));
}

/// A word out of a few.
fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abc]{1,2}x", count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_weights_add_score_and_change_nothing_else(
        texts in prop::collection::vec((words(1..4), words(0..9)), 1..20),
        given in prop::collection::vec(prop::collection::vec(("[abc]{1,2}x", 1e-30f32..1e30), 0..6), 0..20),
        queries in prop::collection::vec(words(1..4), 1..6),
        near in any::<bool>(),
        tiny in any::<bool>(),
    ) {
        let papers = (0..).zip(&texts).map(|(at, (title, text))| {
            paper(&format!("p{at}"), &title.join(" "), &text.join(" "), &[])
        });
        let papers = Weighted { papers: papers.collect(), weights: given };
        let neighbours = if near { Compare::On } else { Compare::Off };
        let sizes = tiny.then(tiny_sizes);
        let (given, built) = build(&papers, neighbours, sizes);
        let plain = without(&papers, neighbours, sizes);
        for query in queries {
            for query in [query.join(" "), query.join(" ") + " "] {
                let (with, before) = (search(&given, &query), search(&plain, &query));
                prop_assert_eq!((with.total, with.total_any), (before.total, before.total_any));
                prop_assert_eq!(with.hits.len(), before.hits.len());
                for hit in &with.hits {
                    let other = before.hits.iter().find(|other| other.id == hit.id);
                    prop_assert!(other.is_some_and(|other| other.score <= hit.score));
                }
            }
        }
        let counts = built.given.unwrap();
        let rest = [counts.weak, counts.repeated, counts.unknown, counts.function_words, counts.not_words];
        prop_assert_eq!(counts.terms, counts.used + rest.iter().sum::<u64>());
        // Neither threads nor memory show.
        for (threads, memory) in [(1, 0), (3, 1 << 12)] {
            let resources = Resources { papers_at_once: 3, ..Resources::new(Arc::new(MemoryScratch), memory) };
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let again = pool.install(|| Memory::build_from(&papers, options(neighbours, sizes), &resources));
            prop_assert_eq!(&again.0.files, &given.files);
            prop_assert_eq!(&again.1.given, &Some(counts.clone()));
        }
    }
}
