//! Building again when papers change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use crate::input;

/// How long files must be quiet before a build: editors and downloads write in several steps.
const QUIET: Duration = Duration::from_millis(250);

/// What a file looked like: its length, and when it was written.
type Look = (u64, Option<SystemTime>);

/// Calls a function whenever inputs have changed, for as long as it is kept.
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher>,
}

impl Watch {
    /// Watches `inputs`. `changed` is called on a thread of its own, one call at a time.
    pub fn start(
        inputs: &[PathBuf],
        out: &Path,
        mut changed: impl FnMut() + Send + 'static,
    ) -> notify::Result<Self> {
        let (owned, out) = (inputs.to_owned(), out.to_owned());
        let mut last = look(&owned, &out);
        let mut debouncer = new_debouncer(QUIET, move |_: DebounceEventResult| {
            // Events also come when files are only read, as a build does. What counts is whether
            // the files look different.
            let now = look(&owned, &out);
            if now != last {
                last = now;
                changed();
            }
        })?;
        let mut folders = BTreeMap::new();
        for input in inputs {
            if input.is_dir() {
                folders.insert(input.as_path(), RecursiveMode::Recursive);
            } else {
                // The folder, since many programs write a file anew and rename it into place.
                let parent = input
                    .parent()
                    .filter(|parent| !parent.as_os_str().is_empty());
                folders
                    .entry(parent.unwrap_or(Path::new(".")))
                    .or_insert(RecursiveMode::NonRecursive);
            }
        }
        for (path, mode) in folders {
            debouncer.watcher().watch(path, mode)?;
        }
        Ok(Self {
            _debouncer: debouncer,
        })
    }
}

/// What the files behind the inputs look like. A file that is missing for a moment, because
/// something is just replacing it, looks like no file.
fn look(inputs: &[PathBuf], out: &Path) -> BTreeMap<PathBuf, Look> {
    let mut files = BTreeMap::new();
    for input in inputs {
        for source in input::find(std::slice::from_ref(input), out).unwrap_or_default() {
            if let Ok(metadata) = std::fs::metadata(&source.path) {
                files.insert(source.path, (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;
    use std::sync::mpsc;

    /// Long enough for any machine; only a failing test waits for it.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn changes_are_noticed_and_reading_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("papers.jsonl");
        fs::write(&file, "{}").unwrap();
        let (send, receive) = mpsc::channel();
        let watch = Watch::start(std::slice::from_ref(&file), Path::new("out"), move || {
            let _ = send.send(());
        });
        let _watch = watch.unwrap();
        fs::read(&file).unwrap();
        assert!(receive.recv_timeout(QUIET * 4).is_err());
        let other = folder.path().join("new");
        fs::write(&other, "{\"title\": \"x\"}").unwrap();
        fs::rename(&other, &file).unwrap();
        receive.recv_timeout(PATIENCE).unwrap();
    }
}
