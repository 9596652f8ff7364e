//! Installing what a machine lacks. Everything is announced before it happens.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// A program that `cargo install` compiles into our own tools folder.
#[derive(Debug, Clone, Copy)]
pub struct CargoTool {
    /// The crate, and the program it holds.
    pub name: &'static str,
    /// The exact version.
    pub version: &'static str,
    /// Further arguments of `cargo install`.
    pub arguments: &'static [&'static str],
    /// What it is for, to tell the reader.
    pub purpose: &'static str,
}

/// Answers WebDriver for Firefox; Debian has no package of it.
pub const GECKODRIVER: CargoTool = CargoTool {
    name: "geckodriver",
    version: "0.37.1",
    arguments: &[],
    purpose: "drives Firefox in the browser tests",
};

/// Checks licences, sources and advisories of what we depend on.
pub const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
    arguments: &[],
    purpose: "checks licences and sources of dependencies",
};

/// The static build; releases from 0.22 on need a newer Rust than this workspace.
pub const TRUNK: CargoTool = CargoTool {
    name: "trunk",
    version: "0.21.14",
    arguments: &["--no-default-features", "--features", "rustls"],
    purpose: "builds the static site of trunk.toml",
};

/// Finds a tool, or compiles it.
///
/// It is compiled without optimisation: these programs mostly wait for others, and the time
/// to compile them is most of a fresh machine's set-up.
///
/// # Errors
///
/// When it cannot be compiled.
pub fn cargo_tool(workspace: &Workspace, tool: CargoTool) -> Result<PathBuf> {
    let CargoTool {
        name,
        version,
        arguments,
        purpose,
    } = tool;
    if let Some(found) = workspace.tool(name) {
        return Ok(found);
    }
    let root = workspace.tools();
    process::consent(&format!(
        "{name} ({purpose}) is missing. Next: compile {name} {version} from crates.io into {}.",
        workspace.short(&root)
    ))?;
    let mut install = workspace.cargo();
    install
        .args([
            "install",
            name,
            "--version",
            version,
            "--locked",
            "--debug",
            "--quiet",
            "--root",
        ])
        .arg(&root)
        .args(arguments)
        // The tools share most of their dependencies.
        .arg("--target-dir")
        .arg(workspace.target.join("tools-build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_INCREMENTAL", "false")
        .env_remove("RUSTFLAGS");
    process::run(&mut install)?;
    workspace
        .tool(name)
        .with_context(|| format!("{name} was compiled but is not to be found"))
}

/// Installs Debian packages that are not there yet.
///
/// # Errors
///
/// When this is no Debian, nobody may install, or apt fails.
pub fn apt(packages: &[&str], purpose: &str) -> Result<()> {
    let missing = missing_packages(packages);
    if missing.is_empty() {
        return Ok(());
    }
    if process::which("apt-get").is_none() {
        bail!(
            "{purpose}: please install {} (there is no apt-get here)",
            missing.join(", ")
        );
    }
    let prefix = root_prefix()?;
    process::consent(&format!(
        "Missing for {purpose}: {0}. Next: `apt-get install {0}`, system-wide.",
        missing.join(" ")
    ))?;
    let apt_get = |arguments: &[&str]| {
        let mut words = prefix
            .iter()
            .chain(["apt-get"].iter())
            .chain(arguments.iter());
        let mut command = Command::new(words.next().copied().unwrap_or("apt-get"));
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let mut arguments = vec![
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "-o",
        "DPkg::Lock::Timeout=300",
    ];
    arguments.extend(&missing);
    // A fresh machine has no package lists, and old ones name packages that are gone.
    process::quiet(&mut apt_get(&["update", "-qq"]))?;
    process::quiet(&mut apt_get(&arguments))
}

/// What stands in front of a command that needs root: nothing for root, or `sudo -n`.
fn root_prefix() -> Result<&'static [&'static str]> {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    if is_root {
        return Ok(&[]);
    }
    let may = Command::new("sudo").args(["-n", "true"]).output();
    if may.is_ok_and(|done| done.status.success()) {
        return Ok(&["sudo", "-n"]);
    }
    bail!("installing packages needs root or a sudo that asks for no password")
}

fn missing_packages<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let states = Command::new("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(packages)
        .output()
        .map(|done| String::from_utf8_lossy(&done.stdout).into_owned())
        .unwrap_or_default();
    not_installed(packages, &states)
}

/// Of `packages`, those which dpkg's list of states does not call installed.
fn not_installed<'a>(packages: &[&'a str], states: &str) -> Vec<&'a str> {
    let installed = |package: &&str| {
        states.lines().any(|line| {
            line.split_once(' ')
                .is_some_and(|(name, state)| name == *package && state.trim() == "installed")
        })
    };
    packages
        .iter()
        .copied()
        .filter(|package| !installed(package))
        .collect()
}

/// What stands in `node_modules`, from `package-lock.json` and nothing else.
///
/// Answers `false` when there is no npm.
///
/// # Errors
///
/// When npm fails.
pub fn node_packages(workspace: &Workspace) -> Result<bool> {
    packages_of(&workspace.root, "the development tools of package.json")
}

/// The same for any folder with a `package.json`.
///
/// # Errors
///
/// When npm fails.
pub fn packages_of(folder: &Path, what: &str) -> Result<bool> {
    let Some(npm) = process::which("npm") else {
        return Ok(false);
    };
    // npm writes this file last, with what it has installed.
    let installed = folder.join("node_modules/.package-lock.json");
    let lock = folder.join("package-lock.json");
    let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified());
    let current =
        matches!((changed(&installed), changed(&lock)), (Ok(then), Ok(now)) if then >= now);
    if !current {
        process::consent(&format!("Next: `npm ci`, {what}, into node_modules."))?;
        let mut ci = Command::new(npm);
        ci.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(folder);
        process::run(&mut ci)?;
    }
    Ok(true)
}

/// A program written in Python, in an environment of its own.
///
/// # Errors
///
/// When there is no Python, or pip fails.
pub fn python_tool(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = workspace.tools().join(name);
    let program = folder.join("bin").join(name);
    let wanted = std::fs::read(requirements)?;
    let noted = folder.join("requirements.txt");
    if program.is_file() && std::fs::read(&noted).is_ok_and(|noted| noted == wanted) {
        return Ok(program);
    }
    let has = |module: &str| {
        let mut python = Command::new("python3");
        python.args(["-c", &format!("import {module}")]);
        process::output(&mut python).is_ok()
    };
    if !has("venv, ensurepip") {
        apt(&["python3-venv"], name)?;
    }
    process::consent(&format!(
        "{name} is missing. Next: install it from PyPI into {}.",
        workspace.short(&folder)
    ))?;
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    process::run(
        Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(requirements),
    )?;
    std::fs::write(noted, wanted)?;
    Ok(program)
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
    fn knows_what_is_missing() {
        let states = "chromium installed\nxvfb config-files\n";
        let wanted = ["chromium", "chromium-driver", "xvfb"];
        assert_eq!(not_installed(&wanted, states), ["chromium-driver", "xvfb"]);
        assert!(not_installed(&wanted[..1], states).is_empty());
        assert_eq!(not_installed(&wanted, ""), wanted);
    }
}
