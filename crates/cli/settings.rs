//! What a build is told: the command line's word, else that of the file, else what is usual.

use std::path::PathBuf;

use offprint_index::{Compare, Layout, Topics};

use crate::args::{AboutArgs, BuildArgs};
use crate::config::{Config, FILE};
use crate::error::{Failure, Result};
use crate::page::Page;

/// A collection's title where nobody gives it one.
const TITLE: &str = "Papers";

/// All that a host can say once and for all.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Files, folders, or `-`.
    pub inputs: Vec<PathBuf>,
    /// Folder of the site.
    pub out: Option<PathBuf>,
    /// Title of the collection.
    pub title: String,
    /// A sentence about it.
    pub description: String,
    /// How the index lies in files.
    pub layout: Layout,
    /// Earlier builds whose files stay.
    pub keep: usize,
    /// Whether papers are compared.
    pub neighbours: Compare,
    /// How many topics are found.
    pub topics: Topics,
    /// Weights of terms that another program made.
    pub expansions: Option<PathBuf>,
    /// Whether a skipped record is an error.
    pub strict: bool,
    /// How the page looks.
    pub page: Page,
    /// What a host may want to know.
    pub notes: Vec<String>,
    /// The file, and what it names beside papers.
    pub parts: Vec<PathBuf>,
}

impl Settings {
    /// Of the file alone, with what every command can say.
    pub fn read(inputs: &[PathBuf], about: &AboutArgs) -> Result<Self> {
        let config = Config::find(about.config.as_deref())?;
        let mut parts = config.parts;
        parts.extend(config.expansions.clone());
        parts.extend(config.path);
        let mut page = config.page;
        if about.base_url.is_some() {
            page.base_url.clone_from(&about.base_url);
        }
        if let Some(lang) = &about.lang {
            page.lang = lang.clone();
        }
        let title = about.title.clone().or(config.title);
        let description = about.description.clone().or(config.description);
        Ok(Self {
            inputs: match inputs {
                [] => config.inputs,
                given => given.to_owned(),
            },
            out: config.out,
            title: title.unwrap_or_else(|| TITLE.to_owned()),
            description: description.unwrap_or_default(),
            layout: config.layout.unwrap_or(Layout::Auto),
            keep: config.keep.unwrap_or(1),
            neighbours: config.neighbours.unwrap_or(Compare::On),
            topics: config.topics.unwrap_or(Topics::Auto),
            expansions: config.expansions,
            strict: config.strict,
            page,
            notes: config.notes,
            parts,
        })
    }

    /// With what `build` can say.
    pub fn of_build(args: &BuildArgs) -> Result<Self> {
        let mut settings = Self::read(&args.inputs, &args.about)?;
        if let Some(layout) = args.layout {
            settings.layout = layout.into();
        }
        if let Some(neighbours) = args.neighbours {
            settings.neighbours = neighbours.into();
        }
        settings.keep = args.keep.unwrap_or(settings.keep);
        settings.topics = args.topics.unwrap_or(settings.topics);
        settings.strict |= args.strict;
        for (theirs, mine) in [
            (&args.out, &mut settings.out),
            (&args.expansions, &mut settings.expansions),
        ] {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
        Ok(settings)
    }

    /// The folder to build into, or the single file. An error where it, or what to build from, is not given.
    pub fn target<'a>(&'a self, single: Option<&'a PathBuf>) -> Result<&'a PathBuf> {
        if self.inputs.is_empty() {
            return Err(self.no_papers());
        }
        single.or(self.out.as_ref()).ok_or_else(|| {
            Failure::usage(
                "no folder is given to write the site into",
                format!("add --out DIR, or out = \"site\" to {FILE}"),
            )
        })
    }

    /// What to say where there is nothing to build from.
    pub fn no_papers(&self) -> Failure {
        Failure::usage(
            "no papers are given",
            format!(
                "give files or folders, or name them in {FILE}: inputs = [\"papers.jsonl\"]; \
                 `offprint init` writes such a file"
            ),
        )
    }
}
