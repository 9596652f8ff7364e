//! The list of a build's files, `builds/<id>.sums`.
//!
//! The format is what `sha256sum -c` reads, run from the site's folder, between two comment lines:
//!
//! ```text
//! # offprint build 3
//! 5f70bf18a0...  client/0f3a.../engine.js
//! ...
//! # sha256 9c56cc51b3...
//! ```
//!
//! The first line holds the build's place in the order of builds into one folder, the last the
//! SHA-256 of every byte before it. The name holds the first 16 digits of the SHA-256 of the lines
//! between, so equal sites have equal names, and a list under another's name is noticed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Folder of the lists, relative to the site.
pub const FOLDER: &str = "builds";
/// What the name of a list ends with.
pub const EXTENSION: &str = "sums";
/// Length of a build's id, in hexadecimal digits.
const ID_LENGTH: usize = 16;
/// Length of a SHA-256, in hexadecimal digits.
const DIGEST_LENGTH: usize = 64;

const HEADER: &str = "# offprint build ";
const FOOTER: &str = "# sha256 ";

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether `text` is `length` lower-case hexadecimal digits.
pub fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `path` may stand in a site: relative, with `/` between its parts, each made of ASCII
/// letters, digits, `.`, `_` and `-` and not hidden. So no list can name a file outside its site.
pub fn is_site_path(path: &str) -> bool {
    path.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    })
}

/// A build's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Place in the order of builds into one folder, from 1.
    pub sequence: u64,
    /// Path in the site to SHA-256 in hexadecimal digits.
    pub files: BTreeMap<String, String>,
}

impl Sums {
    /// The build's id, which depends on its files alone.
    pub fn id(&self) -> String {
        let mut id = digest(self.lines().as_bytes());
        id.truncate(ID_LENGTH);
        id
    }

    /// The list's own path in the site.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}.{EXTENSION}", self.id())
    }

    fn lines(&self) -> String {
        self.files
            .iter()
            .fold(String::new(), |mut text, (path, digest)| {
                let _ = writeln!(text, "{digest}  {path}");
                text
            })
    }

    /// The list as it is written.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}{}\n{}", self.sequence, self.lines());
        let own = digest(text.as_bytes());
        let _ = writeln!(text, "{FOOTER}{own}");
        text
    }

    /// Reads the list named `name` (such as `0123456789abcdef.sums`).
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, SumsError> {
        let text = std::str::from_utf8(bytes).map_err(|_| SumsError::Form { line: 1 })?;
        let body = text.strip_suffix('\n').ok_or(SumsError::Ending)?;
        let (before, footer) = body.rsplit_once('\n').ok_or(SumsError::Ending)?;
        let own = footer.strip_prefix(FOOTER).ok_or(SumsError::Ending)?;
        let covered = text.get(..before.len() + 1).ok_or(SumsError::Ending)?;
        if own != digest(covered.as_bytes()) {
            return Err(SumsError::Digest);
        }
        let mut lines = before.split('\n');
        let sequence = lines
            .next()
            .and_then(|line| line.strip_prefix(HEADER))
            .filter(|number| !number.starts_with(['0', '+']))
            .and_then(|number| number.parse().ok())
            .ok_or(SumsError::Form { line: 1 })?;
        let mut files = BTreeMap::new();
        for (at, line) in lines.enumerate() {
            let (digest, path) = line
                .split_once("  ")
                .filter(|(digest, path)| is_hex(digest, DIGEST_LENGTH) && is_site_path(path))
                .ok_or(SumsError::Form { line: at + 2 })?;
            if files.insert(path.to_owned(), digest.to_owned()).is_some() {
                return Err(SumsError::Form { line: at + 2 });
            }
        }
        let sums = Self { sequence, files };
        let expected = format!("{}.{EXTENSION}", sums.id());
        if name != expected {
            return Err(SumsError::Name { expected });
        }
        Ok(sums)
    }
}

/// What is wrong with a list.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SumsError {
    /// A line is not as it should be.
    #[error("line {line} is not in the form of a list of files")]
    Form {
        /// Counted from 1.
        line: usize,
    },
    /// The last line is missing or cut.
    #[error("the last line, which holds the list's own digest, is missing or cut")]
    Ending,
    /// The list's own digest does not fit.
    #[error("the list does not fit its own digest")]
    Digest,
    /// The name does not fit.
    #[error("the list's content belongs under the name {expected}")]
    Name {
        /// The right name.
        expected: String,
    },
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn sample() -> Sums {
        let files = [
            ("index.html", "a"),
            ("segments/ab/t/0.bin", "b"),
            ("manifest.bin", "c"),
        ];
        Sums {
            sequence: 12,
            files: files
                .map(|(path, text)| (path.to_owned(), digest(text.as_bytes())))
                .into(),
        }
    }

    fn name(sums: &Sums) -> String {
        format!("{}.{EXTENSION}", sums.id())
    }

    #[test]
    fn digest_is_sha256() {
        // The second example of FIPS 180-4's test vectors: the empty message.
        assert_eq!(
            digest(b""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }

    #[test]
    fn round_trip() {
        let sums = sample();
        assert_eq!(
            Sums::parse(&name(&sums), sums.to_text().as_bytes()),
            Ok(sums)
        );
    }

    #[test]
    fn id_depends_on_files_alone() {
        let first = sample();
        let mut later = sample();
        later.sequence = 13;
        assert_eq!(first.id(), later.id());
        later.files.insert("offprint.js".into(), digest(b"d"));
        assert_ne!(first.id(), later.id());
    }

    #[test]
    fn every_flip_and_cut_is_noticed() {
        let sums = sample();
        let bytes = sums.to_text().into_bytes();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                assert!(
                    Sums::parse(&name(&sums), &damaged).is_err(),
                    "byte {at} bit {bit}"
                );
            }
            assert!(
                Sums::parse(&name(&sums), &bytes[..at]).is_err(),
                "cut at {at}"
            );
        }
    }

    #[test]
    fn wrong_name_is_noticed() {
        let sums = sample();
        let error = Sums::parse("0000000000000000.sums", sums.to_text().as_bytes()).unwrap_err();
        assert_eq!(
            error,
            SumsError::Name {
                expected: name(&sums)
            }
        );
    }

    #[test]
    fn paths_stay_inside() {
        for path in [
            "index.html",
            "segments/0a/t/0.bin",
            "client/ab/engine.wasm.bin",
        ] {
            assert!(is_site_path(path), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "../up",
            "a//b",
            "a/",
            "a/../b",
            ".git/config",
            "a\\b",
            "c:x",
        ] {
            assert!(!is_site_path(path), "{path}");
        }
    }
}
