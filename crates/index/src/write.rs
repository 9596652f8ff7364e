//! Blocks to files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_format::{BlockId, FileId, FileWriter, Section, SectionTable, seal_block};
use sha2::{Digest, Sha256};

use crate::{Error, Sink};

/// Takes blocks in order and hands full files on.
pub(crate) struct Files<'s> {
    seed: u32,
    blocks_per_file: u32,
    sink: &'s mut Sink<'s>,
    hash: Sha256,
    sections: BTreeMap<Section, (FileWriter, SectionTable)>,
    files: u64,
}

impl<'s> Files<'s> {
    pub(crate) fn new(seed: u32, blocks_per_file: u32, sink: &'s mut Sink<'s>) -> Self {
        Files {
            seed,
            blocks_per_file,
            sink,
            hash: Sha256::new(),
            sections: BTreeMap::new(),
            files: 0,
        }
    }

    pub(crate) fn seed(&self) -> u32 {
        self.seed
    }

    /// Seals a payload as the next block of a section.
    pub(crate) fn block(&mut self, section: Section, payload: Vec<u8>) -> Result<(), Error> {
        let blocks_per_file = self.blocks_per_file;
        let (writer, table) = self.sections.entry(section).or_insert_with(|| {
            let table = SectionTable {
                section: section.code(),
                blocks_per_file,
                ..SectionTable::default()
            };
            (FileWriter::new(section, table.blocks_per_file), table)
        });
        let id = BlockId {
            section,
            number: table.blocks,
        };
        table.blocks += 1;
        let file = writer.push(seal_block(payload, id, self.seed));
        self.write(file)
    }

    fn write(&mut self, file: Option<(FileId, Vec<u8>)>) -> Result<(), Error> {
        let Some((id, bytes)) = file else {
            return Ok(());
        };
        let path = id.path();
        if let Some((_, table)) = self.sections.get_mut(&id.section) {
            table.bytes += bytes.len() as u64;
        }
        self.files += 1;
        self.hash.update(path.as_bytes());
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(&bytes);
        (self.sink)(&path, &bytes).map_err(|source| Error::Sink { path, source })
    }

    /// Hands on the files that are not full.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        for section in Section::ALL {
            let file = self
                .sections
                .get_mut(&section)
                .and_then(|(writer, _)| writer.flush());
            self.write(file)?;
        }
        Ok(())
    }

    pub(crate) fn tables(&self) -> Vec<SectionTable> {
        self.sections
            .values()
            .map(|(_, table)| table.clone())
            .collect()
    }

    pub(crate) fn sizes(&self) -> Vec<(Section, u64)> {
        self.sections
            .iter()
            .map(|(&section, (_, table))| (section, table.bytes))
            .collect()
    }

    /// Number of files, their bytes, and the name that their contents give the segment.
    pub(crate) fn finish(self) -> (u64, u64, String) {
        let bytes = self.sections.values().map(|(_, table)| table.bytes).sum();
        let mut name = String::new();
        for byte in self.hash.finalize().iter().take(8) {
            let _ = write!(name, "{byte:02x}");
        }
        (self.files, bytes, name)
    }
}
