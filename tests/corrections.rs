//! Misspelt words: what is corrected, and by what, against a look at every word of the papers.
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
use naive::Naive;
use offprint_index::Sizes;
use offprint_papers::Paper;
use offprint_search::{Answer, SearchRequest};
use proptest::prelude::*;
use proptest::sample::select;

/// Words none of which is an edit or two from another, nor the beginning of one, nor shares its
/// stem.
const WORDS: [&str; 10] = [
    "transformer",
    "lottery",
    "gradient",
    "attention",
    "poincare",
    "wasserstein",
    "resnet50",
    "kernels",
    "łojasiewicz",
    "quantum",
];

const NAMES: [&str; 2] = ["Yoshua Bengio", "Shafi Goldwasser"];

fn papers() -> Vec<Paper> {
    let text = |at: usize| [WORDS[at % 10], WORDS[(at * 3 + 1) % 10]].join(" ");
    (0..30)
        .map(|at| {
            paper(
                &format!("p{at}"),
                &text(at),
                &text(at + 1),
                &[NAMES[at % 2]],
            )
        })
        .collect()
}

/// The papers in blocks of every size; all words are among the frequent ones.
fn indexes(papers: &[Paper]) -> Vec<Memory> {
    let all = |sizes| Sizes {
        spelling_words: 1000,
        ..sizes
    };
    vec![
        Memory::build(papers, None),
        Memory::build(papers, Some(all(tiny_sizes()))),
        Memory::build(papers, Some(all(tiny_packs()))),
    ]
}

/// A word, and the same mistyped once.
fn mistyped() -> impl Strategy<Value = (String, String)> {
    let words = [&WORDS[..6], &["bengio", "goldwasser", "quantum"]].concat();
    let letter = prop::char::range('a', 'z');
    (select(words), any::<prop::sample::Index>(), letter, 0..4).prop_map(
        |(word, at, letter, kind)| {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at.index(letters.len() - 1);
            match kind {
                0 => letters[at] = letter,
                1 => letters.insert(at, letter),
                2 => drop(letters.remove(at)),
                _ => letters.swap(at, at + 1),
            }
            (word.to_owned(), letters.into_iter().collect())
        },
    )
}

