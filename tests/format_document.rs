//! The worked example in `FORMAT.md` is what the builder writes and the reader reads, and the
//! fixture of each released version is still read or refused with advice.
//!
//! `OFFPRINT_UPDATE=1` writes the example anew, and the fixture of the current version where there
//! is none yet: a fixture that exists is never overwritten.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use memory::{Memory, paper, tiny_sizes};
use offprint_papers::{Date, Paper};
use offprint_search::{Engine, Error, Search, SearchRequest, drive};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn updating() -> bool {
    std::env::var_os("OFFPRINT_UPDATE").is_some()
}

fn example_papers() -> Vec<Paper> {
    let mut one = paper(
        "one",
        "Graph models",
        "A model of graphs.",
        &["Ada Lovelace"],
    );
    one.date = Some(Date {
        year: 2020,
        month: 0,
        day: 0,
    });
    vec![one, paper("two", "Trees", "", &[])]
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (at, line) in bytes.chunks(16).enumerate() {
        let numbers: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        let plain = |&byte: &u8| {
            if byte.is_ascii_graphic() {
                char::from(byte)
            } else {
                '.'
            }
        };
        let text: String = line.iter().map(plain).collect();
        let _ = writeln!(out, "{:04x}  {:47}  {text}", at * 16, numbers.join(" "));
    }
    out
}

fn unhex(dump: &str) -> Vec<u8> {
    let digits = |line: &str| line.get(6..53).unwrap_or(&line[6..]).to_owned();
    let numbers = dump.lines().map(digits).collect::<Vec<_>>().join(" ");
    numbers
        .split_whitespace()
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

/// The files named in the document, with their bytes.
fn documented(text: &str) -> BTreeMap<String, Vec<u8>> {
    let (_, example) = text.split_once("<!-- example -->\n").unwrap();
    let (example, _) = example.split_once("<!-- end of example -->").unwrap();
    let mut files = BTreeMap::new();
    let mut pieces = example.split("```");
    while let (Some(before), Some(dump)) = (pieces.next(), pieces.next()) {
        let path = before.split('`').nth(1).unwrap();
        files.insert(path.to_owned(), unhex(dump.trim_start_matches("text\n")));
    }
    files
}

#[test]
fn the_worked_example_is_true() {
    let index = Memory::build(&example_papers(), None);
    let mut files = index.files.clone();
    files.insert("manifest.bin".into(), index.manifest.clone());
    let path = root().join("FORMAT.md");
    let text = fs::read_to_string(&path).unwrap();
    if updating() {
        let mut example = "<!-- example -->\n".to_owned();
        for (path, bytes) in &files {
            let _ = write!(
                example,
                "\n`{path}`, {} bytes:\n\n```text\n{}```\n",
                bytes.len(),
                hex(bytes)
            );
        }
        let (before, rest) = text.split_once("<!-- example -->").unwrap();
        let after = rest
            .split_once("<!-- end of example -->")
            .map_or(rest, |(_, after)| after);
        fs::write(
            &path,
            format!("{before}{example}\n<!-- end of example -->{after}"),
        )
        .unwrap();
        return;
    }
    let documented = documented(&text);
    assert_eq!(
        documented, files,
        "FORMAT.md is stale: run this once with OFFPRINT_UPDATE=1"
    );
    // What is printed there is an index: it opens, and answers.
    let mut engine = Engine::open(&documented["manifest.bin"]).unwrap();
    let task = Search::new(&mut engine, &SearchRequest::new("graph "));
    let mut get = |path: &str| documented.get(path).cloned().ok_or("no such file");
    let (answer, work) = drive(&mut engine, task, &mut get).unwrap();
    assert_eq!(answer.hits[0].id, "one");
    assert_eq!(
        (answer.total, answer.hits[0].year, work.rounds),
        (1, Some(2020), 2)
    );
}

fn fixture_papers() -> Vec<Paper> {
    let words = [
        "tree",
        "graph",
        "kernel",
        "sorting",
        "Poincaré",
        "byte-pair",
        "model",
        "search",
    ];
    (0..24)
        .map(|at| {
            let word = |n: usize| words[(at * 5 + n * 3) % words.len()];
            let title = format!("A {} for the {} number {at}", word(0), word(1));
            let body = format!(
                "We study {} and {} with {} models.",
                word(2),
                word(3),
                word(4)
            );
            let mut paper = paper(
                &format!("fixture-{at}"),
                &title,
                &body,
                &["Ada Lovelace", "Li Wei"],
            );
            paper.date = Some(Date {
                year: 1990 + at as u16,
                month: 5,
                day: 17,
            });
            paper
        })
        .collect()
}

fn write_fixture(folder: &Path) {
    let index = Memory::build(&fixture_papers(), Some(tiny_sizes()));
    for (path, bytes) in &index.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.join("manifest.bin"), &index.manifest).unwrap();
    let mut engine = index.open().unwrap();
    let mut answers = String::new();
    for query in ["graph", "poinc", "models lovelace", "byte-pair"] {
        let answer = index
            .search_with(&mut engine, &SearchRequest::new(query))
            .unwrap();
        let ids: Vec<&str> = answer.hits.iter().map(|hit| hit.id.as_str()).collect();
        let _ = writeln!(
            answers,
            "{query}\t{}\t{}\t{}",
            answer.total,
            answer.total_any,
            ids.join(" ")
        );
    }
    fs::write(folder.join("answers.tsv"), answers).unwrap();
}

#[test]
fn fixtures_of_every_version_are_read_or_refused() {
    let current = root().join(format!(
        "tests/fixtures/v{}",
        offprint_format::FORMAT_VERSION
    ));
    if updating() && !current.exists() {
        write_fixture(&current);
    }
    let mut versions = 0;
    for folder in fs::read_dir(root().join("tests/fixtures")).unwrap() {
        let folder = folder.unwrap().path();
        let manifest = fs::read(folder.join("manifest.bin")).unwrap();
        let mut engine = match Engine::open(&manifest) {
            Ok(engine) => engine,
            Err(error) => {
                assert_eq!(error.code(), "version", "{error}");
                assert!(!error.advice().is_empty());
                assert_ne!(folder, current, "the current version must be read: {error}");
                versions += 1;
                continue;
            }
        };
        for line in fs::read_to_string(folder.join("answers.tsv"))
            .unwrap()
            .lines()
        {
            let fields: Vec<&str> = line.split('\t').collect();
            let task = Search::new(&mut engine, &SearchRequest::new(fields[0]));
            let mut get = |path: &str| fs::read(folder.join(path));
            let (answer, _) = drive(&mut engine, task, &mut get).unwrap();
            let ids: Vec<&str> = answer.hits.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(
                fields[1..3],
                [answer.total.to_string(), answer.total_any.to_string()]
            );
            assert_eq!(fields[3], ids.join(" "), "{}", fields[0]);
        }
        versions += 1;
    }
    assert!(
        versions > 0,
        "no fixture: run this once with OFFPRINT_UPDATE=1"
    );
}

#[test]
fn another_analyzer_is_refused_with_advice() {
    let index = Memory::build(&example_papers(), None);
    let mut manifest = offprint_format::Manifest::from_bytes(&index.manifest).unwrap();
    manifest.analyzer ^= 1;
    let error = Engine::open(&manifest.to_bytes().unwrap()).err().unwrap();
    assert!(matches!(error, Error::Analyzer { .. }));
    assert_eq!(error.code(), "version");
    assert!(error.advice().contains("build the site again"));
}
