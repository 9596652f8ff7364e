//! What a reader does on the page, and what comes of it.

use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::{Answer, Page};
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::widget::workers;
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    vec![
        case!(behaviour::query_in_the_address).needs(build::client),
        case!(behaviour::results_while_typing).needs(build::client),
        case!(behaviour::last_word_is_a_prefix).needs(build::client),
        case!(behaviour::only_the_last_of_fast_queries_shows).needs(build::client),
        case!(behaviour::nothing_found).needs(build::client),
        case!(behaviour::some_words_only).needs(build::client),
        case!(behaviour::abstract_on_demand).needs(build::client),
        case!(behaviour::more_results).needs(build::client),
        case!(behaviour::keyboard_alone).needs(build::client),
        case!(behaviour::back_brings_the_query_back).needs(build::client),
        case!(behaviour::counts_are_announced).needs(build::client),
        case!(behaviour::fits_a_phone).needs(build::client),
        case!(behaviour::dark_is_dark).needs(build::client).dark(),
        case!(behaviour::without_a_worker).needs(build::client),
        case!(behaviour::requests_can_be_cancelled).needs(build::client),
        case!(behaviour::typing_asks_once_for_each_word).needs(build::client),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

pub async fn query_in_the_address(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=random+forests%20")).await?;
    let lines = page.wait_answer("random forests ").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("10.1023/A:1010933404324"),
        "first result"
    );
    let value: String = page.js("return one('input').value", vec![]).await?;
    same!(value, "random forests ", "the field");
    // What is typed becomes an address that shows the same to somebody else.
    page.ask("wasserstein gan & more?").await?;
    let script = "return new URL(location.href).searchParams.get('q') === args[0]";
    page.wait(
        "the query in the address",
        script,
        vec![json!("wasserstein gan & more?")],
    )
    .await?;
    let address = page.driver().current_url().await?;
    let again = test.open(address.as_str()).await?;
    let lines = again.wait_answer("wasserstein gan & more?").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("1701.07875"),
        "first result of the address"
    );
    Ok(())
}

pub async fn results_while_typing(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    same!(
        page.lines().await?.len(),
        0,
        "lines before anything is typed"
    );
    page.type_text("wasser").await?;
    let lines = page.wait_answer("wasser").await?;
    same!(lines.len(), 1, "lines for a prefix");
    page.type_text("stein gan").await?;
    let lines = page.wait_answer("wasserstein gan").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("1701.07875"),
        "first result"
    );
    let marked: Vec<String> =
        page.js("return [...lines()[0].querySelectorAll('mark')].map((m) => m.textContent.toLowerCase())", vec![]).await?;
    holds!(
        marked.iter().any(|text| text.contains("wasserstein")),
        "marked: {marked:?}"
    );
    test.screenshot("laptop").await
}

pub async fn last_word_is_a_prefix(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    let whole = "transformers";
    for end in 1..=whole.len() {
        let part = whole.get(..end).unwrap_or_default();
        let lines = page.ask(part).await?;
        holds!(!lines.is_empty(), "no line for {part:?}");
    }
    let typed: Answer = page.search("transforme", 1000, 0).await?;
    let word: Answer = page.search("transformers ", 1000, 0).await?;
    for id in word.ids() {
        holds!(
            typed.ids().contains(&id),
            "{id} has the word but not the prefix"
        );
    }
    Ok(())
}

pub async fn only_the_last_of_fast_queries_shows(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    // The earlier a query the longer its answers take, as on a bad line.
    host.delay("segments/", Duration::from_millis(300));
    page.type_text("gra").await?;
    tokio::time::sleep(Duration::from_millis(150)).await;
    host.delay("segments/", Duration::from_millis(20));
    page.type_text("dient boosting").await?;
    let lines = page.wait_answer("gradient boosting").await?;
    let first: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    tokio::time::sleep(Duration::from_millis(800)).await;
    same!(page.ids().await?, first, "lines after late answers came in");
    let answer: Answer = page.search("gradient boosting", 10, 0).await?;
    same!(first, answer.ids(), "lines for the last query");
    Ok(())
}

pub async fn nothing_found(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=qqqqzzzz")).await?;
    let lines = page.wait_answer("qqqqzzzz").await?;
    same!(lines.len(), 0, "lines");
    same!(page.state().await?, "done", "state");
    let text = page.text().await?;
    holds!(
        text.to_lowercase().contains("no "),
        "nothing says that nothing was found: {text}"
    );
    test.screenshot("none").await?;
    page.ask("").await?;
    same!(page.lines().await?.len(), 0, "lines for nothing");
    Ok(())
}

