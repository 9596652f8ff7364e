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

#[test]
fn the_best_are_those_of_a_stable_sort() {
    for (papers, best) in [(0, 5), (4, 5), (300, 7), (300, 300), (300, 1)] {
        let impact = |doc: u32| doc.wrapping_mul(2_654_435_761) >> 28;
        let all: Vec<u32> = (0..papers).map(|doc| doc << 5 | impact(doc)).collect();
        let mut sorted: Vec<u32> = (0..papers).collect();
        sorted.sort_by_key(|&doc| std::cmp::Reverse(impact(doc)));
        let mut rest = sorted.split_off(best.min(sorted.len()));
        sorted.sort_unstable();
        rest.sort_unstable();
        let (chosen, others) = split(&all, best);
        let docs: Vec<u32> = chosen.iter().map(|posting| posting.doc).collect();
        assert_eq!((docs, others), (sorted, rest));
    }
}

#[test]
fn a_union_gives_each_paper_once_and_in_order_with_its_best() {
    for papers in [50, 50_000] {
        let mut union = Union::new(papers);
        for (doc, impact) in [(40, 3), (7, 0), (40, 5), (12, 31), (40, 4)] {
            union.see(doc, impact);
        }
        union.fold(&[7 << 5 | 2]);
        assert_eq!(union.take(), [7 << 5 | 2, 12 << 5 | 31, 40 << 5 | 5]);
        assert!(union.take().is_empty());
    }
}
