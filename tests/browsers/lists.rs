//! Stars, lists and notes: made, kept, found again.

use crate::support::engine::Engine;
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::accessible::check;
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    let axe = |case: Case| case.needs(build::client).needs(|| build::axe().map(drop));
    vec![
        case!(lists::stars).needs(build::client),
        case!(lists::by_keyboard).needs(build::client),
        case!(lists::lists_and_notes).needs(build::client),
        axe(case!(lists::accessible)),
        axe(case!(lists::accessible_on_a_dark_phone)).dark(),
    ]
}

pub async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Opens an address and waits for the stars of its result lines.
pub async fn starred_page(test: &Test, url: &str) -> Res<Page> {
    let page = test.open(url).await?;
    wait_stars(&page).await?;
    Ok(page)
}

pub async fn wait_stars(page: &Page) -> Res {
    let script =
        "return lines().length > 0 && lines().every((it) => it.querySelector('.star') != null)";
    page.wait("stars", script, vec![]).await
}

/// Loads the page anew; what is asked afterwards is not answered by the old one.
pub async fn reload(page: &Page) -> Res {
    // Told by the document: in Firefox, a script's global variables are gone with the script. After
    // the script, since WebKit fails one whose page is gone before it has answered.
    page.js::<Value>(
        "document.documentElement.dataset.old = ''; setTimeout(() => location.reload()); return null",
        vec![],
    )
    .await?;
    page.wait(
        "the page anew",
        "return !('old' in document.documentElement.dataset) && root != null",
        vec![],
    )
    .await
}

/// Presses the star of a result line, and waits until it is what it was not.
pub async fn star(page: &Page, id: &str) -> Res {
    const STAR: &str =
        "const star = lines().find((it) => it.dataset.paperId === args[0]).querySelector('.star');";
    let script = format!("{STAR} const was = star.ariaPressed; star.click(); return was");
    let was: String = page.js(&script, vec![json!(id)]).await?;
    let script = format!("{STAR} return star.ariaPressed !== args[1]");
    page.wait("the star", &script, vec![json!(id), json!(was)])
        .await
}

/// Opens the view of lists, or one of them.
pub async fn open_lists(page: &Page, list: &str) -> Res {
    if !view_is_open(page).await? {
        page.click_text("lists").await?;
    }
    heading(page, "Lists").await?;
    if !list.is_empty() {
        let script = "[...root.querySelectorAll('.place')].find((it) => it.firstElementChild.textContent === args[0])?.click(); return null";
        page.js::<Value>(script, vec![json!(list)]).await?;
        heading(page, list).await?;
    }
    Ok(())
}

async fn view_is_open(page: &Page) -> Res<bool> {
    page.js("return one('.lists')?.checkVisibility() ?? false", vec![])
        .await
}

/// Waits until the view of lists has this heading.
pub async fn heading(page: &Page, words: &str) -> Res {
    let script = "return one('.lists')?.checkVisibility() && one('#lists').textContent === args[0]";
    page.wait(
        &format!("the heading {words:?}"),
        script,
        vec![json!(words)],
    )
    .await
}

/// Names of all lists, with what is said of their size.
pub async fn shelf(page: &Page) -> Res<Vec<String>> {
    page.js(
        "return [...root.querySelectorAll('.place')].map((it) => [...it.children].map((part) => part.textContent).join(': '))",
        vec![],
    )
    .await
}

/// Waits until these papers are shown in the view of lists.
pub async fn wait_kept(page: &Page, ids: &[&str]) -> Res {
    let script = "const now = [...root.querySelectorAll('[data-kept-id]')].filter((it) => it.checkVisibility()).map((it) => it.dataset.keptId);\
                  return JSON.stringify(now) === JSON.stringify(args[0])";
    page.wait(
        &format!("the kept papers {ids:?}"),
        script,
        vec![json!(ids)],
    )
    .await
}

