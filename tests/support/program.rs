//! The `offprint` program: its collections, its builds, its answers.

use super::golden::{Ask, Collection, root};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The files a collection is built from, or why they are not here.
pub fn inputs(collection: Collection) -> Result<Vec<PathBuf>, String> {
    match collection {
        Collection::Sample => Ok(vec![root().join("papers/landmarks.jsonl")]),
        Collection::Crowd => {
            static WRITTEN: OnceLock<Result<PathBuf, String>> = OnceLock::new();
            let write = || {
                let file = sites().join("crowd.jsonl");
                let failed = |e: std::io::Error| format!("{}: {e}", file.display());
                std::fs::create_dir_all(sites()).map_err(failed)?;
                std::fs::write(&file, crowd()).map_err(failed)?;
                Ok(file)
            };
            Ok(vec![WRITTEN.get_or_init(write).clone()?])
        }
        Collection::Seeds => {
            let folder = shared()?.join("seeds");
            let entries = std::fs::read_dir(&folder);
            let entries = entries.map_err(|e| format!("{}: {e}", folder.display()))?;
            let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            files.retain(|file| file.extension().is_some_and(|ending| ending == "txt"));
            files.sort();
            Ok(files)
        }
    }
}

/// 2100 papers, each by two of 2100 authors who have two papers, and by one of seven chairs. Every
/// hundredth is by a team, too, and by somebody whom its card does not name.
fn crowd() -> String {
    let mut lines = String::new();
    for at in 0..2100 {
        let side = if at % 200 < 100 { "left" } else { "right" };
        let mut authors = vec![
            format!("Ordinary Member {:04}", at / 2),
            format!("Ordinary Fellow {:04}", at % 1050),
            format!("Chair Person {}", at % 7),
        ];
        if at % 100 == 0 {
            authors.extend((0..12).map(|at| format!("Team Person {at:02}")));
            authors.push("Closing Person".to_owned());
        }
        let paper = serde_json::json!({
            "id": format!("crowd-{at:04}"),
            "title": format!("Gathering {at} on the {side}"),
            "authors": authors,
            "venue": if at < 1000 { "Morning" } else { "Evening" },
        });
        lines.push_str(&format!("{paper}\n"));
    }
    lines
}

/// The folder with the seed collection and its judged queries: `OFFPRINT_SHARED`, else `shared`
/// beside the repository.
pub fn shared() -> Result<PathBuf, String> {
    let named = std::env::var_os("OFFPRINT_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared"));
    if folder.join("seeds").is_dir() {
        Ok(folder)
    } else {
        Err("no seed collection".to_owned())
    }
}

/// Runs the program with `input` as standard input; returns what it prints.
pub fn offprint(args: &[&str], input: &str) -> Result<String, String> {
    let failed = |e: std::io::Error| format!("offprint {}: {e}", args.join(" "));
    let mut child = Command::new(env!("CARGO_BIN_EXE_offprint"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_owned();
        // From a thread of its own: the program may print before it has read everything.
        std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "offprint {}: {}\n{error}",
            args.join(" "),
            output.status
        ));
    }
    String::from_utf8(output.stdout).map_err(|e| e.to_string())
}

/// Builds the files into a folder, emptied before; `more` are further arguments.
pub fn build(inputs: &[PathBuf], out: &Path, more: &[&str]) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", out.display());
    if out.exists() {
        std::fs::remove_dir_all(out).map_err(failed)?;
    }
    std::fs::create_dir_all(out).map_err(failed)?;
    let folder = out.to_string_lossy().into_owned();
    let inputs: Vec<String> = inputs
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let mut args = vec!["build", "--out", &folder];
    args.extend(more);
    args.extend(inputs.iter().map(String::as_str));
    offprint(&args, "").map(drop)
}

/// A folder for built sites that outlives the run, so that they can be looked at.
pub fn sites() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("sites")
}

/// The program's answers to the questions, in their order.
pub fn query<T: DeserializeOwned>(site: &Path, asks: &[Ask]) -> Result<Vec<T>, String> {
    let site = site.to_string_lossy();
    let mut answers: Vec<Option<T>> = asks.iter().map(|_| None).collect();
    // One run for each number of results: the program takes that number for a whole batch.
    let limits: BTreeSet<usize> = asks.iter().map(|ask| ask.1).collect();
    for limit in limits {
        let places: Vec<(usize, &Ask)> = asks
            .iter()
            .enumerate()
            .filter(|(_, ask)| ask.1 == limit)
            .collect();
        let mut batch = String::new();
        for (_, (query, _, more)) in &places {
            let more: serde_json::Value = serde_json::from_str(more).map_err(|e| e.to_string())?;
            let mut line = serde_json::json!({ "query": query });
            for (name, value) in more.as_object().into_iter().flatten() {
                if let Some(line) = line.as_object_mut() {
                    line.insert(name.clone(), value.clone());
                }
            }
            batch += &format!("{line}\n");
        }
        let limit = limit.to_string();
        let args = ["query", &site, "--json", "--batch", "-", "--limit", &limit];
        let printed = offprint(&args, &batch)?;
        let lines: Vec<&str> = printed.lines().collect();
        if lines.len() != places.len() {
            return Err(format!(
                "{} answers to {} queries",
                lines.len(),
                places.len()
            ));
        }
        for ((place, _), line) in places.into_iter().zip(lines) {
            let answer = serde_json::from_str(line).map_err(|e| format!("{e} in {line}"))?;
            if let Some(slot) = answers.get_mut(place) {
                *slot = Some(answer);
            }
        }
    }
    answers
        .into_iter()
        .collect::<Option<_>>()
        .ok_or_else(|| "a query has no answer".to_owned())
}
