//! Whether cleaning has anything to do, which for most texts it has not.

/// Whether there is anything that a pass could change. Wrong answers cost time, or leave residue.
pub(super) fn has_residue(text: &str) -> bool {
    let mut before = ANY;
    text.bytes().any(|byte| {
        let signs = SIGNS.get(usize::from(byte)).copied().unwrap_or_default();
        let found = before & signs.1 > 0;
        before = signs.0;
        found
    })
}

/// For each byte, what it starts and what it ends of the pairs that are signs of residue, a bit
/// each: this is asked of every byte of every text.
static SIGNS: [(u8, u8); 256] = signs();
/// Starts with any byte, and with none: a sign of a single byte ends it.
const ANY: u8 = 1;

#[allow(clippy::indexing_slicing, reason = "runs while this is compiled")]
const fn signs() -> [(u8, u8); 256] {
    const DASHES: u8 = 2;
    const QUOTES: u8 = 4;
    // "http", "www.", "x.com/y" and the like.
    const PATH: u8 = 8;
    const HOST: u8 = 16;
    const DOMAIN: u8 = 32;
    // The `x2013` of a lost entity.
    const ENTITY: u8 = 64;
    let mut signs = [(ANY, 0); 256];
    let mut byte = 0;
    while byte < 256 {
        let (starts, ends) = match byte as u8 {
            b'\\' | b'{' | b'~' | b'`' | b'&' => (0, ANY),
            b'-' => (DASHES, DASHES),
            b'\'' => (QUOTES, QUOTES),
            b'/' => (PATH, PATH),
            b'.' => (DOMAIN, HOST),
            b'w' => (PATH | HOST, 0),
            b'x' => (PATH | ENTITY, 0),
            b'2' => (0, ENTITY),
            b'i' | b'o' => (PATH, DOMAIN),
            b'a'..=b'z' | b'A'..=b'Z' => (PATH, 0),
            _ => (0, 0),
        };
        signs[byte] = (ANY | starts, ends);
        byte += 1;
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_residue_are_seen_wherever_they_stand() {
        for sign in [
            "\\", "{", "~", "`", "&", "--", "''", "a/", "Z/", "w/", "x/", "i/", "//", "w.", "x2",
            ".i", ".o",
        ] {
            for text in [sign.to_owned(), format!("é {sign}"), format!("({sign})")] {
                assert!(has_residue(&text), "{text}");
            }
        }
        for text in [
            "",
            "Kites - a study. In 2 parts",
            "-'-'",
            "1/2 /i",
            "2x i. o.",
            ".w .x",
        ] {
            assert!(!has_residue(text), "{text}");
        }
    }
}
