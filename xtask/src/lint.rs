//! `cargo xtask lint`: everything that is checked without running the program.

use std::process::Command;

use anyhow::Result;

use crate::bench;
use crate::install;
use crate::process;
use crate::steps::Steps;
use crate::test;
use crate::texts;
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;

/// The package that is compiled for browsers.
const WEB: &str = "offprint-web";

/// Runs the checks. All steps run, even after a failure.
///
/// # Errors
///
/// When a check found something; the table of steps says which.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("formatting", || {
        process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
    });
    steps.run("clippy", || {
        let mut clippy = workspace.cargo();
        clippy.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]);
        process::run(&mut clippy)
    });
    steps.run("clippy for wasm32", || clippy_for_wasm(workspace));
    steps.run("documentation", || {
        let mut doc = workspace.cargo();
        doc.args(["doc", "--workspace", "--no-deps"]);
        process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    let deny = |arguments: &[&str]| -> Result<Command> {
        let mut deny = Command::new(install::cargo_tool(workspace, install::CARGO_DENY)?);
        deny.current_dir(&workspace.root)
            .args(["--workspace"])
            .args(arguments);
        Ok(deny)
    };
    steps.run("licences, bans, sources", || {
        process::run(&mut deny(&[
            "check",
            "--hide-inclusion-graph",
            "licenses",
            "bans",
            "sources",
        ])?)
    });
    // The database lies at GitHub, which not every network reaches.
    match deny(&["fetch", "db"]).and_then(|mut fetch| process::quiet(&mut fetch)) {
        Ok(()) => {
            steps.run("advisories", || {
                process::run(&mut deny(&["check", "--disable-fetch", "advisories"])?)
            });
        }
        Err(_) => steps.skip("advisories", "the database cannot be fetched here"),
    }
    steps.run("texts in every language", || {
        texts::check(&workspace.root.join("www"))
    });
    match install::node_packages(workspace) {
        Ok(false) => steps.skip("types of JavaScript", "there is no npm"),
        node => {
            steps.run("types of JavaScript", || {
                node?;
                test::types(workspace, &workspace.root.join("www"))
            });
            steps.run("types of the measurements", || bench::types(workspace));
        }
    }
    steps.finish("cargo xtask lint")
}

fn clippy_for_wasm(workspace: &Workspace) -> Result<()> {
    let toolchain = Toolchain::find_or_install(workspace)?;
    // A clippy only fits the compiler it was made with.
    let mut clippy = if toolchain.is_the_systems() {
        install::apt(&["rust-web-clippy"], "clippy for wasm32")?;
        let mut clippy = Command::new("/usr/bin/cargo-clippy");
        clippy
            .env("CARGO", "/usr/bin/cargo")
            .current_dir(&workspace.root);
        clippy
    } else {
        workspace.cargo()
    };
    clippy.arg("clippy");
    clippy
        .args(["--package", WEB, "--target-dir"])
        .arg(workspace.target.join("client-build"));
    toolchain.apply(workspace, &mut clippy);
    process::run(clippy.args(["--", "-D", "warnings"]))
}
