//! `client.json`: which files make up a client, and the hash that names it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How many hexadecimal digits of the SHA-256 name a client.
const HASH_DIGITS: usize = 16;

/// The bytes a gzip file has besides the deflated data: ten before, eight after.
const GZIP_FRAME: usize = 18;

/// A finished client in memory: bytes by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What `client.json` says.
#[derive(Debug, Serialize)]
pub struct Record {
    /// Names this client; a digest of all files' names and bytes.
    pub hash: String,
    /// Whether all was there that makes it small: the library's source, and the tools from npm.
    pub smallest: bool,
    /// All files, in the order of their paths.
    pub files: Vec<Entry>,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Where it lies.
    pub path: String,
    /// Its bytes as stored.
    pub bytes: usize,
    /// Its bytes on the way to a reader: as gzip sends HTML, CSS, JavaScript and SVG, else as stored.
    pub counted: usize,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Record {
    /// Describes the files.
    #[must_use]
    pub fn of(files: &Files) -> Self {
        let mut all = Sha256::new();
        let mut entries = Vec::new();
        for (path, bytes) in files {
            let sha256 = hex(&Sha256::digest(bytes));
            all.update(format!("{sha256}  {path}\n"));
            let (bytes, counted) = (bytes.len(), counted(path, bytes));
            entries.push(Entry {
                path: path.clone(),
                bytes,
                counted,
                sha256,
            });
        }
        let mut hash = hex(&all.finalize());
        hash.truncate(HASH_DIGITS);
        Self {
            hash,
            smallest: false,
            files: entries,
        }
    }

    /// The text of `client.json`.
    ///
    /// # Errors
    ///
    /// None in practice: everything in it has a form in JSON.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// A table for the reader.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self
            .files
            .iter()
            .map(|file| file.path.len())
            .max()
            .unwrap_or_default();
        let mut text = format!("client {}: {:>width$}", self.hash, "");
        text = format!(
            "{}\n  {:<width$}  {:>8}  {:>8}",
            text.trim_end(),
            "",
            "stored",
            "sent"
        );
        let (mut bytes, mut sent) = (0, 0);
        for file in &self.files {
            text += &format!(
                "\n  {:<width$}  {:>8}  {:>8}",
                file.path, file.bytes, file.counted
            );
            bytes += file.bytes;
            sent += file.counted;
        }
        text + &format!("\n  {:<width$}  {bytes:>8}  {sent:>8}", "all")
    }
}

/// A file's size as hosts send it: they compress text by themselves.
fn counted(path: &str, bytes: &[u8]) -> usize {
    let extension = Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str());
    if matches!(extension, Some("html" | "css" | "js" | "svg")) {
        miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + GZIP_FRAME
    } else {
        bytes.len()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn the_hash_follows_names_and_bytes() {
        let one = Record::of(&files(&[("client/a.js", "1"), ("client/b.js", "2")]));
        let same = Record::of(&files(&[("client/b.js", "2"), ("client/a.js", "1")]));
        let bytes = Record::of(&files(&[("client/a.js", "2"), ("client/b.js", "1")]));
        let names = Record::of(&files(&[("client/a.js", "1"), ("client/c.js", "2")]));
        assert_eq!(one.hash, same.hash);
        assert_eq!(one.hash.len(), HASH_DIGITS);
        assert_ne!(one.hash, bytes.hash);
        assert_ne!(one.hash, names.hash);
    }

    #[test]
    fn text_counts_compressed_and_wasm_as_stored() {
        let text = "abcd".repeat(1000);
        let record = Record::of(&files(&[
            ("client/a.js", &text),
            ("client/e.wasm.bin", &text),
        ]));
        assert_eq!(record.files[1].counted, 4000);
        assert_eq!(record.files[0].bytes, 4000);
        assert!(record.files[0].counted < 60, "{}", record.files[0].counted);
    }

    #[test]
    fn digests_are_those_of_sha256sum() {
        let record = Record::of(&files(&[("client/a", "abc")]));
        assert_eq!(
            record.files[0].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
