//! Several ES modules into one without imports.
//!
//! The sources are written for this, so that no bundler is needed and the result is the same
//! with and without Node.js: every statement that imports or exports begins at the start of a line,
//! imports name what they take (`import { a, b } from "./other.js";`), nothing is renamed, and no
//! two files of one bundle declare the same name at the top. What breaks these rules is refused.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};

use super::recipe::Exports;

/// One source file.
#[derive(Debug)]
pub struct Source {
    /// Its name, as imports call it after `./`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Puts sources together in the given order.
///
/// # Errors
///
/// When a source imports from one that does not stand before it, imports what that one does not
/// export, renames an import, or declares a name twice.
pub fn join(sources: &[Source], exports: Exports) -> Result<String> {
    let mut out = String::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut offered: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (position, source) in sources.iter().enumerate() {
        let keep = match exports {
            Exports::All => true,
            Exports::Last => position + 1 == sources.len(),
            Exports::None => false,
        };
        let parsed = strip(source, keep).with_context(|| source.name.clone())?;
        for (from, names) in &parsed.imports {
            let known = offered.get(from.as_str()).with_context(|| {
                format!(
                    "{} imports from ./{from}, which does not stand before it",
                    source.name
                )
            })?;
            if let Some(name) = names.iter().find(|name| !known.contains(*name)) {
                bail!(
                    "{} imports {name}, which {from} does not export",
                    source.name
                );
            }
        }
        for name in parsed.declared {
            if let Some(other) = owners.insert(name.clone(), &source.name) {
                bail!("{} and {other} both declare {name} at the top", source.name);
            }
        }
        offered.insert(&source.name, parsed.exported);
        out.push_str(&parsed.text);
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
    Ok(out)
}

#[derive(Debug, Default)]
struct Parsed {
    text: String,
    imports: Vec<(String, Vec<String>)>,
    exported: BTreeSet<String>,
    declared: Vec<String>,
}

/// Takes one source apart. Lines that go leave an empty line, so that line numbers stay.
fn strip(source: &Source, keep_exports: bool) -> Result<Parsed> {
    let mut parsed = Parsed::default();
    let mut lines = source.text.lines();
    while let Some(line) = lines.next() {
        if is_word(line, "import") && !line.starts_with("import(") && !line.starts_with("import.") {
            let (statement, count) = whole(line, &mut lines)?;
            parsed.imports.push(import(&statement)?);
            parsed.text.extend(std::iter::repeat_n('\n', count));
        } else if let Some(rest) = line.strip_prefix("export ") {
            if rest.trim_start().starts_with('{') {
                let (statement, count) = whole(line, &mut lines)?;
                parsed.exported.extend(exports(&statement, keep_exports)?);
                if keep_exports {
                    parsed.text.push_str(&statement);
                }
                parsed.text.extend(std::iter::repeat_n('\n', count));
                continue;
            }
            if rest.starts_with('*') || is_word(rest, "default") {
                bail!("cannot join `{line}`: export by name");
            }
            let name = declared(rest).with_context(|| format!("cannot join `{line}`"))?;
            parsed.exported.insert(name.clone());
            parsed.declared.push(name);
            parsed.text.push_str(if keep_exports { line } else { rest });
            parsed.text.push('\n');
        } else {
            parsed.declared.extend(declared(line));
            parsed.text.push_str(line);
            parsed.text.push('\n');
        }
    }
    Ok(parsed)
}

/// Reads on to the semicolon that ends a statement. Answers with it and its number of lines.
fn whole<'a>(first: &str, rest: &mut impl Iterator<Item = &'a str>) -> Result<(String, usize)> {
    let mut statement = first.to_owned();
    let mut count = 1;
    while !statement.trim_end().ends_with(';') {
        let next = rest
            .next()
            .with_context(|| format!("`{first}` does not end in a semicolon"))?;
        statement.push(' ');
        statement.push_str(next.trim());
        count += 1;
    }
    Ok((statement, count))
}

/// `import { a, b } from "./other.js";` into the file's name and the names taken.
fn import(statement: &str) -> Result<(String, Vec<String>)> {
    let mut names = Vec::new();
    for entry in entries(statement, "import")? {
        if entry.contains(" as ") {
            bail!("cannot join `{statement}`: `{entry}` renames");
        }
        names.push(entry.to_owned());
    }
    let from = statement
        .rsplit_once(" from ")
        .map(|(_, from)| from.trim().trim_end_matches(';').trim_matches(['"', '\'']))
        .and_then(|from| from.strip_prefix("./"))
        .with_context(|| format!("`{statement}` does not import from a file beside it"))?;
    Ok((from.to_owned(), names))
}

/// What a statement exports, by the names outside. Where it does not stay, nothing has those that
/// rename.
fn exports(statement: &str, keep: bool) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in entries(statement, "export")? {
        match entry.split_once(" as ") {
            None => names.push(entry.to_owned()),
            Some((_, outside)) if keep => names.push(outside.trim().to_owned()),
            Some(_) => {}
        }
    }
    Ok(names)
}

