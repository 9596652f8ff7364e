//! The search in pages around it: folded into a box or a modal, and without anything to see.

use super::accessible;
use crate::support::fault::{Fault, Harm};
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::ledger::{Kind, cost};
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    let needs = |case: Case| case.needs(build::client);
    let axe = |case: Case| needs(case).needs(|| build::axe().map(drop));
    vec![
        axe(case!(widget::a_box_drops_down)),
        needs(case!(widget::a_box_without_room)),
        axe(case!(widget::a_modal_opens_and_closes)),
        axe(case!(widget::folded_in_the_dark)).dark(),
        needs(case!(widget::keys_as_chosen)),
        needs(case!(widget::events_can_be_heard_and_stopped)),
        needs(case!(widget::themes_and_slots)),
        needs(case!(widget::without_an_element)),
    ]
}

pub const FIRST: &str = "10.1023/A:1010933404324";

pub async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Somebody's page: `script` is the address of the entry script, `body` what stands in it.
pub fn page_with(script: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Reading group</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"/theirs.css\">{script}</head><body>\
         <header><a id=\"before\" href=\"#home\">Aurora Lab</a>{body}</header>\
         <main><h1>Reading group</h1><p>We meet on Thursdays and read a paper a week. Come and join us.</p>\
         <p><a id=\"after\" href=\"#rules\">House rules</a></p></main></body></html>"
    )
}

/// Styles as other pages have them, so that pictures show what a box looks like there.
pub const THEIRS: &str = "\
    :root { color-scheme: light dark; } \
    body { margin: 0; font: 16px/1.6 'DejaVu Sans', sans-serif; background: light-dark(#f3f6fb, #10141c); color: light-dark(#1c2733, #d6dee8); } \
    header { display: flex; gap: 24px; align-items: center; padding: 12px 32px; background: light-dark(#123a66, #0b1f38); overflow: hidden; } \
    header a { color: #fff; font-weight: 700; letter-spacing: 1px; text-decoration: none; white-space: nowrap; } \
    header offprint-search { margin-inline-start: auto; } \
    header offprint-search[mode=box] { inline-size: 20rem; } \
    main { max-width: 720px; margin: 40px auto; padding: 0 24px; } \
    input, button { text-transform: uppercase; border: 4px dotted red; } \
    a { color: light-dark(#0b57d0, #8ab4f8); }";

/// A page at `path` of the collection's own host.
async fn shown(test: &Test, host: &Host, path: &str, body: &str) -> Res<Page> {
    host.add("/theirs.css", THEIRS);
    let script = "<script type=\"module\" src=\"/group/papers/offprint.js\"></script>";
    host.add(path, &page_with(script, body));
    let page = test.goto(&host.root_url(path)).await?;
    defined(&page).await?;
    Ok(page)
}

/// The page again, in a frame of that size.
async fn framed(test: &Test, host: &Host, page: &Page, width: u32, height: u32) -> Res<Page> {
    let url: String = page.js("return location.href", vec![]).await?;
    let page = test.goto(&host.framed(&url, width, height)).await?;
    page.driver().enter_frame(0).await?;
    defined(&page).await?;
    Ok(page)
}

pub async fn defined(page: &Page) -> Res {
    page.wait("the element", "return root != null", vec![])
        .await
}

/// A page whose own script has the search for scripts: what a driver imports itself is another
/// instance in Firefox.
pub async fn scripted(test: &Test, host: &Host) -> Res<Page> {
    let script = "import * as headless from '/group/papers/headless.js';\
        window.headless = headless; window.define = () => import('/group/papers/offprint.js');";
    let path = host.test_file("headless.js", script);
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><title>Own</title><script type=\"module\" src=\"{path}\"></script></head>\
         <body><p>Own words.</p></body></html>"
    );
    host.add("/scripted/", &body);
    let page = test.goto(&host.root_url("/scripted/")).await?;
    page.wait("its script", "return window.headless != null", vec![])
        .await?;
    Ok(page)
}

/// What workers the page has tried to start.
pub async fn workers(page: &Page) -> Res<Vec<String>> {
    page.js("return globalThis.offprintTestWorkers ?? []", vec![])
        .await
}

