//! Ways in which a test host can fail on purpose.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Harm {
    /// Answer with this status and a short HTML body.
    Status(u16),
    /// Close the connection without an answer.
    Cut,
    /// Announce the whole length, send half, close the connection.
    Truncate,
    /// Send a web page with status 200, as networks do that want a login.
    Portal,
    /// Send the right bytes, in so many pieces with a pause before each.
    Drip(usize, Duration),
    /// Send half of the bytes, then nothing, and keep the connection.
    Stall,
    /// Send the right number of bytes with one bit of the byte in their middle turned over.
    Flip,
    /// Send these bytes instead, as a whole and valid answer.
    Replace {
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether caches may keep them, as they may keep the file they stand for.
        kept: bool,
    },
}

impl Harm {
    /// Other bytes, which the browser's cache keeps like those they stand for.
    pub fn replace(bytes: Vec<u8>) -> Self {
        Self::Replace { bytes, kept: true }
    }

    /// Other bytes that no cache keeps, so that the next request can bring the right ones.
    pub fn replace_once(bytes: Vec<u8>) -> Self {
        Self::Replace { bytes, kept: false }
    }
}

/// A planned failure.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) harm: Harm,
    pattern: String,
    dest: Option<&'static str>,
    whole: bool,
    pub(super) left: u32,
}

impl Fault {
    /// `harm` for every path (below the site) that contains `pattern`, until the host is healed.
    pub fn new(harm: Harm, pattern: &str) -> Self {
        Self {
            harm,
            pattern: pattern.to_owned(),
            dest: None,
            whole: false,
            left: u32::MAX,
        }
    }

    /// Fail only the first `times` requests.
    pub fn times(mut self, times: u32) -> Self {
        self.left = times;
        self
    }

    /// Fail only requests of this kind, as browsers tell it in `Sec-Fetch-Dest`, such as `worker`.
    pub fn only_for(mut self, dest: &'static str) -> Self {
        self.dest = Some(dest);
        self
    }

    /// Fail only requests for whole files.
    pub fn only_whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Whether it is meant for a request; `part` says whether it is one for a part of a file.
    pub(super) fn fits(&self, path: &str, dest: &str, part: bool) -> bool {
        path.contains(&self.pattern)
            && self.dest.is_none_or(|wanted| wanted == dest)
            && !(self.whole && part)
    }
}
