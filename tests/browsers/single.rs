//! A site in one file, opened from the disk: no host is there, and all works as with one.

use crate::support::golden::{self, Ask, Collection, Found, plain};
use crate::support::page::{Answer, Page};
use crate::support::runner::{Case, Test};
use crate::support::{Res, build, program, single};
use crate::tests::filters::{chips, open_panel, tick};
use crate::{case, fail, holds, same};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

pub fn cases() -> Vec<Case> {
    let case = |case: Case| case.needs(build::client);
    vec![
        case(case!(single::golden_queries)),
        case(case!(single::golden_queries_on_seeds))
            .needs(build::seeds)
            .minutes(5),
        case(case!(single::everything_of_the_page)),
        case(case!(single::address_and_back)),
        case(case!(single::without_a_worker)),
        case(case!(single::cut_off)),
    ]
}

/// Opens a collection's file; each engine has one of its own, since engines run at the same time.
async fn open(test: &Test, which: Collection, rest: &str) -> Res<Page> {
    let name = format!("single-{which:?}-{}.html", test.engine);
    let address = single::address(&name, which, |text| text)?;
    test.open(&format!("{address}{rest}")).await
}

/// The golden queries of a collection, and further ones: as they say, and as the program answers.
async fn check(test: &Test, which: Collection, mut asks: Vec<Ask>) -> Res {
    let files: Vec<_> = golden::load()?
        .into_iter()
        .filter(|file| file.collection == which)
        .collect();
    asks.extend(files.iter().flat_map(golden::File::asks));
    let asks: Vec<Ask> = BTreeSet::from_iter(asks).into_iter().collect();
    let page = open(test, which, "").await?;
    let shown: Vec<Value> = page.search_all(&asks).await?;
    let native: Vec<Answer> = program::query(build::collection(which)?.root(), &asks)?;
    same!(shown.len(), native.len(), "answers");
    let mut found = HashMap::new();
    for ((ask, shown), native) in asks.into_iter().zip(shown).zip(&native) {
        let answer: Answer = serde_json::from_value(shown.clone())?;
        same!(
            &answer,
            native,
            "the file's answer to {ask:?} and the program's"
        );
        found.insert(ask, serde_json::from_value::<Found>(shown)?);
    }
    holds!(!files.is_empty(), "no golden queries");
    for file in files {
        file.check(&found, &page.beyond(&file).await?)?;
    }
    same!(workers(&page).await?, 1, "workers");
    Ok(())
}

/// How many workers the page started.
async fn workers(page: &Page) -> Res<u32> {
    page.js("return globalThis.offprintTestWorkers?.length ?? 0", vec![])
        .await
}

pub async fn golden_queries(test: Test) -> Res {
    check(&test, Collection::Sample, Vec::new()).await
}

#[derive(Deserialize)]
struct Judged {
    query: String,
}

pub async fn golden_queries_on_seeds(test: Test) -> Res {
    let text = std::fs::read_to_string(program::shared()?.join("eval/seed-queries.jsonl"))?;
    let judged: Result<Vec<Judged>, _> = text.lines().map(serde_json::from_str).collect();
    let asks: Vec<Ask> = judged?.iter().map(|it| plain(&it.query, 10)).collect();
    holds!(asks.len() >= 50, "only {} queries", asks.len());
    check(&test, Collection::Seeds, asks).await
}

/// Filters, an abstract, related papers, reasons and citations: what the client loads on demand too.
pub async fn everything_of_the_page(test: Test) -> Res {
    let page = open(&test, Collection::Sample, "").await?;
    let home: String = page
        .js("return document.querySelector('h1 a').href", vec![])
        .await?;
    holds!(home.ends_with(".html?"), "the title leads to {home}");
    page.type_text("random forests ").await?;
    let lines = page.wait_answer("random forests ").await?;
    let first = lines
        .first()
        .map(|line| line.id.clone())
        .unwrap_or_default();
    same!(first, "10.1023/A:1010933404324", "the first paper");
    page.open_abstract(&first).await?;
    let related = "return one('[part=related] li') != null";
    page.wait("related papers", related, vec![]).await?;
    page.click_text("why this").await?;
    page.wait("reasons", "return one('[part=why] dt') != null", vec![])
        .await?;
    page.click_text("cite").await?;
    page.wait(
        "a citation",
        "return one('textarea')?.value.includes('Breiman')",
        vec![],
    )
    .await?;
    test.screenshot("single-cite").await?;

    page.ask("neural networks").await?;
    open_panel(&page).await?;
    tick(&page, "cs.CV").await?;
    let narrowed = "return host.dataset.state === 'done' && location.search.includes('cat=cs.CV')";
    page.wait("fewer papers", narrowed, vec![]).await?;
    holds!(!chips(&page).await?.is_empty(), "no chip");
    test.screenshot("single-filters").await?;
    let none: Answer = page.search("zzzqqq", 10, 0).await?;
    same!(none.total_any, 0, "papers with a word that is in none");
    Ok(())
}

/// A file has an address too.
pub async fn address_and_back(test: Test) -> Res {
    let page = open(&test, Collection::Sample, "?q=chess&sort=newest").await?;
    let chess = page.wait_answer("chess").await?;
    page.ask("lasso ").await?;
    let search: String = page.js("return location.search", vec![]).await?;
    same!(search, "?q=lasso+&sort=newest", "the address");
    let submit = "one('form').requestSubmit(); return null";
    page.js::<Value>(submit, vec![]).await?;
    page.ask("random forests ").await?;
    page.js::<Value>(submit, vec![]).await?;
    page.js::<Value>("history.back(); return null", vec![])
        .await?;
    let lines = page.wait_answer("lasso ").await?;
    holds!(
        !lines.is_empty() && lines != chess,
        "no papers after going back"
    );
    page.driver().refresh().await?;
    let again = page.wait_answer("lasso ").await?;
    same!(again, lines, "lines after loading the address again");
    Ok(())
}

pub async fn without_a_worker(test: Test) -> Res {
    let name = format!("single-no-worker-{}.html", test.engine);
    let address = single::address(&name, Collection::Sample, |text| {
        text.replacen("<offprint-search ", "<offprint-search worker=\"off\" ", 1)
    })?;
    let page = test
        .open(&format!("{address}?q=random%20forests%20"))
        .await?;
    let lines = page.wait_answer("random forests ").await?;
    holds!(lines.len() > 1, "no papers");
    same!(page.state().await?, "done", "state");
    same!(workers(&page).await?, 0, "workers");
    Ok(())
}

/// A file of which a part is missing says so, and still lists some of its papers.
pub async fn cut_off(test: Test) -> Res {
    let name = format!("single-cut-{}.html", test.engine);
    let address = single::address(&name, Collection::Sample, |text| {
        text.chars().take(text.chars().count() * 3 / 4).collect()
    })?;
    let page = test.goto(&address).await?;
    let told = "return document.querySelector('[role=alert]')?.textContent ?? ''";
    let there = format!("{{ {told} }}").replace("?? ''", "!= null");
    page.wait("a message", &there, vec![]).await?;
    let text: String = page.js(told, vec![]).await?;
    if !(text.contains("incomplete") && text.contains("again")) {
        fail!("the message is {text:?}");
    }
    let papers = "return document.querySelectorAll('.list li').length";
    holds!(
        page.js::<u32>(papers, vec![]).await? > 3,
        "no list of papers"
    );
    let args = vec![json!(address)];
    same!(
        page.js::<bool>("return location.href === args[0]", args)
            .await?,
        true,
        "the address"
    );
    test.screenshot("single-cut").await
}
