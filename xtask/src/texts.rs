//! Whether every language says all that the page says.
//!
//! The sources are read as they are written: `texts({ name: "Text", other: { one: "…", other: "…" } })`
//! in the modules, and the same behind `texts:` in `www/lang-*.js`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Texts by name; one for each plural category, or one alone under the empty category.
type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// Kinds of errors, which languages name beside what modules say: see `told` in `www/errors.js`.
const ERRORS: &[&str] = &[
    "fetch",
    "damaged",
    "integrity",
    "version",
    "query",
    "internal",
];

/// Compares the languages in a folder with its modules.
///
/// # Errors
///
/// When a source cannot be read, two modules use one name, or a language lacks a text, has one that
/// nobody says, or has other values in it; all of it is named.
pub fn check(www: &Path) -> Result<()> {
    let mut english = Texts::new();
    let mut languages = BTreeMap::new();
    let mut complaints = Vec::new();
    let mut names: Vec<_> = std::fs::read_dir(www)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    names.sort_unstable();
    for name in names.iter().filter(|name| name.ends_with(".js")) {
        let text = std::fs::read_to_string(www.join(name))?;
        if name.starts_with("lang-") {
            languages.insert(name, stated(&text, "texts: {").context(name.clone())?);
            continue;
        }
        for (text, forms) in stated(&text, "texts({").context(name.clone())? {
            if english.insert(text.clone(), forms).is_some() {
                complaints.push(format!("{name}: another module has the text {text}, too"));
            }
        }
    }
    for code in ERRORS {
        for end in ["Error", "Advice"] {
            english.insert(format!("{code}{end}"), BTreeMap::new());
        }
    }
    for (name, texts) in &languages {
        complaints.extend(compare(&english, texts).map(|line| format!("{name}: {line}")));
    }
    if !complaints.is_empty() {
        bail!("{}", complaints.join("\n"));
    }
    println!(
        "{} languages have all {} texts",
        languages.len(),
        english.len()
    );
    Ok(())
}

/// What a language does not say as it should.
fn compare<'a>(english: &'a Texts, texts: &'a Texts) -> impl Iterator<Item = String> {
    let missing = english.iter().filter_map(|(name, forms)| {
        let Some(own) = texts.get(name) else {
            return Some(format!("no text {name}{}", example(forms)));
        };
        let wanted = values(forms.values());
        // The form for most numbers holds every value; others may leave some out: "one paper".
        let whole = values(own.get("other").or(own.get("")));
        let all = values(own.values());
        let wrong = [whole, all].into_iter().find(|has| *has != wanted)?;
        Some(format!(
            "the text {name} has the values {wrong:?} and not {wanted:?}"
        ))
    });
    let surplus = texts
        .keys()
        .filter(|name| !english.contains_key(*name))
        .map(|name| format!("nobody says {name}"));
    missing.chain(surplus).collect::<Vec<_>>().into_iter()
}

fn example(forms: &BTreeMap<String, String>) -> String {
    forms
        .values()
        .next_back()
        .map(|text| format!(" ({text:?})"))
        .unwrap_or_default()
}

/// The names in braces.
fn values<'a>(texts: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
    texts
        .into_iter()
        .flat_map(|text| text.split('{').skip(1))
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}

/// All texts that a source states behind `start`.
fn stated(source: &str, start: &str) -> Result<Texts> {
    let mut all = Texts::new();
    for rest in source.split(start).skip(1) {
        let mut tokens = Tokens(rest);
        loop {
            let name = match tokens.next()? {
                Token::Close => break,
                Token::Word(name) => name,
                other => bail!("{other:?} stands where a text's name should"),
            };
            let forms = match tokens.next()? {
                Token::Text(text) => BTreeMap::from([(String::new(), text)]),
                Token::Open => plural(&mut tokens)?,
                other => bail!("{other:?} stands where the text {name} should"),
            };
            if all.insert(name.clone(), forms).is_some() {
                bail!("the text {name} is there twice");
            }
        }
    }
    Ok(all)
}

fn plural(tokens: &mut Tokens<'_>) -> Result<BTreeMap<String, String>> {
    let mut forms = BTreeMap::new();
    loop {
        match (tokens.next()?, &mut forms) {
            (Token::Close, _) => return Ok(forms),
            (Token::Word(category), forms) => match tokens.next()? {
                Token::Text(text) => forms.insert(category, text),
                other => bail!("{other:?} stands where a text should"),
            },
            (other, _) => bail!("{other:?} stands where a plural category should"),
        };
    }
}

#[derive(Debug)]
enum Token {
    Open,
    Close,
    Word(String),
    Text(String),
}

struct Tokens<'a>(&'a str);

impl Tokens<'_> {
    /// Colons, commas and comments are left out.
    fn next(&mut self) -> Result<Token> {
        loop {
            let rest = self.0.trim_start_matches([' ', '\n', ':', ',']);
            if let Some(comment) = rest.strip_prefix("//") {
                self.0 = comment.split_once('\n').map_or("", |(_, after)| after);
                continue;
            }
            let first = rest.chars().next().context("the texts do not end")?;
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            self.0 = after;
            return match first {
                '{' => Ok(Token::Open),
                '}' => Ok(Token::Close),
                '"' => self.text().map(Token::Text),
                _ if first.is_alphanumeric() => {
                    let end = rest
                        .find(|c: char| !c.is_alphanumeric())
                        .unwrap_or(rest.len());
                    let (word, after) = rest.split_at(end);
                    self.0 = after;
                    Ok(Token::Word(word.to_owned()))
                }
                _ => bail!("{first:?} stands among the texts"),
            };
        }
    }

    /// The rest of a string; what is escaped in it stays so.
    fn text(&mut self) -> Result<String> {
        let mut escaped = false;
        for (at, c) in self.0.char_indices() {
            if c == '"' && !escaped {
                let (text, after) = self.0.split_at(at);
                self.0 = after.get(1..).unwrap_or_default();
                return Ok(text.to_owned());
            }
            escaped = c == '\\' && !escaped;
        }
        bail!("a text does not end")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const MODULE: &str = r#"
        const say = texts({
          // What {is} said.
          plain: "Say \"{it}\"", short: "x",
          many: { one: "{n} of {all}", other: "{n} of {all}" },
        });
        say("plain");
    "#;

    fn complaints(language: &str) -> Vec<String> {
        let english = stated(MODULE, "texts({").unwrap();
        assert_eq!(english.len(), 3);
        let texts = stated(
            &format!("setLanguage({{ texts: {{{language}}} }});"),
            "texts: {",
        );
        compare(&english, &texts.unwrap()).collect()
    }

    #[test]
    fn a_whole_language_passes() {
        let whole = r#"plain: "{it}", short: "y", many: { one: "one of {all}", few: "few", other: "{all}: {n}" }"#;
        assert!(complaints(whole).is_empty());
    }

    #[test]
    fn what_is_missing_is_named() {
        let lines =
            complaints(r#"plain: "{what}", many: { one: "{n}{all}", other: "{n}" }, more: "z""#);
        assert_eq!(
            lines,
            [
                "the text many has the values {\"n\"} and not {\"all\", \"n\"}",
                "the text plain has the values {\"what\"} and not {\"it\"}",
                "no text short (\"x\")",
                "nobody says more",
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for text in [
            "texts({ a: b })",
            "texts({ a: \"b",
            "texts({ a: \"b\", a: \"c\" })",
            "texts({ a: `b` })",
        ] {
            assert!(stated(text, "texts({").is_err(), "{text}");
        }
    }
}
