//! The language a page says it is in.

/// Languages that are written from right to left, unless a script says otherwise.
const RIGHT_TO_LEFT: [&str; 14] = [
    "ar", "arc", "ckb", "dv", "fa", "glk", "he", "iw", "mzn", "ps", "sd", "ug", "ur", "yi",
];
/// Scripts that are.
const SCRIPTS: [&str; 9] = [
    "adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa",
];

/// A language tag, such as `en` or `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lang(String);

impl Default for Lang {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl Lang {
    /// Reads a tag in the form of RFC 5646: a language, then parts of up to eight letters or digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let language = parts.next()?;
        let plain = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let good = (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_alphabetic())
            && parts.clone().all(plain)
            && parts.count() < 8;
        good.then(|| Self(text.to_owned()))
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The direction it is written in: `ltr` or `rtl`.
    pub fn direction(&self) -> &'static str {
        let tag = self.0.to_ascii_lowercase();
        let mut parts = tag.split('-');
        let language = parts.next().unwrap_or_default();
        let script =
            parts.find(|part| part.len() == 4 && !part.starts_with(|c: char| c.is_ascii_digit()));
        let from_right = match script {
            Some(script) => SCRIPTS.contains(&script),
            None => RIGHT_TO_LEFT.contains(&language),
        };
        if from_right { "rtl" } else { "ltr" }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn directions() {
        for (tag, direction) in [
            ("en", "ltr"),
            ("pt-BR", "ltr"),
            ("ar", "rtl"),
            ("fa-IR", "rtl"),
            ("HE", "rtl"),
            ("az-Arab", "rtl"),
            ("ku-Latn-TR", "ltr"),
            ("ar-Latn", "ltr"),
            ("sl-1994", "ltr"),
        ] {
            assert_eq!(Lang::parse(tag).unwrap().direction(), direction, "{tag}");
        }
    }

    #[test]
    fn what_is_no_tag() {
        for text in [
            "",
            "e",
            "english",
            "en_GB",
            "en-",
            "de\" onload=\"x",
            "12",
            "en-toolongpart",
        ] {
            assert_eq!(Lang::parse(text), None, "{text}");
        }
    }
}
