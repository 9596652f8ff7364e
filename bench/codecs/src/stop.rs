//! Reading tiers of lists until the ten best papers are certain, or likely.

use std::io::{self, Write};

use offprint_format::term_weight;

use crate::queries::Word;
use crate::tiers::{Model, SHORT, TIERS, Tiered};

/// Results wanted.
const RESULTS: usize = 10;

/// A word's tiers and how many of them are read.
struct Reading<'a> {
    list: &'a Tiered,
    weight: u32,
    tiers: usize,
}

impl Reading<'_> {
    /// The most that a paper can get which was not read.
    fn unread(&self) -> u32 {
        let most = self
            .list
            .tiers
            .iter()
            .skip(self.tiers)
            .map(|tier| tier.most);
        most.max().unwrap_or(0) * self.weight
    }

    fn bytes(&self) -> usize {
        if self.list.is_short() {
            self.list.whole
        } else {
            self.list
                .tiers
                .iter()
                .take(self.tiers)
                .map(|tier| tier.bytes)
                .sum()
        }
    }
}

/// Adds up, paper by paper, over and over.
struct Scores {
    scores: Vec<u32>,
    words: Vec<u8>,
}

impl Scores {
    /// The best papers by what is known, and whether nothing that is not can change them.
    fn best(&mut self, words: &[Reading<'_>]) -> (Vec<u32>, bool) {
        self.scores.fill(0);
        self.words.fill(0);
        let mut required = 0u8;
        let mut unread: Vec<(u8, u32)> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let bit = 1 << at;
            required |= bit;
            if word.unread() > 0 {
                unread.push((bit, word.unread()));
            }
            for &(doc, value) in word
                .list
                .tiers
                .iter()
                .take(word.tiers)
                .flat_map(|tier| &tier.papers)
            {
                if let (Some(score), Some(words)) = (
                    self.scores.get_mut(doc as usize),
                    self.words.get_mut(doc as usize),
                ) {
                    *score += word.weight * value;
                    *words |= bit;
                }
            }
        }
        let mut best: Vec<((bool, i64), u32)> = Vec::with_capacity(RESULTS + 1);
        // The best that any other paper can be: of those dropped, and of those not met.
        let all: u8 = unread.iter().map(|(bit, _)| bit).sum();
        let sum: u32 = unread.iter().map(|(_, most)| most).sum();
        let mut others = (required & !all != 0, -i64::from(sum));
        let bound = |score: u32, words: u8| {
            let more = unread.iter().filter(|(bit, _)| words & bit == 0);
            let (bits, sum) = more.fold((words, score), |(bits, sum), (bit, most)| {
                (bits | bit, sum + most)
            });
            (bits != required, -i64::from(sum))
        };
        for ((doc, &score), &words) in (0..).zip(&self.scores).zip(&self.words) {
            if words == 0 {
                continue;
            }
            let key = ((words != required, -i64::from(score)), doc);
            if best.len() == RESULTS && best.last().is_some_and(|worst| *worst <= key) {
                others = others.min(bound(score, words));
                continue;
            }
            let at = best.partition_point(|kept| *kept < key);
            best.insert(at, key);
            if best.len() > RESULTS
                && let Some((_, dropped)) = best.pop()
                && let (Some(&score), Some(&words)) = (
                    self.scores.get(dropped as usize),
                    self.words.get(dropped as usize),
                )
            {
                others = others.min(bound(score, words));
            }
        }
        // The order among the ten is certain where all have all words.
        let certain = unread.is_empty()
            || best.len() == RESULTS
                && best
                    .last()
                    .is_some_and(|(worst, _)| !worst.0 && *worst < others);
        (best.into_iter().map(|(_, doc)| doc).collect(), certain)
    }
}

/// How many tiers to read at first.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// So many of each long list.
    Same(usize),
    /// As few as promise so many papers with all words, were words to go together as they tend to.
    Promise(f64),
}

fn tiers(rule: Rule, lists: &[Tiered], papers: u32) -> usize {
    match rule {
        Rule::Same(tiers) => tiers,
        Rule::Promise(wanted) => {
            let least = lists.iter().map(|list| list.count).min().unwrap_or(0);
            let mut together = (f64::from(least) * f64::from(papers)).sqrt();
            for list in lists {
                together *= (f64::from(list.count) / f64::from(papers)).sqrt();
            }
            (1..TIERS)
                .find(|&tiers| {
                    let long = lists.iter().filter(|list| !list.is_short());
                    let shares = long.map(|list| {
                        let read: usize = list
                            .tiers
                            .iter()
                            .take(tiers)
                            .map(|tier| tier.papers.len())
                            .sum();
                        read as f64 / f64::from(list.count.max(1))
                    });
                    together * shares.product::<f64>() >= wanted
                })
                .unwrap_or(TIERS)
        }
    }
}

/// What a reader has after so many tiers.
#[derive(Clone)]
struct Answer {
    best: Vec<u32>,
    certain: bool,
    bytes: usize,
}

/// How the queries went with one rule.
#[derive(Default)]
struct Outcome {
    first: Vec<usize>,
    both: Vec<usize>,
    overlap: f64,
    same: f64,
    same_first: f64,
    certain: f64,
}

