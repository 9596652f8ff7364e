//! Addresses in running text: found, and mended where a dump or LaTeX broke them.

use std::borrow::Cow;
use std::collections::HashSet;

use super::safe_link;

/// Hosts whose addresses are taken without a scheme when a path follows.
const HOSTS: [&str; 22] = [
    "github.com",
    "gist.github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "sourceforge.net",
    "huggingface.co",
    "hf.co",
    "bit.ly",
    "tinyurl.com",
    "goo.gl",
    "git.io",
    "doi.org",
    "dx.doi.org",
    "arxiv.org",
    "zenodo.org",
    "osf.io",
    "kaggle.com",
    "sites.google.com",
    "youtube.com",
    "youtu.be",
    "anonymous.4open.science",
];

/// Domains under which a project has a host of its own, taken without a scheme.
const PROJECT_HOSTS: [&str; 3] = [".github.io", ".gitlab.io", ".readthedocs.io"];

/// Addresses that are looked for in a text; far more than any abstract has.
const MOST: usize = 1_000;

/// The addresses in a mended text, each once.
pub(crate) fn find(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("http"))
        && found.len() < MOST
    {
        let start = from + at;
        let rest = text.get(start..).unwrap_or_default();
        from = start + 4;
        if let Some(end) = url_end(rest) {
            let url = rest.get(..end).unwrap_or_default();
            from = start + end;
            // Only what already is as it should be: else the link would not stand in the text.
            if safe_link(url).is_some_and(|safe| safe == url) && seen.insert(url) {
                found.push(url.to_owned());
            }
        }
    }
    found
}

/// Length of the address at the start of `text`, which starts with its scheme in lower case.
pub(crate) fn url_end(text: &str) -> Option<usize> {
    let scheme = scheme(text)?;
    text.starts_with("http").then_some(())?;
    let end = trimmed(text, body_end(text, scheme));
    (end > scheme).then_some(end)
}

/// Length of `http://` or `https://` in any case.
fn scheme(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    [b"https://".as_slice(), b"http://"]
        .into_iter()
        .find(|scheme| {
            bytes
                .get(..scheme.len())
                .is_some_and(|b| b.eq_ignore_ascii_case(scheme))
        })
        .map(<[u8]>::len)
}

