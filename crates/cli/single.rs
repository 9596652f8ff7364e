//! A site in one HTML file, which works from a disk with no host at all.
//!
//! The page is the site's own: what it loads by address is put in (`page.rs`), and behind its head
//! stand all files that the client asks for, one after the other, as text that no parser changes.
//! `www/single.js` takes them out again.
//!
//! The file is UTF-16, which holds 15 bits in two bytes and costs a fifteenth; base64 costs a third.
//! Its mark at the beginning counts for more than what a host says of the file.

mod page;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;

use crate::client;
use crate::error::{Failure, Result};
use crate::history::MANIFEST;
use crate::language::Tongue;
use crate::report;
use crate::site::{Finished, Target};
use crate::sums;

/// A file's first bytes, by which a later build knows that it may write over it.
const BEGINNING: &str = "\u{feff}<!-- offprint -->";

/// A character holds 15 bits, counted from this one. So none means anything in markup, and none is
/// half of a pair.
const FIRST: u16 = 0x3400;
const BITS: u32 = 15;

/// Bytes in one element: whole characters, and little enough that a browser decodes them between
/// two frames.
const PIECE: usize = BITS as usize * (1 << 15);

/// The page, in a site's folder.
const PAGE: &str = "index.html";

/// A single file that is being made.
#[derive(Debug)]
pub struct Draft {
    out: PathBuf,
    lang: Tongue,
    limit: usize,
    files: BTreeMap<String, Vec<u8>>,
    /// Files of the segment, until its name is known.
    segment: Vec<(String, Vec<u8>)>,
    index: usize,
}

impl Draft {
    /// Begins the file `out` in a language. One that is there already is replaced if a build made it, or if
    /// `force` says so.
    pub fn open(out: &Path, lang: &Tongue, limit: usize, force: bool) -> Result<Self> {
        if !force && !may_replace(out).map_err(Failure::io("read", out))? {
            return Err(Failure::advice(
                format!(
                    "{} is there already, and not made by offprint",
                    out.display()
                ),
                "give another file with --single-file, or add --force to replace it",
            ));
        }
        Ok(Self {
            out: out.to_owned(),
            lang: lang.clone(),
            limit,
            files: BTreeMap::new(),
            segment: Vec::new(),
            index: 0,
        })
    }

    fn check_limit(&self) -> Result<()> {
        if self.index <= self.limit {
            return Ok(());
        }
        Err(Failure::advice(
            format!(
                "the index takes {}, and a single file is to hold at most {}",
                report::size(self.index as u64),
                report::size(self.limit as u64)
            ),
            "build a site into a folder with --out, of which readers load only what a query needs; \
             or raise the limit with --single-file-limit, since every reader has to load all of it \
             into memory",
        ))
    }

    fn html(mut self) -> Result<Vec<u8>> {
        let page = self.files.remove(PAGE).unwrap_or_default();
        let made = page::inline(&String::from_utf8_lossy(&page), &self.files);
        for path in &made.consumed {
            self.files.remove(path);
        }
        // Of files beside the page, those that it starts; of copies of these, none.
        let started = made.start.iter().filter_map(|path| self.files.get(path));
        let started: Vec<Vec<u8>> = started.cloned().collect();
        self.files.retain(|path, bytes| {
            let asked = ["client/", "segments/"]
                .iter()
                .any(|start| path.starts_with(start));
            made.start.contains(path) || path == MANIFEST || asked && !started.contains(bytes)
        });
        let (opener, worker) = client::single(&self.lang)?;
        self.files.insert(worker.0.to_owned(), worker.1.to_vec());
        let archive =
            archive(&self.files, &made.start, worker.0).map_err(Failure::io("write", &self.out))?;
        let mut html = Utf16::default();
        html.text(BEGINNING);
        html.text(&made.before);
        html.text("<script type=\"module\">");
        html.text(&page::script(&opener));
        html.text("</script>\n");
        html.text(&made.after);
        for piece in archive.chunks(PIECE) {
            html.text("<script type=\"application/offprint\">");
            html.data(piece);
            html.text("</script>\n");
        }
        html.text(&made.end);
        Ok(html.0)
    }
}

impl Target for Draft {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn put_in_segment(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.index += bytes.len();
        // Beyond the limit only the size counts, for the message.
        if self.index <= self.limit {
            self.segment.push((path.to_owned(), bytes.to_vec()));
        } else {
            self.segment.clear();
        }
        Ok(())
    }

    fn name_segment(&mut self, name: &str) -> Result<()> {
        self.check_limit()?;
        let files = std::mem::take(&mut self.segment).into_iter();
        self.files
            .extend(files.map(|(path, bytes)| (format!("segments/{name}/{path}"), bytes)));
        Ok(())
    }

    fn finish(self: Box<Self>, _: usize) -> Result<Finished> {
        let out = self.out.clone();
        let html = self.html()?;
        replace(&out, &html).map_err(Failure::io("write", &out))?;
        let mut id = sums::digest(&html);
        id.truncate(16);
        Ok(Finished {
            id,
            files: 1,
            bytes: html.len() as u64,
            kept: 0,
            removed: 0,
        })
    }
}

