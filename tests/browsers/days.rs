//! Papers by the day of their listing: a day's papers in its order, all days, and the way back.

use crate::support::fault::{Fault, Harm};
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program, single};
use crate::tests::accessible::check;
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    let axe = |case: Case| case.needs(build::client).needs(|| build::axe().map(drop));
    vec![
        case!(days::a_day_in_its_order).needs(build::client),
        case!(days::lost_files_and_no_host).needs(build::client),
        axe(case!(days::on_a_dark_phone)).dark(),
    ]
}

/// 120 papers of one day, in an order that is not theirs, and some of fourteen others.
fn papers() -> Res<PathBuf> {
    let mut lines = Vec::new();
    for n in 0..134 {
        let (day, rank) = match n {
            0..120 => ("Mar 13".to_owned(), (n * 7) % 120 + 1),
            _ => (format!("Day {} & <b>", n - 119), 1),
        };
        let mut listings = vec![json!({ "source": "one", "listed_on": day, "rank": rank })];
        if n < 3 {
            listings.push(json!({ "source": "two", "listed_on": "Day 1 & <b>", "rank": n + 2 }));
        }
        lines.push(
            json!({
                "id": format!("p{n:03}"), "title": format!("Kites number {n} over the harbour"),
                "abstract": format!("The {n}th kite is flown in wind. It comes down when the wind does, which is measured."),
                "authors": ["Ann Smith", format!("Bo Number{n}")], "year": 2020,
                "url": format!("https://example.org/{n}"), "listings": listings,
            })
            .to_string(),
        );
    }
    let file = program::sites().join("days.jsonl");
    std::fs::write(&file, lines.join("\n"))?;
    Ok(file)
}

fn site() -> Res<Arc<Site>> {
    build::built("days", &[papers()?], &["--title", "Kites by day"])
}

/// Waits until a day, or all of them, is shown with so many lines.
async fn shown(page: &Page, heading: &str, lines: usize) -> Res {
    let script = "return one('.day')?.checkVisibility() === true && one('#day').textContent === args[0]\
                  && lines().length === args[1] && !one('.day > .quiet').textContent.includes('Loading')";
    let what = format!("{heading:?} with {lines} lines");
    page.wait(&what, script, vec![json!(heading), json!(lines)])
        .await
}

async fn start_page(page: &Page) -> Res {
    let script = "return document.querySelector('.days').checkVisibility() && !one('.day')?.checkVisibility()";
    page.wait("the start page", script, vec![]).await
}

/// As the page's own scripts go back: WebKit's button skips entries that no press of a reader made.
async fn back(page: &Page) -> Res {
    page.js::<Value>("history.back(); return null", vec![])
        .await
        .map(drop)
}

async fn follow(page: &Page, day: &str) -> Res {
    let script = "[...document.querySelectorAll('.days a')].find((it) => it.textContent === args[0]).click(); return null";
    page.js::<Value>(script, vec![json!(day)]).await.map(drop)
}

/// Paths that the host was asked for and that hold days.
fn asked(host: &Host) -> Vec<String> {
    let paths = host.requests().into_iter().map(|it| it.path);
    let paths = paths.filter_map(|path| Some(path.split_once("/days")?.1.to_owned()));
    let mut paths: Vec<String> = paths.filter(|path| path.ends_with(".json")).collect();
    paths.sort();
    paths
}

