#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Collection, MemoryScratch};

fn papers(lines: &str) -> StoredPapers {
    let mut collection = Collection::new(Limits::default()).keep_ids();
    collection.add_input("papers.jsonl", lines.as_bytes());
    collection.store().unwrap().0
}

fn read(papers: &StoredPapers, lines: &[u8]) -> (Weights, WeightsReport) {
    let scratch = Arc::new(MemoryScratch);
    read_weights("w.jsonl", lines, papers, scratch, &Limits::default()).unwrap()
}

fn of(weights: &Weights, paper: usize) -> Vec<(String, f32)> {
    let mut terms = Vec::new();
    let each = &mut |term: &str, weight| terms.push((term.to_owned(), weight));
    weights.of(paper, each).unwrap();
    terms
}

const PAPERS: &str = r#"{"id": "a", "title": "Kites"}
{"id": 7, "title": "Lanterns"}
{"title": "Wind Tunnels"}
{"id": "a2", "title": "Kites"}"#;

#[test]
fn terms_come_by_paper_whatever_the_order_of_lines() {
    let papers = papers(PAPERS);
    let (weights, report) = read(
        &papers,
        br#"{"id": "wind-tunnels", "terms": {"air": 2}}

{"id": 7, "contents": "left alone", "vector": {"lamp": 0.25, "light": 3e2}}
{"id": "a", "terms": {"string": 1.5}}
{"id": "nobody", "terms": {"x": 1}}
{"id": "a2", "terms": {"toy": 1}}
{"id": "7", "terms": {"night": 1}}
{"id": "nobody else", "terms": {"x": 1}}"#,
    );
    // The second id of a paper leads to it, and so does the one made of a title.
    assert_eq!(
        of(&weights, 0),
        [("string".into(), 1.5), ("toy".into(), 1.0)]
    );
    let lights = [("lamp", 0.25), ("light", 300.0), ("night", 1.0)];
    assert_eq!(
        of(&weights, 1),
        lights.map(|(term, weight)| (term.into(), weight))
    );
    assert_eq!(of(&weights, 2), [("air".into(), 2.0)]);
    assert_eq!(of(&weights, 3), []);
    assert_eq!(
        (report.rows, report.used, report.unknown, report.skipped),
        (7, 5, 2, 0)
    );
    assert_eq!(report.unknown_example.as_deref(), Some("\"nobody\""));
    assert_eq!(report.diagnostics, []);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let papers = papers(PAPERS);
    let (weights, report) = read(
        &papers,
        br#"{"id": "a", "terms": {"e": 1e400, "g": 2}}
{"id": "a", "terms": [["b", 1]]}
{"terms": {"b": 1}}
{"id": "a", "terms": {"b": 1}, "vector": {"c": 1}}
["a", {"b": 1}]
rubbish
{"id": "a", "terms": {"b": null}}
{"id": "a"}"#,
    );
    assert_eq!(of(&weights, 0), []);
    let lines: Vec<u64> = report.diagnostics.iter().map(|said| said.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((report.rows, report.used, report.skipped), (8, 1, 7));
    let last = report.diagnostics.last().unwrap().to_string();
    assert_eq!(
        last,
        "w.jsonl:8: the line holds no term weights: `terms` is missing, or no object; skipped; \
         write one object a line, such as {\"id\": \"…\", \"terms\": {\"word\": 1.5}}"
    );
}

#[test]
fn a_weight_that_is_no_positive_number_costs_its_term_alone() {
    let (weights, report) = read(
        &papers(PAPERS),
        br#"{"id": "a", "terms": {"b": 0, "c": -1, "d": "2", "f": 1e-60, "g": 2}}"#,
    );
    assert_eq!(of(&weights, 0), [("g".into(), 2.0)]);
    let said: Vec<String> = report.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "w.jsonl:1: the weight of \"b\" is no positive number: \"0\"; dropped; give each term of \
          the line a weight above 0, or leave it out"
        ]
    );
}

#[test]
fn an_input_of_something_else_is_told_apart() {
    for (bytes, expected) in [
        (&b""[..], Reason::Empty),
        (b"a\t1\n", Reason::NoWeights),
        (b"x\nSubscribe\nKites\n", Reason::NoWeights),
    ] {
        let (_, report) = read(&papers(PAPERS), bytes);
        assert_eq!(report.format, Format::Unknown);
        let said: Vec<_> = report
            .diagnostics
            .into_iter()
            .map(|said| said.reason)
            .collect();
        assert_eq!(said, [expected]);
    }
}

#[test]
fn packed_weights_are_unpacked() {
    use std::io::Write;
    let line = br#"{"id": "a", "terms": {"string": 1.5}}"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(line).unwrap();
    let zstd =
        ruzstd::encoding::compress_to_vec(&line[..], ruzstd::encoding::CompressionLevel::Fastest);
    for packed in [gzip.finish().unwrap(), zstd] {
        let (weights, _) = read(&papers(PAPERS), &packed);
        assert_eq!(of(&weights, 0), [("string".into(), 1.5)]);
    }
}

#[test]
fn ids_are_kept_only_where_they_are_asked_for() {
    let mut collection = Collection::new(Limits::default());
    collection.add_input("papers.jsonl", PAPERS.as_bytes());
    let stored = collection.store().unwrap().0;
    assert_eq!(stored.find("a"), None);
    assert_eq!(papers(PAPERS).find("a"), Some(0));
    assert_eq!(papers(PAPERS).find("b"), None);
}
