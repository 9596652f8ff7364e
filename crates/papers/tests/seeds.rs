//! The seed collection and the evaluation collections, read whole.
//!
//! They are no part of the project: the tests look for them in the folder that
//! `OFFPRINT_SHARED` names, or in `shared` beside the workspace, and are shown as ignored, with
//! the reason, where they are not there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
// Unlike the crate itself, its tests open files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use offprint_papers::{CodeState, Collection, Diagnostic, Limits, LinkKind, Paper, Totals};

fn main() {
    let shared = std::env::var_os("OFFPRINT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    type Test = fn(&Path);
    let tests: [(&str, &str, Test); 8] = [
        ("rows_and_papers", "seeds", rows_and_papers),
        (
            "listings_keep_every_place",
            "seeds",
            listings_keep_every_place,
        ),
        (
            "near_duplicates_stay_apart",
            "seeds",
            near_duplicates_stay_apart,
        ),
        ("links", "seeds", links),
        ("code_states", "seeds", code_states),
        ("residue_is_gone", "seeds", residue_is_gone),
        ("evaluation_collections", "eval", evaluation_collections),
        (
            "two_hundred_thousand",
            "data/arxiv-200k.jsonl.zst",
            two_hundred_thousand,
        ),
    ];
    let trials = tests
        .into_iter()
        .map(|(name, needs, test)| {
            let path = shared.join(needs);
            // Unpacking and reading 234 MB takes minutes without optimisation.
            let missing = if !path.exists() {
                Some(format!("{needs} is not there"))
            } else if cfg!(debug_assertions) && needs.starts_with("data") {
                Some("takes a release build".to_owned())
            } else {
                None
            };
            let title = match &missing {
                Some(reason) => format!("{name} (skipped: {reason})"),
                None => name.to_owned(),
            };
            Trial::test(title, move || {
                if !path.exists() {
                    return Err(Failed::from(format!("{} is not there", path.display())));
                }
                test(&path);
                Ok(())
            })
            .with_ignored_flag(missing.is_some())
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

type Collected = (Vec<Paper>, Totals, Vec<Diagnostic>);

fn collect(files: &[PathBuf]) -> Collected {
    let mut collection = Collection::new(Limits::default());
    for file in files {
        collection.add_input(&file.to_string_lossy(), File::open(file).unwrap());
    }
    collection.finish()
}

fn seeds(folder: &Path) -> Collected {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    collect(&files)
}

/// The paper at a row of a seed file, both counted as the files count.
fn at<'p>(papers: &'p [Paper], file: &str, rank: u32) -> &'p Paper {
    papers
        .iter()
        .find(|paper| {
            paper
                .listings
                .iter()
                .any(|l| l.source.starts_with(file) && l.rank == rank)
        })
        .expect("every row is a paper's")
}

fn rows_and_papers(folder: &Path) {
    let (papers, totals, said) = seeds(folder);
    let rows: Vec<u64> = totals.per_input.iter().map(|input| input.rows).collect();
    assert_eq!(rows, [69, 67, 91, 243, 214]);
    assert_eq!((totals.rows, totals.papers, totals.skipped), (684, 610, 0));
    assert_eq!((totals.duplicates, totals.recurring_titles), (74, 59));
    assert_eq!(said, []);
    let ids: HashSet<&str> = papers.iter().map(|paper| paper.id.as_str()).collect();
    assert_eq!(ids.len(), 610);
    assert!(ids.iter().all(|id| id.len() <= 90 && id.is_ascii()));
    for paper in &papers {
        let title = paper.title.clean.chars().count();
        let abstract_ = paper
            .abstract_
            .raw
            .as_ref()
            .unwrap_or(&paper.abstract_.clean);
        assert!((20..=181).contains(&title), "{}", paper.id);
        assert!(
            (504..=1918).contains(&abstract_.chars().count()),
            "{}",
            paper.id
        );
        assert!(!paper.title.clean.starts_with("Subscribe"), "{}", paper.id);
    }
}

fn listings_keep_every_place(folder: &Path) {
    let (papers, ..) = seeds(folder);
    let mut by_count = [0; 5];
    for paper in &papers {
        by_count[paper.listings.len()] += 1;
    }
    assert_eq!(by_count, [0, 551, 47, 9, 3]);
    let dates: Vec<Option<&str>> = ["000", "001", "002", "003", "004"]
        .iter()
        .map(|file| {
            let paper = at(&papers, file, 1);
            let listing = paper
                .listings
                .iter()
                .find(|l| l.source.starts_with(file))
                .unwrap();
            assert!(!listing.source.contains('/'));
            listing.listed_on.as_deref()
        })
        .collect();
    assert_eq!(
        dates,
        [Some("Mar 13"), Some("Jul 30"), Some("Mar 14"), None, None]
    );
}

fn near_duplicates_stay_apart(folder: &Path) {
    let (papers, ..) = seeds(folder);
    for (one, other) in [
        (("003", 113), ("003", 233)),
        (("004", 107), ("004", 173)),
        (("001", 55), ("004", 3)),
    ] {
        let (one, other) = (at(&papers, one.0, one.1), at(&papers, other.0, other.1));
        assert_ne!(one.id, other.id);
    }
}

fn links(folder: &Path) {
    let (papers, ..) = seeds(folder);
    let with = |test: &dyn Fn(&Paper) -> bool| papers.iter().filter(|paper| test(paper)).count();
    assert_eq!(
        papers.iter().map(|paper| paper.links.len()).sum::<usize>(),
        139
    );
    assert_eq!(with(&|paper| !paper.links.is_empty()), 135);
    assert_eq!(
        with(&|paper| paper.links.iter().any(|l| l.url.contains("github.com"))),
        120
    );
    for paper in &papers {
        for link in &paper.links {
            assert!(paper.abstract_.clean.contains(&link.url), "{}", link.url);
            assert!(
                !link.url.contains("proxy") && !link.url.contains(['{', '}']),
                "{}",
                link.url
            );
            assert!(!link.url.ends_with('.'), "{}", link.url);
        }
    }
    let count = |kind| {
        papers
            .iter()
            .flat_map(|p| &p.links)
            .filter(|l| l.kind == kind)
            .count()
    };
    assert_eq!((count(LinkKind::Code), count(LinkKind::Data)), (123, 3));
}

fn code_states(folder: &Path) {
    let (papers, ..) = seeds(folder);
    let count = |state| papers.iter().filter(|paper| paper.code == state).count();
    // Four more promises come with their link already.
    assert_eq!(count(CodeState::Linked), 123);
    assert_eq!(count(CodeState::Stated), 11);
    assert_eq!(count(CodeState::Promised), 2);
}

fn residue_is_gone(folder: &Path) {
    let (papers, ..) = seeds(folder);
    let mut raw = 0;
    for paper in &papers {
        raw += usize::from(paper.title.raw.is_some() || paper.abstract_.raw.is_some());
        for text in [&paper.title.clean, &paper.abstract_.clean] {
            for residue in [
                "``", "''", "---", "\\%", "\\\"", "\\'", "{\\em", "{\\it", "{\\sc", "x2013",
                "x2014", "\\text",
            ] {
                assert!(!text.contains(residue), "{residue} in {}", paper.id);
            }
            // What stays of commands is mathematics.
            let formula = ["\\[", "\\(", "\\times", "\\pi", "\\tau", "\\)"];
            assert!(
                !text.contains('\\') || formula.iter().any(|piece| text.contains(piece)),
                "{}",
                paper.id
            );
        }
    }
    assert_eq!(raw, 122);
}

fn evaluation_collections(folder: &Path) {
    // Two records of the first are empty, and one collection has papers under two ids each.
    for (name, rows, papers, skipped) in [
        ("cranfield", 1400, 1398, 2),
        ("med", 1033, 1033, 0),
        ("nfcorpus", 3633, 3592, 0),
    ] {
        let (_, totals, _) = collect(&[folder.join(name).join("corpus.jsonl")]);
        assert_eq!(
            (totals.rows, totals.papers, totals.skipped),
            (rows, papers, skipped),
            "{name}"
        );
    }
}

fn two_hundred_thousand(file: &Path) {
    let (papers, totals, _) = collect(&[file.to_owned()]);
    assert_eq!(
        (totals.rows, totals.papers, totals.skipped),
        (200_000, 199_972, 0)
    );
    assert!(
        papers
            .iter()
            .all(|paper| paper.date.is_some() && !paper.categories.is_empty())
    );
}