/// Writes into a field of the search, as typing does.
pub async fn write(page: &Page, selector: &str, text: &str) -> Res {
    page.element(selector).await?;
    let script = "const field = [...root.querySelectorAll(args[0])].find((it) => it.checkVisibility()); field.focus(); field.value = args[1];\
                  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })); return null";
    page.js::<Value>(script, vec![json!(selector), json!(text)])
        .await
        .map(drop)
}

/// What the message at the window's end says.
pub async fn wait_message(page: &Page, words: &str) -> Res {
    let script = "return one('[part=message]')?.textContent.includes(args[0]) ?? false";
    page.wait(
        &format!("the message {words:?}"),
        script,
        vec![json!(words)],
    )
    .await
}

/// Opens what stands below an abstract: the lists a paper is in, and its note.
pub async fn open_panel(page: &Page, id: &str) -> Res {
    page.open_abstract(id).await?;
    page.click_text("lists and note").await?;
    page.wait(
        "lists of a paper",
        "return one('[part=paper-lists] textarea') != null",
        vec![],
    )
    .await
}

/// Puts a paper whose abstract is shown into a new list.
pub async fn into_new_list(page: &Page, name: &str) -> Res {
    write(page, "[part=paper-lists] .naming input", name).await?;
    page.js::<Value>(
        "one('[part=paper-lists] form').requestSubmit(); return null",
        vec![],
    )
    .await?;
    let script = "return [...root.querySelectorAll('.boxes label')].some((it) => it.textContent === args[0] && it.firstChild.checked)";
    page.wait("the new list", script, vec![json!(name)]).await
}

pub async fn stars(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=attention%20")).await?;
    page.wait_answer("attention ").await?;
    let places = "return JSON.stringify([...root.querySelectorAll('[data-paper-id] > *:not(.star)')].map((it) => { const { x, y, width, height } = it.getBoundingClientRect(); return [x, y, width, height]; }))";
    let before: String = page.js(places, vec![]).await?;
    wait_stars(&page).await?;
    same!(
        page.js::<String>(places, vec![]).await?,
        before,
        "places of what was there"
    );
    let ids = page.ids().await?;
    let [first, second, ..] = &ids[..] else {
        crate::fail!("too few lines");
    };
    star(&page, first).await?;
    star(&page, second).await?;
    star(&page, first).await?;
    same!(
        stars_of(&page).await?,
        std::slice::from_ref(second),
        "stars"
    );
    test.screenshot("stars").await?;
    // In another answer, and after loading anew.
    page.ask("attention is all you need ").await?;
    page.ask("attention ").await?;
    same!(
        stars_of(&page).await?,
        std::slice::from_ref(second),
        "stars of a later answer"
    );
    reload(&page).await?;
    page.wait_answer("attention ").await?;
    wait_stars(&page).await?;
    same!(
        stars_of(&page).await?,
        std::slice::from_ref(second),
        "stars after loading anew"
    );
    open_lists(&page, "Starred").await?;
    wait_kept(&page, &[second]).await?;
    // The back button leads through the lists to where they were opened.
    for words in ["Lists", ""] {
        // In Firefox a script goes back from where it was a moment ago; WebKit's driver passes over
        // entries that no hand has made.
        if test.engine == Engine::Firefox {
            page.driver().back().await?;
        } else {
            page.js::<Value>("history.back(); return null", vec![])
                .await?;
        }
        if words.is_empty() {
            page.wait(
                "the results",
                "return !one('.lists').checkVisibility() && lines()[0].checkVisibility()",
                vec![],
            )
            .await?;
        } else {
            heading(&page, words).await?;
        }
    }
    same!(page.ids().await?, ids, "lines");
    Ok(())
}

/// Ids of the result lines whose stars are pressed.
pub async fn stars_of(page: &Page) -> Res<Vec<String>> {
    page.js(
        "return lines().filter((it) => it.querySelector('.star[aria-pressed=true]')).map((it) => it.dataset.paperId)",
        vec![],
    )
    .await
}

/// The label or text of what has the focus.
async fn focus(page: &Page) -> Res<String> {
    page.js(
        "const at = root.activeElement; return at ? (at.ariaLabel ?? at.placeholder ?? at.textContent) : ''",
        vec![],
    )
    .await
}

