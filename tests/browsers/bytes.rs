//! What a search costs on the wire, asked of the test host: cold, later, and with snippets.
//!
//! Bytes count as everywhere in this project: response bodies, HTML, CSS, JS and SVG as `gzip -9` sends them, the
//! rest as stored. Percentiles are over title-word queries; other kinds are shown apart.

use crate::support::engine::Engine;
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::ledger::{Cost, Kind, Request, cost, steps};
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::{case, fail, holds};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    let case = |case: Case| {
        case.needs(build::client)
            .only(Engine::Chromium)
            .apart()
            .minutes(10)
    };
    vec![
        case(case!(bytes::within_limits)).needs(build::seeds),
        case(case!(bytes::packs_within_limits)).needs(build::seeds),
        case(case!(bytes::packs_cost_no_more_than_chunks)),
    ]
}

#[derive(Deserialize)]
struct Judged {
    query: String,
    kind: String,
    expected: Vec<String>,
}

/// What one query cost.
#[derive(Default)]
struct Costs {
    cold: Cost,
    client: Cost,
    index: Cost,
    snippets: Cost,
    later: Cost,
    later_snippets: Cost,
    /// Rounds after the manifest, as the engine counts them.
    rounds: u64,
    /// Requests for the index that each waited for one before, as the host sees them. One more
    /// than the rounds where a round asks for more than the six files that HTTP/1.1 fetches at once.
    waves: usize,
    /// The same for everything.
    steps: usize,
}

