//! Layouts: how blocks lie in files. The engine asks for blocks and never sees this.
//!
//! Version 1 has one layout, `chunks`: each file holds a fixed number of consecutive blocks of one
//! section and is fetched whole, so a file's address is computed from a block's number.

use crate::block::{BlockId, Section};
use crate::error::{Error, Fault};
use crate::manifest::Segment;

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
        format!("{}/{}.bin", self.section.folder(), self.number)
    }
}

impl Segment {
    /// Path of a file inside the site.
    #[must_use]
    pub fn file_path(&self, file: FileId) -> String {
        format!("segments/{}/{}", self.name, file.path())
    }

    /// The file that holds a block; nothing if the segment has no such block.
    #[must_use]
    pub fn file_of(&self, block: BlockId) -> Option<FileId> {
        let table = self.section(block.section)?;
        let number = block.number.checked_div(table.blocks_per_file)?;
        (block.number < table.blocks).then_some(FileId {
            section: block.section,
            number,
        })
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

    /// The blocks that a file holds.
    #[must_use]
    pub fn blocks_of(&self, file: FileId) -> std::ops::Range<u32> {
        let Some(table) = self.section(file.section) else {
            return 0..0;
        };
        let first = file.number.saturating_mul(table.blocks_per_file);
        first
            ..first
                .saturating_add(table.blocks_per_file)
                .min(table.blocks)
    }
}

/// Joins stored blocks to a file: the length of each (u32, little-endian), then the blocks.
#[must_use]
pub(crate) fn join_blocks(blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for block in blocks {
        out.extend_from_slice(&(block.len() as u32).to_le_bytes());
    }
    out.extend(blocks.iter().flatten());
    out
}

/// Cuts a file into its stored blocks, with their ids.
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

/// Collects the stored blocks of a section into files.
pub struct FileWriter {
    section: Section,
    per_file: u32,
    held: Vec<Vec<u8>>,
    next: u32,
}

impl FileWriter {
    /// Files of `per_file` blocks.
    #[must_use]
    pub fn new(section: Section, per_file: u32) -> Self {
        FileWriter {
            section,
            per_file: per_file.max(1),
            held: Vec::new(),
            next: 0,
        }
    }

    /// Adds the next stored block; gives a file when one is full.
    pub fn push(&mut self, block: Vec<u8>) -> Option<(FileId, Vec<u8>)> {
        self.held.push(block);
        if self.held.len() == self.per_file as usize {
            self.flush()
        } else {
            None
        }
    }

    /// The file that is not yet full, if it holds anything.
    pub fn flush(&mut self) -> Option<(FileId, Vec<u8>)> {
        if self.held.is_empty() {
            return None;
        }
        let file = FileId {
            section: self.section,
            number: self.next,
        };
        self.next += 1;
        let bytes = join_blocks(&self.held);
        self.held.clear();
        Some((file, bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::manifest::SectionTable;

    #[test]
    fn files_come_apart_as_they_were_joined() {
        let mut segment = Segment {
            name: "seg".into(),
            ..Segment::default()
        };
        segment.sections.push(SectionTable {
            section: Section::Cards.code(),
            blocks: 5,
            blocks_per_file: 2,
            bytes: 0,
        });
        let mut writer = FileWriter::new(Section::Cards, 2);
        let stored: Vec<Vec<u8>> = (0..5u8).map(|at| vec![at; usize::from(at) * 3]).collect();
        let mut files: Vec<_> = stored
            .iter()
            .filter_map(|block| writer.push(block.clone()))
            .collect();
        files.extend(writer.flush());
        assert_eq!(files.len(), 3);
        assert_eq!(
            segment.files().collect::<Vec<_>>(),
            files.iter().map(|f| f.0).collect::<Vec<_>>()
        );
        let mut seen = Vec::new();
        for (file, bytes) in &files {
            for (id, block) in split_file(&segment, *file, bytes).unwrap() {
                assert_eq!(segment.file_of(id), Some(*file));
                seen.push(block.to_vec());
            }
            for end in 0..bytes.len() {
                assert!(split_file(&segment, *file, bytes.get(..end).unwrap()).is_err());
            }
        }
        assert_eq!(seen, stored);
        assert_eq!(
            segment.file_of(BlockId {
                section: Section::Cards,
                number: 5
            }),
            None
        );
        assert_eq!(
            segment.file_of(BlockId {
                section: Section::Terms,
                number: 0
            }),
            None
        );
        assert_eq!(
            segment.file_path(FileId {
                section: Section::Cards,
                number: 2
            }),
            "segments/seg/c/2.bin"
        );
    }
}
