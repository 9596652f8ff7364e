//! The worked examples in `FORMAT.md` are what the builder writes and the reader reads, and the
//! fixtures of each version are still read or refused with advice.
//!
//! `OFFPRINT_UPDATE=1` writes the examples anew, and the fixtures of the current version where
//! there are none yet: a fixture that exists is never overwritten.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use memory::{Memory, paper, part, tiny_packs, tiny_sizes};
use offprint_format::FORMAT_VERSION;
use offprint_index::{Layout, Sizes};
use offprint_papers::{Date, Paper};
use offprint_search::{Engine, Error, PaperTask, Search, SearchRequest, drive};

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
            // Backticks would end the block of the document that it stands in.
            if byte.is_ascii_graphic() && byte != b'`' {
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

/// The examples: their names in the document, and their indexes.
fn examples() -> [(&'static str, Memory); 2] {
    // A page that holds both cards and little else.
    let packs = Sizes {
        card_page: 112,
        ..Sizes::of(0, 0, Layout::Packs)
    };
    [
        ("chunks", Memory::build(&example_papers(), None)),
        ("packs", Memory::build(&example_papers(), Some(packs))),
    ]
}

/// What stands before, in and after an example in the document.
fn around<'a>(text: &'a str, name: &str) -> [&'a str; 3] {
    let (before, rest) = text
        .split_once(&format!("<!-- example: {name} -->\n"))
        .unwrap();
    let (inside, after) = rest.split_once("<!-- end of example -->").unwrap();
    [before, inside, after]
}

/// The files named in an example, with their bytes.
fn documented(text: &str, name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pieces = around(text, name)[1].split("```");
    while let (Some(before), Some(dump)) = (pieces.next(), pieces.next()) {
        let path = before.split('`').nth(1).unwrap();
        files.insert(path.to_owned(), unhex(dump.trim_start_matches("text\n")));
    }
    files
}

#[test]
fn the_worked_examples_are_true() {
    let path = root().join("FORMAT.md");
    for (name, index) in examples() {
        let mut files = index.files.clone();
        files.insert("manifest.bin".into(), index.manifest.clone());
        let text = fs::read_to_string(&path).unwrap();
        if updating() {
            let mut dumps = String::new();
            for (path, bytes) in &files {
                let size = bytes.len();
                let hex = hex(bytes);
                let _ = write!(dumps, "\n`{path}`, {size} bytes:\n\n```text\n{hex}```\n");
            }
            let [before, _, after] = around(&text, name);
            let start = format!("<!-- example: {name} -->\n");
            let end = "\n<!-- end of example -->";
            fs::write(&path, [before, &start, &dumps, end, after].concat()).unwrap();
            continue;
        }
        let documented = documented(&text, name);
        assert_eq!(
            documented, files,
            "FORMAT.md is stale: run this once with OFFPRINT_UPDATE=1"
        );
        // What is printed there is an index: it opens, and answers.
        let mut engine = Engine::open(&documented["manifest.bin"]).unwrap();
        let task = Search::new(&mut engine, &SearchRequest::new("graph "));
        let mut get = |path: &str, range| part(&documented[path], range);
        let (answer, work) = drive(&mut engine, task, &mut get).unwrap();
        assert_eq!(answer.hits[0].id, "one");
        assert_eq!(
            (answer.total, answer.hits[0].year, work.rounds),
            (1, Some(2020), 2)
        );
        let paper = index.paper(&mut engine, answer.hits[0].doc).unwrap();
        assert_eq!(paper.abstract_, "A model of graphs.");
    }
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

fn write_fixture(folder: &Path, sizes: Sizes) {
    let index = Memory::build(&fixture_papers(), Some(sizes));
    for (path, bytes) in &index.files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(folder.join("manifest.bin"), &index.manifest).unwrap();
    let mut engine = index.open().unwrap();
    let mut answers = String::new();
    for query in ["graph", "poinc", "models lovelace", "byte-pair", "s"] {
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

fn fixture(path: &str) -> PathBuf {
    root().join("tests/fixtures").join(path)
}

#[test]
fn the_fixtures_of_earlier_versions_are_refused_with_advice() {
    for (version, path) in [(1, "v1"), (2, "v2/chunks"), (2, "v2/packs")] {
        let manifest = fs::read(fixture(path).join("manifest.bin")).unwrap();
        let error = Engine::open(&manifest).err().unwrap();
        assert_eq!(error.code(), "version", "{error}");
        let named = format!("version {version}");
        assert!(error.to_string().contains(&named), "{error}");
        assert!(error.advice().contains("build the site again"));
    }
}

#[test]
fn the_fixtures_of_this_version_are_read() {
    for (layout, sizes) in [("chunks", tiny_sizes()), ("packs", tiny_packs())] {
        let mut folder = fixture(&format!("v{FORMAT_VERSION}/{layout}"));
        // Until its release a version has no fixture that stays.
        let passing = tempfile::tempdir().unwrap();
        if !folder.exists() {
            folder = passing.path().to_owned();
            // Some lists are in two parts.
            let sizes = Sizes {
                split_over: 8,
                ..sizes
            };
            write_fixture(&folder, sizes);
        }
        let manifest = fs::read(folder.join("manifest.bin")).unwrap();
        let mut engine = Engine::open(&manifest).unwrap();
        let mut get = |path: &str, range| {
            let whole = fs::read(folder.join(path)).map_err(|error| error.to_string())?;
            part(&whole, range)
        };
        let answers = fs::read_to_string(folder.join("answers.tsv")).unwrap();
        assert_eq!(answers.lines().count(), 5);
        for line in answers.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let task = Search::new(&mut engine, &SearchRequest::new(fields[0]));
            let (answer, _) = drive(&mut engine, task, &mut get).unwrap();
            let ids: Vec<&str> = answer.hits.iter().map(|hit| hit.id.as_str()).collect();
            assert_eq!(
                fields[1..3],
                [answer.total.to_string(), answer.total_any.to_string()]
            );
            assert_eq!(fields[3], ids.join(" "), "{layout}, {}", fields[0]);
        }
        let papers = fixture_papers();
        for doc in 0..papers.len() as u32 {
            let task = PaperTask::new(&mut engine, doc);
            let (read, _) = drive(&mut engine, task, &mut get).unwrap();
            let paper = papers.iter().find(|paper| paper.id == read.id).unwrap();
            assert_eq!(read.title, paper.title.clean, "{layout}");
            assert_eq!(read.abstract_, paper.abstract_.clean, "{layout}");
        }
    }
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
