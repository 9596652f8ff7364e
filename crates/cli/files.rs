//! Small helpers around the file system.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use walkdir::WalkDir;

use crate::error::{Failure, Result};

/// A file's bytes, or those of a range of it.
pub fn read(path: &Path, range: Option<Range<u32>>) -> io::Result<Vec<u8>> {
    let Some(range) = range else {
        return fs::read(path);
    };
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start.into()))?;
    let mut bytes = vec![0; range.len()];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Threads that wait for the disk at the same time, where files are synced one by one.
#[cfg(not(target_os = "linux"))]
const SYNCING: usize = 16;

/// Makes the files `paths` inside `root` survive a loss of power. An index has tens of thousands
/// of files, and waiting for the disk once for each takes minutes, so Linux is asked once for all.
#[cfg(target_os = "linux")]
pub fn sync_files(root: &Path, _: &[&str]) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(root)?)?)
}

/// Makes the files `paths` inside `root` survive a loss of power.
#[cfg(not(target_os = "linux"))]
pub fn sync_files(root: &Path, paths: &[&str]) -> io::Result<()> {
    let sync = |path: &&str| {
        File::options()
            .write(true)
            .open(root.join(path))?
            .sync_all()
    };
    std::thread::scope(|scope| {
        let share = paths.len().div_ceil(SYNCING).max(1);
        let threads: Vec<_> = paths
            .chunks(share)
            .map(|paths| scope.spawn(move || paths.iter().try_for_each(sync)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("a thread failed")))
        })
    })
}

/// Makes renames inside `folder` survive a loss of power, where the system has a way to.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Whether the file holds just these bytes. A file that is not there does not.
pub fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(there) if there.is_file() && there.len() == bytes.len() as u64 => {
            Ok(fs::read(path)? == bytes)
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Every file under `root`/`folder` as a path relative to `root` with `/` between its parts,
/// sorted. A folder that is not there holds none.
pub fn list(root: &Path, folder: &str) -> Result<Vec<String>> {
    let start = root.join(folder);
    if !start.exists() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in WalkDir::new(&start).sort_by_file_name() {
        let entry = entry.map_err(|error| Failure::io("list", &start)(error.into()))?;
        if !entry.file_type().is_dir() {
            paths.push(relative(root, entry.path()));
        }
    }
    Ok(paths)
}

/// `path` inside `root`, with `/` between its parts on every system.
fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside
        .components()
        .map(|c| c.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// Names of the folders directly inside `root`/`folder`, sorted.
pub fn folders(root: &Path, folder: &str) -> Result<Vec<String>> {
    let start = root.join(folder);
    let entries = match fs::read_dir(&start) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io("list", &start)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Failure::io("list", &start))?;
        if entry
            .file_type()
            .map_err(Failure::io("look at", &entry.path()))?
            .is_dir()
        {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Removes a file; one that is already gone is fine.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}
