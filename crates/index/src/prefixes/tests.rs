#![allow(clippy::unwrap_used)]
use super::*;
use crate::words::bare;

#[test]
fn every_short_prefix_knows_its_words() {
    let words = bare(&["a", "ab", "abcd", "abce", "b", "écru"]);
    let found = short_prefixes(&words);
    let expected = [
        ("a", 0..4),
        ("ab", 1..4),
        ("abc", 2..4),
        ("b", 4..5),
        ("é", 5..6),
        ("éc", 5..6),
        ("écr", 5..6),
    ];
    assert_eq!(found, expected);
}

/// Two classes of length: what comes twice in a long paper is worth less than once in a short one.
fn worth(papers: u32) -> Worth {
    let class = |papers, norm| offprint_format::LengthClass { papers, norm };
    Worth::new(&Segment {
        lengths: vec![class(papers / 2, 80), class(papers - papers / 2, 900)],
        ..Segment::default()
    })
}

#[test]
fn the_best_are_those_of_a_stable_sort() {
    for (papers, best) in [(0, 5), (4, 5), (300, 7), (300, 300), (300, 1)] {
        let worth = worth(papers);
        let code = |doc: u32| (doc.wrapping_mul(2_654_435_761) >> 28) as u8 + 1;
        let all: Vec<u32> = (0..papers)
            .map(|doc| doc << CODE_BITS | u32::from(code(doc)))
            .collect();
        let mut sorted: Vec<u32> = (0..papers).collect();
        sorted.sort_by_key(|&doc| std::cmp::Reverse(worth.of(doc, code(doc))));
        let mut rest = sorted.split_off(best.min(sorted.len()));
        sorted.sort_unstable();
        rest.sort_unstable();
        let (chosen, others) = split(&all, best, &worth);
        let docs: Vec<u32> = chosen.iter().map(|posting| posting.doc).collect();
        assert_eq!((docs, others), (sorted, rest));
    }
}

#[test]
fn a_union_gives_each_paper_once_and_in_order_with_its_best() {
    for papers in [100, 50_000] {
        let worth = worth(papers);
        let mut union = Union::new(papers, &worth);
        for (doc, code) in [(40, 3), (7, 2), (40, 5), (12, 31), (40, 4), (99, NAME)] {
            union.see(doc, code);
        }
        // Once in a short paper is worth more than an author's word; in a long one it may be less.
        union.see(7, NAME);
        union.see(papers - 1, NAME);
        union.see(papers - 1, 2);
        union.fold(&[7 << CODE_BITS | 3]);
        let mut expected = vec![7 << 6 | 3, 12 << 6 | 31, 40 << 6 | 5, 99 << 6 | 1];
        if papers > 100 {
            expected.push((papers - 1) << 6 | 1);
        }
        assert_eq!(union.take(), expected);
        assert!(union.take().is_empty());
    }
}