const BOX: &str = "<offprint-search mode=\"box\" src=\"/group/papers/\" placeholder=\"Search our papers\"></offprint-search>";

/// Whether the list below the box is open.
const OPEN: &str = "return one('.drop')?.matches(':popover-open') ?? false";

pub async fn a_box_drops_down(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = shown(&test, &host, "/box/", BOX).await?;
    let first = host.take().await;
    let parts: Vec<&str> = first
        .iter()
        .map(|r| r.path.as_str())
        .filter(|path| !path.starts_with('/'))
        .collect();
    same!(parts, ["offprint.js"], "before anybody uses it");
    accessible::check(&host, &page, "a box").await?;
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.ask("random forests ").await?;
    page.wait("the list", OPEN, vec![]).await?;
    same!(
        page.ids().await?.first().map(String::as_str),
        Some(FIRST),
        "first result"
    );
    accessible::check(&host, &page, "an open box").await?;
    test.screenshot("box").await?;

    let asked: Vec<_> = first.into_iter().chain(host.take().await).collect();
    let script = cost(&asked, |r| {
        r.kind() == Kind::Client && !r.path.starts_with('/') && !r.path.ends_with(".bin")
    });
    holds!(
        script.counted <= 20_000,
        "an embedded box takes {} bytes besides the wasm",
        script.counted
    );
    println!(
        "an embedded box takes {} bytes besides the wasm",
        script.counted
    );
    holds!(script.requests >= 3, "{asked:?}");

    // It lies over the page, whatever cuts what is in it, and covers neither itself nor the box.
    let whole = "const { left, right, top, bottom } = one('.drop').getBoundingClientRect();\
        return left >= 0 && right <= innerWidth && bottom <= innerHeight && top >= one('input').getBoundingClientRect().bottom\
            && root.elementFromPoint(left + 40, bottom - 12)?.closest('.drop') != null";
    holds!(page.js::<bool>(whole, vec![]).await?, "the list is cut");
    page.press(Key::Down).await?;
    let on_title = "return root.activeElement?.classList.contains('title')";
    holds!(
        page.js::<bool>(on_title, vec![]).await?,
        "down leads to no title"
    );
    page.press(Key::Escape).await?;
    holds!(
        !page.js::<bool>(OPEN, vec![]).await?,
        "Escape left the list open"
    );
    same!(
        page.js::<String>("return root.activeElement.value", vec![])
            .await?,
        "random forests ",
        "the box after Escape"
    );
    page.press(Key::Down).await?;
    page.wait("the list again", OPEN, vec![]).await?;
    // The collection's own page has the same query.
    let all: String = page.js("return one('[part=all]').href", vec![]).await?;
    same!(all, host.url("?q=random+forests+"), "link to all");
    let main = "document.querySelector('main').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, composed: true })); return null";
    page.js::<Value>(main, vec![]).await?;
    holds!(
        !page.js::<bool>(OPEN, vec![]).await?,
        "a press beside it left the list open"
    );
    page.ask("").await?;
    holds!(
        !page.js::<bool>(OPEN, vec![]).await?,
        "an empty box has a list"
    );
    Ok(())
}

/// At the lower edge the list lies above; on a phone it has the window's width.
pub async fn a_box_without_room(test: Test) -> Res {
    let host = sample(&test).await?;
    host.add("/low.css", "header { position: fixed; inset: auto 0 0; } header offprint-search[mode=box] { inline-size: 9rem !important; }");
    let body = format!("<link rel=\"stylesheet\" href=\"/low.css\">{BOX}");
    let page = shown(&test, &host, "/low/", &body).await?;
    let page = framed(&test, &host, &page, 360, 640).await?;
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.ask("graph").await?;
    page.wait("the list", OPEN, vec![]).await?;
    let there = "const { left, right, top, bottom } = one('.drop').getBoundingClientRect();\
        return left >= 0 && right <= innerWidth && right - left > 340 && top >= 0 && bottom <= one('input').getBoundingClientRect().top";
    page.wait("the list above the box", there, vec![]).await?;
    test.screenshot("box-phone").await?;
    Ok(page.driver().enter_default_frame().await?)
}

const MODAL: &str = "<offprint-search mode=\"modal\" src=\"/group/papers/\" filters=\"year category\"></offprint-search>";

