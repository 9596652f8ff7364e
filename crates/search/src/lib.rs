//! The search engine: a state machine that does no I/O.
//!
//! An [`Engine`] is opened on a manifest. Each thing asked of it is a [`Task`]: a step of a task
//! either is done or names the blocks it needs; whoever drives it fetches them, all in parallel
//! (one *round*), supplies them and steps again. [`drive`] does so with any function that gets
//! files; a browser does the same with `fetch`.
//!
//! The same code runs natively and in wasm and gives the same answers: scores are integers and
//! ties break by document number.

mod answer;
mod authors;
mod columns;
mod dates;
mod driver;
mod engine;
mod error;
mod facets;
mod filter;
mod json;
mod lists;
mod mark;
mod paper;
mod passing;
mod phrase;
mod query;
mod related;
mod resolve;
mod said;
mod score;
mod search;
mod snippet;
mod spell;
mod suggest;

pub use answer::{
    Answer, Code, Hit, Info, Link, Listed, Paper, PaperAnswer, Part, SearchRequest, Share, Snippet,
    SnippetAnswer, SnippetRequest, SuggestAnswer, Work,
};
pub use driver::{DriveError, Get, drive};
pub use engine::{Engine, Step, Task};
pub use error::{Error, Failed};
pub use facets::{Facet, FacetValue, Field};
pub use filter::{Filters, Sort};
pub use json::to_json;
pub use paper::PaperTask;
pub use phrase::{PhraseField, PhraseTask};
pub use search::Search;
pub use snippet::Snippets;
pub use suggest::Suggest;

/// Bounds on what one question may take, whatever the index says.
pub mod limits {
    /// Distinct words of a query that count; later ones are left out.
    pub const WORDS: usize = 48;
    /// Other forms of them that count.
    pub const VARIANTS: usize = 64;
    /// Distinct phrases of a query that count, and words that must stand exactly so.
    pub const PHRASES: usize = 8;
    /// Bytes of a query that are read; the rest is left out.
    pub const QUERY: usize = 16 * 1024;
    /// Hits in one answer.
    pub const HITS: usize = 1000;
    /// Blocks that one round may ask for.
    pub const BLOCKS: usize = 4096;
    /// Bytes of blocks that stay in memory between questions.
    pub const CACHE: usize = 8 * 1024 * 1024;
    /// Decoded postings, four bytes each, that are kept at most.
    pub const DECODED: usize = 4 * 1024 * 1024;
    /// Places where a phrase may begin, eight bytes each, that are held at most.
    pub const BEGINNINGS: usize = 8 * 1024 * 1024;
    /// Postings of the shortest list that is kept decoded.
    pub const DECODED_LIST: usize = 64;
}

/// Fingerprint of the analyzer that indexes must have been made with.
#[must_use]
pub fn analyzer() -> u64 {
    offprint_analysis::fingerprint()
}
