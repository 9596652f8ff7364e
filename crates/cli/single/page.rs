//! A site's page as one that needs no other file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// Files of a site by path.
type Files = BTreeMap<String, Vec<u8>>;

/// The page in three parts, and what it was made of.
#[derive(Debug)]
pub struct Inlined {
    /// Up to the end of the head: the script that opens the file follows.
    pub before: String,
    /// The rest up to the end of the body: data follow.
    pub after: String,
    /// What is left.
    pub end: String,
    /// Modules that it starts, in order.
    pub start: Vec<String>,
    /// Files that it holds now itself.
    pub consumed: Vec<String>,
}

/// What only a host makes possible: keeping a site offline.
const HOSTED: &[u8] = b"offprint-offline";

/// Puts styles and pictures in, and takes out modules, hints, and what needs a host.
pub fn inline(html: &str, files: &Files) -> Inlined {
    let mut work = Work {
        files,
        edits: Vec::new(),
        start: Vec::new(),
        consumed: Vec::new(),
    };
    let (mut head, mut body) = (None, None);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    // The element that goes as a whole, and where it begins.
    let mut going: Option<(Vec<u8>, usize)> = None;
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) if going.is_none() && work.tag(html, &tag) => {
                going = Some((tag.name.to_vec(), tag.span.start));
            }
            Token::EndTag(tag) => {
                if let Some((_, start)) = going.take_if(|(name, _)| *name == *tag.name) {
                    work.edits.push((start..tag.span.end, String::new()));
                }
                match tag.name.as_slice() {
                    b"head" => head = head.or(Some(tag.span.start)),
                    b"body" => body = Some(tag.span.start),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let body = body.unwrap_or(html.len());
    let head = head.unwrap_or(body).min(body);
    Inlined {
        before: work.edited(html, 0..head),
        after: work.edited(html, head..body),
        end: work.edited(html, body..html.len()),
        start: work.start,
        consumed: work.consumed,
    }
}

struct Work<'a> {
    files: &'a Files,
    /// What is replaced by what, in order.
    edits: Vec<(Range<usize>, String)>,
    start: Vec<String>,
    consumed: Vec<String>,
}

impl Work<'_> {
    /// Looks at one tag. Answers whether its element is to go.
    fn tag(&mut self, html: &str, tag: &StartTag<usize>) -> bool {
        let span = tag.span.start..tag.span.end;
        let raw = html.get(span.clone()).unwrap_or_default();
        let attribute = |name: &[u8]| {
            let value = tag.attributes.get(name)?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let file = |name: &[u8]| {
            let address = attribute(name)?;
            let path = address.strip_prefix("./").unwrap_or(&address);
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let (path, bytes) = self.files.get_key_value(path)?;
            Some((address, path, bytes))
        };
        match tag.name.as_slice() {
            // The file says what it is by its first bytes.
            b"meta" if attribute(b"charset").is_some() => self.edits.push((span, String::new())),
            b"link" => {
                let rel = attribute(b"rel").unwrap_or_default();
                let rel = rel.to_ascii_lowercase();
                let is = |word: &str| rel.split_ascii_whitespace().any(|rel| rel == word);
                let Some((address, path, bytes)) = file(b"href") else {
                    return false;
                };
                // What is left hints at files that are inside now, or belongs to a host.
                let mut text = String::new();
                if is("stylesheet") {
                    text = format!("<style>{}</style>", style(bytes));
                } else if is("icon") {
                    text = raw.replacen(&address, &data_address(path, bytes), 1);
                }
                if !is("preload") && !is("modulepreload") {
                    self.consumed.push(path.clone());
                }
                self.edits.push((span, text));
            }
            b"img" | b"source" => {
                if let Some((address, path, bytes)) = file(b"src").or_else(|| file(b"srcset")) {
                    let text = raw.replacen(&address, &data_address(path, bytes), 1);
                    self.consumed.push(path.clone());
                    self.edits.push((span, text));
                }
            }
            b"script" => {
                if let Some((_, path, _)) = file(b"src") {
                    self.start.push(path.clone());
                    return true;
                }
            }
            // The site's folder is this file.
            b"a" => {
                if let Some((before, after)) = raw.split_once("href=\"./") {
                    let same = if after.starts_with('"') { "?" } else { "" };
                    let text = format!("{before}href=\"{same}{after}");
                    self.edits.push((span, text));
                }
            }
            HOSTED => return true,
            _ => {}
        }
        false
    }

    /// A part of the page with what was changed in it.
    fn edited(&self, html: &str, part: Range<usize>) -> String {
        let mut text = String::new();
        let mut at = part.start;
        for (span, replaced) in &self.edits {
            if span.start < at || span.end > part.end {
                continue;
            }
            text.push_str(html.get(at..span.start).unwrap_or_default());
            text.push_str(replaced);
            at = span.end;
        }
        text.push_str(html.get(at..part.end).unwrap_or_default());
        text
    }
}

