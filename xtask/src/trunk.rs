//! `cargo xtask trunk`: the static build that `trunk.toml` describes.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::process;
use crate::workspace::Workspace;

/// What every site has.
const PARTS: &[&str] = &[
    "index.html",
    "offprint.js",
    "manifest.bin",
    "client",
    "segments",
];

/// Runs trunk and looks at what it made.
///
/// # Errors
///
/// When trunk cannot be installed, fails, or makes something else than a site.
pub fn run(workspace: &Workspace) -> Result<()> {
    let trunk = install::cargo_tool(workspace, install::TRUNK)?;
    let mut build = Command::new(trunk);
    build
        .args(["--config", "trunk.toml", "build", "--release"])
        .current_dir(&workspace.root);
    // Trunk takes NO_COLOR for an argument and wants a boolean.
    process::run(build.env_remove("NO_COLOR"))?;
    let dist = workspace.root.join("dist");
    check(&dist)?;
    println!("{} is a complete site", workspace.short(&dist));
    Ok(())
}

/// Whether a folder holds a site whose script names a client that is there.
fn check(dist: &Path) -> Result<()> {
    for part in PARTS {
        if !dist.join(part).exists() {
            bail!("{} has no {part}", dist.display());
        }
    }
    let script = dist.join("offprint.js");
    let script = std::fs::read_to_string(&script).with_context(|| script.display().to_string())?;
    let clients = std::fs::read_dir(dist.join("client"))?.collect::<std::io::Result<Vec<_>>>()?;
    for client in &clients {
        let hash = client.file_name().to_string_lossy().into_owned();
        if script.contains(&hash) {
            return Ok(());
        }
    }
    bail!(
        "{}: offprint.js names none of the {} clients",
        dist.display(),
        clients.len()
    );
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
    fn a_site_must_be_whole() {
        let dist = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        std::fs::create_dir_all(dist.join("client/0123")).unwrap();
        std::fs::create_dir_all(dist.join("segments")).unwrap();
        std::fs::write(dist.join("index.html"), "").unwrap();
        std::fs::write(dist.join("offprint.js"), "const client = \"0123\";").unwrap();
        assert!(
            check(&dist)
                .unwrap_err()
                .to_string()
                .contains("manifest.bin")
        );
        std::fs::write(dist.join("manifest.bin"), "").unwrap();
        check(&dist).unwrap();
        std::fs::write(dist.join("offprint.js"), "const client = \"4567\";").unwrap();
        assert!(check(&dist).unwrap_err().to_string().contains("names none"));
        std::fs::remove_dir_all(&dist).unwrap();
    }
}