impl Outcome {
    fn see(&mut self, found: &Answer, exact: &Answer) {
        let common = found.best.iter().filter(|doc| exact.best.contains(doc));
        self.overlap += common.count() as f64 / exact.best.len().max(1) as f64;
        self.same += f64::from(u8::from(found.best == exact.best));
        self.same_first += f64::from(u8::from(found.best.first() == exact.best.first()));
        self.certain += f64::from(u8::from(found.certain));
        self.first.push(found.bytes);
        self.both.push(match found.certain {
            true => found.bytes,
            false => exact.bytes,
        });
    }
}

/// Compares rules over the queries.
pub(crate) fn compare(
    model: &Model<'_>,
    queries: &[Vec<Word>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let papers = model.grown.papers();
    let mut rules: Vec<Rule> = (1..=TIERS).map(Rule::Same).collect();
    rules.extend([30.0, 100.0, 200.0, 300.0, 500.0, 1000.0].map(Rule::Promise));
    let mut outcomes: Vec<Outcome> = Vec::new();
    outcomes.resize_with(rules.len(), Outcome::default);
    let mut scores = Scores {
        scores: vec![0; papers as usize],
        words: vec![0; papers as usize],
    };
    for query in queries {
        let lists: Vec<Tiered> = query.iter().map(|word| model.tiered(word.stem)).collect();
        let mut answers: Vec<Option<Answer>> = vec![None; TIERS + 1];
        let mut answer = |number: usize| {
            if let Some(Some(known)) = answers.get(number) {
                return known.clone();
            }
            let words: Vec<Reading<'_>> = lists
                .iter()
                .zip(query)
                .map(|(list, word)| Reading {
                    list,
                    weight: term_weight(list.count, papers) * word.times,
                    tiers: if list.is_short() { TIERS } else { number },
                })
                .collect();
            let (best, certain) = scores.best(&words);
            let mut bytes = 0;
            for (at, word) in words.iter().enumerate() {
                let stem = query.get(at).map(|word| word.stem);
                if !query
                    .iter()
                    .take(at)
                    .any(|earlier| Some(earlier.stem) == stem)
                {
                    bytes += word.bytes();
                }
            }
            let known = Answer {
                best,
                certain,
                bytes,
            };
            if let Some(slot) = answers.get_mut(number) {
                *slot = Some(known.clone());
            }
            known
        };
        let exact = answer(TIERS);
        for (rule, outcome) in rules.iter().zip(&mut outcomes) {
            let found = answer(tiers(*rule, &lists, papers));
            outcome.see(&found, &exact);
            if found.certain && found.best != exact.best {
                let (found, exact) = (found.best, &exact.best);
                writeln!(out, "A certain answer is wrong: {found:?} {exact:?}")?;
            }
        }
    }
    writeln!(
        out,
        "{papers} papers, {} queries, lists of up to {SHORT} bytes read whole.\n",
        queries.len()
    )?;
    writeln!(
        out,
        "| read first | bytes p50 | p95 | mean | overlap | same ten | same first | certain | with what uncertain ones need: p50 | p95 | mean |"
    )?;
    writeln!(
        out,
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    )?;
    for (rule, outcome) in rules.iter().zip(&mut outcomes) {
        let count = queries.len().max(1) as f64;
        let mean = |values: &[usize]| values.iter().sum::<usize>() / values.len().max(1);
        let (first, both) = (mean(&outcome.first), mean(&outcome.both));
        writeln!(
            out,
            "| {rule:?} | {} | {} | {first} | {:.1} % | {:.0} % | {:.0} % | {:.0} % | {} | {} | {both} |",
            crate::first_part::percentile(&mut outcome.first, 0.5),
            crate::first_part::percentile(&mut outcome.first, 0.95),
            outcome.overlap / count * 100.0,
            outcome.same / count * 100.0,
            outcome.same_first / count * 100.0,
            outcome.certain / count * 100.0,
            crate::first_part::percentile(&mut outcome.both, 0.5),
            crate::first_part::percentile(&mut outcome.both, 0.95),
        )?;
    }
    writeln!(out)
}

/// Weighs all lists: whole, and in tiers where they are long.
pub(crate) fn weigh(model: &Model<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (mut docs, mut frequencies) = (0, 0);
    let (mut long, mut long_docs, mut tiers) = (0, 0, [0; TIERS]);
    for stem in 0..model.grown.terms.len() {
        let (more_docs, more) = model.whole(&model.grown.counts(stem));
        docs += more_docs;
        frequencies += more;
        if more_docs + more > SHORT {
            let list = model.tiered(stem);
            long += list.whole;
            long_docs += list.docs;
            for (sum, tier) in tiers.iter_mut().zip(&list.tiers) {
                *sum += tier.bytes;
            }
        }
    }
    let sum: usize = tiers.iter().sum();
    writeln!(
        out,
        "All lists: documents {docs}, frequencies {frequencies}. Over {SHORT} bytes: {long} (documents {long_docs}); in tiers {tiers:?}, {:.2} % more.\n",
        (sum as f64 / long as f64 - 1.0) * 100.0
    )
}
