//! Real papers to test with, which are no part of this project.

use std::cmp::Reverse;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
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

/// Runs the one test of a program on that file, or shows that it is skipped where there is none.
pub fn run(name: &str, test: fn(&Path) -> Result<(), String>) -> ExitCode {
    let arguments = Arguments::from_args();
    let required = std::env::var("OFFPRINT_REQUIRE").is_ok_and(|value| value == "1");
    let trial = match data() {
        Err(reason) if !required => {
            Trial::test(format!("{name} ({reason})"), || Ok(())).with_ignored_flag(true)
        }
        data => Trial::test(name, move || Ok(test(&data?)?)),
    };
    libtest_mimic::run(&arguments, vec![trial]).exit_code()
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
