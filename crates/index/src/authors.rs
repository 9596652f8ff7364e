//! Authors who are counted: those with most papers.

use std::cmp::Reverse;

use offprint_analysis::fold_into;
use offprint_format::{OTHER, log2};

use crate::interner::Interner;

/// Papers that an author has at least.
const FEWEST: u32 = 2;
/// Authors, at most.
const MOST: usize = 5000;

/// The authors with most papers.
pub(crate) struct Top {
    /// Their names, rising.
    pub(crate) names: Vec<String>,
    /// The code of each author's number.
    pub(crate) codes: Vec<u16>,
    /// Where others have [`FEWEST`] papers too: for each number the author's place by papers, from
    /// 1; 0 for those who have fewer.
    pub(crate) ranks: Option<Vec<u32>>,
}

/// Authors' names, and how many papers have each. Names that differ in case or accents alone are
/// one author's.
#[derive(Default)]
pub(crate) struct Authors {
    /// Names as papers have them; of each the papers, and the number of the folded name.
    names: Interner,
    papers: Vec<u32>,
    folded_of: Vec<u32>,
    folded: Interner,
    buffer: String,
}

impl Authors {
    /// Counts a name; gives the number of the author.
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        let (number, new) = self.names.number(name);
        if new {
            self.buffer.clear();
            fold_into(name, &mut self.buffer);
            self.folded_of.push(self.folded.number(&self.buffer).0);
            self.papers.push(0);
        }
        if let Some(papers) = self.papers.get_mut(number as usize) {
            *papers += 1;
        }
        self.folded_of.get(number as usize).copied().unwrap_or(0)
    }

    /// The authors with most papers, as many as so many bytes hold. Each has the name that most of
    /// their papers give.
    pub(crate) fn top(&self, papers: u32, most_bytes: u64) -> Top {
        // Papers, and those of the most frequent name with its number.
        let mut authors = vec![(0u32, (0u32, 0u32)); self.folded.len()];
        for ((number, &count), &author) in (0..).zip(&self.papers).zip(&self.folded_of) {
            if let Some((sum, best)) = authors.get_mut(author as usize) {
                *sum += count;
                let name = |number: u32| Reverse(self.names.get(number));
                if (count, name(number)) > (best.0, name(best.1)) {
                    *best = (count, number);
                }
            }
        }
        let mut ranked: Vec<(Reverse<u32>, &str, u32)> = (0..)
            .zip(&authors)
            .filter(|(_, (sum, _))| *sum >= FEWEST)
            .map(|(author, &(sum, (_, name)))| (Reverse(sum), self.names.get(name), author))
            .collect();
        ranked.sort_unstable();
        let mut ranks = vec![0; authors.len()];
        for (rank, &(_, _, author)) in (1..).zip(&ranked) {
            if let Some(slot) = ranks.get_mut(author as usize) {
                *slot = rank;
            }
        }
        let repeated = ranked.len();
        ranked.truncate(MOST);
        let mut bytes = 0;
        let fits = |&(Reverse(count), name, _): &(Reverse<u32>, &str, u32)| {
            bytes += cost(count, papers) + name.len() as u64;
            bytes <= most_bytes
        };
        let mut kept: Vec<_> = ranked.into_iter().take_while(fits).collect();
        kept.sort_unstable_by_key(|&(_, name, _)| name);
        let mut codes = vec![OTHER; authors.len()];
        for (code, &(_, _, author)) in (OTHER + 1..).zip(&kept) {
            if let Some(slot) = codes.get_mut(author as usize) {
                *slot = code;
            }
        }
        let ranks = (kept.len() < repeated).then_some(ranks);
        let names = kept.into_iter().map(|(_, name, _)| name.to_owned());
        Top {
            names: names.collect(),
            codes,
            ranks,
        }
    }
}

/// About the bytes that it takes to say which `count` of all papers are an author's.
fn cost(count: u32, papers: u32) -> u64 {
    let bits = log2(u64::from(papers)).saturating_sub(log2(u64::from(count))) + (3 << 15);
    u64::from(count) * bits / (8 << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(names: &[(&str, usize)], papers: u32) -> Vec<String> {
        let mut authors = Authors::default();
        for &(name, count) in names {
            for _ in 0..count {
                authors.number(name);
            }
        }
        authors.top(papers, 36_000).names
    }

    #[test]
    fn accents_and_case_do_not_part_an_author() {
        let names = [
            ("emilie graph", 1),
            ("\u{c9}milie Graph", 2),
            ("Ada", 1),
            ("\u{c5}da", 1),
            ("Li", 1),
        ];
        assert_eq!(counted(&names, 9), ["Ada", "\u{c9}milie Graph"]);
    }

    #[test]
    fn as_many_are_counted_as_the_bytes_hold() {
        let names: Vec<String> = (0..6000).map(|at| format!("Author {at:04}")).collect();
        let count = |papers: usize, of: u32| {
            let names: Vec<(&str, usize)> =
                names.iter().map(|name| (name.as_str(), papers)).collect();
            counted(&names, of).len()
        };
        assert_eq!(count(1, 100), 0);
        assert_eq!(count(100, 200_000), 216);
        assert!(count(2, 10_000) > 2000);
    }
}
