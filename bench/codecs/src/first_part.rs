//! What the first part of a long list is worth: bytes read against papers found.

use std::collections::HashMap;
use std::io::{self, Write};

use offprint_format::term_weight;

use crate::layers::{Coding, Layers};
use crate::lists::{Grown, List};
use crate::policies::{self, Known, Part};
use crate::queries::Word;
use crate::rank::{Ranker, View};
use crate::tree::{Histogram, LEVELS};

/// Lists of up to so many bytes are read whole.
const SHORT: [usize; 3] = [2_000, 4_000, 8_000];

const RESULTS: usize = 10;

/// How the queries went with one policy.
#[derive(Default)]
struct Outcome {
    bytes: Vec<usize>,
    overlap: f64,
    same: usize,
    same_first: usize,
    queries: usize,
}

/// The value below which `share` of the values lie.
pub(crate) fn percentile(values: &mut [usize], share: f64) -> usize {
    values.sort_unstable();
    let at = (values.len() as f64 * share) as usize;
    values
        .get(at.min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or(0)
}

fn body_histogram(grown: &Grown<'_>) -> Histogram {
    let mut counts = [0; LEVELS];
    for stem in 0..grown.terms.len() {
        for &count in grown.terms.counts(stem) {
            if count.title == 0
                && let Some(times) = counts.get_mut(usize::from(grown.terms.impact(count)))
            {
                *times += 1;
            }
        }
    }
    counts
}

/// Compares the policies over the queries.
pub(crate) fn compare(
    grown: &Grown<'_>,
    queries: &[Vec<Word>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let papers = grown.papers();
    let coding = Coding {
        papers,
        priors: &grown.terms.priors,
        body: body_histogram(grown),
    };
    let policies = policies::all();
    let mut outcomes: Vec<Outcome> = Vec::new();
    outcomes.resize_with(policies.len() * SHORT.len(), Outcome::default);
    let mut known: HashMap<u32, Layers> = HashMap::new();
    let mut ranker = Ranker::new(papers);
    for query in queries {
        let lists: Vec<List> = query.iter().map(|word| grown.list(word.stem)).collect();
        let mut layers: Vec<Layers> = Vec::new();
        for (word, list) in query.iter().zip(&lists) {
            let found = known.entry(word.stem);
            layers.push(found.or_insert_with(|| coding.layers(list)).clone());
        }
        let facts: Vec<Known> = layers
            .iter()
            .zip(&lists)
            .map(|(layers, list)| Known {
                tiers: std::array::from_fn(|tier| {
                    let high = tier.checked_sub(1).and_then(|at| layers.high.get(at));
                    list.title.len()
                        + high.map_or(0, |high| {
                            list.body
                                .iter()
                                .filter(|posting| posting.impact >= high.least)
                                .count()
                        })
                }),
                count: layers.count,
                weight: term_weight(layers.count, papers),
                bytes: layers.title + layers.body,
            })
            .collect();
        // Different policies often ask for the same parts.
        let mut seen: Vec<(Vec<Part>, Vec<u32>)> = Vec::new();
        let mut answer = |parts: Vec<Part>| {
            if let Some((_, best)) = seen.iter().find(|(known, _)| *known == parts) {
                return best.clone();
            }
            let mut views: Vec<(View, u32)> = Vec::new();
            for (at, &part) in parts.iter().enumerate() {
                if let (Some(list), Some(layers), Some(fact), Some(word)) =
                    (lists.get(at), layers.get(at), facts.get(at), query.get(at))
                {
                    views.push((policies::view(part, list, layers), fact.weight * word.times));
                }
            }
            let best = ranker.best(&views, RESULTS);
            seen.push((parts, best.clone()));
            best
        };
        let exact = answer(vec![Part::Whole; query.len()]);
        let runs = SHORT
            .iter()
            .flat_map(|&short| policies.iter().map(move |policy| (short, policy)));
        for ((short, (_, policy)), outcome) in runs.zip(&mut outcomes) {
            let parts: Vec<Part> = (0..query.len())
                .map(|at| policies::part(*policy, &facts, at, short, papers))
                .collect();
            let mut stems: Vec<u32> = Vec::new();
            let mut bytes = 0;
            for ((&part, layers), word) in parts.iter().zip(&layers).zip(query) {
                if !stems.contains(&word.stem) {
                    stems.push(word.stem);
                    bytes += policies::bytes(part, layers);
                }
            }
            let best = answer(parts);
            let common = best.iter().filter(|doc| exact.contains(doc)).count();
            outcome.bytes.push(bytes);
            outcome.overlap += common as f64 / exact.len().max(1) as f64;
            outcome.same += usize::from(best == exact);
            outcome.same_first += usize::from(best.first() == exact.first());
            outcome.queries += 1;
        }
    }
    writeln!(
        out,
        "{papers} papers, {} queries; bytes are of lists, before any rounding to blocks.\n",
        queries.len()
    )?;
    writeln!(
        out,
        "| whole up to | first part | bytes p50 | p95 | mean | overlap | same ten | same first |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- | --- |")?;
    let runs = SHORT
        .iter()
        .flat_map(|&short| policies.iter().map(move |policy| (short, policy)));
    for ((short, (name, _)), outcome) in runs.zip(&mut outcomes) {
        let queries = outcome.queries.max(1) as f64;
        let mean = outcome.bytes.iter().sum::<usize>() / outcome.queries.max(1);
        writeln!(
            out,
            "| {short} | {name} | {} | {} | {mean} | {:.1} % | {:.0} % | {:.0} % |",
            percentile(&mut outcome.bytes, 0.5),
            percentile(&mut outcome.bytes, 0.95),
            outcome.overlap / queries * 100.0,
            outcome.same as f64 / queries * 100.0,
            outcome.same_first as f64 / queries * 100.0,
        )?;
    }
    writeln!(out)
}

/// Weighs the layers of all long lists.
pub(crate) fn weigh(grown: &Grown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let coding = Coding {
        papers: grown.papers(),
        priors: &grown.terms.priors,
        body: body_histogram(grown),
    };
    let least = SHORT.first().copied().unwrap_or(0);
    let mut long: Vec<Layers> = Vec::new();
    let (mut all, mut postings) = (0, 0u64);
    for stem in 0..grown.terms.len() {
        let list = grown.list(stem);
        let (title, body) = coding.whole(&list);
        all += title + body;
        postings += u64::from(list.count());
        if title + body > least {
            long.push(coding.layers(&list));
        }
    }
    writeln!(
        out,
        "{} papers, {postings} postings, {all} bytes of all lists.\n",
        grown.papers()
    )?;
    for short in SHORT {
        let lists: Vec<&Layers> = long
            .iter()
            .filter(|list| list.title + list.body > short)
            .collect();
        let sum = |bytes: &dyn Fn(&Layers) -> usize| -> usize {
            lists.iter().map(|list| bytes(list)).sum()
        };
        let (title, body) = (sum(&|list| list.title), sum(&|list| list.body));
        writeln!(
            out,
            "Lists over {short} bytes: {} with {} postings; title {title} (documents {}), body {body} (documents {}).\n",
            lists.len(),
            sum(&|list| list.count as usize),
            sum(&|list| list.title_docs),
            sum(&|list| list.docs)
        )?;
        writeln!(out, "| split | first part | the rest | more than unsplit |")?;
        writeln!(out, "| --- | --- | --- | --- |")?;
        let mut row = |name: String, first: usize, rest: usize| {
            let more = (first + rest) as f64 / (title + body) as f64 - 1.0;
            writeln!(out, "| {name} | {first} | {rest} | {:.2} % |", more * 100.0)
        };
        row("T".to_owned(), title, body)?;
        for at in 0..crate::layers::SHARES.len() {
            let high = |list: &Layers| list.high.get(at).copied().unwrap_or_default();
            row(
                format!(
                    "H {}",
                    crate::layers::SHARES.get(at).copied().unwrap_or(0.0)
                ),
                title + sum(&|list| high(list).bytes),
                sum(&|list| high(list).rest),
            )?;
        }
        for at in 0..crate::layers::CLASSES - 1 {
            let pick = |list: &Layers, f: &dyn Fn(&crate::layers::Classes) -> usize| {
                list.classes.get(at).map_or(0, f)
            };
            let first = title + sum(&|list| list.docs + pick(list, &|classes| classes.bytes));
            let rest = sum(&|list| pick(list, &|classes| classes.rest));
            row(format!("D{} one list and classes", at + 1), first, rest)?;
            row(
                format!("D{} a list for each class", at + 1),
                title + sum(&|list| pick(list, &|classes| classes.separate + classes.bounds.len())),
                rest,
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
