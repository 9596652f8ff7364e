//! Test collections: a folder with `corpus.jsonl` (papers as `offprint build` reads them),
//! `queries.jsonl` (`id`, `text`) and `qrels.tsv` (query, paper, how relevant).

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::measures::Judgements;

/// A collection on disk.
#[derive(Debug)]
pub struct Collection {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What is relevant to each query, by its id.
    pub judged: HashMap<String, Judgements>,
    /// Queries that are judged: id and text.
    pub queries: Vec<(String, String)>,
}

/// A paper, as far as the baseline reads it.
#[derive(Debug, Deserialize)]
pub struct Paper {
    /// Its id.
    pub id: String,
    /// Its title, which some lack.
    #[serde(default)]
    pub title: Option<String>,
    /// Its abstract.
    #[serde(default, rename = "abstract")]
    pub abstract_: Option<String>,
}

#[derive(Deserialize)]
struct Query {
    id: String,
    text: String,
}

/// Reads a file of JSON objects, one a line.
///
/// # Errors
///
/// Names the file and the line.
pub fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), at + 1))
    };
    text.lines().enumerate().map(parse).collect()
}

/// Whether a folder holds a collection.
#[must_use]
pub fn is_collection(folder: &Path) -> bool {
    ["corpus.jsonl", "queries.jsonl", "qrels.tsv"]
        .iter()
        .all(|name| folder.join(name).is_file())
}

impl Collection {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// When a file is missing or a line makes no sense; the message says where.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("qrels.tsv");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut judged: HashMap<String, Judgements> = HashMap::new();
        // The first line names the columns.
        for (at, line) in text.lines().enumerate().skip(1) {
            let place = || format!("{}:{}", path.display(), at + 1);
            let mut columns = line.split('\t');
            let mut next = || columns.next().with_context(place);
            let (query, paper, gain) = (next()?, next()?, next()?);
            // Some collections judge a paper worse than not relevant.
            let gain: i64 = gain.trim().parse().with_context(place)?;
            let gain = u32::try_from(gain.max(0)).with_context(place)?;
            let papers = judged.entry(query.to_owned()).or_default();
            papers.insert(paper.to_owned(), gain);
        }
        let queries: Vec<Query> = lines(&folder.join("queries.jsonl"))?;
        let queries = queries.into_iter().map(|query| (query.id, query.text));
        Ok(Self {
            name: folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            folder: folder.to_owned(),
            queries: queries.filter(|(id, _)| judged.contains_key(id)).collect(),
            judged,
        })
    }

    /// Where its papers are.
    #[must_use]
    pub fn corpus(&self) -> PathBuf {
        self.folder.join("corpus.jsonl")
    }
}
