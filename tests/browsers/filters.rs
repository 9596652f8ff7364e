//! Filters, orders and what the address keeps of them.

use crate::support::fault::{Fault, Harm};
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
        case!(filters::years_by_keyboard).needs(build::client),
        case!(filters::years_by_pointer).needs(build::client),
        case!(filters::categories).needs(build::client),
        case!(filters::long_lists_fold).needs(build::client),
        case!(filters::authors_by_name).needs(build::client),
        case!(filters::topics_and_authors_listed).needs(build::client),
        case!(filters::chips_are_removed).needs(build::client),
        case!(filters::back_brings_filters_back).needs(build::client),
        case!(filters::from_the_address).needs(build::client),
        case!(filters::browsing).needs(build::client),
        case!(filters::orders).needs(build::client),
        case!(filters::counts_follow_the_query).needs(build::client),
        case!(filters::a_sheet_on_phones).needs(build::client),
        case!(filters::nothing_left).needs(build::client),
        case!(filters::markup_is_text).needs(build::client),
        case!(filters::attributes).needs(build::client),
        case!(filters::a_panel_that_does_not_come).needs(build::client),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Opens the panel and waits until its values are counted.
async fn open_panel(page: &Page) -> Res {
    page.click_text("filters").await?;
    let script = "return one('.side')?.checkVisibility() && one('.side .values label') != null";
    page.wait("the panel with its values", script, vec![]).await
}

