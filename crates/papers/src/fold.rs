//! Folded text: what two writings of the same text have in common.

use twox_hash::xxhash3_128::Hasher;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends `text` in lower case, without accents, letters and digits only.
pub(crate) fn fold_into(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        // This goes over every abstract: each byte is written, and kept by going on behind it.
        let start = out.len();
        out.resize(start + text.len(), 0);
        let mut end = start;
        for byte in text.bytes() {
            if let Some(slot) = out.get_mut(end) {
                *slot = byte.to_ascii_lowercase();
            }
            end += usize::from(byte.is_ascii_alphanumeric());
        }
        out.truncate(end);
        return;
    }
    let letters = text
        .nfkd()
        .filter(|&c| !is_combining_mark(c) && c.is_alphanumeric());
    let lower = letters.flat_map(char::to_lowercase).nfkd();
    for c in lower.filter(|&c| !is_combining_mark(c)) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Hashes of folded text, with a buffer used again and again.
#[derive(Default)]
pub(crate) struct Folder {
    buffer: Vec<u8>,
}

impl Folder {
    /// Of a title alone.
    pub(crate) fn title(&mut self, title: &str) -> u128 {
        self.both(title, "")
    }

    /// Of a title with its abstract.
    pub(crate) fn both(&mut self, title: &str, abstract_: &str) -> u128 {
        self.buffer.clear();
        fold_into(title, &mut self.buffer);
        // A title of symbols alone must not make all such papers one.
        if self.buffer.is_empty() {
            self.buffer.extend_from_slice(title.as_bytes());
        }
        self.buffer.push(b'\n');
        fold_into(abstract_, &mut self.buffer);
        Hasher::oneshot(&self.buffer)
    }
}

/// A hash of text as it stands.
pub(crate) fn hash(text: &str) -> u128 {
    Hasher::oneshot(text.as_bytes())
}

/// A readable id made of a title: ASCII words in lower case joined by `-`, at most 80 bytes.
pub(crate) fn slug(title: &str) -> String {
    const MOST: usize = 80;
    let mut slug = String::new();
    let mut gap = false;
    // An apostrophe stands inside a word; anything else that is no letter or digit ends one.
    for c in deunicode::deunicode(title).chars().filter(|&c| c != '\'') {
        if c.is_ascii_alphanumeric() {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
        if slug.len() > MOST {
            let end = slug.rfind('-').filter(|&at| at > 0).unwrap_or(MOST);
            slug.truncate(end);
            break;
        }
    }
    if slug.is_empty() {
        // Symbols alone: nothing to read, but still the same id every time.
        slug = format!("paper-{:08x}", hash(title) as u32);
    }
    slug
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = Vec::new();
        fold_into(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn folding_joins_writings_of_one_text() {
        assert_eq!(
            folded("Poincaré: A  Life!"),
            folded("POINCARE\u{301} a-life")
        );
        assert_eq!(folded("ﬁne ２"), "fine2");
        assert_eq!(folded("İx"), "ix");
        let mut folder = Folder::default();
        assert_ne!(folder.title("∀∃"), folder.title("∃∀"));
        assert_ne!(folder.both("a", "b"), folder.both("ab", ""));
        assert_eq!(folder.both("A b.", "C"), folder.both("ab", "c!"));
    }

    #[test]
    fn slugs_are_short_and_readable() {
        assert_eq!(
            slug("Schrödinger's Cats: a (very) short Story"),
            "schrodingers-cats-a-very-short-story"
        );
        assert_eq!(slug("Łódź – 北京"), "lodz-bei-jing");
        let long = slug(&"longish words ".repeat(20));
        assert!(long.len() <= 80 && long.ends_with("-longish"), "{long}");
        assert_eq!(slug(&"x".repeat(500)), "x".repeat(80));
        assert_eq!(slug("???"), slug("???"));
        assert!(slug("!").starts_with("paper-"));
    }
}
