//! A record's fields, each read as leniently as its meaning allows.

use serde_json::Value;

use super::Fields;
use crate::clean::{Cleaned, clean, clean_text};
use crate::code::code_state;
use crate::diagnostic::{Reason, quote};
use crate::limits::Limits;
use crate::links::{abstract_links, classify, doi_links, own_first, push_link, safe_link};
use crate::paper::{CodeState, Date, Link, LinkKind, Listing, Paper, Text};
use crate::people;

type Warn<'a> = &'a mut dyn FnMut(Reason);

pub(crate) fn paper(fields: Fields, limits: &Limits, warn: Warn<'_>) -> Result<Paper, Reason> {
    let wanted = "a string";
    let title = match fields.title {
        Value::String(text) => clean_text(cut(&text, "title", limits.title_chars, warn)),
        Value::Null => Text::default(),
        other => {
            return Err(Reason::WrongType {
                field: "title",
                wanted,
                found: type_of(&other),
            });
        }
    };
    let Cleaned {
        text: abstract_,
        links: found,
    } = match text("abstract", fields.abstract_, warn) {
        Some(text) => clean(cut(&text, "abstract", limits.abstract_chars, warn)),
        None => Cleaned::default(),
    };
    let title = match (title.clean.is_empty(), abstract_.clean.is_empty()) {
        (false, _) => title,
        (true, true) => return Err(Reason::NoTitle),
        (true, false) => {
            warn(Reason::TitleFromAbstract);
            Text {
                clean: opening(&abstract_.clean),
                raw: None,
            }
        }
    };
    let mut paper = Paper {
        id: id(fields.id, limits, warn),
        title,
        authors: authors(fields.authors, limits, warn),
        date: date(fields.date, fields.year, warn),
        venue: text("venue", fields.venue, warn)
            .map(|text| clean_text(cut(&text, "venue", limits.title_chars, warn)).clean)
            .filter(|venue| !venue.is_empty()),
        categories: words(
            "categories",
            fields.categories,
            &[' ', ',', ';'],
            limits,
            warn,
        ),
        keywords: words("keywords", fields.keywords, &[',', ';'], limits, warn),
        listings: listings(fields.listings, limits, warn),
        ..Paper::default()
    };

    let mut links = Vec::new();
    for (field, value, kind) in [
        ("url", fields.url, LinkKind::Page),
        ("pdf", fields.pdf, LinkKind::Pdf),
    ] {
        if let Some(url) = text(field, value, warn) {
            add_link(&mut links, field, kind, &url, warn);
        }
    }
    if let Some(doi) = text("doi", fields.doi, warn) {
        match doi_links(&doi) {
            Some(found) => found.into_iter().for_each(|url| {
                push_link(
                    &mut links,
                    Link {
                        kind: LinkKind::Doi,
                        url,
                    },
                );
            }),
            None => warn(Reason::BadValue {
                field: "doi",
                value: quote(&doi),
            }),
        }
    }
    let said = code(fields.code, &mut links, warn);
    listed_links(fields.links, &mut links, limits.links, warn);
    let cleaned = Cleaned {
        text: abstract_,
        links: found,
    };
    for link in abstract_links(&cleaned) {
        push_link(&mut links, link);
    }
    own_first(&mut links);
    if links.len() > limits.links {
        links.truncate(limits.links);
        warn(Reason::TooMany {
            field: "links",
            limit: limits.links,
        });
    }
    let linked = links.iter().any(|link| link.kind == LinkKind::Code);
    paper.code = match (linked, said) {
        (true, _) => CodeState::Linked,
        (false, Some(CodeState::Linked)) => {
            warn(Reason::NoCodeLink);
            CodeState::Stated
        }
        (false, Some(state)) => state,
        (false, None) => code_state(&cleaned.text.clean),
    };
    paper.links = links;
    paper.abstract_ = cleaned.text;
    Ok(paper)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn wrong(field: &'static str, wanted: &'static str, found: &Value) -> Reason {
    Reason::WrongType {
        field,
        wanted,
        found: type_of(found),
    }
}

/// A string that is not blank.
fn text(field: &'static str, value: Value, warn: Warn<'_>) -> Option<String> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text),
        Value::Null => None,
        other => {
            warn(wrong(field, "a string", &other));
            None
        }
    }
}

/// The first `limit` characters, with a warning where there are more.
pub(crate) fn cut<'t>(
    text: &'t str,
    field: &'static str,
    limit: usize,
    warn: &mut dyn FnMut(Reason),
) -> &'t str {
    // Bytes bound characters, so most texts need no counting.
    if text.len() <= limit {
        return text;
    }
    match text.char_indices().nth(limit) {
        Some((end, _)) => {
            warn(Reason::TooLong { field, limit });
            text.get(..end).unwrap_or(text)
        }
        None => text,
    }
}

