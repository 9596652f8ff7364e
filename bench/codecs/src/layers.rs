//! A list cut into layers: what a reader may fetch first, and what it costs.

use offprint_format::encode_docs;

use crate::impact::{ImpactPriors, Posting, encode, impact_value};
use crate::lists::List;
use crate::range_coder::{Bit, Encoder};
use crate::tree::{Histogram, LEVELS, Tree};

/// Shares of a body part that its first part may hold, the highest impacts first.
pub(crate) const SHARES: [f64; 3] = [0.125, 0.25, 0.5];

/// Most classes of impact.
pub(crate) const CLASSES: usize = 4;

/// Values are in eighths of an impact step, so that means have a place.
pub(crate) const UNIT: u32 = 8;

/// The value of a code.
pub(crate) fn value(code: u8) -> u32 {
    impact_value(code) * UNIT
}

/// Counts the codes of postings.
pub(crate) fn histogram(postings: &[Posting]) -> Histogram {
    let mut counts = [0; LEVELS];
    for posting in postings {
        if let Some(count) = counts.get_mut(usize::from(posting.impact)) {
            *count += 1;
        }
    }
    counts
}

/// Mean value of the codes in `low..high`.
pub(crate) fn mean(counts: &Histogram, low: u8, high: u8) -> u32 {
    let (mut sum, mut count) = (0, 0);
    for (code, &times) in (0u8..).zip(counts) {
        if (low..high).contains(&code) {
            sum += times * u64::from(value(code));
            count += times;
        }
    }
    ((sum + count / 2) / count.max(1)) as u32
}

/// Impacts of a list that is cut into classes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes {
    /// Class `i` holds the codes `bounds[i]..bounds[i + 1]`.
    pub(crate) bounds: Vec<u8>,
    /// Mean value of each class.
    pub(crate) means: Vec<u32>,
    /// Bytes that say which class each paper is in, with those of the bounds and means.
    pub(crate) bytes: usize,
    /// Bytes that say the impacts where the class is known.
    pub(crate) rest: usize,
    /// Bytes of the documents of each class as a list of its own.
    pub(crate) separate: usize,
}

/// The best papers of a body part, cut off at an impact.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct High {
    pub(crate) least: u8,
    /// Bytes of the papers with that impact and more.
    pub(crate) bytes: usize,
    /// Bytes of the others.
    pub(crate) rest: usize,
    /// Mean value of the others.
    pub(crate) others: u32,
}

/// What the parts of a list weigh.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    pub(crate) count: u32,
    pub(crate) title: usize,
    pub(crate) body: usize,
    /// Documents of the body part.
    pub(crate) docs: usize,
    /// Documents of the title part.
    pub(crate) title_docs: usize,
    /// Mean value of the body part.
    pub(crate) mean: u32,
    /// Of two classes and more.
    pub(crate) classes: Vec<Classes>,
    pub(crate) high: [High; SHARES.len()],
}

/// Codes lists and parts of them.
pub(crate) struct Coding<'a> {
    pub(crate) papers: u32,
    pub(crate) priors: &'a ImpactPriors,
    /// All body postings.
    pub(crate) body: Histogram,
}

