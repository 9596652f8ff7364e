//! A host's own files, which take the place of parts of the page or add to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::template::{self, Unknown, WORD};
use crate::config::suggest;
use crate::error::{Failure, Result};

/// The whole page.
pub const INDEX: &str = "index.html";
/// Goes to the end of the head.
pub const HEAD: &str = "head.html";
/// In the place of what stands above the search.
pub const HEADER: &str = "header.html";
/// In the place of what stands at the page's end.
pub const FOOTER: &str = "footer.html";
/// Goes to the end of the page's style sheet.
pub const STYLE: &str = "page.css";

/// Every file that is known.
const FILES: [&str; 5] = [INDEX, HEAD, HEADER, FOOTER, STYLE];

/// Parts of the page.
pub const PARTS: [&str; 5] = ["HEAD", "HEADER", "SEARCH", "HELP", "FOOTER"];
/// Parts that every page needs, and what for.
const NEEDED: [(&str, &str); 2] = [
    (
        "HEAD",
        "between <head> and </head>: it brings the title, the style sheet and the search's script",
    ),
    ("SEARCH", "where the box and the results are to stand"),
];
/// Words that stand for values.
pub const WORDS: [&str; 15] = [
    "TITLE",
    "DESCRIPTION",
    "PAPERS",
    "LIST",
    "LOGO",
    "LANG",
    "DIR",
    "META",
    "STYLE",
    "SUMMARY",
    "TEXTS",
    "ATTRIBUTES",
    "CLIENT",
    "BUILD",
    "VERSION",
];

/// The files that a host gives.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    folder: PathBuf,
    texts: BTreeMap<&'static str, String>,
}

impl Templates {
    /// Reads a folder. Files that are neither markup nor style are passed over.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut texts = BTreeMap::new();
        let entries = fs::read_dir(folder).map_err(Failure::io("list", folder))?;
        for entry in entries {
            let path = entry.map_err(Failure::io("list", folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let ours = [".html", ".css"].iter().any(|end| name.ends_with(end));
            if name.starts_with('.') || !ours {
                continue;
            }
            let Some(known) = FILES.iter().find(|known| **known == name) else {
                return Err(Failure::advice(
                    format!("{} takes the place of nothing", path.display()),
                    suggest(&name, &FILES),
                ));
            };
            let text = fs::read(&path).map_err(Failure::io("read", &path))?;
            let text = String::from_utf8(text).map_err(|_| {
                Failure::advice(
                    format!("{} is not UTF-8", path.display()),
                    "save it as UTF-8",
                )
            })?;
            texts.insert(*known, text);
        }
        let templates = Self {
            folder: folder.to_owned(),
            texts,
        };
        templates.check()?;
        Ok(templates)
    }

    /// The text of a file, if the host gives it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// Before any paper is read: the page has what it needs, and every word is known.
    fn check(&self) -> Result<()> {
        if let Some(page) = self.get(INDEX) {
            for (word, place) in NEEDED {
                if !page.contains(&format!("{WORD}{word}__")) {
                    return Err(Failure::advice(
                        format!("{} lacks {WORD}{word}__", self.path(INDEX)),
                        format!("put {WORD}{word}__ {place}"),
                    ));
                }
            }
        }
        for (name, text) in self.texts.iter().filter(|(name, _)| **name != STYLE) {
            let parts: &[&str] = if *name == INDEX { &PARTS } else { &[] };
            let known = |word: &str| WORDS.contains(&word) || parts.contains(&word);
            let checked = template::fill(text, &mut |word| {
                Ok(known(word).then_some(Cow::Borrowed("")))
            });
            checked.map_err(|unknown| self.unknown(name, &unknown))?;
        }
        Ok(())
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// What to say of a word that is not known.
    pub fn unknown(&self, name: &str, Unknown { word, line }: &Unknown) -> Failure {
        let all: Vec<String> = WORDS
            .iter()
            .chain(if name == INDEX { &PARTS[..] } else { &[] })
            .map(|word| format!("{WORD}{word}__"))
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let word = format!("{WORD}{word}__");
        let help = match WORDS
            .iter()
            .chain(&PARTS)
            .any(|known| word == format!("{WORD}{known}__"))
        {
            true => format!("it belongs into {INDEX} alone"),
            false => nearest(&word, &all),
        };
        Failure::advice(
            format!(
                "{}:{line}: {word} is no word to fill in here",
                self.path(name)
            ),
            help,
        )
    }
}

/// As [`suggest`], which would take every two words for alike by what they begin with.
fn nearest(word: &str, known: &[&str]) -> String {
    let bare = |word: &str| {
        word.trim_start_matches(WORD)
            .trim_end_matches('_')
            .to_lowercase()
    };
    let bares: Vec<String> = known.iter().map(|word| bare(word)).collect();
    let bares: Vec<&str> = bares.iter().map(String::as_str).collect();
    let said = suggest(&bare(word), &bares);
    match said
        .strip_prefix("did you mean `")
        .and_then(|rest| rest.strip_suffix("`?"))
    {
        Some(name) => format!("did you mean {WORD}{}__?", name.to_uppercase()),
        None => format!("known are {}", known.join(", ")),
    }
}
