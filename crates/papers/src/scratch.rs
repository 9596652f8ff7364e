//! Storage for what does not fit into memory while an index is built.
//!
//! This crate opens no file: whoever calls it brings a [`Scratch`]. [`MemoryScratch`] will do for
//! few papers.

use std::io;
use std::sync::Arc;

/// Gives out files that nobody else sees and that are gone once dropped.
pub trait Scratch: Send + Sync {
    /// A new, empty file.
    ///
    /// # Errors
    /// What the storage says.
    fn file(&self) -> io::Result<Box<dyn ScratchFile>>;
}

/// Bytes that are written once, one after the other, and read anywhere.
pub trait ScratchFile: Send + Sync {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// What the storage says.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// What the storage says, or [`io::ErrorKind::UnexpectedEof`] if there are fewer.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

/// Scratch storage in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryScratch;

impl Scratch for MemoryScratch {
    fn file(&self) -> io::Result<Box<dyn ScratchFile>> {
        Ok(Box::new(MemoryFile(Vec::new())))
    }
}

struct MemoryFile(Vec<u8>);

impl ScratchFile for MemoryFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(buffer.len());
        let bytes = self.0.get(start..end).ok_or_else(short)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

fn short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "scratch storage lost bytes")
}

/// What scratch storage gave back is not what was written.
pub(crate) fn garbled() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "scratch storage was changed")
}

/// A scratch file with a buffer in front of it, made when the first byte comes.
pub struct Spool {
    scratch: Arc<dyn Scratch>,
    file: Option<Box<dyn ScratchFile>>,
    /// Bytes in the file.
    written: u64,
    buffer: Vec<u8>,
}

/// Bytes that are held back before they are written.
const BUFFER: usize = 1 << 18;

impl Spool {
    /// An empty one.
    #[must_use]
    pub fn new(scratch: Arc<dyn Scratch>) -> Self {
        Spool {
            scratch,
            file: None,
            written: 0,
            buffer: Vec::new(),
        }
    }

    /// Bytes so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Whether nothing was added yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds bytes and gives the place of the first.
    ///
    /// # Errors
    /// What the storage says.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        if self.buffer.len() + bytes.len() > BUFFER {
            self.flush()?;
        }
        let at = self.len();
        if bytes.len() > BUFFER {
            self.file()?.append(bytes)?;
            self.written += bytes.len() as u64;
        } else {
            self.buffer.extend_from_slice(bytes);
        }
        Ok(at)
    }

    fn file(&mut self) -> io::Result<&mut Box<dyn ScratchFile>> {
        match &mut self.file {
            Some(file) => Ok(file),
            none => Ok(none.insert(self.scratch.file()?)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let buffer = std::mem::take(&mut self.buffer);
        self.file()?.append(&buffer)?;
        self.written += buffer.len() as u64;
        self.buffer = buffer;
        self.buffer.clear();
        Ok(())
    }

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// What the storage says.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let filed = self.written.saturating_sub(offset).min(buffer.len() as u64) as usize;
        let (old, new) = buffer.split_at_mut(filed);
        if !old.is_empty() {
            self.file.as_ref().ok_or_else(short)?.read_at(offset, old)?;
        }
        let start = (offset + filed as u64).saturating_sub(self.written) as usize;
        let end = start.saturating_add(new.len());
        new.copy_from_slice(self.buffer.get(start..end).ok_or_else(short)?);
        Ok(())
    }

    /// The `length` bytes from `offset` on.
    ///
    /// # Errors
    /// What the storage says.
    pub fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.read_at(offset, &mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_added_comes_back_from_file_and_buffer() {
        let mut spool = Spool::new(Arc::new(MemoryScratch));
        let mut all = Vec::new();
        for at in 0..40u8 {
            let piece = vec![at; usize::from(at) * 3001];
            assert_eq!(spool.append(&piece).unwrap(), all.len() as u64);
            all.extend(piece);
        }
        let large = vec![7; BUFFER + 1];
        spool.append(&large).unwrap();
        all.extend(large);
        spool.append(b"end").unwrap();
        all.extend(b"end");
        assert_eq!(spool.len(), all.len() as u64);
        for (start, length) in [(0, all.len()), (all.len() - 5, 5), (100_000, 400_000)] {
            assert_eq!(
                spool.read(start as u64, length).unwrap(),
                all.get(start..start + length).unwrap()
            );
        }
        assert!(spool.read(all.len() as u64, 1).is_err());
        assert!(spool.read(all.len() as u64, 0).unwrap().is_empty());
    }
}
