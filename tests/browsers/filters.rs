//! Filters, orders and what the address keeps of them.

use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::{Answer, Page};
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    vec![
        case!(filters::categories).needs(build::client),
        case!(filters::chips_are_removed).needs(build::client),
        case!(filters::back_brings_filters_back).needs(build::client),
        case!(filters::from_the_address).needs(build::client),
        case!(filters::browsing).needs(build::client),
        case!(filters::orders).needs(build::client),
        case!(filters::nothing_left).needs(build::client),
        case!(filters::attributes).needs(build::client),
    ]
}

pub async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Opens the panel and waits until its values are counted.
pub async fn open_panel(page: &Page) -> Res {
    page.click_text("filters").await?;
    let script = "return one('.side')?.checkVisibility() && one('.side .values label') != null";
    page.wait("the panel with its values", script, vec![]).await
}

/// Waits until the address asks for this, and its answer stands.
pub async fn wait_address(page: &Page, search: &str) -> Res {
    let script = "return decodeURIComponent(location.search) === args[0] && ['done', 'ready'].includes(host.dataset.state)";
    page.wait(
        &format!("the address {search:?}"),
        script,
        vec![json!(search)],
    )
    .await
}

/// The engine's answer to a request, past what is shown.
async fn engine(page: &Page, query: &str, more: Value) -> Res<Answer> {
    let script = "return await host.search(args[0], { limit: 10, ...args[1] })";
    page.js_async(script, vec![json!(query), more]).await
}

/// The lines shown are those of the engine's answer to this request, and so is the count.
pub async fn shows(page: &Page, query: &str, more: Value) -> Res<Answer> {
    let answer = engine(page, query, more.clone()).await?;
    same!(page.ids().await?, answer.ids(), "lines for {more}");
    let count: String = page
        .js("return one('[part=count]').textContent", vec![])
        .await?;
    holds!(
        count.contains(&answer.total.to_string()),
        "{count:?} does not say {}",
        answer.total
    );
    Ok(answer)
}

/// One step back. Not the driver's: WebKit's passes over entries that no hand has made.
async fn back(page: &Page) -> Res {
    page.js::<Value>("history.back(); return null", vec![])
        .await
        .map(drop)
}

pub async fn chips(page: &Page) -> Res<Vec<String>> {
    page.js(
        "return [...root.querySelectorAll('.chip')].map((it) => it.ariaLabel)",
        vec![],
    )
    .await
}

/// Ticks or unticks a value.
pub async fn tick(page: &Page, value: &str) -> Res {
    let script = "const label = [...root.querySelectorAll('.values label')].find((it) => it.children[1].textContent === args[0]);\
                  label?.querySelector('input').click(); return label != null";
    holds!(
        page.js::<bool>(script, vec![json!(value)]).await?,
        "no box for {value:?}"
    );
    Ok(())
}

/// What has the focus, inside the search: its label, or its text.
pub async fn focus(page: &Page) -> Res<String> {
    page.js(
        "const at = root.activeElement; return at ? (at.ariaLabel ?? (at.textContent || at.tagName)) : ''",
        vec![],
    )
    .await
}

pub async fn categories(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    let script = "return [...root.querySelectorAll('.values label')].find((it) => it.children[1].textContent === 'cs.CL').textContent";
    let said: String = page.js(script, vec![]).await?;
    tick(&page, "cs.CL").await?;
    wait_address(&page, "?q=learning+&cat=cs.CL").await?;
    let one = shows(
        &page,
        "learning ",
        json!({ "filters": { "categories": ["cs.CL"] } }),
    )
    .await?;
    holds!(
        said.contains(&format!(", {} papers", one.total)),
        "{said:?} promised other than {}",
        one.total
    );
    // Values of one field are alternatives, fields narrow one another.
    tick(&page, "cs.CV").await?;
    wait_address(&page, "?q=learning+&cat=cs.CL&cat=cs.CV").await?;
    let both = shows(
        &page,
        "learning ",
        json!({ "filters": { "categories": ["cs.CL", "cs.CV"] } }),
    )
    .await?;
    holds!(both.total > one.total, "two categories have more papers");
    tick(&page, "NeurIPS").await?;
    wait_address(&page, "?q=learning+&cat=cs.CL&cat=cs.CV&venue=NeurIPS").await?;
    let all = json!({ "filters": { "categories": ["cs.CL", "cs.CV"], "venues": ["NeurIPS"] } });
    let narrow = shows(&page, "learning ", all).await?;
    holds!(narrow.total < both.total, "a venue narrows");
    same!(chips(&page).await?.len(), 3, "chips");
    tick(&page, "cs.CL").await?;
    wait_address(&page, "?q=learning+&cat=cs.CV&venue=NeurIPS").await?;
    test.screenshot("filters").await
}

