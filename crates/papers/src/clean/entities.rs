//! HTML's character references.

use std::borrow::Cow;

use html_escape::decode_html_entities;

/// The longest name of HTML's list has 31 letters.
const LONGEST: usize = 33;

/// Decodes named and numeric references that end with `;`, until none is left: what was escaped
/// twice (`&amp;lt;`) comes out too. One pass, since only text already written is looked back at.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') || !text.contains(';') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(c);
        // A decoded character may itself be the `;` that ends another reference.
        while out.ends_with(';') {
            let Some(start) = reference(&out) else { break };
            let decoded = match decode_html_entities(out.get(start..).unwrap_or_default()) {
                Cow::Owned(decoded) if !decoded.starts_with('&') || decoded.len() == 1 => decoded,
                _ => break,
            };
            out.truncate(start);
            out.push_str(&decoded);
        }
    }
    Cow::Owned(out)
}

/// Where the reference starts that ends with `text`.
fn reference(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let from = bytes.len().saturating_sub(LONGEST);
    let at = from + bytes.get(from..)?.iter().rposition(|&b| b == b'&')?;
    let name = bytes.get(at + 1..bytes.len() - 1)?;
    let fits = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'#');
    fits.then_some(at)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn named_numeric_nested() {
        for (text, decoded) in [
            ("A &amp; B &lt;x&gt;", "A & B <x>"),
            ("&quot;a&#39;b&#x2019;c&nbsp;d", "\"a'b’c\u{a0}d"),
            ("&amp;amp;lt;", "<"),
            ("&am&#112;;", "&"),
            ("A&B; C & D;", "A&B; C & D;"),
            ("&lt x &; &#; &#xfffffff;", "&lt x &; &#; &#xfffffff;"),
            ("S&S", "S&S"),
            ("&eacute;&Auml;", "éÄ"),
        ] {
            assert_eq!(decode(text), decoded, "{text}");
        }
    }
}
