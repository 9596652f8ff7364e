//! A host's logo: a file that becomes part of the site, or an address.

use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use crate::error::{Failure, Result};

/// Bytes of a picture at most. It is part of what a reader waits for.
const MOST: usize = 1 << 20;

/// Endings of pictures, and how such a file begins; SVG is looked at apart.
const KINDS: [(&str, &[u8]); 7] = [
    ("png", b"\x89PNG"),
    ("jpg", b"\xff\xd8\xff"),
    ("jpeg", b"\xff\xd8\xff"),
    ("gif", b"GIF8"),
    ("webp", b"RIFF"),
    // A box of a length that differs, then its name.
    ("avif", b"\0\0\0"),
    ("svg", b""),
];

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A file.
    File {
        /// Where it was read.
        path: PathBuf,
        /// Its ending.
        ending: &'static str,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// An address of the web.
    Address(Url),
}

impl Picture {
    /// Reads the file at `path`, or takes the address.
    pub fn read(text: &str, folder: &Path) -> Result<Self> {
        if let Some((scheme, _)) = text.split_once("://") {
            return match Url::parse(text) {
                Ok(url) if matches!(scheme, "http" | "https") => Ok(Self::Address(url)),
                _ => Err(Failure::advice(
                    format!("the logo {text:?} is no address of the web"),
                    "give a file, or an address that begins with https://",
                )),
            };
        }
        let path = folder.join(text);
        let bytes = fs::read(&path).map_err(Failure::io("read", &path))?;
        let refuse = |why: &str, help: &str| {
            Err(Failure::advice(
                format!("the logo {} {why}", path.display()),
                help,
            ))
        };
        if bytes.len() > MOST {
            return refuse(
                "is larger than 1 MiB",
                "make it smaller: it is shown 48 pixels high, and every reader loads it",
            );
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let kind = KINDS
            .iter()
            .find(|(known, _)| ending.eq_ignore_ascii_case(known));
        match kind {
            Some((ending, start)) if bytes.starts_with(start) && !bytes.is_empty() => {
                if *ending == "svg" && !is_svg(&bytes) {
                    return refuse("holds no <svg>", "check the file");
                }
                Ok(Self::File {
                    path,
                    ending,
                    bytes,
                })
            }
            Some((ending, _)) => refuse(
                &format!("is no .{ending} file inside"),
                "give it the ending that fits what it holds",
            ),
            None => refuse(
                "is no picture by its name",
                "give an .svg, .png, .jpg, .webp, .avif or .gif file",
            ),
        }
    }

    /// Whether pages that show a preview of a link can show it.
    pub fn is_raster(&self) -> bool {
        match self {
            Self::File { ending, .. } => *ending != "svg",
            Self::Address(url) => !url.path().to_ascii_lowercase().ends_with(".svg"),
        }
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|four| four == b"<svg")
}

/// A logo above the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The picture.
    pub light: Picture,
    /// Another one for dark pages.
    pub dark: Option<Picture>,
    /// What it says to those who do not see it. Empty where the title says it.
    pub alt: String,
}

/// Its place in the page: of one height whatever it holds, so that nothing moves when it comes.
pub const CSS: &str = ".logo{display:block;block-size:3rem;inline-size:auto;max-inline-size:100%;\
                       margin-block-end:.75rem;object-fit:contain}\n";
