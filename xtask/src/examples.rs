//! Builds the examples with the programs that they are for, for the browser tests to look at.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::npm;
use crate::process;
use crate::workspace::Workspace;

/// Where a test's host has the collection.
const PAPERS: &str = "/group/papers/";

/// Where the examples say it is.
const ADDRESS: &str = "https://host.example/papers/";

/// Packs npm's package and builds every example into `target/examples`.
///
/// # Errors
///
/// When a program cannot be installed or fails.
pub fn build(workspace: &Workspace) -> Result<()> {
    let out = folder(workspace);
    let source = workspace.target.join("examples-source");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    // Some of the programs write beside their sources.
    for name in ["plain", "hugo", "mkdocs", "vite"] {
        copy(
            &workspace.root.join("examples").join(name),
            &source.join(name),
        )?;
    }
    plain(&source.join("plain"), &out.join("plain"))?;
    hugo(&source.join("hugo"), &out.join("hugo"))?;
    mkdocs(workspace, &source.join("mkdocs"), &out.join("mkdocs"))?;
    vite(workspace, &source.join("vite"), &out.join("vite"))
}

fn plain(source: &Path, out: &Path) -> Result<()> {
    copy(source, out)?;
    let page = out.join("index.html");
    let text = fs::read_to_string(&page)?;
    if !text.contains(ADDRESS) {
        bail!("examples/plain does not say {ADDRESS}");
    }
    Ok(fs::write(page, text.replace(ADDRESS, PAPERS))?)
}

fn hugo(source: &Path, out: &Path) -> Result<()> {
    if process::which("hugo").is_none() {
        install::apt(&["hugo"], "the example for Hugo")?;
    }
    process::run(
        Command::new("hugo")
            .args(["--quiet", "--baseURL", "/hugo/", "--source"])
            .arg(source)
            .arg("--destination")
            .arg(out)
            .env("HUGO_PARAMS_PAPERS", PAPERS),
    )
}

fn mkdocs(workspace: &Workspace, source: &Path, out: &Path) -> Result<()> {
    let requirements = source.join("requirements.txt");
    let program = install::python_tool(workspace, "mkdocs", &requirements)?;
    process::run(
        Command::new(program)
            .args(["build", "--quiet", "--strict", "--config-file"])
            .arg(source.join("mkdocs.yml"))
            .arg("--site-dir")
            .arg(out)
            .env("PAPERS", PAPERS),
    )
}

/// Installs the package as npm packs it, checks the types of what uses it, and builds that.
fn vite(workspace: &Workspace, source: &Path, out: &Path) -> Result<()> {
    let npm = process::which("npm").context("there is no npm")?;
    npm::assemble(workspace)?;
    let packed = process::output(
        Command::new(&npm)
            .args(["pack", "--silent", "--pack-destination"])
            .arg(source)
            .arg(npm::folder(workspace)),
    )?;
    fs::rename(
        source.join(packed.trim()),
        source.join("offprint-search.tgz"),
    )?;
    if !install::packages_of(source, "the example for Vite")? {
        bail!("there is no npm");
    }
    // Of this package npm looks at its name and version alone, which stay.
    process::run(
        Command::new(&npm)
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .args(["--loglevel=error", "--prefer-offline"])
            .arg("./offprint-search.tgz")
            .current_dir(source),
    )?;
    let tool = |name: &str| Command::new(source.join("node_modules/.bin").join(name));
    process::run(tool("tsc").current_dir(source))?;
    process::run(
        tool("vite")
            .args(["build", "--logLevel", "warn", "--emptyOutDir", "--outDir"])
            .arg(out)
            .env("VITE_PAPERS", PAPERS)
            .current_dir(source),
    )
}

/// Copies a folder over another, without what npm has installed in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == "node_modules" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&path, &target)?;
        } else if fs::read(&target).ok() != Some(fs::read(&path)?) {
            // What is the same keeps its time, by which npm is asked only once.
            fs::copy(&path, &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// Where they are built.
#[must_use]
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("examples")
}
