#![allow(clippy::unwrap_used)]
//! The streaming builder against one that holds everything, on random papers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use offprint_analysis::{TokenKind, is_stop_word, stem, tokenize};
use offprint_format::{FrequencyTally, Posting, TITLE_WEIGHT};
use offprint_papers::{MemoryScratch, Paper, Text};
use proptest::prelude::*;

use super::*;
use crate::words::{self, NONE};
use crate::{Layout, chunk};

/// Document, weighted frequency, in the title, in the abstract.
type Hit = (u32, u8, bool, bool);

/// What an index holds: words with their stem's postings, authors' words with their papers.
#[derive(Debug, Default, PartialEq)]
struct Index {
    words: BTreeMap<String, Vec<Hit>>,
    names: BTreeMap<String, Vec<u32>>,
    priors: FrequencyPriors,
    tokens: u64,
}

/// How often a paper holds a stem.
#[derive(Default)]
struct Count {
    title: u32,
    body: u32,
}

fn tokens(text: &str) -> Vec<(String, bool)> {
    let mut tokens = Vec::new();
    tokenize(text, &mut |token| {
        let counts = token.kind == TokenKind::Word && !is_stop_word(token.term);
        tokens.push((token.term.to_owned(), counts));
    });
    tokens
}

fn naive(papers: &[Paper]) -> Index {
    let mut index = Index::default();
    let mut stems: HashMap<String, String> = HashMap::new();
    let mut docs = Vec::new();
    for (doc, paper) in (0..).zip(papers) {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let mut length = 0;
        let mut texts = vec![(&paper.title.clean, true), (&paper.abstract_.clean, false)];
        texts.extend(paper.keywords.iter().map(|keyword| (keyword, false)));
        for (text, in_title) in texts {
            for (word, is_long) in tokens(text) {
                let found = stem(&word).into_owned();
                let count = counts.entry(found.clone()).or_default();
                match in_title {
                    true => count.title += 1,
                    false => count.body += 1,
                }
                stems.insert(word, found);
                length += u32::from(is_long) * if in_title { TITLE_WEIGHT } else { 1 };
            }
        }
        for raw in [&paper.title.raw, &paper.abstract_.raw]
            .into_iter()
            .flatten()
        {
            for (word, _) in tokens(raw) {
                let found = stem(&word).into_owned();
                counts
                    .entry(found.clone())
                    .or_insert(Count { title: 0, body: 1 });
                stems.insert(word, found);
            }
        }
        index.tokens += u64::from(length);
        let names: BTreeSet<String> = paper
            .authors
            .iter()
            .flat_map(|author| tokens(author))
            .map(|(word, _)| word)
            .collect();
        for name in names {
            index.names.entry(name).or_default().push(doc);
        }
        docs.push(counts);
    }
    let mut tally = FrequencyTally::default();
    let mut postings: HashMap<String, Vec<Hit>> = HashMap::new();
    for (doc, counts) in (0..).zip(docs) {
        for (stem, count) in counts {
            let frequency = (count.title * TITLE_WEIGHT + count.body).min(31) as u8;
            let (title, body) = (count.title > 0, count.body > 0);
            let posting = Posting {
                doc,
                frequency,
                in_abstract: body,
            };
            tally.count(posting, title);
            let hits = postings.entry(stem).or_default();
            hits.push((doc, frequency, title, body));
        }
    }
    index.priors = tally.priors();
    index.words = stems
        .into_iter()
        .map(|(word, stem)| (word, postings.get(&stem).cloned().unwrap_or_default()))
        .collect();
    index
}

fn streamed(papers: &[Paper], memory: usize, papers_at_once: usize, inline_limit: u32) -> Index {
    let resources = Resources {
        papers_at_once,
        ..Resources::new(Arc::new(MemoryScratch), memory)
    };
    let order: Vec<u32> = (0..papers.len() as u32).collect();
    let frequent = Frequent::sample(papers, &order, 4).unwrap();
    let mut analyzed = analyze(papers, &order, frequent, &resources, &mut |_| {}).unwrap();
    let tokens = papers.iter().map(chunk::length).map(u64::from).sum();
    let priors = analyzed.tally.priors();
    let sizes = Sizes {
        inline_limit,
        ..Sizes::of(papers.len(), 0, Layout::Chunks)
    };
    let postings = analyzed
        .code(&priors, &sizes, &resources, &mut |_| {})
        .unwrap();
    let mut index = Index {
        priors,
        tokens,
        ..Index::default()
    };
    let words = words::merge(&analyzed.vocabulary);
    assert!(words.is_sorted_by_key(|word| word.text));
    for word in words {
        if word.stem != NONE {
            let mut hits = Vec::new();
            let place = postings.stem(word.stem);
            postings
                .each_posting(place, |posting, in_title| {
                    hits.push((
                        posting.doc,
                        posting.frequency,
                        in_title,
                        posting.in_abstract,
                    ));
                })
                .unwrap();
            assert_eq!(place.is_external(), hits.len() > inline_limit as usize);
            index.words.insert(word.text.to_owned(), hits);
        }
        if word.name != NONE {
            let docs = postings.docs(postings.name(word.name)).unwrap();
            index.names.insert(word.text.to_owned(), docs);
        }
    }
    index
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    const WORDS: [&str; 12] = [
        "tree",
        "trees",
        "graph",
        "the",
        "of",
        "byte-pair",
        "Poincaré",
        "model",
        "models",
        "C++",
        "Li",
        "kernel",
    ];
    let text = |most: usize| {
        proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..most)
            .prop_map(|words| words.join(" "))
    };
    let field = move |most| {
        (text(most), proptest::option::of(text(4))).prop_map(|(clean, raw)| Text { clean, raw })
    };
    let paper = (
        field(6),
        field(90),
        proptest::collection::vec(text(3), 0..3),
        proptest::collection::vec(text(3), 0..3),
    );
    let paper = paper.prop_map(|(title, abstract_, keywords, authors)| Paper {
        title,
        abstract_,
        keywords,
        authors,
        ..Paper::default()
    });
    proptest::collection::vec(paper, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streaming_gives_what_holding_everything_gives(
        papers in papers(),
        memory in proptest::sample::select(&[0usize, 900, 1 << 30][..]),
        papers_at_once in 1usize..9,
        inline_limit in 0u32..5,
    ) {
        let index = streamed(&papers, memory, papers_at_once, inline_limit);
        prop_assert_eq!(index, naive(&papers));
    }
}