/// Whether the dialog is open.
const DIALOG: &str = "return one('.modal')?.open ?? false";

async fn chord(page: &Page, modifier: Key, key: &str) -> Res {
    let chain = page.driver().action_chain();
    Ok(chain
        .key_down(modifier.clone())
        .send_keys(key)
        .key_up(modifier)
        .perform()
        .await?)
}

pub async fn a_modal_opens_and_closes(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = shown(&test, &host, "/modal/", MODAL).await?;
    page.element(".opener").await?;
    accessible::check(&host, &page, "the button of a modal").await?;
    let asked = host.take().await;
    holds!(
        asked.iter().all(|r| !r.path.ends_with(".bin")),
        "the engine came unasked"
    );
    page.element(".opener").await?.click().await?;
    page.wait("the dialog", DIALOG, vec![]).await?;
    page.ask("graph").await?;
    accessible::check(&host, &page, "a modal").await?;
    test.screenshot("modal").await?;
    // However often one goes on, the focus stays.
    let inside = "const it = document.activeElement; return it === document.body || it === host";
    for _ in 0..3 {
        chord(&page, Key::Shift, &Key::Tab.value().to_string()).await?;
        holds!(
            page.js::<bool>(inside, vec![]).await?,
            "the focus left the dialog"
        );
    }
    page.js::<Value>("[...root.querySelectorAll('.modal button, .modal a')].filter((it) => it.checkVisibility()).at(-1).focus(); return null", vec![]).await?;
    for _ in 0..3 {
        page.press(Key::Tab).await?;
        holds!(
            page.js::<bool>(inside, vec![]).await?,
            "the focus left the dialog"
        );
    }
    // Filters have a sheet of their own above it.
    page.click_text("filters").await?;
    page.wait(
        "the sheet",
        "return one('.sheet')?.open && one('.values input') != null",
        vec![],
    )
    .await?;
    page.press(Key::Escape).await?;
    page.wait(
        "no sheet",
        "return !one('.sheet').open && one('.modal').open",
        vec![],
    )
    .await?;
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.press(Key::Escape).await?;
    page.wait("no dialog", "return !one('.modal').open", vec![])
        .await?;
    same!(
        page.js::<String>("return root.activeElement?.className ?? ''", vec![])
            .await?,
        "opener",
        "focus after it"
    );
    // With the keys, by script, and by what stands in its slot.
    chord(&page, Key::Control, "k").await?;
    page.wait("the dialog by keys", DIALOG, vec![]).await?;
    page.js_async::<Value>("await host.close(); return null", vec![])
        .await?;
    holds!(
        !page.js::<bool>(DIALOG, vec![]).await?,
        "close() left it open"
    );
    page.js_async::<Value>("await host.open(); return null", vec![])
        .await?;
    holds!(page.js::<bool>(DIALOG, vec![]).await?, "open() did nothing");
    Ok(())
}

pub async fn folded_in_the_dark(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = shown(&test, &host, "/dark-box/", BOX).await?;
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.ask("graph neural").await?;
    page.wait("the list", OPEN, vec![]).await?;
    accessible::check(&host, &page, "a dark box").await?;
    test.screenshot("box-dark").await?;
    let page = shown(&test, &host, "/dark-modal/", MODAL).await?;
    let page = framed(&test, &host, &page, 390, 780).await?;
    page.element(".opener").await?.click().await?;
    page.wait("the dialog", DIALOG, vec![]).await?;
    page.ask("graph neural").await?;
    accessible::check(&host, &page, "a dark modal on a phone").await?;
    test.screenshot("modal-phone-dark").await?;
    Ok(page.driver().enter_default_frame().await?)
}