/// Two to four words of titles, as readers type them.
fn title_words<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<String> {
    let titles: BTreeSet<&str> = titles.collect();
    let mut queries = Vec::new();
    for (number, title) in titles.into_iter().enumerate() {
        let words: Vec<&str> = title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3 && word.is_ascii())
            .collect();
        let count = 2 + number % 3;
        if words.len() >= count {
            queries.push(
                words
                    .iter()
                    .take(count)
                    .copied()
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
    }
    queries
}

pub async fn within_limits(test: Test) -> Res {
    hold(test, "chunks").await
}

pub async fn packs_within_limits(test: Test) -> Res {
    hold(test, "packs").await
}

/// What the seeds cost in a layout, held to the project's limits.
async fn hold(test: Test, layout: &str) -> Res {
    let text = std::fs::read_to_string(program::shared()?.join("eval/seed-queries.jsonl"))?;
    let judged: Vec<Judged> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    // The judged queries name the titles that they should find.
    let titles = title_words(judged.iter().flat_map(|q| &q.expected).map(String::as_str));
    holds!(
        titles.len() >= 30,
        "only {} title-word queries",
        titles.len()
    );
    let site = build::collection_in(Collection::Seeds, layout)?;
    let queries: Vec<String> = judged.iter().map(|q| q.query.clone()).collect();
    let measured = measure_all(&test, &site, &titles).await?;
    let others = measure_all(&test, &site, &queries).await?;
    let kinds: BTreeSet<&str> = judged.iter().map(|q| q.kind.as_str()).collect();
    report(
        &format!("{} title-word queries in {layout}", titles.len()),
        &measured,
    );
    report(
        &format!(
            "{} judged queries of {} kinds in {layout}",
            judged.len(),
            kinds.len()
        ),
        &others,
    );

    let limit = |what: &str, of: fn(&Costs) -> u64, most: u64| -> Res {
        let median = percentile(&measured, 50, of);
        if median > most {
            fail!("{what}: {median} bytes at p50, at most {most}");
        }
        Ok(())
    };
    limit("first query", |c| c.cold.counted, 120_000)?;
    limit("client", |c| c.client.counted, 95_000)?;
    // 15 KB for words and lines, and 10 for what else an index of papers tells.
    limit("later query", |c| c.later.counted, 25_000)?;
    limit("snippets", |c| c.snippets.counted, 60_000)?;
    let most = |costs: &[Costs]| costs.iter().map(|c| c.rounds).max().unwrap_or(0);
    // Misspelt words are corrected first, which takes up to three more.
    let (plain, corrected) = (most(&measured), most(&others));
    holds!(plain <= 3, "{plain} rounds after the manifest");
    holds!(corrected <= 6, "{corrected} rounds after the manifest");
    // A measurement of nothing passes every limit.
    holds!(
        measured
            .iter()
            .all(|c| c.client.requests > 1 && c.index.requests > 1),
        "nothing was fetched"
    );
    holds!(
        measured.iter().any(|c| c.snippets.requests > 0),
        "no snippet was fetched"
    );
    Ok(())
}

/// On the sample: ranges bring little that whole small files do not, and wait no more often.
pub async fn packs_cost_no_more_than_chunks(test: Test) -> Res {
    #[derive(Deserialize)]
    struct Titled {
        title: String,
    }
    let path = program::inputs(Collection::Sample)?.remove(0);
    let text = std::fs::read_to_string(path)?;
    let papers: Vec<Titled> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut queries = title_words(papers.iter().map(|paper| paper.title.as_str()));
    let mut place = 0;
    queries.retain(|_| {
        place += 1;
        place % 12 == 0
    });
    holds!(queries.len() >= 15, "only {} queries", queries.len());
    let mut index = Vec::new();
    for layout in ["chunks", "packs"] {
        let site = build::collection_in(Collection::Sample, layout)?;
        let measured = measure_all(&test, &site, &queries).await?;
        report(
            &format!("{} title-word queries in {layout}", queries.len()),
            &measured,
        );
        let rounds = measured.iter().map(|c| c.rounds).max().unwrap_or(0);
        holds!(
            rounds <= 3,
            "{rounds} rounds after the manifest in {layout}"
        );
        index.push((
            percentile(&measured, 50, |c| c.index.counted),
            percentile(&measured, 50, |c| c.snippets.counted),
            percentile(&measured, 50, |c| c.waves as u64),
        ));
    }
    let [
        (chunks, chunk_snippets, chunk_waves),
        (packs, pack_snippets, pack_waves),
    ] = index[..]
    else {
        fail!("two layouts");
    };
    // Browsers may let requests for one file wait for each other, if they are asked in a wrong way.
    holds!(
        pack_waves <= chunk_waves,
        "{pack_waves} requests in a row in packs, {chunk_waves} in chunks"
    );
    holds!(
        packs * 100 <= chunks * 115,
        "{packs} bytes of the index in packs, {chunks} in chunks"
    );
    holds!(
        pack_snippets * 100 <= chunk_snippets * 115 && pack_snippets > 0,
        "{pack_snippets} bytes of snippets in packs, {chunk_snippets} in chunks"
    );
    Ok(())
}

/// Each query on a cold page; the one asked later is another of them.
async fn measure_all(test: &Test, site: &Arc<Site>, queries: &[String]) -> Res<Vec<Costs>> {
    let mut measured = Vec::new();
    for (place, query) in queries.iter().enumerate() {
        let later = queries
            .get((place + 7) % queries.len())
            .ok_or("no later query")?;
        measured.push(measure(test, &test.host(site).await?, query, later).await?);
    }
    Ok(measured)
}

/// One cold visit to `?q=query` on a host of its own, then `later` on the same page.
async fn measure(test: &Test, host: &Arc<Host>, query: &str, later: &str) -> Res<Costs> {
    // The same wait for every answer makes steps visible.
    host.delay("", Duration::from_millis(40));
    let page = test
        .open(&host.url(&format!("?q={}", encode(query))))
        .await?;
    page.wait_answer(query).await?;
    let rounds: Option<u64> = page
        .js("return globalThis.offprintTestWork?.rounds ?? null", vec![])
        .await?;
    let Some(rounds) = rounds else {
        fail!("no answer to {query:?}, but {}", page.text().await?);
    };
    let cold = host.take().await;
    page.ask(later).await?;
    let warm = host.take().await;
    let lines = |r: &Request| r.kind() != Kind::Records;
    let snippets = |r: &Request| r.kind() == Kind::Records;
    Ok(Costs {
        cold: cost(&cold, lines),
        client: cost(&cold, |r| r.kind() == Kind::Client),
        index: cost(&cold, |r| r.kind() == Kind::Index),
        snippets: cost(&cold, snippets),
        later: cost(&warm, lines),
        later_snippets: cost(&warm, snippets),
        rounds,
        waves: steps(&cold, |r| {
            r.kind() == Kind::Index && r.path != "manifest.bin"
        }),
        steps: steps(&cold, lines),
    })
}

fn encode(query: &str) -> String {
    query
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The value below which `percent` of all lie (nearest rank).
fn percentile(costs: &[Costs], percent: usize, of: fn(&Costs) -> u64) -> u64 {
    let mut values: Vec<u64> = costs.iter().map(of).collect();
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or(0)
}

fn report(name: &str, costs: &[Costs]) {
    println!("\n{name}; KB = 1000 bytes, raw beside:        p50            p95");
    let row = |what: &str, of: fn(&Costs) -> u64, raw: fn(&Costs) -> u64| {
        let kb = |percent, of| percentile(costs, percent, of) as f64 / 1000.0;
        println!(
            "  {what:<34} {:7.1} ({:6.1}) {:7.1} ({:6.1})",
            kb(50, of),
            kb(50, raw),
            kb(95, of),
            kb(95, raw)
        );
    };
    row("cold, to ten lines", |c| c.cold.counted, |c| c.cold.raw);
    row("  of which client", |c| c.client.counted, |c| c.client.raw);
    row("  of which index", |c| c.index.counted, |c| c.index.raw);
    row(
        "  snippets more",
        |c| c.snippets.counted,
        |c| c.snippets.raw,
    );
    row(
        "later query, to ten lines",
        |c| c.later.counted,
        |c| c.later.raw,
    );
    row(
        "  snippets more",
        |c| c.later_snippets.counted,
        |c| c.later_snippets.raw,
    );
    let count = |what: &str, of: fn(&Costs) -> u64| {
        println!(
            "  {what:<34} {:7} {:16}",
            percentile(costs, 50, of),
            percentile(costs, 95, of)
        );
    };
    count("requests, cold, to ten lines", |c| c.cold.requests);
    count("rounds after the manifest", |c| c.rounds);
    count("  as the host sees them", |c| c.waves as u64);
    count("sequential steps", |c| c.steps as u64);
}