/// Where the characters of an address end, escaped ones (`\_`) included.
fn body_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    // Far beyond what is taken for a link, it is not worth knowing.
    let bytes = bytes.get(..from + 2 * super::LONGEST).unwrap_or(bytes);
    while let Some(&byte) = bytes.get(at) {
        let escaped =
            byte == b'\\' && matches!(bytes.get(at + 1), Some(b'_' | b'%' | b'#' | b'&' | b'~'));
        if escaped {
            at += 2;
        } else if super::is_url_byte(byte) {
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// Without the punctuation of the sentence around it.
fn trimmed(text: &str, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(&last) = end.checked_sub(1).and_then(|at| bytes.get(at)) {
        let body = bytes.get(..end).unwrap_or_default();
        let count = |b: u8| body.iter().filter(|&&c| c == b).count();
        let stray = match last {
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'~' | b'[' | b'(' => true,
            b')' => count(b')') > count(b'('),
            b']' => count(b']') > count(b'['),
            _ => false,
        };
        if !stray {
            break;
        }
        end -= 1;
        // Half an escape is none.
        if end > 0 && bytes.get(end - 1) == Some(&b'\\') {
            end -= 1;
        }
    }
    end
}

/// Mends the addresses of a text: wrappers (`\url{...}`, `\href{...}`, `url{...}`), an address
/// doubled in braces, a placeholder left behind it (`/{URL}`), proxies of a host in its place, a
/// missing scheme, blanks missing before it or standing before the full stop after it.
pub(crate) fn mend(text: &str) -> Cow<'_, str> {
    if !may_hold_address(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some((start, bare)) = candidate(text, at) {
        let rest = text.get(start..).unwrap_or_default();
        let scheme = if bare { 0 } else { scheme(rest).unwrap_or(0) };
        let end = body_end(rest, scheme);
        let body = rest.get(..trimmed(rest, end)).unwrap_or_default();
        at = start + body.len().max(1);
        let Some(url) = repaired(body, bare) else {
            continue;
        };
        out.push_str(text.get(done..start).unwrap_or_default());
        let wrapped = unwrap(&mut out);
        space_out(&mut out);
        done = finish(text, start + body.len(), &url, body, wrapped, &mut out);
        at = done.max(at);
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether there is what any address has: two slashes, `www.`, or a full stop before a letter.
fn may_hold_address(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| match pair {
        [b'/', b'/'] | [b'w' | b'W', b'.'] => true,
        [b'.', next] => next.is_ascii_alphabetic(),
        _ => false,
    })
}

/// The next place where an address starts, and whether it lacks its scheme.
fn candidate(text: &str, from: usize) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let before = at
            .checked_sub(1)
            .and_then(|at| bytes.get(at))
            .copied()
            .unwrap_or(b' ');
        let rest = || text.get(at..).unwrap_or_default();
        if matches!(byte, b'h' | b'H') && scheme(rest()).is_some() {
            return Some((at, false));
        }
        let starts = byte.is_ascii_alphanumeric()
            && before.is_ascii()
            && !before.is_ascii_alphanumeric()
            && !b"@./-_\\:=".contains(&before);
        if starts {
            if is_bare_address(rest()) {
                return Some((at, true));
            }
            // No word of an address starts inside a word.
            at += rest()
                .bytes()
                .take_while(|b| b.is_ascii_alphanumeric())
                .count();
            // But a scheme may be glued to one: "here.https://".
            let word = text.get(from..at).unwrap_or_default();
            if word.len() >= 4 && rest_has_scheme(text, at) {
                at = at.saturating_sub(5).max(from);
                while at < text.len() && scheme(text.get(at..).unwrap_or_default()).is_none() {
                    at += 1;
                }
                return Some((at, false));
            }
        } else {
            at += 1;
        }
    }
    None
}

/// Whether a word that ends at `at` ends with a scheme's name.
fn rest_has_scheme(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    bytes.get(at..at + 3) == Some(b"://")
        && [b"https".as_slice(), b"http"].iter().any(|name| {
            at.checked_sub(name.len())
                .and_then(|start| bytes.get(start..at))
                .is_some_and(|word| word.eq_ignore_ascii_case(name))
        })
}

/// Whether a host without a scheme stands at the start: one of the known, or `www.`.
fn is_bare_address(text: &str) -> bool {
    let length = text
        .bytes()
        .take(80)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        .count();
    let word = text.get(..length).unwrap_or_default();
    let host = word.trim_end_matches(['.', '-']);
    if !host.contains('.') {
        return false;
    }
    let host = host.to_ascii_lowercase();
    let path = text.get(word.len()..).unwrap_or_default();
    let has_path = path
        .strip_prefix('/')
        .is_some_and(|path| path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '~'));
    if let Some(rest) = host.strip_prefix("www.") {
        return rest
            .split_once('.')
            .is_some_and(|(name, top)| !name.is_empty() && top.len() > 1);
    }
    let project = PROJECT_HOSTS.iter().any(|domain| {
        host.strip_suffix(domain)
            .is_some_and(|name| !name.is_empty())
    });
    project || has_path && HOSTS.contains(&host.as_str())
}

/// The address as it should be; `None` where it cannot be one.
fn repaired(body: &str, bare: bool) -> Option<String> {
    let mut url = String::with_capacity(body.len() + 8);
    if bare {
        url.push_str("https://");
    }
    url.extend(body.chars().filter(|&c| c != '\\'));
    let scheme = scheme(&url)?;
    let host_end = url
        .get(scheme..)?
        .find(['/', '?', '#', ':'])
        .map_or(url.len(), |end| scheme + end);
    let host = url.get(scheme..host_end)?.to_ascii_lowercase();
    let host = unproxied(&host).unwrap_or(&host);
    let scheme = url.get(..scheme)?.to_ascii_lowercase();
    let url = format!("{scheme}{host}{}", url.get(host_end..)?);
    safe_link(&url).filter(|safe| *safe == url)
}