impl Coding<'_> {
    /// Bytes of a list with impacts: title part and body part.
    pub(crate) fn whole(&self, list: &List) -> (usize, usize) {
        (
            encode(&list.title, true, self.papers, self.priors).len(),
            encode(&list.body, false, self.papers, self.priors).len(),
        )
    }

    fn docs(&self, postings: &[Posting], wanted: impl Fn(u8) -> bool) -> usize {
        let docs: Vec<u32> = postings
            .iter()
            .filter(|posting| wanted(posting.impact))
            .map(|posting| posting.doc)
            .collect();
        encode_docs(&docs, self.papers).len()
    }

    /// Weighs every layer of a list.
    pub(crate) fn layers(&self, list: &List) -> Layers {
        let (title, body) = self.whole(list);
        let counts = histogram(&list.body);
        Layers {
            count: list.count(),
            title,
            body,
            docs: self.docs(&list.body, |_| true) + 1,
            title_docs: self.docs(&list.title, |_| true),
            mean: mean(&counts, 0, LEVELS as u8),
            classes: (2..=CLASSES)
                .map(|classes| self.classes(list, &counts, classes))
                .collect(),
            high: SHARES.map(|share| self.high(list, &counts, share)),
        }
    }

    fn classes(&self, list: &List, counts: &Histogram, classes: usize) -> Classes {
        let bounds = best_bounds(counts, classes);
        let spans = || bounds.iter().copied().zip(bounds.iter().copied().skip(1));
        let means = spans().map(|(low, high)| mean(counts, low, high)).collect();
        let mut coder = Encoder::new();
        let mut models = [Bit::EVEN; LEVELS];
        let mut rest = Encoder::new();
        let mut trees: Vec<Tree> = spans()
            .map(|(low, high)| Tree::new(&self.body, low, high))
            .collect();
        for posting in &list.body {
            let class = spans()
                .position(|(_, high)| posting.impact < high)
                .unwrap_or(0);
            put_class(&mut coder, &mut models, class, classes);
            if let Some(tree) = trees.get_mut(class) {
                tree.put(&mut rest, posting.impact);
            }
        }
        let separate = spans()
            .map(|(low, high)| self.docs(&list.body, |code| (low..high).contains(&code)))
            .sum();
        Classes {
            bytes: coder.finish().len() + 2 * classes - 2,
            rest: rest.finish().len(),
            means,
            separate,
            bounds,
        }
    }

    fn high(&self, list: &List, counts: &Histogram, share: f64) -> High {
        let wanted = list.body.len() as f64 * share;
        // The threshold whose share comes nearest.
        let (mut best, mut kept) = ((f64::INFINITY, 0u8), 0);
        for (code, &times) in (0..LEVELS as u8).zip(counts).rev() {
            kept += times;
            let off = (kept as f64 / wanted.max(1.0)).ln().abs();
            if kept > 0 && off < best.0 {
                best = (off, code);
            }
        }
        let least = best.1;
        let part = |low: u8, high: u8| {
            let mut coder = Encoder::new();
            let mut tree = Tree::new(&self.body, low, high);
            for posting in &list.body {
                if (low..high).contains(&posting.impact) {
                    tree.put(&mut coder, posting.impact);
                }
            }
            coder.finish().len() + self.docs(&list.body, |code| (low..high).contains(&code))
        };
        High {
            least,
            bytes: part(least, LEVELS as u8) + 1,
            rest: part(0, least),
            others: mean(counts, 0, least),
        }
    }
}

/// Says one of two to four classes, as a tree of adaptive decisions.
fn put_class(coder: &mut Encoder, models: &mut [Bit; LEVELS], class: usize, classes: usize) {
    let (mut low, mut high, mut node) = (0, classes, 1);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        let bit = class >= middle;
        if let Some(model) = models.get_mut(node) {
            coder.bit(model, bit);
        }
        node = node * 2 + usize::from(bit);
        if bit {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The bounds of so many classes that keep the squared distance to their means least.
fn best_bounds(counts: &Histogram, classes: usize) -> Vec<u8> {
    let mut sums = vec![(0f64, 0f64, 0f64)];
    let (mut number, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (code, &times) in (0u32..).zip(counts) {
        let (times, code) = (times as f64, f64::from(code));
        number += times;
        sum += times * code;
        squares += times * code * code;
        sums.push((number, sum, squares));
    }
    let cost = |low: usize, high: usize| match (sums.get(low), sums.get(high)) {
        (Some(low), Some(high)) if high.0 > low.0 => {
            let sum = high.1 - low.1;
            high.2 - low.2 - sum * sum / (high.0 - low.0)
        }
        _ => 0.0,
    };
    // Best way to cut `0..end` into so many classes.
    let mut best: Vec<(f64, Vec<u8>)> = (0..=LEVELS).map(|end| (cost(0, end), vec![0])).collect();
    for _ in 1..classes {
        best = (0..=LEVELS)
            .map(|end| {
                let mut found: Option<(f64, Vec<u8>)> = None;
                for (cut, (before, bounds)) in best.iter().enumerate().take(end.max(1)) {
                    let cost = before + cost(cut, end);
                    if found.as_ref().is_none_or(|(least, _)| cost < *least) {
                        let mut bounds = bounds.clone();
                        bounds.push(cut as u8);
                        found = Some((cost, bounds));
                    }
                }
                found.unwrap_or_default()
            })
            .collect();
    }
    let mut bounds = best.pop().map(|(_, bounds)| bounds).unwrap_or_default();
    bounds.push(LEVELS as u8);
    bounds
}
