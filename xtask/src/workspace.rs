//! Where things are: the workspace, its target folder and the tools installed into it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The folders every command works in.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the environment puts it.
    pub target: PathBuf,
    /// The oldest Rust release that compiles the workspace, as `Cargo.toml` states it.
    pub rust_version: String,
    cargo: OsString,
}

impl Workspace {
    /// Asks cargo about the workspace this program belongs to.
    ///
    /// # Errors
    ///
    /// When cargo cannot be run or does not answer as expected.
    pub fn find() -> Result<Self> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let here = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from("."), PathBuf::from);
        let mut command = Command::new(&cargo);
        command
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(here);
        let answer: Value = serde_json::from_str(&process::output(&mut command)?)
            .context("cargo metadata did not answer in JSON")?;
        let text = |key: &str| {
            let found = answer.get(key).and_then(Value::as_str);
            found
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata names no {key}"))
        };
        let rust_version = answer
            .get("packages")
            .and_then(Value::as_array)
            .and_then(|packages| {
                packages
                    .iter()
                    .find_map(|package| package.get("rust_version")?.as_str())
            })
            .context("no rust-version in Cargo.toml")?
            .to_owned();
        Ok(Self {
            root: text("workspace_root")?,
            target: text("target_directory")?,
            rust_version,
            cargo,
        })
    }

    /// A call of cargo in the workspace's root, without the settings a surrounding `cargo run`
    /// leaves behind for the program it runs.
    #[must_use]
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(&self.root);
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_NAME",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// The folder `cargo install --root` puts our own tools under.
    #[must_use]
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The assembled browser client.
    #[must_use]
    pub fn client(&self) -> PathBuf {
        self.target.join("offprint-client")
    }

    /// The command-line program as `cargo xtask build` makes it.
    #[must_use]
    pub fn program(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("offprint{}", std::env::consts::EXE_SUFFIX))
    }

    /// A program out of `node_modules`, or one on the `PATH`.
    #[must_use]
    pub fn node_tool(&self, name: &str) -> Option<PathBuf> {
        let local = self.root.join("node_modules").join(".bin").join(name);
        if local.is_file() {
            Some(local)
        } else {
            process::which(name)
        }
    }

    /// A program of our own tools folder, or one on the `PATH`.
    #[must_use]
    pub fn tool(&self, name: &str) -> Option<PathBuf> {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let local = self.tools().join("bin").join(file);
        if local.is_file() {
            Some(local)
        } else {
            process::which(name)
        }
    }

    /// The `PATH` with our own tools in front.
    ///
    /// # Errors
    ///
    /// When a folder's name cannot stand in a `PATH`.
    pub fn path(&self) -> Result<OsString> {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let all = std::iter::once(self.tools().join("bin")).chain(std::env::split_paths(&old));
        std::env::join_paths(all).context("the target folder's name cannot stand in PATH")
    }

    /// `path` as seen from the workspace's root, for messages.
    #[must_use]
    pub fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
