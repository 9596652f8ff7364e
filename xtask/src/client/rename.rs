//! Short names on the border between the engine and its glue. `wasm-opt` shortens those of the
//! module and says which; here the glue follows.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The pass of `wasm-opt` that shortens names and prints which as JSON.
const PASS: &str = "--minify-imports-and-exports-and-modules";

/// Which names became which.
#[derive(Debug, Default, Deserialize)]
pub struct Renames {
    /// Module, name, new name. All modules are called [`MODULE`] then.
    imports: Vec<(String, String, String)>,
    /// Name, new name.
    exports: Vec<(String, String)>,
}

/// What the pass calls every module.
const MODULE: &str = "a";

impl Renames {
    /// Reads what `wasm-opt` printed; nothing if it was not asked for the pass.
    ///
    /// # Errors
    ///
    /// When it printed something else.
    pub fn parse(printed: &str) -> Result<Self> {
        if printed.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_str(printed).context("wasm-opt printed no table of names")
    }

    /// Puts the new names into the glue: exports where they stand behind `wasm.`, imports where
    /// they are keys.
    ///
    /// # Errors
    ///
    /// When an import is not there exactly once, as it is in the glue that this was written for.
    pub fn apply(&self, glue: &str) -> Result<String> {
        let exports: HashMap<&str, &str> = self
            .exports
            .iter()
            .map(|(name, new)| (&**name, &**new))
            .collect();
        let imports: HashMap<&str, &str> = self
            .imports
            .iter()
            .map(|(_, name, new)| (&**name, &**new))
            .collect();
        let mut text = String::with_capacity(glue.len());
        let mut rest = glue;
        let mut found = 0;
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        while let Some(start) = rest.find(part_of_name) {
            let (before, at) = rest.split_at(start);
            text.push_str(before);
            let end = at.find(|c| !part_of_name(c)).unwrap_or(at.len());
            let (name, after) = at.split_at(end);
            let import = imports.get(name).filter(|_| after.starts_with(": "));
            let export = exports.get(name).filter(|_| text.ends_with("wasm."));
            found += usize::from(import.is_some());
            text.push_str(import.or(export).unwrap_or(&name));
            rest = after;
        }
        text.push_str(rest);
        if found != imports.len() {
            bail!(
                "the glue has {found} of {} imports: {PASS} cannot be used with it",
                imports.len()
            );
        }
        if let Some((module, ..)) = self.imports.first() {
            text = text.replacen(&format!("{module:?}: "), &format!("{MODULE:?}: "), 1);
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PRINTED: &str = r#"{ "imports": [["./e.js", "__wbg_f_1", "A"]],
        "exports": [["go", "B"], ["go2", "C"], ["memory", "D"]], "modules": [] }"#;

    #[test]
    fn follows_the_module() {
        let glue = "wasm.go(1); wasm.go2(wasm.memory); function go() {} go();\n\
                    const i = { __wbg_f_1: function() {} };\nreturn { \"./e.js\": i };";
        assert_eq!(
            Renames::parse(PRINTED).unwrap().apply(glue).unwrap(),
            "wasm.B(1); wasm.C(wasm.D); function go() {} go();\n\
             const i = { A: function() {} };\nreturn { \"a\": i };"
        );
    }

    #[test]
    fn nothing_printed_changes_nothing() {
        let glue = "wasm.go()";
        assert_eq!(Renames::parse("\n").unwrap().apply(glue).unwrap(), glue);
    }

    #[test]
    fn an_import_that_is_not_there_is_an_error() {
        assert!(Renames::parse(PRINTED).unwrap().apply("wasm.go()").is_err());
        assert!(Renames::parse("warning: x").is_err());
    }
}
