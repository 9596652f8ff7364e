//! Derives `src/tables.rs` from the Unicode data:
//! `cargo run -p offprint-analysis --example tables > crates/analysis/src/tables.rs`.
//!
//! The unit tests include this file: they fail when the table has drifted, and check the decoder
//! against [`class`] and [`fold`] for every character there is.

#![allow(dead_code)] // The tests use another part of this file than `main`.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// What a character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Stands between words.
    Break,
    /// Part of a word.
    Word,
    /// A word of its own.
    Ideograph,
    /// Dropped; does not part the letters beside it.
    Nothing,
}

/// Blocks whose characters take the letters of their compatibility decomposition. All others are
/// only put in lower case: Japanese, Korean, Indic or Arabic letters would lose their meaning.
const DECOMPOSED: [(u32, u32); 12] = [
    (0x00A0, 0x02AF),   // Latin-1 Supplement, Latin Extended-A and -B
    (0x02B0, 0x02FF),   // small raised letters
    (0x0370, 0x03FF),   // Greek
    (0x1D2C, 0x1DBF),   // raised and lowered letters
    (0x1E00, 0x1FFF),   // Latin Extended Additional, Greek Extended
    (0x2070, 0x209C),   // raised and lowered digits and letters
    (0x2100, 0x217F),   // letterlike, Roman numerals
    (0x2460, 0x2468),   // circled digits
    (0x24B6, 0x24E9),   // circled letters
    (0xFB00, 0xFB06),   // ligatures
    (0x1D400, 0x1D6A5), // mathematical Latin letters
    (0x1D6A8, 0x1D7FF), // mathematical Greek letters and digits
];

/// Blocks of rare phonetic and historic letters that stay as they are, unless they come down to
/// plain Latin or Greek: 80 entries for letters that no reader types.
const RARE: [(u32, u32); 3] = [(0x1D00, 0x1DBF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF)];

/// Letters that Unicode does not take apart, and what people type for them.
const SPECIAL: [(char, &str); 32] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ð', "d"),
    ('ø', "o"),
    ('đ', "d"),
    ('ł', "l"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ı', "i"),
    ('ȷ', "j"),
    ('ŋ', "n"),
    ('ĸ', "k"),
    ('ƀ', "b"),
    ('ɓ', "b"),
    ('ƈ', "c"),
    ('ɖ', "d"),
    ('ɗ', "d"),
    ('ƒ', "f"),
    ('ǥ', "g"),
    ('ɠ', "g"),
    ('ɡ', "g"),
    ('ƙ', "k"),
    ('ƚ', "l"),
    ('ɲ', "n"),
    ('ƥ', "p"),
    ('ƭ', "t"),
    ('ƶ', "z"),
    ('ƴ', "y"),
    ('ς', "σ"),
    ('ё', "е"),
];

fn among(blocks: &[(u32, u32)], code: u32) -> bool {
    blocks
        .iter()
        .any(|&(first, last)| (first..=last).contains(&code))
}

/// Whether the Unicode version behind the table knows the character.
pub fn is_assigned(c: char) -> bool {
    !matches!(
        c.general_category(),
        GeneralCategory::Unassigned | GeneralCategory::PrivateUse
    )
}

/// What a character outside ASCII is to a word.
pub fn class(c: char) -> Class {
    let code = u32::from(c);
    match code {
        // Soft hyphen, joiners and directions, variation selectors.
        0x00AD | 0x200C..=0x200F | 0x2060 | 0xFE00..=0xFE0F | 0xFEFF | 0xE0100..=0xE01EF => {
            Class::Nothing
        }
        // Primes and half rings of transliterations.
        0x02B9..=0x02DF => Class::Nothing,
        // Accents.
        0x0300..=0x036F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F => {
            Class::Nothing
        }
        // Han, Hiragana, Katakana: scripts without spaces.
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3038..=0x303B => Class::Ideograph,
        0x3040..=0x3098 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF => Class::Ideograph,
        0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF => Class::Ideograph,
        0xFF66..=0xFF9D | 0x20000..=0x3FFFF => Class::Ideograph,
        // Beyond the first plane whole scripts count as letters.
        0x10000..=0x1CFFF | 0x1D400..=0x1EFFF => Class::Word,
        0x10000.. => Class::Break,
        0x24B6..=0x24E9 => Class::Word,
        _ => match c.general_category_group() {
            GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Mark
            | GeneralCategoryGroup::Number => Class::Word,
            _ => Class::Break,
        },
    }
}

fn lower(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase()
        .flat_map(|c| match SPECIAL.iter().find(|special| special.0 == c) {
            Some(special) => special.1.chars().collect::<Vec<_>>(),
            None => vec![c],
        })
}

/// What a character outside ASCII folds to.
pub fn fold(c: char) -> String {
    let code = u32::from(c);
    if (0xFF01..=0xFF5E).contains(&code) {
        return std::iter::once(c).nfkd().collect::<String>().to_lowercase();
    }
    let beyond = code > 0xFFFF && !among(&DECOMPOSED, code);
    match class(c) {
        Class::Nothing => return String::new(),
        Class::Word if is_assigned(c) && !beyond => {}
        _ => return c.to_string(),
    }
    let mut folded = c.to_string();
    // A second turn, since what a letter is made of may fold itself.
    for _ in 0..2 {
        let parts: String = match among(&DECOMPOSED, code) {
            true => folded.nfkd().collect(),
            false => folded,
        };
        if parts.contains('⁄') {
            return c.to_string(); // ½ is not 12.
        }
        folded = parts
            .chars()
            .flat_map(lower)
            .filter(|&c| c.is_ascii_alphanumeric() || (!c.is_ascii() && class(c) == Class::Word))
            .collect();
    }
    let plain = folded
        .chars()
        .all(|c| c.is_ascii() || ('\u{370}'..'\u{400}').contains(&c));
    if folded.is_empty() || (among(&RARE, code) && !plain) {
        return c.to_string();
    }
    folded
}