pub async fn keys_as_chosen(test: Test) -> Res {
    let host = sample(&test).await?;
    let focused = "return root.activeElement === one('input')";
    let one = |shortcut: &str| {
        format!("<offprint-search src=\"/group/papers/\" {shortcut}></offprint-search>")
    };
    let cases = [
        ("", "/ Ctrl+K", true, true),
        ("shortcut=\"off\"", "", false, false),
        ("shortcut=\"/\"", "/", true, false),
        ("shortcut=\"mod+k\"", "Ctrl+K", false, true),
    ];
    for (number, (attribute, told, slash, control)) in cases.into_iter().enumerate() {
        let page = shown(&test, &host, &format!("/keys-{number}/"), &one(attribute)).await?;
        page.wait_started().await?;
        let keys: String = page
            .js(
                "return one('input').getAttribute('aria-keyshortcuts') ?? ''",
                vec![],
            )
            .await?;
        same!(
            keys.replace("Control", "Ctrl"),
            told,
            "what is told of {attribute:?}"
        );
        let blur = "root.activeElement?.blur(); document.activeElement.blur(); return null";
        // Keys that a browser has for itself are not pressed where the page does not take them.
        let press = "const [key, ctrlKey] = args; const event = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, composed: true, cancelable: true });\
            document.body.dispatchEvent(event); return event.defaultPrevented && root.activeElement === one('input')";
        for (key, ctrl, wanted) in [
            ("/", false, slash),
            ("k", true, control),
            ("k", false, false),
            ("/", true, false),
        ] {
            page.js::<Value>(blur, vec![]).await?;
            let taken: bool = page.js(press, vec![json!(key), json!(ctrl)]).await?;
            same!(taken, wanted, "{key:?} with {attribute:?}");
            same!(
                page.js::<bool>(focused, vec![]).await?,
                wanted,
                "focus after {key:?} with {attribute:?}"
            );
        }
    }
    Ok(())
}

pub async fn events_can_be_heard_and_stopped(test: Test) -> Res {
    let host = sample(&test).await?;
    let one = "<offprint-search src=\"/group/papers/\"></offprint-search>";
    let page = shown(&test, &host, "/events/", one).await?;
    page.wait_started().await?;
    let listen = "window.heard = []; for (const name of ['search', 'results', 'select', 'error'])\
            document.addEventListener(name, (event) => { if (event instanceof CustomEvent) {\
                window.heard.push([name, event.target === host, event.composed, event.detail.query ?? event.detail.code ?? '']);\
                if (name === window.stopped) event.preventDefault(); } });\
        return null";
    page.js::<Value>(listen, vec![]).await?;
    page.ask("random forests ").await?;
    let heard = |of: &'static str| {
        let page = page.clone();
        async move {
            let script = "return window.heard.filter(([name]) => name === args[0]).map(([, ...rest]) => rest)";
            page.js::<Vec<(bool, bool, String)>>(script, vec![json!(of)])
                .await
        }
    };
    let query = || "random forests ".to_owned();
    same!(heard("search").await?, [(true, true, query())], "searches");
    same!(
        heard("results").await?.last(),
        Some(&(true, true, query())),
        "results"
    );

    // A reader's choice can be taken over.
    let click = "window.stopped = args[0]; const before = location.href; const it = lines()[0].querySelector('.title');\
        it.onclick = (event) => { window.reached = !event.defaultPrevented; event.preventDefault(); };\
        window.reached = false; it.click(); return window.reached && location.href === before";
    same!(
        page.js::<bool>(click, vec![json!("select")]).await?,
        false,
        "a title that was stopped"
    );
    same!(
        page.js::<bool>(click, vec![json!("")]).await?,
        true,
        "a title that was not"
    );
    same!(
        heard("select").await?,
        [(true, true, query()), (true, true, query())],
        "choices"
    );

    // So can a search.
    page.js::<Value>("window.stopped = 'search'; return null", vec![])
        .await?;
    page.type_text("x").await?;
    page.wait(
        "nothing",
        "return lines().length === 0 && host.dataset.state === 'ready'",
        vec![],
    )
    .await?;
    same!(heard("search").await?.len(), 2, "searches");

    page.js::<Value>("window.stopped = ''; return null", vec![])
        .await?;
    host.fail(Fault::new(Harm::Status(404), "segments/"));
    page.type_text(" wasserstein").await?;
    page.wait_state(&["error"]).await?;
    same!(
        heard("error").await?.first(),
        Some(&(true, true, "fetch".to_owned())),
        "errors"
    );
    Ok(())
}