/// What stands between the braces.
fn entries<'a>(statement: &'a str, keyword: &str) -> Result<impl Iterator<Item = &'a str>> {
    let inner = statement
        .strip_prefix(keyword)
        .and_then(|rest| rest.trim_start().strip_prefix('{'))
        .and_then(|rest| rest.split_once('}'))
        .map(|(inner, _)| inner)
        .with_context(|| format!("cannot join `{statement}`: name what it takes in braces"))?;
    let entries = inner.split(',').map(str::trim);
    Ok(entries.filter(|entry| !entry.is_empty()))
}

/// The name a line at the top of a file declares.
fn declared(line: &str) -> Option<String> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let keyword = ["function", "class", "const", "let", "var"]
        .into_iter()
        .find(|keyword| is_word(line, keyword))?;
    let rest = line.get(keyword.len()..)?.trim_start_matches([' ', '*']);
    let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
    rest.get(..end)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

fn is_word(line: &str, word: &str) -> bool {
    line.strip_prefix(word)
        .is_some_and(|rest| !rest.starts_with(is_name))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    fn refusal(sources: &[Source]) -> String {
        format!("{:#}", join(sources, Exports::Last).unwrap_err())
    }

    #[test]
    fn strips_imports_and_exports_and_keeps_line_numbers() {
        let text = source(
            "text.js",
            "export const A = 1;\nexport async function f() {}\n",
        );
        let main = source(
            "main.js",
            "import {\n  A,\n  f,\n} from \"./text.js\";\nexport class Element {}\nf(A);\n",
        );
        assert_eq!(
            join(&[text, main], Exports::Last).unwrap(),
            "const A = 1;\nasync function f() {}\n\n\n\n\nexport class Element {}\nf(A);\n"
        );
    }

    #[test]
    fn keeps_all_exports_where_asked() {
        let glue = source(
            "glue.js",
            "class Client {}\nfunction initSync() {}\nfunction init() {}\nexport { Client, initSync, init as default };\n",
        );
        let worker = source(
            "worker.js",
            "import { Client, initSync } from './glue.js';\nexport const open = () => Client;\n",
        );
        assert_eq!(
            join(&[glue, worker], Exports::All).unwrap(),
            "class Client {}\nfunction initSync() {}\nfunction init() {}\n\
             export { Client, initSync, init as default };\n\nexport const open = () => Client;\n"
        );
    }

    #[test]
    fn drops_all_exports_where_asked() {
        let glue = source(
            "glue.js",
            "class Client {}\nfunction init() {}\nexport { Client, init as default };\n",
        );
        let worker = source(
            "worker.js",
            "export {};\nexport const open = () => Client;\n",
        );
        assert_eq!(
            join(&[glue, worker], Exports::None).unwrap(),
            "class Client {}\nfunction init() {}\n\n\nconst open = () => Client;\n"
        );
    }

    #[test]
    fn leaves_dynamic_imports_and_import_meta_alone() {
        let text = "import(\"./engine.js\");\nimport.meta.url;\nconst important = 1;\n";
        assert_eq!(join(&[source("a.js", text)], Exports::Last).unwrap(), text);
    }

    #[test]
    fn a_file_without_a_final_newline_does_not_run_into_the_next() {
        let sources = [
            source("a.js", "const a = 1;"),
            source("b.js", "const b = 2;"),
        ];
        assert_eq!(
            join(&sources, Exports::Last).unwrap(),
            "const a = 1;\nconst b = 2;\n"
        );
    }

    #[test]
    fn refuses_a_name_declared_twice() {
        let sources = [
            source("a.js", "const x = 1;\n"),
            source("b.js", "function x() {}\n"),
        ];
        assert_eq!(refusal(&sources), "b.js and a.js both declare x at the top");
        // The same name further in is another matter.
        let inner = [
            source("a.js", "const x = 1;\n"),
            source("b.js", "{\n  const x = 2;\n}\n"),
        ];
        assert!(join(&inner, Exports::Last).is_ok());
    }

    #[test]
    fn refuses_what_is_imported_too_early_or_not_exported() {
        let early = [
            source("a.js", "import { b } from \"./b.js\";\n"),
            source("b.js", ""),
        ];
        assert!(refusal(&early).contains("does not stand before it"));
        let absent = [
            source("a.js", "const b = 1;\n"),
            source("b.js", "import { b } from \"./a.js\";\n"),
        ];
        assert_eq!(
            refusal(&absent),
            "b.js imports b, which a.js does not export"
        );
    }

    #[test]
    fn refuses_what_it_cannot_strip() {
        for line in [
            "import { a as b } from \"./a.js\";",
            "import * as a from \"./a.js\";",
            "import \"./a.js\";",
            "import { a } from \"elsewhere\";",
            "import { a } from \"./a.js\"",
            "export default class {}",
            "export * from \"./a.js\";",
        ] {
            let sources = [
                source("a.js", "export const a = 1;\n"),
                source("b.js", line),
            ];
            assert!(join(&sources, Exports::Last).is_err(), "{line}");
        }
        let renamed = [
            source("a.js", "const a = 1;\nexport { a as b };\n"),
            source("b.js", "import { b } from \"./a.js\";"),
        ];
        assert_eq!(
            refusal(&renamed),
            "b.js imports b, which a.js does not export"
        );
    }
}
