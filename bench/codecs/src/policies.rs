//! What to read first of each list, knowing only counts and bytes.

use crate::layers::{Layers, SHARES};
use crate::lists::List;
use crate::rank::View;

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// The title part.
    Title(Missing),
    /// The title part and the body postings with the highest impacts, of a share of [`SHARES`].
    High(usize, Missing),
    /// The title part, the documents of the body part, and which of so many classes of impact each
    /// is in.
    Classes(usize),
}

/// What papers count for that the part read does not name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Missing {
    /// The word is taken to be absent.
    Absent,
    /// The word is not required, and adds nothing.
    Loose,
    /// The word is not required, and adds the mean of what was not read.
    Assumed,
}

impl Missing {
    fn of(self, others: u32) -> (bool, u32) {
        match self {
            Missing::Absent => (false, 0),
            Missing::Loose => (true, 0),
            Missing::Assumed => (true, others),
        }
    }
}

/// Bytes of a part.
pub(crate) fn bytes(part: Part, layers: &Layers) -> usize {
    let body = match part {
        Part::Whole => layers.body,
        Part::Title(_) => 1,
        Part::High(share, _) => layers.high.get(share).map_or(0, |high| high.bytes),
        Part::Classes(classes) => {
            let classes = classes.checked_sub(2).and_then(|at| layers.classes.get(at));
            layers.docs + classes.map_or(0, |classes| classes.bytes)
        }
    };
    layers.title + body
}

/// What a reader knows who has read a part.
pub(crate) fn view(part: Part, list: &List, layers: &Layers) -> View {
    let exact =
        |posting: &crate::impact::Posting| (posting.doc, crate::layers::value(posting.impact));
    let mut view = View {
        papers: list.title.iter().map(exact).collect(),
        ..View::default()
    };
    match part {
        Part::Whole => view.papers.extend(list.body.iter().map(exact)),
        Part::Title(missing) => (view.loose, view.missing) = missing.of(layers.mean),
        Part::High(share, missing) => {
            if let Some(high) = layers.high.get(share) {
                (view.loose, view.missing) = missing.of(high.others);
                let best = list
                    .body
                    .iter()
                    .filter(|posting| posting.impact >= high.least);
                view.papers.extend(best.map(exact));
            }
        }
        Part::Classes(number) => {
            let classes = number.checked_sub(2).and_then(|at| layers.classes.get(at));
            view.papers.extend(list.body.iter().map(|posting| {
                let mean = classes.and_then(|classes| {
                    let above = classes.bounds.iter().skip(1);
                    let class = above.take_while(|&&bound| posting.impact >= bound).count();
                    classes.means.get(class).copied()
                });
                (posting.doc, mean.unwrap_or(layers.mean))
            }));
        }
    }
    view
}

/// How to choose parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Policy {
    /// The same part of every long list.
    Same(Part),
    /// One part of the list with the fewest papers, another of the other long ones.
    Rarest(Part, Part),
    /// One part of the longest list, another of the other long ones.
    Longest(Part, Part),
    /// By how much a word can add, against the word that can add most: from 3/4, from 3/8, others.
    Weighed(Part, Part, Part),
    /// The first where a list is short enough to be read whole, the second where none is.
    Anchored(Part, Part),
    /// As little of the title part, the shares of high impacts and the whole as promises so many papers
    /// with all words, were words to go together as they tend to.
    Promise(f64),
}

/// What is known of a word before its list is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) count: u32,
    pub(crate) weight: u32,
    /// Bytes of the whole list.
    pub(crate) bytes: usize,
    /// Postings of the title part, and with each share of the high impacts.
    pub(crate) tiers: [usize; SHARES.len() + 1],
}

