//! Blocks: the unit that the engine asks for and that carries a checksum.

use std::fmt;

use twox_hash::XxHash32;

use crate::bytes::put_number;
use crate::error::{Error, Fault};
use crate::limits;

/// A section of a segment: one kind of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Section {
    /// Term shards.
    Terms = 1,
    /// Postings lists and prefix lists.
    Postings = 2,
    /// What a result line shows.
    Cards = 3,
    /// Full records, with abstracts.
    Records = 4,
    /// Of packs: which page of the cards section holds which papers.
    Directory = 5,
    /// Where in titles and abstracts words stand.
    Positions = 6,
    /// Frequent words, to correct misspelt ones by.
    Spelling = 7,
    /// Values of papers by field: years, categories and so on.
    Columns = 8,
    /// Which papers have an identifier.
    Ids = 9,
    /// Related papers of each paper.
    Related = 10,
}

impl Section {
    /// Every section of this version, in the order of their codes.
    pub const ALL: [Section; 10] = [
        Section::Terms,
        Section::Postings,
        Section::Cards,
        Section::Records,
        Section::Directory,
        Section::Positions,
        Section::Spelling,
        Section::Columns,
        Section::Ids,
        Section::Related,
    ];

    /// The code that stands in the manifest and seeds checksums.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The section of a code, if this version knows it.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Section> {
        Section::ALL
            .into_iter()
            .find(|section| section.code() == code)
    }

    /// Name of the section's folder inside a segment.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Section::Terms => "t",
            Section::Postings => "p",
            Section::Cards => "c",
            Section::Records => "r",
            Section::Directory => "d",
            Section::Positions => "x",
            Section::Ids => "i",
            Section::Columns => "f",
            Section::Spelling => "s",
            Section::Related => "n",
        }
    }
}

/// Which block: a section and a number. In `chunks`, and where the manifest lists or computes the
/// places of a pack's blocks, they are counted from 0; other blocks of packs are numbered by the
/// position of their first byte in the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId {
    /// The section it belongs to.
    pub section: Section,
    /// Its number within the section.
    pub number: u32,
}

impl BlockId {
    /// The checksum's seed, so that a block in the wrong place, or of another segment, does not pass.
    fn seed(self, segment_seed: u32) -> u32 {
        segment_seed ^ (u32::from(self.section.code()) << 28) ^ self.number
    }

    /// A number that sorts as the block does.
    #[must_use]
    pub fn key(self) -> u64 {
        self.whole().key()
    }

    /// The block as it is asked for where its length need not be said.
    #[must_use]
    pub fn whole(self) -> BlockRef {
        BlockRef {
            id: self,
            stored: 0,
        }
    }

    /// An error about this block.
    #[must_use]
    pub fn damaged(self, fault: Fault) -> Error {
        Error::Block { block: self, fault }
    }
}

/// A block as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockRef {
    /// Which block.
    pub id: BlockId,
    /// Its stored bytes, where only whoever points at it knows them; 0 elsewhere.
    pub stored: u32,
}

/// Bits of a key below the number: stored bytes are at most 2^16.
const STORED_BITS: u32 = 17;

impl BlockRef {
    /// A number that sorts as blocks do.
    #[must_use]
    pub fn key(self) -> u64 {
        let block = u64::from(self.id.section.code()) << 32 | u64::from(self.id.number);
        block << STORED_BITS | u64::from(self.stored & ((1 << STORED_BITS) - 1))
    }

    /// The block of a [`BlockRef::key`], if it is one.
    #[must_use]
    pub fn from_key(key: u64) -> Option<BlockRef> {
        let section = u8::try_from(key >> (32 + STORED_BITS)).ok();
        Some(BlockRef {
            id: BlockId {
                section: section.and_then(Section::from_code)?,
                number: (key >> STORED_BITS) as u32,
            },
            stored: key as u32 & ((1 << STORED_BITS) - 1),
        })
    }
}

impl BlockId {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = ["block ", self.section.folder(), "/"].concat();
        put_number(&mut name, u64::from(self.number), 1);
        name
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Appends the checksum that makes `payload` block `id` of the segment with `segment_seed`.
///
/// # Panics
/// Debug builds assert that the payload fits a block.
#[must_use]
pub fn seal_block(mut payload: Vec<u8>, id: BlockId, segment_seed: u32) -> Vec<u8> {
    debug_assert!(
        payload.len() <= limits::PAYLOAD,
        "{id} has {} bytes",
        payload.len()
    );
    let sum = XxHash32::oneshot(id.seed(segment_seed), &payload);
    payload.extend_from_slice(&sum.to_le_bytes());
    payload
}

/// Checks a stored block and gives its payload.
///
/// # Errors
/// [`Fault::Short`], [`Fault::Long`] or [`Fault::Checksum`].
pub fn open_block(stored: &[u8], id: BlockId, segment_seed: u32) -> Result<&[u8], Error> {
    if stored.len() > limits::BLOCK {
        return Err(id.damaged(Fault::Long));
    }
    let (payload, sum) = stored
        .split_last_chunk::<4>()
        .ok_or(id.damaged(Fault::Short))?;
    if XxHash32::oneshot(id.seed(segment_seed), payload) != u32::from_le_bytes(*sum) {
        return Err(id.damaged(Fault::Checksum));
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const ID: BlockId = BlockId {
        section: Section::Cards,
        number: 7,
    };

    #[test]
    fn a_block_comes_back_only_in_its_place() {
        let stored = seal_block(b"payload".to_vec(), ID, 99);
        assert_eq!(open_block(&stored, ID, 99).unwrap(), b"payload");
        let elsewhere = [
            (BlockId { number: 8, ..ID }, 99),
            (
                BlockId {
                    section: Section::Terms,
                    ..ID
                },
                99,
            ),
            (ID, 98),
        ];
        for (id, seed) in elsewhere {
            assert_eq!(
                open_block(&stored, id, seed),
                Err(id.damaged(Fault::Checksum))
            );
        }
    }

    #[test]
    fn every_flip_and_cut_is_noticed() {
        let stored = seal_block((0..=255).collect(), ID, 3);
        for at in 0..stored.len() {
            let mut flipped = stored.clone();
            flipped[at] ^= 1 << (at % 8);
            assert!(open_block(&flipped, ID, 3).is_err());
            assert!(open_block(&stored[..at], ID, 3).is_err());
        }
    }
}
