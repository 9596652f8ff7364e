//! Writing a site so that an interrupted build never leaves a broken one.
//!
//! Everything is first written under a temporary name inside the site's folder. When all of it is
//! there, the content-addressed folders are moved to their places, where nothing refers to them
//! yet; then the list of files; then, one after the other, the files that keep their names, the
//! manifest last. Only then are builds removed that are too old to keep.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use offprint_format::Manifest;
use tempfile::TempDir;

use crate::error::{Failure, Result};
use crate::files;
use crate::history::{
    self, HASHED_FOLDERS, History, MANIFEST, hashed_folder, in_switching_order, is_hash_name,
    keeps_name,
};
use crate::lock::{self, Lock};
use crate::offline::{self, SegmentFile, SegmentSize};
use crate::sums::{self, Sums};

/// What temporary names in a site's folder begin with.
pub const TEMPORARY: &str = ".offprint-tmp-";
/// Tells GitHub Pages to serve the files as they are.
const NO_JEKYLL: &str = ".nojekyll";

/// Digits of a digest in the list of a segment's files: it is there to notice accidents.
const LISTED_DIGITS: usize = 12;

/// Where the segment lies among the temporary files until its name is known.
const UNNAMED: &str = "segments/unnamed";

/// A site that is being written.
#[derive(Debug)]
pub struct Draft {
    root: PathBuf,
    // Before the lock, so that it is removed while the lock is still held.
    staging: TempDir,
    _lock: Lock,
    history: History,
    // Builds that were interrupted before they became current.
    unfinished: Vec<Sums>,
    digests: BTreeMap<String, String>,
    bytes: u64,
}

/// What a finished build left in its folder.
#[derive(Debug)]
pub struct Finished {
    /// The build's id.
    pub id: String,
    /// Files of this build, its list included.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Earlier builds whose files are still there.
    pub kept: usize,
    /// Earlier builds whose files were removed.
    pub removed: usize,
}

/// Where a build puts its files.
pub trait Target {
    /// Adds a file of the build.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Adds a file of the segment, whose name is known only when all its files are out.
    fn put_in_segment(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Names the segment.
    fn name_segment(&mut self, name: &str) -> Result<()>;
    /// Adds a list of its files to each segment; gives what they come to, where such lists are of use.
    fn list_segments(&mut self) -> Result<Vec<SegmentSize>> {
        Ok(Vec::new())
    }
    /// Puts everything in its place and removes all but the `keep` builds before this one.
    fn finish(self: Box<Self>, keep: usize) -> Result<Finished>;
}

impl Target for Draft {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        Self::put(self, path, bytes)
    }

    fn put_in_segment(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        Self::put_in_segment(self, path, bytes)
    }

    fn name_segment(&mut self, name: &str) -> Result<()> {
        Self::name_segment(self, name)
    }

    fn list_segments(&mut self) -> Result<Vec<SegmentSize>> {
        Self::list_segments(self)
    }

    fn finish(self: Box<Self>, keep: usize) -> Result<Finished> {
        Self::finish(*self, keep)
    }
}

impl Draft {
    /// Takes the folder `root` for a build: makes it if need be, takes its lock, and removes what
    /// killed builds left. A folder with other things in it is refused unless `force`.
    pub fn open(root: &Path, force: bool) -> Result<Self> {
        fs::create_dir_all(root).map_err(Failure::io("make the folder", root))?;
        let history = History::read(root)?;
        if history.is_empty() && !force {
            refuse_foreign(root)?;
        }
        let lock = Lock::take(root)
            .map_err(Failure::io("lock", root))?
            .ok_or_else(|| {
                Failure::advice(
                    format!("another build is writing into {}", root.display()),
                    "wait until it is done, or give this one another folder with --out",
                )
            })?;
        // Read again: what was read before the lock may be of another build by now.
        let mut history = History::read(root)?;
        let unfinished = history.drop_unfinished(root)?;
        remove_leftovers(root)?;
        let staging = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(root)
            .map_err(Failure::io("write into", root))?;
        Ok(Self {
            root: root.to_owned(),
            staging,
            _lock: lock,
            history,
            unfinished,
            digests: BTreeMap::new(),
            bytes: 0,
        })
    }

