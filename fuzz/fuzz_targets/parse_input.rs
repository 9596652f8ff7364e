//! Any bytes given as an input: papers and diagnostics, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint_papers::{Collection, Limits};

fuzz_target!(|bytes: &[u8]| {
    let mut collection = Collection::new(Limits::default());
    collection.add_input("fuzzed", bytes);
    let (papers, totals, _) = collection.finish();
    assert_eq!(papers.len() as u64, totals.papers as u64);
    for paper in &papers {
        assert!(!paper.title.clean.trim().is_empty() && !paper.id.is_empty());
        for link in &paper.links {
            let url = link.url.to_ascii_lowercase();
            assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
        }
    }
});
