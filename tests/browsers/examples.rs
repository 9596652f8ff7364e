//! The examples, as their programs made them (`cargo xtask examples`), on a host with the collection.

use super::hostile;
use crate::support::engine::Engine;
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    let built = |case: Case, name: &'static str| {
        case.needs(build::client)
            .needs(move || example(name).map(drop))
    };
    vec![
        built(case!(examples::plain), "plain"),
        built(case!(examples::hugo), "hugo").only(Engine::Chromium),
        built(case!(examples::mkdocs), "mkdocs").only(Engine::Chromium),
        built(case!(examples::vite), "vite"),
        built(case!(examples::instantsearch), "vite"),
        built(case!(examples::instantsearch_shows_papers_as_text), "vite"),
    ]
}

const QUERY: &str = "random forests ";
const FIRST: &str = "10.1023/A:1010933404324";

/// The folder with what was built of an example.
fn example(name: &str) -> Result<PathBuf, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let folder = target.map(|target| target.join("examples").join(name));
    folder
        .filter(|folder| folder.is_dir())
        .ok_or_else(|| format!("no example for {name}: cargo xtask examples"))
}

/// A host with a collection and an example below `/name/`.
async fn host(test: &Test, site: &Arc<Site>, name: &str) -> Res<Arc<Host>> {
    let host = test.host(site).await?;
    host.add_folder(&format!("/{name}/"), &example(name)?);
    Ok(host)
}

async fn sample(test: &Test, name: &str) -> Res<Arc<Host>> {
    host(test, &build::collection(Collection::Sample)?, name).await
}

/// The first element shows what it finds.
async fn finds(page: &Page) -> Res {
    let lines = page.ask(QUERY).await?;
    let first = lines.first().map(|line| line.id.as_str());
    same!(first, Some(FIRST), "first line");
    Ok(())
}

/// Every element of the page answers.
async fn all_search(page: &Page, elements: usize) -> Res {
    page.wait("the elements", "return root != null", vec![])
        .await?;
    let script = "const all = [...document.querySelectorAll('offprint-search')];\
        return await Promise.all(all.map((it) => it.search(args[0]).then(({ hits }) => hits[0].id)))";
    let first: Vec<String> = page.js_async(script, vec![json!(QUERY)]).await?;
    same!(first, vec![FIRST.to_owned(); elements], "first results");
    Ok(())
}

pub async fn plain(test: Test) -> Res {
    let host = sample(&test, "plain").await?;
    let page = test.goto(&host.root_url("/plain/")).await?;
    all_search(&page, 3).await?;
    page.element(".opener").await?.click().await?;
    finds(&page).await?;
    test.screenshot("example-plain").await
}

pub async fn hugo(test: Test) -> Res {
    let host = sample(&test, "hugo").await?;
    let page = test.goto(&host.root_url("/hugo/")).await?;
    page.element("input").await?.click().await?;
    finds(&page).await?;
    let page = test.goto(&host.root_url("/hugo/posts/papers/")).await?;
    all_search(&page, 2).await?;
    let given: String = page
        .js(
            "return document.querySelectorAll('offprint-search')[1].getAttribute('filters')",
            vec![],
        )
        .await?;
    same!(given, "year category", "what the shortcode was given");
    Ok(())
}

pub async fn mkdocs(test: Test) -> Res {
    let host = sample(&test, "mkdocs").await?;
    // Its theme has scripts in the page, and its own search says when it is ready.
    host.policy("");
    test.allow("/mkdocs/search/");
    let page = test.goto(&host.root_url("/mkdocs/papers/")).await?;
    all_search(&page, 2).await?;
    page.element(".opener").await?.click().await?;
    finds(&page).await?;
    test.screenshot("example-mkdocs").await
}

pub async fn vite(test: Test) -> Res {
    let host = sample(&test, "vite").await?;
    let page = test.goto(&host.root_url("/vite/")).await?;
    page.wait(
        "the collection",
        "return document.querySelector('#count').textContent.includes('337')",
        vec![],
    )
    .await?;
    let script = "const own = document.querySelector('#own'); own.value = args[0]; own.dispatchEvent(new InputEvent('input')); return null";
    page.js::<Value>(script, vec![json!(QUERY)]).await?;
    page.wait(
        "its own lines",
        "return document.querySelector('#lines li')?.id === args[0]",
        vec![json!(FIRST)],
    )
    .await?;
    // One engine for both.
    all_search(&page, 1).await?;
    page.ask(QUERY).await?;
    page.element(".title").await?.click().await?;
    page.wait(
        "the choice",
        "return document.title === 'Random Forests'",
        vec![],
    )
    .await?;
    let fetched = host
        .requests()
        .iter()
        .filter(|r| r.path.ends_with("manifest.bin"))
        .count();
    same!(fetched, 1, "fetches of the manifest");
    Ok(())
}

/// Titles that InstantSearch shows.
const TITLES: &str =
    "const titles = () => [...document.querySelectorAll('#hits h2')].map((it) => it.textContent);";

async fn type_into(page: &Page, selector: &str, text: &str) -> Res {
    let there = "return document.querySelector(args[0]) != null";
    page.wait(selector, there, vec![json!(selector)]).await?;
    let script = "const it = document.querySelector(args[0]); it.value = args[1]; it.dispatchEvent(new InputEvent('input', { bubbles: true })); return null";
    page.js::<Value>(script, vec![json!(selector), json!(text)])
        .await
        .map(drop)
}

