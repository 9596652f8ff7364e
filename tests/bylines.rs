//! Authors counted paper by paper, where a collection has more than its column names.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/memory.rs"]
mod memory;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use offprint_index::Sizes;
use offprint_papers::Paper;
use offprint_search::{Facet, Field, SearchRequest};

fn built(papers: &[Paper]) -> [Memory; 2] {
    [tiny_sizes(), tiny_packs()].map(|sizes| {
        let sizes = Sizes {
            author_bytes: 0,
            byline_blocks: 4,
            cards_per_block: sizes.cards_per_block * 8,
            card_page: 768,
            ..sizes
        };
        Memory::build(papers, Some(sizes))
    })
}

/// A paper whose abstract holds these words.
fn by(at: usize, words: &str, authors: &[String]) -> Paper {
    Paper {
        authors: authors.to_vec(),
        ..paper(&format!("p{at}"), "A title", words, &[])
    }
}

fn authors(index: &Memory, query: &str) -> Facet {
    let request = SearchRequest {
        facets: vec![Field::Author],
        settled: true,
        limit: 1,
        ..SearchRequest::new(query)
    };
    index.search(&request).unwrap().facets.remove(0)
}

fn values(facet: &Facet) -> Vec<(&str, u32)> {
    let values = facet.values.iter();
    values.map(|v| (v.value.as_str(), v.count)).collect()
}

/// The twenty authors with most of some papers, by reading them.
fn most<'a>(some: &'a [Paper], all: &[Paper]) -> Vec<(&'a str, u32)> {
    let has = |paper: &Paper, name: &str| paper.authors.iter().any(|author| author == name);
    let count = |papers: &[Paper], name: &str| {
        let papers = papers.iter().filter(|paper| has(paper, name));
        papers.count() as u32
    };
    let names: BTreeSet<&str> = some
        .iter()
        .flat_map(|paper| &paper.authors)
        .map(String::as_str)
        .collect();
    let mut counts: Vec<_> = names
        .iter()
        .map(|name| (*name, count(some, name)))
        .collect();
    counts.sort_by_key(|(name, papers)| (Reverse(*papers), Reverse(count(all, name))));
    counts.truncate(20);
    counts
}

#[test]
fn up_to_two_thousand_papers_are_counted_one_by_one() {
    let name = |at: usize| format!("Author {at:04}");
    let word = |at: usize| if at < 2000 { "early" } else { "late" };
    let papers: Vec<Paper> = (0..2001)
        .map(|at| {
            by(
                at,
                &format!("{} all", word(at)),
                &[name(at / 3), name(at % 7)],
            )
        })
        .collect();
    for index in built(&papers) {
        let early = authors(&index, "early ");
        assert!(early.exact && early.complete);
        assert_eq!(values(&early), most(&papers[..2000], &papers));
        assert_eq!(
            (early.values.len(), early.other, early.total),
            (20, 0, 2000)
        );
        let late = authors(&index, "late ");
        assert_eq!(values(&late), [("Author 0005", 1), ("Author 0666", 1)]);
        // One more is too many.
        let all = authors(&index, "all ");
        assert_eq!((all.exact, all.complete, all.total), (true, false, 2001));
        assert_eq!(values(&all), []);
    }
}

#[test]
fn authors_whom_no_card_names_are_named_by_records() {
    let many = |last: &str| {
        let mut names: Vec<String> = (0..40).map(|at| format!("Member {at:02}")).collect();
        names.push(last.to_owned());
        names
    };
    let papers = [
        by(0, "detector", &many("Ada Last")),
        by(1, "detector", &many("ada last")),
        by(
            2,
            "detector",
            &["Member 00".into(), "  ".into(), "Member 00".into()],
        ),
        by(3, "theory", &["Zoe Once".into(), "Ada Last".into()]),
    ];
    for index in built(&papers) {
        let facet = authors(&index, "detector ");
        assert_eq!(values(&facet)[0], ("Member 00", 3));
        // Who has more papers in the collection comes first among those with as many here.
        let (name, count) = values(&facet)[1];
        assert_eq!((name.to_lowercase().as_str(), count), ("ada last", 2));
        assert_eq!(facet.values.len(), 20);
        assert_eq!(values(&authors(&index, "theory ")), [("Ada Last", 1)]);
    }
}
