//! The builds that a site's folder holds, as its lists of files name them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::error::{Failure, Result};
use crate::files;
use crate::sums::{self, Sums, SumsError};

/// The last files to be switched over to a new build, in this order.
const SWITCHED: [&str; 3] = ["offprint.js", "index.html", MANIFEST];
/// The file that names the current segments.
pub const MANIFEST: &str = "manifest.bin";
/// Folders that hold one folder per content hash.
pub const HASHED_FOLDERS: [&str; 2] = ["client", "segments"];

/// What the lists in a site's folder say.
#[derive(Debug, Default)]
pub struct History {
    /// Builds whose list is sound, newest first.
    pub builds: Vec<Sums>,
    /// Lists that are not sound: path in the site, and what is wrong.
    pub damaged: Vec<(String, SumsError)>,
}

impl History {
    /// Reads every list of the site at `root`. A folder without lists has an empty history.
    pub fn read(root: &Path) -> Result<Self> {
        let mut history = Self::default();
        for path in files::list(root, sums::FOLDER)? {
            let Some(name) = path
                .strip_prefix("builds/")
                .filter(|name| !name.contains('/') && name.ends_with(".sums"))
            else {
                continue;
            };
            let full = root.join(&path);
            let bytes = fs::read(&full).map_err(Failure::io("read", &full))?;
            match Sums::parse(name, &bytes) {
                Ok(sums) => history.builds.push(sums),
                Err(error) => history.damaged.push((path, error)),
            }
        }
        // Two builds never share a number unless someone merged two sites; the id then decides.
        history
            .builds
            .sort_by_cached_key(|sums| (sums.sequence, sums.id()));
        history.builds.reverse();
        Ok(history)
    }

    /// Number for the next build.
    pub fn next_sequence(&self) -> u64 {
        self.builds
            .first()
            .map_or(1, |newest| newest.sequence.saturating_add(1))
    }

    /// Whether there was ever a build.
    pub fn is_empty(&self) -> bool {
        self.builds.is_empty() && self.damaged.is_empty()
    }

    /// Drops the builds that never came to be current because they were interrupted, and gives
    /// them: those newer than the one that the manifest on disk belongs to. Where the manifest
    /// belongs to none, nothing is dropped.
    pub fn drop_unfinished(&mut self, root: &Path) -> Result<Vec<Sums>> {
        let path = root.join(MANIFEST);
        let manifest = match fs::read(&path) {
            Ok(bytes) => sums::digest(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::io("read", &path)(error)),
        };
        let current = self
            .builds
            .iter()
            .position(|sums| sums.files.get(MANIFEST) == Some(&manifest));
        Ok(self.builds.drain(..current.unwrap_or(0)).collect())
    }
}

/// Every path that any of `builds` names, the lists themselves included.
pub fn paths<'a>(builds: impl IntoIterator<Item = &'a Sums>) -> BTreeSet<String> {
    builds
        .into_iter()
        .flat_map(|sums| sums.files.keys().cloned().chain([sums.path()]))
        .collect()
}

/// The content-addressed folder that `path` lies in, such as `segments/0f3a`.
pub fn hashed_folder(path: &str) -> Option<&str> {
    let (first, rest) = path.split_once('/')?;
    let (hash, _) = rest.split_once('/')?;
    HASHED_FOLDERS
        .contains(&first)
        .then(|| path.get(..first.len() + 1 + hash.len()))?
}

/// Whether a file keeps its name from build to build, so that a new build's takes its place.
pub fn keeps_name(path: &str) -> bool {
    hashed_folder(path).is_none() && !path.starts_with("builds/")
}

/// Those of `paths` that keep their names, in the order in which they are switched over. The
/// manifest is last: it makes a build the current one.
pub fn in_switching_order<'a>(paths: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = paths
        .map(String::as_str)
        .filter(|path| keeps_name(path))
        .collect();
    kept.sort_by_key(|path| {
        (
            SWITCHED
                .iter()
                .position(|last| last == path)
                .map_or(0, |at| at + 1),
            *path,
        )
    });
    kept
}

/// Whether a folder's name looks like one of ours: a hash in hexadecimal digits.
pub fn is_hash_name(name: &str) -> bool {
    (8..=64).contains(&name.len()) && sums::is_hex(name, name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_switched_last() {
        let paths = [
            "manifest.bin",
            "client/0f/a.js",
            "index.html",
            "sw.js",
            "offprint.js",
            "a.svg",
        ]
        .map(str::to_owned);
        let order = in_switching_order(paths.iter());
        assert_eq!(
            order,
            [
                "a.svg",
                "sw.js",
                "offprint.js",
                "index.html",
                "manifest.bin"
            ]
        );
    }

    #[test]
    fn hashed_folders() {
        assert_eq!(
            hashed_folder("segments/0f3a/t/0.bin"),
            Some("segments/0f3a")
        );
        assert_eq!(hashed_folder("client/0f3a/page.css"), Some("client/0f3a"));
        assert_eq!(hashed_folder("builds/0f3a.sums"), None);
        assert_eq!(hashed_folder("client/readme"), None);
        assert_eq!(hashed_folder("index.html"), None);
    }
}
