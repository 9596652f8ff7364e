//! Tells an input's format from its first bytes.

use crate::bibtex::begins_entry;
use crate::diagnostic::Reason;

/// Formats of inputs, and of their wrapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The text of a Daily Papers page.
    Dump,
    /// Native JSON Lines: an object a line.
    Jsonl,
    /// A list in JSON, of native records or of CSL-JSON.
    Json,
    /// BibTeX, or what biblatex made of it.
    Bibtex,
    /// gzip, with one of the others inside.
    Gzip,
    /// Zstandard, with one of the others inside.
    Zstd,
    /// None of these.
    Unknown,
}

/// Bytes of an input that are looked at.
pub(crate) const HEAD: usize = 64 << 10;

/// Lines that a dump's header may have, blank ones not counted.
pub(crate) const HEADER_LINES: usize = 20;
/// A line this long (in bytes) is no title and no header line.
pub(crate) const LONG_LINE: usize = 200;

/// Tells the format of an input from its first bytes (64 KiB are plenty).
///
/// The name only decides where the content leaves it open: a `.txt` whose short and long
/// lines alternate is taken for a dump that lost its header.
pub fn detect(first_bytes: &[u8], name_hint: &str) -> Format {
    match first_bytes {
        [0x1f, 0x8b, ..] => return Format::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => return Format::Zstd,
        _ => {}
    }
    let bytes = first_bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(first_bytes);
    let mut signs = bytes.iter().filter(|b| !b.is_ascii_whitespace());
    match (signs.next(), signs.next()) {
        (Some(b'{'), _) => return Format::Jsonl,
        (Some(b'['), Some(b'{' | b']')) => return Format::Json,
        _ => {}
    }
    let mut lines = bytes
        .split(|&b| b == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .take(HEADER_LINES);
    let mut header = lines
        .clone()
        .take_while(|line| line.len() < LONG_LINE || is_subscribe(line));
    if header.any(is_subscribe) {
        return Format::Dump;
    }
    let entry = |line: &[u8]| {
        let start = line.get(..LONG_LINE).unwrap_or(line);
        start.trim_ascii_start().starts_with(b"@") && begins_entry(&String::from_utf8_lossy(start))
    };
    if bytes.split(|&b| b == b'\n').any(entry) {
        return Format::Bibtex;
    }
    let text = std::path::Path::new(name_hint)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    let short = |line: Option<&[u8]>| line.is_some_and(|line| line.len() < LONG_LINE);
    let long = |line: Option<&[u8]>| line.is_some_and(|line| line.len() >= LONG_LINE);
    if text
        && short(lines.next())
        && long(lines.next())
        && lines.next().is_none_or(|line| line.len() < LONG_LINE)
    {
        return Format::Dump;
    }
    Format::Unknown
}

/// The button's text opens a line of every dump's header; the first title may be glued to it.
fn is_subscribe(line: &[u8]) -> bool {
    line.strip_prefix(b"Subscribe")
        .is_some_and(|rest| rest.first() != Some(&b' '))
}

/// Why an input of unknown format cannot be read.
pub(crate) fn unknown(first_bytes: &[u8]) -> Reason {
    match first_bytes {
        [] => Reason::Empty,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 0, 0xfe, 0xff, ..] => Reason::WideEncoding,
        _ if first_bytes.iter().all(u8::is_ascii_whitespace) => Reason::Empty,
        _ => Reason::UnknownFormat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_content() {
        let long = "an abstract ".repeat(30);
        for (text, format) in [
            ("{\"title\": \"x\"}", Format::Jsonl),
            ("\u{feff} \r\n{", Format::Jsonl),
            ("[{\"title\": \"x\"}]", Format::Json),
            (" [\n  ]", Format::Json),
            ("[1, 2]", Format::Unknown),
            ("% Kites\n\n @Article {lee, title = 1}", Format::Bibtex),
            ("\u{feff}@comment(x)", Format::Bibtex),
            ("Mail me @ home {x}\n@someone: (hi)", Format::Unknown),
            ("new\n\nInbox!\n\nSubscribe\n\nMar 13\n\n", Format::Dump),
            ("Inbox!\nSubscribeOn the Shapes of Kites\n", Format::Dump),
            ("Inbox!\nSubscribe to this list\n", Format::Unknown),
            ("<!doctype html>", Format::Unknown),
            ("", Format::Unknown),
        ] {
            assert_eq!(detect(text.as_bytes(), "x"), format, "{text}");
        }
        assert_eq!(detect(&[0x1f, 0x8b, 8], ""), Format::Gzip);
        assert_eq!(detect(&[0x28, 0xb5, 0x2f, 0xfd], ""), Format::Zstd);
        let headless = format!("On Kites\n{long}\nMore Kites\n{long}\n");
        assert_eq!(detect(headless.as_bytes(), "a.txt"), Format::Dump);
        assert_eq!(detect(headless.as_bytes(), "a.md"), Format::Unknown);
        let late = format!("{long}\nSubscribeX\n");
        assert_eq!(detect(late.as_bytes(), "a.txt"), Format::Unknown);
    }

    #[test]
    fn unknown_has_its_reason() {
        assert_eq!(unknown(b" \n"), Reason::Empty);
        assert_eq!(unknown(b"\xff\xfea\0"), Reason::WideEncoding);
        assert_eq!(unknown(b"%PDF"), Reason::UnknownFormat);
    }
}
