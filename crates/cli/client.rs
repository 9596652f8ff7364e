//! The browser client and the sample that this program carries.

use std::borrow::Cow;

use crate::error::{Failure, Result};
use crate::language::Tongue;
use crate::page::{self, Assets, PAGE, Page, Sheet, Unknown};

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
/// Scripts that other pages include. They keep their names; a copy lies in the hashed folder, whose
/// address stands for these bytes for good, so that a page may state their digest.
const ENTRIES: [&str; 2] = ["offprint.js", "headless.js"];
/// The page's style sheet in the client.
const STYLE: &str = "client/page.css";

/// What is filled into the files that keep their names.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Title of the collection.
    pub title: &'a str,
    /// A sentence about it; may be empty.
    pub description: &'a str,
    /// Number of papers.
    pub papers: usize,
    /// What the start page lists, in HTML.
    pub list: &'a str,
    /// Names the build in addresses.
    pub build: &'a str,
    /// How the page looks.
    pub page: &'a Page,
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
    let style = files.iter().find(|(path, _)| *path == STYLE);
    let assets = about
        .page
        .assets(hash, style.map_or(&[], |(_, bytes)| bytes));
    let mut placed = Vec::new();
    for &(path, bytes) in files {
        if let Some(name) = path.strip_prefix(HASHED) {
            placed.push((format!("{HASHED}{hash}/{name}"), Cow::Borrowed(bytes)));
        } else if let Some(name) = path.strip_prefix(TEMPLATE) {
            let bytes = match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Owned(fill(name, text, hash, about, &assets)?.into_bytes()),
                // An icon, for one.
                Err(_) => Cow::Borrowed(bytes),
            };
            if ENTRIES.contains(&name) {
                placed.push((format!("{HASHED}{hash}/{name}"), bytes.clone()));
            }
            placed.push((name.to_owned(), bytes));
        }
    }
    let own = assets.files.into_iter();
    placed.extend(own.map(|(path, bytes)| (path, Cow::Owned(bytes))));
    Ok(placed)
}

/// Replaces the words of a file.
fn fill(name: &str, text: &str, hash: &str, about: &About<'_>, assets: &Assets) -> Result<String> {
    if name == PAGE {
        let sheet = Sheet {
            client: hash,
            about,
            assets,
        };
        return sheet.page(text);
    }
    let markup = [".html", ".svg", ".xml"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let escape = |text| match markup {
        true => html_escape::encode_quoted_attribute(text).into_owned(),
        false => escape_string(text),
    };
    let text = match markup {
        true => Cow::Owned(translated(text, &about.page.lang)),
        false => Cow::Borrowed(text),
    };
    let filled = page::fill(&text, &mut |word| {
        Ok(match word {
            "CLIENT" => Some(Cow::Borrowed(hash)),
            "BUILD" => Some(Cow::Borrowed(about.build)),
            "TITLE" => Some(Cow::Owned(escape(about.title))),
            "DESCRIPTION" => Some(Cow::Owned(escape(about.description))),
            "PAPERS" => Some(Cow::Owned(about.papers.to_string())),
            "LANG" => Some(Cow::Borrowed(about.page.lang.tag.as_str())),
            "DIR" => Some(Cow::Borrowed(about.page.lang.direction())),
            "VERSION" => Some(Cow::Borrowed(env!("CARGO_PKG_VERSION"))),
            _ => None,
        })
    });
    filled.map_err(|unknown| not_known(name, &unknown))
}

/// Puts what stands between `__(` and `)__` into the page's language.
pub fn translated(text: &str, lang: &Tongue) -> String {
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

/// What to say where client and program do not fit.
pub fn not_known(name: &str, Unknown { word, .. }: &Unknown) -> Failure {
    Failure::advice(
        format!("the client's {name} holds __OFFPRINT_{word}__, which is not known here"),
        "build client and program from the same sources: `cargo xtask build`",
    )
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
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn about(page: &Page) -> About<'_> {
        About {
            title: "A <b> & \"__OFFPRINT_PAPERS__\"",
            description: "it's",
            papers: 7,
            list: "<ol></ol>",
            build: "1a2b",
            page,
        }
    }

    fn filled(name: &str, text: &str) -> Result<String> {
        let page = Page::default();
        fill(name, text, "0f", &about(&page), &Assets::default())
    }

    #[test]
    fn files_go_to_their_places() {
        let files: [(&str, &[u8]); 5] = [
            ("client/engine.js", b"1"),
            ("template/index.html", b"<title>__OFFPRINT_TITLE__</title>"),
            ("template/icon.png", b"\x89PNG\xff"),
            ("template/offprint.js", b"'__OFFPRINT_CLIENT__'"),
            ("client.json", b"{}"),
        ];
        let placed = place("0f", &files, &about(&Page::default())).unwrap();
        let paths: Vec<_> = placed.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "client/0f/engine.js",
                "index.html",
                "icon.png",
                "client/0f/offprint.js",
                "offprint.js"
            ]
        );
        assert_eq!(placed[3].1, placed[4].1);
    }

    #[test]
    fn html_is_escaped_once() {
        for name in ["index.html", "other.html"] {
            let text = "__OFFPRINT_TITLE__|__OFFPRINT_PAPERS__";
            assert_eq!(
                filled(name, text).unwrap(),
                "A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;|7"
            );
        }
    }

    #[test]
    fn strings_cannot_be_left() {
        let text = "x('__OFFPRINT_DESCRIPTION__', '__OFFPRINT_CLIENT__')";
        assert_eq!(
            filled("offprint.js", text).unwrap(),
            "x('it\\u0027s', '0f')"
        );
        assert_eq!(
            escape_string("</script>\n`${"),
            "\\u003c/script>\\u000a\\u0060\\u0024{"
        );
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        assert!(filled("index.html", "__OFFPRINT_COLOUR__").is_err());
        assert!(filled("offprint.js", "__OFFPRINT_COLOUR__").is_err());
        let other = "// __OFFPRINT_...__ and __OFFPRINT_";
        assert_eq!(filled("offprint.js", other).unwrap(), other);
    }
}