pub async fn chips_are_removed(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .open(&host.url("?q=learning%20&year=2010-&cat=cs.LG&cat=cs.CL&code=linked"))
        .await?;
    page.wait_answer("learning ").await?;
    page.wait(
        "four chips",
        "return root.querySelectorAll('.chip').length === 4",
        vec![],
    )
    .await?;
    let all = [
        "Remove year since 2010",
        "Remove category cs.LG",
        "Remove category cs.CL",
        "Remove code Linked",
    ];
    same!(chips(&page).await?, all, "chips");
    page.js::<Value>(
        "root.querySelectorAll('.chip')[1].focus(); return null",
        vec![],
    )
    .await?;
    page.press(Key::Enter).await?;
    wait_address(&page, "?q=learning+&year=2010-&cat=cs.CL&code=linked").await?;
    let left =
        json!({ "filters": { "from": "2010", "categories": ["cs.CL"], "code": ["linked"] } });
    shows(&page, "learning ", left).await?;
    same!(
        focus(&page).await?,
        "Remove category cs.CL",
        "focus on the chip that follows"
    );
    page.click_text("clear all").await?;
    wait_address(&page, "?q=learning+").await?;
    shows(&page, "learning ", json!({})).await?;
    same!(chips(&page).await?, Vec::<String>::new(), "no chips");
    Ok(())
}

pub async fn back_brings_filters_back(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    let plain = page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    tick(&page, "cs.CL").await?;
    wait_address(&page, "?q=learning+&cat=cs.CL").await?;
    let first = page.ids().await?;
    tick(&page, "cs.IR").await?;
    wait_address(&page, "?q=learning+&cat=cs.CL&cat=cs.IR").await?;
    back(&page).await?;
    wait_address(&page, "?q=learning+&cat=cs.CL").await?;
    same!(page.ids().await?, first, "lines one step back");
    let script = "return [...root.querySelectorAll('.values label')].filter((it) => it.firstChild.checked).map((it) => it.children[1].textContent)";
    same!(
        page.js::<Vec<String>>(script, vec![]).await?,
        ["cs.CL"],
        "boxes one step back"
    );
    back(&page).await?;
    page.wait(
        "the first lines",
        "return !location.search.includes('cat') && host.dataset.state === 'done' && lines()[0]?.dataset.paperId === args[0]",
        vec![json!(plain.first().map(|line| &line.id))],
    )
    .await?;
    same!(page.lines().await?, plain, "lines two steps back");
    same!(chips(&page).await?, Vec::<String>::new(), "no chips");
    page.js::<Value>("history.forward(); return null", vec![])
        .await?;
    wait_address(&page, "?q=learning+&cat=cs.CL").await?;
    same!(page.ids().await?, first, "lines one step on");
    // What was typed belongs to the entry it was typed in until it is committed.
    page.ask("graph ").await?;
    tick(&page, "cs.LG").await?;
    wait_address(&page, "?q=graph+&cat=cs.CL&cat=cs.LG").await?;
    back(&page).await?;
    wait_address(&page, "?q=learning+&cat=cs.CL").await
}

pub async fn from_the_address(test: Test) -> Res {
    let host = sample(&test).await?;
    let address = "?q=learning%20&year=2012-2018&cat=cs.LG&venue=ICML&venue=NeurIPS&sort=oldest";
    let page = test.open(&host.url(address)).await?;
    page.wait_answer("learning ").await?;
    let request = json!({ "sort": "oldest", "filters":
        { "from": "2012", "to": "2018", "categories": ["cs.LG"], "venues": ["ICML", "NeurIPS"] } });
    let answer = shows(&page, "learning ", request).await?;
    holds!(answer.total > 1, "too few papers to tell");
    same!(
        page.js::<String>("return one('select').value", vec![])
            .await?,
        "oldest",
        "the order shown"
    );
    page.wait(
        "four chips",
        "return root.querySelectorAll('.chip').length === 4",
        vec![],
    )
    .await?;
    // Ranges may be open or one year; what is none is passed over.
    for (years, filters) in [
        ("2015", json!({ "from": "2015", "to": "2015" })),
        ("-2000", json!({ "to": "2000" })),
        ("2020-", json!({ "from": "2020" })),
        ("soon", json!({})),
    ] {
        let page = test
            .open(&host.url(&format!("?q=learning%20&year={years}")))
            .await?;
        page.wait_answer("learning ").await?;
        shows(&page, "learning ", json!({ "filters": filters })).await?;
    }
    Ok(())
}

