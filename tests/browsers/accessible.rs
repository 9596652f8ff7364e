//! axe-core on every state of the page. It comes from npm (`npm ci`) and is no part of the project.

use super::citations::show as show_citations;
use crate::support::fault::{Fault, Harm};
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::{filters, hosted, suggestions};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    let axe = |case: Case| case.needs(build::client).needs(|| build::axe().map(drop));
    vec![
        axe(case!(accessible::empty)),
        axe(case!(accessible::results_and_abstract)),
        axe(case!(accessible::none)),
        axe(case!(accessible::error)),
        axe(case!(accessible::phone)),
        axe(case!(accessible::dark)).dark(),
        axe(case!(accessible::citations)),
        axe(case!(accessible::citations_in_the_dark)).dark(),
        axe(case!(accessible::filters)),
        axe(case!(accessible::filters_on_a_phone)),
        axe(case!(accessible::filters_in_the_dark)).dark(),
        axe(case!(accessible::typing)),
        axe(case!(accessible::large_text)),
        axe(case!(accessible::right_to_left)),
        axe(case!(accessible::forced_colours)).forced(),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Runs axe on the document shown; every violation is a line.
pub async fn check(host: &Host, page: &Page, what: &str) -> Res {
    let path = host.test_file("axe.js", &build::axe()?);
    let script = "if (!globalThis.axe) await new Promise((ok, no) => document.head.append(Object.assign(\
            document.createElement('script'), { src: args[0], onload: ok, onerror: () => no(new Error('no axe')) })));\
        const result = await axe.run(document, { resultTypes: ['violations'] });\
        return { passes: result.passes.length, violations: result.violations.flatMap((v) => v.nodes.map((n) =>\
            `${v.id} (${v.impact}): ${n.target.flat().join(' ')} ${n.failureSummary.replace(/\\s+/g, ' ')}`)) }";
    let result: Value = page.js_async(script, vec![json!(path)]).await?;
    same!(result.get("violations"), Some(&json!([])), "axe on {what}");
    let passes = result.get("passes").and_then(Value::as_u64).unwrap_or(0);
    holds!(passes > 5, "axe looked at nothing: {passes} rules passed");
    Ok(())
}

pub async fn empty(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    check(&host, &page, "the empty page").await
}

pub async fn results_and_abstract(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=graph")).await?;
    let lines = page.wait_answer("graph").await?;
    check(&host, &page, "results").await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    check(&host, &page, "an open abstract").await?;
    page.ask("lasso chess ").await?;
    check(&host, &page, "papers with some words").await
}

pub async fn none(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=qqqqzzzz")).await?;
    page.wait_answer("qqqqzzzz").await?;
    check(&host, &page, "no results").await
}

pub async fn error(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(Harm::Flip, "segments/"));
    let page = test.open(&host.url("?q=graph")).await?;
    page.wait_state(&["error"]).await?;
    check(&host, &page, "an error").await
}

pub async fn phone(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=graph"), 320, 640))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    let lines = page.wait_answer("graph").await?;
    check(&host, &page, "results on a phone").await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    check(&host, &page, "an abstract on a phone").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn dark(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=graph")).await?;
    let lines = page.wait_answer("graph").await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    page.click_text("why this result?").await?;
    page.wait("the reasons", "return one('[part=why]') != null", vec![])
        .await?;
    check(&host, &page, "a dark page").await?;
    suggestions::ask(&page, "attention tra").await?;
    suggestions::suggested(&page).await?;
    check(&host, &page, "suggestions on a dark page").await
}

/// Opens the panel of filters, its lists unfolded.
async fn open_filters(page: &Page) -> Res {
    filters::open_panel(page).await?;
    page.click_text("show all").await
}

pub async fn filters(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .open(&host.url("?q=learning%20&year=2010-&cat=cs.LG&sort=newest"))
        .await?;
    page.wait_answer("learning ").await?;
    check(&host, &page, "results with filters").await?;
    open_filters(&page).await?;
    check(&host, &page, "the panel of filters").await?;
    page.ask("qqqqzzzz ").await?;
    check(&host, &page, "no results with filters").await?;
    let page = test.open(&host.url("")).await?;
    open_filters(&page).await?;
    check(&host, &page, "filters without a query").await
}

pub async fn filters_on_a_phone(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=learning%20&cat=cs.LG"), 320, 640))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    page.wait_answer("learning ").await?;
    check(&host, &page, "chips on a phone").await?;
    open_filters(&page).await?;
    check(&host, &page, "the sheet of filters").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn filters_in_the_dark(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .open(&host.url("?q=learning%20&year=2010-&cat=cs.LG"))
        .await?;
    page.wait_answer("learning ").await?;
    open_filters(&page).await?;
    check(&host, &page, "filters in the dark").await
}

async fn with_citations(test: &Test) -> Res {
    let host = sample(test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=attention%20is%20all"), 320, 640))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    page.wait_answer("attention is all").await?;
    show_citations(&page, "1706.03762").await?;
    check(&host, &page, "citations").await?;
    page.click_text("text").await?;
    check(&host, &page, "a citation in prose").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn citations(test: Test) -> Res {
    with_citations(&test).await
}

pub async fn citations_in_the_dark(test: Test) -> Res {
    with_citations(&test).await
}

pub async fn typing(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    suggestions::ask(&page, "attention tra").await?;
    suggestions::suggested(&page).await?;
    check(&host, &page, "words that may follow").await?;
    page.ask("netwroks chess ").await?;
    check(&host, &page, "a corrected query").await
}

/// Everything at twice its size, on a narrow screen: nothing is cut off.
pub async fn large_text(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=graph&cat=cs.LG"), 640, 900))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    let lines = page.wait_answer("graph").await?;
    page.js::<Value>(
        "document.documentElement.style.fontSize = '200%'; return null",
        vec![],
    )
    .await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    let script = "const over = [...root.querySelectorAll('*')].filter((it) => it.checkVisibility() && !it.closest('.unseen')\
            && it.getBoundingClientRect().right > innerWidth + 1).map((it) => `${it.tagName} ${it.className}`);\
        return [document.documentElement.scrollWidth <= innerWidth, over]";
    let fits: Value = page.js(script, vec![]).await?;
    same!(fits, json!([true, []]), "large text fits");
    check(&host, &page, "large text").await?;
    test.screenshot("large").await?;
    open_filters(&page).await?;
    check(&host, &page, "filters in large text").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn right_to_left(test: Test) -> Res {
    let host = test.host(&hosted::in_language("ar")?).await?;
    let page = test.open(&host.url("")).await?;
    check(&host, &page, "a start page from right to left").await?;
    let page = test
        .open(&host.url("?q=graph&cat=cs.LG&year=2010-"))
        .await?;
    let lines = page.wait_answer("graph").await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    page.click_text("المرشّحات").await?;
    page.wait(
        "the panel",
        "return one('[part=filters] label') != null",
        vec![],
    )
    .await?;
    check(&host, &page, "results from right to left").await
}

pub async fn forced_colours(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=graph&cat=cs.LG")).await?;
    let lines = page.wait_answer("graph").await?;
    let forced: bool = page
        .js(
            "return matchMedia('(forced-colors: active)').matches",
            vec![],
        )
        .await?;
    holds!(forced, "colours are not forced");
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    open_filters(&page).await?;
    check(&host, &page, "forced colours").await?;
    test.screenshot("forced").await
}
