//! The page as a place to look around in: its languages, papers that lead to others, links without
//! a new load, and lines that stay where they are.

use crate::support::engine::Engine;
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::Key;
use thirtyfour::cdp::Cdp;

pub fn cases() -> Vec<Case> {
    vec![
        case!(hosted::in_german).needs(build::client),
        case!(hosted::in_arabic).needs(build::client),
        case!(hosted::related_papers_open_here).needs(build::client),
        case!(hosted::authors_are_searched).needs(build::client),
        case!(hosted::links_of_the_start_page).needs(build::client),
        case!(hosted::tab_reaches_everything).needs(build::client),
        case!(hosted::nothing_moves_while_typing)
            .needs(build::client)
            .only(Engine::Chromium),
        case!(hosted::abstracts_on_paper)
            .needs(build::client)
            .only(Engine::Chromium),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// The sample in another language.
pub fn in_language(lang: &str) -> Res<Arc<Site>> {
    build::built(
        &format!("sample-{lang}"),
        &program::inputs(Collection::Sample)?,
        &[
            "--title",
            "Test papers",
            "--lang",
            lang,
            "--layout",
            "chunks",
        ],
    )
}

/// The languages' modules that were asked for.
async fn modules(host: &Host) -> Vec<String> {
    let requests = host.take().await;
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    requests
        .iter()
        .filter_map(|request| name(&request.path))
        .filter(|name| name.starts_with("lang-"))
        .collect()
}

pub async fn in_german(test: Test) -> Res {
    let english = sample(&test).await?;
    test.open(&english.url("?q=graph"))
        .await?
        .wait_answer("graph")
        .await?;
    same!(
        modules(&english).await,
        Vec::<String>::new(),
        "English brings its texts"
    );

    let host = test.host(&in_language("de-AT")?).await?;
    let page = test.open(&host.url("?q=graph")).await?;
    page.wait_answer("graph").await?;
    same!(modules(&host).await, ["lang-de.js"], "one module, once");
    let (lang, dir): (String, String) = page
        .js(
            "return [document.documentElement.lang, document.documentElement.dir]",
            vec![],
        )
        .await?;
    same!((&*lang, &*dir), ("de-AT", "ltr"), "the page");
    let text = page.text().await?;
    for word in [" Artikel", "Neueste zuerst", "Filter", "Relevanz"] {
        holds!(text.contains(word), "no {word:?} in {text}");
    }
    holds!(!text.contains("Newest first"), "English is left: {text}");
    // Modules that come later find the language, too.
    page.click_text("filter").await?;
    page.wait(
        "the panel",
        "return one('[part=filters]')?.textContent.includes('Kategorie')",
        vec![],
    )
    .await?;
    let around: String = page.js("return document.body.innerText", vec![]).await?;
    holds!(around.contains("So wird gesucht"), "{around}");

    // Without its texts the page still works.
    let other = test.host(&in_language("de-AT")?).await?;
    other.fail(crate::support::fault::Fault::new(
        crate::support::fault::Harm::Status(404),
        "lang-de.js",
    ));
    test.allow("lang-de.js");
    let page = test.open(&other.url("?q=graph")).await?;
    page.wait_answer("graph").await?;
    holds!(
        page.text().await?.contains("Newest first"),
        "no English either"
    );
    Ok(())
}

pub async fn in_arabic(test: Test) -> Res {
    let host = test.host(&in_language("ar")?).await?;
    let page = test.open(&host.url("?q=attention%20is%20all")).await?;
    let lines = page.wait_answer("attention is all").await?;
    same!(modules(&host).await, ["lang-ar.js"], "one module, once");
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    // Arabic's own plural: three papers, and the controls stand at the left.
    let count: String = page
        .js("return one('[part=count]').textContent", vec![])
        .await?;
    holds!(count.starts_with("3 أبحاث"), "{count}");
    let script = "const side = (selector) => { const { left, right } = one(selector).getBoundingClientRect(); return (left + right) / 2 < innerWidth / 2 };\
        const article = lines()[0]; const title = article.querySelector('[part=title]').getBoundingClientRect();\
        return [getComputedStyle(host).direction, side('[part=sort]'), side('[part=count]'),\
            getComputedStyle(article).direction, Math.round(title.left - article.getBoundingClientRect().left)]";
    let seen: Value = page.js(script, vec![]).await?;
    // An English paper reads from left to right, all of it.
    same!(
        seen,
        json!(["rtl", true, false, "ltr", 0]),
        "where things stand"
    );
    test.screenshot("arabic").await
}

/// The open paper that the address names.
async fn open_paper(page: &Page) -> Res<String> {
    let script = "return decodeURIComponent(location.hash.slice(1))";
    page.js(script, vec![]).await
}

/// Waits until a paper stands open.
async fn wait_open(page: &Page, id: &str) -> Res {
    let script = "const line = lines().find((line) => line.dataset.paperId === args[0]);\
                  return line?.querySelector('.abstract') != null && line.querySelector('.panel').hidden === false";
    page.wait(&format!("the open paper {id}"), script, vec![json!(id)])
        .await
}

pub async fn related_papers_open_here(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=1706.03762")).await?;
    page.wait_answer("1706.03762").await?;
    page.open_abstract("1706.03762").await?;
    page.wait(
        "related papers",
        "return one('[part=related] a') != null",
        vec![],
    )
    .await?;
    page.js::<Value>(
        "document.documentElement.id = 'same'; one('[part=related] a').click(); return null",
        vec![],
    )
    .await?;
    page.wait(
        "another paper",
        "return location.hash !== '' && decodeURIComponent(location.hash) !== '#1706.03762'",
        vec![],
    )
    .await?;
    let next = open_paper(&page).await?;
    wait_open(&page, &next).await?;
    // The reader goes on there, and its own related papers lead further.
    let script = "return root.activeElement?.closest('article')?.dataset.paperId === args[0] && document.documentElement.id === 'same'";
    page.wait("the focus on it", script, vec![json!(next)])
        .await?;
    same!(
        page.ids().await?,
        [next.clone(), "1706.03762".to_owned()],
        "it stands above the results"
    );
    page.js::<Value>("history.back(); return null", vec![])
        .await?;
    page.wait(
        "the first paper alone",
        "return lines().length === 1",
        vec![],
    )
    .await?;
    same!(open_paper(&page).await?, "1706.03762", "the address");
    wait_open(&page, "1706.03762").await?;
    page.js::<Value>("history.forward(); return null", vec![])
        .await?;
    wait_open(&page, &next).await?;
    // What the address names opens anew.
    let again = test
        .open(page.driver().current_url().await?.as_str())
        .await?;
    wait_open(&again, &next).await
}

pub async fn authors_are_searched(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=1706.03762")).await?;
    page.wait_answer("1706.03762").await?;
    page.open_abstract("1706.03762").await?;
    page.click_text("Noam Shazeer").await?;
    let lines = page.wait_answer("author:\"Noam Shazeer\" ").await?;
    holds!(lines.len() > 1, "{lines:?}");
    page.js::<Value>("history.back(); return null", vec![])
        .await?;
    let lines = page.wait_answer("1706.03762").await?;
    same!(lines.len(), 1, "the entry before");
    Ok(())
}

pub async fn links_of_the_start_page(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    page.js::<Value>("document.documentElement.id = 'same'; document.querySelector('a[href=\"./?sort=newest\"]').click(); return null", vec![]).await?;
    let lines = page.wait_answer_in("", &["done"]).await?;
    same!(lines.len(), 10, "the newest papers");
    let script = "return location.search === '?sort=newest' && document.documentElement.id === 'same' && !document.querySelector('.list').checkVisibility()";
    page.wait("the same page", script, vec![]).await?;
    page.js::<Value>("history.back(); return null", vec![])
        .await?;
    page.wait(
        "the start page",
        "return document.querySelector('.list').checkVisibility() && lines().length === 0",
        vec![],
    )
    .await?;
    // The page's own name leads to its start, by loading it.
    page.js::<Value>(
        "document.querySelector('.topics a').click(); return null",
        vec![],
    )
    .await?;
    page.wait(
        "a topic's papers",
        "return lines().length > 1 && location.search.startsWith('?topic=')",
        vec![],
    )
    .await
}

pub async fn tab_reaches_everything(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=1706.03762&year=2010-")).await?;
    page.wait_answer("1706.03762").await?;
    page.open_abstract("1706.03762").await?;
    page.click_text("cite").await?;
    page.wait(
        "all of it",
        "return one('[part=related] a') && one('textarea') && one('[part=chip]') ? true : false",
        vec![],
    )
    .await?;
    let name = "const name = (it) => it && `${it.tagName} ${it.ariaLabel ?? it.textContent.slice(0, 40)}`;";
    let all: BTreeSet<String> = page
        .js(
            &format!("{name} return [...root.querySelectorAll('a[href], button, input, select, textarea')]\
                .filter((it) => it.checkVisibility() && it.tabIndex >= 0 && !it.disabled).map(name)"),
            vec![],
        )
        .await?;
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    let mut reached = BTreeSet::new();
    for _ in 0..all.len() + 12 {
        let at: Option<String> = page
            .js(&format!("{name} return name(root.activeElement)"), vec![])
            .await?;
        match at {
            Some(at) => reached.insert(at),
            None => break,
        };
        page.press(Key::Tab).await?;
    }
    let missed: Vec<_> = all.difference(&reached).collect();
    holds!(
        missed.is_empty() && all.len() > 20,
        "{} of {}: not reached {missed:?}",
        reached.len(),
        all.len()
    );
    Ok(())
}

/// Layout shifts as Chromium counts them, and all others too: results come later than what counts
/// as the reader's own doing.
pub async fn nothing_moves_while_typing(test: Test) -> Res {
    let host = sample(&test).await?;
    host.delay("segments/", Duration::from_millis(600));
    let page = test.open(&host.url("")).await?;
    page.wait_state(&["ready"]).await?;
    let script = "globalThis.shifts = []; new PerformanceObserver((list) => { for (const entry of list.getEntries())\
            shifts.push([entry.hadRecentInput, entry.value, entry.sources.map(({ node, previousRect, currentRect }) =>\
                `${node?.className || node?.nodeName} ${previousRect.y} ${currentRect.y}`).join()]) }).observe({ type: 'layout-shift', buffered: true });\
        one('input').focus(); return null";
    page.js::<Value>(script, vec![]).await?;
    for text in [
        "a",
        "at",
        "attention",
        "attention n",
        // Its correction is told above the results.
        "attention netwrok ",
        "attention netwrok for",
    ] {
        let more: String = page
            .js(
                "return args[0].slice(one('input').value.length)",
                vec![json!(text)],
            )
            .await?;
        page.type_text(&more).await?;
        page.wait_answer(text).await?;
    }
    // One that is told must have been drawn.
    page.js_async::<Value>(
        "await new Promise((ok) => requestAnimationFrame(() => setTimeout(ok, 100)))",
        vec![],
    )
    .await?;
    let shifts: Vec<(bool, f64, String)> = page.js("return shifts", vec![]).await?;
    let own: f64 = shifts
        .iter()
        .filter(|(recent, ..)| !recent)
        .map(|(_, value, _)| value)
        .sum();
    holds!(own == 0.0, "layout shifts {own}: {shifts:?}");
    let watched: bool = page.js("return PerformanceObserver.supportedEntryTypes.includes('layout-shift') && lines().length > 0", vec![]).await?;
    holds!(watched, "nothing was watched");
    Ok(())
}

/// What is printed of an open abstract.
pub async fn abstracts_on_paper(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=1706.03762")).await?;
    page.wait_answer("1706.03762").await?;
    page.open_abstract("1706.03762").await?;
    page.wait(
        "related papers",
        "return one('[part=related] a') != null",
        vec![],
    )
    .await?;
    Cdp::new(Arc::clone(page.driver()))
        .send_raw("Emulation.setEmulatedMedia", json!({"media": "print"}))
        .await?;
    let script = "const seen = (selector) => { const it = one(selector); return it != null && it.checkVisibility() };\
        return ['[part=title]', '.abstract', 'dd button', '[part=related] a', '[part=form]', '[part=sort]', '.more', 'button.link:not(dd *)'].map(seen)";
    let seen: Vec<bool> = page.js(script, vec![]).await?;
    same!(
        seen,
        [true, true, true, true, false, false, false, false],
        "what is printed"
    );
    Ok(())
}
