//! Papers that try to be more than text: what they say is shown as text or reported, and nothing runs.

use crate::support::page::{Answer, Page};
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::tests::filters::{chips, open_panel, tick};
use crate::tests::suggestions;
use crate::{case, fail, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    vec![
        case!(hostile::papers_are_text).needs(build::client),
        case!(hostile::bounded_and_complete).needs(build::client),
        case!(hostile::links_lead_to_the_web_only).needs(build::client),
        case!(hostile::queries_are_text).needs(build::client),
        case!(hostile::in_every_field).needs(build::client),
    ]
}

/// Every paper holds this word, so one query shows them all.
pub const WORD: &str = "perilous";

/// Sets the flag that must never be set.
const ATTACK: &str = "globalThis.offprintHostile=1";

/// The papers, as lines of JSON. Large ones are made here rather than kept.
fn papers() -> Vec<Value> {
    let image = format!("<img src=x onerror=\"{ATTACK}\">");
    let script = format!("</script><script>{ATTACK}</script>");
    let large = format!("{WORD} {}", "<b>long</b> words & more ".repeat(45_000));
    let many: Vec<String> = (0..2000)
        .map(|n| format!("Author {n} <i>{image}</i>"))
        .collect();
    vec![
        json!({ "id": "image", "title": format!("{image} in a {WORD} title"), "abstract": format!("{image} in an abstract"), "authors": [image], "venue": image }),
        json!({ "id": "script", "title": format!("{script} in a {WORD} title"), "abstract": format!("{script} <!-- in an abstract"), "authors": [script], "keywords": [script], "categories": [script] }),
        json!({ "id": "\"><b onclick=alert(1)>id", "title": format!("An id with markup is {WORD}"), "abstract": "Its id closes an attribute." }),
        json!({ "id": "../../../etc/passwd", "title": format!("An id with a path is {WORD}"), "abstract": "Its id climbs." }),
        json!({ "id": "__proto__", "title": format!("An id of JavaScript's own is {WORD}"), "abstract": "constructor toString hasOwnProperty" }),
        json!({ "id": "controls", "title": format!("Control\u{0}s \u{1b}[31m and \u{202e}marks\u{202c} are {WORD}"), "abstract": "bell \u{7} back\u{8}space \u{fffe} \u{feff} \u{2066}isolate" }),
        json!({ "id": "template", "title": format!("{{{{7*7}}}} ${{{ATTACK}}} `{ATTACK}` %3Cscript%3E are {WORD}"), "abstract": "&lt;img src=x onerror=alert(1)&gt; &#60;b&#62;" }),
        json!({ "id": "links", "title": format!("Links can be {WORD}"), "abstract": format!("Code at javascript:{ATTACK} and data:text/html,<script>{ATTACK}</script>"), "links": [
            { "kind": "page", "url": format!("javascript:{ATTACK}") },
            { "kind": "code", "url": format!("data:text/html,<script>{ATTACK}</script>") },
            { "kind": "pdf", "url": format!(" \tjava\nscript:{ATTACK}") },
            { "kind": "project", "url": "vbscript:x" },
            { "kind": "other", "url": "https://example.org/\"onmouseover=\"alert(1)" },
        ], "url": format!("JaVaScRiPt:{ATTACK}"), "code_url": format!("javascript:{ATTACK}") }),
        json!({ "id": "no-abstract", "title": format!("Without an abstract and {WORD}") }),
        json!({ "id": "empty-abstract", "title": format!("With an empty abstract and {WORD}"), "abstract": "" }),
        json!({ "id": "no-title", "abstract": format!("A {WORD} abstract without a title.") }),
        json!({ "id": "large-abstract", "title": format!("A large abstract is {WORD}"), "abstract": large }),
        json!({ "id": "large-title", "title": large, "abstract": "The title is a megabyte." }),
        json!({ "id": "many-authors", "title": format!("Many authors are {WORD}"), "abstract": "Two thousand.", "authors": many }),
        json!({ "id": "word", "title": format!("A long word is {WORD}"), "abstract": "x".repeat(100_000) }),
        json!({ "id": "rtl", "title": format!("شبكات عصبية \u{2067}<b>{WORD}"), "abstract": "خطر" }),
        json!({ "id": "sound", "title": format!("A sound {WORD} paper"), "abstract": "Nothing is wrong with it." }),
    ]
}

pub fn site() -> Res<Arc<Site>> {
    let folder = program::sites();
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("hostile.jsonl");
    let mut lines: String = papers().iter().map(|paper| format!("{paper}\n")).collect();
    lines += "not json at all <script>\n{\"id\": \"cut\", \"title\": \"No end";
    if std::fs::read_to_string(&file).ok().as_ref() != Some(&lines) {
        std::fs::write(&file, lines)?;
    }
    let title = format!("</title><script>{ATTACK}</script>");
    let about = [
        "--title",
        &title,
        "--description",
        "\"><img src=x onerror=alert(1)> & more",
    ];
    build::built("hostile", &[file], &about)
}

