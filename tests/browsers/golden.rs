//! Golden queries (`tests/queries/*.toml`) through the page, and the page's answers against the program's own.

use crate::support::golden::{self, Ask, Collection, Found, plain};
use crate::support::page::Answer;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build, program};
use crate::{case, fail, same};
use serde::Deserialize;
use std::collections::HashMap;

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    match golden::load() {
        Ok(files) => cases.extend(
            files
                .iter()
                .flat_map(|file| LAYOUTS.map(|layout| golden(file.clone(), layout))),
        ),
        // A file that cannot be read must not look like no tests.
        Err(e) => cases.push(Case::new("golden::load", move |_| {
            let e = e.clone();
            Box::pin(async move { Err(e.into()) })
        })),
    }
    cases.push(case!(golden::lines_are_the_answer).needs(build::client));
    cases.push(
        case!(golden::parity_on_seeds)
            .needs(build::client)
            .needs(build::seeds)
            .minutes(5),
    );
    cases
}

/// Every query is asked in both layouts.
const LAYOUTS: [&str; 2] = ["chunks", "packs"];

fn golden(file: golden::File, layout: &'static str) -> Case {
    let needs_seeds = file.collection == Collection::Seeds;
    let name = format!("golden::{} in {layout}", file.name);
    let case = Case::new(name, move |test| {
        Box::pin(check(test, file.clone(), layout))
    });
    let case = case.needs(build::client);
    if needs_seeds {
        case.needs(build::seeds)
    } else {
        case
    }
}

async fn check(test: Test, file: golden::File, layout: &str) -> Res {
    let site = build::collection_in(file.collection, layout)?;
    let host = test.host(&site).await?;
    let page = test.open(&host.url("")).await?;
    let asks = file.asks();
    let found: Vec<Found> = page.search_all(&asks).await?;
    let answers: HashMap<Ask, Found> = asks.into_iter().zip(found).collect();
    Ok(file.check(&answers, &page.beyond(&file).await?)?)
}

/// What is shown for a typed query is what the client answers, line by line.
pub async fn lines_are_the_answer(test: Test) -> Res {
    let host = test.host(&build::collection(Collection::Sample)?).await?;
    let page = test.open(&host.url("")).await?;
    for query in [
        "neural networks",
        "attention is all",
        "lasso chess ",
        "sparck",
        "gra",
        "hash ",
    ] {
        let answer: Answer = page.search(query, 10, 0).await?;
        let lines = page.ask(query).await?;
        let shown: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
        same!(shown, answer.ids(), "lines for {query:?}");
        for (line, hit) in lines.iter().zip(&answer.hits) {
            let title = hit.title.split_whitespace().collect::<Vec<_>>().join(" ");
            if !line.text.contains(&title) {
                fail!("{query:?}: line {:?} lacks the title {title:?}", line.text);
            }
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Judged {
    query: String,
}

/// Every judged query, in the browser and by the program: same papers, order, scores and totals.
pub async fn parity_on_seeds(test: Test) -> Res {
    let site = build::collection(Collection::Seeds)?;
    let text = std::fs::read_to_string(program::shared()?.join("eval/seed-queries.jsonl"))?;
    let judged: Result<Vec<Judged>, _> = text.lines().map(serde_json::from_str).collect();
    // With a blank behind, the last word is no longer a prefix: another way through the engine.
    let mut queries: Vec<String> = Vec::new();
    for Judged { query } in judged? {
        queries.push(format!("{query} "));
        queries.push(query);
    }
    if queries.len() < 100 {
        fail!("only {} queries", queries.len());
    }
    let asks: Vec<Ask> = queries.iter().map(|query| plain(query, 10)).collect();
    let native: Vec<Answer> = program::query(site.root(), &asks)?;
    let host = test.host(&site).await?;
    let page = test.open(&host.url("")).await?;
    let shown: Vec<Answer> = page.search_all(&asks).await?;
    same!(native.len(), shown.len(), "answers");
    for (native, shown) in native.iter().zip(&shown) {
        same!(
            shown,
            native,
            "the browser's answer to {:?} and the program's",
            native.query
        );
    }
    Ok(())
}
