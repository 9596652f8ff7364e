//! The panel of filters: years, lists of values, the sheet on phones.

use super::filters::{chips, focus, open_panel, sample, shows, tick, wait_address};
use crate::support::fault::{Fault, Harm};
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    vec![
        case!(panel::years_by_keyboard).needs(build::client),
        case!(panel::years_by_pointer).needs(build::client),
        case!(panel::long_lists_fold).needs(build::client),
        case!(panel::authors_by_name).needs(build::client),
        case!(panel::topics_and_authors_listed).needs(build::client),
        case!(panel::counts_follow_the_query).needs(build::client),
        case!(panel::a_sheet_on_phones).needs(build::client),
        case!(panel::markup_is_text).needs(build::client),
        case!(panel::a_panel_that_does_not_come).needs(build::client),
    ]
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
