//! The same papers give the same bytes.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::sync::Arc;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use offprint_format::Manifest;
use offprint_index::{Layout, Options, Resources, Sizes};
use offprint_papers::{Collection, Date, Limits, MemoryScratch, Paper};

fn papers() -> Vec<Paper> {
    (0..60u32)
        .map(|at| {
            let title = format!("Paper {at} on topic{}", at % 7);
            let body = (0..20)
                .map(|n| format!("w{} ", (at * n) % 83))
                .collect::<String>();
            let mut paper = paper(&format!("id{at}"), &title, &body, &["A. Author"]);
            paper.categories = vec![format!("c{}", at % 3)];
            paper.date = Some(Date {
                year: 2000 + (at % 5) as u16,
                month: 1,
                day: 1,
            });
            paper
        })
        .collect()
}

#[test]
fn building_twice_gives_the_same_files() {
    let split = Sizes {
        split_over: 4,
        ..tiny_packs()
    };
    let ways = [
        (Layout::Chunks, None),
        (Layout::Chunks, Some(tiny_sizes())),
        (Layout::Packs, None),
        (Layout::Packs, Some(split)),
    ];
    for (layout, sizes) in ways {
        let build = || Memory::build_in(&papers(), layout, sizes).0;
        let (first, second) = (build(), build());
        assert_eq!(first.manifest, second.manifest);
        assert_eq!(first.files, second.files);
    }
}

/// The manifest and the files, built on so many threads within so much memory.
fn build(
    papers: &[Paper],
    sizes: Option<Sizes>,
    threads: usize,
    resources: &Resources,
) -> (Vec<u8>, BTreeMap<String, Vec<u8>>) {
    let options = Options {
        title: "Test".into(),
        sizes,
        ..Options::default()
    };
    let mut files = BTreeMap::new();
    let mut sink = |path: &str, bytes: &[u8]| {
        files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let built = pool.build().unwrap().install(|| {
        offprint_index::build_from(papers, &options, resources, &mut sink, &mut |_| {}).unwrap()
    });
    (built.manifest, files)
}

#[test]
fn neither_threads_nor_memory_show_in_the_files() {
    for sizes in [None, Some(tiny_sizes())] {
        let expected = build(&papers(), sizes, 1, &Resources::default());
        for threads in [1, 2, 4] {
            for (memory, papers_at_once) in [(1 << 30, 7), (1 << 12, 7), (0, 1), (0, 4096)] {
                let resources = Resources {
                    papers_at_once,
                    ..Resources::new(Arc::new(MemoryScratch), memory)
                };
                let built = build(&papers(), sizes, threads, &resources);
                assert_eq!(built, expected, "{threads} threads, {memory} bytes");
            }
        }
    }
}

#[test]
fn threads_do_not_show_in_what_is_read() {
    // Enough lines for several batches, with something to say about some of them.
    let mut lines = String::new();
    for at in 0..40_000u32 {
        let title = at * 7 % 39_000;
        lines.push_str(&match at % 1000 {
            3 => "rubbish\n".to_owned(),
            4 => format!("{{\"title\": \"Kite {title}\", \"url\": \"x\"}}\n"),
            _ => format!("{{\"title\": \"Kite {title}\"}}\n\n"),
        });
    }
    let read = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let mut collection = Collection::new(Limits::default());
            collection.add_input("kites.jsonl", lines.as_bytes());
            collection.finish()
        })
    };
    let one = read(1);
    assert_eq!(one.0.len(), 38_961);
    assert_eq!(one.2.len(), 80);
    assert!(one.2.is_sorted_by_key(|said| said.line));
    for threads in [2, 4] {
        assert_eq!(read(threads), one);
    }
}

#[test]
fn the_segment_is_named_by_its_contents() {
    let name = |papers: &[Paper], layout| {
        let manifest = Memory::build_in(papers, layout, None).0.manifest;
        Manifest::from_bytes(&manifest).unwrap().segments[0]
            .name
            .clone()
    };
    let mut changed = papers();
    changed[30].abstract_.clean.push('x');
    for layout in [Layout::Chunks, Layout::Packs] {
        assert_ne!(name(&papers(), layout), name(&changed, layout));
        assert_eq!(name(&papers(), layout), name(&papers(), layout));
    }
    assert_ne!(
        name(&papers(), Layout::Chunks),
        name(&papers(), Layout::Packs)
    );
}

#[test]
fn an_empty_collection_is_a_collection() {
    for layout in [Layout::Chunks, Layout::Packs] {
        let index = Memory::build_in(&[], layout, None).0;
        let answer = index
            .search(&offprint_search::SearchRequest::new("anything"))
            .unwrap();
        assert_eq!(
            (answer.total, answer.total_any, answer.hits.len()),
            (0, 0, 0)
        );
    }
}
