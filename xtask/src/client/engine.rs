//! From the Rust package to compressed WebAssembly and its JavaScript.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use wasm_bindgen_cli_support::Bindgen;
use zopfli::{Format, Options};

use crate::process;
use crate::toolchain::{TARGET, Toolchain};
use crate::workspace::Workspace;

/// The version of wasm-bindgen this program was compiled with, as xtask's `Cargo.toml` pins it.
const BINDGEN: &str = "0.2.130";

/// What wasm-bindgen makes.
#[derive(Debug)]
pub struct Bound {
    /// The JavaScript side, an ES module without imports.
    pub glue: String,
    /// The module.
    pub wasm: Vec<u8>,
}

/// Compiles the package. Answers with the path of the `.wasm`.
///
/// The client has a target folder of its own, since its compiler may be another one than that of
/// everything else.
///
/// # Errors
///
/// When the compiler fails.
pub fn compile(
    workspace: &Workspace,
    toolchain: &Toolchain,
    package: &str,
    profile: &str,
) -> Result<PathBuf> {
    let target = workspace.target.join("client-build");
    let mut build = workspace.cargo();
    build
        .args([
            "build",
            "--package",
            package,
            "--profile",
            profile,
            "--target-dir",
        ])
        .arg(&target);
    toolchain.apply(workspace, &mut build);
    process::run(&mut build)?;
    // Cargo keeps the old name of this one folder.
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target
        .join(TARGET)
        .join(folder)
        .join(package.replace('-', "_"))
        .with_extension("wasm"))
}

/// Makes the JavaScript side and the final module, and the types of both, beside the `.wasm`.
///
/// # Errors
///
/// When `wasm-bindgen` in the lock file is of another version than this program's half of it, or
/// the module cannot be bound.
pub fn bind(lock: &Path, wasm: &Path) -> Result<Bound> {
    let text = std::fs::read_to_string(lock).with_context(|| lock.display().to_string())?;
    check_version(&text)?;
    let folder = wasm.with_extension("bound");
    Bindgen::new()
        .input_path(wasm)
        .out_name("engine")
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .with_context(|| format!("wasm-bindgen cannot bind {}", wasm.display()))?;
    let glue = folder.join("engine.js");
    let wasm = folder.join("engine_bg.wasm");
    Ok(Bound {
        glue: std::fs::read_to_string(&glue).with_context(|| glue.display().to_string())?,
        wasm: std::fs::read(&wasm).with_context(|| wasm.display().to_string())?,
    })
}

/// Compresses as hard as a raw deflate stream allows; readers' browsers inflate it.
///
/// # Errors
///
/// None in practice: it writes to memory.
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let options = Options {
        iteration_count: NonZeroU64::new(60).unwrap_or(NonZeroU64::MIN),
        maximum_block_splits: 100,
        ..Options::default()
    };
    zopfli::compress(options, Format::Deflate, bytes, &mut out)?;
    Ok(out)
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

fn check_version(lock: &str) -> Result<()> {
    let lock: Lock = toml::from_str(lock).context("Cargo.lock")?;
    let version_of = |name: &str| {
        let found = lock.package.iter().find(|package| package.name == name);
        found.map(|package| package.version.as_str())
    };
    match version_of("wasm-bindgen") {
        Some(BINDGEN) => Ok(()),
        Some(other) => bail!(
            "Cargo.lock has wasm-bindgen {other}, but xtask was compiled for {BINDGEN}: set the \
             version of wasm-bindgen-cli-support in xtask/Cargo.toml and BINDGEN in \
             xtask/src/client/engine.rs to {other}, or run \
             `cargo update -p wasm-bindgen --precise {BINDGEN}`"
        ),
        None => bail!("Cargo.lock has no wasm-bindgen"),
    }
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

    fn lock(version: &str) -> String {
        format!("version = 4\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"{version}\"\n")
    }

    #[test]
    fn both_halves_of_wasm_bindgen_must_fit() {
        assert!(check_version(&lock(BINDGEN)).is_ok());
        let error = check_version(&lock("0.2.99")).unwrap_err().to_string();
        assert!(
            error.contains("0.2.99") && error.contains(BINDGEN),
            "{error}"
        );
        assert!(check_version("version = 4\npackage = []\n").is_err());
    }

    #[test]
    fn the_constant_is_what_the_manifest_pins() {
        let pin = format!("wasm-bindgen-cli-support = \"={BINDGEN}\"");
        assert!(include_str!("../../Cargo.toml").contains(&pin));
    }

    #[test]
    fn compressed_bytes_inflate_to_the_same() {
        let bytes: Vec<u8> = (0..40_000_u32).map(|n| ((n * n) >> 7) as u8).collect();
        let packed = compress(&bytes).unwrap();
        assert!(packed.len() < bytes.len());
        assert_eq!(packed, compress(&bytes).unwrap());
        assert_eq!(
            miniz_oxide::inflate::decompress_to_vec(&packed).unwrap(),
            bytes
        );
    }
}