/// The host that a page was fetched through a proxy of.
///
/// Such proxies are short-lived and named by whoever runs them, on a platform's domain, but say
/// in their first label what they stand for.
fn unproxied(host: &str) -> Option<&'static str> {
    let (label, domain) = host.split_once('.')?;
    let mut words = label.split('-');
    let hub = matches!(words.next(), Some("hf" | "huggingface"));
    let proxy = matches!(words.next(), Some("proxy" | "mirror"));
    let platform = [
        "workers.dev",
        "pages.dev",
        "vercel.app",
        "netlify.app",
        "com",
    ]
    .iter()
    .any(|platform| domain == *platform || domain.ends_with(&format!(".{platform}")));
    (hub && proxy && platform).then_some("huggingface.co")
}

/// Takes a wrapper off that was opened just before the address.
fn unwrap(out: &mut String) -> Option<Wrapper> {
    let open = out
        .trim_end_matches(' ')
        .strip_suffix('{')?
        .trim_end_matches(' ');
    let (name, wrapper) = [
        ("url", Wrapper::Url),
        ("href", Wrapper::Href),
        ("path", Wrapper::Url),
    ]
    .into_iter()
    .find(|(name, _)| open.ends_with(name))?;
    let before = open.strip_suffix(name)?;
    let kept = before.strip_suffix('\\').unwrap_or(before);
    // Without its backslash, the name must be a word.
    if kept.len() == before.len() && before.ends_with(char::is_alphanumeric) {
        return None;
    }
    out.truncate(kept.len());
    Some(wrapper)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapper {
    Url,
    Href,
}

/// A blank between a word or its punctuation and the address glued to it.
fn space_out(out: &mut String) {
    if out.ends_with('~') {
        out.pop();
        out.push(' ');
    }
    if out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | ';' | ')')) {
        out.push(' ');
    }
}

/// Writes an address and reads what belongs to it after its body. Gives where the text goes on.
fn finish(
    text: &str,
    from: usize,
    url: &str,
    body: &str,
    wrapper: Option<Wrapper>,
    out: &mut String,
) -> usize {
    let mut at = from;
    let mut url = url;
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    // `U{U}`, `U/{URL}`
    if let Some((inner, length)) = braced(rest(at)) {
        let same =
            inner.trim() == body || inner.trim().trim_end_matches('/') == url.trim_end_matches('/');
        let placeholder = (1..=20).contains(&inner.len())
            && inner.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        if same {
            at += length;
        } else if placeholder && wrapper.is_none() {
            url = url.strip_suffix('/').unwrap_or(url);
            at += length;
        }
    }
    let mut punctuation = "";
    if wrapper.is_some() {
        let stop = rest(at).len() - rest(at).trim_start_matches(['.', ',', ';', ' ']).len();
        if rest(at + stop).starts_with('}') {
            punctuation = rest(at).get(..stop).unwrap_or_default().trim();
            at += stop + 1;
        }
    }
    // The address's text, where `\href` gives one.
    if wrapper == Some(Wrapper::Href)
        && let Some((shown, length)) = braced(rest(at))
    {
        at += length;
        let shown = shown.trim();
        let same = shown == body || shown == url || shown.is_empty();
        match same {
            true => out.push_str(url),
            false => {
                out.push_str(shown);
                out.push_str(" (");
                out.push_str(url);
                out.push(')');
            }
        }
    } else {
        out.push_str(url);
    }
    if !punctuation.is_empty() && !rest(at).starts_with(punctuation) {
        out.push_str(punctuation);
    }
    // "address ." at the end of a sentence.
    if let Some(after) = rest(at).strip_prefix(" .")
        && (after.is_empty() || after.starts_with(' '))
    {
        at += 1;
    }
    at
}

/// The text of a group without groups in it at the start of `text`, and the group's length.
fn braced(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find(['{', '}'])?;
    inner.get(end..)?.starts_with('}').then_some(())?;
    Some((inner.get(..end)?, end + 2))
}
