//! Blocks to files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_format::{
    Address, Finished, RELATED_BYTES, Section, SectionTable, SectionWriter, Shape,
};
use sha2::{Digest, Sha256};

use crate::{Error, Sink, Sizes};

/// Takes blocks in order and hands full files on.
pub(crate) struct Files<'s> {
    seed: u32,
    sizes: Sizes,
    sink: &'s mut Sink<'s>,
    hash: Sha256,
    sections: BTreeMap<Section, SectionWriter>,
    files: u64,
    /// Bytes of files that hold no blocks.
    extra_bytes: u64,
}

impl<'s> Files<'s> {
    pub(crate) fn new(seed: u32, sizes: Sizes, sink: &'s mut Sink<'s>) -> Self {
        Files {
            seed,
            sizes,
            sink,
            hash: Sha256::new(),
            sections: BTreeMap::new(),
            files: 0,
            extra_bytes: 0,
        }
    }

    pub(crate) fn seed(&self) -> u32 {
        self.seed
    }

    pub(crate) fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// Whether files are large and read by ranges.
    pub(crate) fn is_packed(&self) -> bool {
        self.sizes.file_bytes > 0
    }

    fn section(&mut self, section: Section) -> &mut SectionWriter {
        let Sizes {
            file_bytes,
            blocks_per_file,
            related_per_file,
            card_page: stride,
            ..
        } = self.sizes;
        let shape = match section {
            Section::Related if file_bytes == 0 => Shape::Chunks(related_per_file),
            _ if file_bytes == 0 => Shape::Chunks(blocks_per_file),
            Section::Terms | Section::Directory | Section::Columns | Section::Spelling => {
                Shape::Listed(file_bytes)
            }
            Section::Postings | Section::Records | Section::Positions => {
                Shape::Addressed(file_bytes)
            }
            Section::Cards => Shape::Paged { file_bytes, stride },
            Section::Ids => Shape::Paged {
                file_bytes,
                stride: crate::ids::PAGE,
            },
            Section::Related => Shape::Paged {
                file_bytes,
                stride: RELATED_BYTES as u32 + 4,
            },
        };
        let seed = self.seed;
        self.sections
            .entry(section)
            .or_insert_with(|| SectionWriter::new(section, seed, shape))
    }

    /// Adds a payload as the next block of a section; gives its number.
    pub(crate) fn block(&mut self, section: Section, payload: Vec<u8>) -> Result<u32, Error> {
        let pushed = self.section(section).push(payload);
        let (number, file) = pushed.ok_or(Error::SectionTooLarge(section.folder()))?;
        self.write(file)?;
        Ok(number)
    }

    /// Of packs: adds runs of bytes, one after the other; gives the first's address.
    pub(crate) fn runs(&mut self, section: Section, runs: &[&[u8]]) -> Result<Address, Error> {
        let pushed = self.section(section).push_runs(runs);
        let (at, file) = pushed.ok_or(Error::SectionTooLarge(section.folder()))?;
        self.write(file)?;
        Ok(at)
    }

    fn write(&mut self, file: Option<Finished>) -> Result<(), Error> {
        let Some((id, bytes)) = file else {
            return Ok(());
        };
        let path = id.path();
        self.put(path, &bytes)
    }

    fn put(&mut self, path: String, bytes: &[u8]) -> Result<(), Error> {
        self.files += 1;
        self.hash.update(path.as_bytes());
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
        (self.sink)(&path, bytes).map_err(|source| Error::Sink { path, source })
    }

    /// Hands on a file that holds no blocks.
    pub(crate) fn extra(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.extra_bytes += bytes.len() as u64;
        self.put(path.to_owned(), bytes)
    }

    /// Hands on the files of a section that are not full.
    pub(crate) fn close(&mut self, section: Section) -> Result<(), Error> {
        let file = self
            .sections
            .get_mut(&section)
            .and_then(SectionWriter::flush);
        self.write(file)
    }

    /// Hands on every file that is not full.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        Section::ALL
            .into_iter()
            .try_for_each(|section| self.close(section))
    }

    /// What the manifest says of the sections so far.
    pub(crate) fn tables(&self) -> Vec<SectionTable> {
        self.sections
            .values()
            .map(|section| section.table().clone())
            .collect()
    }

    pub(crate) fn section_bytes(&self) -> Vec<(Section, u64)> {
        self.sections
            .iter()
            .map(|(&section, writer)| (section, writer.table().bytes))
            .collect()
    }

    /// Number of files, their bytes, and the name that their contents give the segment.
    pub(crate) fn finish(self) -> (u64, u64, String) {
        let bytes: u64 = self.section_bytes().iter().map(|(_, bytes)| bytes).sum();
        let mut name = String::new();
        for byte in self.hash.finalize().iter().take(8) {
            let _ = write!(name, "{byte:02x}");
        }
        (self.files, bytes + self.extra_bytes, name)
    }
}