    /// Adds a file of the build. It shows in the site once [`Draft::finish`] is through.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if !sums::is_site_path(path) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("bad path {path:?}"),
            ));
        }
        let full = self.staging.path().join(path);
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&full, bytes)?;
        self.bytes += bytes.len() as u64;
        self.digests.insert(path.to_owned(), sums::digest(bytes));
        Ok(())
    }

    /// Adds a file of the segment, whose name is known only when all its files are out.
    pub fn put_in_segment(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.put(&format!("{UNNAMED}/{path}"), bytes)
    }

    /// Names the segment.
    pub fn name_segment(&mut self, name: &str) -> Result<()> {
        let staging = self.staging.path();
        let named = format!("segments/{name}");
        let target = staging.join(&named);
        fs::rename(staging.join(UNNAMED), &target).map_err(Failure::io("write", &target))?;
        self.digests = std::mem::take(&mut self.digests)
            .into_iter()
            .map(|(path, digest)| match path.strip_prefix(UNNAMED) {
                Some(rest) => (format!("{named}{rest}"), digest),
                None => (path, digest),
            })
            .collect();
        Ok(())
    }

    /// Adds to each segment the list of its files, and gives what the segments come to.
    pub fn list_segments(&mut self) -> Result<Vec<SegmentSize>> {
        let mut segments: BTreeMap<String, Vec<SegmentFile>> = BTreeMap::new();
        for (path, digest) in &self.digests {
            let inside = hashed_folder(path).and_then(|folder| folder.strip_prefix("segments/"));
            let Some(name) = inside else { continue };
            let full = self.staging.path().join(path);
            let bytes = fs::metadata(&full).map_err(Failure::io("read", &full))?;
            let digest = digest.get(..LISTED_DIGITS).unwrap_or(digest);
            let below = path.split('/').skip(2).collect::<Vec<_>>().join("/");
            let file = SegmentFile(below, bytes.len(), digest.to_owned());
            segments.entry(name.to_owned()).or_default().push(file);
        }
        let mut sizes = Vec::new();
        for (name, files) in segments {
            let path = format!("segments/{name}/{}", offline::FILES);
            serde_json::to_vec(&files)
                .map_err(io::Error::from)
                .and_then(|list| self.put(&path, &list))
                .map_err(Failure::io("write", &self.root.join(&path)))?;
            sizes.push(SegmentSize {
                name,
                files: files.len(),
                bytes: files.iter().map(|file| file.1).sum(),
            });
        }
        Ok(sizes)
    }

    /// Puts everything in its place and removes all but the `keep` builds before this one.
    pub fn finish(mut self, keep: usize) -> Result<Finished> {
        let sums = self.list_files();
        let text = sums.to_text();
        self.put(&sums.path(), text.as_bytes())
            .map_err(Failure::io("write", &self.root))?;
        let paths: Vec<&str> = self.digests.keys().map(String::as_str).collect();
        files::sync_files(self.staging.path(), &paths).map_err(Failure::io("write", &self.root))?;
        self.place_folders()?;
        self.place(&sums.path())?;
        files::sync_folder(&self.root).map_err(Failure::io("write", &self.root))?;
        for name in in_switching_order(self.digests.keys()) {
            self.place(name)?;
        }
        files::sync_folder(&self.root).map_err(Failure::io("write", &self.root))?;
        let no_jekyll = self.root.join(NO_JEKYLL);
        if !no_jekyll.exists() {
            fs::write(&no_jekyll, b"").map_err(Failure::io("write", &no_jekyll))?;
        }
        let (kept, removed) = self.prune(&sums, keep)?;
        Ok(Finished {
            id: sums.id(),
            files: self.digests.len(),
            bytes: self.bytes,
            kept,
            removed,
        })
    }

    /// The list of this build. Building the current build again does not count as another build,
    /// so that the folder stays the same to the byte.
    fn list_files(&self) -> Sums {
        let newest = self.history.builds.first();
        let mut sums = Sums {
            sequence: self.history.next_sequence(),
            files: self.digests.clone(),
        };
        if let Some(same) = newest.filter(|newest| newest.files == sums.files) {
            sums.sequence = same.sequence;
        }
        sums
    }

    /// Moves the content-addressed folders to their places.
    fn place_folders(&self) -> Result<()> {
        let folders: BTreeSet<&str> = self
            .digests
            .keys()
            .filter_map(|path| hashed_folder(path))
            .collect();
        for folder in folders {
            let target = self.root.join(folder);
            if target.exists() {
                // It should hold the same already; if it is damaged this mends it file by file.
                let inside = format!("{folder}/");
                for path in self.digests.keys().filter(|path| path.starts_with(&inside)) {
                    self.place(path)?;
                }
            } else {
                let source = self.staging.path().join(folder);
                move_to(&source, &target)?;
            }
        }
        Ok(())
    }

    /// Moves one file to its place, unless it is there already.
    fn place(&self, path: &str) -> Result<()> {
        let source = self.staging.path().join(path);
        let target = self.root.join(path);
        let bytes = fs::read(&source).map_err(Failure::io("read", &source))?;
        if files::holds(&target, &bytes).map_err(Failure::io("read", &target))? {
            return Ok(());
        }
        move_to(&source, &target)
    }

    /// Removes the files of builds that are not kept. Gives how many builds are, and are not.
    fn prune(&self, current: &Sums, keep: usize) -> Result<(usize, usize)> {
        let id = current.id();
        let mut earlier: Vec<&Sums> = self
            .history
            .builds
            .iter()
            .filter(|sums| sums.id() != id)
            .collect();
        let old = earlier.split_off(keep.min(earlier.len()));
        let needed = history::paths(earlier.iter().copied().chain([current]));
        let unfinished = self.unfinished.iter().filter(|sums| sums.id() != id);
        let mut unneeded = history::paths(old.iter().copied().chain(unfinished));
        // A damaged list says nothing that can be relied on; what it named is found below.
        unneeded.extend(self.history.damaged.iter().map(|(path, _)| path.clone()));
        for path in unneeded
            .difference(&needed)
            .filter(|path| !keeps_name(path))
        {
            files::remove(&self.root.join(path))?;
        }
        self.remove_dropped(current)?;
        for parent in HASHED_FOLDERS {
            for name in files::folders(&self.root, parent)? {
                let folder = format!("{parent}/{name}");
                let inside = format!("{folder}/");
                if is_hash_name(&name) && !needed.iter().any(|path| path.starts_with(&inside)) {
                    let full = self.root.join(&folder);
                    fs::remove_dir_all(&full).map_err(Failure::io("remove", &full))?;
                }
            }
        }
        Ok((earlier.len(), old.len()))
    }

    /// Removes files that keep their names and that earlier builds had and this one has not. One
    /// that has changed since is the site owner's by now.
    fn remove_dropped(&self, current: &Sums) -> Result<()> {
        for earlier in self.history.builds.iter().chain(&self.unfinished) {
            for (path, digest) in &earlier.files {
                if !keeps_name(path) || current.files.contains_key(path) {
                    continue;
                }
                let full = self.root.join(path);
                if fs::read(&full).is_ok_and(|bytes| sums::digest(&bytes) == *digest) {
                    files::remove(&full)?;
                }
            }
        }
        Ok(())
    }
}

