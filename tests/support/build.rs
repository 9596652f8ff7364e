//! Sites for the browser tests, built by the program once a run.

use super::Res;
use super::golden::{Collection, root};
use super::program;
use super::site::Site;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The site of a collection in chunks.
pub fn collection(which: Collection) -> Res<Arc<Site>> {
    collection_in(which, "chunks")
}

/// The site of a collection in a layout.
pub fn collection_in(which: Collection, layout: &str) -> Res<Arc<Site>> {
    let name = match which {
        Collection::Sample => "sample",
        Collection::Seeds => "seeds",
        Collection::Crowd => "crowd",
    };
    let about = [
        "--title",
        "Test papers",
        "--description",
        "Papers to test with.",
        "--layout",
        layout,
    ];
    built(
        &format!("{name}-{layout}"),
        &program::inputs(which)?,
        &about,
    )
}

/// Builds a site, once for each name.
pub fn built(name: &str, inputs: &[PathBuf], more: &[&str]) -> Res<Arc<Site>> {
    static SITES: OnceLock<Mutex<HashMap<String, Arc<Site>>>> = OnceLock::new();
    let sites = SITES.get_or_init(Mutex::default);
    let mut sites = sites.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(site) = sites.get(name) {
        return Ok(Arc::clone(site));
    }
    let folder = program::sites().join(name);
    program::build(inputs, &folder, more)?;
    let site = Site::new(folder);
    sites.insert(name.to_owned(), Arc::clone(&site));
    Ok(site)
}

/// Need: the program carries the browser client.
pub fn client() -> Result<(), String> {
    static ANSWER: OnceLock<Result<(), String>> = OnceLock::new();
    let answer = ANSWER.get_or_init(|| match collection(Collection::Sample) {
        Err(e)
            if e.message()
                .is_some_and(|text| text.contains("without the browser client")) =>
        {
            Err("no browser client: cargo xtask client".to_owned())
        }
        // Any other failure is the tests' to tell.
        _ => Ok(()),
    });
    answer.clone()
}

/// Need: the seed collection is here.
pub fn seeds() -> Result<(), String> {
    program::shared().map(drop)
}

/// Need: axe-core has been installed by npm; its script.
pub fn axe() -> Result<String, String> {
    let file = root().join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).map_err(|_| "no axe-core: npm ci".to_owned())
}
