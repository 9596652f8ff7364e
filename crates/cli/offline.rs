//! What a page needs in order to keep its collection for use without a network.
//!
//! `segments/NAME/files.json` lists the files of a segment; only pages that keep it load that.
//! `offline.json` names the build, lists the files of its page, and says what its segments come to.
//! The build's name stands in the addresses of those files that keep their names, too, so that a
//! page never gets such a file of another build.

use std::borrow::Cow;
use std::path::Path;

use serde::Serialize;

use crate::client::{self, About};
use crate::error::{Failure, Result};
use crate::history::MANIFEST;
use crate::site::Target;
use crate::sums;

/// The list of a segment's files, in its folder.
pub const FILES: &str = "files.json";
/// The list of a build's page.
const LIST: &str = "offline.json";
/// Digits that name a build in addresses.
const NAME_LENGTH: usize = 16;

/// A file of a segment: path in the segment's folder, bytes, first digits of its SHA-256.
#[derive(Debug, Serialize)]
pub struct SegmentFile(pub String, pub u64, pub String);

/// What a segment comes to, without its list.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct SegmentSize {
    /// Its name.
    pub name: String,
    /// Its files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// `offline.json`.
#[derive(Debug, Serialize)]
struct List<'a> {
    build: &'a str,
    /// Path in the site, bytes, SHA-256. Of the page itself, into which hosts put things, none.
    shell: Vec<(&'a str, usize, String)>,
    segments: Vec<SegmentSize>,
}

/// Adds page and client to a build whose index is there, and the lists; gives their bytes.
pub fn put_client(
    draft: &mut dyn Target,
    root: &Path,
    about: &About<'_>,
    manifest: &[u8],
) -> Result<u64> {
    let segments = draft.list_segments()?;
    // A name that depends on everything, in the files that will hold it too.
    let unnamed = client::files(&About {
        build: "",
        ..*about
    })?;
    if unnamed.is_empty() {
        return Ok(0);
    }
    let build = name(&unnamed, manifest);
    let files = client::files(&About {
        build: &build,
        ..*about
    })?;
    let list = List {
        build: &build,
        shell: shell(&files, manifest),
        segments,
    };
    let list = serde_json::to_vec(&list)
        .map_err(std::io::Error::from)
        .map_err(Failure::io("write", &root.join(LIST)))?;
    let list = [(LIST.to_owned(), Cow::Owned(list))];
    let mut bytes = 0;
    for (path, content) in files.iter().chain(&list) {
        draft
            .put(path, content)
            .map_err(Failure::io("write", &root.join(path)))?;
        bytes += content.len() as u64;
    }
    Ok(bytes)
}

type Placed<'a> = (String, Cow<'a, [u8]>);

fn name(files: &[Placed<'_>], manifest: &[u8]) -> String {
    let digests: Vec<String> = files
        .iter()
        .map(|(path, content)| format!("{}  {path}\n", sums::digest(content)))
        .chain([sums::digest(manifest)])
        .collect();
    let mut name = sums::digest(digests.concat().as_bytes());
    name.truncate(NAME_LENGTH);
    name
}

/// What a page needs to start and to work: itself, its scripts and styles, and the manifest.
fn shell<'a>(files: &'a [Placed<'_>], manifest: &[u8]) -> Vec<(&'a str, usize, String)> {
    let page = files.iter().find(|(path, _)| path == "index.html");
    let page = page.map_or_else(Cow::default, |(_, content)| {
        String::from_utf8_lossy(content)
    });
    let needed = |path: &str| match path {
        "index.html" | "offprint.js" => true,
        // The page names the language that it is in.
        _ if path.contains("/lang-") => page.contains(path),
        // Icons are for systems that install the page, which keep them; copies of the scripts of
        // this folder are for pages of others.
        _ if ["/icon-", "/offprint.js", "/headless.js"]
            .iter()
            .any(|other| path.contains(other)) =>
        {
            false
        }
        _ => path.starts_with("client/"),
    };
    let of = |path: &'a str, content: &[u8]| {
        let digest = match path {
            "index.html" => String::new(),
            _ => sums::digest(content),
        };
        (path, content.len(), digest)
    };
    files
        .iter()
        .filter(|(path, _)| needed(path))
        .map(|(path, content)| of(path, content))
        .chain([of(MANIFEST, manifest)])
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn files(script: &'static str) -> Vec<Placed<'static>> {
        [
            ("client/0f/engine.js", "1"),
            ("client/0f/icon-192.png", "2"),
            ("client/0f/lang-ar.js", "5"),
            ("client/0f/lang-de.js", "6"),
            ("client/0f/offprint.js", "7"),
            ("index.html", "client/0f/lang-de.js"),
            ("offprint.js", script),
            ("sw.js", "4"),
        ]
        .map(|(path, text)| (path.to_owned(), Cow::Borrowed(text.as_bytes())))
        .into()
    }

    #[test]
    fn the_name_depends_on_every_file() {
        let first = name(&files("a"), b"m");
        assert!(sums::is_hex(&first, NAME_LENGTH), "{first}");
        assert_eq!(first, name(&files("a"), b"m"));
        assert_ne!(first, name(&files("b"), b"m"));
        assert_ne!(first, name(&files("a"), b"n"));
    }

    #[test]
    fn the_shell_is_what_a_page_needs() {
        let files = files("a");
        let shell = shell(&files, b"manifest");
        let paths: Vec<_> = shell
            .iter()
            .map(|(path, bytes, _)| (*path, *bytes))
            .collect();
        assert_eq!(
            paths,
            [
                ("client/0f/engine.js", 1),
                ("client/0f/lang-de.js", 1),
                ("index.html", 20),
                ("offprint.js", 1),
                ("manifest.bin", 8)
            ]
        );
        let with_digest = shell.iter().filter(|(_, _, digest)| digest.len() == 64);
        assert_eq!(with_digest.count(), 4, "hosts put things into the page");
    }
}
