//! What a browser loads, as a snapshot that is reviewed: bytes of the sample's index by section
//! and what typical queries cost, in both layouts, and the client's files.
//!
//! The index is compared to the byte; the client, where it was made with all tools and the standard
//! library's source, to 3 %, which other compilers may give more or less.
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
use std::path::PathBuf;

use memory::Memory;
use offprint_index::Layout;
use offprint_papers::{Collection, Limits};
use offprint_search::SearchRequest;

const QUERIES: [&str; 6] = [
    "attention",
    "retrieval augmented generation ",
    "stochastic gradient descent ",
    "trans",
    "s",
    "vaswani attention is all you need",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

type Sizes = BTreeMap<String, u64>;

fn index_sizes() -> Sizes {
    let path = root().join("papers/landmarks.jsonl");
    let mut collection = Collection::new(Limits::default());
    collection.add_input("landmarks.jsonl", fs::File::open(path).unwrap());
    let (papers, _, _) = collection.finish();
    let mut sizes = Sizes::from([("papers".to_owned(), papers.len() as u64)]);
    for (name, layout) in [("chunks", Layout::Chunks), ("packs", Layout::Packs)] {
        let (index, built) = Memory::build_in(&papers, layout, None);
        let mut put = |what: &str, size: u64| sizes.insert(format!("{name} {what}"), size);
        put("manifest", index.manifest.len() as u64);
        put("files", built.files);
        for (section, bytes) in &built.sections {
            put(&format!("section {}", section.folder()), *bytes);
        }
        for query in QUERIES {
            let answer = index.search(&SearchRequest::new(query)).unwrap();
            let work = answer.work;
            put(&format!("query \"{query}\" rounds"), work.rounds.into());
            put(&format!("query \"{query}\" requests"), work.files.into());
            put(&format!("query \"{query}\" bytes"), u64::from(work.bytes));
        }
    }
    sizes
}

/// The client's files as a host sends them, if a client has been built, and as small as can be.
fn client_sizes() -> Option<Sizes> {
    let folder = std::env::var_os("OFFPRINT_CLIENT_DIR")?;
    let text = fs::read_to_string(PathBuf::from(folder).join("client.json")).ok()?;
    let client: serde_json::Value = serde_json::from_str(&text).unwrap();
    if client["smallest"] != true {
        return None;
    }
    let files = client["files"].as_array().unwrap().iter();
    Some(
        files
            .map(|file| {
                let path = file["path"].as_str().unwrap();
                (format!("client {path}"), file["counted"].as_u64().unwrap())
            })
            .collect(),
    )
}

#[test]
fn sizes_are_as_reviewed() {
    let path = root().join("tests/sizes.txt");
    let snapshot: Sizes = fs::read_to_string(&path)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, size)| (name.to_owned(), size.parse().unwrap()))
        .collect();
    let index = index_sizes();
    let client = client_sizes();
    if std::env::var_os("OFFPRINT_UPDATE").is_some() {
        let known = snapshot
            .into_iter()
            .filter(|(name, _)| name.starts_with("client "));
        let mut text = String::new();
        for (name, size) in client
            .unwrap_or_else(|| known.collect())
            .iter()
            .chain(&index)
        {
            let _ = writeln!(text, "{name}\t{size}");
        }
        fs::write(path, text).unwrap();
        return;
    }
    let (known_client, known_index): (Sizes, Sizes) = snapshot
        .into_iter()
        .partition(|(name, _)| name.starts_with("client "));
    let advice = "if that is meant, run this test with OFFPRINT_UPDATE=1 and say why in the commit";
    assert_eq!(index, known_index, "{advice}");
    match client {
        None => eprintln!("no client was built with all tools: its sizes were not compared"),
        Some(client) => {
            assert!(
                client.keys().eq(known_client.keys()),
                "{client:?} {known_client:?}; {advice}"
            );
            for (name, size) in client {
                let known = known_client[&name];
                assert!(
                    size * 100 <= known * 103 && size * 100 >= known * 97,
                    "{name}: {size}, was {known}; {advice}"
                );
            }
        }
    }
}
