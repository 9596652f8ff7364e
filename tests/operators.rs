//! Operators of the query language against a scan of every paper: conditions, fields, exclusions
//! and alternatives mean what they say, whatever the papers and the division of the index.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/memory.rs"]
mod memory;
#[path = "support/naive.rs"]
mod naive;

use std::collections::BTreeMap;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use naive::{Field, Hit, Naive};
use offprint_index::{Layout, Sizes};
use offprint_papers::Paper;
use offprint_search::SearchRequest;
use proptest::prelude::*;
use proptest::sample::select;

/// No two of them are written as one in any paper.
const WORDS: [&str; 12] = [
    "model", "models", "modeling", "graph", "graphs", "grape", "happy", "happily", "optimal",
    "learned", "learning", "li",
];

const NAMES: [&str; 4] = ["Ada Model", "Li Wei", "Émilie Graph", "O. Learned"];

/// A word in a field, as the query says it.
type Term = (Field, &'static str);

#[derive(Clone, Debug)]
enum Clause {
    Plain(&'static str),
    Field(Term),
    Any(Vec<Term>),
    None(Vec<Term>),
}

fn term() -> impl Strategy<Value = Term> {
    let field = prop_oneof![
        3 => Just(Field::Any),
        1 => Just(Field::Title),
        1 => Just(Field::Abstract),
        1 => Just(Field::Author),
    ];
    (field, select(&WORDS[..]))
}

fn clause() -> impl Strategy<Value = Clause> {
    let terms = || prop::collection::vec(term(), 2..4);
    prop_oneof![
        3 => select(&WORDS[..]).prop_map(Clause::Plain),
        2 => term().prop_filter("a field", |term| term.0 != Field::Any).prop_map(Clause::Field),
        1 => terms().prop_map(Clause::Any),
        1 => terms().prop_map(Clause::None),
        1 => term().prop_map(|term| Clause::None(vec![term])),
    ]
}

fn write_term((field, word): &Term) -> String {
    let field = match field {
        Field::Any => "",
        Field::Title => "title:",
        Field::Abstract => "abs:",
        Field::Author => "author:",
    };
    format!("{field}{word}")
}

fn write(clauses: &[Clause]) -> String {
    let list = |terms: &[Term]| {
        terms
            .iter()
            .map(write_term)
            .collect::<Vec<_>>()
            .join(" OR ")
    };
    let clause = |clause: &Clause| match clause {
        Clause::Plain(word) => (*word).to_owned(),
        Clause::Field(term) => write_term(term),
        Clause::Any(terms) => format!("({})", list(terms)),
        Clause::None(terms) if terms.len() == 1 => format!("-{}", write_term(&terms[0])),
        Clause::None(terms) => format!("-({})", list(terms)),
    };
    let written: Vec<String> = clauses.iter().map(clause).collect();
    written.join(" ") + " "
}

/// The hits in order, and how many of them have all plain words.
fn scan(naive: &Naive, clauses: &[Clause]) -> (Vec<Hit>, u32) {
    let ids: Vec<&str> = naive.ids().collect();
    let mut wanted: BTreeMap<Term, u32> = BTreeMap::new();
    for clause in clauses {
        let terms: Vec<Term> = match clause {
            Clause::Plain(word) => vec![(Field::Any, *word)],
            Clause::Field(term) => vec![*term],
            Clause::Any(terms) => terms.clone(),
            Clause::None(_) => Vec::new(),
        };
        for term in terms {
            *wanted.entry(term).or_default() += 1;
        }
    }
    let has = |term: &Term, doc: usize| naive.within(term.1, term.0)[doc];
    let mut hits = Vec::new();
    for (doc, &id) in ids.iter().enumerate() {
        let any = |terms: &[Term]| terms.iter().any(|term| has(term, doc).is_some());
        let admitted = clauses.iter().all(|clause| match clause {
            Clause::Plain(_) => true,
            Clause::Field(term) => has(term, doc).is_some(),
            Clause::Any(terms) => any(terms),
            Clause::None(terms) => !any(terms),
        });
        let all = clauses.iter().all(|clause| match clause {
            Clause::Plain(word) => has(&(Field::Any, word), doc).is_some(),
            _ => true,
        });
        let gains = wanted
            .iter()
            .filter_map(|(term, times)| Some(has(term, doc)? * times));
        let gains: Vec<u32> = gains.collect();
        // Of what only shuts out, whatever is left is a hit; the papers have no dates.
        if admitted && (wanted.is_empty() || !gains.is_empty()) {
            hits.push((
                !all,
                u32::MAX - gains.iter().sum::<u32>(),
                doc,
                id.to_owned(),
            ));
        }
    }
    hits.sort();
    let total = hits.iter().filter(|hit| !hit.0).count() as u32;
    let hits = hits.into_iter();
    let hits = hits.map(|(some, score, _, id)| (id, u32::MAX - score, !some));
    (hits.collect(), total)
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    let text = |words| {
        prop::collection::vec(select(&WORDS[..]), words).prop_map(|words| words.join(" and "))
    };
    let one = (
        text(1..4),
        text(0..12),
        prop::collection::vec(select(&NAMES[..]), 0..3),
    );
    prop::collection::vec(one, 1..20).prop_map(|papers| {
        let make = |(at, (title, abstract_, authors)): (usize, (String, String, Vec<&str>))| {
            paper(&format!("p{at}"), &title, &abstract_, &authors)
        };
        papers.into_iter().enumerate().map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn operators_agree_with_a_scan(
        papers in papers(),
        queries in prop::collection::vec(prop::collection::vec(clause(), 1..5), 1..5),
    ) {
        let split = Sizes { split_over: 2, ..tiny_packs() };
        for sizes in [None, Some(tiny_sizes()), Some(split)] {
            let index = Memory::build_alone(&papers, Layout::Auto, sizes);
            let naive = Naive::alone(&papers, &index.classes());
            let mut used = index.open().unwrap();
            for clauses in &queries {
                let query = write(clauses);
                let (expected, total) = scan(&naive, clauses);
                let request = SearchRequest { limit: 1000, literal: true, ..SearchRequest::new(&query) };
                for answer in [index.search(&request).unwrap(), index.search_with(&mut used, &request).unwrap()] {
                    let found: Vec<Hit> = answer
                        .hits
                        .iter()
                        .map(|hit| (hit.id.clone(), hit.score, hit.all_words))
                        .collect();
                    prop_assert_eq!(found, expected.clone(), "query {:?}", query);
                    prop_assert_eq!((answer.total, answer.total_any), (total, expected.len() as u32), "{}", query);
                    prop_assert!(answer.exact && answer.settled && answer.work.rounds <= 3);
                }
            }
        }
    }
}
