//! Writing the files of a section, in either layout.

use crate::block::{BlockId, Section, seal_block};
use crate::entries::Address;
use crate::layout::FileId;
use crate::limits;
use crate::manifest::SectionTable;

/// How the blocks of a section lie in its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `chunks`: so many blocks in a file.
    Chunks(u32),
    /// `packs`: files of so many bytes; the manifest holds each block's length.
    Listed(u32),
    /// `packs`: files of so many bytes; blocks have `stride` bytes, with zeros before the checksum.
    Paged {
        /// Bytes of a file.
        file_bytes: u32,
        /// Stored bytes of a block.
        stride: u32,
    },
    /// `packs`: files of so many bytes; whoever points at a block knows its length, and its number
    /// is its position.
    Addressed(u32),
}

/// A finished file.
pub type Finished = (FileId, Vec<u8>);

/// Collects the blocks of a section into files.
pub struct SectionWriter {
    section: Section,
    seed: u32,
    shape: Shape,
    table: SectionTable,
    /// Of `chunks`: stored lengths of the open file's blocks.
    lengths: Vec<u32>,
    open: Vec<u8>,
    next_file: u32,
}

impl SectionWriter {
    /// For a section of the segment with `seed`.
    #[must_use]
    pub fn new(section: Section, seed: u32, shape: Shape) -> Self {
        let mut table = SectionTable {
            section: section.code(),
            ..SectionTable::default()
        };
        match shape {
            Shape::Chunks(per_file) => table.blocks_per_file = per_file.max(1),
            Shape::Listed(file_bytes) | Shape::Addressed(file_bytes) => {
                table.file_bytes = file_bytes;
            }
            Shape::Paged { file_bytes, stride } => {
                table.file_bytes = file_bytes;
                table.stride = stride;
            }
        }
        SectionWriter {
            section,
            seed,
            shape,
            table,
            lengths: Vec::new(),
            open: Vec::new(),
            next_file: 0,
        }
    }

    /// Bytes of a payload that the section's blocks take at most.
    #[must_use]
    pub fn room(&self) -> usize {
        match self.shape {
            Shape::Paged { stride, .. } => (stride as usize).saturating_sub(4),
            _ => limits::PAYLOAD,
        }
    }

    fn position(&self) -> Option<u32> {
        let before = self.next_file.checked_mul(self.table.file_bytes)?;
        before.checked_add(u32::try_from(self.open.len()).ok()?)
    }

    /// Adds a block; gives its number and the file that is now full, if one is. Gives nothing
    /// where the section would outgrow its 4 GiB or the payload its block.
    pub fn push(&mut self, mut payload: Vec<u8>) -> Option<(u32, Option<Finished>)> {
        if payload.len() > self.room() {
            return None;
        }
        if let Shape::Paged { .. } = self.shape {
            payload.resize(self.room(), 0);
        }
        let stored = u32::try_from(payload.len() + 4).ok()?;
        let full = self.make_room(stored)?;
        let number = match self.shape {
            Shape::Addressed(_) => self.position()?,
            _ => self.table.blocks,
        };
        let id = BlockId {
            section: self.section,
            number,
        };
        self.open
            .extend_from_slice(&seal_block(payload, id, self.seed));
        self.table.blocks += 1;
        match self.shape {
            Shape::Chunks(_) => {
                self.lengths.push(stored);
                if self.lengths.len() >= self.table.blocks_per_file as usize {
                    return Some((number, self.flush()));
                }
            }
            Shape::Listed(_) => self.table.lengths.0.push(stored),
            _ => {}
        }
        Some((number, full))
    }

    /// Of packs whose blocks are addressed: adds runs of bytes of any length, each in as many
    /// blocks as it takes, one after the other in one file; gives the first's address.
    pub fn push_runs(&mut self, runs: &[&[u8]]) -> Option<(Address, Option<Finished>)> {
        let Shape::Addressed(_) = self.shape else {
            return None;
        };
        let stored = |run: &&[u8]| run.len() + run.len().div_ceil(limits::PAYLOAD) * 4;
        let stored: usize = runs.iter().map(stored).sum();
        let full = self.make_room(u32::try_from(stored).ok()?)?;
        let at = Address {
            block: self.position()?,
            offset: 0,
        };
        for piece in runs.iter().flat_map(|run| run.chunks(limits::PAYLOAD)) {
            self.push(piece.to_vec())?;
        }
        Some((at, full))
    }

    /// Of packs: where `stored` more bytes would not fit, fills the open file up with zeros and
    /// closes it, so that a position alone tells file and place.
    fn make_room(&mut self, stored: u32) -> Option<Option<Finished>> {
        let file_bytes = self.table.file_bytes;
        if file_bytes == 0 {
            return Some(None);
        }
        if stored > file_bytes {
            return None;
        }
        // Every position must fit its number.
        self.position()?.checked_add(file_bytes)?;
        if self.open.len() + stored as usize <= file_bytes as usize {
            return Some(None);
        }
        self.open.resize(file_bytes as usize, 0);
        Some(self.flush())
    }

    /// The file that is not yet full, if it holds anything.
    pub fn flush(&mut self) -> Option<Finished> {
        if self.open.is_empty() && self.lengths.is_empty() {
            return None;
        }
        let mut bytes = Vec::with_capacity(self.lengths.len() * 4 + self.open.len());
        for length in self.lengths.drain(..) {
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        bytes.append(&mut self.open);
        self.table.bytes += bytes.len() as u64;
        let file = FileId {
            section: self.section,
            number: self.next_file,
        };
        self.next_file += 1;
        Some((file, bytes))
    }

    /// What the manifest says of the section; all files must be flushed.
    #[must_use]
    pub fn table(&self) -> &SectionTable {
        &self.table
    }
}
