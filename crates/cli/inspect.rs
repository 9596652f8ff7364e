//! `offprint inspect`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use offprint_format::{FORMAT_VERSION, Section, Segment};
use serde::Serialize;

use crate::args::SiteArgs;
use crate::compile::section_name;
use crate::error::{Failure, Result};
use crate::history::{History, MANIFEST};
use crate::open;
use crate::report::{self, BOLD, FAINT, count, grouped, printable, size};

/// What `inspect --json` prints. Sizes are bytes.
#[derive(Debug, Serialize)]
struct Inspection {
    title: String,
    description: String,
    papers: u32,
    segment: String,
    format: u32,
    /// `chunks` or `packs`.
    layout: &'static str,
    /// Fingerprint of the analyzer, in hexadecimal.
    analyzer: String,
    words: u64,
    stems: u64,
    names: u64,
    tokens: u64,
    postings: u64,
    name_postings: u64,
    posting_bytes: u64,
    bytes_per_posting: f64,
    sections: BTreeMap<&'static str, SectionSize>,
    manifest: u64,
    /// Of the index: sections and manifest.
    blocks: u64,
    files: u64,
    bytes: u64,
    /// Builds in the site's folder, the newest first.
    builds: Vec<String>,
    /// Files of page and client as the newest build lists them; none of an index alone.
    client: Vec<ClientFile>,
    /// Their bytes as stored, and as a host sends them.
    client_bytes: u64,
    client_sent: u64,
}

#[derive(Debug, Serialize)]
struct SectionSize {
    blocks: u64,
    files: u64,
    bytes: u64,
}

/// A file of page or client.
#[derive(Debug, Serialize)]
struct ClientFile {
    path: String,
    bytes: u64,
    /// As `gzip -9` makes HTML, CSS, JavaScript and SVG; others as stored.
    sent: u64,
}

/// Runs the command and gives its exit code.
pub fn run(args: &SiteArgs) -> Result<u8> {
    let inspection = inspect(&args.site)?;
    if args.json {
        report::show_json(&inspection)?;
    } else {
        report::show(&describe(&inspection))?;
    }
    Ok(0)
}

fn inspect(site: &Path) -> Result<Inspection> {
    let manifest_size = open::manifest_bytes(site)?.len() as u64;
    let manifest = open::manifest(site)?;
    let segment = manifest.segments.first().cloned().unwrap_or_default();
    let mut sections = BTreeMap::new();
    for section in Section::ALL {
        if let Some(table) = segment.section(section) {
            let files = u64::from(table.files());
            let size = SectionSize {
                blocks: table.blocks.into(),
                files,
                bytes: table.bytes,
            };
            sections.insert(section_name(section), size);
        }
    }
    let stats = &segment.stats;
    let history = History::read(site)?;
    let client = client_files(site, &history)?;
    Ok(Inspection {
        title: manifest.title,
        description: manifest.description,
        papers: segment.papers,
        segment: segment.name.clone(),
        format: FORMAT_VERSION,
        layout: layout(&segment),
        analyzer: format!("{:016x}", manifest.analyzer),
        words: stats.words,
        stems: stats.stems,
        names: stats.names,
        tokens: stats.tokens,
        postings: stats.postings,
        name_postings: stats.name_postings,
        posting_bytes: stats.posting_bytes,
        bytes_per_posting: stats.posting_bytes as f64
            / (stats.postings + stats.name_postings).max(1) as f64,
        blocks: sections.values().map(|section| section.blocks).sum(),
        files: sections.values().map(|section| section.files).sum::<u64>() + 1,
        bytes: sections.values().map(|section| section.bytes).sum::<u64>() + manifest_size,
        sections,
        manifest: manifest_size,
        builds: history.builds.iter().map(|sums| sums.id()).collect(),
        client_bytes: client.iter().map(|file| file.bytes).sum(),
        client_sent: client.iter().map(|file| file.sent).sum(),
        client,
    })
}

/// How the index lies in files.
fn layout(segment: &Segment) -> &'static str {
    if segment.is_packed(Section::Terms) {
        "packs"
    } else {
        "chunks"
    }
}

/// Everything that the newest build lists beside the index.
fn client_files(site: &Path, history: &History) -> Result<Vec<ClientFile>> {
    let Some(newest) = history.builds.first() else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for path in newest.files.keys() {
        if path.starts_with("segments/") || path == MANIFEST {
            continue;
        }
        let full = site.join(path);
        let bytes = std::fs::read(&full).map_err(Failure::io("read", &full))?;
        files.push(ClientFile {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sent: sent(path, &bytes)?,
        });
    }
    Ok(files)
}

/// Bytes of a response's body: hosts compress text themselves.
fn sent(path: &str, bytes: &[u8]) -> Result<u64> {
    let text = [".html", ".css", ".js", ".svg"]
        .iter()
        .any(|ending| path.ends_with(ending));
    if !text {
        return Ok(bytes.len() as u64);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map(|packed| packed.len() as u64)
        .map_err(Failure::io("compress", Path::new(path)))
}

fn describe(of: &Inspection) -> String {
    let mut text = format!("{BOLD}{}{BOLD:#}\n", printable(&of.title));
    if !of.description.is_empty() {
        text.push_str(&format!("{FAINT}{}{FAINT:#}\n", printable(&of.description)));
    }
    let mut line = |name: &str, value: String| text.push_str(&format!("  {name:<12} {value}\n"));
    line("papers", grouped(of.papers.into()));
    let words = |count: u64, noun: &str| format!("{} {noun}", grouped(count));
    line(
        "vocabulary",
        [
            words(of.words, "words"),
            words(of.stems, "stems"),
            words(of.names, "names"),
        ]
        .join(", "),
    );
    line(
        "postings",
        format!(
            "{}, {:.2} bytes each",
            grouped(of.postings + of.name_postings),
            of.bytes_per_posting
        ),
    );
    line(
        "segment",
        format!(
            "{}, format {}, analyzer {}",
            of.segment, of.format, of.analyzer
        ),
    );
    let fetched = match of.layout {
        "packs" => "packs: large files, read by ranges",
        _ => "chunks: small files, each fetched whole",
    };
    line("layout", fetched.to_owned());
    for (name, section) in &of.sections {
        line(
            name,
            format!(
                "{:>10} in {}, {}",
                size(section.bytes),
                count(section.blocks, "block"),
                count(section.files, "file")
            ),
        );
    }
    line("manifest", format!("{:>10}", size(of.manifest)));
    line(
        "index",
        format!("{:>10} in {}", size(of.bytes), count(of.files, "file")),
    );
    if of.client.is_empty() {
        line("client", "none: this is an index alone".to_owned());
    } else {
        line(
            "client",
            format!(
                "{:>10} stored, {} as sent",
                size(of.client_bytes),
                size(of.client_sent)
            ),
        );
        for file in &of.client {
            line(
                "",
                format!(
                    "{:>10} {:>10}  {}",
                    size(file.bytes),
                    size(file.sent),
                    file.path
                ),
            );
        }
    }
    line("builds", of.builds.join(", "));
    text
}