/// Shows every hostile paper, with snippets and abstracts.
async fn show_all(test: &Test, page: &Page) -> Res<Answer> {
    let answer: Answer = page.search(WORD, 100, 0).await?;
    let mut shown = page.ask(WORD).await?.len();
    while shown < answer.hits.len() {
        page.click_text("show more").await?;
        page.wait(
            "more lines",
            "return lines().length > args[0]",
            vec![json!(shown)],
        )
        .await?;
        shown = page.lines().await?.len();
    }
    for id in answer.ids() {
        page.open_abstract(id).await?;
    }
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    test.screenshot("hostile").await?;
    Ok(answer)
}

/// Nothing ran, and no element came from a paper.
async fn nothing_happened(page: &Page) -> Res {
    let flag: bool = page
        .js("return 'offprintHostile' in globalThis", vec![])
        .await?;
    holds!(!flag, "a paper ran a script");
    let script = "return [...(root ?? document).querySelectorAll('script, img, iframe, object, embed, b, i, base, meta')]\
                  .concat([...document.body.querySelectorAll('img, iframe, script:not([src])')])\
                  .map((element) => element.outerHTML.slice(0, 200))";
    let injected: Vec<String> = page.js(script, vec![]).await?;
    same!(injected, Vec::<String>::new(), "elements that a paper made");
    let script = "return [...root.querySelectorAll('*')].flatMap((element) => [...element.attributes])\
                  .filter((a) => a.name.startsWith('on') || a.name === 'style' && a.value.includes('url'))\
                  .map((a) => a.name + '=' + a.value.slice(0, 80))";
    let handlers: Vec<String> = page.js(script, vec![]).await?;
    same!(handlers, Vec::<String>::new(), "handlers in markup");
    Ok(())
}

pub async fn papers_are_text(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("")).await?;
    let answer = show_all(&test, &page).await?;
    nothing_happened(&page).await?;
    let text = page.text().await?;
    for piece in ["<img src=x", "</script><script>", "{{7*7}}"] {
        holds!(
            text.contains(piece),
            "{piece:?} is not shown as text in {text:.2000}"
        );
    }
    let lines = page.lines().await?;
    let shown: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    same!(shown, answer.ids(), "ids");
    let title: String = page.js("return document.title", vec![]).await?;
    holds!(
        title.contains("</title><script>"),
        "the collection's title is {title:?}"
    );
    Ok(())
}

pub async fn bounded_and_complete(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("")).await?;
    let answer = show_all(&test, &page).await?;
    let ids = answer.ids();
    for id in [
        "sound",
        "image",
        "controls",
        "no-abstract",
        "empty-abstract",
        "many-authors",
        "__proto__",
        "../../../etc/passwd",
    ] {
        holds!(ids.contains(&id), "{id} is missing in {ids:?}");
    }
    same!(answer.total as usize, ids.len(), "all are shown");
    for line in page.lines().await? {
        // A result line is short whatever the paper is; the abstract was opened, so it may be long.
        holds!(!line.text.is_empty(), "an empty line for {}", line.id);
    }
    let lines: Vec<(String, usize)> = {
        let fresh = test.open(&host.url("?q=")).await?;
        fresh
            .ask(WORD)
            .await?
            .into_iter()
            .map(|line| (line.id, line.text.chars().count()))
            .collect()
    };
    for (id, length) in lines {
        holds!(length < 2500, "the line of {id} has {length} characters");
    }
    // Marks that turn the direction of text around must not leave the line they stand in.
    let script = "const all = lines().map((line) => [line.dataset.paperId, line.textContent]);\
                  return all.filter(([, text]) => /[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f]/.test(text)).map(([id]) => id)";
    let controls: Vec<String> = page.js(script, vec![]).await?;
    same!(
        controls,
        Vec::<String>::new(),
        "lines with control characters"
    );
    Ok(())
}

pub async fn links_lead_to_the_web_only(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("")).await?;
    show_all(&test, &page).await?;
    let script = "return [...root.querySelectorAll('[href], [src], [action]')]\
                  .map((element) => element.href ?? element.src ?? element.action)\
                  .map((value) => String(value?.baseVal ?? value))";
    let links: Vec<String> = page.js(script, vec![]).await?;
    for link in &links {
        let good = ["http://", "https://", "#"]
            .iter()
            .any(|start| link.starts_with(start));
        if !good {
            fail!("a link leads to {link:?}");
        }
    }
    let script = "return [...root.querySelectorAll('a[href]')].filter((a) => a.host !== location.host)\
                  .filter((a) => !/noopener|noreferrer/.test(a.rel)).map((a) => a.href)";
    let open: Vec<String> = page.js(script, vec![]).await?;
    same!(
        open,
        Vec::<String>::new(),
        "links to elsewhere that hand over the page"
    );
    Ok(())
}

