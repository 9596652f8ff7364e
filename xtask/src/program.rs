//! The command-line program with the client inside, and what it makes of the sample.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::client;
use crate::install;
use crate::process;
use crate::workspace::Workspace;

/// The variable through which the program's build script finds the client.
pub const CLIENT_DIR: &str = "OFFPRINT_CLIENT_DIR";

/// The sample collection.
const SAMPLE: &str = "papers/landmarks.jsonl";

/// Builds the client, then the program that carries it.
///
/// # Errors
///
/// When either cannot be built.
pub fn build(workspace: &Workspace, options: &client::Options) -> Result<()> {
    client::build(workspace, options)?;
    build_with_client(workspace)
}

/// Builds the program that carries the client which was built before.
///
/// # Errors
///
/// When it cannot be built.
pub fn build_with_client(workspace: &Workspace) -> Result<()> {
    let mut build = workspace.cargo();
    build
        .args(["build", "--release", "--package", "offprint"])
        .env(CLIENT_DIR, workspace.client());
    process::run(&mut build)?;
    println!("The program is {}", workspace.short(&workspace.program()));
    Ok(())
}

/// Builds the program, with the client if one was built before.
///
/// # Errors
///
/// When it cannot be built.
pub fn build_native(workspace: &Workspace) -> Result<()> {
    if workspace.client().join("client.json").exists() {
        return build_with_client(workspace);
    }
    let mut build = workspace.cargo();
    process::run(build.args(["build", "--release", "--package", "offprint"]))
}

/// Like [`build`], for a program that is kept: fetches the tools that make the client small, where
/// there is an npm to fetch them with. Without them the client is larger, and works.
///
/// # Errors
///
/// When the client or the program cannot be built.
pub fn build_small(workspace: &Workspace, options: &client::Options) -> Result<()> {
    if let Err(error) = install::node_packages(workspace) {
        eprintln!("The client will be larger than it could be: {error:#}");
    }
    build(workspace, options)
}

/// Builds everything and serves what the arguments name.
///
/// # Errors
///
/// When something cannot be built or served.
pub fn serve(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    build(workspace, &client::Options::default())?;
    // In the folder the user is in, since that is where relative paths begin.
    process::run(
        Command::new(workspace.program())
            .arg("serve")
            .args(arguments),
    )
}

/// Builds everything, then the sample's site into `out`, or where trunk wants it.
///
/// # Errors
///
/// When something cannot be built, or trunk names no folder.
pub fn site(workspace: &Workspace, out: Option<&Path>) -> Result<()> {
    let staging = || std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let out = out
        .map(Path::to_owned)
        .or_else(staging)
        .context("TRUNK_STAGING_DIR is not set: --staging is for the hook in trunk.toml")?;
    build(workspace, &client::Options::default())?;
    let made = workspace.target.join("offprint-sample-site");
    let mut build = Command::new(workspace.program());
    build
        .arg("build")
        .arg(workspace.root.join(SAMPLE))
        .arg("--out")
        .arg(&made);
    process::run(&mut build)?;
    copy(&made, &out)
}

/// Copies a folder's content into another, over what is there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in std::fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
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
    fn copies_over_what_is_there() {
        let base = std::env::temp_dir().join(format!("xtask-copy-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to"));
        std::fs::create_dir_all(from.join("client")).unwrap();
        std::fs::create_dir_all(&to).unwrap();
        std::fs::write(from.join("index.html"), "ours").unwrap();
        std::fs::write(from.join("client/a"), "1").unwrap();
        std::fs::write(to.join("index.html"), "trunk's").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(std::fs::read(to.join("index.html")).unwrap(), b"ours");
        assert_eq!(std::fs::read(to.join("client/a")).unwrap(), b"1");
        std::fs::remove_dir_all(&base).unwrap();
    }
}
