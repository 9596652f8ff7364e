//! `cargo xtask lighthouse`: what Lighthouse says of the sample's page on a phone.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bench;
use crate::client;
use crate::install;
use crate::process;
use crate::program;
use crate::workspace::Workspace;

/// Where its packages are listed.
const FOLDER: &str = "bench/lighthouse";

/// What is looked at: the start page, and results behind an address.
const PAGES: &[&str] = &["", "?q=attention"];

/// Its categories, and what each has to reach of a hundred.
const CATEGORIES: &[&str] = &["performance", "accessibility", "best-practices", "seo"];
const LEAST: f64 = 95.0;

/// Builds the program, serves the sample, and looks at it.
///
/// # Errors
///
/// When something is missing, or a page falls short.
pub fn run(workspace: &Workspace) -> Result<()> {
    if let Some(missing) = bench::missing() {
        bail!("{missing}, which Lighthouse needs");
    }
    program::build_small(workspace, &client::Options::default())?;
    let folder = workspace.root.join(FOLDER);
    install::packages_of(&folder, "Lighthouse")?;
    let server = Server::start(&workspace.program())?;
    let mut short = Vec::new();
    println!("{:>14} {}", "", CATEGORIES.join(" "));
    for page in PAGES {
        let scores = look(&folder, &format!("{}{page}", server.address))?;
        let cells: Vec<_> = CATEGORIES
            .iter()
            .zip(&scores)
            .map(|(name, score)| format!("{score:>width$.0}", width = name.len()))
            .collect();
        println!("{:>14} {}", format!("/{page}"), cells.join(" "));
        if scores.iter().any(|score| *score < LEAST) {
            short.push(format!("/{page}"));
        }
    }
    if !short.is_empty() {
        bail!("below {LEAST} of 100: {}", short.join(", "));
    }
    Ok(())
}

/// The scores of a page, of a hundred, in the order of [`CATEGORIES`].
fn look(folder: &Path, address: &str) -> Result<Vec<f64>> {
    let mut lighthouse = Command::new(process::which("node").context("there is no node")?);
    lighthouse
        .arg(folder.join("node_modules/lighthouse/cli/index.js"))
        .arg(address)
        .args(["--quiet", "--output=json", "--output-path=stdout"])
        .arg(format!("--only-categories={}", CATEGORIES.join(",")))
        .arg("--chrome-flags=--headless --no-sandbox --disable-gpu");
    if let Some(chromium) = bench::chromium() {
        lighthouse.env("CHROME_PATH", chromium);
    }
    scores(&process::output(&mut lighthouse)?)
}

fn scores(report: &str) -> Result<Vec<f64>> {
    let report: Value = serde_json::from_str(report).context("Lighthouse wrote no report")?;
    for audit in report
        .get("audits")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|audits| audits.values())
    {
        let score = audit.get("score").and_then(Value::as_f64);
        if let (Some(score), Some(title)) = (score, audit.get("title"))
            && score < 0.5
        {
            println!("  {score:.2} {title}");
        }
    }
    CATEGORIES
        .iter()
        .map(|name| {
            let score = report.pointer(&format!("/categories/{name}/score"));
            Ok(100.0
                * score
                    .and_then(Value::as_f64)
                    .with_context(|| format!("no score for {name}"))?)
        })
        .collect()
}

/// `offprint serve`, until this goes.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(program: &PathBuf) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| program.display().to_string())?;
        let out = child.stdout.take().context("no output")?;
        let mut server = Self {
            child,
            address: String::new(),
        };
        for line in BufReader::new(out).lines() {
            let line = line?;
            if line.starts_with("http://") {
                server.address = line;
                return Ok(server);
            }
        }
        bail!("`offprint serve` names no address")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn reads_scores() {
        let report = r#"{"audits": {"a": {"score": 0.2, "title": "Slow"}, "b": {"score": null, "title": "?"}},
            "categories": {"performance": {"score": 0.98}, "accessibility": {"score": 1},
                "best-practices": {"score": 1}, "seo": {"score": 0.5}}}"#;
        assert_eq!(scores(report).unwrap(), [98.0, 100.0, 100.0, 50.0]);
        assert!(scores("{}").is_err());
        assert!(scores("no report").is_err());
    }
}
