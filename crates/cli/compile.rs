//! From inputs to a site: what `build` and `serve` have in common.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use offprint_index::{Layout, Options, Resources};
use offprint_papers::{Diagnostic, Paper, Scratch, Severity, StoredPapers, Totals};
use serde::Serialize;

use crate::client::{self, About};
use crate::error::{Failure, Result};
use crate::expansions;
use crate::history::MANIFEST;
use crate::input::{self, Reading};
use crate::listing::{self, List};
use crate::offline;
use crate::page::Page;
use crate::report;
use crate::scratch::DiskScratch;
use crate::single;
use crate::site::{Draft, Target};

/// Memory that a build keeps to where nothing else is said.
pub const MEMORY: usize = 1 << 30;

/// What to build, and how.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// Files, folders, or `-`.
    pub inputs: &'a [PathBuf],
    /// Folder of the site, or the file it goes into.
    pub out: &'a Path,
    /// Whether it goes into one file, and how many bytes of index that may hold.
    pub single: Option<usize>,
    /// Title of the collection.
    pub title: &'a str,
    /// A sentence about it.
    pub description: &'a str,
    /// Write nothing if any record is skipped.
    pub strict: bool,
    /// Earlier builds whose files stay.
    pub keep: usize,
    /// Write into a folder with other things in it.
    pub force: bool,
    /// Leave page and client out.
    pub index_only: bool,
    /// Whether papers are compared.
    pub neighbours: offprint_index::Compare,
    /// How many topics are found.
    pub topics: offprint_index::Topics,
    /// Weights of terms that another program made.
    pub expansions: Option<&'a Path>,
    /// How the index lies in files.
    pub layout: Layout,
    /// Bytes of memory to keep to.
    pub memory: usize,
    /// How the page looks.
    pub page: &'a Page,
    /// Show no progress.
    pub quiet: bool,
}

/// What became of a build.
#[derive(Debug)]
pub struct Outcome {
    /// For programs.
    pub summary: Summary,
    /// What there is to say about the inputs.
    pub diagnostics: Vec<Diagnostic>,
}

/// What `build --json` prints.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Whether the site was written; not if `--strict` forbade it.
    pub written: bool,
    /// Folder or file of the site, as given.
    pub out: PathBuf,
    /// The build's id, if it was written.
    pub build: Option<String>,
    /// Records met.
    pub rows: u64,
    /// Distinct papers.
    pub papers: u64,
    /// Records of papers that were met before.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
    /// Papers that stood in more than one record.
    pub recurring_titles: u64,
    /// The same for each input.
    pub per_input: Vec<InputSummary>,
    /// What became of `--expansions`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansions: Option<expansions::Summary>,
    /// Files of the build.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes by part: the index's sections, `manifest` and `client`.
    pub sections: BTreeMap<&'static str, u64>,
    /// Earlier builds whose files are still there.
    pub kept: usize,
    /// Earlier builds whose files were removed.
    pub removed: usize,
    /// Wall time.
    pub seconds: f64,
    /// What there is to say about the inputs.
    pub diagnostics: Vec<DiagnosticSummary>,
    /// Diagnostics that were only counted.
    pub diagnostics_omitted: u64,
}

impl Summary {
    /// Records that could not be read, of papers or of expansions.
    pub fn skipped_in_all(&self) -> u64 {
        let expansions = self.expansions.as_ref();
        self.skipped + expansions.map_or(0, |expansions| expansions.skipped)
    }
}

/// Counts of one input.
#[derive(Debug, Serialize)]
pub struct InputSummary {
    /// The file's path, or `<stdin>`.
    pub input: String,
    /// Records met.
    pub rows: u64,
    /// Papers that no earlier input had.
    pub papers: u64,
    /// Records of papers that were met before.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
}

/// One thing to say about an input.
#[derive(Debug, Serialize)]
pub struct DiagnosticSummary {
    file: String,
    line: u64,
    severity: &'static str,
    reason: String,
    advice: String,
}

impl From<&Diagnostic> for DiagnosticSummary {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            file: diagnostic.file.to_string(),
            line: diagnostic.line,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            reason: diagnostic.reason.to_string(),
            advice: diagnostic.advice().into_owned(),
        }
    }
}

/// Builds a site.
pub fn compile(plan: &Plan<'_>) -> Result<Outcome> {
    let start = Instant::now();
    if !plan.index_only {
        client::require()?;
    }
    if let Some(file) = plan.expansions {
        expansions::check(file, plan.inputs)?;
    }
    let sources = input::find(plan.inputs, plan.out)?;
    let scratch: Arc<dyn Scratch> = Arc::new(DiskScratch::beside(plan.out));
    let bar = report::bytes_bar(plan.quiet);
    let keep_ids = plan.expansions.is_some();
    let reading = input::read(&sources, keep_ids, Arc::clone(&scratch), &bar);
    bar.finish_and_clear();
    let mut reading = reading?;
    let mut expansions = None;
    if let Some(file) = plan.expansions {
        let bar = report::bytes_bar(plan.quiet);
        let read = expansions::read(file, &mut reading, Arc::clone(&scratch), &bar);
        bar.finish_and_clear();
        expansions = Some(read?);
    }
    let refused = plan.strict && reading.lossy;
    let mut summary = summarize(plan.out, &reading.totals, &reading);
    summary.expansions = expansions;
    if refused {
        summary.seconds = start.elapsed().as_secs_f64();
        return Ok(Outcome {
            summary,
            diagnostics: reading.diagnostics,
        });
    }
    input::require_papers(&reading.papers, &reading.totals.per_input)?;
    write(plan, &reading, scratch, &mut summary)?;
    summary.seconds = start.elapsed().as_secs_f64();
    Ok(Outcome {
        summary,
        diagnostics: reading.diagnostics,
    })
}