pub async fn browsing(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?venue=SIGIR")).await?;
    page.wait_state(&["done"]).await?;
    let newest = json!({ "filters": { "venues": ["SIGIR"] } });
    let answer = shows(&page, "", newest).await?;
    same!(answer.total, 14, "papers of a venue");
    same!(
        page.js::<String>("return one('select').value", vec![])
            .await?,
        "newest",
        "the order shown"
    );
    // Words narrow what is browsed, and are ordered by relevance again.
    page.ask("learning ").await?;
    shows(
        &page,
        "learning ",
        json!({ "filters": { "venues": ["SIGIR"] } }),
    )
    .await?;
    same!(
        page.js::<String>("return one('select').value", vec![])
            .await?,
        "relevance",
        "the order of words"
    );
    Ok(())
}

pub async fn orders(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    let relevant = page.wait_answer("learning ").await?;
    for sort in ["newest", "oldest"] {
        let script = "const it = one('select'); it.value = args[0]; it.dispatchEvent(new Event('change')); return null";
        page.js::<Value>(script, vec![json!(sort)]).await?;
        wait_address(&page, &format!("?q=learning+&sort={sort}")).await?;
        shows(&page, "learning ", json!({ "sort": sort })).await?;
        // The next page goes on in the same order.
        page.click_text("show more").await?;
        page.wait("more lines", "return lines().length === 20", vec![])
            .await?;
        let answer = engine(&page, "learning ", json!({ "sort": sort, "limit": 20 })).await?;
        same!(page.ids().await?, answer.ids(), "two pages, {sort} first");
        page.wait_state(&["done"]).await?;
    }
    back(&page).await?;
    wait_address(&page, "?q=learning+&sort=newest").await?;
    back(&page).await?;
    page.wait(
        "no order in the address",
        "return !location.search.includes('sort') && host.dataset.state === 'done'",
        vec![],
    )
    .await?;
    page.wait_answer("learning ").await?;
    same!(page.lines().await?, relevant, "by relevance again");
    Ok(())
}

pub async fn nothing_left(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .open(&host.url("?q=transformer%20&year=1950-1970&cat=cs.CL"))
        .await?;
    page.wait_answer("transformer ").await?;
    let text = page.text().await?;
    holds!(text.contains("with these filters"), "{text}");
    let free = engine(
        &page,
        "transformer ",
        json!({ "filters": { "categories": ["cs.CL"] } }),
    )
    .await?;
    holds!(free.total > 0, "nothing in any year either");
    page.click_text(&format!("In any year: {} papers", free.total))
        .await?;
    wait_address(&page, "?q=transformer+&cat=cs.CL").await?;
    same!(page.ids().await?, free.ids(), "lines in any year");
    back(&page).await?;
    page.click_text("clear filters").await?;
    wait_address(&page, "?q=transformer+").await?;
    shows(&page, "transformer ", json!({})).await.map(drop)
}

pub async fn attributes(test: Test) -> Res {
    let host = sample(&test).await?;
    let element = |attributes: &str| {
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Own page</title>\
             <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head>\
             <body><offprint-search src=\"/group/papers/\" {attributes}></offprint-search></body></html>"
        )
    };
    host.add("/off.html", &element("filters=\"off\" sort=\"newest\""));
    host.add("/some.html", &element("filters=\"venue year\""));
    let page = test.open(&host.root_url("/off.html")).await?;
    page.wait_state(&["ready"]).await?;
    same!(page.lines().await?.len(), 0, "an order alone shows nothing");
    page.ask("learning ").await?;
    shows(&page, "learning ", json!({ "sort": "newest" })).await?;
    let script = "return [...root.querySelectorAll('button')].some((it) => it.textContent.includes('Filters') && it.checkVisibility())";
    same!(
        page.js::<bool>(script, vec![]).await?,
        false,
        "a button of filters"
    );

    let page = test.open(&host.root_url("/some.html")).await?;
    page.ask("learning ").await?;
    open_panel(&page).await?;
    let script = "return [...root.querySelectorAll('.side legend')].map((it) => it.textContent)";
    same!(
        page.js::<Vec<String>>(script, vec![]).await?,
        ["Year", "Venue"],
        "fields"
    );
    // Without `url-sync` the page's address is left alone.
    tick(&page, "NeurIPS").await?;
    page.wait(
        "the chip",
        "return root.querySelectorAll('.chip').length === 1 && host.dataset.state === 'done'",
        vec![],
    )
    .await?;
    shows(
        &page,
        "learning ",
        json!({ "filters": { "venues": ["NeurIPS"] } }),
    )
    .await?;
    same!(
        page.js::<String>("return location.search", vec![]).await?,
        "",
        "the address"
    );
    Ok(())
}
