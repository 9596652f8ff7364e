//! `custom-elements.json` after the schema 2.1.0 of the custom elements manifest, which editors read:
//! out of the comment in `www/offprint.js` and the declaration of the element's class.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// What is said of a thing after its tag: `{type} name - description`.
#[derive(Debug, PartialEq, Eq)]
struct Tag<'a> {
    kind: &'a str,
    of: Option<&'a str>,
    name: &'a str,
    description: &'a str,
}

/// Makes the manifest of the entry script's comment and the element's declaration.
///
/// # Errors
///
/// When the comment or a tag in it cannot be read.
pub fn of(entry: &str, declaration: &str) -> Result<Value> {
    let comment = comment(entry)?;
    let mut described = Vec::new();
    let mut tags = Vec::new();
    for line in comment {
        match line.strip_prefix('@') {
            Some(rest) => tags.extend(tag(rest)?),
            None if tags.is_empty() && !line.is_empty() => described.push(line),
            None if line.is_empty() => {}
            None => bail!("www/offprint.js: {line:?} belongs to no tag"),
        }
    }
    let all = |kind: &str, shape: fn(&Tag<'_>) -> Value| -> Vec<Value> {
        tags.iter()
            .filter(|tag| tag.kind == kind)
            .map(shape)
            .collect()
    };
    let named = |tag: &Tag<'_>| json!({ "name": tag.name, "description": tag.description });
    let typed = |tag: &Tag<'_>| json!({ "name": tag.name, "description": tag.description, "type": { "text": tag.of } });
    let class = json!({
        "kind": "class",
        "name": "OffprintSearch",
        "description": described.first(),
        "tagName": "offprint-search",
        "customElement": true,
        "superclass": { "name": "HTMLElement" },
        "attributes": all("attr", typed),
        "events": all("fires", typed),
        "slots": all("slot", named),
        "cssParts": all("csspart", named),
        "cssProperties": all("cssprop", named),
        "members": members(declaration),
    });
    let module = "client/offprint.js";
    Ok(json!({
        "schemaVersion": "2.1.0",
        "modules": [{
            "kind": "javascript-module",
            "path": module,
            "declarations": [class],
            "exports": [{
                "kind": "custom-element-definition",
                "name": "offprint-search",
                "declaration": { "name": "OffprintSearch", "module": module },
            }],
        }],
    }))
}

/// The lines of the comment that says what element this is.
fn comment(entry: &str) -> Result<Vec<&str>> {
    let inside = entry
        .split("/**")
        .skip(1)
        .filter_map(|rest| rest.split_once("*/"))
        .map(|(inside, _)| inside)
        .find(|inside| inside.contains("@element "))
        .context("www/offprint.js describes no element")?;
    Ok(inside
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim())
        .collect())
}

/// One tag; none for the one that only names the element.
fn tag(text: &str) -> Result<Option<Tag<'_>>> {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    if kind == "element" {
        return Ok(None);
    }
    if !["attr", "fires", "slot", "csspart", "cssprop"].contains(&kind) {
        bail!("www/offprint.js: @{kind} is not known");
    }
    let (of, rest) = braced(rest.trim());
    let (name, description) = rest
        .trim()
        .split_once(" - ")
        .with_context(|| format!("www/offprint.js: @{text} describes nothing"))?;
    Ok(Some(Tag {
        kind,
        of,
        name,
        description,
    }))
}

/// A type in braces in front of the rest.
fn braced(text: &str) -> (Option<&str>, &str) {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return (text.get(1..at), text.get(at + 1..).unwrap_or_default()),
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => break,
            _ => {}
        }
    }
    (None, text)
}

