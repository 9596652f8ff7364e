//! Scratch storage on disk: files without a name, which are gone when the program is, however it
//! ends.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use offprint_papers::{Scratch, ScratchFile};

/// Makes scratch files in a folder, or in the system's folder for such files where that one takes
/// none.
#[derive(Debug)]
pub struct DiskScratch {
    folder: PathBuf,
}

impl DiskScratch {
    /// Beside what is written to `out`, which may not exist yet: a folder for temporary files may
    /// be in memory itself, and the disk that a site goes to has room.
    pub fn beside(out: &Path) -> Self {
        let out = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
        let folder = out.ancestors().find(|folder| folder.is_dir());
        DiskScratch {
            folder: folder.map_or_else(std::env::temp_dir, Path::to_owned),
        }
    }
}

impl Scratch for DiskScratch {
    fn file(&self) -> io::Result<Box<dyn ScratchFile>> {
        let file = tempfile::tempfile_in(&self.folder).or_else(|_| tempfile::tempfile())?;
        Ok(Box::new(DiskFile(file)))
    }
}

struct DiskFile(File);

#[cfg(unix)]
impl ScratchFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut self.0, bytes)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, buffer, offset)
    }
}

// Here reading at a place moves the place that is written at.
#[cfg(windows)]
impl ScratchFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        io::Seek::seek(&mut self.0, io::SeekFrom::End(0))?;
        io::Write::write_all(&mut self.0, bytes)
    }

    fn read_at(&self, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(&self.0, buffer, offset)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset += read as u64;
            buffer = buffer.get_mut(read..).unwrap_or_default();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn files_have_no_name_and_keep_what_they_are_given() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = DiskScratch::beside(&folder.path().join("not/there/yet"));
        assert_eq!(scratch.folder, folder.path());
        let mut file = scratch.file().unwrap();
        file.append(b"one").unwrap();
        let mut buffer = [0; 2];
        file.read_at(1, &mut buffer).unwrap();
        assert_eq!(&buffer, b"ne");
        file.append(b"two").unwrap();
        file.read_at(3, &mut buffer).unwrap();
        assert_eq!(&buffer, b"tw");
        assert!(file.read_at(5, &mut buffer).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