pub async fn themes_and_slots(test: Test) -> Res {
    let host = sample(&test).await?;
    let three: String = ["light", "dark", "auto"]
        .map(|theme| format!("<offprint-search theme=\"{theme}\" src=\"/group/papers/\"><p slot=\"empty\">Ask.</p><p slot=\"footer\">Ours.</p></offprint-search>"))
        .concat();
    host.add(
        "/theirs-light.css",
        "body { background: #fff; color-scheme: light; }",
    );
    let page = shown(&test, &host, "/themes/", &three).await?;
    page.wait_started().await?;
    let script = "return [...document.querySelectorAll('offprint-search')].map((it) => {\
        const [paper, ink] = [getComputedStyle(it).backgroundColor, getComputedStyle(it.shadowRoot.querySelector('input')).color];\
        const light = (color) => /\\d+/.exec(color)[0] > 128;\
        return [light(paper), light(ink)]; })";
    let light = [true, false];
    let themes: Vec<[bool; 2]> = page.js(script, vec![]).await?;
    same!(
        themes,
        [light, [false, true], light],
        "light papers and light inks"
    );
    let slots = "return ['empty', 'footer'].map((name) => one(`slot[name=${name}]`).assignedElements()[0].checkVisibility())";
    same!(
        page.js::<[bool; 2]>(slots, vec![]).await?,
        [true, true],
        "slots before a query"
    );
    page.ask("graph").await?;
    same!(
        page.js::<[bool; 2]>(slots, vec![]).await?,
        [false, true],
        "slots with results"
    );
    Ok(())
}

pub async fn without_an_element(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = scripted(&test, &host).await?;
    let script = "const { open, OffprintError } = window.headless;\
        const papers = await open('/group/papers');\
        const found = await papers.search('random forests ', { limit: 3, facets: ['year'], sort: 'relevance' });\
        const rest = await papers.search('random forests ', { limit: 2, offset: 1 });\
        const narrow = await papers.search('', { filters: { from: '2017', to: '2017' }, limit: 100 });\
        const { snippets } = await papers.snippets(found.searched, found.hits.map((hit) => hit.doc));\
        const { paper } = await papers.paper(found.hits[0].id);\
        const related = await papers.related(found.hits[0].doc);\
        const { words } = await papers.suggest('attenti');\
        const stop = new AbortController();\
        const late = papers.search('graph', { signal: stop.signal }).catch((error) => error);\
        stop.abort();\
        const gone = await late;\
        const unknown = await papers.paper('no such id').catch((error) => error);\
        return { papers: papers.info.papers, first: found.hits[0].id, total: found.total, exact: found.exact,\
            facet: found.facets[0].total === found.total, offset: rest.hits[0].id === found.hits[1].id,\
            narrow: narrow.total > 0 && narrow.hits.every((hit) => hit.year === 2017), snippets: snippets.length,\
            same: paper.doc === found.hits[0].doc, abstract: paper.abstract.length > 100, related: related.hits.length,\
            words: words[0], aborted: gone instanceof OffprintError && gone.code, unknown: unknown.code,\
            element: customElements.get('offprint-search') === undefined };";
    let told: Value = page.js_async(script, vec![]).await?;
    let of = |name: &str| told.get(name).cloned().unwrap_or(Value::Null);
    for (name, expected) in [
        ("first", json!(FIRST)),
        ("exact", json!(true)),
        ("facet", json!(true)),
        ("offset", json!(true)),
        ("narrow", json!(true)),
        ("snippets", json!(3)),
        ("same", json!(true)),
        ("abstract", json!(true)),
        ("related", json!(6)),
        ("words", json!("attention")),
        ("aborted", json!("aborted")),
        ("unknown", json!("unknown")),
        ("element", json!(true)),
    ] {
        same!(of(name), expected, "{name} of {told}");
    }
    // An element that comes later searches with the same engine.
    host.take().await;
    let both = "await window.define();\
        document.body.append(Object.assign(document.createElement('offprint-search')));\
        return null";
    page.js_async::<Value>(both, vec![]).await?;
    page.wait_started().await?;
    page.ask("random forests ").await?;
    let asked = host.take().await;
    holds!(
        asked
            .iter()
            .all(|r| !r.path.ends_with("manifest.bin") && !r.path.ends_with("engine.wasm.bin")),
        "a second engine: {asked:?}"
    );
    same!(workers(&page).await?.len(), 1, "workers");
    Ok(())
}
