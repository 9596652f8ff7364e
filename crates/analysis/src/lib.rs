//! Text to terms: the one analyzer of builder and query.
//!
//! Pure and deterministic: no locale, no environment, the same result natively and in wasm, and
//! the same whatever the compiler's Unicode version. [`tokenize`] breaks a text into folded terms
//! with their places, [`stem`] gives the forms of a word one key, [`is_stop_word`] tells function
//! words, [`fold_into`] brings names and other text to the form of terms, and [`fingerprint`]
//! tells one analyzer from another.
//!
//! ```
//! use offprint_analysis::{TokenKind, stem, tokenize};
//!
//! let mut terms = Vec::new();
//! tokenize("Poincaré's byte-pair codes", &mut |token| {
//!     terms.push((token.term.to_owned(), token.position, token.kind));
//! });
//! assert_eq!(terms[0], ("poincare".into(), 0, TokenKind::Word));
//! assert!(terms.contains(&("codes".into(), 3, TokenKind::Word)));
//! assert!(terms.contains(&("bytepair".into(), 1, TokenKind::Variant)));
//! assert_eq!(stem("optimisation"), stem("optimize"));
//! ```

mod fingerprint;
mod fold;
mod identifier;
mod stem;
mod stop;
mod symbols;
mod tables;
mod tokenize;

pub use fingerprint::fingerprint;
pub use fold::{fold_char, fold_into};
pub use identifier::identifier;
pub use stem::stem;
pub use stop::is_stop_word;
pub use tokenize::{Tokenizer, tokenize};

/// What a [`Token`] is to the text it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word as it stands. Words are counted, positioned and required.
    Word,
    /// Another form of what stands at this position (`bytepair` for `byte-pair`, `schroedinger`
    /// for `Schrödinger`, `c++`): it can be found, and adds score, but is never required.
    Variant,
}

/// One term of a text, with its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Folded surface form (lower case, no accents), not stemmed, at most [`MAX_TERM_BYTES`].
    pub term: &'a str,
    /// First byte of the source text that the token covers.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// Number of words before this one. A variant has the position of the first word it covers.
    pub position: u32,
    /// What the token is.
    pub kind: TokenKind,
}

/// Longest term in bytes of UTF-8; longer words are cut at a character boundary.
pub const MAX_TERM_BYTES: usize = 64;