/// A script's text as it may stand in an element.
pub fn script(text: &str) -> String {
    // In strings, the only place where they can stand, both mean the same.
    text.replace("</script", "<\\/script")
        .replace("<!--", "<\\!--")
}

/// A style sheet as it may stand in an element.
fn style(css: &[u8]) -> String {
    String::from_utf8_lossy(css)
        .trim_end()
        .replace("</style", "<\\/style")
}

/// A file as an address.
fn data_address(path: &str, bytes: &[u8]) -> String {
    let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/vnd.microsoft.icon",
        _ => "application/octet-stream",
    };
    let mut address = format!("data:{kind},");
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                address.push(char::from(byte));
            }
            // Writing to a String does not fail.
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Papers &amp; </head> more</title>
<link rel="stylesheet" href="client/0f/page.css">
<link rel="preload" href="manifest.bin?0f" as="fetch" crossorigin>
<link rel="manifest" href="site.webmanifest">
<link rel="icon" href="client/0f/icon.svg" type="image/svg+xml">
<link rel="canonical" href="https://example.org/">
<!-- <script src="offprint.js"></script> -->
<script type="module" src="offprint.js?0f"></script>
</head>
<body>
<offprint-offline><p>x</p></offprint-offline>
<h1><a href="./">Papers</a></h1>
<a class="t" href="./?topic=a%26b&amp;q=x" dir="auto">Topic</a> <a href="https://example.org/./">Elsewhere</a>
<script>const kept = "<link rel='preload'>";</script>
</body>
</html>
"##;

    fn files() -> Files {
        Files::from([
            ("client/0f/page.css".to_owned(), b"a{}</style>\n".to_vec()),
            ("client/0f/icon.svg".to_owned(), b"<svg a='1'/>".to_vec()),
            ("manifest.bin".to_owned(), b"1".to_vec()),
            ("site.webmanifest".to_owned(), b"{}".to_vec()),
            ("offprint.js".to_owned(), b"start();".to_vec()),
        ])
    }

    #[test]
    fn nothing_is_loaded_by_address_any_more() {
        let made = inline(PAGE, &files());
        assert_eq!(
            made.before,
            r##"<!doctype html>
<html lang="en">
<head>

<title>Papers &amp; </head> more</title>
<style>a{}<\/style></style>


<link rel="icon" href="data:image/svg+xml,%3Csvg%20a%3D%271%27/%3E" type="image/svg+xml">
<link rel="canonical" href="https://example.org/">
<!-- <script src="offprint.js"></script> -->

"##
        );
        assert_eq!(
            made.after,
            r##"</head>
<body>

<h1><a href="?">Papers</a></h1>
<a class="t" href="?topic=a%26b&amp;q=x" dir="auto">Topic</a> <a href="https://example.org/./">Elsewhere</a>
<script>const kept = "<link rel='preload'>";</script>
"##
        );
        assert_eq!(made.end, "</body>\n</html>\n");
        assert_eq!(made.start, ["offprint.js"]);
        assert_eq!(
            made.consumed,
            [
                "client/0f/page.css",
                "site.webmanifest",
                "client/0f/icon.svg"
            ]
        );
    }

    #[test]
    fn a_page_without_ends_is_one_too() {
        let made = inline(
            "<title>x</title><p>y<script src=offprint.js></script>z",
            &files(),
        );
        assert_eq!(
            [&made.before, &made.after, &made.end].map(String::as_str),
            ["<title>x</title><p>yz", "", ""]
        );
        assert_eq!(made.start, ["offprint.js"]);
    }

    #[test]
    fn a_script_cannot_end_its_element() {
        assert_eq!(script("a('</script>')"), "a('<\\/script>')");
        assert_eq!(script("'<!--'"), "'<\\!--'");
    }
}
