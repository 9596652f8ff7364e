//! Lists that do not stand inline, and runs of positions, laid into blocks.

use offprint_format::{Address, Section, limits};

use crate::Error;
use crate::write::Files;

/// Lays lists one after the other. A list over the target gets blocks of its own.
pub(crate) struct ListWriter<'f, 's> {
    files: &'f mut Files<'s>,
    section: Section,
    /// A block is closed when it holds so many bytes.
    target: usize,
    open: Vec<u8>,
    next_block: u32,
}

impl<'f, 's> ListWriter<'f, 's> {
    pub(crate) fn new(files: &'f mut Files<'s>, section: Section, target: usize) -> Self {
        ListWriter {
            files,
            section,
            target,
            open: Vec::new(),
            next_block: 0,
        }
    }

    /// Adds a list and gives its address.
    pub(crate) fn put(&mut self, list: &[u8]) -> Result<Address, Error> {
        if self.files.is_packed() {
            return self.files.runs(self.section, &[list]);
        }
        if self.open.len() + list.len() > self.target {
            self.flush()?;
        }
        let at = Address {
            block: self.next_block,
            offset: self.open.len() as u32,
        };
        if list.len() > self.target {
            self.own_blocks(list)?;
        } else {
            self.open.extend_from_slice(list);
        }
        Ok(at)
    }

    /// Adds a list with its expansions and what comes later of it; gives the first's address, from
    /// which the others' follow. Those may be empty.
    pub(crate) fn put_split(
        &mut self,
        first: &[u8],
        expanded: &[u8],
        late: &[u8],
    ) -> Result<Address, Error> {
        if self.files.is_packed() {
            return self.files.runs(self.section, &[first, expanded, late]);
        }
        let first = &[first, expanded].concat();
        if late.is_empty() {
            return self.put(first);
        }
        self.flush()?;
        let at = Address {
            block: self.next_block,
            offset: 0,
        };
        self.own_blocks(first)?;
        self.own_blocks(late)?;
        Ok(at)
    }

    fn own_blocks(&mut self, list: &[u8]) -> Result<(), Error> {
        for piece in list.chunks(limits::PAYLOAD) {
            self.open = piece.to_vec();
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        if !self.open.is_empty() {
            self.files
                .block(self.section, std::mem::take(&mut self.open))?;
            self.next_block += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.flush()?;
        self.files.close(self.section)
    }
}