pub async fn some_words_only(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    let lines = page.ask("lasso chess ").await?;
    let answer: Answer = page.search("lasso chess ", 10, 0).await?;
    same!(answer.total, 0, "papers with both words");
    holds!(lines.len() >= 2, "papers with one of the words are shown");
    let text = page.text().await?.to_lowercase();
    holds!(
        text.contains("all") || text.contains("some"),
        "nothing says that words are missing: {text}"
    );
    Ok(())
}

pub async fn abstract_on_demand(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    page.ask("a relational model of data for large shared data banks")
        .await?;
    let id = "10.1145/362384.362685";
    page.open_abstract(id).await?;
    let lines = page.lines().await?;
    let line = lines
        .iter()
        .find(|line| line.id == id)
        .ok_or("the line is gone")?;
    holds!(
        line.text.contains("Codd"),
        "the abstract names Codd: {}",
        line.text
    );
    test.screenshot("abstract").await
}

pub async fn more_results(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    let query = "learning ";
    let answer: Answer = page.search(query, 1000, 0).await?;
    holds!(
        answer.hits.len() > 25,
        "only {} papers on learning",
        answer.hits.len()
    );
    let mut shown = page.ask(query).await?.len();
    same!(shown, 10, "lines at first");
    while shown < 30 {
        page.click_text("show more").await?;
        page.wait(
            "more lines",
            "return lines().length > args[0]",
            vec![json!(shown)],
        )
        .await?;
        shown = page.lines().await?.len();
    }
    let ids = page.ids().await?;
    same!(
        ids,
        answer.ids().into_iter().take(ids.len()).collect::<Vec<_>>(),
        "lines in order, none twice"
    );
    Ok(())
}

/// Where the focus is: the tag, and the paper it belongs to.
async fn focus(page: &Page) -> Res<(String, Option<String>)> {
    let script = "let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;\
                  return [at?.tagName.toLowerCase() ?? '', at?.closest('[data-paper-id]')?.dataset.paperId ?? null]";
    page.js(script, vec![]).await
}

pub async fn keyboard_alone(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=graph%20networks%20")).await?;
    let lines = page.wait_answer("graph networks ").await?;
    holds!(lines.len() > 3, "too few lines");
    let id = |place: usize| lines.get(place).map(|line| line.id.clone());
    page.js::<Value>(
        "document.activeElement?.blur(); one('input').blur(); return null",
        vec![],
    )
    .await?;
    page.press_char("/").await?;
    same!(focus(&page).await?.0, "input", "focus after /");
    let value: String = page.js("return one('input').value", vec![]).await?;
    same!(value, "graph networks ", "the slash is not typed");
    page.press(Key::Down).await?;
    same!(focus(&page).await?.1, id(0), "focus after one arrow down");
    page.press(Key::Down).await?;
    same!(focus(&page).await?.1, id(1), "focus after two");
    page.press(Key::Up).await?;
    same!(focus(&page).await?.1, id(0), "focus after an arrow up");
    page.press(Key::Up).await?;
    same!(focus(&page).await?.0, "input", "focus above the first line");
    page.press(Key::Down).await?;
    page.press(Key::Escape).await?;
    same!(focus(&page).await?.0, "input", "focus after Escape");
    Ok(())
}

pub async fn back_brings_the_query_back(test: Test) -> Res {
    let host = sample(&test).await?;
    host.add(
        "/away.html",
        "<!doctype html><html lang=\"en\"><head><title>Away</title></head><body>Away</body></html>",
    );
    let page = test.open(&host.url("")).await?;
    let lines = page.ask("random forests ").await?;
    let script = "return new URL(location.href).searchParams.get('q') === args[0]";
    page.wait(
        "the query in the address",
        script,
        vec![json!("random forests ")],
    )
    .await?;
    page.driver().goto(host.root_url("/away.html")).await?;
    page.driver().back().await?;
    let again = page.wait_answer("random forests ").await?;
    same!(again, lines, "lines after going back");
    let value: String = page.js("return one('input').value", vec![]).await?;
    same!(value, "random forests ", "the field after going back");
    Ok(())
}

pub async fn counts_are_announced(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    let answer: Answer = page.search("graph ", 10, 0).await?;
    page.ask("graph ").await?;
    let script = "return [...root.querySelectorAll('[role=status], [aria-live], output')].map((it) => it.textContent).join(' ')";
    let said: String = page.js(script, vec![]).await?;
    holds!(
        said.contains(&answer.total.to_string()),
        "{} is not announced in {said:?}",
        answer.total
    );
    Ok(())
}

/// Elements that reach out of a viewport, with their widths.
const OVERFLOW: &str = "const wide = document.documentElement.scrollWidth > innerWidth;\
    const out = [...root.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility());\
    return wide ? out.slice(0, 5).map((e) => `${e.tagName}.${e.className} ${e.getBoundingClientRect().right}`).concat('scrolls') : []";

