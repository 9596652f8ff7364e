//! Lower case, no accents, no look-alikes: what a reader types for what stands in a text.
//!
//! Own data rather than `char::to_lowercase` and `char::is_alphanumeric`, for two reasons. The
//! standard library's tables grow with the compiler's Unicode version, and the builder and the
//! browser client may be compiled by different ones, which must agree. And one packed table that
//! also holds accents and compatibility letters is less than half the bytes of the two.

use crate::tables::{MARKS, RUNS};

/// What a character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Stands between words.
    Break,
    /// Part of a word.
    Word,
    /// A word of its own: Han, Hiragana, Katakana.
    Ideograph,
    /// Dropped, and does not part the letters beside it: accents, soft hyphens, joiners.
    Nothing,
}

/// Kinds of runs in [`RUNS`]. A run of kind 0 folds to one character, 1 and 2 fold to the
/// characters `value` further up or down, 3 is upper and lower case in turn, 4 to 6 stay as they
/// are, and 7 folds to several letters, packed base 27 with the first lowest.
const UP: u32 = 1;
const DOWN: u32 = 2;
const PAIRS: u32 = 3;
const SAME: u32 = 4;
const NOTHING: u32 = 5;
const IDEOGRAPH: u32 = 6;
const SEVERAL: u32 = 7;

struct Run {
    first: u32,
    kind: u32,
    value: u32,
}

