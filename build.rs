//! Makes what the binary carries: the sample collection as an index, and the browser client where
//! `cargo xtask client` has built it. This script runs no other program.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use offprint_papers::{Collection, Limits};

#[path = "crates/cli/listing.rs"]
#[allow(dead_code, reason = "the sample's start page is as ours is usually")]
mod listing;

/// Where the client is, for whoever keeps it elsewhere than `<target>/offprint-client`.
const CLIENT_VARIABLE: &str = "OFFPRINT_CLIENT_DIR";
const SAMPLE: &str = "papers/landmarks.jsonl";
const SAMPLE_TITLE: &str = "Landmark papers";
const SAMPLE_DESCRIPTION: &str =
    "A small reading list of information retrieval, machine learning and their neighbours";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=crates/cli/listing.rs");
    println!("cargo::rerun-if-changed={SAMPLE}");
    println!("cargo::rerun-if-env-changed={CLIENT_VARIABLE}");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);

    let mut code = String::new();
    let client = client_folder(&out)?;
    write_client(client.as_deref(), &mut code)?;
    write_sample(&out, &mut code)?;
    fs::write(out.join("carried.rs"), code)?;
    Ok(())
}

/// The folder with a built client, if there is one.
fn client_folder(out: &Path) -> Result<Option<PathBuf>, Box<dyn Error>> {
    if let Some(folder) = env::var_os(CLIENT_VARIABLE) {
        let folder = fs::canonicalize(&folder)
            .map_err(|error| format!("{CLIENT_VARIABLE}={}: {error}", folder.display()))?;
        return Ok(Some(folder));
    }
    let Some(target) = target_folder(out) else {
        return Ok(None);
    };
    let folder = target.join("offprint-client");
    if folder.join("client.json").is_file() {
        return Ok(Some(folder));
    }
    // An empty folder to watch: watching a path that is not there would run this script, and
    // compile the program, at every build.
    fs::create_dir_all(&folder)?;
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(None)
}

/// Cargo's target folder: `OUT_DIR` is `<target>[/<triple>]/<profile>/build/<package>/out`.
fn target_folder(out: &Path) -> Option<&Path> {
    let profile = out
        .ancestors()
        .find(|path| path.ends_with("build"))?
        .parent()?;
    let parent = profile.parent()?;
    let triple = env::var("TARGET").ok()?;
    if parent.ends_with(triple) {
        parent.parent()
    } else {
        Some(parent)
    }
}

/// Lists the client's files. `client.json` names them with their digests, so watching it alone
/// would do if nobody ever changed a file by hand.
fn write_client(folder: Option<&Path>, code: &mut String) -> Result<(), Box<dyn Error>> {
    let mut hash = None;
    let mut files = Vec::new();
    if let Some(folder) = folder {
        let record = folder.join("client.json");
        println!("cargo::rerun-if-changed={}", record.display());
        let text = fs::read_to_string(&record)
            .map_err(|error| format!("{}: {error}", record.display()))?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        let bad = || {
            format!(
                "{} is not as `cargo xtask client` writes it",
                record.display()
            )
        };
        hash = Some(
            json.get("hash")
                .and_then(|hash| hash.as_str())
                .ok_or_else(bad)?
                .to_owned(),
        );
        for file in json
            .get("files")
            .and_then(|files| files.as_array())
            .ok_or_else(bad)?
        {
            let path = file
                .get("path")
                .and_then(|path| path.as_str())
                .ok_or_else(bad)?;
            let full = folder.join(path);
            println!("cargo::rerun-if-changed={}", full.display());
            files.push((path.to_owned(), full));
        }
    }
    writeln!(
        code,
        "/// Names the client.\npub const CLIENT_HASH: Option<&str> = {hash:?};"
    )?;
    writeln!(
        code,
        "/// The client's files as `cargo xtask client` made them."
    )?;
    list("CLIENT", &files, code)
}

/// Builds the sample's index into `OUT_DIR` and lists its files as they lie in a site.
fn write_sample(out: &Path, code: &mut String) -> Result<(), Box<dyn Error>> {
    let folder = out.join("sample");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut collection = Collection::new(Limits::default());
    let report = collection.add_input("landmarks.jsonl", fs::File::open(SAMPLE)?);
    if let Some(diagnostic) = report.diagnostics.first() {
        return Err(format!("{SAMPLE}: {diagnostic}").into());
    }
    let (papers, _, _) = collection.finish();
    let options = offprint_index::Options {
        title: SAMPLE_TITLE.to_owned(),
        description: SAMPLE_DESCRIPTION.to_owned(),
        ..Default::default()
    };
    let mut paths = Vec::new();
    let built = offprint_index::build(
        &papers,
        &options,
        &mut |path, bytes| {
            paths.push(path.to_owned());
            write_file(&folder.join(path), bytes)
        },
        &mut |_| {},
    )?;
    write_file(&folder.join("manifest.bin"), &built.manifest)?;
    let mut files: Vec<_> = paths
        .iter()
        .map(|path| {
            (
                format!("segments/{}/{path}", built.segment),
                folder.join(path),
            )
        })
        .collect();
    files.push(("manifest.bin".to_owned(), folder.join("manifest.bin")));
    for (name, text) in [
        ("SAMPLE_TITLE", SAMPLE_TITLE),
        ("SAMPLE_DESCRIPTION", SAMPLE_DESCRIPTION),
        (
            "SAMPLE_LIST",
            &listing::html(
                &listing::Home::default(),
                |_| &papers,
                &built.topics,
                &built.days,
            ),
        ),
    ] {
        writeln!(
            code,
            "/// What the sample says of itself.\npub const {name}: &str = {text:?};"
        )?;
    }
    writeln!(
        code,
        "/// Papers in the sample.\npub const SAMPLE_PAPERS: usize = {};",
        papers.len()
    )?;
    writeln!(code, "/// The sample's index, as its files lie in a site.")?;
    list("SAMPLE", &files, code)
}

fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, bytes)
}

fn list(name: &str, files: &[(String, PathBuf)], code: &mut String) -> Result<(), Box<dyn Error>> {
    writeln!(code, "pub const {name}: &[(&str, &[u8])] = &[")?;
    for (path, full) in files {
        let full = full
            .to_str()
            .ok_or("the path of the build folder is not UTF-8")?;
        writeln!(code, "    ({path:?}, include_bytes!({full:?})),")?;
    }
    writeln!(code, "];")?;
    Ok(())
}
