//! Lists of term frequencies in an order of documents that tells their lengths, cut into tiers.

use offprint_format::encode_docs;

use crate::frequencies::{Models, any};
use crate::lists::Grown;
use crate::terms::{B, Count, K1, TITLE_WEIGHT, Terms};

/// Shares of the body part in its first tiers, the best papers first; the last has the others.
pub(crate) const CUTS: [f64; 3] = [0.125, 0.25, 0.5];

/// Lists of up to so many bytes are not cut.
pub(crate) const SHORT: usize = 4_000;

/// Tiers of a list: title part, and those of the body part.
pub(crate) const TIERS: usize = CUTS.len() + 2;

/// Lengths in the first class and in the last, in means.
const SHORTEST: f64 = 0.2;
const LONGEST: f64 = 2.5;

/// Class of a length; the lengths of a class and those of the next are in the same ratio for all.
pub(crate) fn length_class(length: u32, mean: f64, classes: u32) -> u32 {
    let place = (f64::from(length) / mean / SHORTEST).ln() / (LONGEST / SHORTEST).ln();
    ((place * f64::from(classes)).floor().max(0.0) as u32).min(classes - 1)
}

/// What the length classes of a collection are worth.
pub(crate) struct Lengths {
    /// Class of each paper.
    class: Vec<u8>,
    /// 1.2 · (0.25 + 0.75 · length / mean) of each class.
    norm: Vec<f64>,
}

impl Lengths {
    pub(crate) fn new(terms: &Terms, classes: u32) -> Lengths {
        let mean = terms.mean_length();
        let class: Vec<u8> = (0..terms.papers)
            .map(|doc| length_class(terms.length(doc), mean, classes) as u8)
            .collect();
        let mut sums = vec![(0.0, 0.0); classes as usize];
        for (doc, &class) in (0..).zip(&class) {
            if let Some((sum, count)) = sums.get_mut(usize::from(class)) {
                *sum += f64::from(terms.length(doc));
                *count += 1.0;
            }
        }
        let norm = sums
            .iter()
            .map(|&(sum, count)| K1 * (1.0 - B + B * sum / f64::max(count, 1.0) / mean))
            .collect();
        Lengths { class, norm }
    }

    fn norm(&self, paper: u32) -> f64 {
        let class = self.class.get(paper as usize).copied().unwrap_or(0);
        self.norm.get(usize::from(class)).copied().unwrap_or(K1)
    }

    /// Value of a posting of a paper, up to 256.
    pub(crate) fn value(&self, paper: u32, count: Count) -> u32 {
        let frequency = f64::from(u32::from(count.title) * TITLE_WEIGHT + u32::from(count.body));
        (frequency / (frequency + self.norm(paper)) * 256.0).round() as u32
    }

    /// The least frequency in the body that gives a value.
    fn least(&self, paper: u32, value: u32) -> u32 {
        let mut count = Count {
            doc: 0,
            title: 0,
            body: 1,
        };
        while count.body < 64 && self.value(paper, count) < value {
            count.body += 1;
        }
        u32::from(count.body)
    }
}

/// What is known of a collection before its lists are read.
pub(crate) struct Model<'a> {
    pub(crate) grown: &'a Grown<'a>,
    pub(crate) lengths: Lengths,
    models: Models,
}

/// One tier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tier {
    /// Documents and their values.
    pub(crate) papers: Vec<(u32, u32)>,
    pub(crate) bytes: usize,
    /// Greatest value.
    pub(crate) most: u32,
}

/// A list in tiers, the best papers first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tiered {
    pub(crate) count: u32,
    pub(crate) tiers: Vec<Tier>,
    /// Bytes of the whole list in two parts.
    pub(crate) whole: usize,
    /// Those of them that are documents.
    pub(crate) docs: usize,
}

impl Tiered {
    /// Whether it is read whole.
    pub(crate) fn is_short(&self) -> bool {
        self.whole <= SHORT
    }
}

impl<'a> Model<'a> {
    pub(crate) fn new(grown: &'a Grown<'a>, classes: u32) -> Self {
        Model {
            lengths: Lengths::new(grown.terms, classes),
            models: Models::new((0..grown.terms.len()).flat_map(|stem| grown.terms.counts(stem))),
            grown,
        }
    }

    fn docs(&self, counts: &[Count]) -> usize {
        let docs: Vec<u32> = counts.iter().map(|count| count.doc).collect();
        encode_docs(&docs, self.grown.papers()).len()
    }

    /// Bytes of body frequencies that are known to have values in `low..high`.
    fn body(&self, counts: &[Count], low: u32, high: u32) -> usize {
        let within = |count: &Count| {
            let paper = self.grown.original(count.doc);
            let most = match high {
                257.. => u32::MAX,
                _ => self.lengths.least(paper, high).saturating_sub(1).max(1),
            };
            (self.lengths.least(paper, low), most)
        };
        self.models.body_part(counts, within).len()
    }

    fn value(&self, count: Count) -> u32 {
        self.lengths.value(self.grown.original(count.doc), count)
    }

    /// Bytes of a list in two parts: documents, and frequencies.
    pub(crate) fn whole(&self, counts: &[Count]) -> (usize, usize) {
        let (title, body): (Vec<Count>, Vec<Count>) =
            counts.iter().partition(|count| count.title > 0);
        (
            self.docs(&title) + self.docs(&body),
            self.models.title_part(&title).len() + self.models.body_part(&body, any).len(),
        )
    }

    /// A list in tiers.
    pub(crate) fn tiered(&self, stem: u32) -> Tiered {
        let counts = self.grown.counts(stem);
        let (docs, frequencies) = self.whole(&counts);
        let (title, body): (Vec<Count>, Vec<Count>) =
            counts.iter().partition(|count| count.title > 0);
        let mut tiers = vec![self.tier(
            &title,
            self.docs(&title) + self.models.title_part(&title).len(),
        )];
        let mut values: Vec<u32> = body.iter().map(|&count| self.value(count)).collect();
        values.sort_unstable_by(|one, other| other.cmp(one));
        let mut high = 257;
        for cut in CUTS.iter().copied().chain([1.0]) {
            let at = (values.len() as f64 * cut) as usize;
            let low = match cut < 1.0 {
                // Papers of the same value stay together.
                true => values.get(at).map_or(0, |value| value + 1).min(high),
                false => 0,
            };
            let part: Vec<Count> = body
                .iter()
                .copied()
                .filter(|&count| (low..high).contains(&self.value(count)))
                .collect();
            // A byte for the bound, and two for the length.
            let bytes = self.docs(&part) + self.body(&part, low, high) + 3;
            tiers.push(self.tier(&part, bytes));
            high = low;
        }
        Tiered {
            count: counts.len() as u32,
            tiers,
            whole: docs + frequencies,
            docs,
        }
    }

    fn tier(&self, counts: &[Count], bytes: usize) -> Tier {
        let papers: Vec<(u32, u32)> = counts
            .iter()
            .map(|&count| (count.doc, self.value(count)))
            .collect();
        Tier {
            most: papers.iter().map(|(_, value)| *value).max().unwrap_or(0),
            papers,
            bytes,
        }
    }
}
