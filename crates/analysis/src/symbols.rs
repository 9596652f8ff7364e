//! Terms with symbols, as typed: `c++`, `2:4`, `eff@k`, `o(k^-3)`.
//!
//! What stands between two gaps is stripped of quotes, of punctuation around it, of brackets that
//! are not closed or that hold all of it, and of asterisks on both sides; then of what LaTeX adds
//! (`$`, `{`, `}`, `\\`). Raised and lowered characters become `^` and `_` with plain ones, so that
//! `O(k⁻³)` meets `O(k^{-3})`. If symbols are left beside letters or digits, that is a term. What
//! stands between slashes and hyphens is looked at as well (`C/C++`, `E(3)-equivariant`);
//! addresses (`//`) have no terms.
//!
//! Formulas would fill a dictionary: of 200 000 abstracts, 83 000 of them would make a third as
//! many terms again as there are words, nearly all once. So a term is short and has few symbols.

use crate::MAX_TERM_BYTES;
use crate::fold::{Class, fold_classed};

/// Most characters of a term.
const MAX_CHARS: usize = 16;

/// Most symbols of a term: `o(k^-3)` has three.
const MAX_SYMBOLS: usize = 3;

/// Most bytes looked at between two gaps: the longest term, and as much again to be stripped.
pub(crate) const MAX_BYTES: usize = 128;

/// Whether a character parts what may be a term.
pub(crate) fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '~' | '"' | '‘' | '“' | '”' | '–' | '—' | '…')
}

/// Whether a character between words makes no term of them.
pub(crate) fn is_plain(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '\'' | '’' | '.' | '_' | '/')
}

/// Whether a letter or digit is raised: `x²` is `x^2`.
pub(crate) fn is_raised(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '\u{2070}'..='\u{207F}')
}

fn is_lowered(c: char) -> bool {
    matches!(c, '\u{2080}'..='\u{209C}')
}

/// Hands the terms of `chunk` to `found`, each with its start and end there. `formed` is a buffer.
pub(crate) fn find(chunk: &str, formed: &mut String, found: &mut dyn FnMut(&str, usize, usize)) {
    if chunk.len() > MAX_BYTES || chunk.as_bytes().windows(2).any(|pair| pair == b"//") {
        return;
    }
    let mut look = |start: usize, part: &str| {
        let (skipped, symbol) = strip(part);
        // The last plane is for private use, and indexes mark keys of another kind by its end.
        if symbol.as_bytes().first() != Some(&0xF4) && form(symbol, formed) {
            let start = start + skipped;
            found(formed, start, start + symbol.len());
        }
    };
    look(0, chunk);
    let mut start = 0;
    for (end, parting) in chunk.match_indices(['/', '-', '‐', '‑']) {
        look(start, chunk.get(start..end).unwrap_or_default());
        start = end + parting.len();
    }
    if start > 0 {
        look(start, chunk.get(start..).unwrap_or_default());
    }
}

/// `text` without what only surrounds it, and how many bytes went from its start.
fn strip(text: &str) -> (usize, &str) {
    let (mut start, mut end) = (0, text.len());
    loop {
        let left = text.get(start..end).unwrap_or_default();
        // All that is stripped is ASCII, but for the quote that may end a chunk.
        match left.as_bytes() {
            [.., 0xE2, 0x80, 0x99] => end -= 3,
            [.., last] if is_around(*last) => end -= 1,
            [first, ..] if is_around(*first) => start += 1,
            [b'*', .., b'*'] => {
                start += 1;
                end -= 1;
            }
            bytes => match unpaired(bytes) {
                Some((first, last)) => {
                    start += usize::from(first);
                    end -= usize::from(last);
                }
                None => return (start, left),
            },
        }
    }
}

fn is_around(byte: u8) -> bool {
    matches!(
        byte,
        b'.' | b':' | b'!' | b'?' | b'\'' | b'`' | b'$' | b'{' | b'}' | b'\\'
    )
}

/// Which of the first and the last byte is a bracket to be stripped: because its partner is
/// missing, or because they are each other's.
fn unpaired(bytes: &[u8]) -> Option<(bool, bool)> {
    for [open, close] in [*b"()", *b"[]", *b"<>"] {
        // How deep each bracket stands; a closing one with nothing to close has no partner.
        let (mut depth, mut outer, mut lone_end) = (0usize, None, false);
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == open {
                depth += 1;
            } else if byte == close {
                lone_end = depth == 0;
                depth = depth.saturating_sub(1);
                if depth == 0 && outer.is_none() {
                    outer = Some(at);
                }
            }
        }
        let (first, last) = (*bytes.first()?, *bytes.last()?);
        if first == close || (first == open && outer.is_none()) {
            return Some((true, false));
        }
        if last == open || (last == close && lone_end) {
            return Some((false, true));
        }
        if first == open && outer.is_some_and(|at| at + 1 == bytes.len()) {
            return Some((true, true));
        }
    }
    None
}

/// Writes the term for a stripped text to `out`, and says whether it is one.
fn form(text: &str, out: &mut String) -> bool {
    out.clear();
    let (mut chars, mut symbols, mut words) = (0, 0, 0);
    let (mut round, mut square) = (0i32, 0i32);
    let (mut raised, mut lowered) = (false, false);
    for source in text.chars() {
        let c = match source {
            '$' | '{' | '}' | '\\' => continue,
            '`' | '|' => return false, // a broken accent, a set
            '⁺' | '₊' => '+',
            '⁻' | '₋' | '−' | '‐' | '‑' => '-',
            '⁼' | '₌' => '=',
            '⁽' | '₍' => '(',
            '⁾' | '₎' => ')',
            '’' => '\'',
            '∗' => '*',
            c => c,
        };
        if is_raised(source) && !raised {
            out.push('^');
            symbols += 1;
        } else if is_lowered(source) && !lowered {
            out.push('_');
        }
        (raised, lowered) = (is_raised(source), is_lowered(source));
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
        match fold_classed(c, out) {
            Class::Break if is_plain(c) => {}
            Class::Break => symbols += 1,
            Class::Nothing => continue,
            Class::Word | Class::Ideograph => words += 1,
        }
        chars += 1;
        if round < 0 || square < 0 || chars > MAX_CHARS || symbols > MAX_SYMBOLS {
            return false;
        }
    }
    symbols > 0 && words > 0 && round == 0 && square == 0 && out.len() <= MAX_TERM_BYTES
}
