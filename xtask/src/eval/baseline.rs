//! The baseline: BM25 over all papers, exact, in floating point, with titles counted three times
//! (k1 = 1.2, b = 0.75; Robertson and Zaragoza 2009).

use std::collections::HashMap;

use offprint_analysis::{TokenKind, is_stop_word, stem, tokenize};

const K1: f64 = 1.2;
const B: f64 = 0.75;
const TITLE: u32 = 3;

/// An index of some papers.
#[derive(Debug, Default)]
pub struct Baseline {
    ids: Vec<String>,
    lengths: Vec<f64>,
    /// Papers with each stem, and how often they have it.
    postings: HashMap<String, Vec<(usize, f64)>>,
}

fn stems(text: &str) -> Vec<String> {
    let mut stems = Vec::new();
    tokenize(text, &mut |token| {
        if token.kind == TokenKind::Word && !is_stop_word(token.term) {
            stems.push(stem(token.term).into_owned());
        }
    });
    stems
}

impl Baseline {
    /// Adds a paper.
    pub fn add(&mut self, id: &str, title: &str, abstract_: &str) {
        let paper = self.ids.len();
        let mut counts: HashMap<String, u32> = HashMap::new();
        for (text, weight) in [(title, TITLE), (abstract_, 1)] {
            for stem in stems(text) {
                *counts.entry(stem).or_default() += weight;
            }
        }
        self.lengths.push(f64::from(counts.values().sum::<u32>()));
        for (stem, count) in counts {
            let posting = (paper, f64::from(count));
            self.postings.entry(stem).or_default().push(posting);
        }
        self.ids.push(id.to_owned());
    }

    /// The best hundred papers for a query, those that came in first first among equals.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<String> {
        let papers = self.ids.len() as f64;
        let mean = (self.lengths.iter().sum::<f64>() / papers.max(1.0)).max(1.0);
        let mut scores = vec![0.0; self.ids.len()];
        for stem in stems(query) {
            let Some(list) = self.postings.get(&stem) else {
                continue;
            };
            let count = list.len() as f64;
            let idf = (1.0 + (papers - count + 0.5) / (count + 0.5)).ln();
            for &(paper, frequency) in list {
                if let (Some(score), Some(length)) =
                    (scores.get_mut(paper), self.lengths.get(paper))
                {
                    let norm = K1 * (1.0 - B + B * length / mean);
                    *score += idf * frequency * (K1 + 1.0) / (frequency + norm);
                }
            }
        }
        let mut order: Vec<(f64, &String)> = scores.into_iter().zip(&self.ids).collect();
        order.retain(|(score, _)| *score > 0.0);
        order.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let best = order.into_iter().take(100);
        best.map(|(_, id)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_and_titles_weigh_more() {
        let mut papers = Baseline::default();
        papers.add("a", "Graphs", "networks of graphs and trees");
        papers.add("b", "Trees", "networks of forests");
        papers.add("c", "Kernels", "networks");
        assert_eq!(papers.search("the tree network"), ["b", "a", "c"]);
        assert_eq!(
            papers.search("kernel networks").first().map(String::as_str),
            Some("c")
        );
        assert!(papers.search("of the").is_empty());
    }
}
