//! `cargo xtask npm`: the package for npm's registry, out of the client's sources.

pub mod manifest;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::client;
use crate::process;
use crate::workspace::Workspace;

/// Declarations that the package holds: what scripts can name, and nothing of how it works.
const TYPES: &[&str] = &[
    "www/collection.d.ts",
    "www/element.d.ts",
    "www/errors.d.ts",
    "www/headless.d.ts",
    "www/search-client.d.ts",
    "npm/index.d.ts",
];

/// Files that are taken as they are.
const COPIED: &[(&str, &str)] = &[
    ("npm/index.js", "index.js"),
    ("npm/README.md", "README.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
];

/// Where the package is put together.
#[must_use]
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("offprint-npm")
}

/// Builds the client, then the package.
///
/// # Errors
///
/// When either cannot be built.
pub fn build(workspace: &Workspace, options: &client::Options) -> Result<()> {
    client::build(workspace, options)?;
    assemble(workspace)?;
    println!(
        "The package is {}; `npm pack` makes one file of it",
        workspace.short(&folder(workspace))
    );
    Ok(())
}

/// Puts the package together with the client that was built before.
///
/// # Errors
///
/// When there is no client or no TypeScript, or the sources do not say what the package needs.
pub fn assemble(workspace: &Workspace) -> Result<()> {
    let out = folder(workspace);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for (from, to) in COPIED {
        write(&out.join(to), &read(&workspace.root.join(from))?)?;
    }
    let types = declarations(workspace)?;
    for (name, text) in &types {
        write(&out.join("types").join(name), text)?;
    }
    let element = types
        .iter()
        .find(|(name, _)| name == "element.d.ts")
        .map(|(_, text)| text.as_str())
        .context("no declaration of the element")?;
    let entry = read(&workspace.root.join("www/offprint.js"))?;
    let manifest = manifest::of(&entry, element)?;
    write(&out.join("custom-elements.json"), &pretty(&manifest)?)?;

    let mut package: Value = serde_json::from_str(&read(&workspace.root.join("npm/package.json"))?)
        .context("npm/package.json")?;
    if let Some(version) = package.get_mut("version") {
        *version = env!("CARGO_PKG_VERSION").into();
    }
    write(&out.join("package.json"), &pretty(&package)?)?;
    carry(workspace, &out.join("client"))
}

/// What TypeScript says of the sources, by the names that the package has for it.
fn declarations(workspace: &Workspace) -> Result<Vec<(String, String)>> {
    let made = workspace.target.join("npm-types");
    let tsc = workspace
        .node_tool("tsc")
        .context("no tsc: run `npm ci` first")?;
    process::run(
        Command::new(tsc)
            .arg("--project")
            .arg(workspace.root.join("npm"))
            .arg("--outDir")
            .arg(&made),
    )?;
    let mut all = Vec::new();
    for path in TYPES {
        let name = path.rsplit('/').next().unwrap_or(path);
        all.push((name.to_owned(), flat(&read(&made.join(path))?)));
    }
    for (path, name) in [
        ("npm/events.d.ts", "events.d.ts"),
        ("crates/search/types.d.ts", "engine.d.ts"),
    ] {
        all.push((name.to_owned(), flat(&read(&workspace.root.join(path))?)));
    }
    if let Some((_, index)) = all.iter_mut().find(|(name, _)| name == "index.d.ts") {
        index.insert_str(0, "import \"./events.js\";\n");
    }
    Ok(all)
}

/// A declaration whose neighbours lie beside it.
fn flat(text: &str) -> String {
    text.replace("../crates/search/types.d.ts", "./engine.js")
        .replace("../www/", "./")
}

/// The client's files as they lie in a site, for whoever serves them from their own host.
fn carry(workspace: &Workspace, out: &Path) -> Result<()> {
    let client = workspace.client();
    let record: Value = serde_json::from_str(&read(&client.join("client.json"))?)?;
    let hash = record
        .get("hash")
        .and_then(Value::as_str)
        .context("client.json names no hash")?;
    for entry in fs::read_dir(client.join("client"))? {
        let entry = entry?;
        let to = out.join("client").join(hash).join(entry.file_name());
        fs::create_dir_all(to.parent().unwrap_or(out))?;
        fs::copy(entry.path(), to)?;
    }
    for script in ["offprint.js", "headless.js"] {
        let text = read(&client.join("template").join(script))?;
        write(
            &out.join(script),
            &text.replace("__OFFPRINT_CLIENT__", hash),
        )?;
    }
    Ok(())
}

fn pretty(value: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}
