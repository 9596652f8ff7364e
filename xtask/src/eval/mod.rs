//! `cargo xtask eval`: how good the order of hits is, on collections whose queries are judged.
//! Deterministic, so `tests/relevance.toml` holds floors that a change must not fall below.

mod baseline;
mod collection;
mod measures;
mod perturb;
mod seeds;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use self::baseline::Baseline;
use self::collection::{Collection, Paper};
use self::measures::{Judgements, Measures};
use crate::process;
use crate::program;
use crate::workspace::Workspace;

/// Floors, beside the tests.
const FLOORS: &str = "tests/relevance.toml";

/// The collection that is part of the project.
const SAMPLE: &str = "papers/landmarks.jsonl";

const MISSING: &str = "no folder ../shared, nor one that OFFPRINT_SHARED names";

/// What must at least be reached: by collection or kind of seed query, by measure.
type Floors = BTreeMap<String, BTreeMap<String, f64>>;

/// What to evaluate.
#[derive(Debug, Default)]
pub struct Options {
    /// Folders with a collection each; those of `../shared/eval` where none is named.
    pub folders: Vec<PathBuf>,
}

/// Builds the program, evaluates, and compares with the floors.
///
/// # Errors
///
/// When a collection cannot be read or built, or a floor is not reached.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    program::build_native(workspace)?;
    let shared = shared(workspace).filter(|_| options.folders.is_empty());
    let folders = match &shared {
        Some(shared) => collections(&shared.join("eval"))?,
        None if options.folders.is_empty() => {
            println!("SKIPPED, but for the sample: {MISSING}");
            Vec::new()
        }
        None => options.folders.clone(),
    };
    let work = workspace.target.join("eval");
    let mut reached = Floors::new();
    if !folders.is_empty() {
        println!(
            "{:<28} {:>8} {:>8} {:>8}   BM25: {:>8} {:>8} {:>8}",
            "", "nDCG@10", "R@100", "RR@10", "nDCG@10", "R@100", "RR@10"
        );
    }
    for folder in &folders {
        let collection = Collection::read(folder)?;
        let (ours, theirs) = evaluate(workspace, &collection, &work)?;
        show(&collection.name, &ours, &theirs);
        reached.insert(collection.name, named(&ours));
    }
    if let Some(shared) = &shared {
        println!(
            "\nSeed queries, by kind: how many, and the mean of one over the place of the first expected paper (of 100)"
        );
        for (kind, count, rank) in seeds::evaluate(workspace, shared, &work)? {
            println!("{kind:<28} {count:>8} {rank:>8.3}");
            reached.insert(
                format!("seeds: {kind}"),
                BTreeMap::from([("rr".to_owned(), rank)]),
            );
        }
    }
    if options.folders.is_empty() {
        println!(
            "\nTitles mistyped: how many, and the share that finds its paper among the first three (of 100)"
        );
        let seeds = shared.as_deref().map(seeds::inputs).transpose()?;
        let sample = vec![workspace.root.join(SAMPLE)];
        for (name, inputs) in [("sample", Some(sample)), ("seeds", seeds)] {
            let Some(inputs) = inputs else { continue };
            for (kind, count, share) in perturb::evaluate(workspace, name, &inputs, &work)? {
                println!("{kind:<36} {count:>8} {share:>8.3}");
                reached.insert(kind, BTreeMap::from([("top3".to_owned(), share)]));
            }
        }
    }
    compare(workspace, &reached, shared.is_some())
}

/// What lacks to evaluate anything that no argument names.
#[must_use]
pub fn missing(workspace: &Workspace) -> Option<&'static str> {
    shared(workspace).is_none().then_some(MISSING)
}

/// The folder with collections: `OFFPRINT_SHARED`, else `shared` beside the project's.
fn shared(workspace: &Workspace) -> Option<PathBuf> {
    let named = std::env::var_os("OFFPRINT_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| workspace.root.join("../shared"));
    folder.join("eval").is_dir().then_some(folder)
}

fn collections(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| collection::is_collection(folder));
    folders.sort();
    Ok(folders)
}