/// The first sentence of an abstract, or as many words as 120 characters hold.
fn opening(text: &str) -> String {
    let sentence = text
        .find(". ")
        .and_then(|at| text.get(..at))
        .unwrap_or(text)
        .trim();
    let sentence = sentence.strip_suffix('.').unwrap_or(sentence).trim_end();
    if sentence.is_empty() {
        return text.chars().take(120).collect();
    }
    match sentence.char_indices().nth(120) {
        None => sentence.to_owned(),
        Some((end, _)) => {
            let head = sentence.get(..end).unwrap_or(sentence);
            let head = head
                .rfind(' ')
                .and_then(|at| head.get(..at))
                .unwrap_or(head);
            format!("{head}…")
        }
    }
}

pub(crate) fn id(value: Value, limits: &Limits, warn: Warn<'_>) -> String {
    let id = match value {
        Value::String(text) => crate::clean::normalize(&text).into_owned(),
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        Value::Null => String::new(),
        other => {
            warn(wrong("id", "a string or an integer", &other));
            String::new()
        }
    };
    if id.chars().nth(limits.id_chars).is_some() {
        warn(Reason::TooLong {
            field: "id",
            limit: limits.id_chars,
        });
        return String::new();
    }
    id
}

fn date(date: Value, year: Value, warn: Warn<'_>) -> Option<Date> {
    let dated = match date {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Date::parse(&text).or_else(|| {
            warn(Reason::BadValue {
                field: "date",
                value: quote(&text),
            });
            None
        }),
        Value::Number(number) => year_of(&number.to_string()).or_else(|| {
            warn(Reason::BadValue {
                field: "date",
                value: quote(&number.to_string()),
            });
            None
        }),
        other => {
            warn(wrong("date", "a string", &other));
            None
        }
    };
    let only_year = match year {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(_) | Value::Number(_) => {
            let text = year
                .as_str()
                .map_or_else(|| year.to_string(), ToOwned::to_owned);
            year_of(&text).or_else(|| {
                warn(Reason::BadValue {
                    field: "year",
                    value: quote(&text),
                });
                None
            })
        }
        other => {
            warn(wrong("year", "an integer", &other));
            None
        }
    };
    dated.or(only_year)
}

fn year_of(text: &str) -> Option<Date> {
    let text = text.trim();
    Date::new(text.strip_suffix(".0").unwrap_or(text).parse().ok()?, 0, 0)
}

fn authors(value: Value, limits: &Limits, warn: Warn<'_>) -> Vec<String> {
    const WANTED: &str = "a name, or an object with a `name`";
    let names = match value {
        Value::Null => return Vec::new(),
        Value::String(text) => people::split(&text),
        Value::Array(list) => {
            let mut names = Vec::with_capacity(list.len().min(limits.authors));
            let mut complained = false;
            for entry in list {
                let name = match entry {
                    Value::String(name) => Some(name),
                    Value::Object(fields) => people::from_object(&fields),
                    Value::Null => continue,
                    _ => None,
                };
                match name {
                    Some(name) => names.push(name),
                    // Once is enough: a list of thousands is wrong in one way.
                    None if !complained => {
                        complained = true;
                        let wanted = WANTED;
                        warn(Reason::WrongType {
                            field: "authors",
                            wanted,
                            found: "another",
                        });
                    }
                    None => {}
                }
            }
            names
        }
        other => {
            warn(wrong("authors", "a list of names", &other));
            return Vec::new();
        }
    };
    bounded("authors", names, limits.authors, limits, warn)
}

/// Cleans names, drops the empty ones, and keeps to the limits.
fn bounded(
    field: &'static str,
    names: Vec<String>,
    most: usize,
    limits: &Limits,
    warn: Warn<'_>,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(names.len().min(most));
    let mut long = false;
    for name in names {
        let mut over = |_| long = true;
        let name = clean_text(cut(&name, field, limits.name_chars, &mut over)).clean;
        if name.is_empty() {
            continue;
        }
        if out.len() == most {
            warn(Reason::TooMany { field, limit: most });
            break;
        }
        out.push(name);
    }
    if long {
        warn(Reason::TooLong {
            field,
            limit: limits.name_chars,
        });
    }
    out
}

/// A list of words, or a string of them. Each stands once.
fn words(
    field: &'static str,
    value: Value,
    separators: &[char],
    limits: &Limits,
    warn: Warn<'_>,
) -> Vec<String> {
    let list = match value {
        Value::Null => return Vec::new(),
        Value::String(text) => text.split(separators).map(ToOwned::to_owned).collect(),
        Value::Array(list) => {
            let mut words = Vec::with_capacity(list.len().min(limits.categories));
            let mut bad = None;
            for entry in list {
                match entry {
                    Value::String(word) => words.push(word),
                    Value::Null => {}
                    other => bad = Some(type_of(&other)),
                }
            }
            if let Some(found) = bad {
                warn(Reason::WrongType {
                    field,
                    wanted: "a list of strings",
                    found,
                });
            }
            words
        }
        other => {
            warn(wrong(field, "a list of strings", &other));
            return Vec::new();
        }
    };
    let mut words = bounded(field, list, limits.categories, limits, warn);
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}

