//! From an entry to a paper.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::entry::Entry;
use super::names::names;
use crate::clean::clean_text;
use crate::diagnostic::{Reason, quote};
use crate::fold::Folder;
use crate::jsonl::{Fields, paper_of};
use crate::limits::Limits;
use crate::paper::Paper;

/// Ids met in an input, and the titles they came with.
pub(super) type Seen = HashMap<String, u128>;

/// Makes a paper of an entry and of what it inherits.
pub(super) fn paper(
    entry: &Entry,
    parent: Option<&Entry>,
    seen: &mut Seen,
    limits: &Limits,
    warn: &mut dyn FnMut(Reason),
) -> Result<Paper, Reason> {
    let own = |names: &[&str]| names.iter().find_map(|name| entry.field(name));
    let lent =
        |names: &[&str]| parent.and_then(|parent| names.iter().find_map(|name| parent.field(name)));
    let any = |names: &[&str]| own(names).or_else(|| lent(names));

    let title = own(&["title"]).map(|title| match own(&["subtitle"]) {
        Some(more) => format!("{title}: {more}"),
        None => title.to_owned(),
    });
    let journal = own(&["journal", "journaltitle", "booktitle"])
        .or_else(|| lent(&["booktitle", "title", "journal"]));
    let venue = journal.or_else(|| own(&["school", "institution", "publisher"]));
    let arxiv = arxiv(entry, journal);
    let doi = own(&["doi"]).map(plain);
    let authors = own(&["author", "authors"]).or_else(|| any(&["editor"]));

    let mut links = Vec::new();
    let mut link = |kind: &str, url: String| links.push(json!({ "kind": kind, "url": url }));
    if let Some(url) = own(&["url", "link"]).and_then(address) {
        let kind = if url.to_ascii_lowercase().ends_with(".pdf") {
            "pdf"
        } else {
            "page"
        };
        link(kind, url);
    }
    if let Some(id) = &arxiv {
        link("page", format!("https://arxiv.org/abs/{id}"));
        link("pdf", format!("https://arxiv.org/pdf/{id}"));
    }
    for (names, kind) in [
        (["pdf", "eprinturl"], "pdf"),
        (["code", "github"], "code"),
        (["data", "dataset"], "data"),
        (["project", "website"], "project"),
    ] {
        if let Some(url) = own(&names).and_then(address) {
            link(kind, url);
        }
    }

    let fields = Fields {
        title: text(title.as_deref()),
        abstract_: text(own(&["abstract"])),
        authors: authors
            .map(names)
            .unwrap_or_default()
            .into_iter()
            .map(|name| unbraced(&name))
            .collect(),
        date: date(any, warn).map_or(Value::Null, Value::String),
        venue: text(venue),
        categories: text(own(&["primaryclass", "eprintclass"])),
        keywords: text(own(&["keywords", "keyword"])),
        doi: doi.as_deref().map_or(Value::Null, Value::from),
        links: Value::Array(links),
        ..Fields::default()
    };
    let mut paper = paper_of(fields, limits, warn)?;
    paper.id = id(&paper, arxiv, doi, seen, limits);
    Ok(paper)
}

/// An arXiv id, or else a DOI. A key says nothing of the paper, and other files have it too. Where
/// two titles share one, such as a volume's DOI, the second gets none.
fn id(
    paper: &Paper,
    arxiv: Option<String>,
    doi: Option<String>,
    seen: &mut Seen,
    limits: &Limits,
) -> String {
    let doi = doi.and_then(|doi| {
        doi.find("10.")
            .and_then(|at| doi.get(at..))
            .map(str::to_owned)
    });
    let Some(id) = arxiv.or(doi) else {
        return String::new();
    };
    if id.chars().count() > limits.id_chars || id.chars().any(char::is_whitespace) {
        return String::new();
    }
    let title = Folder::default().title(&paper.title.clean);
    match *seen.entry(id.to_lowercase()).or_insert(title) == title {
        true => id,
        false => String::new(),
    }
}

fn text(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |text| Value::String(unbraced(text)))
}

/// Text without the braces that only keep letters as they are. Those of commands and of mathematics
/// stay.
fn unbraced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open = Vec::new();
    let mut chars = text.chars().peekable();
    let mut math = false;
    // Whether braces would be a command's own here, and whether a blank may stand before them.
    let (mut argument, mut blank) = (false, false);
    while let Some(c) = chars.next() {
        let keep = match c {
            '\\' => {
                out.push(c);
                let Some(next) = chars.next() else { break };
                out.push(next);
                if next.is_ascii_alphabetic() {
                    while let Some(letter) = chars.next_if(char::is_ascii_alphabetic) {
                        out.push(letter);
                    }
                }
                argument = next.is_ascii_alphabetic() || "'`^\"~=.".contains(next);
                blank = argument;
                continue;
            }
            '$' => {
                math = !math;
                true
            }
            '{' => {
                let keep = math || argument || chars.peek() == Some(&'\\');
                open.push(keep);
                keep
            }
            '}' => {
                let keep = open.pop().unwrap_or(true);
                (argument, blank) = (keep, false);
                if keep {
                    out.push(c);
                }
                continue;
            }
            _ => true,
        };
        argument &= c == ' ' && blank;
        if keep {
            out.push(c);
        }
    }
    out
}

/// An address without what TeX needs around and in it.
fn address(text: &str) -> Option<String> {
    let text = plain(text);
    let inner = text.strip_prefix("\\url").unwrap_or(&text);
    let inner = inner.trim_matches(['{', '}', ' ']);
    let inner = inner.split_whitespace().next()?;
    Some(match inner.contains("://") {
        true => inner.to_owned(),
        false => format!("https://{inner}"),
    })
}

