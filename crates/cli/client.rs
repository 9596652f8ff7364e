//! The browser client and the sample that this program carries.

use std::borrow::Cow;

use crate::error::{Failure, Result};
use crate::language::Tongue;
use crate::listing;

/// What `build.rs` made.
mod carried {
    include!(concat!(env!("OUT_DIR"), "/carried.rs"));
}

pub use carried::{SAMPLE, SAMPLE_DESCRIPTION, SAMPLE_LIST, SAMPLE_PAPERS, SAMPLE_TITLE};

/// Files of the client that go into a folder named by its hash.
const HASHED: &str = "client/";
/// Files that keep their names and have words to fill in.
const TEMPLATE: &str = "template/";
/// Files of pages that hold their site inside; on no other.
const SINGLE: &str = "single/";
/// What every word to fill in begins with.
const WORD: &str = "__OFFPRINT_";

/// What is filled into the files that keep their names.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Title of the collection.
    pub title: &'a str,
    /// Language of the page.
    pub lang: &'a Tongue,
    /// A sentence about it; may be empty.
    pub description: &'a str,
    /// Number of papers.
    pub papers: usize,
    /// Some of the papers as a list in HTML.
    pub list: &'a str,
}

/// Fails where the program carries no client.
pub fn require() -> Result<()> {
    match carried::CLIENT_HASH {
        Some(_) => Ok(()),
        None => Err(Failure::advice(
            "this program was built without the browser client, so it cannot write a whole site",
            "build it with `cargo xtask build`; or add --index-only for an index without a page, \
             which is enough for `offprint query`",
        )),
    }
}

/// The client's files as they lie in a site; none if the program carries no client.
pub fn files(about: &About<'_>) -> Result<Vec<(String, Cow<'static, [u8]>)>> {
    let Some(hash) = carried::CLIENT_HASH else {
        return Ok(Vec::new());
    };
    place(hash, carried::CLIENT, about)
}

/// A file's path and bytes.
pub type Carried = (&'static str, &'static [u8]);

/// What opens a page that holds its site inside, and what its worker runs.
pub fn single(lang: &Tongue) -> Result<(String, Carried)> {
    require()?;
    let find = |name: &str| {
        let found = carried::CLIENT
            .iter()
            .find(|(path, _)| path.strip_prefix(SINGLE).is_some_and(|found| found == name));
        found.copied().ok_or_else(|| {
            Failure::advice(
                format!("the client has no {SINGLE}{name}"),
                "build client and program from the same sources: `cargo xtask build`",
            )
        })
    };
    let opener = String::from_utf8_lossy(find("open.js")?.1);
    Ok((translated(&opener, lang), find("worker.js")?))
}

