//! The judged queries of the seed collection, whose papers are known by their titles.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use offprint_papers::{Collection, Limits, Paper};
use serde::Deserialize;

use super::collection::lines;
use crate::process;
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct Query {
    kind: String,
    expected: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    total: u64,
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    id: String,
}

/// The seed collection's files.
pub fn inputs(shared: &Path) -> Result<Vec<PathBuf>> {
    let folder = shared.join("seeds");
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut inputs: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    inputs.sort();
    Ok(inputs)
}

/// The papers of some inputs.
pub(super) fn papers(inputs: &[PathBuf]) -> Result<Vec<Paper>> {
    let mut collection = Collection::new(Limits::default());
    for path in inputs {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        collection.add_input(&path.display().to_string(), file);
    }
    Ok(collection.finish().0)
}

/// Ids of the papers of a title, as the inputs have it or as it is shown.
fn titled<'a>(papers: &'a [Paper], title: &'a str) -> impl Iterator<Item = &'a str> {
    let has = move |paper: &&Paper| {
        paper.title.clean == title || paper.title.raw.as_deref() == Some(title)
    };
    papers.iter().filter(has).map(|paper| paper.id.as_str())
}

/// One over the place of the first expected paper. Where none is expected, 1 if no paper has all
/// words.
fn rank(query: &Query, answer: &Answer, papers: &[Paper]) -> f64 {
    if query.expected.is_empty() {
        return if answer.total == 0 { 1.0 } else { 0.0 };
    }
    let expected: Vec<&str> = query
        .expected
        .iter()
        .flat_map(|title| titled(papers, title))
        .collect();
    let mut hits = answer.hits.iter();
    let place = hits.position(|hit| expected.contains(&hit.id.as_str()));
    place.map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

/// For each kind of query how many there are and the mean reciprocal rank; then the same over all
/// that have an answer, and over those of them that are not paraphrases.
pub fn evaluate(
    workspace: &Workspace,
    shared: &Path,
    work: &Path,
) -> Result<Vec<(String, usize, f64)>> {
    let inputs = inputs(shared)?;
    let papers = papers(&inputs)?;
    let site = work.join("seeds");
    super::build(workspace, &inputs, &site)?;
    let path = shared.join("eval/seed-queries.jsonl");
    let queries: Vec<Query> = lines(&path)?;
    let printed = process::output(
        Command::new(workspace.program())
            .arg("query")
            .arg(&site)
            .args(["--json", "--limit", "100", "--batch"])
            .arg(&path),
    )?;
    let answers: Vec<Answer> = printed
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("`offprint query --json`")?;
    let mut kinds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (query, answer) in queries.iter().zip(&answers) {
        let rank = rank(query, answer, &papers);
        kinds.entry(query.kind.clone()).or_default().push(rank);
        if !query.expected.is_empty() {
            kinds
                .entry("~ answerable".to_owned())
                .or_default()
                .push(rank);
            let group = match query.kind.contains("paraphrase") {
                true => "~ paraphrases",
                false => "~ other answerable",
            };
            kinds.entry(group.to_owned()).or_default().push(rank);
        }
    }
    let mean = |ranks: &[f64]| ranks.iter().sum::<f64>() / ranks.len() as f64;
    let row = |(kind, ranks): (String, Vec<f64>)| (kind, ranks.len(), mean(&ranks));
    Ok(kinds.into_iter().map(row).collect())
}
