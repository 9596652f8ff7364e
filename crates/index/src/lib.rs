//! Papers to index files.
//!
//! [`build`] turns papers into the files of one segment and a manifest. It is pure but for the
//! sink that takes the files, and deterministic: the same papers give the same bytes, whatever
//! the number of threads and the memory. [`build_from`] does the same for papers that are too
//! many for memory: postings are sorted in runs that go to scratch storage and are merged.
//!
//! What grows with the papers in memory is the vocabulary and some thirty bytes a paper. All
//! work that has no order runs on the threads of the current `rayon` pool.

mod authors;
mod chunk;
mod columns;
mod days;
mod expanded;
mod frequent;
mod given;
mod ids;
mod interner;
mod line;
mod lists;
mod neighbours;
mod order;
mod papers;
mod pipeline;
mod places;
mod postings;
mod prefixes;
mod runs;
mod seed;
mod shards;
mod sizes;
mod source;
mod spelling;
mod topics;
mod varint;
mod vocabulary;
mod words;
mod write;

use std::sync::Arc;

use offprint_format::{Manifest, Section, Segment, Stats};
use offprint_papers::{MemoryScratch, Paper, Scratch};

pub use given::Given;
pub use order::length;
pub use sizes::{Layout, Sizes};
pub use source::Source;
pub use topics::{MOST_TOPICS, Topics};

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
    /// Whether papers are compared with each other.
    pub neighbours: Compare,
    /// How many topics are found.
    pub topics: Topics,
}

/// Whether a build compares papers: for a better order of hits, and to name related papers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// It does.
    #[default]
    On,
    /// It does not: the build is faster and the index smaller.
    Off,
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
    /// What became of the terms' weights, where papers had some.
    pub given: Option<Given>,
    /// Names of the topics that were found, and how many papers each has; the largest first.
    pub topics: Vec<(String, u32)>,
    /// Days on which papers were listed, in their order, and how many papers each has.
    pub days: Vec<(String, u32)>,
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
    /// Scratch storage failed.
    #[error("cannot use scratch storage: {0}")]
    Scratch(std::io::Error),
    /// The format refused what was to be written.
    #[error("the index cannot be written: {0}")]
    Format(#[from] offprint_format::Error),
}

/// Takes the files: path inside the segment's folder (such as `t/0.bin`) and bytes.
pub type Sink<'a> = dyn FnMut(&str, &[u8]) -> std::io::Result<()> + 'a;

/// What a build may use.
#[derive(Clone)]
pub struct Resources {
    /// Where postings go that do not fit into memory.
    pub scratch: Arc<dyn Scratch>,
    /// Bytes of memory that it should keep to, what grows with vocabulary and papers aside.
    pub memory: usize,
    /// Papers that a thread analyses together. Nothing that is written hangs on it.
    pub papers_at_once: usize,
}

/// Enough papers to share most of their words, and few enough to hold.
const PAPERS_AT_ONCE: usize = 4096;

/// Memory for a collection that is in memory anyway.
const MEMORY: usize = 1 << 30;

impl Resources {
    /// Storage for what does not fit into so many bytes of memory.
    #[must_use]
    pub fn new(scratch: Arc<dyn Scratch>, memory: usize) -> Self {
        Resources {
            scratch,
            memory,
            papers_at_once: PAPERS_AT_ONCE,
        }
    }

    /// Bytes that postings may take; the rest is for what is under way on the threads.
    fn budget(&self) -> usize {
        self.memory / 4
    }
}

impl Default for Resources {
    /// Memory alone.
    fn default() -> Self {
        Resources::new(Arc::new(MemoryScratch), MEMORY)
    }
}

/// Builds an index of `papers` in memory and hands its files to `sink`, each once, in a fixed
/// order.
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
    build_from(papers, options, &Resources::default(), sink, progress)
}

/// As [`build`], of papers from anywhere.
///
/// # Errors
/// See [`Error`].
pub fn build_from(
    papers: &(impl Source + ?Sized),
    options: &Options,
    resources: &Resources,
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
    let order = order::order(papers, progress)?;
    let over = options
        .sizes
        .map_or(sizes::FREQUENT, |sizes| sizes.frequent_over);
    let frequent = frequent::Frequent::sample(papers, &order.places, over)?;
    let mut analyzed = vocabulary::analyze(papers, &order.places, frequent, resources, progress)?;
    let sizes = options.sizes.unwrap_or_else(|| {
        Sizes::of(
            order.places.len(),
            analyzed.postings as usize,
            options.layout,
        )
    });
    let priors = analyzed.tally.priors();
    let postings = analyzed.code(&priors, &sizes, resources, progress)?;
    let vocabulary = &analyzed.vocabulary;
    let classes = &order.classes;
    let compare = options.neighbours == Compare::On;
    let wanted = options.topics.wanted(papers.len(), compare);
    let mut topics = topics::Found::default();
    let mut neighbours = neighbours::Neighbours::none(resources);
    if compare || wanted > 0 {
        let vectors = neighbours::Vectors::new(vocabulary, &postings, classes)?;
        if compare {
            neighbours = neighbours::find(&vectors, resources, progress)?;
        }
        if wanted > 0 {
            progress(Progress {
                phase: "finding topics",
                done: 0,
                total: 1,
            });
            let related = &neighbours.related;
            topics = topics::find(&vectors, related, papers, &order.places, wanted)?;
        }
    }
    let mut given = given::read(papers, &order.places, vocabulary, resources, progress)?;
    let expanded = expanded::Expanded::make(
        &mut neighbours.words,
        &mut given,
        (&postings, classes),
        &sizes,
        resources,
    )?;
    let stats = Stats {
        words: vocabulary.words.len() as u64,
        stems: vocabulary.stems as u64,
        names: vocabulary.names.len() as u64,
        postings: analyzed.postings,
        name_postings: analyzed.name_postings,
        tokens: order.tokens,
        posting_bytes: 0,
    };
    let mut files = write::Files::new(analyzed.seed, sizes, sink);
    let mut segment = Segment {
        seed: files.seed(),
        papers: order.places.len() as u32,
        lengths: order.classes,
        priors: priors.clone(),
        stats,
        ..Segment::default()
    };
    let words = words::merge(vocabulary);
    shards::write(
        &words,
        (&postings, &expanded),
        &sizes,
        resources.budget(),
        &mut segment,
        &mut files,
        progress,
    )?;
    spelling::write(&words, &postings, &sizes, &mut segment, &mut files)?;
    drop(words);
    drop(postings);
    drop(analyzed);
    neighbours.related.write(&mut files)?;
    let column = topics.column();
    let known = papers::write(
        papers,
        &order.places,
        column,
        &mut segment,
        &mut files,
        progress,
    )?;
    ids::write(known.ids, &mut files)?;
    if let Some(list) = topics.list(papers, &order.places)? {
        files.extra(topics::LIST, &list)?;
    }
    let days = known.days.write(papers, &order.places, &mut files)?;
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
        given: papers.is_weighted().then_some(given.counts),
        topics: topics.sizes(),
        days,
    })
}