pub async fn a_day_in_its_order(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    host.add(
        "/away.html",
        "<!doctype html><html lang=\"en\"><head><title>Away</title></head><body>Away</body></html>",
    );
    let page = test.open(&host.url("")).await?;
    page.wait_state(&["ready"]).await?;
    let listed: Vec<String> = page
        .js(
            "return [...document.querySelectorAll('.days li')].map((it) => it.textContent)",
            vec![],
        )
        .await?;
    same!(listed.len(), 13, "days of the start page");
    same!(
        [listed.first(), listed.get(1), listed.last()].map(|it| it.map(String::as_str)),
        [
            Some("Mar 13 (120)"),
            Some("Day 1 & <b> (4)"),
            Some("All days (15)")
        ],
        "days"
    );
    test.screenshot("days-start").await?;
    same!(
        asked(&host),
        Vec::<String>::new(),
        "days before they are wanted"
    );

    page.js::<Value>("document.documentElement.id = 'same'; return null", vec![])
        .await?;
    follow(&page, "Mar 13").await?;
    shown(&page, "Mar 13", 50).await?;
    same!(asked(&host), [".json", "/0.json"], "files of fifty lines");
    let order: Vec<String> = (0..120)
        .map(|rank| format!("p{:03}", (rank * 103) % 120))
        .collect();
    same!(
        page.ids().await?,
        order.iter().take(50).cloned().collect::<Vec<_>>(),
        "fifty by rank"
    );
    let script = "return location.hash === '#listed=Mar%2013' && document.documentElement.id === 'same'\
                  && lines().every((it) => it.querySelector('.star')) && lines()[0].querySelector('.snippet').textContent.includes('kite')\
                  && lines()[49].querySelector('.snippet').textContent === '' && !document.querySelector('.list').checkVisibility()";
    page.wait("stars, and passages in sight alone", script, vec![])
        .await?;
    page.open_abstract("p000").await?;
    page.wait(
        "related papers",
        "return lines()[0].querySelector('[part=related] a') != null",
        vec![],
    )
    .await?;
    holds!(
        !page.text().await?.contains("Why this result?"),
        "nothing was ranked"
    );
    test.screenshot("days-day").await?;
    page.click_text("show more").await?;
    shown(&page, "Mar 13", 100).await?;
    same!(
        asked(&host),
        [".json", "/0.json"],
        "files of a hundred lines"
    );
    page.click_text("show more").await?;
    shown(&page, "Mar 13", 120).await?;
    same!(page.ids().await?, order, "all by rank");
    same!(
        asked(&host),
        [".json", "/0.json", "/1.json"],
        "files of a day"
    );

    // There and back again.
    page.js::<Value>(
        "lines()[110].scrollIntoView(); scrollBy(0, -40); return null",
        vec![],
    )
    .await?;
    page.wait(
        "the place",
        "return history.state?.day?.shown === 120",
        vec![],
    )
    .await?;
    // It is noted once scrolling rests.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let top: i64 = page
        .js(
            "return Math.round(lines()[110].getBoundingClientRect().top)",
            vec![],
        )
        .await?;
    let there = "return lines().length === 120 && Math.abs(lines()[110].getBoundingClientRect().top - args[0]) <= 2";
    page.driver().goto(host.root_url("/away.html")).await?;
    page.driver().back().await?;
    page.wait(&format!("line 110 at {top}"), there, vec![json!(top)])
        .await?;
    page.click_text("Day 1 & <b>").await?;
    shown(&page, "Day 1 & <b>", 4).await?;
    same!(
        page.ids().await?,
        ["p120", "p000", "p001", "p002"],
        "a day of two lists"
    );
    back(&page).await?;
    shown(&page, "Mar 13", 120).await?;

    // An author of a paper, and a related one, are searched for; Back is the day again.
    page.js::<Value>("scrollTo(0, 0); return null", vec![])
        .await?;
    page.open_abstract("p000").await?;
    page.click_text("Bo Number0").await?;
    page.wait(
        "papers of an author",
        "return host.dataset.state === 'done' && !one('.day').checkVisibility() && location.search.startsWith('?q=author')",
        vec![],
    )
    .await?;
    back(&page).await?;
    shown(&page, "Mar 13", 120).await?;
    page.wait(
        "related papers",
        "return one('.day [part=related] a') != null",
        vec![],
    )
    .await?;
    page.js::<Value>("one('.day [part=related] a').click(); return null", vec![])
        .await?;
    page.wait(
        "a related paper",
        "return !one('.day').checkVisibility() && one('.results [aria-expanded=true]')?.checkVisibility() === true",
        vec![],
    )
    .await?;
    back(&page).await?;
    page.wait("the day", "return one('.day').checkVisibility()", vec![])
        .await?;
    page.click_text("all days").await?;
    page.wait(
        "all days",
        "return root.querySelectorAll('.alldays a').length === 15 && one('#day').textContent === 'Papers by day'",
        vec![],
    )
    .await?;
    page.press(Key::Escape).await?;
    start_page(&page).await
}

/// A file that does not come is asked for again by the reader; a page that is a file has all inside.
pub async fn lost_files_and_no_host(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test.open(&host.url("#listed=Never")).await?;
    page.wait(
        "what is said of no day",
        "return one('.day > .quiet')?.textContent === 'This collection has no list of that day.'",
        vec![],
    )
    .await?;
    host.fail(Fault::new(Harm::Status(500), "days/0.json"));
    page.js::<Value>("location.hash = '#listed=Mar%2013'; return null", vec![])
        .await?;
    page.wait(
        "what is said of a lost file",
        "return one('.day > .quiet').textContent.includes('Could not fetch')",
        vec![],
    )
    .await?;
    host.heal();
    page.click_text("try again").await?;
    shown(&page, "Mar 13", 50).await?;

    let name = |kind: &str| format!("days-{kind}{}.html", test.engine);
    let file = single::made(&name("of-"), &[papers()?])?;
    let address = single::watched(&name(""), &file, |text| text)?;
    let page = test.open(&address).await?;
    page.wait_state(&["ready"]).await?;
    follow(&page, "Mar 13").await?;
    shown(&page, "Mar 13", 50).await?;
    back(&page).await?;
    start_page(&page).await
}

pub async fn on_a_dark_phone(test: Test) -> Res {
    let host = test.host(&site()?).await?;
    let page = test
        .goto(&host.framed(&host.url("#listed=Mar%2013"), 320, 640))
        .await?;
    page.driver().enter_frame(0).await?;
    shown(&page, "Mar 13", 50).await?;
    page.wait(
        "a passage",
        "return lines()[0].querySelector('.snippet').textContent !== ''",
        vec![],
    )
    .await?;
    check(&host, &page, "a day").await?;
    page.click_text("all days").await?;
    page.wait(
        "all days",
        "return root.querySelectorAll('.alldays a').length === 15",
        vec![],
    )
    .await?;
    check(&host, &page, "all days").await?;
    let fits: bool = page
        .js(
            "return document.documentElement.scrollWidth <= innerWidth",
            vec![],
        )
        .await?;
    holds!(fits, "all days fit");
    Ok(page.driver().enter_default_frame().await?)
}