type Placed = Vec<(String, Cow<'static, [u8]>)>;

fn place(hash: &str, files: &[(&str, &'static [u8])], about: &About<'_>) -> Result<Placed> {
    let mut placed = Vec::new();
    for &(path, bytes) in files {
        if let Some(name) = path.strip_prefix(HASHED) {
            placed.push((format!("{HASHED}{hash}/{name}"), Cow::Borrowed(bytes)));
        } else if let Some(name) = path.strip_prefix(TEMPLATE) {
            let bytes = match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Owned(fill(name, text, hash, about)?.into_bytes()),
                // An icon, for one.
                Err(_) => Cow::Borrowed(bytes),
            };
            placed.push((name.to_owned(), bytes));
        }
    }
    Ok(placed)
}

/// Replaces the words of a file. What is put in never is looked at again, so a title may hold
/// such a word itself.
fn fill(name: &str, text: &str, hash: &str, about: &About<'_>) -> Result<String> {
    let markup = [".html", ".svg", ".xml"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let escape = |text| match markup {
        true => html_escape::encode_quoted_attribute(text).into_owned(),
        false => escape_string(text),
    };
    let mut filled = String::with_capacity(text.len());
    let text = match markup {
        true => translated(text, about.lang),
        false => text.to_owned(),
    };
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(WORD) {
        filled.push_str(before);
        rest = after;
        let Some((word, after)) = rest.split_once("__") else {
            filled.push_str(WORD);
            continue;
        };
        match word {
            "CLIENT" => filled.push_str(hash),
            "TITLE" => filled.push_str(&escape(about.title)),
            "DESCRIPTION" => filled.push_str(&escape(about.description)),
            "PAPERS" => filled.push_str(&about.papers.to_string()),
            // What search engines show where nothing else is said.
            "SUMMARY" if about.description.is_empty() => filled.push_str(&escape(about.title)),
            "SUMMARY" => filled.push_str(&escape(about.description)),
            "LIST" if markup => filled.push_str(&about.list.replace(
                listing::HEADING,
                &format!("<h2>{}</h2>", about.lang.say("Topics")),
            )),
            "LANG" => filled.push_str(&escape(&about.lang.tag)),
            "DIR" => filled.push_str(about.lang.direction()),
            "TEXTS" if markup => {
                if let Some(module) = about.lang.module() {
                    filled.push_str(&format!(
                        "<link rel=\"modulepreload\" href=\"{HASHED}{hash}/{module}\">\n"
                    ));
                }
            }
            "VERSION" => filled.push_str(env!("CARGO_PKG_VERSION")),
            _ if !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') => {
                return Err(Failure::advice(
                    format!("the client's {name} holds {WORD}{word}__, which is not known here"),
                    "build client and program from the same sources: `cargo xtask build`",
                ));
            }
            // Such as a comment that speaks of these words.
            _ => {
                filled.push_str(WORD);
                continue;
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Puts what stands between `__(` and `)__` into the page's language.
fn translated(text: &str, lang: &Tongue) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("__(") {
        let Some((english, after)) = after.split_once(")__") else {
            break;
        };
        out.push_str(before);
        out.push_str(lang.say(english));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// For the inside of a quoted string in JSON or JavaScript, whatever the quotes.
fn escape_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Every one of these could end a string, a template or a script element.
            '"' | '\\' | '\'' | '`' | '$' | '<' | '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn about(lang: &Tongue) -> About<'_> {
        About {
            title: "A <b> & \"__OFFPRINT_PAPERS__\"",
            lang,
            description: "it's",
            papers: 7,
            list: "<ol></ol>\n<h2>Topics</h2>",
        }
    }

    fn filled(name: &str, text: &str, lang: &str) -> Result<String> {
        fill(name, text, "0f", &about(&lang.parse().unwrap()))
    }

    #[test]
    fn files_go_to_their_places() {
        let files: [(&str, &[u8]); 4] = [
            ("client/engine.js", b"1"),
            ("template/index.html", b"<title>__OFFPRINT_TITLE__</title>"),
            ("template/icon.png", b"\x89PNG\xff"),
            ("client.json", b"{}"),
        ];
        let placed = place("0f", &files, &about(&"en".parse().unwrap())).unwrap();
        let paths: Vec<_> = placed.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["client/0f/engine.js", "index.html", "icon.png"]);
    }

    #[test]
    fn html_is_escaped_once() {
        let text = filled(
            "index.html",
            "__OFFPRINT_TITLE__|__OFFPRINT_PAPERS__|__OFFPRINT_LIST__",
            "en",
        );
        assert_eq!(
            text.unwrap(),
            "A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;|7|<ol></ol>\n<h2>Topics</h2>"
        );
    }

    #[test]
    fn strings_cannot_be_left() {
        let text = filled(
            "offprint.js",
            "x('__OFFPRINT_DESCRIPTION__', '__OFFPRINT_CLIENT__')",
            "en",
        );
        assert_eq!(text.unwrap(), "x('it\\u0027s', '0f')");
        assert_eq!(
            escape_string("</script>\n`${"),
            "\\u003c/script>\\u000a\\u0060\\u0024{"
        );
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        assert!(filled("index.html", "__OFFPRINT_COLOUR__", "en").is_err());
        let other = "// __OFFPRINT_...__ and __OFFPRINT_";
        assert_eq!(filled("offprint.js", other, "en").unwrap(), other);
    }

    #[test]
    fn a_page_is_in_its_language() {
        let text = "<html lang=\"__OFFPRINT_LANG__\" dir=\"__OFFPRINT_DIR__\">__OFFPRINT_TEXTS____(How to search)__ \
                    __(__OFFPRINT_TITLE__ __(unknown)__";
        let english = filled("index.html", text, "en").unwrap();
        assert!(
            english.starts_with("<html lang=\"en\" dir=\"ltr\">How to search "),
            "{english}"
        );
        let german = filled("index.html", text, "de-AT").unwrap();
        assert!(
            german.starts_with(
                "<html lang=\"de-AT\" dir=\"ltr\"><link rel=\"modulepreload\" href=\"client/0f/lang-de.js\">\nSo wird gesucht "
            ),
            "{german}"
        );
        let list = filled("index.html", "__OFFPRINT_LIST__", "ar").unwrap();
        assert_eq!(list, "<ol></ol>\n<h2>المواضيع</h2>");
    }
}
