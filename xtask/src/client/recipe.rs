//! `www/client.toml`: what the browser client consists of.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The word that stands for wasm-bindgen's JavaScript in a list of parts.
pub const GLUE: &str = "<glue>";

/// The whole description.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// The engine.
    pub engine: Engine,
    /// Files made of one or more ES modules.
    #[serde(default)]
    pub module: Vec<Module>,
    /// Style sheets.
    #[serde(default)]
    pub style: Vec<Copied>,
    /// Files taken over byte by byte.
    #[serde(default)]
    pub copy: Vec<Copied>,
}

/// The engine's WebAssembly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Engine {
    /// The package that is compiled.
    pub package: String,
    /// Where the compressed module goes.
    pub out: String,
    /// Arguments of `wasm-opt`.
    pub wasm_opt: Vec<String>,
}

/// One ES module without imports, out of several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Module {
    /// Where it goes.
    pub out: String,
    /// The sources in `www/`, each after those it imports from; or [`GLUE`].
    pub parts: Vec<String>,
    /// What the file exports.
    pub exports: Exports,
    /// Words that must stand in the finished file, because others replace or look for them.
    #[serde(default)]
    pub holds: Vec<String>,
}

/// Which exports of the parts a finished module keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exports {
    /// Those of every part.
    All,
    /// Those of the last part.
    Last,
    /// None: the file is a plain script.
    None,
}

/// A file out of one source.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copied {
    /// Where it goes.
    pub out: String,
    /// The source in `www/`.
    pub from: String,
    /// Words that must stand in the finished file, because others replace or look for them.
    #[serde(default)]
    pub holds: Vec<String>,
}

impl Recipe {
    /// Reads the description.
    ///
    /// # Errors
    ///
    /// When it is no such description, writes a file twice, or writes outside its folder.
    pub fn parse(text: &str) -> Result<Self> {
        let recipe: Self = toml::from_str(text).context("www/client.toml")?;
        let mut seen = BTreeSet::new();
        for out in recipe.outputs() {
            if !is_inside(out) {
                bail!(
                    "www/client.toml: {out:?} is neither in client/ nor in template/ nor in single/"
                );
            }
            if !seen.insert(out) {
                bail!("www/client.toml: {out:?} is written twice");
            }
        }
        for module in &recipe.module {
            if module.parts.is_empty() {
                bail!("www/client.toml: {:?} has no parts", module.out);
            }
        }
        Ok(recipe)
    }

    fn outputs(&self) -> impl Iterator<Item = &str> {
        let copied = self
            .style
            .iter()
            .chain(&self.copy)
            .map(|copied| copied.out.as_str());
        let modules = self.module.iter().map(|module| module.out.as_str());
        std::iter::once(self.engine.out.as_str())
            .chain(modules)
            .chain(copied)
    }
}

fn is_inside(out: &str) -> bool {
    let mut parts = Path::new(out).components();
    let first = parts.next();
    let known = [
        Component::Normal("client".as_ref()),
        Component::Normal("template".as_ref()),
        Component::Normal("single".as_ref()),
    ];
    let mut rest = parts.peekable();
    first.is_some_and(|first| known.contains(&first))
        && rest.peek().is_some()
        && rest.all(|part| matches!(part, Component::Normal(_)))
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

    const ENGINE: &str = "[engine]\npackage = 'p'\nout = 'client/e.bin'\nwasm-opt = []\n";

    #[test]
    fn reads_a_description() {
        let text = format!(
            "{ENGINE}[[module]]\nout = 'client/e.js'\nparts = ['<glue>', 'w.js']\nexports = 'all'\n"
        );
        let recipe = Recipe::parse(&text).unwrap();
        assert_eq!(recipe.module[0].parts, [GLUE, "w.js"]);
        assert_eq!(recipe.module[0].exports, Exports::All);
    }

    #[test]
    fn refuses_to_write_elsewhere_or_twice() {
        for out in ["../x", "client/../x", "client", "/client/x", "other/x", ""] {
            let text = format!("{ENGINE}[[copy]]\nout = '{out}'\nfrom = 'x'\n");
            let error = Recipe::parse(&text).unwrap_err().to_string();
            assert!(error.contains("neither in client/"), "{out}: {error}");
        }
        let text = format!("{ENGINE}[[copy]]\nout = 'client/e.bin'\nfrom = 'x'\n");
        assert!(
            Recipe::parse(&text)
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
    }

    #[test]
    fn refuses_unknown_keys() {
        let text = format!("{ENGINE}[[copy]]\nout = 'client/x'\nform = 'x'\n");
        assert!(Recipe::parse(&text).is_err());
    }
}