/// Waits until the address asks for this, and its answer stands.
async fn wait_address(page: &Page, search: &str) -> Res {
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
async fn shows(page: &Page, query: &str, more: Value) -> Res<Answer> {
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

async fn chips(page: &Page) -> Res<Vec<String>> {
    page.js(
        "return [...root.querySelectorAll('.chip')].map((it) => it.ariaLabel)",
        vec![],
    )
    .await
}

/// Ticks or unticks a value.
async fn tick(page: &Page, value: &str) -> Res {
    let script = "const label = [...root.querySelectorAll('.values label')].find((it) => it.children[1].textContent === args[0]);\
                  label?.querySelector('input').click(); return label != null";
    holds!(
        page.js::<bool>(script, vec![json!(value)]).await?,
        "no box for {value:?}"
    );
    Ok(())
}

/// What has the focus, inside the search: its label, or its text.
async fn focus(page: &Page) -> Res<String> {
    page.js(
        "const at = root.activeElement; return at ? (at.ariaLabel ?? (at.textContent || at.tagName)) : ''",
        vec![],
    )
    .await
}

pub async fn years_by_keyboard(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    // The button follows the box.
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.press(Key::Tab).await?;
    same!(focus(&page).await?, "Filters", "after the box");
    page.press(Key::Enter).await?;
    page.wait(
        "the years",
        "return one('.bars')?.children.length > 10",
        vec![],
    )
    .await?;
    same!(focus(&page).await?, "Filters", "the panel's heading");
    let label: String = page.js("return one('.bars').ariaLabel", vec![]).await?;
    holds!(label.contains("most in"), "the bars say {label:?}");
    while focus(&page).await? != "From year" {
        page.press(Key::Tab).await?;
    }
    page.press_char("2016").await?;
    wait_address(&page, "?q=learning+&year=2016-").await?;
    shows(&page, "learning ", json!({ "filters": { "from": "2016" } })).await?;
    same!(focus(&page).await?, "From year", "focus while filtering");
    page.press(Key::Tab).await?;
    same!(focus(&page).await?, "To year", "the other end");
    // From the last year with a paper down to the one before.
    let last: u32 = page.js("return +root.activeElement.max", vec![]).await?;
    page.press(Key::Down).await?;
    wait_address(&page, &format!("?q=learning+&year=2016-{}", last - 1)).await?;
    page.press(Key::Down).await?;
    page.press(Key::Down).await?;
    wait_address(&page, &format!("?q=learning+&year=2016-{}", last - 3)).await?;
    let range = json!({ "filters": { "from": "2016", "to": (last - 3).to_string() } });
    shows(&page, "learning ", range).await?;
    same!(
        chips(&page).await?,
        [format!("Remove year 2016–{}", last - 3)],
        "chips"
    );
    page.press(Key::Escape).await?;
    page.wait("no panel", "return one('.side') == null", vec![])
        .await?;
    same!(
        focus(&page).await?,
        "Filters, set: 1",
        "focus after closing"
    );
    Ok(())
}

pub async fn years_by_pointer(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    let (first, bars): (u32, u32) = page
        .js(
            "return [+one('[aria-label=\"From year\"]').min, one('.bars').children.length]",
            vec![],
        )
        .await?;
    // A drag over the last four years; the events are those of a pen, a finger or a mouse.
    let script = "const bars = one('.bars'); const box = bars.getBoundingClientRect();\
        bars.setPointerCapture = () => {};\
        const at = (type, bar) => bars.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1,\
            clientX: box.left + (bar + .5) * box.width / bars.children.length, clientY: box.top + 5 }));\
        at('pointerdown', args[0] - 1); at('pointermove', args[0] - 3); at('pointermove', args[0] - 4); at('pointerup', args[0] - 4); return null";
    page.js::<Value>(script, vec![json!(bars)]).await?;
    let (from, to) = (first + bars - 4, first + bars - 1);
    wait_address(&page, &format!("?q=learning+&year={from}-{to}")).await?;
    let range = json!({ "filters": { "from": from.to_string(), "to": to.to_string() } });
    shows(&page, "learning ", range).await?;
    let values: Vec<String> = page
        .js(
            "return [...root.querySelectorAll('.range input')].map((it) => it.value)",
            vec![],
        )
        .await?;
    same!(
        values,
        [from.to_string(), to.to_string()],
        "the numbers follow"
    );
    Ok(())
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

pub async fn long_lists_fold(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    const VENUES: &str = "const field = [...root.querySelectorAll('fieldset')].find((it) => it.firstChild.textContent === 'Venue');\
                          const labels = () => [...field.querySelectorAll('label')].map((it) => it.children[1].textContent);";
    let values = |script: &str| format!("{VENUES} {script}; return labels()");
    let few: Vec<String> = page.js(&values(""), vec![]).await?;
    same!(few.len(), 8, "values at first");
    let all: Vec<String> = page
        .js(&values("field.querySelector('button').click()"), vec![])
        .await?;
    holds!(all.len() > 12, "all values: {all:?}");
    same!(all.get(..8), Some(few.as_slice()), "the first ones stay");
    same!(focus(&page).await?, "Find a venue", "the box to narrow it");
    page.press_char("journal").await?;
    let journals: Vec<String> = page.js(&values(""), vec![]).await?;
    holds!(
        !journals.is_empty() && journals.iter().all(|name| name.contains("Journal")),
        "{journals:?}"
    );
    page.press(Key::Escape).await?;
    same!(
        page.js::<Vec<String>>(&values(""), vec![]).await?,
        all,
        "Escape empties the box alone"
    );
    Ok(())
}

pub async fn authors_by_name(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=learning%20")).await?;
    page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    let name = page.element("[aria-label='Author’s name']").await?;
    name.send_keys("lecun").await?;
    name.send_keys(Key::Enter).await?;
    wait_address(&page, "?q=learning+&author=lecun").await?;
    let authors = json!({ "filters": { "authors": ["lecun"] } });
    let answer = shows(&page, "learning ", authors).await?;
    same!(answer.total, 1, "papers of his on learning");
    same!(
        chips(&page).await?,
        ["Remove author lecun"],
        "the chip of an author"
    );
    Ok(())
}

pub async fn topics_and_authors_listed(test: Test) -> Res {
    let host = sample(&test).await?;
    for (title, filter) in [("Topic", "topics"), ("Author", "authors")] {
        let page = test.open(&host.url("?q=learning%20")).await?;
        page.wait_answer("learning ").await?;
        open_panel(&page).await?;
        let script = "const field = [...root.querySelectorAll('fieldset')].find((it) => it.firstChild.textContent === args[0]);\
                      const label = field.querySelector('label'); label.querySelector('input').click();\
                      return [label.children[1].textContent, +label.querySelector('.number span').textContent.replace(/\\D/g, '')]";
        let (value, count): (String, u64) = page.js(script, vec![json!(title)]).await?;
        page.wait(
            "the chip",
            "return root.querySelectorAll('.chip').length === 1 && host.dataset.state === 'done'",
            vec![],
        )
        .await?;
        let answer = shows(
            &page,
            "learning ",
            json!({ "filters": { (filter): [value] } }),
        )
        .await?;
        same!(answer.total, count, "papers of {title} {value}");
    }
    Ok(())
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

pub async fn counts_follow_the_query(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    page.wait_state(&["ready"]).await?;
    host.take().await;
    open_panel(&page).await?;
    let files: Vec<String> = host.take().await.into_iter().map(|r| r.path).collect();
    same!(
        files
            .iter()
            .filter(|path| path.ends_with("filters.js"))
            .count(),
        1,
        "the panel's module, of {files:?}"
    );
    // Nothing is shown of the results but the counts.
    same!(page.lines().await?.len(), 0, "lines of nothing");
    let count = "return +one('.values .number span').textContent.replace(/\\D/g, '')";
    let all: u64 = page.js(count, vec![]).await?;
    page.ask("graph ").await?;
    let some: u64 = page.js(count, vec![]).await?;
    holds!(some < all && some > 0, "{some} of {all} papers");
    let script =
        "return (await host.search('graph ', { facets: ['category'] })).facets[0].values[0].count";
    same!(
        some,
        page.js_async::<u64>(script, vec![]).await?,
        "papers of the first category"
    );
    // Nothing of it is loaded again, or before it is opened.
    page.click_text("close filters").await?;
    open_panel(&page).await?;
    let again: Vec<String> = host.take().await.into_iter().map(|r| r.path).collect();
    holds!(
        !again.iter().any(|path| path.ends_with("filters.js")),
        "{again:?}"
    );
    let page = test.open(&host.url("?q=graph%20")).await?;
    page.wait_answer("graph ").await?;
    let plain: Vec<String> = host.take().await.into_iter().map(|r| r.path).collect();
    holds!(
        !plain
            .iter()
            .any(|path| path.ends_with("filters.js") || path.contains("/f/")),
        "loaded before it is wanted: {plain:?}"
    );
    Ok(())
}

pub async fn a_sheet_on_phones(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=learning%20&cat=cs.LG"), 320, 640))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    page.wait_answer("learning ").await?;
    open_panel(&page).await?;
    holds!(
        page.js::<bool>("return one('dialog').matches(':modal')", vec![])
            .await?,
        "the sheet is not modal"
    );
    // Nothing reaches out of a narrow window.
    let wide: u32 = page
        .js(
            "return [...root.querySelectorAll('dialog *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1).length",
            vec![],
        )
        .await?;
    same!(wide, 0, "wider than a phone");
    let mut places = std::collections::BTreeSet::new();
    for _ in 0..60 {
        page.press(Key::Tab).await?;
        let (inside, at): (bool, String) = page
            .js(
                "const at = root.activeElement; return [!at || one('dialog').contains(at), at ? (at.ariaLabel ?? at.closest('label')?.textContent ?? at.textContent) : '']",
                vec![],
            )
            .await?;
        holds!(inside, "the focus left the sheet for {at:?}");
        places.insert(at);
    }
    holds!(places.len() > 10, "the keyboard reaches {places:?} alone");
    tick(&page, "cs.CL").await?;
    page.wait(
        "an answer",
        "return location.search.includes('cat=cs.CL') && host.dataset.state === 'done'",
        vec![],
    )
    .await?;
    holds!(
        page.text().await?.contains("Show "),
        "the sheet does not say how many papers there are"
    );
    page.js::<Value>("one('.close').focus(); return null", vec![])
        .await?;
    page.press(Key::Escape).await?;
    page.wait("no sheet", "return !one('dialog').open", vec![])
        .await?;
    same!(
        focus(&page).await?,
        "Filters, set: 2",
        "focus after the sheet"
    );
    page.driver().enter_default_frame().await?;
    test.screenshot("filters-phone").await
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

pub async fn markup_is_text(test: Test) -> Res {
    let host = sample(&test).await?;
    let bad = "<img src=x onerror=alert(1)>";
    let encoded: String = bad.bytes().map(|b| format!("%{b:02X}")).collect();
    let page = test
        .open(&host.url(&format!("?venue={encoded}&cat={encoded}#{encoded}")))
        .await?;
    page.wait_state(&["done"]).await?;
    page.wait(
        "two chips",
        "return root.querySelectorAll('.chip').length === 2",
        vec![],
    )
    .await?;
    open_panel(&page).await?;
    same!(
        page.js::<u32>("return root.querySelectorAll('img').length", vec![])
            .await?,
        0,
        "elements from the address"
    );
    holds!(
        chips(&page).await?.iter().all(|chip| chip.contains(bad)),
        "text from the address"
    );
    Ok(())
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

pub async fn a_panel_that_does_not_come(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(Harm::Status(404), "filters.js"));
    let page = test.open(&host.url("?q=learning%20&cat=cs.CL")).await?;
    page.wait_answer_in("learning ", &["done"]).await?;
    shows(
        &page,
        "learning ",
        json!({ "filters": { "categories": ["cs.CL"] } }),
    )
    .await?;
    page.click_text("filters").await?;
    page.wait_state(&["error"]).await?;
    let text = page.text().await?;
    holds!(
        text.contains("filters.js"),
        "no word of what is missing: {text}"
    );
    host.heal();
    open_panel(&page).await?;
    same!(chips(&page).await?, ["Remove category cs.CL"], "chips");
    Ok(())
}