fn number(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u32> {
    let mut value = 0;
    for shift in [0, 7, 14] {
        let byte = u32::from(*bytes.next()?);
        value |= (byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(value)
}

fn find(code: u32) -> Option<Run> {
    let &(end, offset) = MARKS.iter().rev().find(|mark| u32::from(mark.0) <= code)?;
    let mut bytes = RUNS.get(usize::from(offset)..)?.iter();
    let mut first = u32::from(end);
    loop {
        first += number(&mut bytes)?;
        if code < first {
            return None;
        }
        let packed = number(&mut bytes)?;
        let kind = packed & 7;
        let value = match kind {
            PAIRS..=IDEOGRAPH => 0,
            _ => number(&mut bytes)?,
        };
        let run = Run { first, kind, value };
        first += packed >> 3;
        if code < first {
            return Some(run);
        }
    }
}

/// What a mathematical letter or digit (U+1D400 to U+1D7FF) folds to: thirteen Latin alphabets in
/// both cases, two letters without a dot, five Greek alphabets of 58 characters, two digammas,
/// five times ten digits.
fn mathematical(code: u32) -> u32 {
    let index = code - 0x1D400;
    match index {
        0..676 => 0x61 + index % 26,
        676..678 => 0x69 + index % 2,
        678..680 => code, // a new double s
        680..970 => match (index - 680) % 58 {
            17 => 0x3B8,     // capital theta again, where final sigma stands among the small
            43 => 0x3C3,     // final sigma
            25 | 51 => code, // nabla, partial differential
            52 => 0x3B5,     // epsilon, theta, kappa, phi, rho and pi in another hand
            53 => 0x3B8,
            54 => 0x3BA,
            55 => 0x3C6,
            56 => 0x3C1,
            57 => 0x3C0,
            place => 0x3B1 + place % 26,
        },
        970..974 => 0x3DD,
        _ => 0x30 + (index - 974) % 10,
    }
}

/// Full-width forms of ASCII as ASCII; everything else as it is.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// What a character is, and the character it folds to, if it is one. If it is several, their code
/// comes with a class of word.
fn look_up(c: char) -> (Class, Result<u32, u32>) {
    let code = u32::from(c);
    let run = match code {
        ..0x80 if c.is_ascii_alphanumeric() => {
            return (Class::Word, Ok(u32::from(c.to_ascii_lowercase())));
        }
        0x80..=0xFFFF => find(code),
        0x1D400..=0x1D7FF => return (Class::Word, Ok(mathematical(code))),
        0x10000..=0x1CFFF | 0x1D800..=0x1EFFF => return (Class::Word, Ok(code)),
        0x20000..=0x3FFFF => return (Class::Ideograph, Ok(code)),
        0xE0100..=0xE01EF => return (Class::Nothing, Err(0)),
        _ => None,
    };
    let Some(Run { first, kind, value }) = run else {
        return (Class::Break, Ok(code));
    };
    match kind {
        UP => (Class::Word, Ok(code + value)),
        DOWN => (Class::Word, Ok(code - value)),
        PAIRS => (Class::Word, Ok(code + (code - first + 1) % 2)),
        SAME => (Class::Word, Ok(code)),
        NOTHING => (Class::Nothing, Err(0)),
        IDEOGRAPH => (Class::Ideograph, Ok(code)),
        SEVERAL => (Class::Word, Err(value)),
        _ => (Class::Word, Ok(value)),
    }
}

/// What a character is to a word.
pub(crate) fn class(c: char) -> Class {
    look_up(narrow(c)).0
}

/// Appends what `c` folds to and says what it is.
pub(crate) fn fold_classed(c: char, out: &mut String) -> Class {
    let c = narrow(c);
    let (class, folded) = look_up(c);
    match folded {
        Ok(code) => out.push(char::from_u32(code).unwrap_or(c)),
        Err(mut letters) => {
            while letters > 0 {
                out.push(char::from(b'`' + (letters % 27) as u8));
                letters /= 27;
            }
        }
    }
    class
}

/// Appends a character in folded form: in lower case, without accents, with compatibility letters
/// (ligatures, full width, raised and lowered, mathematical) as plain ones. Accents that stand
/// alone, soft hyphens and joiners append nothing; what is not part of a word stays as it is.
pub fn fold_char(c: char, out: &mut String) {
    fold_classed(c, out);
}

/// Appends a text in folded form, character by character; see [`fold_char`]. Folding twice is
/// folding once.
pub fn fold_into(text: &str, out: &mut String) {
    for c in text.chars() {
        fold_classed(c, out);
    }
}

#[cfg(test)]
#[path = "../examples/tables.rs"]
mod derive;

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        fold_into(text, &mut out);
        out
    }

    #[test]
    fn the_table_is_what_the_unicode_data_gives() {
        assert!(
            derive::file() == include_str!("tables.rs"),
            "src/tables.rs has drifted: run `cargo run -p offprint-analysis --example tables`, \
             put its output there, and raise ANALYZER_VERSION"
        );
    }

    #[test]
    fn every_character_folds_as_derived() {
        let mut seen = 0;
        for c in ('\u{80}'..=char::MAX).filter(|&c| derive::is_assigned(c)) {
            let mut out = String::new();
            let class = fold_classed(c, &mut out);
            assert_eq!(out, derive::fold(c), "{c:?}");
            if narrow(c) == c {
                let expected = derive::class(c);
                assert_eq!(format!("{class:?}"), format!("{expected:?}"), "{c:?}");
            }
            assert_eq!(folded(&out), out, "folding {c:?} twice");
            seen += 1;
        }
        assert!(seen > 150_000);
    }

    #[test]
    fn folding_keeps_the_class() {
        for c in '\0'..=char::MAX {
            let mut out = String::new();
            let class = fold_classed(c, &mut out);
            assert_eq!(out.is_empty(), class == Class::Nothing, "{c:?}");
            for part in out.chars() {
                assert_eq!(fold_classed(part, &mut String::new()), class, "{c:?}");
            }
        }
    }

    #[test]
    fn letters_come_down_to_what_people_type() {
        for (text, expected) in [
            ("Poincaré", "poincare"),
            ("Poincare\u{301}", "poincare"),
            ("ŁØĐ łøđ", "lod lod"),
            (
                "Straße, Æsir, Œuvre, Þór, ıİ",
                "strasse, aesir, oeuvre, thor, ii",
            ),
            ("ẞ Ǆ ŉ ĳ", "ss dz n ij"),
            ("eﬃcient ﬂow", "efficient flow"),
            ("ＧＰＴ－４（ｘ）", "gpt-4(x)"),
            ("x² + y₁ = ½ ⁿ", "x2 + y1 = ½ n"),
            ("ℓ₂ ℝⁿ ℕ ℂ ℏ", "l2 rn n c h"),
            ("Ένας ΣΊΣΥΦΟΣ ᾄδω", "ενασ σισυφοσ αδω"),
            ("𝒜𝔹𝐜𝟛 𝛂𝛴𝜍𝜕𝛩", "abc3 ασσ𝜕θ"),
            ("Ёлка Йод Їжак", "елка йод їжак"),
            ("Ⅷ ⅻ Ⓡ①", "viii xii r1"),
            ("infor\u{AD}mation ʿAlī Hawaiʻi", "information ali hawaii"),
            ("が ﻻ 한글 हिन्दी", "が ﻻ 한글 हिन्दी"),
            ("Ա Ⴀ Ა", "ա ⴀ ა"),
            ("™ ° № C++", "™ ° № c++"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