fn summarize(out: &Path, totals: &Totals, reading: &Reading) -> Summary {
    let per_input = totals.per_input.iter().map(|input| InputSummary {
        input: input.input.clone(),
        rows: input.rows,
        papers: input.papers_new,
        duplicates: input.duplicates,
        skipped: input.skipped,
    });
    Summary {
        written: false,
        out: out.to_owned(),
        build: None,
        rows: totals.rows,
        papers: totals.papers,
        duplicates: totals.duplicates,
        skipped: totals.skipped,
        recurring_titles: totals.recurring_titles,
        per_input: per_input.collect(),
        expansions: None,
        files: 0,
        bytes: 0,
        sections: BTreeMap::new(),
        kept: 0,
        removed: 0,
        seconds: 0.0,
        diagnostics: reading
            .diagnostics
            .iter()
            .map(DiagnosticSummary::from)
            .collect(),
        diagnostics_omitted: reading.omitted,
    }
}

fn write(
    plan: &Plan<'_>,
    reading: &Reading,
    scratch: Arc<dyn Scratch>,
    summary: &mut Summary,
) -> Result<()> {
    let mut draft: Box<dyn Target> = match plan.single {
        Some(limit) => Box::new(single::Draft::open(
            plan.out,
            &plan.page.lang,
            limit,
            plan.force,
        )?),
        None => Box::new(Draft::open(plan.out, plan.force)?),
    };
    let options = Options {
        title: plan.title.to_owned(),
        description: plan.description.to_owned(),
        layout: plan.layout,
        neighbours: plan.neighbours,
        topics: plan.topics,
        ..Options::default()
    };
    let resources = Resources::new(scratch, plan.memory);
    let bar = report::Steps::new(plan.quiet);
    let built = offprint_index::build_from(
        &reading.papers,
        &options,
        &resources,
        &mut |path, bytes| draft.put_in_segment(path, bytes),
        &mut |progress| bar.show(progress),
    );
    let built = built.map_err(|error| match error {
        offprint_index::Error::Scratch(error) => input::scratch_failed(error),
        error => Failure::advice(
            error.to_string(),
            "nothing was changed in the site's folder",
        ),
    })?;
    bar.last("finishing");
    draft.name_segment(&built.segment)?;
    if let (Some(expansions), Some(given)) = (&mut summary.expansions, built.given) {
        expansions.terms = Some(given.into());
    }
    for &(section, bytes) in &built.sections {
        summary.sections.insert(section_name(section), bytes);
    }
    draft
        .put(MANIFEST, &built.manifest)
        .map_err(Failure::io("write", &plan.out.join(MANIFEST)))?;
    summary
        .sections
        .insert("manifest", built.manifest.len() as u64);
    if !plan.index_only {
        let home = &plan.page.home;
        let listed = home_papers(plan, &reading.papers, List::Listed)?;
        let newest = home_papers(plan, &reading.papers, List::Newest)?;
        let of = |list| match list {
            List::Newest => newest.as_slice(),
            _ => listed.as_slice(),
        };
        let about = About {
            title: plan.title,
            description: plan.description,
            papers: reading.papers.len(),
            list: &listing::html(home, of, &built.topics, &built.days),
            build: "",
            page: plan.page,
        };
        let bytes = offline::put_client(&mut *draft, plan.out, &about, &built.manifest)?;
        summary.sections.insert("client", bytes);
    }
    let finished = draft.finish(plan.keep)?;
    drop(bar);
    summary.written = true;
    summary.build = Some(finished.id);
    summary.files = finished.files;
    summary.bytes = finished.bytes;
    summary.kept = finished.kept;
    summary.removed = finished.removed;
    Ok(())
}

/// The papers of a list of the start page; none where it has no such list.
fn home_papers(plan: &Plan<'_>, papers: &StoredPapers, list: List) -> Result<Vec<Paper>> {
    let home = &plan.page.home;
    if !home.lists.contains(&list) {
        return Ok(Vec::new());
    }
    let mut places: Vec<usize> = (0..papers.len()).collect();
    if list == List::Newest {
        // Stable: papers of one date keep their order.
        places.sort_by_key(|&at| std::cmp::Reverse(papers.key(at).1));
    }
    let first = places.into_iter().take(home.papers);
    let read: io::Result<_> = first.map(|at| papers.read(at)).collect();
    read.map_err(input::scratch_failed)
}

/// What a section is called in reports.
pub fn section_name(section: offprint_format::Section) -> &'static str {
    match section {
        offprint_format::Section::Terms => "terms",
        offprint_format::Section::Postings => "postings",
        offprint_format::Section::Cards => "cards",
        offprint_format::Section::Records => "records",
        offprint_format::Section::Directory => "directory",
        offprint_format::Section::Positions => "positions",
        offprint_format::Section::Ids => "identifiers",
        offprint_format::Section::Columns => "columns",
        offprint_format::Section::Spelling => "spelling",
        offprint_format::Section::Related => "related",
    }
}
