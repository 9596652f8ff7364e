//! Links: which are safe, where they stand in a text, what they lead to.

mod kind;
mod mend;

use url::Url;

pub(crate) use kind::abstract_links;
pub use kind::classify;
pub(crate) use mend::{find, mend, url_end};

use crate::paper::{Link, LinkKind};

/// Bytes of the longest link taken.
const LONGEST: usize = 2_000;

/// An address that is safe to link to, or `None`: `http` or `https`, with a host, without a user
/// name, made of the characters that addresses are made of.
///
/// Comes back as it was written where that is already a valid address, else as a browser would
/// write it.
///
/// ```
/// use offprint_papers::safe_link;
/// assert_eq!(safe_link(" https://kites.example/a ").as_deref(), Some("https://kites.example/a"));
/// assert_eq!(safe_link("HTTP://Kites.example/ä").as_deref(), Some("http://kites.example/%C3%A4"));
/// assert_eq!(safe_link("javascript:alert(1)"), None);
/// ```
pub fn safe_link(address: &str) -> Option<String> {
    let address = address.trim();
    if address.len() > LONGEST {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    if !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
        || !(host.contains('.') || host.contains(':') || host == "localhost")
        || host.starts_with('.')
    {
        return None;
    }
    let authority = address.split("://").nth(1)?.split(['/', '?', '#']).next()?;
    let plain = address.bytes().all(is_url_byte)
        && (address.starts_with("https://") || address.starts_with("http://"))
        && !authority.bytes().any(|b| b.is_ascii_uppercase());
    let written = if plain {
        address.to_owned()
    } else {
        url.to_string()
    };
    (written.len() <= LONGEST && written.bytes().all(is_url_byte)).then_some(written)
}

/// The characters of an address, those left out that only ever close around one.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

/// Adds a link unless it is there already, by whatever scheme and with or without a last slash.
pub(crate) fn push_link(links: &mut Vec<Link>, link: Link) {
    fn key(url: &str) -> &str {
        let url = url.split_once("://").map_or(url, |(_, rest)| rest);
        url.trim_end_matches('/')
    }
    if !links.iter().any(|other| key(&other.url) == key(&link.url)) {
        links.push(link);
    }
}

/// Brings the paper's own page, its text and its DOI to the front.
pub(crate) fn own_first(links: &mut [Link]) {
    links.sort_by_key(|link| match link.kind {
        LinkKind::Page => 0,
        LinkKind::Pdf => 1,
        LinkKind::Doi => 2,
        _ => 3,
    });
}

/// Links to the DOIs in a field: bare, after `doi:`, or as links already; several where blanks
/// stand between. `None` where one is no DOI.
pub(crate) fn doi_links(text: &str) -> Option<Vec<String>> {
    if text.len() > LONGEST {
        return None;
    }
    text.split_whitespace().map(doi_link).collect()
}

fn doi_link(doi: &str) -> Option<String> {
    let lower = doi.to_ascii_lowercase();
    let prefixes = [
        "https://",
        "http://",
        "dx.doi.org/",
        "www.doi.org/",
        "doi.org/",
        "doi:",
    ];
    let mut at = 0;
    for prefix in prefixes {
        if lower.get(at..)?.starts_with(prefix) {
            at += prefix.len();
        }
    }
    let doi = doi.get(at..)?;
    let (registrant, name) = doi.strip_prefix("10.")?.split_once('/')?;
    let digits = registrant.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if registrant.is_empty() || !digits || name.is_empty() {
        return None;
    }
    let mut link = String::from("https://doi.org/");
    for c in doi.chars() {
        // What would end a path or is no part of an address goes as its bytes; a `%` that
        // already starts such a byte stays.
        if c.is_ascii() && is_url_byte(c as u8) && !matches!(c, '?' | '#' | '[' | ']') {
            link.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                link.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    safe_link(&link)
}

#[cfg(test)]
mod tests;
