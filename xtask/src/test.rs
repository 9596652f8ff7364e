//! `cargo xtask test`: sets the machine up, then runs every test.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bench;
use crate::client;
use crate::eval;
use crate::examples;
use crate::install;
use crate::process;
use crate::program::CLIENT_DIR;
use crate::steps::Steps;
use crate::workspace::Workspace;

/// The integration test that needs browsers.
const BROWSER_TEST: &str = "browsers";

/// The step before the last: whether hits are in as good an order as they were.
const EVALUATION: &str = "evaluation";

/// The last step: whether the measurements come out.
const BENCH: &str = "measurements";

/// Debian's packages of the three engines, their drivers, and a display for WebKit.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-driver",
    "firefox-esr",
    "webkit2gtk-driver",
    "xvfb",
];

/// What each engine needs on the `PATH`, in the order of its Debian packages.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("chromium", &["chromium", "chromedriver"]),
    ("firefox", &["firefox-esr", "geckodriver"]),
    ("webkit", &["WebKitWebDriver", "Xvfb"]),
];

/// What to run.
#[derive(Debug)]
pub struct Options {
    /// Run the browser tests too.
    pub browsers: bool,
    /// Run only tests whose names hold this.
    pub filter: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            browsers: true,
            filter: None,
        }
    }
}

/// Runs the tests. All steps run, even after a failure.
///
/// # Errors
///
/// When a step failed; the table of steps says which.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut steps = Steps::default();
    let node = steps
        .run("set up", || set_up(workspace, options.browsers))
        .unwrap_or_else(|| workspace.node_tool("tsc").is_some());
    steps.run("client", || {
        client::build(workspace, &client::Options::default())
    });
    let others = steps
        .run("list of tests", || other_tests(workspace))
        .unwrap_or_default();
    let filter = options.filter.as_slice();
    let test = |arguments: &[&str]| {
        let mut command = workspace.cargo();
        command.args(["test", "--no-fail-fast"]).args(arguments);
        command
            .arg("--")
            .args(filter)
            .env(CLIENT_DIR, workspace.client());
        command
    };
    steps.run("tests", || {
        let mut arguments = vec!["--workspace", "--lib", "--bins"];
        arguments.extend(others.iter().flat_map(|name| ["--test", name.as_str()]));
        process::run(&mut test(&arguments))
    });
    steps.run("tests in documentation", || {
        process::run(&mut test(&["--workspace", "--doc"]))
    });
    if node {
        steps.run("types of JavaScript", || {
            types(workspace, &workspace.root.join("www"))
        });
    } else {
        steps.skip("types of JavaScript", "there is no npm");
    }
    if options.browsers && node {
        steps.run("examples", || examples::build(workspace));
    } else {
        steps.skip("examples", "--no-browsers, or there is no npm");
    }
    if options.browsers {
        steps.run("browsers", || {
            let mut command = test(&["--package", "offprint", "--test", BROWSER_TEST]);
            command.env("PATH", workspace.path()?);
            // Whatever is missing now is a failure, not a test to leave out.
            command.env("OFFPRINT_REQUIRE", "1");
            if std::env::var_os("OFFPRINT_BROWSERS").is_none() {
                let names: Vec<&str> = PROGRAMS.iter().map(|(name, _)| *name).collect();
                command.env("OFFPRINT_BROWSERS", names.join(","));
            }
            process::run(&mut command)
        });
    } else {
        steps.skip("browsers", "--no-browsers");
    }
    let left_out = match &options.filter {
        _ if !options.browsers => Some("--no-browsers"),
        Some(_) => Some("a filter names other tests"),
        None => None,
    };
    match left_out.or_else(|| eval::missing(workspace)) {
        Some(missing) => steps.skip(EVALUATION, missing),
        None => {
            steps.run(EVALUATION, || {
                eval::run(workspace, &eval::Options::default())
            });
        }
    }
    match left_out.or_else(bench::missing) {
        Some(missing) => steps.skip(BENCH, missing),
        None => {
            steps.run(BENCH, || bench::smoke(workspace));
        }
    }
    steps.finish("cargo xtask test")
}

