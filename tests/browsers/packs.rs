//! An index in packs: read by ranges where the host answers them, by whole files where it does not.

use crate::support::fault::{Fault, Harm};
use crate::support::golden::{Ask, Collection, plain};
use crate::support::host::Host;
use crate::support::ledger::Request;
use crate::support::page::{Answer, Page};
use crate::support::ranges::Ranges;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build, program};
use crate::{case, fail, holds, same};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    let case = |case: Case| case.needs(build::client);
    vec![
        case(case!(packs::answers_are_the_programs)),
        case(case!(packs::ranges_are_few)),
        case(case!(packs::a_host_that_ignores_ranges)),
        case(case!(packs::a_host_that_compresses)),
        case(case!(packs::a_host_that_sends_another_part)),
        case(case!(packs::a_host_that_sends_nothing)),
        case(case!(packs::a_host_that_sends_wrong_bytes)),
        case(case!(packs::a_host_that_cuts_what_it_compressed)),
        case(case!(packs::one_whole_file_for_many_parts)),
        case(case!(packs::short_trouble_goes_unnoticed)),
        case(case!(packs::nothing_helps)),
    ]
}

/// Its hits lie on pages of cards far apart.
const QUERY: &str = "random forests ";
const FIRST: &str = "10.1023/A:1010933404324";

const QUERIES: [&str; 6] = [
    "neural networks",
    "attention is all",
    "lasso chess ",
    "sparck",
    "s",
    "hash ",
];

async fn packs(test: &Test) -> Res<Arc<Host>> {
    let site = build::collection_in(Collection::Sample, "packs")?;
    test.host(&site).await
}

/// Whether the line about slow searches is shown.
async fn notice(page: &Page) -> Res<bool> {
    page.js("return one('[part=notice]').checkVisibility()", vec![])
        .await
}

fn of_packs(requests: Vec<Request>) -> Vec<Request> {
    let inside = |r: &Request| r.path.starts_with("segments/");
    requests.into_iter().filter(inside).collect()
}

/// Requests for each file: parts and whole ones.
fn by_file(requests: &[Request]) -> BTreeMap<&str, (usize, usize)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for request in requests {
        let (parts, whole) = counts.entry(&request.path).or_default();
        *(if request.part { parts } else { whole }) += 1;
    }
    counts
}

/// In packs the page answers as the program does, and as both do in chunks.
pub async fn answers_are_the_programs(test: Test) -> Res {
    let site = build::collection_in(Collection::Sample, "packs")?;
    let chunks = build::collection_in(Collection::Sample, "chunks")?;
    let asks: Vec<Ask> = QUERIES.map(|query| plain(query, 30)).to_vec();
    let native: Vec<Answer> = program::query(site.root(), &asks)?;
    let plain: Vec<Answer> = program::query(chunks.root(), &asks)?;
    same!(
        native,
        plain,
        "the program's answers in packs and in chunks"
    );
    let host = test.host(&site).await?;
    let page = test.open(&host.url("")).await?;
    let shown: Vec<Answer> = page.search_all(&asks).await?;
    same!(shown, native, "the browser's answers and the program's");
    let requests = of_packs(host.take().await);
    holds!(!requests.is_empty(), "nothing was read");
    for request in &requests {
        same!(
            (request.part, request.status),
            (true, 206),
            "{}",
            request.path
        );
    }
    Ok(())
}

/// Blocks that lie together come in one request, and nothing is read twice.
pub async fn ranges_are_few(test: Test) -> Res {
    let host = packs(&test).await?;
    let page = test.open(&host.url("")).await?;
    host.take().await;
    let answer: Value = page.search(QUERY, 10, 0).await?;
    let work = answer.get("work").ok_or("no work")?;
    let of = |work: &Value, name: &str| work.get(name).and_then(Value::as_u64);
    let number = |name: &str| of(work, name).unwrap_or_default();
    let requests = of_packs(host.take().await);
    same!(requests.len() as u64, number("files"), "requests");
    let bytes: u64 = requests.iter().map(|r| r.raw).sum();
    same!(bytes, number("bytes"), "bytes");
    holds!(
        number("blocks") > number("files"),
        "no blocks came together: {answer}"
    );
    let native = program::offprint(
        &[
            "query",
            &host.site().root().to_string_lossy(),
            QUERY,
            "--json",
        ],
        "",
    )?;
    let native: Value = serde_json::from_str(&native)?;
    for name in ["rounds", "blocks", "files", "bytes"] {
        same!(
            number(name),
            of(&native, name).unwrap_or_default(),
            "{name}"
        );
    }
    println!("{}: {:?}", test.engine, by_file(&requests));
    page.search::<Value>(QUERY, 10, 0).await?;
    same!(
        of_packs(host.take().await).len(),
        0,
        "requests for the same again"
    );
    Ok(())
}

