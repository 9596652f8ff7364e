//! Real papers to test with, which are no part of this project.

use std::cmp::Reverse;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use offprint_papers::{Collection, Limits, Paper};
use ruzstd::decoding::StreamingDecoder;

use super::program;

/// The file of arXiv papers, or why it is not here.
pub fn data() -> Result<PathBuf, String> {
    let file = program::shared()?.join("data/arxiv-200k.jsonl.zst");
    match file.is_file() {
        true => Ok(file),
        false => Err("no arXiv collection".to_owned()),
    }
}

/// How many papers to test with: `OFFPRINT_PAPERS`, or so many.
pub fn wanted(usually: usize) -> usize {
    let wanted = std::env::var("OFFPRINT_PAPERS").ok();
    wanted
        .and_then(|count| count.parse().ok())
        .unwrap_or(usually)
}

/// Papers in the order in which an index numbers those of one length.
pub fn papers(file: &Path, wanted: usize) -> Vec<Paper> {
    let packed = BufReader::new(File::open(file).unwrap());
    let lines = BufReader::new(StreamingDecoder::new(packed).unwrap()).lines();
    let text: String = lines
        .take(wanted)
        .map(|line| line.unwrap() + "\n")
        .collect();
    let mut collection = Collection::new(Limits::default());
    collection.add_input("arxiv.jsonl", text.as_bytes());
    let (mut papers, ..) = collection.finish();
    papers.sort_by_key(|paper| (paper.categories.first().cloned(), Reverse(paper.date)));
    papers
}
