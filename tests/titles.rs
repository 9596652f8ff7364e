//! Titles that say a query of several words, function words included, come first among the first ten.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(dead_code, reason = "the support is shared with other tests")]

#[path = "support/memory.rs"]
mod memory;
#[path = "support/naive.rs"]
mod naive;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use naive::{Hit, Naive};
use offprint_papers::Paper;
use offprint_search::{Answer, SearchRequest, Sort};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn hits(answer: &Answer) -> Vec<Hit> {
    let hits = answer.hits.iter();
    hits.map(|hit| (hit.id.clone(), hit.score, hit.all_words))
        .collect()
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    let text =
        |words| prop::collection::vec(select(vec!["graph", "model", "of", "the", "or"]), words);
    prop::collection::vec((text(1..6), text(0..4)), 1..30).prop_map(|papers| {
        let make = |(at, (title, text)): (usize, (Vec<&str>, Vec<&str>))| {
            paper(&format!("p{at}"), &title.join(" "), &text.join(" "), &[])
        };
        papers.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn the_order_is_that_of_a_scan_on_every_page(
        papers in papers(),
        (from, words, cut) in (any::<Index>(), 1usize..5, 0usize..3),
        which in any::<Index>(),
        (offset, limit) in (0u32..14, 0u32..14),
    ) {
        let title: Vec<&str> = which.get(&papers).title.clean.split(' ').collect();
        let start = from.index(title.len());
        let mut query = title[start..title.len().min(start + words)].join(" ");
        match cut {
            0 => query.push(' '),
            1 => query.truncate(query.len() - 1),
            _ => {}
        }
        for sizes in [None, Some(tiny_sizes()), Some(tiny_packs())] {
            let index = Memory::build_alone(&papers, offprint_index::Layout::Auto, sizes);
            let expected = Naive::alone(&papers, &index.classes()).search(&query);
            let ask = |offset, limit| SearchRequest { offset, limit, literal: true, ..SearchRequest::new(&query) };
            let all = hits(&index.search(&ask(0, 1000)).unwrap());
            prop_assert_eq!(&all, &expected, "{:?}", query);
            let page = hits(&index.search(&ask(offset, limit)).unwrap());
            let rest = expected.into_iter().skip(offset as usize).take(limit as usize);
            prop_assert_eq!(page, rest.collect::<Vec<_>>(), "{:?} from {} on", query, offset);
        }
    }
}

/// Twelve papers on pruning, all of whose titles say it, and one that asks.
fn pruning() -> Vec<Paper> {
    let mut papers: Vec<Paper> = (0..4)
        .map(|at| {
            paper(
                &format!("p{at}"),
                "Prune now",
                "Prune to prune, or prune.",
                &[],
            )
        })
        .collect();
    papers.push(paper(
        "asks",
        "To prune, or not to prune: a study",
        "Of networks.",
        &[],
    ));
    papers.push(paper(
        "asks not",
        "Not to prune",
        "To prune, or not to prune.",
        &[],
    ));
    papers
}

fn first(index: &Memory, request: &SearchRequest) -> Vec<String> {
    let answer = index.search(request).unwrap();
    answer.hits.into_iter().map(|hit| hit.id).collect()
}

#[test]
fn a_title_that_says_the_query_comes_first() {
    let index = Memory::build(&pruning(), None);
    for query in [
        "to prune or not to prune",
        "prune or n",
        "Or Not, to Prune ",
        "or not to prune: a",
    ] {
        assert_eq!(
            first(&index, &SearchRequest::new(query))[0],
            "asks",
            "{query}"
        );
    }
    assert_eq!(
        first(&index, &SearchRequest::new("not to prune "))[..2],
        ["asks not", "asks"]
    );
    // Without a function word, and where the words stand apart, scores alone decide.
    for query in ["prune ", "prune and", "or not prune "] {
        assert_ne!(
            first(&index, &SearchRequest::new(query))[0],
            "asks",
            "{query}"
        );
    }
    let newest = SearchRequest {
        sort: Sort::Newest,
        ..SearchRequest::new("to prune or not to prune")
    };
    let plain = SearchRequest {
        sort: Sort::Newest,
        ..SearchRequest::new("prune ")
    };
    assert_eq!(first(&index, &newest), first(&index, &plain));
}

#[test]
fn no_more_is_read_for_it_than_the_first_ten() {
    let index = Memory::build(&pruning(), Some(tiny_packs()));
    let work = |query: &str| index.search(&SearchRequest::new(query)).unwrap().work;
    assert_eq!(work("prune or not to "), work("prune "));
}
