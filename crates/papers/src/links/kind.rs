//! What an address leads to.

use crate::clean::Cleaned;
use crate::code::says_code;
use crate::paper::{Link, LinkKind};

/// What a link leads to, as far as its host and path tell.
pub fn classify(url: &str) -> LinkKind {
    let lower = url.to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.strip_prefix("www.").unwrap_or(host);
    let at = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
    };
    let any = |domains: &[&str]| domains.iter().any(|domain| at(domain));
    if any(&[
        "github.io",
        "gitlab.io",
        "readthedocs.io",
        "sites.google.com",
        "netlify.app",
    ]) || any(&[
        "vercel.app",
        "youtube.com",
        "youtu.be",
        "huggingface.co",
        "hf.co",
    ]) {
        return match path.starts_with("datasets/") && any(&["huggingface.co", "hf.co"]) {
            true => LinkKind::Data,
            false => LinkKind::Project,
        };
    }
    if any(&[
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "sr.ht",
        "git.io",
    ]) || any(&["sourceforge.net", "gitee.com", "anonymous.4open.science"])
        || host.starts_with("gitlab.")
        || host.starts_with("git.")
    {
        return LinkKind::Code;
    }
    if any(&["zenodo.org", "figshare.com", "osf.io", "datadryad.org"])
        || at("kaggle.com") && path.starts_with("datasets/")
    {
        return LinkKind::Data;
    }
    if at("doi.org") {
        return LinkKind::Doi;
    }
    LinkKind::Other
}

/// The links of an abstract. Where the host says nothing, the sentence may: "our code is at".
pub(crate) fn abstract_links(cleaned: &Cleaned) -> Vec<Link> {
    let text = &cleaned.text.clean;
    let mut links = Vec::new();
    for url in &cleaned.links {
        let mut kind = classify(url);
        // A DOI or a page in an abstract is somebody else's.
        if kind == LinkKind::Doi {
            kind = LinkKind::Other;
        }
        if kind == LinkKind::Other && !is_literature(url) && says_code(sentence_around(text, url)) {
            kind = LinkKind::Code;
        }
        crate::links::push_link(
            &mut links,
            Link {
                kind,
                url: url.clone(),
            },
        );
    }
    links
}

fn is_literature(url: &str) -> bool {
    [
        "arxiv.org",
        "doi.org",
        "openreview.net",
        "aclanthology.org",
        "wikipedia.org",
    ]
    .iter()
    .any(|host| url.contains(host))
}

/// The sentence that a link stands in, up to the link.
fn sentence_around<'t>(text: &'t str, url: &str) -> &'t str {
    let end = text.find(url).unwrap_or(0);
    let before = text.get(..end).unwrap_or_default();
    let start = before.rfind(". ").map_or(0, |at| at + 2);
    before.get(start..).unwrap_or_default()
}