/// What the collection itself counts.
async fn total(page: &Page, query: &str, filters: Value) -> Res<u64> {
    let script = "const { open } = await import('/group/papers/headless.js');\
        return (await (await open()).search(args[0], { filters: args[1] })).total";
    page.js_async(script, vec![json!(query), filters]).await
}

pub async fn instantsearch(test: Test) -> Res {
    let host = sample(&test, "vite").await?;
    let page = test
        .goto(&host.root_url("/vite/instantsearch.html"))
        .await?;
    let shows = |what: &'static str, script: &'static str, args: Vec<Value>| {
        let (page, script) = (page.clone(), format!("{TITLES} {script}"));
        async move { page.wait(what, &script, args).await }
    };
    // Without words it shows all.
    let stats = "return document.querySelector('#stats').textContent.startsWith(`${args[0]} `) && titles().length === Math.min(args[0], 5)";
    shows("all papers", stats, vec![json!(337)]).await?;
    type_into(&page, "#box input", "attention").await?;
    let found = total(&page, "attention", json!({})).await?;
    shows("papers on attention", stats, vec![json!(found)]).await?;
    shows(
        "marks",
        "const marks = [...document.querySelectorAll('#hits mark')].map((it) => it.textContent.toLowerCase());\
         return titles()[0] === 'Attention Is All You Need' && marks.length > 2 && marks.every((it) => it.startsWith('attenti')) && document.querySelector('#hits blockquote mark') != null",
        vec![],
    )
    .await?;
    // Two values of one field: papers with either, each value with what it would leave.
    for value in ["cs.CV", "cs.CL"] {
        let click = "const box = [...document.querySelectorAll('#categories input')].find((it) => it.value === args[0]); if (!box || box.checked) return false; box.click(); return true";
        page.wait("the value", click, vec![json!(value)]).await?;
        shows("its mark", "return [...document.querySelectorAll('#categories input:checked')].some((it) => it.value === args[0])", vec![json!(value)]).await?;
    }
    let either = total(
        &page,
        "attention",
        json!({ "categories": ["cs.CV", "cs.CL"] }),
    )
    .await?;
    let one = total(&page, "attention", json!({ "categories": ["cs.LG"] })).await?;
    holds!(either < found && one > 0, "{either} of {found}, {one}");
    shows("papers of either", stats, vec![json!(either)]).await?;
    shows(
        "a count that the choice leaves alone",
        "const count = (value) => Number([...document.querySelectorAll('#categories li')].find((it) => it.querySelector('input').value === value)?.querySelector('[class*=count]').textContent);\
         return count('cs.LG') === args[0]",
        vec![json!(one)],
    )
    .await?;
    // Values that are looked for, and all of which must hold.
    type_into(&page, "#venues input[type=search]", "neur").await?;
    shows("the venue", "const all = [...document.querySelectorAll('#venues li')]; return all.length === 1 && all[0].querySelector('mark').textContent === 'Neur'", vec![]).await?;
    page.js::<Value>(
        "document.querySelector('#venues input[type=checkbox]').click(); return null",
        vec![],
    )
    .await?;
    let both = total(
        &page,
        "attention",
        json!({ "categories": ["cs.CV", "cs.CL"], "venues": ["NeurIPS"] }),
    )
    .await?;
    holds!(both > 0 && both < either, "{both} at NeurIPS");
    shows("papers at the venue", stats, vec![json!(both)]).await?;
    // The order, without words.
    page.js::<Value>("const it = document.querySelector('#sort select'); it.value = 'papers:newest'; it.dispatchEvent(new Event('change', { bubbles: true })); return null", vec![]).await?;
    let newest = "const { open } = await import('/group/papers/headless.js');\
        const { hits } = await (await open()).search('attention', { filters: args[0], sort: 'newest' }); return hits[0].title";
    let first: String = page
        .js_async(
            newest,
            vec![json!({ "categories": ["cs.CV", "cs.CL"], "venues": ["NeurIPS"] })],
        )
        .await?;
    shows(
        "the newest first",
        "return titles()[0] === args[0]",
        vec![json!(first)],
    )
    .await?;
    test.screenshot("example-instantsearch").await
}

pub async fn instantsearch_shows_papers_as_text(test: Test) -> Res {
    let host = host(&test, &hostile::site()?, "vite").await?;
    let page = test
        .goto(&host.root_url("/vite/instantsearch.html"))
        .await?;
    type_into(
        &page,
        "#box input",
        &format!("{} img onerror", hostile::WORD),
    )
    .await?;
    let shown = format!(
        "{TITLES} return titles().some((it) => it.includes('<img')) && document.querySelectorAll('#hits mark').length > 2"
    );
    page.wait("markup as text", &shown, vec![]).await?;
    // With tags of its own choice a caller gets HTML in which the paper's text is escaped.
    let script = "const { searchClient } = await import('/group/papers/headless.js');\
        const { results: [{ hits }] } = await searchClient().search([{ indexName: 'x', params: { query: args[0], hitsPerPage: 100, attributesToSnippet: ['abstract:20'] } }]);\
        const all = JSON.stringify(hits.map((hit) => [hit._highlightResult, hit._snippetResult]));\
        return [all.includes('<em>'), all.includes('&#60;img'), /<(?!\\/?em>)/.test(all)]";
    same!(
        page.js_async::<[bool; 3]>(script, vec![json!(hostile::WORD)])
            .await?,
        [true, true, false],
        "marks, escaped markup, markup"
    );
    let script = "return [...document.body.querySelectorAll('img, iframe, script:not([src])')].length + ('offprintHostile' in globalThis)";
    same!(
        page.js::<u32>(script, vec![]).await?,
        0,
        "what came of papers"
    );
    Ok(())
}
