//! `offprint.toml`: what a host says once instead of at every build.

mod reader;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use offprint_index::{Compare, Layout, Topics};

pub use self::reader::{Misread, suggest};
use self::reader::{Placed, Source, Table, TextOrTable};
use crate::args::{LayoutArg, Neighbours, topics};
use crate::error::{Failure, Result};
use crate::listing::{Home, List, MOST};
use crate::page::{Accent, FACETS, FIELDS, Logo, Page, Picture, Templates, base_url, colour, hex};

/// The file that is read where no other is named.
pub const FILE: &str = "offprint.toml";
/// The folder of templates where no other is named.
const TEMPLATES: &str = "templates";

const KEYS: [&str; 18] = [
    "title",
    "description",
    "base-url",
    "lang",
    "inputs",
    "out",
    "accent",
    "logo",
    "fields",
    "facets",
    "home",
    "templates",
    "layout",
    "keep",
    "neighbours",
    "topics",
    "expansions",
    "strict",
];

/// What the file says. What it does not say is `None`, or the default.
#[derive(Debug, Default)]
pub struct Config {
    /// The file, if there is one.
    pub path: Option<PathBuf>,
    /// Title of the collection.
    pub title: Option<String>,
    /// A sentence about it.
    pub description: Option<String>,
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Folder of the site.
    pub out: Option<PathBuf>,
    /// How the index lies in files.
    pub layout: Option<Layout>,
    /// Earlier builds whose files stay.
    pub keep: Option<usize>,
    /// Whether papers are compared.
    pub neighbours: Option<Compare>,
    /// How many topics are found.
    pub topics: Option<Topics>,
    /// Weights of terms.
    pub expansions: Option<PathBuf>,
    /// Whether a skipped record is an error.
    pub strict: bool,
    /// The page.
    pub page: Page,
    /// What a host may want to know.
    pub notes: Vec<String>,
    /// Files and folders that the page is made of.
    pub parts: Vec<PathBuf>,
}

