//! Font sizes whose backslash was lost.

/// Commands that are no words of any language.
const SIZES: [&str; 2] = ["scriptsize", "footnotesize"];

/// Whether a text may hold one.
pub(super) fn has_lost_size(text: &str) -> bool {
    // Most texts hold no size at all.
    text.contains("size") && SIZES.iter().any(|size| text.contains(size))
}

/// Drops the name of a font size that stands at the start of a word. A capital printed small before
/// another capital becomes a small letter: that is what it was printed small for.
pub(super) fn drop_sizes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, size)) = SIZES
        .iter()
        .filter_map(|size| Some((rest.find(size)?, size)))
        .min()
    {
        let (before, after) = rest.split_at(at);
        let after = after.strip_prefix(size).unwrap_or(after);
        out.push_str(before);
        let inside = out.chars().next_back().is_some_and(char::is_alphanumeric);
        let mut letters = after.chars();
        match (letters.next(), letters.next()) {
            _ if inside => out.push_str(size),
            (Some(small), Some(next)) if small.is_ascii_uppercase() && next.is_uppercase() => {
                out.push(small.to_ascii_lowercase());
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_sizes_go_and_small_capitals_stay_small() {
        for (text, clean) in [
            ("Kite scriptsizeFLying", "Kite fLying"),
            ("scriptsize kites", " kites"),
            ("footnotesizeKites and scriptsizeX", "Kites and X"),
            ("ascriptsize", "ascriptsize"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(drop_sizes(text), clean);
        }
    }
}