fn ids(answer: &Answer) -> Vec<(String, u32)> {
    let hits = answer.hits.iter();
    hits.map(|hit| (hit.id.clone(), hit.score)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_word_mistyped_once_is_found((word, typed) in mistyped(), other in select(&WORDS[..])) {
        let papers = papers();
        for index in indexes(&papers) {
            let asked = format!("{other} {typed} ");
            let answer = index.search(&SearchRequest::new(&asked)).unwrap();
            if typed == word {
                prop_assert_eq!(&answer.searched, &asked);
                continue;
            }
            let meant = format!("{other} {word} ");
            prop_assert_eq!(&answer.searched, &meant);
            prop_assert_eq!(&answer.query, &asked);
            let expected = index.search(&SearchRequest::new(&meant)).unwrap();
            prop_assert_eq!(ids(&answer), ids(&expected));
            prop_assert!(answer.missing.is_empty());
            // Words meant as they stand.
            let literal = SearchRequest { literal: true, ..SearchRequest::new(&asked) };
            let answer = index.search(&literal).unwrap();
            prop_assert_eq!(&answer.searched, &asked);
            prop_assert_eq!(&answer.missing, std::slice::from_ref(&typed));
            prop_assert_eq!(answer.without.trim(), other);
            let naive = Naive::new(&papers, &index.classes());
            prop_assert_eq!(answer.total_any as usize, naive.search(&asked).len());
        }
    }
}

/// What is asked for to answer a query.
fn search(query: &str) -> Vec<Answer> {
    let indexes = indexes(&papers());
    let request = SearchRequest::new(query);
    let answers = indexes.iter().map(|index| index.search(&request).unwrap());
    answers.collect()
}

/// What each index takes a query for.
fn searched(query: &str) -> Vec<String> {
    let answers = search(query).into_iter();
    answers.map(|answer| answer.searched).collect()
}

#[test]
fn the_beginning_of_a_word_is_corrected_too() {
    for answer in search("gradient transfrom") {
        assert_eq!(answer.searched, "gradient transform");
        assert!(answer.total > 0);
    }
    // What begins a word is none that is misspelt.
    for query in ["transfo", "wasserst"] {
        for answer in search(query) {
            assert_eq!(answer.searched, query);
            assert!(answer.total > 0 && answer.missing.is_empty());
        }
    }
}

#[test]
fn two_edits_take_eight_letters() {
    assert_eq!(searched("wasersten "), ["wasserstein "; 3]);
    for answer in search("kenrles ") {
        assert_eq!(answer.searched, answer.query);
        assert_eq!(answer.missing, ["kenrles"]);
        assert_eq!(answer.without.trim(), "");
    }
}

#[test]
fn a_blank_left_out_is_put_back() {
    assert_eq!(searched("lotterygradient "), ["lottery gradient "; 3]);
    let expected = ["quantum attention kernels"; 3];
    assert_eq!(searched("quantum attentionkernels"), expected);
    // As long as both halves are words, and the query is nothing but words.
    for query in ["lotterygradie ", "xlottery ", "lotterygradient -kernels "] {
        assert!(
            searched(query)
                .iter()
                .all(|said| !said.contains("lottery gradient")),
            "{query}"
        );
    }
}

#[test]
fn another_number_is_another_word() {
    assert_eq!(searched("resnet51 "), ["resnet51 "; 3]);
    assert_eq!(searched("rsenet50 "), ["resnet50 "; 3]);
}

#[test]
fn letters_that_are_folded_count_once() {
    assert_eq!(searched("łojasiewcz "), ["lojasiewicz "; 3]);
    assert_eq!(
        searched("the Lojasiewcz inequality"),
        ["the lojasiewicz inequality"; 3]
    );
}

#[test]
fn a_rare_word_gives_way_only_where_nothing_has_all_words() {
    let mut papers: Vec<Paper> = (0..300)
        .map(|at| paper(&format!("p{at}"), "algorithm convergence", "", &[]))
        .collect();
    papers.push(paper("odd", "algoritm notes", "", &[]));
    let index = Memory::build(&papers, None);
    let search = |query| index.search(&SearchRequest::new(query)).unwrap();
    let answer = search("algoritm convergence ");
    assert_eq!(answer.searched, "algorithm convergence ");
    assert_eq!(answer.total, 300);
    for query in ["algoritm notes ", "algoritm ", "algoritm"] {
        let answer = search(query);
        assert!(answer.searched == query && answer.total > 0, "{query}");
    }
}

#[test]
fn nothing_more_is_read_where_every_word_is_known() {
    for index in indexes(&papers()) {
        let request = SearchRequest::new("lottery gradient ");
        let answer = index.search(&request).unwrap();
        let literal = SearchRequest {
            literal: true,
            ..request
        };
        assert_eq!(answer.work, index.search(&literal).unwrap().work);
        let wrong = SearchRequest::new("lotery gradient ");
        let wrong = index.search(&wrong).unwrap();
        assert!(wrong.work.rounds > answer.work.rounds);
        assert!(wrong.work.rounds <= answer.work.rounds + 2);
    }
}

#[test]
fn an_unfinished_word_may_become_frequent_ones() {
    let mut papers = papers();
    for at in 0..40 {
        let title = ["graph", "graphs", "grammar", "gravity waves"][usize::min(at / 9, 3)];
        papers.push(paper(&format!("g{at}"), title, "", &["Maria Grabar"]));
    }
    for index in indexes(&papers) {
        let words = |query: &str| index.suggest(query).unwrap().0;
        // By powers of two of their counts, then in order; one of each stem.
        assert_eq!(
            words("lottery gra"),
            ["grabar", "gradient", "grammar", "graph", "gravity"]
        );
        assert_eq!(words("Łoj"), ["łojasiewicz".replace('ł', "l")]);
        assert_eq!(words("graph"), Vec::<String>::new());
        for finished in ["", "gra ", "g", "gra!", "qqqq"] {
            assert_eq!(words(finished), Vec::<String>::new(), "{finished}");
        }
        assert!(index.suggest("gr").unwrap().1.rounds <= 1);
    }
}

#[test]
fn joined_forms_correct_but_are_not_suggested() {
    let mut papers = papers();
    for at in 0..20 {
        let title = ["gray-box attacks", "on-line learning", "online trees"][at % 3];
        papers.push(paper(&format!("j{at}"), title, "", &[]));
    }
    for index in indexes(&papers) {
        let words = |query: &str| index.suggest(query).unwrap().0;
        assert_eq!(words("gra"), ["gradient", "gray"]);
        // Somebody writes this one so.
        assert_eq!(words("onl"), ["online"]);
        let wrong = index
            .search(&SearchRequest::new("graybix attacks "))
            .unwrap();
        assert_eq!(wrong.searched, "graybox attacks ");
    }
}
