//! Making the client smaller with tools from npm, where they are installed.
//!
//! They only shrink: a client built without them does the same.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::rename::Renames;
use crate::process;
use crate::workspace::Workspace;

/// The tools that were found.
#[derive(Debug)]
pub struct Minifier {
    wasm_opt: Option<PathBuf>,
    esbuild: Option<PathBuf>,
}

impl Minifier {
    /// Looks for `wasm-opt` and `esbuild`, in `node_modules` first.
    ///
    /// # Errors
    ///
    /// When `all` are demanded and one is missing.
    pub fn find(workspace: &Workspace, all: bool) -> Result<Self> {
        let found = Self {
            wasm_opt: workspace.node_tool("wasm-opt"),
            esbuild: workspace.node_tool("esbuild"),
        };
        if all && !found.missing().is_empty() {
            bail!(
                "{} missing: run `npm ci` first",
                found.missing().join(" and ")
            );
        }
        Ok(found)
    }

    /// Shrinks a WebAssembly module; says which names it gave to imports and exports.
    ///
    /// # Errors
    ///
    /// When `wasm-opt` is there and fails.
    pub fn wasm(&self, wasm: Vec<u8>, arguments: &[String]) -> Result<(Vec<u8>, Renames)> {
        let Some(tool) = &self.wasm_opt else {
            return Ok((wasm, Renames::default()));
        };
        // Both ends are files: the tool writes text to a pipe, and looks for source maps.
        let folder = std::env::temp_dir().join(format!("offprint-wasm-opt-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
        std::fs::write(&before, &wasm)?;
        let done = process::output(
            Command::new(tool)
                .args(arguments)
                .arg(&before)
                .arg("--output")
                .arg(&after),
        );
        let small = std::fs::read(&after).context("wasm-opt wrote nothing");
        std::fs::remove_dir_all(&folder)?;
        let renames = Renames::parse(&done?)?;
        Ok((small?, renames))
    }

    /// Shrinks JavaScript (`js`) or a style sheet (`css`).
    ///
    /// # Errors
    ///
    /// When `esbuild` is there and fails, for example because the text does not parse.
    pub fn text(&self, text: &str, loader: &str) -> Result<String> {
        let Some(tool) = &self.esbuild else {
            return Ok(text.to_owned());
        };
        let mut esbuild = Command::new(tool);
        esbuild.args([
            "--minify",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
        ]);
        esbuild.arg(format!("--loader={loader}"));
        if loader == "js" {
            // The glue has more ways to start than are used.
            esbuild.args(["--format=esm", "--tree-shaking=true"]);
        }
        let small = process::filter(&mut esbuild, text.as_bytes())?;
        String::from_utf8(small).context("esbuild wrote no UTF-8")
    }

    /// One line about what was used.
    #[must_use]
    pub fn describe(&self) -> String {
        let missing = self.missing();
        if missing.is_empty() {
            "minified with wasm-opt and esbuild".to_owned()
        } else {
            format!(
                "not as small as can be: {} missing (`npm ci` installs it)",
                missing.join(" and ")
            )
        }
    }

    /// Whether every tool is there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }

    fn missing(&self) -> Vec<&'static str> {
        let tools = [("wasm-opt", &self.wasm_opt), ("esbuild", &self.esbuild)];
        tools
            .into_iter()
            .filter(|(_, path)| path.is_none())
            .map(|(name, _)| name)
            .collect()
    }
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

    #[test]
    fn without_tools_nothing_changes() {
        let none = Minifier {
            wasm_opt: None,
            esbuild: None,
        };
        assert_eq!(none.text("let a  = 1;", "js").unwrap(), "let a  = 1;");
        assert_eq!(none.wasm(vec![1, 2], &[]).unwrap().0, [1, 2]);
        assert_eq!(none.missing(), ["wasm-opt", "esbuild"]);
    }
}
