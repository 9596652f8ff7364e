//! Phrases against a scan of every paper, on real ones: words that follow each other in titles, and
//! words of which most papers are full.
//!
//! Takes the first 3 000 papers of `arxiv-200k.jsonl.zst`, or as many as `OFFPRINT_PAPERS` says.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(dead_code, reason = "the support is shared with other tests")]

#[path = "support/arxiv.rs"]
mod arxiv;
#[path = "support/golden.rs"]
mod golden;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/program.rs"]
mod program;

use std::collections::HashMap;
use std::path::Path;
use std::process::ExitCode;

use memory::Memory;
use naive::{Naive, has_phrase, words};
use offprint_index::Layout;
use offprint_papers::Paper;
use offprint_search::PhraseField;

/// Phrases of titles, besides the ones below.
const OF_TITLES: usize = 40;

const FIXED: [&str; 20] = [
    "attention is all you need",
    "large language model",
    "deep neural network",
    "deep neural networks",
    "state of the art",
    "we show that",
    "in this paper",
    "in the presence of",
    "it is shown that the",
    "as a function of",
    "model of the",
    "of the",
    "the of",
    "to be or not to be",
    "on the other hand",
    "machine learning",
    "data",
    "the art of",
    "magnetic field and the",
    "a b",
];

fn main() -> ExitCode {
    arxiv::run("phrases are those of a scan", compare)
}

/// Two to five words from somewhere in every so many titles.
fn of_titles(papers: &[Paper]) -> Vec<String> {
    let mut phrases = Vec::new();
    for (number, paper) in papers
        .iter()
        .step_by(papers.len() / OF_TITLES / 2)
        .enumerate()
    {
        let said = words(&paper.title.clean);
        let count = 2 + number % 4;
        let from = said.len().saturating_sub(count) * (number % 3) / 2;
        if said.len() >= count {
            phrases.push(said[from..from + count].join(" "));
        }
    }
    phrases.truncate(OF_TITLES);
    phrases
}

fn compare(file: &Path) -> Result<(), String> {
    let papers = arxiv::papers(file, arxiv::wanted(3000));
    let mut phrases = of_titles(&papers);
    phrases.extend(FIXED.map(str::to_owned));
    if phrases.len() != OF_TITLES + FIXED.len() {
        return Err(format!("only {} phrases", phrases.len()));
    }
    let index = Memory::build_alone(&papers, Layout::Packs, None);
    let texts: HashMap<&str, [Vec<String>; 2]> = papers
        .iter()
        .map(|paper| {
            let texts = [&paper.title, &paper.abstract_].map(|text| words(&text.clean));
            (paper.id.as_str(), texts)
        })
        .collect();
    let naive = Naive::new(&papers, &index.classes());
    let docs: Vec<&[Vec<String>; 2]> = naive.ids().map(|id| &texts[id]).collect();
    let mut used = index.open().unwrap();
    let mut all = 0;
    for (number, phrase) in phrases.iter().enumerate() {
        let said = words(phrase);
        let any = PhraseField::Any;
        let one = match number % 2 {
            0 => PhraseField::Title,
            _ => PhraseField::Abstract,
        };
        for (field, engine) in [(any, &mut index.open().unwrap()), (one, &mut used)] {
            let has = |[title, body]: &[Vec<String>; 2]| {
                field != PhraseField::Abstract && has_phrase(title, &said)
                    || field != PhraseField::Title && has_phrase(body, &said)
            };
            let found = (0..).zip(&docs).filter(|(_, doc)| has(doc));
            let expected: Vec<u32> = found.map(|(doc, _)| doc).collect();
            let (found, work) = index.phrase(engine, phrase, field).unwrap();
            if found != expected || work.rounds > 2 {
                let (found, expected) = (found.len(), expected.len());
                return Err(format!(
                    "{phrase:?} {field:?}: {found} papers, a scan {expected}; {work:?}"
                ));
            }
            all += expected.len();
        }
    }
    println!(
        "{} papers, {} phrases in {all} papers as by a scan",
        papers.len(),
        phrases.len()
    );
    Ok(())
}
