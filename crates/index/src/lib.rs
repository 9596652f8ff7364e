//! Papers to index files.
//!
//! [`build`] turns papers into the files of one segment and a manifest. It is pure but for the
//! sink that takes the files, and deterministic: the same papers give the same bytes.

mod analyze;
mod lists;
mod order;
mod papers;
mod shards;
mod sizes;
mod write;

use offprint_format::{Manifest, Section, Segment, Stats};
use offprint_papers::Paper;

pub use sizes::{Layout, Sizes};

/// Saturation of term frequency in BM25.
const K1: f64 = 1.2;
/// Share of length normalisation in BM25.
const B: f64 = 0.75;
/// How often a word of the title counts.
const TITLE_WEIGHT: u32 = 3;

/// What an index says of itself.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Title of the collection.
    pub title: String,
    /// A sentence about the collection; may be empty.
    pub description: String,
    /// How its blocks lie in files.
    pub layout: Layout,
    /// How to divide the index; chosen from the collection's size where it is not given.
    pub sizes: Option<Sizes>,
}

/// How far a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, for people.
    pub phase: &'static str,
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// What a build made.
#[derive(Clone, Debug)]
pub struct Built {
    /// The bytes of `manifest.bin`.
    pub manifest: Vec<u8>,
    /// Name of the segment's folder: the hash of its files.
    pub segment: String,
    /// Files in the segment.
    pub files: u64,
    /// Bytes of the segment's files.
    pub bytes: u64,
    /// Stored bytes by section.
    pub sections: Vec<(Section, u64)>,
    /// Counts for people.
    pub stats: Stats,
}

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sink did not take a file.
    #[error("could not write {path}: {source}")]
    Sink {
        /// Path inside the segment's folder.
        path: String,
        /// What the sink said.
        source: std::io::Error,
    },
    /// There are more papers than an index can hold.
    #[error("{found} papers are more than an index holds ({limit}); build several collections")]
    TooMany {
        /// Papers given.
        found: usize,
        /// Papers allowed.
        limit: u32,
    },
    /// A paper's record is over the limit.
    #[error("the paper {id} is too large for an index; shorten its abstract or its lists")]
    TooLarge {
        /// The paper's id.
        id: String,
    },
    /// A section would outgrow its addresses.
    #[error("the index's section {0:?} is too large; build several collections")]
    SectionTooLarge(&'static str),
    /// The format refused what was to be written.
    #[error("the index cannot be written: {0}")]
    Format(#[from] offprint_format::Error),
}

/// Takes the files: path inside the segment's folder (such as `t/0.bin`) and bytes.
pub type Sink<'a> = dyn FnMut(&str, &[u8]) -> std::io::Result<()> + 'a;

/// Builds an index of `papers` and hands its files to `sink`, each once, in a fixed order.
///
/// The segment's name is known only when the last file is out: write them to a temporary folder
/// and name it [`Built::segment`] afterwards.
///
/// # Errors
/// See [`Error`].
pub fn build(
    papers: &[Paper],
    options: &Options,
    sink: &mut Sink<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Built, Error> {
    let limit = offprint_format::limits::PAPERS;
    if papers.len() > limit as usize {
        return Err(Error::TooMany {
            found: papers.len(),
            limit,
        });
    }
    let ordered = order::order(papers);
    let analyzed = analyze::analyze(&ordered, progress);
    let sizes = options
        .sizes
        .unwrap_or_else(|| Sizes::of(ordered.len(), analyzed.postings(), options.layout));
    let mut files = write::Files::new(write::seed(&ordered), sizes, sink);
    let mut segment = Segment {
        seed: files.seed(),
        papers: ordered.len() as u32,
        stats: analyzed.stats(),
        ..Segment::default()
    };
    shards::write(&analyzed, &sizes, &mut segment, &mut files, progress)?;
    drop(analyzed);
    papers::write(&ordered, &mut segment, &mut files, progress)?;
    files.flush()?;
    segment.sections = files.tables();
    let sections = files.section_bytes();
    let (count, bytes, name) = files.finish();
    segment.name = name;
    let stats = segment.stats.clone();
    let name = segment.name.clone();
    let manifest = Manifest {
        analyzer: offprint_analysis::fingerprint(),
        title: options.title.clone(),
        description: options.description.clone(),
        segments: vec![segment],
    };
    let manifest = manifest.to_bytes()?;
    Ok(Built {
        manifest,
        segment: name,
        files: count,
        bytes,
        sections,
        stats,
    })
}
