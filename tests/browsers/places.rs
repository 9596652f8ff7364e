//! Where a reader was: how far a list was read, and which paper was open.

use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    vec![
        case!(places::back_to_the_same_line).needs(build::client),
        case!(places::an_open_paper_in_the_address).needs(build::client),
        case!(places::a_paper_by_its_id_alone).needs(build::client),
        case!(places::lines_stay_while_typing).needs(build::client),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

pub async fn back_to_the_same_line(test: Test) -> Res {
    let host = sample(&test).await?;
    host.add(
        "/away.html",
        "<!doctype html><html lang=\"en\"><head><title>Away</title></head><body>Away</body></html>",
    );
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    for shown in [20, 30] {
        page.click_text("show more").await?;
        page.wait(
            "more lines",
            "return lines().length === args[0] && host.dataset.state === 'done'",
            vec![json!(shown)],
        )
        .await?;
    }
    let before = page.ids().await?;
    let place = "return Math.round(lines()[24].getBoundingClientRect().top)";
    page.js::<Value>(
        "lines()[24].scrollIntoView(); scrollBy(0, -40); return null",
        vec![],
    )
    .await?;
    // The place is noted once scrolling rests.
    tokio::time::sleep(Duration::from_millis(600)).await;
    let top: i64 = page.js(place, vec![]).await?;
    page.driver().goto(host.root_url("/away.html")).await?;
    page.driver().back().await?;
    page.wait(
        "thirty lines",
        "return lines().length === 30 && host.dataset.state === 'done'",
        vec![],
    )
    .await?;
    same!(page.ids().await?, before, "lines after going back");
    page.wait(
        &format!("line 24 at {top}"),
        "return Math.abs(lines()[24].getBoundingClientRect().top - args[0]) <= 2",
        vec![json!(top)],
    )
    .await?;
    // Between entries of the same page too.
    page.js::<Value>("scrollTo(0, 0); return null", vec![])
        .await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    page.ask("graph ").await?;
    same!(page.lines().await?.len(), 10, "another query begins anew");
    Ok(())
}

pub async fn an_open_paper_in_the_address(test: Test) -> Res {
    let host = sample(&test).await?;
    let id = "10.1023/A:1010933404324";
    let page = test.open(&host.url("?q=random%20forests%20")).await?;
    page.wait_answer("random forests ").await?;
    let length: u32 = page.js("return history.length", vec![]).await?;
    page.open_abstract(id).await?;
    let hash: String = page
        .js("return decodeURIComponent(location.hash)", vec![])
        .await?;
    same!(hash, format!("#{id}"), "the address of an open paper");
    same!(
        page.js::<u32>("return history.length", vec![]).await?,
        length,
        "entries of the history"
    );
    let address = page.driver().current_url().await?;
    page.driver().goto("about:blank").await?;
    let page = test.open(address.as_str()).await?;
    let open = "return lines().find((it) => it.dataset.paperId === args[0])?.querySelector('.abstract')?.checkVisibility() ?? false";
    page.wait("the abstract", open, vec![json!(id)]).await?;
    page.wait_state(&["done"]).await?;
    holds!(page.lines().await?.len() > 1, "the other lines stand");
    let close = "lines().find((it) => it.dataset.paperId === args[0]).querySelector('button[aria-expanded]').click(); return location.hash";
    same!(
        page.js::<String>(close, vec![json!(id)]).await?,
        "",
        "the address of a closed one"
    );
    Ok(())
}

pub async fn a_paper_by_its_id_alone(test: Test) -> Res {
    let host = sample(&test).await?;
    let open = "return lines().find((it) => it.dataset.paperId === args[0])?.querySelector('.abstract')?.checkVisibility() ?? false";
    let page = test.open(&host.url("")).await?;
    for (id, address) in [
        ("1706.03762", "#1706.03762"),
        (
            "10.1023/A:1010933404324",
            "?q=transformer%20#10.1023/A:1010933404324",
        ),
    ] {
        // Another document: an address that differs in its fragment alone loads nothing.
        page.driver().goto("about:blank").await?;
        let page = test.open(&host.url(address)).await?;
        page.wait("the abstract", open, vec![json!(id)]).await?;
        same!(
            page.lines().await?.first().map(|line| line.id.clone()),
            Some(id.to_owned()),
            "it stands first"
        );
    }
    // What names no paper changes nothing.
    page.driver().goto("about:blank").await?;
    let page = test.open(&host.url("?q=transformer%20#nothing%of")).await?;
    page.wait_answer("transformer ").await?;
    same!(page.lines().await?.len(), 10, "lines");
    Ok(())
}

pub async fn lines_stay_while_typing(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=transforme")).await?;
    page.wait_answer("transforme").await?;
    // The same papers are found: neither they nor what stands above them moves.
    let watch = "new PerformanceObserver((list) => {\
                   for (const it of list.getEntries()) document.body.dataset.moved = it.value; }).observe({ type: 'layout-shift' })";
    let observes = "return PerformanceObserver.supportedEntryTypes.includes('layout-shift')";
    let shifts: bool = page.js(observes, vec![]).await?;
    if shifts {
        page.js::<Value>(&format!("{watch}; return null"), vec![])
            .await?;
    }
    let keep = "lines()[0].dataset.kept = ''; return lines()[0].getBoundingClientRect().top";
    let top: f64 = page.js(keep, vec![]).await?;
    page.type_text("r").await?;
    page.wait_answer("transformer").await?;
    let script = "return [lines().some((it) => 'kept' in it.dataset), lines()[0].getBoundingClientRect().top]";
    let (kept, now): (bool, f64) = page.js(script, vec![]).await?;
    holds!(kept, "the row was made anew");
    same!(now, top, "the first line's place");
    let moved: Option<String> = page
        .js("return document.body.dataset.moved ?? null", vec![])
        .await?;
    same!(moved, None, "layout shift");
    Ok(())
}