pub async fn fits_a_phone(test: Test) -> Res {
    let host = sample(&test).await?;
    // One of the longest titles, authors that wrap, and a field full of text.
    for (place, query) in [
        "neocognitron a self-organizing",
        "deep reinforcement learning",
        "",
    ]
    .iter()
    .enumerate()
    {
        let encoded: String = query.bytes().map(|b| format!("%{b:02X}")).collect();
        let page = test
            .goto(&host.framed(&host.url(&format!("?q={encoded}")), 320, 640))
            .await?;
        page.driver().enter_frame(0).await?;
        page.wait_started().await?;
        if !query.is_empty() {
            let lines = page.wait_answer(query).await?;
            let first = lines.first().ok_or("no line")?.id.clone();
            page.open_abstract(&first).await?;
        }
        same!(
            page.js::<u32>("return innerWidth", vec![]).await?,
            320,
            "width"
        );
        let wide: Vec<String> = page.js(OVERFLOW, vec![]).await?;
        same!(
            wide,
            Vec::<String>::new(),
            "wider than a phone for {query:?}"
        );
        let script = "return [...root.querySelectorAll('input, button')].filter((e) => e.checkVisibility())\
                      .map((e) => e.getBoundingClientRect()).filter((r) => r.height < 24).length";
        same!(
            page.js::<u32>(script, vec![]).await?,
            0,
            "controls too small for a finger"
        );
        page.driver().enter_default_frame().await?;
        test.screenshot(&format!("phone-{place}")).await?;
    }
    Ok(())
}

pub async fn dark_is_dark(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=graph")).await?;
    page.wait_answer("graph").await?;
    // The first background that is painted, from the result line outwards.
    let script = "const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return (r * 3 + g * 6 + b) / 10; };\
        let at = lines()[0]; let back = 'rgb(255, 255, 255)';\
        const text = getComputedStyle(at).color;\
        for (; at; at = at.parentNode?.host ?? at.parentElement ?? at.parentNode) {\
            if (!(at instanceof Element)) continue;\
            const color = getComputedStyle(at).backgroundColor;\
            if (!/, 0\\)$|transparent/.test(color)) { back = color; break; } }\
        return [light(back), light(text)]";
    let (back, text): (f64, f64) = page.js(script, vec![]).await?;
    test.screenshot("dark").await?;
    holds!(
        back < 80.0 && text > 150.0,
        "background {back}, text {text} of 255"
    );
    Ok(())
}

pub async fn without_a_worker(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No worker</title>\
         <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head>\
         <body><offprint-search src=\"/group/papers/\" worker=\"off\"></offprint-search></body></html>";
    host.add("/plain.html", page);
    let page = test.open(&host.root_url("/plain.html")).await?;
    let lines = page.ask("random forests ").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("10.1023/A:1010933404324"),
        "first result"
    );
    same!(workers(&page).await?, [""; 0], "workers");
    Ok(())
}

pub async fn requests_can_be_cancelled(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    host.delay("segments/", Duration::from_millis(400));
    let script = "const stop = new AbortController(); const started = host.search('graph', { signal: stop.signal });\
                  setTimeout(() => stop.abort(), 50);\
                  try { await started; return 'answered'; } catch (e) { return `${e.name} ${e.code}`; }";
    same!(
        page.js_async::<String>(script, vec![]).await?,
        "OffprintError aborted",
        "a cancelled search"
    );
    host.delay("segments/", Duration::ZERO);
    let answer: Answer = page.search("graph", 10, 0).await?;
    holds!(
        !answer.hits.is_empty(),
        "nothing is found after a cancelled search"
    );
    Ok(())
}

/// A key overtakes the search before it, whose words the next one wants too: what was asked for is
/// not dropped, nor asked for again.
pub async fn typing_asks_once_for_each_word(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    page.wait_state(&["ready"]).await?;
    host.take().await;
    host.delay("segments/", Duration::from_millis(300));
    let script = "const field = one('input');\
                  for (let end = 1; end <= args[0].length; end++) {\
                    field.value = args[0].slice(0, end);\
                    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));\
                    await new Promise((done) => setTimeout(done, 60));\
                  }";
    page.js_async::<serde_json::Value>(script, vec![json!("random forests")])
        .await?;
    page.wait_answer("random forests").await?;
    let mut asked: Vec<String> = host.take().await.into_iter().map(|r| r.path).collect();
    asked.retain(|path| path.contains("/t/") || path.contains("/p/"));
    let all = asked.len();
    holds!(all > 1, "the words were not looked up");
    asked.sort();
    asked.dedup();
    same!(asked.len(), all, "files of words, each asked for once");
    Ok(())
}
