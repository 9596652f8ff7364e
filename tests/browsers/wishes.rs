//! The page as a host wants it: colour, logo, fields, facets, address.

use crate::support::golden::Collection;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    vec![
        case!(wishes::come_true).needs(build::client),
        case!(wishes::in_the_dark).needs(build::client).dark(),
    ]
}

const SETTINGS: &str = r##"
title = "Harbour Notes"
description = "Landmark papers, with a colour and a logo of their own."
base-url = "https://example.org/notes"
lang = "en-GB"
accent = "#06623b"
logo = { src = "logo.svg", dark = "dark.svg", alt = "Harbour Society" }
fields = ["authors", "date", "categories"]
facets = ["year", "venue"]
[home]
list = ["topics", "newest"]
papers = 3
topics = 5
"##;

/// A lighthouse beside waves.
fn logo(ink: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 48\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"3\">\
         <path d=\"M14 42 18 14h8l4 28zM16 14h12M22 6v4\"/><path d=\"M40 40q8-8 16 0t16 0 16 0 16 0M48 30q8-8 16 0t16 0 16 0\"/></svg>"
    )
}

fn site() -> Res<Arc<Site>> {
    let folder = program::sites().join("wishes-of-a-host");
    std::fs::create_dir_all(folder.join("templates"))?;
    for (name, text) in [
        ("offprint.toml", SETTINGS.to_owned()),
        ("logo.svg", logo("#06623b")),
        ("dark.svg", logo("#7fd8b4")),
        (
            "templates/footer.html",
            "<p>Kept by the __OFFPRINT_TITLE__ circle.</p>".to_owned(),
        ),
        (
            "templates/page.css",
            "footer { font-style: italic; }\n".to_owned(),
        ),
    ] {
        std::fs::write(folder.join(name), text)?;
    }
    let config = folder.join("offprint.toml").to_string_lossy().into_owned();
    build::built(
        "wishes",
        &program::inputs(Collection::Sample)?,
        &["--config", &config],
    )
}

/// Colours, widths and words as the browser has them.
async fn seen(page: &Page) -> Res<Value> {
    page.js(
        "const style = (it, name) => getComputedStyle(it)[name]; const of = (selector) => document.querySelector(selector);\
         return { title: style(one('a.title'), 'color'), link: style(of('h1 a'), 'color'),\
         logo: of('.logo').naturalWidth > 0 && of('.logo').alt, height: of('.logo').getBoundingClientRect().height,\
         source: of('.logo').currentSrc.split('/').pop(), canonical: of('link[rel=canonical]').href,\
         lang: document.documentElement.lang, footer: of('footer').innerText.trim(), slant: style(of('footer'), 'fontStyle') }",
        vec![],
    )
    .await
}

pub async fn come_true(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("")).await?;
    let headings: Vec<String> = page
        .js(
            "return [...document.querySelectorAll('.list h2')].map((it) => it.textContent)",
            vec![],
        )
        .await?;
    same!(
        headings,
        ["Topics", "Newest papers"],
        "lists of the start page"
    );
    test.screenshot("wishes-start").await?;

    let lines = page.ask("attention is all you need").await?;
    page.wait(
        "categories",
        "return one('[part=categories]')?.textContent.trim().length > 0",
        vec![],
    )
    .await?;
    let seen = seen(&page).await?;
    for (what, value) in [
        ("title", json!("rgb(6, 98, 59)")),
        ("logo", json!("Harbour Society")),
        ("height", json!(48)),
        ("source", json!("logo.svg")),
        ("canonical", json!("https://example.org/notes/")),
        ("lang", json!("en-GB")),
        ("footer", json!("Kept by the Harbour Notes circle.")),
        ("slant", json!("italic")),
    ] {
        same!(seen.get(what), Some(&value), "{what}");
    }
    let first = lines.first().ok_or("no line")?;
    holds!(first.text.contains("Ashish Vaswani"), "{}", first.text);
    // It is at NIPS, which is no field that was wanted.
    let parts: Vec<String> = page
        .js(
            "return ['authors', 'categories'].map((part) => lines()[0].querySelector(`[part=${part}]`).textContent.trim())\
             .concat(lines()[0].querySelector('time').dateTime, `${one('.venue')}`)",
            vec![],
        )
        .await?;
    same!(
        parts.get(1).map(String::as_str),
        Some("cs.CL, cs.LG"),
        "{parts:?}"
    );
    same!(
        parts.get(2).map(String::as_str),
        Some("2017-06-12"),
        "{parts:?}"
    );
    same!(parts.get(3).map(String::as_str), Some("null"), "a venue");

    super::filters::open_panel(&page).await?;
    let fields: Vec<String> = page
        .js(
            "return [...root.querySelectorAll('legend')].map((it) => it.textContent)",
            vec![],
        )
        .await?;
    same!(fields, ["Year", "Venue"], "the panel's fields");
    test.screenshot("wishes-results").await?;

    // What a line shows may change while the page is open.
    page.js::<Value>("host.setAttribute('fields', 'venue'); return null", vec![])
        .await?;
    page.wait(
        "a venue",
        "return one('.venue') != null && one('.authors') == null",
        vec![],
    )
    .await
}

pub async fn in_the_dark(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("?q=attention%20")).await?;
    page.wait_answer("attention ").await?;
    let seen = seen(&page).await?;
    same!(
        seen.get("source"),
        Some(&json!("logo-dark.svg")),
        "the logo"
    );
    // The accent itself could not be read on dark paper.
    let colour = seen
        .get("title")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let parts: Vec<u32> = colour
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    holds!(
        parts.len() == 3 && parts.get(1).is_some_and(|green| *green > 150),
        "{colour}"
    );
    test.screenshot("wishes-dark").await
}