pub async fn by_keyboard(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = starred_page(&test, &host.url("?q=attention%20is%20all%20you%20need")).await?;
    page.js::<Value>(
        "lines()[0].querySelector('.title').focus(); return null",
        vec![],
    )
    .await?;
    page.press(Key::Tab).await?;
    same!(focus(&page).await?, "Star", "after the title");
    page.press(Key::Space).await?;
    page.wait(
        "the star",
        "return root.activeElement.ariaPressed === 'true'",
        vec![],
    )
    .await?;
    page.js::<Value>("[...root.querySelectorAll('.controls button')].find((it) => it.textContent === 'Lists').focus(); return null", vec![])
        .await?;
    page.press(Key::Enter).await?;
    heading(&page, "Lists").await?;
    same!(focus(&page).await?, "Lists", "the heading");
    // Search, all papers, the stars.
    for expected in [
        "Search in your lists and notes",
        "All papers1 paper",
        "Starred1 paper",
    ] {
        page.press(Key::Tab).await?;
        same!(focus(&page).await?, expected, "the next stop");
    }
    page.press(Key::Enter).await?;
    heading(&page, "Starred").await?;
    for expected in ["Share", "Search in this list", "Select all", "Cite"] {
        page.press(Key::Tab).await?;
        let at: String = page
            .js("const at = root.activeElement; return at.type === 'checkbox' ? at.parentElement.textContent : (at.ariaLabel ?? at.textContent)", vec![])
            .await?;
        same!(at, expected, "a tool");
    }
    page.press(Key::Tab).await?;
    page.press(Key::Space).await?;
    page.wait(
        "the selection",
        "return one('.tools .number').textContent === '1 of 1 selected'",
        vec![],
    )
    .await?;
    // Up to all lists, then to the results; the focus is on what opened them.
    page.press(Key::Escape).await?;
    heading(&page, "Lists").await?;
    page.press(Key::Escape).await?;
    page.wait(
        "the results",
        "return !one('.lists').checkVisibility()",
        vec![],
    )
    .await?;
    same!(focus(&page).await?, "Lists", "the button");
    Ok(())
}

