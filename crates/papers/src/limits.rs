//! How much of an input is taken.

/// Bounds on what one input may hold. Lengths of text are in characters.
///
/// Text over its bound is cut, a list over its bound loses its tail, and both are said in a
/// warning; only a line over [`Limits::line_bytes`] costs its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters of a title, and of a venue.
    pub title_chars: usize,
    /// Characters of an abstract.
    pub abstract_chars: usize,
    /// Characters of an author's name, a category or a keyword.
    pub name_chars: usize,
    /// Characters of an id; a longer one is dropped, since cutting could make two ids one.
    pub id_chars: usize,
    /// Authors of a paper.
    pub authors: usize,
    /// Links of a paper.
    pub links: usize,
    /// Categories of a paper, and keywords of a paper.
    pub categories: usize,
    /// Listings of a paper.
    pub listings: usize,
    /// Bytes of a line; what is longer is skipped without being held in memory.
    pub line_bytes: usize,
    /// Diagnostics kept for an input; what goes beyond is counted.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            title_chars: 2_000,
            abstract_chars: 100_000,
            name_chars: 200,
            id_chars: 200,
            authors: 5_000,
            links: 100,
            categories: 100,
            listings: 1_000,
            line_bytes: 16 << 20,
            diagnostics: 1_000,
        }
    }
}
