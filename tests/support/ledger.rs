//! What a test host was asked, and what that costs as the project counts bytes.

use std::fmt;
use std::time::Instant;

/// One answered (or deliberately broken) request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Path below the site's folder, without query; paths outside it start with `/`.
    pub path: String,
    /// HTTP status sent; 0 when the connection was cut.
    pub status: u16,
    /// Body bytes as counted everywhere: HTML, CSS, JS and SVG as `gzip -9` makes them, the rest as stored.
    pub counted: u64,
    /// Body bytes as stored.
    pub raw: u64,
    /// Whether a part of the file was asked for.
    pub part: bool,
    /// When the request arrived.
    pub started: Instant,
    /// When its answer went out.
    pub finished: Instant,
    /// The answer was broken on purpose.
    pub fault: bool,
}

/// What a file is for, told by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Page, script, wasm, styles.
    Client,
    /// Manifest, terms, postings, cards: what result lines need.
    Index,
    /// Full records: what snippets and abstracts need.
    Records,
}

impl Request {
    /// What the file is for.
    pub fn kind(&self) -> Kind {
        kind(&self.path)
    }
}

/// What the file at `path` (below the site) is for: `manifest.bin` and `segments/` are the index, and among those
/// section `r` holds records.
pub fn kind(path: &str) -> Kind {
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("segments"), _, Some("r")) => Kind::Records,
        (Some("segments"), _, _) | (Some("manifest.bin"), None, _) => Kind::Index,
        _ => Kind::Client,
    }
}

/// The sum of some requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Number of requests.
    pub requests: u64,
    /// Counted bytes (see [`Request::counted`]).
    pub counted: u64,
    /// Stored bytes.
    pub raw: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kb = |bytes: u64| bytes as f64 / 1000.0;
        write!(
            f,
            "{:.1} KB ({:.1} raw) in {} requests",
            kb(self.counted),
            kb(self.raw),
            self.requests
        )
    }
}

/// Adds up the requests `keep` accepts.
pub fn cost(requests: &[Request], keep: impl Fn(&Request) -> bool) -> Cost {
    requests
        .iter()
        .filter(|r| keep(r))
        .fold(Cost::default(), |sum, r| Cost {
            requests: sum.requests + 1,
            counted: sum.counted + r.counted,
            raw: sum.raw + r.raw,
        })
}

/// The longest chain of requests in which each began only after the one before it was answered: sequential steps.
///
/// A chain is an upper bound on what truly waited for what, tight when every answer takes the same time (see
/// [`super::host::Host::delay`]).
pub fn steps(requests: &[Request], keep: impl Fn(&Request) -> bool) -> usize {
    let mut seen: Vec<(Instant, usize)> = Vec::new();
    let mut sorted: Vec<&Request> = requests.iter().filter(|r| keep(r)).collect();
    sorted.sort_by_key(|r| r.started);
    for request in sorted {
        let before = seen
            .iter()
            .filter(|(end, _)| *end <= request.started)
            .map(|(_, depth)| *depth)
            .max();
        seen.push((request.finished, before.unwrap_or(0) + 1));
    }
    seen.iter().map(|(_, depth)| *depth).max().unwrap_or(0)
}
