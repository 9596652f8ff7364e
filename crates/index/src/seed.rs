//! A number that differs between collections, for the checksums of blocks.

use offprint_papers::Paper;
use sha2::{Digest, Sha256};

/// Takes the papers' texts in document order.
#[derive(Default)]
pub(crate) struct Seed(Sha256);

impl Seed {
    /// Adds what [`seed_text`] made of the next papers.
    pub(crate) fn add(&mut self, text: &[u8]) {
        self.0.update(text);
    }

    pub(crate) fn finish(self) -> u32 {
        self.0
            .finalize()
            .iter()
            .take(4)
            .fold(0, |seed, &byte| seed << 8 | u32::from(byte))
    }
}

/// What of a paper goes into the seed.
pub(crate) fn seed_text(paper: &Paper, out: &mut Vec<u8>) {
    for text in [&paper.id, &paper.title.clean, &paper.abstract_.clean] {
        out.extend_from_slice(&(text.len() as u64).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    }
}
