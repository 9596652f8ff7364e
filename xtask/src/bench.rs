//! `cargo xtask bench`: Offprint measured beside other engines, in one run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::client;
use crate::install;
use crate::process;
use crate::program;
use crate::test;
use crate::workspace::Workspace;

/// The folder of the measuring program.
const FOLDER: &str = "bench";

/// Where its Rust part stands: a workspace of its own.
const TANTIVY: &str = "bench/tantivy/Cargo.toml";

/// What npm installs there.
const PACKAGES: &str = "the other engines that are measured";

/// What the program needs on the `PATH`.
const CHROMIUM: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What to measure.
#[derive(Debug, Default)]
pub struct Options {
    /// Only whether every measure comes out, on the sample.
    pub smoke: bool,
    /// Further arguments, which the program in `bench/` reads.
    pub rest: Vec<OsString>,
}

impl Options {
    /// Takes `--smoke` out of the arguments; the rest is the program's own.
    #[must_use]
    pub fn new(arguments: impl IntoIterator<Item = OsString>) -> Self {
        let (smoke, rest): (Vec<_>, Vec<_>) = arguments
            .into_iter()
            .partition(|argument| argument == "--smoke");
        Self {
            smoke: !smoke.is_empty(),
            rest,
        }
    }

    /// Whether an engine is wanted, as far as this can be told from here.
    fn wants(&self, engine: &str) -> bool {
        let words: Vec<_> = self
            .rest
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let report = words.iter().any(|word| word == "--report");
        let named = words.iter().any(|word| word.starts_with("--engines"));
        !report && !self.smoke && (!named || words.iter().any(|word| word.contains(engine)))
    }
}

/// Builds what is measured, then measures.
///
/// # Errors
///
/// When something is missing, cannot be built, or a measure does not come out.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if let Some(missing) = missing() {
        bail!("{missing}, which measuring needs");
    }
    program::build_small(workspace, &client::Options::default())?;
    measure(workspace, options)
}

/// Whether every measure comes out, with the client that was built before.
///
/// # Errors
///
/// When one does not.
pub fn smoke(workspace: &Workspace) -> Result<()> {
    program::build_with_client(workspace)?;
    let options = Options {
        smoke: true,
        rest: Vec::new(),
    };
    measure(workspace, &options)
}

/// What the machine lacks to measure anything.
#[must_use]
pub fn missing() -> Option<&'static str> {
    if process::which("npm").is_none() {
        return Some("there is no npm");
    }
    if chromium().is_none() {
        return Some("there is no Chromium");
    }
    None
}

/// The Chromium that measures.
#[must_use]
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("OFFPRINT_CHROMIUM").map(PathBuf::from);
    named.or_else(|| CHROMIUM.iter().find_map(|name| process::which(name)))
}

/// Measures the program that was built before.
///
/// # Errors
///
/// When the other engines cannot be installed, or a measure does not come out.
fn measure(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = workspace.root.join(FOLDER);
    install::packages_of(&folder, PACKAGES)?;
    let work = workspace.target.join("offprint-bench");
    let mut command = Command::new(process::which("node").context("there is no node")?);
    command
        .arg(folder.join("run.js"))
        .args(&options.rest)
        .arg("--offprint")
        .arg(workspace.program())
        .arg("--work")
        .arg(&work);
    if options.smoke {
        command.arg("--smoke");
    }
    if options.wants("tantivy") {
        command.arg("--tantivy").arg(tantivy(workspace)?);
    }
    process::run(&mut command)
}

/// Checks the types in `bench/`. Answers `false` when there is no npm.
///
/// # Errors
///
/// When a package cannot be installed, TypeScript is missing, or it finds something.
pub fn types(workspace: &Workspace) -> Result<bool> {
    let folder = workspace.root.join(FOLDER);
    if !install::packages_of(&folder, PACKAGES)? {
        return Ok(false);
    }
    test::types(workspace, &folder)?;
    Ok(true)
}

/// Builds the native engine beside which indexing is measured.
fn tantivy(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("bench-tantivy");
    let mut build = workspace.cargo();
    build
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(workspace.root.join(TANTIVY))
        .arg("--target-dir")
        .arg(&target);
    process::run(&mut build)?;
    let name = format!("offprint-bench-tantivy{}", std::env::consts::EXE_SUFFIX);
    Ok(Path::new(&target).join("release").join(name))
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

    fn options(line: &str) -> Options {
        Options::new(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn hands_on_what_it_does_not_know() {
        let all = options("--papers 1000 --smoke --queries 10");
        assert!(all.smoke);
        assert_eq!(all.rest, ["--papers", "1000", "--queries", "10"]);
    }

    #[test]
    fn compiles_tantivy_only_where_it_is_measured() {
        assert!(options("--papers 1000").wants("tantivy"));
        assert!(options("--engines offprint,tantivy").wants("tantivy"));
        assert!(!options("--engines offprint,pagefind").wants("tantivy"));
        assert!(!options("--smoke").wants("tantivy"));
        assert!(!options("--report").wants("tantivy"));
    }
}