fn add_link(links: &mut Vec<Link>, field: &'static str, kind: LinkKind, url: &str, warn: Warn<'_>) {
    if url.trim().is_empty() {
        return;
    }
    match safe_link(url) {
        Some(url) => push_link(links, Link { kind, url }),
        None => warn(Reason::BadLink {
            field,
            value: quote(url),
        }),
    }
}

/// What `code` says: an address, or a state.
fn code(value: Value, links: &mut Vec<Link>, warn: Warn<'_>) -> Option<CodeState> {
    let text = match value {
        Value::Bool(true) => return Some(CodeState::Stated),
        Value::Bool(false) => return None,
        other => text("code", other, warn)?,
    };
    match text.trim().to_ascii_lowercase().as_str() {
        "linked" => Some(CodeState::Linked),
        "stated" => Some(CodeState::Stated),
        "promised" => Some(CodeState::Promised),
        "unknown" => Some(CodeState::Unknown),
        _ => {
            add_link(links, "code", LinkKind::Code, &text, warn);
            None
        }
    }
}

/// Takes a link more than the limit at most, which the caller sees and says.
fn listed_links(value: Value, links: &mut Vec<Link>, most: usize, warn: Warn<'_>) {
    const WANTED: &str = "a list of {kind, url}";
    match value {
        Value::Null => {}
        Value::Array(list) => {
            for entry in list {
                if links.len() > most {
                    return;
                }
                match entry {
                    Value::Null => {}
                    Value::String(url) => add_link(links, "links", classify(&url), &url, warn),
                    Value::Object(mut link) => {
                        let kind = link.get("kind").and_then(Value::as_str).map(kind_of);
                        match link.remove("url") {
                            Some(Value::String(url)) => {
                                let kind = kind.unwrap_or_else(|| classify(&url));
                                add_link(links, "links", kind, &url, warn);
                            }
                            other => warn(wrong("links", WANTED, &other.unwrap_or_default())),
                        }
                    }
                    other => warn(wrong("links", WANTED, &other)),
                }
            }
        }
        Value::Object(by_kind) => {
            for (kind, value) in by_kind {
                let urls = match value {
                    Value::Array(urls) => urls,
                    Value::Null => continue,
                    one => vec![one],
                };
                for url in urls {
                    if links.len() > most {
                        return;
                    }
                    match url {
                        Value::String(url) => {
                            add_link(links, "links", kind_of(&kind), &url, warn);
                        }
                        other => warn(wrong("links", WANTED, &other)),
                    }
                }
            }
        }
        other => warn(wrong("links", WANTED, &other)),
    }
}

fn kind_of(word: &str) -> LinkKind {
    match word.trim().to_ascii_lowercase().as_str() {
        "page" | "abs" | "url" | "paper" => LinkKind::Page,
        "pdf" => LinkKind::Pdf,
        "doi" => LinkKind::Doi,
        "code" => LinkKind::Code,
        "data" | "dataset" => LinkKind::Data,
        "project" | "demo" | "website" => LinkKind::Project,
        _ => LinkKind::Other,
    }
}

fn listings(value: Value, limits: &Limits, warn: Warn<'_>) -> Vec<Listing> {
    const WANTED: &str = "a list of {source, listed_on, rank}";
    let list = match value {
        Value::Null => return Vec::new(),
        Value::Array(list) => list,
        other => {
            warn(wrong("listings", WANTED, &other));
            return Vec::new();
        }
    };
    let mut out = Vec::new();
    for entry in list {
        let found = type_of(&entry);
        let word = |field| {
            let text = entry.get(field).and_then(Value::as_str)?;
            let text = text.chars().take(limits.name_chars).collect::<String>();
            Some(clean_text(&text).clean).filter(|text| !text.is_empty())
        };
        match word("source") {
            Some(source) if out.len() < limits.listings => out.push(Listing {
                source,
                listed_on: word("listed_on"),
                rank: entry
                    .get("rank")
                    .and_then(Value::as_u64)
                    .and_then(|rank| u32::try_from(rank).ok())
                    .unwrap_or(0),
            }),
            Some(_) => {
                warn(Reason::TooMany {
                    field: "listings",
                    limit: limits.listings,
                });
                break;
            }
            None => warn(Reason::WrongType {
                field: "listings",
                wanted: WANTED,
                found,
            }),
        }
    }
    out
}