/// Whether there is nothing at `out`, or a file that a build made.
fn may_replace(out: &Path) -> io::Result<bool> {
    let file = match File::open(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    let mut expected = Utf16::default();
    expected.text(BEGINNING);
    let mut found = Vec::new();
    file.take(expected.0.len() as u64).read_to_end(&mut found)?;
    Ok(found == expected.0)
}

/// Writes a file so that nobody ever sees half of it.
fn replace(out: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are their owner's alone; this one is to be handed around.
        let mode = std::fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(mode)?;
    }
    file.as_file().sync_all()?;
    file.persist(out)?;
    Ok(())
}

/// What stands before the files.
#[derive(Serialize)]
struct List<'a> {
    /// Path, stored length, and whether it is deflated.
    files: Vec<(&'a str, usize, u8)>,
    /// Modules that the page starts.
    start: &'a [String],
    /// The worker's script.
    worker: &'a str,
}

/// All files, and before them their list.
fn archive(
    files: &BTreeMap<String, Vec<u8>>,
    start: &[String],
    worker: &str,
) -> io::Result<Vec<u8>> {
    let mut stored = Vec::new();
    let mut entries = Vec::new();
    for (path, bytes) in files {
        // What is in `.bin` is as dense as it can be.
        let text = !path.ends_with(".bin");
        let before = stored.len();
        if text {
            stored.extend(deflated(bytes)?);
        } else {
            stored.extend_from_slice(bytes);
        }
        entries.push((path.as_str(), stored.len() - before, u8::from(text)));
    }
    let list = List {
        files: entries,
        start,
        worker,
    };
    let list = deflated(&serde_json::to_vec(&list)?)?;
    let mut all = vec![0; 8];
    all.extend_from_slice(&list);
    all.append(&mut stored);
    let number = |length: usize| u32::try_from(length).map_err(io::Error::other);
    let head = [number(all.len())?, number(list.len())?].map(u32::to_le_bytes);
    for (to, from) in all.iter_mut().zip(head.as_flattened()) {
        *to = *from;
    }
    Ok(all)
}

fn deflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// A text in UTF-16, the lower byte first.
#[derive(Debug, Default)]
struct Utf16(Vec<u8>);

impl Utf16 {
    fn text(&mut self, text: &str) {
        self.0
            .extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }

    /// Bytes as characters, the lowest bits first. The last character may hold bits of nobody.
    fn data(&mut self, bytes: &[u8]) {
        let mut held = 0;
        let mut bits = 0;
        for &byte in bytes {
            held |= u32::from(byte) << bits;
            bits += u8::BITS;
            if bits >= BITS {
                self.character(held);
                held >>= BITS;
                bits -= BITS;
            }
        }
        if bits > 0 {
            self.character(held);
        }
    }

    fn character(&mut self, held: u32) {
        let low = (held & ((1 << BITS) - 1)) as u16;
        self.0.extend_from_slice(&(FIRST + low).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    /// As `www/single.js` does it.
    fn decoded(text: &[u8]) -> Vec<u8> {
        let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
        for pair in text.chunks(2) {
            held |= u32::from(u16::from_le_bytes([pair[0], pair[1]]) - FIRST) << bits;
            bits += BITS;
            while bits >= 8 {
                bytes.push(held as u8);
                held >>= 8;
                bits -= 8;
            }
        }
        bytes
    }

    #[test]
    fn bytes_come_back_whatever_their_number() {
        for length in (0..40).chain([PIECE - 1, PIECE]) {
            let bytes: Vec<u8> = (0..length).map(|n| (n * n + 255) as u8).collect();
            let mut text = Utf16::default();
            text.data(&bytes);
            assert_eq!(text.0.len(), (length * 8).div_ceil(15) * 2);
            let back = decoded(&text.0);
            assert_eq!(back[..length], bytes);
            assert!(back.len() <= length + 1);
        }
        // Pieces join without a gap.
        assert_eq!(PIECE * 8 % 15, 0);
    }

    #[test]
    fn every_character_is_one_that_no_parser_changes() {
        for held in [0, 1, 0x7fff] {
            let mut text = Utf16::default();
            text.character(held);
            let code = u16::from_le_bytes([text.0[0], text.0[1]]);
            assert!((0x3400..=0xb3ff).contains(&code), "{code:x}");
        }
    }

    #[test]
    fn the_list_says_where_files_are() {
        let files = BTreeMap::from([
            ("a.bin".to_owned(), vec![1, 2, 3]),
            ("b.js".to_owned(), b"let b;".repeat(9)),
        ]);
        let all = archive(&files, &["b.js".to_owned()], "w").unwrap();
        let number = |at: usize| u32::from_le_bytes(all[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), all.len());
        let end = 8 + number(4);
        let mut list = String::new();
        flate2::read::DeflateDecoder::new(&all[8..end])
            .read_to_string(&mut list)
            .unwrap();
        let packed = all.len() - end - 3;
        assert_eq!(
            list,
            format!(
                r#"{{"files":[["a.bin",3,0],["b.js",{packed},1]],"start":["b.js"],"worker":"w"}}"#
            )
        );
        assert_eq!(all[end..end + 3], [1, 2, 3]);
    }
}