impl Config {
    /// Reads the file that is named, or the one in the current folder if there is one.
    pub fn find(named: Option<&Path>) -> Result<Self> {
        let path = named.unwrap_or(Path::new(FILE));
        match fs::read(path) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).map_err(|_| {
                    let message = format!("{} is not UTF-8", path.display());
                    Failure::advice(message, "save it as UTF-8")
                })?;
                Self::parse(path, &text)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
                Ok(Self::default())
            }
            Err(error) => Err(Failure::io("read", path)(error)),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let name = path.to_string_lossy();
        let name = name.strip_prefix("./").unwrap_or(&name);
        let mut table = Table::parse(Source { name, text }, &KEYS)?;
        // Relative paths begin where the file lies.
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = |text: String| folder.join(text);
        let mut config = Self {
            path: Some(path.to_owned()),
            title: table.text("title")?.map(|text| text.value),
            description: table.text("description")?.map(|text| text.value),
            out: table.text("out")?.map(|text| place(text.value)),
            keep: table.number("keep")?,
            expansions: table.text("expansions")?.map(|text| place(text.value)),
            strict: table.truth("strict")?.unwrap_or(false),
            ..Self::default()
        };
        for Placed { value, span } in table.texts("inputs")?.unwrap_or_default() {
            if value == "-" {
                let message = "standard input cannot be named in a file";
                return Err(table
                    .misread(span, message, "give `-` on the command line")
                    .into());
            }
            config.inputs.push(place(value));
        }
        config.build_options(&mut table)?;
        config.page_options(&mut table, folder)?;
        Ok(config)
    }

    fn build_options(&mut self, table: &mut Table<'_>) -> Result<()> {
        if let Some(Placed { value, span }) = table.word("layout")? {
            let layout = LayoutArg::from_str(&value, false).map_err(|_| {
                let message = format!("`layout` cannot be {value:?}");
                table.misread(span, message, "give \"auto\", \"chunks\" or \"packs\"")
            })?;
            self.layout = Some(layout.into());
        }
        if let Some(Placed { value, span }) = table.word("neighbours")? {
            let neighbours = Neighbours::from_str(&value, false).map_err(|_| {
                let message = format!("`neighbours` cannot be {value:?}");
                table.misread(span, message, "give \"on\" or \"off\"")
            })?;
            self.neighbours = Some(neighbours.into());
        }
        if let Some(Placed { value, span }) = table.word("topics")? {
            let number = topics(&value).map_err(|advice| {
                table.misread(span, format!("`topics` cannot be {value:?}"), advice)
            })?;
            self.topics = Some(number);
        }
        Ok(())
    }

    fn page_options(&mut self, table: &mut Table<'_>, folder: &Path) -> Result<()> {
        if let Some(Placed { value, span }) = table.text("lang")? {
            self.page.lang = value.parse().map_err(|advice: String| {
                table.misread(span, format!("`lang` cannot be {value:?}"), advice)
            })?;
        }
        if let Some(Placed { value, span }) = table.text("base-url")? {
            let url = base_url(&value).map_err(|advice| {
                table.misread(span, format!("`base-url` cannot be {value:?}"), advice)
            })?;
            self.page.base_url = Some(url);
        }
        self.accent(table)?;
        self.logo(table, folder)?;
        self.page.fields = table.names("fields", &FIELDS)?;
        self.page.facets = table.names("facets", &FACETS)?;
        if let Some(mut home) = table.table("home", &["list", "papers", "topics", "days"])? {
            if let Some(lists) = home.names("list", &List::NAMES)? {
                self.page.home.lists = lists.into_iter().filter_map(List::named).collect();
            }
            let Home {
                papers,
                topics,
                days,
                ..
            } = &mut self.page.home;
            for (key, number) in [("papers", papers), ("topics", topics), ("days", days)] {
                if let Some(wanted) = home.number(key)? {
                    // The page would grow with it.
                    *number = wanted.min(MOST);
                    if wanted > MOST {
                        self.notes
                            .push(format!("the start page lists {MOST} {key} at most"));
                    }
                }
            }
        }
        let named = table.text("templates")?;
        let templates = folder.join(named.as_ref().map_or(TEMPLATES, |text| &text.value));
        if named.is_some() || templates.is_dir() {
            self.page.templates = Templates::read(&templates)?;
            self.parts.push(templates);
        }
        Ok(())
    }

    fn accent(&mut self, table: &mut Table<'_>) -> Result<()> {
        let read = |table: &Table<'_>, Placed { value, span }: Placed<String>| {
            colour(&value).map_err(|why| {
                let help = "give a colour such as \"#9a3324\" or \"rebeccapurple\"";
                table.misread(span, why, help)
            })
        };
        let (light, dark) = match table.text_or_table("accent", &["light", "dark"])? {
            None => return Ok(()),
            Some(TextOrTable::Text(text)) => {
                let colour = read(table, text)?;
                (colour, colour)
            }
            Some(TextOrTable::Table(mut both)) => {
                let light = both
                    .text("light")?
                    .map(|text| read(&both, text))
                    .transpose()?;
                let dark = both
                    .text("dark")?
                    .map(|text| read(&both, text))
                    .transpose()?;
                match (light, dark) {
                    (Some(light), Some(dark)) => (light, dark),
                    (Some(one), None) | (None, Some(one)) => (one, one),
                    (None, None) => return Ok(()),
                }
            }
        };
        let accent = Accent::new(&light, &dark);
        // Dark pages nearly always need another shade; light ones do where the colour is pale.
        if accent.light != hex(&light) {
            self.notes.push(format!(
                "the accent {} is too pale to be read on light pages; {} takes its place there",
                hex(&light),
                accent.light
            ));
        }
        self.page.accent = Some(accent);
        Ok(())
    }

    fn logo(&mut self, table: &mut Table<'_>, folder: &Path) -> Result<()> {
        let (light, dark, alt) = match table.text_or_table("logo", &["src", "dark", "alt"])? {
            None => return Ok(()),
            Some(TextOrTable::Text(text)) => (Some(text), None, None),
            Some(TextOrTable::Table(mut logo)) => {
                (logo.text("src")?, logo.text("dark")?, logo.text("alt")?)
            }
        };
        let Some(light) = light else { return Ok(()) };
        let mut read = |text: Placed<String>| {
            let picture = Picture::read(&text.value, folder)?;
            match &picture {
                Picture::File { path, .. } => self.parts.push(path.clone()),
                Picture::Address(url) => self.notes.push(format!(
                    "the logo comes from {}: a strict Content-Security-Policy must allow it, and \
                     that host learns of every visit",
                    url.host_str().unwrap_or_default()
                )),
            }
            Ok::<_, Failure>(picture)
        };
        self.page.logo = Some(Logo {
            light: read(light)?,
            dark: dark.map(read).transpose()?,
            alt: alt.map(|text| text.value).unwrap_or_default(),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
