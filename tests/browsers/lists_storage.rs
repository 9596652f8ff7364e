//! Where lists are kept: several tabs, other pages, a storage that is full or missing.

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::lists::{
    heading, open_lists, open_panel, sample, star, starred_page, stars_of, wait_kept, wait_message,
    wait_stars, write,
};
use crate::{case, holds, same};
use serde_json::Value;

pub fn cases() -> Vec<Case> {
    vec![
        case!(lists_storage::two_tabs).needs(build::client),
        case!(lists_storage::without_storage).needs(build::client),
        case!(lists_storage::full_storage).needs(build::client),
        case!(lists_storage::in_other_pages).needs(build::client),
    ]
}

pub async fn two_tabs(test: Test) -> Res {
    let host = sample(&test).await?;
    // Two documents of one origin, which hear of each other as tabs do.
    let url = host.url("?q=attention%20is%20all%20you%20need");
    let page = test.goto(&host.framed(&url, 700, 700)).await?;
    let both = page.driver().clone();
    page.js::<Value>(
        "const other = document.querySelector('iframe').cloneNode(); document.body.append(other); return null",
        vec![],
    )
    .await?;
    both.enter_frame(0).await?;
    page.wait_started().await?;
    wait_stars(&page).await?;
    star(&page, "1706.03762").await?;
    both.enter_default_frame().await?;
    both.enter_frame(1).await?;
    page.wait_started().await?;
    wait_stars(&page).await?;
    same!(
        stars_of(&page).await?,
        ["1706.03762"],
        "stars of the other tab"
    );
    open_lists(&page, "Starred").await?;
    both.enter_default_frame().await?;
    both.enter_frame(0).await?;
    open_panel(&page, "1706.03762").await?;
    write(&page, "[part=paper-lists] textarea", "From the first tab").await?;
    page.wait(
        "the note",
        "return one('[part=paper-lists] .said').textContent === 'Saved'",
        vec![],
    )
    .await?;
    both.enter_default_frame().await?;
    both.enter_frame(1).await?;
    page.wait(
        "the note of the other tab",
        "return one('.lists textarea').value === 'From the first tab'",
        vec![],
    )
    .await?;
    // Both change the same list; neither loses what the other did.
    page.click_text("select all").await.ok();
    page.js::<Value>(
        "const all = one('.tools [type=checkbox]'); if (!all.checked) all.click(); return null",
        vec![],
    )
    .await?;
    page.click_text("remove").await?;
    wait_message(&page, "1 paper was removed.").await?;
    both.enter_default_frame().await?;
    both.enter_frame(0).await?;
    page.wait(
        "the star to go",
        "return lines()[0].querySelector('.star').ariaPressed === 'false'",
        vec![],
    )
    .await?;
    let note: String = page
        .js("return one('[part=paper-lists] textarea').value", vec![])
        .await?;
    same!(note, "From the first tab", "a note outlasts its list");
    both.enter_default_frame().await?;
    Ok(())
}

/// Opens a page on which a script ran before the search began.
async fn prepared(test: &Test, host: &Host, script: &str) -> Res<Page> {
    let before = host.test_file("before.js", script);
    host.add(
        "/prepared/",
        &format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Prepared</title><script src=\"{before}\"></script>\
             <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head>\
             <body><h1>Papers</h1><offprint-search></offprint-search></body></html>"
        ),
    );
    let page = test.open(&host.root_url("/prepared/")).await?;
    page.ask("attention is all you need ").await?;
    wait_stars(&page).await?;
    Ok(page)
}

pub async fn without_storage(test: Test) -> Res {
    let host = sample(&test).await?;
    let none = "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });";
    let page = prepared(&test, &host, none).await?;
    star(&page, "1706.03762").await?;
    wait_message(&page, "This window keeps nothing").await?;
    // Until then all of it works.
    open_lists(&page, "Starred").await?;
    wait_kept(&page, &["1706.03762"]).await
}

pub async fn full_storage(test: Test) -> Res {
    let host = sample(&test).await?;
    // A full storage ends the transaction, with this error.
    let full = "IDBObjectStore.prototype.put = function () { this.transaction.abort(); };\
                Object.defineProperty(IDBTransaction.prototype, 'error', { get: () => new DOMException('full', 'QuotaExceededError') });";
    let page = prepared(&test, &host, full).await?;
    page.js::<Value>(
        "lines()[0].querySelector('.star').click(); return null",
        vec![],
    )
    .await?;
    wait_message(
        &page,
        "Not saved: the browser’s storage for this site is full.",
    )
    .await?;
    same!(
        stars_of(&page).await?,
        Vec::<String>::new(),
        "stars that are not kept"
    );
    page.click_text("dismiss").await?;
    open_panel(&page, "1706.03762").await?;
    write(&page, "[part=paper-lists] textarea", "Not to be lost").await?;
    wait_message(&page, "Not saved").await?;
    let text: String = page
        .js("return one('[part=paper-lists] textarea').value", vec![])
        .await?;
    same!(text, "Not to be lost", "what was typed");
    Ok(())
}

pub async fn in_other_pages(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = prepared(&test, &host, "").await?;
    let before: String = page.js("return location.href", vec![]).await?;
    star(&page, "1706.03762").await?;
    open_lists(&page, "Starred").await?;
    wait_kept(&page, &["1706.03762"]).await?;
    page.click_text("share").await?;
    // Its own address is not the search's, so the link leads to the collection.
    let link: String = page
        .js("return one('.sharing input').value", vec![])
        .await?;
    same!(link, host.url("#list=&1706.03762"), "link");
    page.js::<Value>("one('.lists .link').click(); return null", vec![])
        .await?;
    heading(&page, "Lists").await?;
    page.click_text("back to search").await?;
    page.wait(
        "the results",
        "return !one('.lists').checkVisibility() && lines()[0].checkVisibility()",
        vec![],
    )
    .await?;
    same!(
        page.js::<String>("return location.href", vec![]).await?,
        before,
        "address of the page"
    );
    // The hosted page of the same origin has the same lists.
    let page = starred_page(&test, &host.url("?q=attention%20is%20all%20you%20need")).await?;
    same!(stars_of(&page).await?, ["1706.03762"], "stars");

    host.add("/off/", "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Off</title>\
        <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head><body><offprint-search lists=\"off\"></offprint-search></body></html>");
    host.take().await;
    let page = test.open(&host.root_url("/off/")).await?;
    page.ask("wasserstein gan").await?;
    let shown: bool = page
        .js("return [...root.querySelectorAll('.controls button')].some((it) => it.textContent === 'Lists' && it.checkVisibility())", vec![])
        .await?;
    holds!(!shown, "a button for lists that are off");
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let asked: Vec<String> = host
        .take()
        .await
        .into_iter()
        .map(|it| it.path)
        .filter(|path| path.contains("lists"))
        .collect();
    same!(asked, Vec::<String>::new(), "modules of lists that are off");
    Ok(())
}
