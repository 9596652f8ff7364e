//! What papers are known by: arXiv ids, DOIs, addresses.
//!
//! One form for all ways to write it, so that a pasted one finds its paper: `2106.09685v2`,
//! `arXiv:2106.09685` and `https://arxiv.org/pdf/2106.09685.pdf` are the same.

/// Longest identifier in bytes.
const LONGEST: usize = 512;

/// What comes before an arXiv id.
const ARXIV: [&str; 9] = [
    "arxiv.org/abs/",
    "arxiv.org/pdf/",
    "arxiv.org/html/",
    "export.arxiv.org/abs/",
    "alphaxiv.org/abs/",
    "huggingface.co/papers/",
    "doi.org/10.48550/arxiv.",
    "10.48550/arxiv.",
    "arxiv:",
];

/// What comes before a DOI.
const DOI: [&str; 3] = ["doi.org/", "dx.doi.org/", "doi:"];

/// The one form of an identifier, or nothing where a text is none. Words and titles are none: it
/// takes an address, an arXiv id, a DOI, or four digits beside a point, slash, colon or hyphen.
#[must_use]
pub fn identifier(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || text.contains(char::is_whitespace) {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let mut rest = text.as_str();
    for scheme in ["https://", "http://"] {
        rest = rest.strip_prefix(scheme).unwrap_or(rest);
    }
    let address = rest.len() < text.len();
    rest = rest.strip_prefix("www.").unwrap_or(rest);
    let end = rest.bytes().position(|byte| byte == b'#');
    rest = rest.get(..end.unwrap_or(rest.len()))?;
    let after = |names: &[&str]| names.iter().find_map(|name| rest.strip_prefix(name));
    if let Some(id) = after(&ARXIV).or(Some(rest)).and_then(arxiv) {
        return Some(["arxiv:", id].concat());
    }
    let doi = after(&DOI).unwrap_or(rest);
    if doi.starts_with("10.") && doi.bytes().any(|byte| byte == b'/') {
        return Some(["doi:", doi].concat());
    }
    rest = rest.strip_suffix('/').unwrap_or(rest);
    if address {
        return Some(["web:", rest].concat());
    }
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let parted = rest
        .bytes()
        .any(|byte| matches!(byte, b'.' | b'/' | b':' | b'-'));
    (digits >= 4 && parted).then(|| ["id:", rest].concat())
}

/// An arXiv id without its version: `2106.09685`, `cs/0112017`, `math.gt/0309136`.
fn arxiv(text: &str) -> Option<&str> {
    let text = text.strip_suffix(".pdf").unwrap_or(text);
    let version = text.bytes().rposition(|byte| byte == b'v');
    let id = match version.and_then(|at| text.split_at_checked(at)) {
        Some((id, version)) if version.len() > 1 && is_digits(version.get(1..)?) => id,
        _ => text,
    };
    let part = |mark| {
        let at = id.bytes().position(|byte| byte == mark)?;
        Some((id.get(..at)?, id.get(at + 1..)?))
    };
    let new = part(b'.').is_some_and(|(month, number)| {
        month.len() == 4 && is_digits(month) && matches!(number.len(), 4 | 5) && is_digits(number)
    });
    let old = part(b'/').is_some_and(|(archive, number)| {
        let letters = archive
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'-'));
        !archive.is_empty() && letters && number.len() == 7 && is_digits(number)
    });
    (new || old).then_some(id)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(texts: &[&str], form: &str) {
        for text in texts {
            assert_eq!(identifier(text).as_deref(), Some(form), "{text}");
        }
    }

    #[test]
    fn every_way_to_write_it_is_one_form() {
        same(
            &[
                "2106.09685",
                " 2106.09685v2 ",
                "arXiv:2106.09685",
                "https://arxiv.org/abs/2106.09685v1",
                "http://www.arxiv.org/pdf/2106.09685.pdf",
                "arxiv.org/html/2106.09685#S3",
                "https://doi.org/10.48550/arXiv.2106.09685",
                "10.48550/arXiv.2106.09685",
                "https://huggingface.co/papers/2106.09685",
            ],
            "arxiv:2106.09685",
        );
        same(
            &["math.GT/0309136", "arxiv:math.gt/0309136v3"],
            "arxiv:math.gt/0309136",
        );
        same(
            &[
                "10.1023/A:1010933404324",
                "doi:10.1023/a:1010933404324",
                "https://dx.doi.org/10.1023/A:1010933404324",
            ],
            "doi:10.1023/a:1010933404324",
        );
        same(
            &[
                "https://aclanthology.org/2020.acl-main.1/",
                "http://www.aclanthology.org/2020.acl-main.1",
            ],
            "web:aclanthology.org/2020.acl-main.1",
        );
        same(&["2020.acl-main.1"], "id:2020.acl-main.1");
        same(&["P19-1001"], "id:p19-1001");
    }

    #[test]
    fn words_are_none() {
        for text in [
            "",
            "attention",
            "gpt-4",
            "bm25",
            "word2vec",
            "2017",
            "a b",
            "c/c++",
            "0.1",
            "10.5",
            "state-of-the-art",
            "-v1",
        ] {
            assert_eq!(identifier(text), None, "{text}");
        }
    }
}