pub async fn lists_and_notes(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = starred_page(&test, &host.url("?q=attention%20is%20all%20you%20need")).await?;
    open_panel(&page, "1706.03762").await?;
    into_new_list(&page, "Reading group").await?;
    write(
        &page,
        "[part=paper-lists] textarea",
        "Read before Tuesday.\nÉlan of section 3",
    )
    .await?;
    page.wait(
        "the note",
        "return one('[part=paper-lists] .said').textContent === 'Saved'",
        vec![],
    )
    .await?;
    test.screenshot("lists-panel").await?;
    page.ask("wasserstein gan").await?;
    wait_stars(&page).await?;
    star(&page, "1701.07875").await?;

    open_lists(&page, "").await?;
    same!(
        shelf(&page).await?,
        [
            "All papers: 2 papers",
            "Starred: 1 paper",
            "Reading group: 1 paper"
        ],
        "lists"
    );
    // Words of titles, authors and notes, wherever they stand.
    for (text, found) in [
        ("elan section", vec!["1706.03762"]),
        ("arjovsky", vec!["1701.07875"]),
        ("qqqq", vec![]),
        ("a", vec!["1701.07875", "1706.03762"]),
    ] {
        write(&page, ".lists [type=search]", text).await?;
        wait_kept(&page, &found).await?;
    }
    write(&page, ".lists [type=search]", "").await?;
    test.screenshot("lists").await?;
    open_lists(&page, "Reading group").await?;
    wait_kept(&page, &["1706.03762"]).await?;
    reload(&page).await?;
    heading(&page, "Reading group").await?;
    wait_kept(&page, &["1706.03762"]).await?;
    let note: String = page
        .js("return one('.lists textarea').value", vec![])
        .await?;
    same!(
        note,
        "Read before Tuesday.\nÉlan of section 3",
        "the note after loading anew"
    );
    // The abstract comes from the collection.
    page.js::<Value>("one('.kept .more').click(); return null", vec![])
        .await?;
    page.wait(
        "the abstract",
        "return one('.kept .abstract')?.textContent.includes('transformer') ?? false",
        vec![],
    )
    .await?;
    test.screenshot("list").await?;

    page.click_text("rename").await?;
    write(&page, ".lists .naming input", "Starred").await?;
    page.click_text("save name").await?;
    page.wait(
        "word of the name",
        "return one('.naming [role=alert]').textContent.includes('already')",
        vec![],
    )
    .await?;
    write(&page, ".lists .naming input", "Of Tuesday").await?;
    page.click_text("save name").await?;
    heading(&page, "Of Tuesday").await?;

    // Adding, removing, deleting; each of the last two can be undone.
    page.js::<Value>("one('.kept [type=checkbox]').click(); return null", vec![])
        .await?;
    page.click_text("add").await?;
    wait_message(&page, "1 paper is in “Starred” now.").await?;
    page.click_text("remove").await?;
    wait_message(&page, "1 paper was removed.").await?;
    wait_kept(&page, &[]).await?;
    same!(focus(&page).await?, "Undo", "focus after removing");
    page.click_text("undo").await?;
    wait_kept(&page, &["1706.03762"]).await?;
    page.click_text("delete list").await?;
    wait_message(&page, "“Of Tuesday” was deleted.").await?;
    heading(&page, "Lists").await?;
    same!(
        shelf(&page).await?,
        ["All papers: 2 papers", "Starred: 2 papers"],
        "lists without it"
    );
    page.click_text("undo").await?;
    heading(&page, "Of Tuesday").await?;
    wait_kept(&page, &["1706.03762"]).await?;
    // Typing in the box leaves for results.
    page.ask("random forests").await?;
    holds!(!view_is_open(&page).await?, "lists stay over results");
    let hash: String = page.js("return location.hash", vec![]).await?;
    same!(hash, "", "fragment of the address");
    Ok(())
}

/// Every place of lists, looked at by axe.
async fn looked_at(test: &Test, width: u32) -> Res {
    let host = sample(test).await?;
    let page = test
        .goto(&host.framed(&host.url("?q=attention%20is%20all"), width, 780))
        .await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    page.wait_answer("attention is all").await?;
    wait_stars(&page).await?;
    star(&page, "1706.03762").await?;
    open_panel(&page, "1706.03762").await?;
    into_new_list(&page, "Reading group").await?;
    write(&page, "[part=paper-lists] textarea", "A note").await?;
    check(&host, &page, "lists and note of a paper").await?;
    open_lists(&page, "").await?;
    check(&host, &page, "all lists").await?;
    open_lists(&page, "Reading group").await?;
    page.js::<Value>("one('.kept [type=checkbox]').click(); return null", vec![])
        .await?;
    page.click_text("cite").await?;
    page.click_text("share").await?;
    page.wait(
        "citations",
        "return one('.lists [part=citation] textarea') != null",
        vec![],
    )
    .await?;
    check(&host, &page, "a list").await?;
    page.click_text("remove").await?;
    wait_message(&page, "removed").await?;
    check(&host, &page, "an empty list and a message").await?;
    let wide: bool = page
        .js(
            "return document.documentElement.scrollWidth > innerWidth",
            vec![],
        )
        .await?;
    holds!(!wide, "the page is wider than its window");
    page.js::<Value>(
        "location.hash = '#list=A%20list&1706.03762&1234.56789'; return null",
        vec![],
    )
    .await?;
    page.wait(
        "the shared list",
        "return one('.missing')?.checkVisibility() ?? false",
        vec![],
    )
    .await?;
    check(&host, &page, "a shared list").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn accessible(test: Test) -> Res {
    looked_at(&test, 900).await
}

pub async fn accessible_on_a_dark_phone(test: Test) -> Res {
    looked_at(&test, 320).await
}
