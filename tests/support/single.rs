//! Sites in one HTML file, opened from the disk.

use super::Res;
use super::golden::Collection;
use super::program;
use std::path::{Path, PathBuf};

const WATCH: &str = include_str!("watch.js");

/// Builds a collection into one file. Returns the file.
pub fn built(which: Collection) -> Res<PathBuf> {
    let name = match which {
        Collection::Sample => "single-sample.html",
        Collection::Seeds => "single-seeds.html",
        Collection::Crowd => "single-crowd.html",
    };
    made(name, &program::inputs(which)?)
}

/// Builds inputs into one file. Returns the file.
pub fn made(name: &str, inputs: &[PathBuf]) -> Res<PathBuf> {
    let file = program::sites().join(name);
    let mut args = vec!["build", "--force", "--title", "Test papers"];
    let out = file.to_string_lossy();
    args.extend(["--single-file", &out]);
    let inputs: Vec<_> = inputs.iter().map(|path| path.to_string_lossy()).collect();
    args.extend(inputs.iter().map(AsRef::as_ref));
    program::offprint(&args, "")?;
    Ok(file)
}

/// A copy of such a file that is watched as pages of a test host are, with its text changed.
/// Returns its address.
pub fn address(name: &str, which: Collection, change: impl Fn(String) -> String) -> Res<String> {
    watched(name, &built(which)?, change)
}

/// The same of a file.
pub fn watched(name: &str, file: &Path, change: impl Fn(String) -> String) -> Res<String> {
    let bytes = std::fs::read(file)?;
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| {
            pair.iter()
                .rev()
                .fold(0, |unit, &byte| unit << 8 | u16::from(byte))
        })
        .collect();
    let text = String::from_utf16(&units)?;
    let watched = text.replacen("<head>", &format!("<head><script>{WATCH}</script>"), 1);
    if watched == text {
        return Err("the page has no head to put the watch into".into());
    }
    let bytes: Vec<u8> = change(watched)
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = program::sites().join(name);
    std::fs::write(&file, bytes)?;
    Ok(format!("file://{}", std::fs::canonicalize(file)?.display()))
}