/// A page on a host that answers ranges in some way: what it shows is what a sound host gives.
async fn answers_come(test: &Test, ranges: Ranges) -> Res {
    let sound = packs(test).await?;
    let page = test.open(&sound.url("?q=random%20forests%20")).await?;
    let expected = page.wait_answer_in(QUERY, &["done"]).await?;
    let asks: Vec<Ask> = QUERIES.map(|query| plain(query, 30)).to_vec();
    let answers: Vec<Answer> = page.search_all(&asks).await?;
    holds!(!notice(&page).await?, "a notice on a sound host");
    same!(
        test.complaints().await?,
        Vec::<String>::new(),
        "on a sound host"
    );

    let host = packs(test).await?;
    host.ranges(ranges);
    let page = test.open(&host.url("?q=random%20forests%20")).await?;
    let lines = page.wait_answer_in(QUERY, &["done", "error"]).await?;
    same!(page.state().await?, "done", "state: {}", page.text().await?);
    same!(lines, expected, "lines");
    holds!(notice(&page).await?, "no notice");
    test.screenshot("notice").await?;
    let requests = of_packs(host.take().await);
    println!(
        "{} {ranges:?}, first: {:?}",
        test.engine,
        by_file(&requests)
    );
    let found: Vec<Answer> = page.search_all(&asks).await?;
    same!(found, answers, "answers");
    page.open_abstract(FIRST).await?;
    let parts = |requests: Vec<Request>| requests.iter().filter(|r| r.part).count();
    same!(
        parts(of_packs(host.take().await)),
        0,
        "parts asked for again"
    );
    Ok(())
}

pub async fn a_host_that_ignores_ranges(test: Test) -> Res {
    answers_come(&test, Ranges::Ignored).await
}

pub async fn a_host_that_compresses(test: Test) -> Res {
    answers_come(&test, Ranges::Compressed).await
}

pub async fn a_host_that_sends_another_part(test: Test) -> Res {
    answers_come(&test, Ranges::Elsewhere).await
}

pub async fn a_host_that_sends_nothing(test: Test) -> Res {
    answers_come(&test, Ranges::Empty).await
}

pub async fn a_host_that_sends_wrong_bytes(test: Test) -> Res {
    answers_come(&test, Ranges::Wrong).await
}

pub async fn a_host_that_cuts_what_it_compressed(test: Test) -> Res {
    answers_come(&test, Ranges::PartOfCompressed).await
}

/// Once ranges have failed, the parts of a file that one round needs come from one request.
pub async fn one_whole_file_for_many_parts(test: Test) -> Res {
    let later = "neural networks ";
    let sound = packs(&test).await?;
    let page = test.open(&sound.url("")).await?;
    page.ask(QUERY).await?;
    sound.take().await;
    page.ask(later).await?;
    let parts = of_packs(sound.take().await);
    let most = by_file(&parts).values().map(|count| count.0).max();
    holds!(most > Some(1), "no file is read in more than one place");

    let host = packs(&test).await?;
    // Nothing is kept, so that each request is seen.
    host.ranges(Ranges::Compressed);
    let page = test.open(&host.url("")).await?;
    page.ask(QUERY).await?;
    host.take().await;
    page.ask(later).await?;
    let requests = of_packs(host.take().await);
    for (path, count) in by_file(&requests) {
        same!(count, (0, 1), "parts and whole files of {path}");
    }
    holds!(requests.len() > 1, "nothing was read");
    Ok(())
}

/// What goes wrong once is asked for again, still by ranges, and no notice appears.
pub async fn short_trouble_goes_unnoticed(test: Test) -> Res {
    for harm in [Harm::Status(500), Harm::Cut, Harm::Truncate, Harm::Flip] {
        let host = packs(&test).await?;
        host.fail(Fault::new(harm.clone(), "segments/").times(1));
        let page = test.open(&host.url("?q=random%20forests%20")).await?;
        let lines = page.wait_answer(QUERY).await?;
        same!(page.state().await?, "done", "state after one {harm:?}");
        same!(
            lines.first().map(|line| line.id.as_str()),
            Some(FIRST),
            "first result after one {harm:?}"
        );
        let requests = of_packs(host.take().await);
        holds!(requests.iter().any(|r| r.fault), "nothing failed");
        holds!(
            requests.iter().all(|r| r.part),
            "a whole file after one {harm:?}"
        );
        holds!(!notice(&page).await?, "a notice after one {harm:?}");
    }
    Ok(())
}

/// Neither ranges nor whole files: an error that names the file, and trying again works later.
pub async fn nothing_helps(test: Test) -> Res {
    for ranges in [Ranges::Wrong, Ranges::Empty, Ranges::Sound] {
        let host = packs(&test).await?;
        host.ranges(ranges);
        let fault = Fault::new(Harm::Status(503), "segments/");
        host.fail(if ranges == Ranges::Sound {
            fault
        } else {
            fault.only_whole()
        });
        let page = test.open(&host.url("?q=random%20forests%20")).await?;
        page.wait_state(&["error"]).await?;
        let text = page.text().await?;
        for word in ["503", "segments/", ".bin"] {
            holds!(
                text.contains(word),
                "the error does not say {word:?}: {text}"
            );
        }
        holds!(!notice(&page).await?, "a notice though nothing came");
        let script =
            "try { await host.search('gradient '); return 'found' } catch (e) { return e.code }";
        let code: String = page.js_async(script, vec![]).await?;
        same!(code, "fetch", "code with {ranges:?}");
        host.heal();
        page.click_text("retry").await?;
        let lines = page.wait_answer_in(QUERY, &["done"]).await?;
        match lines.first() {
            Some(line) if line.id == FIRST => {}
            other => fail!("first result after trying again: {other:?}"),
        }
        holds!(!notice(&page).await?, "a notice after all is well");
    }
    Ok(())
}
