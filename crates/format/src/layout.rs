//! Layouts: how blocks lie in files. The engine asks for blocks and never sees this.
//!
//! In `chunks` a file holds a fixed number of consecutive blocks of one section and is fetched
//! whole. In `packs` a file is large and read by ranges: a section is one run of bytes, cut into
//! files of equal size, and a block lies where its number, or a length in the manifest, says.

use std::ops::Range;

use crate::block::{BlockId, BlockRef, Section};
use crate::bytes::put_number;
use crate::entries::Address;
use crate::error::{Error, Fault};
use crate::limits;
use crate::manifest::{SectionTable, Segment};
use crate::records::RecordAddress;

/// Which file: a section and a number counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId {
    /// The section whose blocks it holds.
    pub section: Section,
    /// Its number within the section.
    pub number: u32,
}

impl FileId {
    /// Path inside the segment's folder.
    #[must_use]
    pub fn path(self) -> String {
        let mut path = [self.section.folder(), "/"].concat();
        put_number(&mut path, u64::from(self.number), 1);
        path.push_str(".bin");
        path
    }
}

/// One request: a file, whole or a range of it, and the blocks that are wanted from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The file.
    pub file: FileId,
    /// The bytes to ask for; the whole file in `chunks`.
    pub range: Option<Range<u32>>,
    /// Of a range: the blocks in it and where each begins, counted from the start of the file.
    blocks: Vec<(BlockRef, u32)>,
}

impl Read {
    /// Cuts the range out of a whole file, for hosts that do not answer ranges.
    #[must_use]
    pub fn cut<'a>(&self, whole: &'a [u8]) -> Option<&'a [u8]> {
        match &self.range {
            Some(range) => whole.get(range.start as usize..range.end as usize),
            None => Some(whole),
        }
    }
}

/// Where a block of a pack lies.
struct Place {
    file: FileId,
    start: u32,
    stored: u32,
}

impl Segment {
    /// Path of a file inside the site.
    #[must_use]
    pub fn file_path(&self, file: FileId) -> String {
        ["segments/", &self.name, "/", &file.path()].concat()
    }