pub async fn queries_are_text(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let query = format!("<img src=x onerror={ATTACK}> </script><script>{ATTACK}</script> {WORD}");
    let encoded: String = query.bytes().map(|b| format!("%{b:02X}")).collect();
    let page = test.open(&host.url(&format!("?q={encoded}"))).await?;
    page.wait_answer(&query).await?;
    nothing_happened(&page).await?;
    let value: String = page.js("return one('input').value", vec![]).await?;
    same!(value, query, "the field");
    for odd in [
        "\u{202e}abc",
        "a\u{0}b",
        &"word ".repeat(5000),
        "\u{d7ff}\u{e000}",
        "%%%",
        "&q=x#y",
    ] {
        page.ask(odd).await?;
        same!(
            page.state().await? == "error",
            false,
            "an error for {odd:.40?}"
        );
    }
    nothing_happened(&page).await
}

/// Markup in every field there is, in lines, abstracts, citations, filters, chips and suggestions.
pub async fn in_every_field(test: Test) -> Res {
    let bad = format!("</script></style></textarea></title>\"'><svg onload={ATTACK}><b>x");
    let address = format!("https://example.org/\"'><svg/onload={ATTACK}>?</script>");
    let links = ["page", "pdf", "doi", "code", "data", bad.as_str()]
        .map(|kind| json!({ "kind": kind, "url": address }));
    let lines: Vec<String> = (0..8)
        .map(|n| {
            json!({
                "id": format!("{bad}{n}"), "title": format!("{WORD} {n} {bad}"),
                "abstract": format!("{bad} code at {address} is {WORD}"),
                "authors": [bad, format!("<svg onload={ATTACK}><b>Perilson {n}")], "date": "2020-05-17", "venue": bad,
                "categories": [bad], "keywords": [bad, WORD], "code": format!("javascript:{ATTACK}"),
                "links": links,
                "listings": [{ "source": bad, "listed_on": bad, "rank": 1 }],
            })
            .to_string()
        })
        .collect();
    let folder = program::sites();
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("hostile-fields.jsonl");
    std::fs::write(&file, lines.join("\n"))?;
    let about = ["--title", &bad, "--description", &bad];
    let site = build::built("hostile-fields", &[file], &about)?;
    let host = test.host(&site).await?;
    let page = test.open(&host.url("")).await?;
    nothing_happened(&page).await?;
    suggestions::ask(&page, "peril").await?;
    let offered = suggestions::suggested(&page).await?;
    holds!(
        offered.iter().any(|text| text.contains("<svg onload")),
        "suggestions: {offered:?}"
    );
    nothing_happened(&page).await?;

    let first = page.ids().await?.first().cloned().unwrap_or_default();
    page.open_abstract(&first).await?;
    let text = page.text().await?;
    for what in ["Authors", "Categories", "Keywords", "Listed"] {
        holds!(
            text.contains(&format!("{what}</script>")),
            "{what} are not shown as they are: {text:.3000}"
        );
    }
    page.click_text("cite").await?;
    page.wait(
        "a citation",
        "return one('textarea')?.value.includes('onload')",
        vec![],
    )
    .await?;
    nothing_happened(&page).await?;
    let script = "return [...root.querySelectorAll('.panel a[href]')].map((it) => it.href)";
    let links: Vec<String> = page.js(script, vec![]).await?;
    holds!(links.len() >= 5, "links: {links:?}");
    holds!(
        links.iter().all(|link| {
            // Related papers open in the page.
            link.starts_with("https://") || link.starts_with(&format!("{}?", host.url("")))
        }),
        "links: {links:?}"
    );

    open_panel(&page).await?;
    let shown: Vec<String> = page
        .js("return [...root.querySelectorAll('.values label')].map((it) => it.children[1].textContent)", vec![])
        .await?;
    // Category, venue, and an author.
    let marked = shown
        .iter()
        .filter(|value| value.contains("onload"))
        .count();
    holds!(marked >= 3, "values: {shown:?}");
    let value = shown.iter().find(|value| value.contains("onload"));
    tick(&page, value.map(String::as_str).unwrap_or_default()).await?;
    page.wait("a chip", "return one('.chip') != null", vec![])
        .await?;
    holds!(
        chips(&page)
            .await?
            .iter()
            .all(|chip| chip.contains("onload")),
        "the chip"
    );
    nothing_happened(&page).await?;
    test.screenshot("hostile-fields").await
}
