//! The same papers give the same bytes.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "support/memory.rs"]
mod memory;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use offprint_format::Manifest;
use offprint_index::{Layout, Sizes};
use offprint_papers::{Date, Paper};

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