    /// Every file of the segment.
    pub fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        Section::ALL
            .into_iter()
            .filter_map(|section| Some((section, self.section(section)?)))
            .flat_map(|(section, table)| {
                (0..table.files()).map(move |number| FileId { section, number })
            })
    }

    /// The blocks that a file of `chunks` holds.
    #[must_use]
    pub fn blocks_of(&self, file: FileId) -> Range<u32> {
        let Some(table) = self.section(file.section) else {
            return 0..0;
        };
        let first = file.number.saturating_mul(table.blocks_per_file);
        first
            ..first
                .saturating_add(table.blocks_per_file)
                .min(table.blocks)
    }

    /// Whether the segment has a block.
    #[must_use]
    pub fn has(&self, block: BlockRef) -> bool {
        let Some(table) = self.section(block.id.section) else {
            return false;
        };
        if table.is_packed() {
            self.place(table, block).is_some()
        } else {
            block.id.number < table.blocks
        }
    }

    fn place(&self, table: &SectionTable, block: BlockRef) -> Option<Place> {
        let section = block.id.section;
        let number = block.id.number;
        let (position, stored) = if table.stride > 0 {
            let in_file = table.file_bytes.checked_div(table.stride)?;
            let start = (number.checked_rem(in_file)?).checked_mul(table.stride)?;
            let file = FileId {
                section,
                number: number.checked_div(in_file)?,
            };
            return (number < table.blocks).then_some(Place {
                file,
                start,
                stored: table.stride,
            });
        } else if table.lengths.0.is_empty() {
            (number, block.stored)
        } else {
            let lengths = table.lengths.0.get(..=number as usize)?;
            let (&own, before) = lengths.split_last()?;
            let mut position = 0u32;
            for &length in before.iter().chain([&own]) {
                position = start_of(position, length, table.file_bytes)?.checked_add(length)?;
            }
            (position.checked_sub(own)?, own)
        };
        let start = position.checked_rem(table.file_bytes)?;
        let fits = start.checked_add(stored)? <= table.file_bytes
            && u64::from(position) + u64::from(stored) <= table.bytes;
        (fits && stored as usize <= limits::BLOCK).then_some(Place {
            file: FileId {
                section,
                number: position.checked_div(table.file_bytes)?,
            },
            start,
            stored,
        })
    }

    /// The requests that bring these blocks, each once. Neighbours in a pack come in one request,
    /// and so do blocks with little between them. The blocks must rise.
    ///
    /// # Errors
    /// The first block that the segment does not have.
    pub fn reads(&self, blocks: &[BlockRef]) -> Result<Vec<Read>, BlockId> {
        let mut reads: Vec<Read> = Vec::new();
        for &block in blocks {
            let missing = block.id;
            let table = self.section(block.id.section).ok_or(missing)?;
            let (file, range) = if table.is_packed() {
                let place = self.place(table, block).ok_or(missing)?;
                (place.file, Some(place.start..place.start + place.stored))
            } else {
                let number = block.id.number.checked_div(table.blocks_per_file);
                let number = number.filter(|_| block.id.number < table.blocks);
                let file = FileId {
                    section: block.id.section,
                    number: number.ok_or(missing)?,
                };
                (file, None)
            };
            let start = range.as_ref().map_or(0, |range| range.start);
            let joined = reads
                .last_mut()
                .filter(|last| last.file == file)
                .filter(|last| match (&last.range, &range) {
                    (Some(last), Some(next)) => {
                        last.end <= next.start && next.start - last.end <= limits::GAP
                    }
                    (None, None) => true,
                    _ => false,
                });
            match joined {
                Some(last) => {
                    if let (Some(last), Some(next)) = (&mut last.range, &range) {
                        last.end = next.end;
                    }
                    last.blocks.push((block, start));
                }
                None => reads.push(Read {
                    file,
                    range,
                    blocks: vec![(block, start)],
                }),
            }
        }
        Ok(reads)
    }

    /// Where in the bytes of a range each of its blocks lies: id, start, stored bytes.
    pub fn places(&self, read: &Read) -> impl Iterator<Item = (BlockId, usize, u32)> {
        let table = self.section(read.file.section);
        let before = read.range.as_ref().map_or(0, |range| range.start);
        read.blocks.iter().filter_map(move |&(block, start)| {
            let place = self.place(table?, block)?;
            let start = start.checked_sub(before)? as usize;
            Some((block.id, start, place.stored))
        })
    }

    /// Cuts what a request brought into stored blocks, with their ids.
    ///
    /// # Errors
    /// [`Error::File`] if lengths and bytes do not agree; the blocks' checksums are not looked at.
    pub fn split<'a>(
        &self,
        read: &Read,
        bytes: &'a [u8],
    ) -> Result<Vec<(BlockId, &'a [u8])>, Error> {
        if read.range.is_none() {
            return split_file(self, read.file, bytes);
        }
        let mut blocks = Vec::with_capacity(read.blocks.len());
        for (id, start, stored) in self.places(read) {
            let Some(block) = bytes.get(start..start.saturating_add(stored as usize)) else {
                return Err(Error::File {
                    path: self.file_path(read.file),
                    fault: Fault::Short,
                });
            };
            blocks.push((id, block));
        }
        Ok(blocks)
    }

    /// Adds the blocks that hold `bytes` bytes of a section from `at` on: a list, or a record of a
    /// pack.
    pub fn run(&self, section: Section, at: Address, bytes: u32, out: &mut Vec<BlockRef>) {
        let packed = self.is_packed(section);
        let (payload, block) = (limits::PAYLOAD as u64, limits::BLOCK as u32);
        let end = u64::from(at.offset) + u64::from(bytes);
        let blocks = if bytes == 0 {
            0
        } else {
            end.div_ceil(payload) as u32
        };
        for next in 0..blocks {
            let left = end.saturating_sub(u64::from(next) * payload);
            let step = if packed { block } else { 1 };
            out.push(BlockRef {
                id: BlockId {
                    section,
                    number: at.block.saturating_add(next.saturating_mul(step)),
                },
                stored: if packed {
                    left.min(payload) as u32 + 4
                } else {
                    0
                },
            });
        }
    }

    /// Where the list after one of `bytes` bytes at `at` begins, if it follows it in its section.
    #[must_use]
    pub fn after(&self, section: Section, at: Address, bytes: u32) -> Address {
        if self.is_packed(section) {
            let sums = bytes.div_ceil(limits::PAYLOAD as u32).saturating_mul(4);
            let block = at.block.wrapping_add(bytes).wrapping_add(sums);
            return Address { block, offset: 0 };
        }
        let end = u64::from(at.offset) + u64::from(bytes);
        let payload = limits::PAYLOAD as u64;
        Address {
            block: at.block.wrapping_add((end / payload) as u32),
            offset: (end % payload) as u32,
        }
    }

    /// Where the later part of a list lies whose first part ends at `end`: in `chunks` it begins
    /// a block, so that it is not fetched with the first.
    #[must_use]
    pub fn late(&self, end: Address) -> Address {
        Address {
            block: end.block.wrapping_add(u32::from(end.offset > 0)),
            offset: 0,
        }
    }

    /// Adds the blocks that hold a record.
    ///
    /// # Errors
    /// [`Fault::Value`] for a record over the limit.
    pub fn record_blocks(
        &self,
        record: RecordAddress,
        out: &mut Vec<BlockRef>,
    ) -> Result<(), Fault> {
        let bytes = record.bytes as usize;
        if bytes > limits::RECORD {
            return Err(Fault::value("bytes of a record"));
        }
        let at = Address {
            block: record.block,
            offset: 0,
        };
        if self.is_packed(Section::Records) {
            self.run(Section::Records, at, record.bytes, out);
            return Ok(());
        }
        let blocks = bytes.div_ceil(limits::RECORD_BLOCK).max(1) as u32;
        for next in 0..blocks {
            let block = BlockId {
                section: Section::Records,
                number: record.block.saturating_add(next),
            };
            out.push(block.whole());
        }
        Ok(())
    }

    /// Whether a section is read by ranges.
    #[must_use]
    pub fn is_packed(&self, section: Section) -> bool {
        self.section(section).is_some_and(SectionTable::is_packed)
    }
}

