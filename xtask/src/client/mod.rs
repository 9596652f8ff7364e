//! Building the browser client: compile, bind, shrink, join, compress, describe.

mod engine;
mod minify;
mod modules;
mod recipe;
mod record;
mod rename;

use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use sha2::{Digest, Sha256};

use self::minify::Minifier;
use self::modules::Source;
use self::recipe::{GLUE, Module, Recipe};
use self::record::{Files, Record};
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;

/// Stands in the page's scripts for the SHA-256 of the compressed engine, in base64.
const ENGINE_DIGEST: &str = "__OFFPRINT_ENGINE__";

/// How to build it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The cargo profile the engine is compiled with.
    pub profile: String,
    /// Fail where a tool that makes the client smaller is missing, instead of doing without.
    pub release_tools: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            profile: "client".to_owned(),
            release_tools: false,
        }
    }
}

/// Builds the client into [`Workspace::client`].
///
/// # Errors
///
/// When a compiler or a demanded tool is missing, or a step fails.
pub fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    let www = workspace.root.join("www");
    let recipe = Recipe::parse(&read(&www.join("client.toml"))?)?;
    let minifier = Minifier::find(workspace, options.release_tools)?;
    let toolchain = Toolchain::find_or_install(workspace)?;
    println!(
        "Compiling {} ({})",
        recipe.engine.package,
        toolchain.describe()
    );
    let wasm = engine::compile(
        workspace,
        &toolchain,
        &recipe.engine.package,
        &options.profile,
    )?;
    let bound = engine::bind(&workspace.root.join("Cargo.lock"), &wasm)?;

    let mut files = Files::new();
    let (wasm, renames) = minifier.wasm(bound.wasm, &recipe.engine.wasm_opt)?;
    let glue = renames.apply(&bound.glue)?;
    println!("The engine is {} bytes before compression", wasm.len());
    let compressed = engine::compress(&wasm)?;
    let digest = BASE64.encode(Sha256::digest(&compressed));
    files.insert(recipe.engine.out.clone(), compressed);
    for module in &recipe.module {
        let text = join(&www, module, &glue)
            .with_context(|| module.out.clone())?
            .replace(ENGINE_DIGEST, &digest);
        let text = minifier
            .text(&text, "js")
            .with_context(|| module.out.clone())?;
        check_holds(&module.out, &text, &module.holds)?;
        files.insert(module.out.clone(), text.into_bytes());
    }
    for style in &recipe.style {
        let text = minifier.text(&read(&www.join(&style.from))?, "css")?;
        check_holds(&style.out, &text, &style.holds)?;
        files.insert(style.out.clone(), text.into_bytes());
    }
    for copied in &recipe.copy {
        let path = www.join(&copied.from);
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        if !copied.holds.is_empty() {
            check_holds(&copied.out, &String::from_utf8_lossy(&bytes), &copied.holds)?;
        }
        files.insert(copied.out.clone(), bytes);
    }

    let mut record = Record::of(&files);
    record.smallest = toolchain.compiles_library() && minifier.is_complete();
    files.insert("client.json".to_owned(), record.json()?.into_bytes());
    let out = workspace.client();
    sync(&out, &files)?;
    println!("{}\n{}", record.table(), minifier.describe());
    Ok(())
}

fn join(www: &Path, module: &Module, glue: &str) -> Result<String> {
    let mut sources = Vec::new();
    for part in &module.parts {
        let text = if part == GLUE {
            glue.to_owned()
        } else {
            read(&www.join(part))?
        };
        sources.push(Source {
            name: part.clone(),
            text,
        });
    }
    modules::join(&sources, module.exports)
}

fn check_holds(out: &str, text: &str, words: &[String]) -> Result<()> {
    match words.iter().find(|word| !text.contains(word.as_str())) {
        Some(word) => bail!("{out} no longer holds {word:?}, which www/client.toml promises"),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Makes a folder hold exactly these files. What is already right is not touched, so that a
/// program that carries these files is compiled anew only when one has changed.
fn sync(folder: &Path, files: &Files) -> Result<()> {
    remove_others(folder, "", files)?;
    for (path, bytes) in files {
        let file = folder.join(path);
        if std::fs::read(&file).is_ok_and(|old| old == *bytes) {
            continue;
        }
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn remove_others(folder: &Path, prefix: &str, files: &Files) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            let inside = format!("{name}/");
            if files.keys().any(|path| path.starts_with(&inside)) {
                remove_others(&entry.path(), &inside, files)?;
            } else {
                std::fs::remove_dir_all(entry.path())?;
            }
        } else if !files.contains_key(&name) {
            std::fs::remove_file(entry.path())?;
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
    fn sync_leaves_exactly_the_files() {
        let folder = std::env::temp_dir().join(format!("xtask-sync-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("client/old")).unwrap();
        std::fs::create_dir_all(folder.join("gone")).unwrap();
        for stale in ["client/old/x", "client/y", "z", "gone/x"] {
            std::fs::write(folder.join(stale), "stale").unwrap();
        }
        let mut files = Files::new();
        files.insert("client/a".to_owned(), b"1".to_vec());
        files.insert("template/b".to_owned(), b"2".to_vec());
        sync(&folder, &files).unwrap();
        assert_eq!(std::fs::read(folder.join("client/a")).unwrap(), b"1");
        assert_eq!(std::fs::read(folder.join("template/b")).unwrap(), b"2");
        for stale in ["client/old", "client/y", "z", "gone"] {
            assert!(!folder.join(stale).exists(), "{stale}");
        }
        let written = |name: &str| folder.join(name).metadata().unwrap().modified().unwrap();
        let before = written("client/a");
        files.insert("template/b".to_owned(), b"3".to_vec());
        sync(&folder, &files).unwrap();
        assert_eq!(written("client/a"), before);
        assert_eq!(std::fs::read(folder.join("template/b")).unwrap(), b"3");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_lost_placeholder_is_noticed() {
        let words = ["__NAME__".to_owned()];
        assert!(check_holds("a.js", "const a = \"__NAME__\";", &words).is_ok());
        assert!(check_holds("a.js", "const a = 1;", &words).is_err());
    }
}