/// What stands in a field that is not text: TeX's escapes of signs go.
fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    for sign in ["_", "&", "%", "#", "~", "-", "/"] {
        out = out.replace(&format!("\\{sign}"), sign);
    }
    out.replace("{}", "")
}

/// The id that arXiv gave it, if it says one.
fn arxiv(entry: &Entry, journal: Option<&str>) -> Option<String> {
    let kind = ["archiveprefix", "eprinttype"]
        .iter()
        .find_map(|name| entry.field(name));
    let eprint = entry
        .field("eprint")
        .filter(|_| kind.is_none_or(|kind| kind.eq_ignore_ascii_case("arxiv")));
    if let Some(id) = eprint.and_then(arxiv_id) {
        return Some(id);
    }
    // As search engines write it: `arXiv preprint arXiv:1706.03762`.
    let said = [
        entry.field("arxiv"),
        entry.field("arxivid"),
        journal,
        entry.field("note"),
    ];
    said.iter()
        .flatten()
        .find_map(|text| {
            let lower = text.to_ascii_lowercase();
            let at = lower.rfind("arxiv:").map(|at| at + "arxiv:".len());
            match at {
                Some(at) => arxiv_id(text.get(at..)?.split_whitespace().next()?),
                None => arxiv_id(text),
            }
        })
        .or_else(|| {
            let url = entry.field("url")?;
            let at = ["arxiv.org/abs/", "arxiv.org/pdf/"]
                .iter()
                .find_map(|part| Some(url.find(part)? + part.len()))?;
            arxiv_id(url.get(at..)?.trim_end_matches(".pdf"))
        })
}

/// `1706.03762`, `cs/0112017`, `cs.CL/0112017`, with or without a version or `arXiv:` in front.
fn arxiv_id(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches([',', '.', ']', ')', '}']);
    let lower = text.to_ascii_lowercase();
    let start = if lower.starts_with("arxiv:") { 6 } else { 0 };
    let text = text.get(start..)?.trim();
    let bare = match text.rfind('v') {
        Some(at) if at > 0 && text.get(at + 1..).is_some_and(is_digits) => text.get(..at)?,
        _ => text,
    };
    let good = match (bare.split_once('.'), bare.split_once('/')) {
        (_, Some((archive, number))) => {
            let named = archive
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b"-.".contains(&b));
            named && !archive.is_empty() && number.len() == 7 && is_digits(number)
        }
        (Some((month, number)), None) => {
            month.len() == 4
                && is_digits(month)
                && (4..=5).contains(&number.len())
                && is_digits(number)
        }
        _ => false,
    };
    good.then(|| bare.to_owned())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The date as `YYYY[-MM[-DD]]`.
fn date<'e>(
    field: impl Fn(&[&str]) -> Option<&'e str>,
    warn: &mut dyn FnMut(Reason),
) -> Option<String> {
    if let Some(date) = field(&["date"]) {
        // Of a range its beginning.
        return date.split('/').next().map(|date| date.trim().to_owned());
    }
    let text = field(&["year"])?;
    let clean = clean_text(text).clean;
    let digits = |part: &&str| part.len() == 4 && is_digits(part);
    let Some(year) = clean
        .split(|c: char| !c.is_ascii_digit())
        .find(digits)
        .map(str::to_owned)
    else {
        warn(Reason::BadValue {
            field: "year",
            value: quote(&clean),
        });
        return None;
    };
    let Some(month) = field(&["month"]).and_then(month) else {
        return Some(year);
    };
    let day = field(&["day"]).and_then(|day| day.parse::<u8>().ok());
    Some(match day.filter(|day| (1..=31).contains(day)) {
        Some(day) => format!("{year}-{month:02}-{day:02}"),
        None => format!("{year}-{month:02}"),
    })
}

fn month(text: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let text = text.trim_matches(['{', '}', ' ', '.']).to_ascii_lowercase();
    if let Ok(number) = text.parse() {
        return (1..=12).contains(&number).then_some(number);
    }
    // `dec.~10` and `June/July` begin with one.
    let at = NAMES.iter().position(|name| text.starts_with(name))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_that_only_protect_go() {
        for (text, bare) in [
            (
                "{BERT}: Pre-training of {D}eep {B}idirectional",
                "BERT: Pre-training of Deep Bidirectional",
            ),
            ("{{On Kites}}", "On Kites"),
            ("G{\\\"o}del and {\\'E}cole", "G{\\\"o}del and {\\'E}cole"),
            ("\\emph{Owls} and {Geese}", "\\emph{Owls} and Geese"),
            ("An $O(n^{2})$ {Bound}", "An $O(n^{2})$ Bound"),
            ("\\'{e}t\\'{e}", "\\'{e}t\\'{e}"),
            ("\\frac{a}{b} {C}", "\\frac{a}{b} C"),
            ("a } b", "a } b"),
            ("open { brace", "open  brace"),
        ] {
            assert_eq!(unbraced(text), bare, "{text}");
        }
    }

    #[test]
    fn ids_of_arxiv() {
        for (text, id) in [
            ("1706.03762", Some("1706.03762")),
            ("arXiv:1706.03762v5", Some("1706.03762")),
            ("hep-th/9901001", Some("hep-th/9901001")),
            ("cs.CL/0112017v2", Some("cs.CL/0112017")),
            ("10.1000/182", None),
            ("abcd.12345", None),
            ("", None),
        ] {
            assert_eq!(arxiv_id(text).as_deref(), id, "{text}");
        }
    }

    #[test]
    fn months() {
        for (text, number) in [
            ("jan", Some(1)),
            ("{December}", Some(12)),
            ("dec.~10", Some(12)),
            ("07", Some(7)),
            ("13", None),
            ("spring", None),
        ] {
            assert_eq!(month(text), number, "{text}");
        }
    }
}