/// Where a block of `length` bytes starts that follows `position`: no block lies across two files.
fn start_of(position: u32, length: u32, file_bytes: u32) -> Option<u32> {
    let start = position.checked_rem(file_bytes)?;
    if start.checked_add(length)? <= file_bytes {
        Some(position)
    } else {
        position.checked_add(file_bytes - start)
    }
}

/// Cuts a file of `chunks` into its stored blocks, with their ids.
///
/// # Errors
/// [`Error::File`] if lengths and bytes do not agree; the blocks' checksums are not looked at.
pub fn split_file<'a>(
    segment: &Segment,
    file: FileId,
    bytes: &'a [u8],
) -> Result<Vec<(BlockId, &'a [u8])>, Error> {
    let damaged = |fault| Error::File {
        path: segment.file_path(file),
        fault,
    };
    let ids = segment.blocks_of(file);
    let table = ids.len().checked_mul(4).ok_or(damaged(Fault::Short))?;
    let (lengths, mut rest) = bytes.split_at_checked(table).ok_or(damaged(Fault::Short))?;
    let mut blocks = Vec::with_capacity(ids.len());
    for (number, length) in ids.zip(lengths.as_chunks::<4>().0) {
        let length = u32::from_le_bytes(*length) as usize;
        let (block, after) = rest.split_at_checked(length).ok_or(damaged(Fault::Short))?;
        blocks.push((
            BlockId {
                section: file.section,
                number,
            },
            block,
        ));
        rest = after;
    }
    if rest.is_empty() {
        Ok(blocks)
    } else {
        Err(damaged(Fault::Long))
    }
}

#[cfg(test)]
mod tests;