/// Builds an index of some inputs, and returns its folder.
fn build(workspace: &Workspace, inputs: &[PathBuf], out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    process::quiet(
        Command::new(workspace.program())
            .args(["build", "--index-only", "--title", "Evaluation", "--out"])
            .arg(out)
            .args(inputs),
    )
}

/// The first hundred hits of some queries, as a TREC run, by query.
fn ask(workspace: &Workspace, site: &Path, queries: &Path) -> Result<HashMap<String, Vec<String>>> {
    let run = process::output(
        Command::new(workspace.program())
            .arg("query")
            .arg(site)
            .args(["--limit", "100", "--batch"])
            .arg(queries),
    )?;
    let mut rankings: HashMap<String, Vec<String>> = HashMap::new();
    for line in run.lines() {
        let mut columns = line.split(' ');
        let (Some(query), Some(paper)) = (columns.next(), columns.nth(1)) else {
            bail!("`offprint query` printed {line:?}, which is no line of a run");
        };
        let ranking = rankings.entry(query.to_owned()).or_default();
        ranking.push(paper.to_owned());
    }
    Ok(rankings)
}

fn evaluate(
    workspace: &Workspace,
    collection: &Collection,
    work: &Path,
) -> Result<(Measures, Measures)> {
    let site = work.join(&collection.name);
    build(workspace, &[collection.corpus()], &site)?;
    let rankings = ask(workspace, &site, &collection.folder.join("queries.jsonl"))?;
    let mut baseline = Baseline::default();
    for paper in collection::lines::<Paper>(&collection.corpus())? {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        baseline.add(&paper.id, &text(&paper.title), &text(&paper.abstract_));
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let nothing = Judgements::new();
    for (id, text) in &collection.queries {
        let judged = collection.judged.get(id).unwrap_or(&nothing);
        let ranking = rankings.get(id).map(Vec::as_slice).unwrap_or_default();
        ours.extend(Measures::of(ranking, judged));
        theirs.extend(Measures::of(&baseline.search(text), judged));
    }
    Ok((Measures::mean(&ours), Measures::mean(&theirs)))
}

fn show(name: &str, ours: &Measures, theirs: &Measures) {
    let three = |all: &Measures| {
        format!(
            "{:>8.4} {:>8.4} {:>8.4}",
            all.ndcg, all.recall, all.reciprocal_rank
        )
    };
    println!("{name:<28} {}         {}", three(ours), three(theirs));
}

fn named(all: &Measures) -> BTreeMap<String, f64> {
    BTreeMap::from([
        ("ndcg".to_owned(), all.ndcg),
        ("recall".to_owned(), all.recall),
        ("rr".to_owned(), all.reciprocal_rank),
    ])
}

/// Holds what was reached to the floors; with `all`, something must have been reached for each.
fn compare(workspace: &Workspace, reached: &Floors, all: bool) -> Result<()> {
    #[derive(Deserialize)]
    struct File {
        floors: Floors,
    }
    let path = workspace.root.join(FLOORS);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let File { floors } = toml::from_str(&text).with_context(|| FLOORS)?;
    let mut below = Vec::new();
    for (name, measures) in &floors {
        let Some(found) = reached.get(name) else {
            if all {
                below.push(format!("{name}: not evaluated"));
            }
            continue;
        };
        for (measure, floor) in measures {
            let value = found.get(measure).copied().unwrap_or(0.0);
            if value < *floor {
                below.push(format!("{name}, {measure}: {value:.4}, at least {floor}"));
            }
        }
    }
    if below.is_empty() {
        println!("\nNo floor of {FLOORS} is missed.");
        return Ok(());
    }
    bail!("below the floors of {FLOORS}:\n  {}", below.join("\n  "))
}
