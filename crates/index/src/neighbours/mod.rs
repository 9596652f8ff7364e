//! Which papers are near each other, and what that says of words that they do not hold.
//!
//! Every paper gets its ten nearest by the cosine of weighted terms. From them come the papers that
//! are named as related, and expansions: a word that a paper's neighbours hold says something of
//! the paper too, even where it lacks it (T. Tao, X. Wang, Q. Mei and C. Zhai, "Language model
//! information retrieval with document expansion", HLT-NAACL 2006). So does a word that lies where
//! the paper does in the space of [`latent`].
//!
//! Weights and cosines are integers, so that every machine finds the same neighbours.

mod expand;
mod latent;
mod nearest;
mod vectors;

use offprint_format::{Section, limits, pack_related};

use crate::pipeline::{pipeline, threads};
use crate::runs::Runs;
use crate::write::Files;
use crate::{Error, Progress, Resources};

pub(crate) use vectors::Vectors;

use expand::Expander;
use latent::Latent;
use nearest::{Finder, Inverted};

/// Neighbours whose words count.
const NEIGHBOURS: usize = 10;
/// Papers that a thread works on at a time. Nothing that is written hangs on it.
const UNIT: usize = 1024;

/// A paper and how near it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Neighbour {
    doc: u32,
    /// The cosine, in 1/2^28.
    near: u32,
}

/// What neighbours say.
pub(crate) struct Neighbours {
    /// By stem, the papers to which they give it, and the level.
    pub(crate) words: Runs,
    /// For each paper, the nearest others, at most [`limits::RELATED`] of them.
    pub(crate) related: Related,
}

impl Neighbours {
    /// What is said where papers are not compared.
    pub(crate) fn none(resources: &Resources) -> Self {
        Neighbours {
            words: Runs::new(resources.scratch.clone(), 0),
            related: Related::default(),
        }
    }
}

/// The nearest papers of each.
#[derive(Default)]
pub(crate) struct Related {
    docs: Vec<u32>,
}

impl Related {
    fn push(&mut self, near: &[Neighbour]) {
        let places = near
            .iter()
            .map(|one| one.doc)
            .chain(std::iter::repeat(NOBODY));
        self.docs.extend(places.take(limits::RELATED));
    }

    /// The papers nearest to one; none where papers were not compared.
    pub(crate) fn of(&self, doc: u32) -> &[u32] {
        let start = doc as usize * limits::RELATED;
        let docs = self.docs.get(start..start + limits::RELATED);
        let docs = docs.unwrap_or_default();
        let known = docs.iter().position(|&doc| doc == NOBODY);
        docs.get(..known.unwrap_or(docs.len())).unwrap_or_default()
    }

    /// Writes the section; none where papers were not compared.
    pub(crate) fn write(&self, files: &mut Files<'_>) -> Result<(), Error> {
        let rows = limits::RELATED_PAPERS as usize * limits::RELATED;
        for docs in self.docs.chunks(rows) {
            files.block(Section::Related, pack_related(docs))?;
        }
        Ok(())
    }
}

/// Stands for no paper.
const NOBODY: u32 = u32::MAX;

/// Finds every paper's neighbours.
pub(crate) fn find(
    vectors: &Vectors,
    resources: &Resources,
    progress: &mut dyn FnMut(Progress),
) -> Result<Neighbours, Error> {
    let inverted = Inverted::new(vectors);
    let latent = Latent::new(vectors)?;
    let total = vectors.papers();
    let mut runs = Runs::new(resources.scratch.clone(), resources.budget());
    let mut related = Related::default();
    let mut starts = (0..total).step_by(UNIT);
    let mut done = 0;
    pipeline(
        || Ok(starts.by_ref().take(threads() * 4).collect()),
        |start: u32| {
            let mut finder = Finder::new(vectors, &inverted);
            let mut expander = Expander::new(vectors, &latent);
            let mut found = Vec::new();
            for doc in start..total.min(start + UNIT as u32) {
                let near = finder.nearest(doc);
                expander.expand(doc, &near);
                found.push(near);
            }
            Ok((found, expander.finish()))
        },
        |(found, pieces)| {
            found.iter().for_each(|near| related.push(near));
            runs.add(pieces)?;
            done += found.len() as u64;
            progress(Progress {
                phase: "finding neighbours",
                done,
                total: u64::from(total),
            });
            Ok(())
        },
    )?;
    let words = runs;
    Ok(Neighbours { words, related })
}
