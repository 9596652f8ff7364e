//! All words and what stands where, brought together from chunks.

use std::sync::Arc;

use offprint_format::{ImpactPriors, PostingsCodec};

use crate::chunk::{self, Chunk};
use crate::interner::Interner;
use crate::pipeline::{pipeline, threads};
use crate::postings::{Coding, Postings};
use crate::runs::{Pieces, Runs};
use crate::seed::Seed;
use crate::tally::{Tally, norm};
use crate::{Error, Progress, Resources, Source};

/// About what a chunk takes while it is under way.
const CHUNK_BYTES: usize = 1 << 24;

/// Marks the terms that are authors' words, so that they come after all stems.
pub(crate) const NAME: u32 = 1 << 31;

/// A collection as terms.
pub(crate) struct Analyzed {
    pub(crate) vocabulary: Vocabulary,
    /// Postings by term: stems by number, then names.
    pub(crate) runs: Runs,
    pub(crate) tally: Tally,
    /// Length of each paper, in words.
    pub(crate) lengths: Vec<u32>,
    pub(crate) postings: u64,
    pub(crate) name_postings: u64,
    /// For the checksums of blocks.
    pub(crate) seed: u32,
}

impl Analyzed {
    /// Words of all papers together.
    pub(crate) fn tokens(&self) -> u64 {
        self.lengths.iter().map(|&length| u64::from(length)).sum()
    }

    /// Merges the runs and codes all postings. The runs are used up.
    pub(crate) fn code(
        &mut self,
        priors: &ImpactPriors,
        mean_length: f64,
        inline_limit: u32,
        resources: &Resources,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Postings, Error> {
        let norms: Vec<f64> = self
            .lengths
            .iter()
            .map(|&length| norm(length, mean_length))
            .collect();
        let coding = Coding {
            codec: PostingsCodec::new(norms.len() as u32, priors),
            norms: &norms,
            inline_limit,
        };
        let terms = (self.vocabulary.stems, self.vocabulary.names.len());
        let scratch = Arc::clone(&resources.scratch);
        Postings::make(&mut self.runs, terms, &coding, scratch, progress)
    }
}

/// Surface words with their stems, and authors' words: what is in memory from start to end.
pub(crate) struct Vocabulary {
    pub(crate) words: Interner,
    pub(crate) stem_of: Vec<u32>,
    pub(crate) stems: usize,
    pub(crate) names: Interner,
}

/// What chunks are gathered into.
struct Gathering {
    words: Interner,
    stem_of: Vec<u32>,
    stems: Interner,
    names: Interner,
    runs: Runs,
    tally: Tally,
    lengths: Vec<u32>,
    postings: u64,
    name_postings: u64,
    seed: Seed,
}

impl Gathering {
    /// Takes the next chunk: its terms get the numbers they have in all.
    fn take(&mut self, chunk: Chunk) -> Result<(), Error> {
        let stems: Vec<u32> = (0..chunk.stems.len() as u32)
            .map(|stem| self.stems.number(chunk.stems.get(stem)).0)
            .collect();
        let known = |stem: u32| stems.get(stem as usize).copied().unwrap_or(0);
        for (word, &stem) in (0..).zip(&chunk.stem_of) {
            if self.words.number(chunk.words.get(word)).1 {
                self.stem_of.push(known(stem));
            }
        }
        let mut pieces = chunk.pieces;
        for (at, piece) in pieces.iter_mut().enumerate() {
            if at < stems.len() {
                piece.term = known(piece.term);
                self.postings += u64::from(piece.count);
            } else {
                piece.term = NAME | self.names.number(chunk.names.get(piece.term)).0;
                self.name_postings += u64::from(piece.count);
            }
        }
        pieces.sort_unstable_by_key(|piece| piece.term);
        self.tally.join(&chunk.tally);
        self.lengths.extend(chunk.lengths);
        self.seed.add(&chunk.seed);
        self.runs.add(Pieces {
            pieces,
            bytes: chunk.bytes,
        })
    }
}

/// Reads every paper, in document order.
pub(crate) fn analyze(
    papers: &(impl Source + ?Sized),
    order: &[u32],
    resources: &Resources,
    progress: &mut dyn FnMut(Progress),
) -> Result<Analyzed, Error> {
    let budget = resources.budget();
    let mut gathering = Gathering {
        words: Interner::default(),
        stem_of: Vec::new(),
        stems: Interner::default(),
        names: Interner::default(),
        runs: Runs::new(Arc::clone(&resources.scratch), budget),
        tally: Tally::default(),
        lengths: Vec::with_capacity(order.len()),
        postings: 0,
        name_postings: 0,
        seed: Seed::default(),
    };
    let size = resources.papers_at_once.max(1);
    let mut chunks = (0..).step_by(size).zip(order.chunks(size));
    pipeline(
        || {
            let many = threads().min(budget / CHUNK_BYTES).max(1);
            Ok(chunks.by_ref().take(many).collect())
        },
        |(first, places)| chunk::analyze(papers, places, first),
        |chunk| {
            gathering.take(chunk)?;
            progress(Progress {
                phase: "reading words",
                done: gathering.lengths.len() as u64,
                total: order.len() as u64,
            });
            Ok(())
        },
    )?;
    Ok(Analyzed {
        vocabulary: Vocabulary {
            words: gathering.words,
            stem_of: gathering.stem_of,
            stems: gathering.stems.len(),
            names: gathering.names,
        },
        runs: gathering.runs,
        tally: gathering.tally,
        lengths: gathering.lengths,
        postings: gathering.postings,
        name_postings: gathering.name_postings,
        seed: gathering.seed.finish(),
    })
}

#[cfg(test)]
mod tests;
