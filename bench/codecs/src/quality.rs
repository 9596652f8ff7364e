//! How much of the ten best papers a way to keep impacts finds again.

use std::io::{self, Write};

use offprint_format::term_weight;

use crate::queries::Word;
use crate::terms::{Count, Terms};
use crate::tiers::Lengths;

/// Results looked at.
const RESULTS: usize = 10;

/// Gives a posting its value, between 0 and 1.
pub(crate) type Value<'a> = dyn Fn(Count) -> f64 + 'a;

/// What a term weighs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The natural logarithm of BM25, in floating point.
    Exact,
    /// The integers of the engine.
    Integer,
}

impl Weight {
    fn of(self, count: usize, papers: u32) -> f64 {
        match self {
            Weight::Integer => f64::from(term_weight(count as u32, papers)),
            Weight::Exact => {
                let (count, papers) = (count as f64, f64::from(papers));
                (1.0 + (papers - count + 0.5) / (count + 0.5)).ln()
            }
        }
    }
}

/// Scores every paper for a query, over and over.
pub(crate) struct Judge<'a> {
    terms: &'a Terms,
    scores: Vec<f64>,
    words: Vec<u8>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(terms: &'a Terms) -> Self {
        Judge {
            terms,
            scores: vec![0.0; terms.papers as usize],
            words: vec![0; terms.papers as usize],
        }
    }

    /// The best papers; those with all words first, if so wanted. Ties go to the lower number.
    pub(crate) fn best(
        &mut self,
        query: &[Word],
        value: &Value<'_>,
        weight: Weight,
        all_first: bool,
    ) -> Vec<u32> {
        self.scores.fill(0.0);
        self.words.fill(0);
        let mut required = 0u8;
        for (at, word) in query.iter().enumerate() {
            required |= 1 << at;
            let counts = self.terms.counts(word.stem);
            let weight = weight.of(counts.len(), self.terms.papers) * f64::from(word.times);
            for &count in counts {
                let doc = count.doc as usize;
                if let (Some(score), Some(words)) =
                    (self.scores.get_mut(doc), self.words.get_mut(doc))
                {
                    *score += weight * value(count);
                    *words |= 1 << at;
                }
            }
        }
        let mut best: Vec<(bool, f64, u32)> = Vec::with_capacity(RESULTS + 1);
        for ((doc, &score), &words) in (0..).zip(&self.scores).zip(&self.words) {
            if words == 0 {
                continue;
            }
            let lacks = all_first && words != required;
            // Better: all words, then the higher score; the earlier paper stands already.
            let after = |kept: &(bool, f64, u32)| (kept.0, -kept.1) <= (lacks, -score);
            if best.len() == RESULTS && best.last().is_some_and(after) {
                continue;
            }
            let place = best.partition_point(after);
            best.insert(place, (lacks, score, doc));
            best.truncate(RESULTS);
        }
        best.into_iter().map(|(_, _, doc)| doc).collect()
    }
}

/// Mean overlap of the ten best with those of the unquantised scores, the share of queries with
/// the same ten in the same order, and with the same first one.
fn overlap(
    terms: &Terms,
    queries: &[Vec<Word>],
    value: &Value<'_>,
    weight: Weight,
    all_first: bool,
) -> (f64, f64, f64) {
    let mut judge = Judge::new(terms);
    let (mut common, mut same, mut first) = (0.0, 0.0, 0.0);
    for query in queries {
        let exact = judge.best(
            query,
            &|count| terms.saturated(count),
            Weight::Exact,
            all_first,
        );
        let found = judge.best(query, value, weight, all_first);
        let shared = found.iter().filter(|doc| exact.contains(doc)).count();
        common += shared as f64 / exact.len().max(1) as f64;
        same += f64::from(u8::from(found == exact));
        first += f64::from(u8::from(found.first() == exact.first()));
    }
    let count = (queries.len() as f64).max(1.0);
    (common / count, same / count, first / count)
}

/// The code of so many bits of a saturated frequency; at five bits that of [`crate::impact`].
pub(crate) fn code(saturated: f64, bits: u32) -> u8 {
    let (offset, steps) = scale(bits);
    let step = (saturated * steps).round();
    step.clamp(offset, offset + f64::from((1u32 << bits) - 1)) as u8 - offset as u8
}

/// The saturated frequency that its code stands for.
pub(crate) fn quantised(saturated: f64, bits: u32) -> f64 {
    let (offset, steps) = scale(bits);
    (f64::from(code(saturated, bits)) + offset) / steps
}

fn scale(bits: u32) -> (f64, f64) {
    let levels = f64::from(1u32 << bits);
    (levels / 8.0, levels * 9.0 / 8.0)
}

/// Compares ways to keep impacts.
pub(crate) fn compare(terms: &Terms, queries: &[Vec<Word>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| kept | all words first: overlap | same ten | same first | sums only: overlap | same ten | same first |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
    let mut row = |name: &str, value: &Value<'_>, weight: Weight| {
        write!(out, "| {name} |")?;
        for all_first in [true, false] {
            let (common, same, first) = overlap(terms, queries, value, weight, all_first);
            write!(
                out,
                " {:.1} % | {:.0} % | {:.0} % |",
                common * 100.0,
                same * 100.0,
                first * 100.0
            )?;
        }
        writeln!(out)
    };
    let exact = |count| terms.saturated(count);
    row("all, integer weights", &exact, Weight::Integer)?;
    for bits in [4, 5, 6, 7] {
        let value = |count| quantised(terms.saturated(count), bits);
        row(
            &format!("{bits} bits, integer weights"),
            &value,
            Weight::Integer,
        )?;
    }
    for classes in [8, 16, 32, 64, 128] {
        let lengths = Lengths::new(terms, classes);
        let value = |count: Count| f64::from(lengths.value(count.doc, count));
        let name = format!("frequency and {classes} classes of length, integer weights and values");
        row(&name, &value, Weight::Integer)?;
    }
    writeln!(out)
}