/// Checks the types in a folder that has a `tsconfig.json`.
///
/// # Errors
///
/// When TypeScript is not installed, or finds something.
pub fn types(workspace: &Workspace, folder: &Path) -> Result<()> {
    let tsc = workspace
        .node_tool("tsc")
        .context("no tsc: run `npm ci` first")?;
    process::run(Command::new(tsc).arg("--project").arg(folder))
}

/// Installs npm's packages and browsers, and compiles drivers meanwhile. Answers whether there is
/// an npm.
fn set_up(workspace: &Workspace, browsers: bool) -> Result<bool> {
    std::thread::scope(|scope| {
        // Packages are mostly downloads, a driver is mostly compiling.
        let driver = browsers.then(|| {
            scope.spawn(|| install::cargo_tool(workspace, install::GECKODRIVER).map(drop))
        });
        let node = install::node_packages(workspace);
        let packages = if browsers { install_browsers() } else { Ok(()) };
        let driver = driver.map_or(Ok(Ok(())), std::thread::ScopedJoinHandle::join);
        let node = node?;
        packages?;
        driver.unwrap_or_else(|_| bail!("the compiling thread failed"))?;
        Ok(node)
    })
}

/// Installs what is missing of the browsers. Programs that are there by another way than Debian's
/// packages do as well.
fn install_browsers() -> Result<()> {
    if all_there(|program| process::which(program).is_some()) {
        return Ok(());
    }
    install::apt(BROWSERS, "the browser tests (or `--no-browsers`)")
}

/// Whether everything that packages bring is there.
fn all_there(has: impl Fn(&str) -> bool) -> bool {
    let mut programs = PROGRAMS.iter().flat_map(|(_, programs)| programs.iter());
    programs.all(|program| *program == install::GECKODRIVER.name || has(program))
}

/// The integration tests that need no browser.
fn other_tests(workspace: &Workspace) -> Result<Vec<String>> {
    let mut metadata = workspace.cargo();
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let answer: Value = serde_json::from_str(&process::output(&mut metadata)?)?;
    let targets = integration_tests(&answer);
    if targets.is_empty() {
        bail!("the workspace has no integration tests");
    }
    Ok(targets
        .into_iter()
        .filter(|name| name != BROWSER_TEST)
        .collect())
}

fn integration_tests(metadata: &Value) -> Vec<String> {
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let targets = packages
        .filter_map(|package| package.get("targets").and_then(Value::as_array))
        .flatten();
    let is_test = |target: &&Value| {
        let kinds = target.get("kind").and_then(Value::as_array);
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "test"))
    };
    let name = |target: &Value| Some(target.get("name")?.as_str()?.to_owned());
    // A set: several packages may have a test of the same name.
    targets
        .filter(is_test)
        .filter_map(name)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
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
    fn finds_integration_tests() {
        let metadata = serde_json::json!({"packages": [
            {"targets": [{"name": "offprint", "kind": ["bin"]}, {"name": "golden", "kind": ["test"]}]},
            {"targets": [{"name": "browsers", "kind": ["test"]}, {"name": "golden", "kind": ["test"]}]},
        ]});
        assert_eq!(integration_tests(&metadata), ["browsers", "golden"]);
    }

    #[test]
    fn a_missing_browser_or_driver_means_installing() {
        assert!(all_there(|_| true));
        // Compiled, not a package.
        assert!(all_there(|program| program != "geckodriver"));
        for absent in [
            "chromium",
            "chromedriver",
            "firefox-esr",
            "WebKitWebDriver",
            "Xvfb",
        ] {
            assert!(!all_there(|program| program != absent), "{absent}");
        }
    }
}