/// The part to read of word `at`; lists of up to `short` bytes are read whole.
pub(crate) fn part(policy: Policy, words: &[Known], at: usize, short: usize, papers: u32) -> Part {
    let Some(word) = words.get(at).filter(|word| word.bytes > short) else {
        return Part::Whole;
    };
    match policy {
        Policy::Same(part) => part,
        Policy::Rarest(rarest, others) => {
            let least = words.iter().map(|word| word.count).min();
            if least == Some(word.count) {
                rarest
            } else {
                others
            }
        }
        Policy::Longest(longest, others) => {
            let most = words.iter().map(|word| word.count).max();
            if most == Some(word.count) {
                longest
            } else {
                others
            }
        }
        Policy::Weighed(high, middle, low) => {
            let most = words.iter().map(|word| word.weight).max().unwrap_or(1);
            match word.weight * 8 / most.max(1) {
                6.. => high,
                3..6 => middle,
                _ => low,
            }
        }
        Policy::Promise(wanted) => {
            let papers = f64::from(papers);
            let least = words.iter().map(|word| word.count).min().unwrap_or(0);
            let mut together = (f64::from(least) * papers).sqrt();
            for word in words {
                together *= (f64::from(word.count) / papers).sqrt();
            }
            let enough = |tier: &usize| {
                let long = words.iter().filter(|word| word.bytes > short);
                let shares = long.map(|word| {
                    let read = word.tiers.get(*tier).copied().unwrap_or(0);
                    read as f64 / f64::from(word.count.max(1))
                });
                together * shares.product::<f64>() >= wanted
            };
            match (0..=SHARES.len()).find(enough) {
                Some(0) => Part::Title(Missing::Absent),
                Some(tier) => Part::High(tier - 1, Missing::Absent),
                None => Part::Whole,
            }
        }
        Policy::Anchored(anchored, others) => {
            let anchor = words.iter().any(|word| word.bytes <= short);
            if anchor { anchored } else { others }
        }
    }
}

/// The policies that are compared, with their names.
pub(crate) fn all() -> Vec<(String, Policy)> {
    use Missing::{Absent, Assumed, Loose};
    use Part::{Classes, High, Title, Whole};
    let mut policies = vec![("all".to_owned(), Policy::Same(Whole))];
    for missing in [Absent, Loose, Assumed] {
        policies.push((format!("T {missing:?}"), Policy::Same(Title(missing))));
    }
    for (at, share) in SHARES.iter().enumerate() {
        for missing in [Absent, Loose, Assumed] {
            policies.push((
                format!("H {share} {missing:?}"),
                Policy::Same(High(at, missing)),
            ));
        }
    }
    for classes in 1..=4 {
        policies.push((
            format!("D{} ({classes} classes)", classes - 1),
            Policy::Same(Classes(classes)),
        ));
    }
    let mut more = |name: &str, policy| policies.push((name.to_owned(), policy));
    more("rarest whole, others D0", Policy::Rarest(Whole, Classes(1)));
    more("rarest whole, others D1", Policy::Rarest(Whole, Classes(2)));
    more(
        "rarest D1, others D0",
        Policy::Rarest(Classes(2), Classes(1)),
    );
    more(
        "rarest D3, others D0",
        Policy::Rarest(Classes(4), Classes(1)),
    );
    more(
        "rarest D3, others D1",
        Policy::Rarest(Classes(4), Classes(2)),
    );
    more(
        "rarest D1, others H 1/4 absent",
        Policy::Rarest(Classes(2), High(1, Absent)),
    );
    more(
        "rarest D1, others H 1/4 assumed",
        Policy::Rarest(Classes(2), High(1, Assumed)),
    );
    more(
        "rarest D1, others H 1/2 absent",
        Policy::Rarest(Classes(2), High(2, Absent)),
    );
    more(
        "longest T loose, others D1",
        Policy::Longest(Title(Loose), Classes(2)),
    );
    more(
        "longest T assumed, others D1",
        Policy::Longest(Title(Assumed), Classes(2)),
    );
    more(
        "longest H 1/4 assumed, others D1",
        Policy::Longest(High(1, Assumed), Classes(2)),
    );
    more(
        "weighed D3 D1 D0",
        Policy::Weighed(Classes(4), Classes(2), Classes(1)),
    );
    more(
        "weighed D2 D1 D0",
        Policy::Weighed(Classes(3), Classes(2), Classes(1)),
    );
    more(
        "anchored D0, else H 1/4 absent",
        Policy::Anchored(Classes(1), High(1, Absent)),
    );
    more(
        "anchored D1, else H 1/4 absent",
        Policy::Anchored(Classes(2), High(1, Absent)),
    );
    more(
        "anchored D1, else H 1/2 absent",
        Policy::Anchored(Classes(2), High(2, Absent)),
    );
    more(
        "anchored D0, else T absent",
        Policy::Anchored(Classes(1), Title(Absent)),
    );
    more(
        "anchored D1, else D0",
        Policy::Anchored(Classes(2), Classes(1)),
    );
    for wanted in [30.0, 100.0, 300.0, 1000.0] {
        more(
            &format!("T or H or all, promise {wanted}"),
            Policy::Promise(wanted),
        );
    }
    policies
}
