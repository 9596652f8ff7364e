//! All words and what stands where, brought together from chunks.

use std::sync::Arc;

use offprint_format::{FrequencyPriors, FrequencyTally, PositionsCodec, PostingsCodec};

use crate::chunk::{self, Chunk, Grouped};
use crate::frequent::Frequent;
use crate::interner::Interner;
use crate::pipeline::{pipeline, threads};
use crate::places;
use crate::postings::{Coding, Postings};
use crate::runs::{Pieces, Runs};
use crate::seed::Seed;
use crate::{Error, Progress, Resources, Sizes, Source};

/// About what a chunk takes while it is under way.
const CHUNK_BYTES: usize = 1 << 24;

/// Marks the terms that are authors' words, so that they come after all stems.
pub(crate) const NAME: u32 = 1 << 31;

/// A collection as terms.
pub(crate) struct Analyzed {
    pub(crate) vocabulary: Vocabulary,
    /// Postings by term: stems by number, then names.
    pub(crate) runs: Runs,
    pub(crate) papers: u32,
    pub(crate) tally: FrequencyTally,
    pub(crate) postings: u64,
    pub(crate) name_postings: u64,
    /// For the checksums of blocks.
    pub(crate) seed: u32,
}

impl Analyzed {
    /// Merges the runs and codes all postings. The runs are used up.
    pub(crate) fn code(
        &mut self,
        priors: &FrequencyPriors,
        sizes: &Sizes,
        resources: &Resources,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Postings, Error> {
        let coding = Coding {
            codec: PostingsCodec::new(self.papers, priors),
            positions: PositionsCodec::default(),
            papers: self.papers,
            sizes,
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
    /// The number of each word among those of its stem.
    pub(crate) form_of: Vec<u32>,
    /// In how many papers each surface word stands.
    pub(crate) papers_of: Vec<u32>,
    /// Whether each stands somewhere as it is.
    pub(crate) stands: Vec<bool>,
    pub(crate) stems: usize,
    pub(crate) names: Interner,
    pub(crate) frequent: Frequent,
}

/// What chunks are gathered into.
struct Gathering {
    words: Interner,
    stem_of: Vec<u32>,
    form_of: Vec<u32>,
    papers_of: Vec<u32>,
    stands: Vec<bool>,
    stems: Interner,
    /// Words of each stem.
    forms: Vec<u32>,
    names: Interner,
    runs: Runs,
    papers: u32,
    tally: FrequencyTally,
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
        self.forms.resize(self.stems.len(), 0);
        let mut forms = Vec::with_capacity(chunk.stem_of.len());
        let counted = chunk.papers_of.iter().zip(&chunk.stands);
        for ((word, &stem), (papers, &stands)) in (0..).zip(&chunk.stem_of).zip(counted) {
            let (number, new) = self.words.number(chunk.words.get(word));
            if new {
                let stem = known(stem);
                self.stem_of.push(stem);
                self.papers_of.push(0);
                self.stands.push(false);
                if let Some(next) = self.forms.get_mut(stem as usize) {
                    self.form_of.push(*next);
                    *next += 1;
                }
            }
            if let Some(sum) = self.papers_of.get_mut(number as usize) {
                *sum += papers;
            }
            if let Some(all) = self.stands.get_mut(number as usize) {
                *all |= stands;
            }
            forms.push(self.form_of.get(number as usize).copied().unwrap_or(0));
        }
        let words = Grouped::new(stems.len(), &chunk.stem_of, |&stem| stem);
        let mut placed = Vec::with_capacity(chunk.places.len() + stems.len() * 3);
        let mut pieces = chunk.pieces;
        for (at, piece) in pieces.iter_mut().enumerate() {
            if at < stems.len() {
                let own = words.of(at).iter();
                let own = own.filter_map(|&word| forms.get(word as usize).copied());
                let range = piece.places_start as usize..piece.places_end as usize;
                piece.places_start = placed.len() as u32;
                places::put_forms(&mut placed, piece.count, own);
                placed.extend_from_slice(chunk.places.get(range).unwrap_or_default());
                piece.places_end = placed.len() as u32;
                piece.term = known(piece.term);
                self.postings += u64::from(piece.count);
            } else {
                piece.term = NAME | self.names.number(chunk.names.get(piece.term)).0;
                self.name_postings += u64::from(piece.count);
            }
        }
        pieces.sort_unstable_by_key(|piece| piece.term);
        self.tally.join(&chunk.tally);
        self.papers += chunk.papers;
        self.seed.add(&chunk.seed);
        self.runs.add(Pieces {
            pieces,
            bytes: chunk.bytes,
            places: placed,
        })
    }
}

/// Reads every paper, in document order.
pub(crate) fn analyze(
    papers: &(impl Source + ?Sized),
    order: &[u32],
    frequent: Frequent,
    resources: &Resources,
    progress: &mut dyn FnMut(Progress),
) -> Result<Analyzed, Error> {
    let budget = resources.budget();
    let mut gathering = Gathering {
        words: Interner::default(),
        stem_of: Vec::new(),
        form_of: Vec::new(),
        papers_of: Vec::new(),
        stands: Vec::new(),
        stems: Interner::default(),
        forms: Vec::new(),
        names: Interner::default(),
        runs: Runs::new(Arc::clone(&resources.scratch), budget),
        papers: 0,
        tally: FrequencyTally::default(),
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
        |(first, places)| chunk::analyze(papers, places, first, &frequent),
        |chunk| {
            gathering.take(chunk)?;
            progress(Progress {
                phase: "reading words",
                done: u64::from(gathering.papers),
                total: order.len() as u64,
            });
            Ok(())
        },
    )?;
    Ok(Analyzed {
        vocabulary: Vocabulary {
            words: gathering.words,
            stem_of: gathering.stem_of,
            form_of: gathering.form_of,
            papers_of: gathering.papers_of,
            stands: gathering.stands,
            stems: gathering.stems.len(),
            names: gathering.names,
            frequent,
        },
        runs: gathering.runs,
        tally: gathering.tally,
        papers: gathering.papers,
        postings: gathering.postings,
        name_postings: gathering.name_postings,
        seed: gathering.seed.finish(),
    })
}

#[cfg(test)]
mod tests;
