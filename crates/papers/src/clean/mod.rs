//! Text as a reader should see it.
//!
//! Light on purpose: accents, plain commands, quotes, dashes, ties and entities that LaTeX and
//! HTML left behind become the characters they stand for; addresses are mended; what is not
//! understood stays as it is. Mathematics, in dollars or bare, is not touched.
//!
//! Cleaning is a number of passes, repeated until nothing changes, so that cleaned text cleans
//! to itself.

mod accents;
mod commands;
mod entities;
mod fonts;
mod residue;
mod scanner;
mod typography;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::links;
use crate::paper::Text;

/// Cleaned text with the addresses in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The text.
    pub text: Text,
    /// Safe `http` and `https` addresses, each once and in order; every one of them stands
    /// letter for letter in the clean text.
    pub links: Vec<String>,
}

/// Rounds of cleaning. Real text takes one or two; text made to need more ends here.
const ROUNDS: usize = 32;

/// Cleans text and finds the addresses in it.
///
/// ```
/// let cleaned = offprint_papers::clean("Na\\\"ive kites --- ``fly''. See github.com/kites/fly.");
/// assert_eq!(cleaned.text.clean, "Naïve kites — “fly”. See https://github.com/kites/fly.");
/// assert_eq!(cleaned.links, ["https://github.com/kites/fly"]);
/// assert_eq!(clean_again(&cleaned), cleaned.text.clean);
/// # fn clean_again(cleaned: &offprint_papers::Cleaned) -> String {
/// #     offprint_papers::clean(&cleaned.text.clean).text.clean
/// # }
/// ```
pub fn clean(text: &str) -> Cleaned {
    let text = clean_text(text);
    let links = links::find(&text.clean);
    Cleaned { text, links }
}

/// Cleans text.
pub fn clean_text(text: &str) -> Text {
    let base = normalize(text);
    if !residue::has_residue(&base) && !fonts::has_lost_size(&base) {
        return Text {
            clean: base.into_owned(),
            raw: None,
        };
    }
    let mut now = base.to_string();
    for _ in 0..ROUNDS {
        let next = round(&now);
        if next == now {
            break;
        }
        now = next;
    }
    let raw = (now != *base).then(|| base.into_owned());
    Text { clean: now, raw }
}

fn round(text: &str) -> String {
    let text = entities::decode(text);
    let text = links::mend(&text);
    let text = scanner::scan(&text);
    let text = fonts::drop_sizes(&text);
    normalize(&text).into_owned()
}

/// NFC, no control or invisible characters, single spaces, none at the ends.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    let visible: String = text
        .chars()
        .filter(|&c| c.is_whitespace() || !(c.is_control() || is_invisible(c)))
        .nfc()
        .collect();
    let mut out = String::with_capacity(visible.len());
    for word in visible.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Cow::Owned(out)
}

fn is_normal(text: &str) -> bool {
    if text.is_ascii() {
        // Most text: the same question, asked of bytes. All are looked at whatever is found, which
        // lets the compiler take many at a time.
        let bytes = text.as_bytes();
        let visible = |all, byte: &u8| all & (b' '..=b'~').contains(byte);
        let pairs = bytes.iter().zip(bytes.iter().skip(1));
        let double = |any, (one, two): (&u8, &u8)| any | ((*one == b' ') & (*two == b' '));
        return bytes.first() != Some(&b' ')
            && bytes.last() != Some(&b' ')
            && bytes.iter().fold(true, visible)
            && !pairs.fold(false, double);
    }
    let mut space = true;
    for c in text.chars() {
        let blank = c.is_whitespace();
        if blank && (space || c != ' ') || c.is_control() || is_invisible(c) {
            return false;
        }
        space = blank;
    }
    (!space || text.is_empty()) && is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Characters that show nothing and can only mislead: bidirectional controls, zero-width spaces,
/// soft hyphens, tags. The joiners U+200C and U+200D stay, since scripts and emoji need them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests;
