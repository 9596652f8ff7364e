//! The engine against a scan of every paper, on real ones: 300 queries of title words.
//!
//! Takes the first 1 500 papers of `arxiv-200k.jsonl.zst`, or as many as `OFFPRINT_PAPERS` says.
//! All of them want `--release` and 8 GB:
//! `OFFPRINT_PAPERS=200000 cargo test --release --test exact`.
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

use std::path::Path;
use std::process::ExitCode;

use memory::Memory;
use naive::{COMPARED, Naive};
use offprint_index::Layout;
use offprint_papers::Paper;
use offprint_search::{Answer, SearchRequest};

const QUERIES: usize = 300;

/// Of the first ten, before and after lists are read to their ends.
const OVERLAP: f64 = 0.97;

fn main() -> ExitCode {
    arxiv::run("answers are those of a scan", compare)
}

/// Two to four words of titles, every other query with its last word finished. The beginnings of
/// one to three letters have lists of their own, which a scan does not know. Nor does it know of
/// phrases, so quotes are left out.
fn queries(papers: &[Paper]) -> Vec<String> {
    let mut queries = Vec::new();
    for (number, paper) in papers
        .iter()
        .step_by(papers.len() / QUERIES / 2)
        .enumerate()
    {
        let title = paper.title.clean.replace(['"', '“', '”', '„'], "");
        let words: Vec<&str> = title.split_whitespace().collect();
        let words = &words[words.len() / 3..];
        let words = &words[..words.len().min(2 + number % 3)];
        let finished = number % 2 == 0;
        let long = |word: &&str| word.chars().filter(|c| c.is_alphanumeric()).count() > 3;
        if words.len() > 1 && (finished || words.last().is_some_and(long)) {
            queries.push(words.join(" ") + if finished { " " } else { "" });
        }
    }
    queries.truncate(QUERIES);
    queries
}

fn ids(answer: &Answer) -> Vec<(String, u32, bool)> {
    let hits = answer.hits.iter();
    hits.map(|hit| (hit.id.clone(), hit.score, hit.all_words))
        .collect()
}

fn compare(file: &Path) -> Result<(), String> {
    let papers = arxiv::papers(file, arxiv::wanted(1500));
    let queries = queries(&papers);
    let compared = papers.len() <= COMPARED;
    let index = if compared {
        Memory::build_in(&papers, Layout::Packs, None).0
    } else {
        Memory::build_alone(&papers, Layout::Packs, None)
    };
    let naive = match compared {
        true => Naive::new(&papers, &index.classes()),
        false => Naive::alone(&papers, &index.classes()),
    };
    let (mut there, mut all, mut early) = (0, 0, 0);
    let mut engine = index.open().unwrap();
    let mut wrong = Vec::new();
    for query in &queries {
        let ask = |engine: &mut _, settled| {
            let request = SearchRequest {
                settled,
                ..SearchRequest::new(query)
            };
            index.search_with(engine, &request).unwrap()
        };
        let first = ask(&mut index.open().unwrap(), false);
        let answer = ask(&mut engine, true);
        let expected = naive.search(query);
        let total = expected.iter().filter(|hit| hit.2).count();
        let ten: Vec<_> = expected.iter().take(10).cloned().collect();
        if ids(&answer) != ten
            || (answer.total, answer.total_any) != (total as u32, expected.len() as u32)
        {
            wrong.push(format!(
                "{query:?}: {} of {}, {:?}, a scan {total} of {}, {ten:?}",
                answer.total,
                answer.total_any,
                ids(&answer),
                expected.len()
            ));
        }
        early += usize::from(!first.settled);
        all += ten.len();
        let kept = |hit: &&(String, u32, bool)| first.hits.iter().any(|other| other.id == hit.0);
        there += ten.iter().filter(kept).count();
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    println!(
        "{} papers, {} queries answered as by a scan; {early} of them in two parts, with {there} of {all} of the first ten before the second",
        papers.len(),
        queries.len(),
    );
    if queries.len() < QUERIES || (there as f64) < OVERLAP * all as f64 {
        return Err("too few queries, or too few of the first ten before the second part".into());
    }
    Ok(())
}
