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

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use naive::{Hit, Naive, has_phrase, words};
use offprint_index::{Layout, Sizes};
use offprint_papers::Paper;
use offprint_search::{Answer, PhraseField, SearchRequest};
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

/// The same papers, laid out and divided in every way; the first as it is usually done.
fn indexes(papers: &[Paper]) -> [(&'static str, Memory); 6] {
    // Nearly every list is in two parts.
    let split = |sizes: Sizes| Sizes {
        split_over: 2,
        ..sizes
    };
    let build = |sizes| Memory::build(papers, Some(sizes));
    [
        ("chunks", Memory::build(papers, None)),
        ("packs", Memory::build_in(papers, Layout::Packs, None).0),
        ("small chunks", build(tiny_sizes())),
        ("small packs", build(tiny_packs())),
        ("split chunks", build(split(tiny_sizes()))),
        ("split packs", build(split(tiny_packs()))),
    ]
}

fn everything(query: &str) -> SearchRequest {
    SearchRequest {
        limit: 1000,
        literal: true,
        ..SearchRequest::new(query)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn the_engine_agrees_with_a_scan(
        papers in papers(),
        queries in prop::collection::vec(query(), 1..5),
    ) {
        let indexes = indexes(&papers);
        let naive = Naive::new(&papers, &indexes[0].1.classes());
        for (name, index) in indexes {
            let mut used = index.open().unwrap();
            for query in &queries {
                let expected = naive.search(query);
                let all = expected.iter().filter(|(_, _, all)| *all).count();
                let request = everything(query);
                let fresh = index.search(&request).unwrap();
                prop_assert_eq!(hits(&fresh), expected.clone(), "{}, query {:?}", name, query);
                prop_assert_eq!((fresh.total, fresh.total_any), (all as u32, expected.len() as u32));
                prop_assert!(fresh.exact && fresh.settled && fresh.work.rounds <= 3);
                // Few papers are not worth reading lists in part.
                let early = SearchRequest { settled: false, ..request.clone() };
                let early = index.search_with(&mut used, &early).unwrap();
                prop_assert!(early.settled);
                prop_assert_eq!(hits(&early), expected.clone());
                // What was asked before changes no answer.
                let other = index.search_with(&mut used, &request).unwrap();
                prop_assert_eq!(hits(&other), expected.clone(), "{} again, query {:?}", name, query);
                // Pages fit together.
                let page = |offset, limit| SearchRequest { offset, limit, ..everything(query) };
                let first = hits(&index.search(&page(0, 3)).unwrap());
                let second = hits(&index.search(&page(3, 4)).unwrap());
                let together: Vec<Hit> = first.into_iter().chain(second).collect();
                prop_assert_eq!(&together[..], &expected[..expected.len().min(7)]);
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn papers_and_passages_come_back_from_every_layout(
        papers in papers(),
        query in query(),
    ) {
        let docs: Vec<u32> = (0..papers.len() as u32).collect();
        let mut passages = None;
        for (name, index) in indexes(&papers) {
            let mut engine = index.open().unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for &doc in &docs {
                let read = index.paper(&mut engine, doc).unwrap();
                let paper = papers.iter().find(|paper| paper.id == read.id).unwrap();
                prop_assert!(seen.insert(read.id.clone()), "{}", name);
                prop_assert_eq!(&read.title, &paper.title.clean);
                prop_assert_eq!(&read.abstract_, &paper.abstract_.clean);
                prop_assert_eq!(&read.authors, &paper.authors);
            }
            let found = index.snippets(&query, &docs).unwrap();
            let expected = passages.get_or_insert_with(|| found.clone());
            prop_assert_eq!(&*expected, &found, "{}", name);
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Where only the best papers of a beginning are listed, its count stays exact and the best
    /// papers are the right ones.
    #[test]
    fn the_best_of_a_short_beginning_are_exact(
        papers in papers(),
        prefix in select(vec!["m", "mo", "gr", "l", "le", "a", "h", "o"]),
    ) {
        let mut expected = None;
        for sizes in [tiny_sizes(), tiny_packs()] {
            let sizes = Sizes { prefix_best: 3, prefix_bytes: 0, ..sizes };
            let index = Memory::build(&papers, Some(sizes));
            let expected = expected
                .get_or_insert_with(|| Naive::new(&papers, &index.classes()).search(prefix));
            let answer = index.search(&everything(prefix)).unwrap();
            prop_assert_eq!(answer.total as usize, expected.len());
            prop_assert!(answer.exact);
            let shown = hits(&answer);
            let best = expected.len().min(3);
            prop_assert_eq!(&shown[..best], &expected[..best]);
        }
    }
}

/// Some papers with keywords, and with other words in their raw form.
fn papers_of_all_kinds() -> impl Strategy<Value = Vec<Paper>> {
    let more = prop::collection::vec((text(0..4), prop::option::of(text(0..6))), 25);
    (papers(), more).prop_map(|(mut papers, more)| {
        for (paper, (keyword, raw)) in papers.iter_mut().zip(more) {
            paper.keywords = vec![keyword, "the graph model".to_owned()];
            paper.title.raw = raw.clone();
            paper.abstract_.raw = raw;
        }
        papers
    })
}

/// Words that follow each other in some paper, wherever they stand there, or words at random.
fn phrases(
    papers: &[Paper],
    picks: &[(prop::sample::Index, prop::sample::Index, usize)],
) -> Vec<String> {
    let mut phrases = Vec::new();
    for (paper, start, count) in picks {
        if papers.is_empty() {
            break;
        }
        let paper = paper.get(papers);
        // Also across title, abstract and keywords, where nothing is a phrase.
        let text = [
            &paper.title.clean,
            &paper.abstract_.clean,
            &paper.keywords[0],
        ];
        let said: Vec<String> = text.into_iter().flat_map(|text| words(text)).collect();
        let start = start.index(said.len());
        phrases.push(said[start..said.len().min(start + count)].join(" "));
    }
    phrases
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn phrases_are_those_of_a_scan(
        papers in papers_of_all_kinds(),
        picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..6), 12),
        other in text(1..4),
    ) {
        let mut phrases = phrases(&papers, &picks);
        phrases.extend([other, String::new(), "zzz graph".to_owned(), "the graph model".to_owned()]);
        for (name, index) in indexes(&papers) {
            let mut engine = index.open().unwrap();
            let mut ids = Vec::new();
            for doc in 0..papers.len() as u32 {
                ids.push(index.paper(&mut engine, doc).unwrap().id);
            }
            for phrase in &phrases {
                let phrase_words = words(phrase);
                for field in [PhraseField::Any, PhraseField::Title, PhraseField::Abstract] {
                    let has = |id: &String| {
                        let paper = papers.iter().find(|paper| paper.id == *id).unwrap();
                        let [title, body] = [&paper.title, &paper.abstract_]
                            .map(|text| has_phrase(&words(&text.clean), &phrase_words));
                        match field {
                            PhraseField::Any => title || body,
                            PhraseField::Title => title,
                            PhraseField::Abstract => body,
                        }
                    };
                    let expected: Vec<u32> = (0..papers.len() as u32)
                        .filter(|&doc| has(&ids[doc as usize]))
                        .collect();
                    let (found, _) = index.phrase(&mut engine, phrase, field).unwrap();
                    prop_assert_eq!(found, expected, "{}, {:?} {:?}", name, phrase, field);
                }
                let (_, work) = index.phrase(&mut index.open().unwrap(), phrase, PhraseField::Any).unwrap();
                prop_assert!(work.rounds <= 2);
            }
        }
    }
}

/// A list of every paper takes no bytes, so the list after it begins where it begins.
#[test]
fn lists_without_bytes_are_told_apart() {
    let papers: Vec<Paper> = (0..20)
        .map(|at| {
            let authors = if at % 3 == 0 {
                ["Aaa Common", "Bbb Odd"]
            } else {
                ["Aaa Common", "Ccc Even"]
            };
            paper(&format!("p{at}"), "Graph", &"word ".repeat(at), &authors)
        })
        .collect();
    let indexes = indexes(&papers);
    let naive = Naive::new(&papers, &indexes[0].1.classes());
    for (name, index) in indexes {
        let mut engine = index.open().unwrap();
        for query in ["aaa ", "bbb ", "common ", "ccc ", "even ", "aaa bbb "] {
            let answer = index.search_with(&mut engine, &everything(query)).unwrap();
            assert_eq!(hits(&answer), naive.search(query), "{name}, {query:?}");
        }
    }
}

/// Long lists are read in part where enough papers with all words are expected there; what is found
/// then is right, and nearly always the best.
#[test]
fn first_parts_of_lists_hold_the_best_papers() {
    let mut state = 1u64;
    let mut roll = move |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let papers: Vec<Paper> = (0..3000)
        .map(|at| {
            let mut words = |word: &str| word.repeat(roll(5).min(3) as usize);
            let body = [words("model "), words("graph "), words("kernel ")].concat();
            let title = if at % 9 == 0 { "Graph model" } else { "Paper" };
            paper(
                &format!("p{at}"),
                title,
                &(body + &"other ".repeat(at % 40)),
                &[],
            )
        })
        .collect();
    for sizes in [tiny_sizes(), tiny_packs()] {
        let sizes = Sizes {
            split_over: 64,
            ..sizes
        };
        let index = Memory::build_alone(&papers, Layout::Auto, Some(sizes));
        let naive = Naive::alone(&papers, &index.classes());
        for query in ["graph model ", "kernel ", "model graph kernel "] {
            let mut engine = index.open().unwrap();
            let expected = naive.search(query);
            let all = expected.iter().filter(|hit| hit.2).count() as u32;
            let request = SearchRequest {
                settled: false,
                ..SearchRequest::new(query)
            };
            let early = index.search_with(&mut engine, &request).unwrap();
            assert!(!early.settled && !early.exact, "{query}");
            assert!(
                early.total > 300 && early.total < all,
                "{} of {all}",
                early.total
            );
            // What a paper has is not made up: no hit scores more than it will in the end.
            for hit in hits(&early) {
                assert!(
                    expected
                        .iter()
                        .any(|end| end.0 == hit.0 && end.1 >= hit.1 && end.2)
                );
            }
            let best: Vec<&Hit> = expected.iter().take(10).collect();
            let there = hits(&early)
                .iter()
                .filter(|hit| best.iter().any(|end| end.0 == hit.0))
                .count();
            assert!(there >= 9, "{there} of the best ten for {query:?}");
            let whole = index
                .search_with(&mut engine, &SearchRequest::new(query))
                .unwrap();
            assert!(whole.settled && whole.exact);
            // Only what is missing is read, and what is settled stays so.
            let fresh = index.search(&SearchRequest::new(query)).unwrap();
            assert!(whole.work.bytes <= fresh.work.bytes);
            let again = index.search_with(&mut engine, &request).unwrap();
            assert!(again.settled && again.work.blocks == 0);
            assert_eq!((whole.total, hits(&whole)), (all, expected[..10].to_vec()));
        }
        // A rare word: everything is read at once.
        let request = SearchRequest {
            settled: false,
            ..SearchRequest::new("graph model zzz ")
        };
        assert!(index.search(&request).unwrap().settled);
    }
}

/// Lists and records longer than a block, in packs of several files.
#[test]
fn what_is_longer_than_a_block_comes_back() {
    let noise = |seed: u64, words: usize| -> String {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let word = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            format!("w{:x} ", state & 0xffff_ffff_ffff)
        };
        (0..words).map(word).collect()
    };
    let papers: Vec<Paper> = (0..12)
        .map(|at| {
            let words = if at == 7 { 40_000 } else { 400 };
            paper(&format!("p{at}"), "Long", &noise(at + 1, words), &[])
        })
        .collect();
    let sizes = Sizes {
        file_bytes: 1 << 20,
        inline_limit: 8,
        shard_words: 512,
        ..tiny_packs()
    };
    for sizes in [
        sizes,
        Sizes {
            file_bytes: 0,
            ..sizes
        },
    ] {
        let (index, built) = Memory::build_in(&papers, Layout::Auto, Some(sizes));
        let mut engine = index.open().unwrap();
        for doc in 0..papers.len() as u32 {
            let read = index.paper(&mut engine, doc).unwrap();
            let paper = papers.iter().find(|paper| paper.id == read.id).unwrap();
            assert!(read.abstract_ == paper.abstract_.clean, "paper {doc}");
        }
        let records = |path: &&String| path.contains("/r/");
        let files = index.files.keys().filter(records).count();
        let expected = if sizes.file_bytes == 0 {
            built.files > 20
        } else {
            files == 1
        };
        assert!(expected, "{files} files of records");
    }
}
