//! A folder of static files as a test host serves it.

use flate2::{Compression, GzBuilder};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// One file of a site.
pub struct Stored {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// `Content-Type`, from the name's ending.
    pub content_type: &'static str,
    /// The bytes as `gzip -9` makes them, for the types a usual host compresses.
    pub gzip: Option<Vec<u8>>,
}

impl Stored {
    /// Wraps bytes that are served under `name`.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let (content_type, compressed) = content_type(name);
        let gzip = compressed.then(|| gzip(&bytes));
        Self {
            bytes,
            content_type,
            gzip,
        }
    }

    /// The bytes this file counts for: compressed where a host compresses, as stored otherwise.
    pub fn counted(&self) -> u64 {
        self.gzip.as_ref().map_or(self.bytes.len(), Vec::len) as u64
    }
}

/// A site's folder. Files are read once, so many hosts can serve one site cheaply.
pub struct Site {
    root: PathBuf,
    files: Mutex<HashMap<String, Option<Arc<Stored>>>>,
}

impl Site {
    /// The site in that folder.
    pub fn new(root: impl Into<PathBuf>) -> Arc<Self> {
        Arc::new(Self {
            root: root.into(),
            files: Mutex::default(),
        })
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every file's path below the site, in order.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .map(|e| e.path())
            {
                match path.strip_prefix(&self.root).ok().and_then(Path::to_str) {
                    _ if path.is_dir() => folders.push(path),
                    Some(below) => found.push(below.to_owned()),
                    None => {}
                }
            }
        }
        found.sort();
        found
    }

    /// The file at a path below the site; a folder answers with its `index.html`.
    pub fn file(&self, path: &str) -> Option<Arc<Stored>> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files
            .entry(path.to_owned())
            .or_insert_with(|| self.read(path))
            .clone()
    }

    fn read(&self, path: &str) -> Option<Arc<Stored>> {
        let relative = Path::new(path);
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return None;
        }
        let mut file = self.root.join(relative);
        if file.is_dir() {
            file = file.join("index.html");
        }
        let name = file.file_name()?.to_str()?.to_owned();
        let bytes = std::fs::read(&file).ok()?;
        Some(Arc::new(Stored::new(&name, bytes)))
    }
}

/// `gzip -9` without name and time.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

/// The type a usual host sends, and whether it compresses that type.
fn content_type(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => ("text/html; charset=utf-8", true),
        Some("js" | "mjs") => ("text/javascript; charset=utf-8", true),
        Some("css") => ("text/css; charset=utf-8", true),
        Some("svg") => ("image/svg+xml", true),
        Some("json") => ("application/json", false),
        Some("webmanifest") => ("application/manifest+json", false),
        Some("png") => ("image/png", false),
        Some("ico") => ("image/vnd.microsoft.icon", false),
        Some("txt" | "sums") => ("text/plain; charset=utf-8", false),
        Some("xml") => ("application/xml", false),
        _ => ("application/octet-stream", false),
    }
}