/// Renames within the site's folder, making the folder it goes to.
fn move_to(source: &Path, target: &Path) -> Result<()> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(Failure::io("make the folder", folder))?;
    fs::rename(source, target).map_err(Failure::io("write", target))?;
    files::sync_folder(folder).map_err(Failure::io("write", folder))
}

/// Fails where `root` holds anything but what a killed first build may have left.
fn refuse_foreign(root: &Path) -> Result<()> {
    let mut foreign = None;
    for entry in fs::read_dir(root).map_err(Failure::io("list", root))? {
        let name = entry.map_err(Failure::io("list", root))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name == lock::NAME || name.starts_with(TEMPORARY) || name == MANIFEST && is_index(root) {
            return Ok(());
        }
        foreign = Some(name);
    }
    let Some(name) = foreign else { return Ok(()) };
    Err(Failure::advice(
        format!(
            "{} is not empty and holds no Offprint site (it has {name:?}, for one)",
            root.display()
        ),
        "give an empty or new folder with --out, or add --force to write the site beside what is \
         there",
    ))
}

/// Whether the manifest in `root` is one of ours, sound or not: of a site that lost its lists.
fn is_index(root: &Path) -> bool {
    let bytes = fs::read(root.join(MANIFEST)).unwrap_or_default();
    !matches!(
        Manifest::from_bytes(&bytes),
        Err(offprint_format::Error::NotAManifest)
    )
}

/// Removes the temporary folders of killed builds. Called with the lock held, so none is in use.
fn remove_leftovers(root: &Path) -> Result<()> {
    for entry in fs::read_dir(root).map_err(Failure::io("list", root))? {
        let entry = entry.map_err(Failure::io("list", root))?;
        if !entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            continue;
        }
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_folder {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(Failure::io("remove", &path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