/// Public properties and methods of the class, without those that browsers call.
fn members(declaration: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut text = Vec::new();
    let class = declaration
        .split_once(" class ")
        .map_or("", |(_, class)| class);
    for line in class.lines().skip(1) {
        if line == "}" {
            break;
        }
        let line = line.trim();
        if line.starts_with("/**") || line.starts_with('*') {
            let words = line.trim_matches(['/', '*', ' ']);
            text.push(words.split(" @").next().unwrap_or_default());
            continue;
        }
        let said: Vec<&str> = std::mem::take(&mut text);
        let name_end = line.find(['(', ':', '?']).unwrap_or(0);
        let name = line.get(..name_end).unwrap_or_default();
        let name = name.strip_prefix("get ").unwrap_or(name);
        let hidden = ["constructor", "#private", "attributeChangedCallback"].contains(&name)
            || name.ends_with("edCallback")
            || line.starts_with("static ");
        if hidden || name.is_empty() || name.contains(' ') {
            continue;
        }
        let mut member = Map::new();
        let method = line.contains('(') && !line.starts_with("get ");
        member.insert(
            "kind".into(),
            if method { "method" } else { "field" }.into(),
        );
        member.insert("name".into(), name.into());
        let said: Vec<&str> = said
            .into_iter()
            .take_while(|words| !words.starts_with('@'))
            .filter(|words| !words.is_empty())
            .collect();
        if !said.is_empty() {
            member.insert("description".into(), said.join(" ").into());
        }
        found.push(Value::Object(member));
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn www() -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www");
        let entries = std::fs::read_dir(folder).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|ending| ending == "js"))
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect()
    }

    /// What stands in the sources between `before` and the next of `after`.
    fn found(before: &str, after: char) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (name, text) in www() {
            if name == "offprint.js" {
                continue;
            }
            all.extend(
                text.split(before)
                    .skip(1)
                    .filter_map(|rest| rest.split(after).next())
                    .map(str::to_owned),
            );
        }
        all
    }

    fn names(manifest: &Value, list: &str) -> BTreeSet<String> {
        let class = &manifest["modules"][0]["declarations"][0];
        let entries = class[list].as_array().unwrap();
        let named = entries
            .iter()
            .map(|entry| entry["name"].as_str().unwrap().to_owned());
        let all: BTreeSet<String> = named.collect();
        assert_eq!(all.len(), entries.len(), "{list} repeats a name");
        all
    }

    const DECLARATION: &str = "export declare class OffprintSearch extends HTMLElement {\n    #private;\n    static observedAttributes: string[];\n    /** What is open. @type {Info} */\n    info: Info | undefined;\n    constructor();\n    connectedCallback(): void;\n    /**\n     * Searches without\n     * showing anything.\n     * @param {string} query\n     */\n    search(query: string, { limit }?: Options): Promise<Answer>;\n    get mode(): \"page\";\n}\n/** Other. */\nexport declare class Other {\n    more(): void;\n}\n";

    fn manifest() -> Value {
        let entry = www()
            .into_iter()
            .find(|(name, _)| name == "offprint.js")
            .unwrap();
        of(&entry.1, DECLARATION).unwrap()
    }

    #[test]
    fn every_part_and_property_and_attribute_is_described() {
        let manifest = manifest();
        assert_eq!(names(&manifest, "cssParts"), found("part: \"", '"'));
        let mut properties = found("var(--offprint-", ',');
        // Colours stand in a table.
        assert!(properties.remove("${name}"));
        let styles = www().into_iter().find(|(name, _)| name == "styles.js");
        let table = styles.unwrap().1;
        let table = table.split("const COLOURS = {").nth(1).unwrap();
        let table = table.split("};").next().unwrap();
        let colours = table.lines().filter_map(|line| line.split_once(": "));
        properties.extend(colours.map(|(name, _)| name.trim().to_owned()));
        let properties: BTreeSet<String> = properties
            .into_iter()
            .map(|name| format!("--offprint-{name}"))
            .collect();
        assert_eq!(names(&manifest, "cssProperties"), properties);
        let mut attributes = found("getAttribute(\"", '"');
        // Read by style sheets and the browser.
        attributes.extend(["theme".to_owned(), "lang".to_owned()]);
        let described = names(&manifest, "attributes");
        let missing: Vec<_> = described.difference(&attributes).collect();
        assert!(missing.is_empty(), "nobody reads {missing:?}");
        // Of an element that looks for a policy.
        attributes.remove("nonce");
        let unsaid: Vec<_> = attributes.difference(&described).collect();
        assert!(unsaid.is_empty(), "nobody describes {unsaid:?}");
        let slots = found("h(\"slot\", { name: \"", '"');
        assert_eq!(names(&manifest, "slots"), slots);
    }

    #[test]
    fn members_are_those_of_the_class_alone() {
        let manifest = manifest();
        let members = &manifest["modules"][0]["declarations"][0]["members"];
        assert_eq!(
            members,
            &json!([
                { "kind": "field", "name": "info", "description": "What is open." },
                { "kind": "method", "name": "search", "description": "Searches without showing anything." },
                { "kind": "field", "name": "mode" },
            ])
        );
    }

    #[test]
    fn reads_types_with_braces() {
        let read = tag("fires {Event<{ a: B }>} ready - It is open")
            .unwrap()
            .unwrap();
        assert_eq!(read.of, Some("Event<{ a: B }>"));
        assert_eq!((read.name, read.description), ("ready", "It is open"));
        assert!(tag("attr {x} y").is_err());
        assert!(tag("atr {x} y - z").is_err());
    }
}