/// A run of neighbouring characters treated alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First character.
    pub first: u32,
    /// How many characters.
    pub count: u32,
    /// One of the numbers in `fold.rs`.
    pub kind: u32,
    /// What the kind needs.
    pub value: u32,
}

/// Kind and value of a character by itself, and the kinds that a run starting there may have.
fn describe(code: u32) -> Option<(u32, u32)> {
    let c = char::from_u32(code)?;
    let folded = fold(c);
    let chars: Vec<u32> = folded.chars().map(u32::from).collect();
    match (class(c), chars.as_slice()) {
        (Class::Break, _) => None,
        (Class::Nothing, _) => Some((5, 0)),
        (Class::Ideograph, _) => Some((6, 0)),
        (Class::Word, &[same]) if same == code => Some((4, 0)),
        (Class::Word, &[target]) => Some((0, target)),
        (Class::Word, several) => {
            let letters = several.iter().rev().fold(0, |packed, &letter| {
                assert!((0x61..=0x7A).contains(&letter), "{c} has other letters");
                packed * 27 + letter - 0x60
            });
            Some((7, letters))
        }
    }
}

/// All that is not [`Class::Break`] from U+0080 to the end of the first plane, in order; the
/// full-width forms of ASCII are left to code.
pub fn runs() -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut first = 0x80u32;
    while first <= 0xFFFF {
        let Some((kind, value)) = describe(first).filter(|_| !(0xFF01..=0xFF5E).contains(&first))
        else {
            first += 1;
            continue;
        };
        let (mut count, mut kind, mut value) = (1, kind, value);
        match kind {
            0 => {
                let all = (0..).take_while(|n| describe(first + n) == Some((0, value)));
                let all = all.count() as u32;
                let shift = (0..).take_while(|n| describe(first + n) == Some((0, value + n)));
                let shift = shift.count() as u32;
                let pairs = (0..).take_while(|n| {
                    describe(first + 2 * n) == Some((0, first + 2 * n + 1))
                        && describe(first + 2 * n + 1) == Some((4, 0))
                });
                let pairs = 2 * pairs.count() as u32;
                count = all.max(shift).max(pairs);
                if pairs == count {
                    (kind, value) = (3, 0);
                } else if shift == count && shift > 1 {
                    (kind, value) = match value > first {
                        true => (1, value - first),
                        false => (2, first - value),
                    };
                }
            }
            4..=6 => {
                // Unassigned characters may stand in a run, but not at its end.
                let mut last = first;
                for code in first..=0xFFFF {
                    let next = describe(code);
                    if next.is_some_and(|next| next == (kind, value)) {
                        last = code;
                    } else if next.is_some() || char::from_u32(code).is_none_or(is_assigned) {
                        break;
                    }
                }
                count = last - first + 1;
            }
            _ => {}
        }
        runs.push(Run {
            first,
            count,
            kind,
            value,
        });
        first += count;
    }
    runs
}

/// Runs between two marks of the table.
pub const STRIDE: usize = 32;

/// The runs as bytes, and marks `(end of the run before, offset)` to start reading from.
pub fn encode(runs: &[Run]) -> (Vec<u8>, Vec<(u16, u16)>) {
    let mut bytes = Vec::new();
    let mut marks = Vec::new();
    let mut end = 0;
    let number = |bytes: &mut Vec<u8>, mut value: u32| {
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
    };
    for (at, run) in runs.iter().enumerate() {
        if at % STRIDE == 0 {
            marks.push((end as u16, bytes.len() as u16));
        }
        number(&mut bytes, run.first - end);
        number(&mut bytes, run.count << 3 | run.kind);
        if matches!(run.kind, 0..=2 | 7) {
            number(&mut bytes, run.value);
        }
        end = run.first + run.count;
    }
    (bytes, marks)
}

/// The text of `src/tables.rs`.
pub fn file() -> String {
    let (bytes, marks) = encode(&runs());
    let mut text = String::from(
        "//! What characters outside ASCII are and fold to. Made by `examples/tables.rs`; see there.\n\n\
         /// Where reading may start: the character after the run before, and the offset.\n\
         #[rustfmt::skip]\n",
    );
    let _ = writeln!(
        text,
        "pub(crate) static MARKS: [(u16, u16); {}] = [",
        marks.len()
    );
    for line in marks.chunks(6) {
        let line: Vec<String> = line.iter().map(|mark| format!("{mark:?},")).collect();
        let _ = writeln!(text, "    {}", line.join(" "));
    }
    text += "];\n\n/// Runs as numbers of seven bits a byte: gap, count and kind, value.\n";
    text += "#[rustfmt::skip]\n";
    let _ = writeln!(text, "pub(crate) static RUNS: [u8; {}] = [", bytes.len());
    for line in bytes.chunks(24) {
        let line: Vec<String> = line.iter().map(|byte| format!("{byte},")).collect();
        let _ = writeln!(text, "    {}", line.join(" "));
    }
    text += "];\n";
    text
}

fn main() {
    print!("{}", file());
}
