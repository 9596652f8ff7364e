//! One build at a time into a folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;

/// Name of the lock file. It is there only while a build runs, or after one was killed.
pub const NAME: &str = ".offprint-lock";

/// Times a lock file may vanish under us before we give up.
const ATTEMPTS: usize = 16;

/// The right to write into a folder, given back when dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    // Open for as long as the lock is held.
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`; `None` if another process holds it.
    pub fn take(folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(NAME);
        for _ in 0..ATTEMPTS {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // The holder before us removes the file. If that happened between our opening and our
            // locking it, we hold a file nobody else can see: try again with the next one.
            let ours = Handle::from_file(file.try_clone()?)?;
            match Handle::from_path(&path) {
                Ok(there) if there == ours => return Ok(Some(Self { path, _file: file })),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // If it cannot be removed it stays as an empty file, which the next build takes over.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn excludes_and_gives_back() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap().unwrap();
        assert!(Lock::take(folder.path()).unwrap().is_none());
        drop(lock);
        assert!(!folder.path().join(NAME).exists());
        assert!(Lock::take(folder.path()).unwrap().is_some());
    }

    #[test]
    fn a_killed_builds_file_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), b"").unwrap();
        assert!(Lock::take(folder.path()).unwrap().is_some());
    }
}
