//! Whatever comes in: no panic, bounded output, and sums that add up.

#![allow(clippy::unwrap_used)]

use offprint_papers::{Collection, Limits, read_input, safe_link};
use proptest::prelude::*;

fn limits() -> Limits {
    Limits {
        title_chars: 40,
        abstract_chars: 80,
        name_chars: 10,
        authors: 3,
        links: 2,
        categories: 2,
        line_bytes: 400,
        diagnostics: 5,
        ..Limits::default()
    }
}

/// Bytes that look like the start of each format, then like anything.
fn input() -> impl Strategy<Value = Vec<u8>> {
    const STARTS: [&[u8]; 8] = [
        b"",
        b"{",
        b"Inbox\nSubscribe",
        b"new\n\nSubscribe\n\nMar 3\n\n",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
        b"\x28\xb5\x2f\xfd\x04\x00",
        b"\xef\xbb\xbf{\"title\": \"x\"}\n",
        b"\x50\x2a\x4d\x18\x02\0\0\0xx",
    ];
    let long = "An abstract goes on and on, as they do. "
        .repeat(6)
        .into_bytes();
    let piece = prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..40),
        2 => "[ -~\n]{0,60}".prop_map(String::into_bytes),
        2 => field().prop_map(String::into_bytes),
        1 => Just(long),
        1 => Just(b"\n".to_vec()),
    ];
    (
        proptest::sample::select(&STARTS[..]),
        proptest::collection::vec(piece, 0..12),
    )
        .prop_map(|(start, pieces)| [start, pieces.concat().as_slice()].concat())
}

/// A record with one field of any shape.
fn field() -> impl Strategy<Value = String> {
    const NAMES: [&str; 16] = [
        "id",
        "title",
        "abstract",
        "authors",
        "date",
        "year",
        "venue",
        "categories",
        "keywords",
        "url",
        "pdf",
        "doi",
        "code",
        "links",
        "listings",
        "other",
    ];
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<f64>()
            .prop_filter("JSON has none", |x| x.is_finite())
            .prop_map(|x| x.to_string()),
        any::<i64>().prop_map(|x| x.to_string()),
        "[a-z0-9:/.~{}$' -]{0,60}".prop_map(|text| format!("\"{text}\"")),
        "(https?|javascript|HTTP)://[a-z.]{0,9}/[a-z\u{e9}@:]{0,9}"
            .prop_map(|u| format!("\"{u}\"")),
    ];
    let value = value.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5)
                .prop_map(|list| format!("[{}]", list.join(","))),
            ("(name|url|kind|source|rank|code)", inner)
                .prop_map(|(k, v)| format!("{{\"{k}\":{v}}}")),
        ]
    });
    (proptest::sample::select(&NAMES[..]), value)
        .prop_map(|(name, value)| format!("{{\"title\":\"t\",\"{name}\":{value}}}\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_within_bounds(bytes in input()) {
        let limits = limits();
        let mut papers = Vec::new();
        let report = read_input("x.txt", &bytes[..], &limits, &mut |record| papers.push(record));
        prop_assert_eq!(report.rows, report.skipped + papers.len() as u64);
        prop_assert!(report.diagnostics.len() <= limits.diagnostics);
        for record in &papers {
            let paper = &record.paper;
            prop_assert!(record.line > 0);
            prop_assert!(!paper.title.clean.is_empty());
            prop_assert!(paper.authors.len() <= limits.authors);
            prop_assert!(paper.links.len() <= limits.links);
            prop_assert!(paper.categories.len() <= limits.categories);
            for link in &paper.links {
                prop_assert_eq!(safe_link(&link.url), Some(link.url.clone()));
            }
        }
    }

    #[test]
    fn a_collection_adds_up(inputs in proptest::collection::vec(input(), 0..4)) {
        let mut collection = Collection::new(limits());
        for (number, bytes) in inputs.iter().enumerate() {
            collection.add_input(&format!("{number}.txt"), &bytes[..]);
        }
        let (papers, totals, _) = collection.finish();
        prop_assert_eq!(totals.papers, papers.len() as u64);
        prop_assert_eq!(totals.rows, totals.papers + totals.duplicates + totals.skipped);
        prop_assert_eq!(totals.per_input.len(), inputs.len());
        let ids: std::collections::HashSet<&str> = papers.iter().map(|p| p.id.as_str()).collect();
        prop_assert_eq!(ids.len(), papers.len());
        prop_assert!(!ids.contains(""));
    }
}
