//! What a search costs on the wire, asked of the test host: cold, later, and with snippets.
//!
//! Bytes count as everywhere in this project: response bodies, HTML, CSS, JS and SVG as `gzip -9` sends them, the
//! rest as stored. Percentiles are over title-word queries; other kinds are shown apart.

use crate::support::engine::Engine;
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::ledger::{Cost, Kind, Request, cost, steps};
use crate::support::runner::{Case, Test};
use crate::support::{Res, build, program};
use crate::{case, fail, holds};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    let case = |case: Case| {
        case.needs(build::client)
            .needs(build::seeds)
            .only(Engine::Chromium)
            .minutes(10)
    };
    vec![case(case!(bytes::within_limits))]
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

/// Two to four words of titles, as readers type them; derived from the judged queries' titles.
fn title_words(judged: &[Judged]) -> Vec<String> {
    let titles: BTreeSet<&str> = judged
        .iter()
        .flat_map(|q| &q.expected)
        .map(String::as_str)
        .collect();
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
    let text = std::fs::read_to_string(program::shared()?.join("eval/seed-queries.jsonl"))?;
    let judged: Vec<Judged> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let titles = title_words(&judged);
    holds!(
        titles.len() >= 30,
        "only {} title-word queries",
        titles.len()
    );
    let site = build::collection(Collection::Seeds)?;
    let mut measured = Vec::new();
    let mut others = Vec::new();
    // The query asked later is another of the same kind.
    for (place, query) in titles.iter().enumerate() {
        let later = titles
            .get((place + 7) % titles.len())
            .ok_or("no later query")?;
        measured.push(measure(&test, &test.host(&site).await?, query, later).await?);
    }
    for (place, Judged { query, .. }) in judged.iter().enumerate() {
        let later = judged
            .get((place + 7) % judged.len())
            .ok_or("no later query")?;
        others.push(measure(&test, &test.host(&site).await?, query, &later.query).await?);
    }
    let kinds: BTreeSet<&str> = judged.iter().map(|q| q.kind.as_str()).collect();
    report(&format!("{} title-word queries", titles.len()), &measured);
    report(
        &format!("{} judged queries of {} kinds", judged.len(), kinds.len()),
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
    limit("client", |c| c.client.counted, 90_000)?;
    limit("later query", |c| c.later.counted, 15_000)?;
    limit("snippets", |c| c.snippets.counted, 60_000)?;
    let rounds = measured
        .iter()
        .chain(&others)
        .map(|c| c.rounds)
        .max()
        .unwrap_or(0);
    holds!(rounds <= 3, "{rounds} rounds after the manifest");
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

/// One cold visit to `?q=query` on a host of its own, then `later` on the same page.
async fn measure(test: &Test, host: &Arc<Host>, query: &str, later: &str) -> Res<Costs> {
    // The same wait for every answer makes steps visible.
    host.delay("", Duration::from_millis(40));
    let page = test
        .open(&host.url(&format!("?q={}", encode(query))))
        .await?;
    page.wait_answer(query).await?;
    let rounds: u64 = page
        .js("return globalThis.offprintTestWork.rounds", vec![])
        .await?;
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
