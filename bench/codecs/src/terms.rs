//! A collection as terms: the same words, stems, counts and lengths as the builder's.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use offprint_analysis::{TokenKind, is_stop_word, stem, tokenize};
use offprint_papers::{Collection, Limits, Paper, Text};

use crate::impact::{ImpactPriors, Posting, impact_code};

/// Saturation of term frequency in BM25.
pub(crate) const K1: f64 = 1.2;
/// Share of length normalisation in BM25.
pub(crate) const B: f64 = 0.75;
/// How often a word of the title counts.
pub(crate) const TITLE_WEIGHT: u32 = 3;

/// How often a paper holds a stem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) doc: u32,
    pub(crate) title: u16,
    pub(crate) body: u16,
}

/// A collection as terms.
pub(crate) struct Terms {
    pub(crate) papers: u32,
    /// Number of each stem.
    pub(crate) stems: HashMap<Box<str>, u32>,
    pub(crate) priors: ImpactPriors,
    /// Counts by stem and document; those of stem `s` are `starts[s]..starts[s + 1]`.
    counts: Vec<Count>,
    starts: Vec<usize>,
    lengths: Vec<u32>,
    mean_length: f64,
}

/// Reads the papers of a file, as the builder does.
pub(crate) fn read_papers(path: &Path) -> io::Result<Vec<Paper>> {
    let mut collection = Collection::new(Limits::default());
    collection.add_input(&path.to_string_lossy(), File::open(path)?);
    Ok(collection.finish().0)
}

impl Terms {
    /// The terms of papers in document order.
    pub(crate) fn new(papers: &[&Paper]) -> Terms {
        let mut analyzer = Analyzer::default();
        for (doc, paper) in (0..).zip(papers) {
            analyzer.add(doc, paper);
        }
        analyzer.finish()
    }

    /// Number of stems.
    pub(crate) fn len(&self) -> u32 {
        self.starts.len().saturating_sub(1) as u32
    }

    /// The papers of a stem, in document order.
    pub(crate) fn counts(&self, stem: u32) -> &[Count] {
        let stem = stem as usize;
        let range = match self.starts.get(stem..stem + 2) {
            Some(&[start, end]) => start..end,
            _ => 0..0,
        };
        self.counts.get(range).unwrap_or_default()
    }

    /// Length of a paper in words, those of the title thrice.
    pub(crate) fn length(&self, doc: u32) -> u32 {
        self.lengths.get(doc as usize).copied().unwrap_or(0)
    }

    /// Mean length of the papers.
    pub(crate) fn mean_length(&self) -> f64 {
        self.mean_length
    }

    /// Saturated frequency of a posting, between 0 and 1.
    pub(crate) fn saturated(&self, count: Count) -> f64 {
        let frequency = f64::from(u32::from(count.title) * TITLE_WEIGHT + u32::from(count.body));
        let length = self.lengths.get(count.doc as usize).copied().unwrap_or(0);
        let norm = K1 * (1.0 - B + B * f64::from(length) / self.mean_length);
        frequency / (frequency + norm)
    }

    /// Impact code of a posting.
    pub(crate) fn impact(&self, count: Count) -> u8 {
        impact_code(self.saturated(count))
    }

    /// A posting with its impact.
    pub(crate) fn posting(&self, count: Count) -> Posting {
        Posting {
            doc: count.doc,
            impact: self.impact(count),
            in_abstract: count.body > 0,
        }
    }
}

#[derive(Default)]
struct Analyzer {
    /// Stem of each word.
    words: HashMap<Box<str>, u32>,
    stems: HashMap<Box<str>, u32>,
    counts: Vec<(u32, Count)>,
    lengths: Vec<u32>,
    /// Of the paper at hand: stem to (title, body).
    paper: HashMap<u32, (u32, u32)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Body,
}

impl Analyzer {
    fn stem_number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.words.get(word) {
            return number;
        }
        let next = self.stems.len() as u32;
        let number = *self.stems.entry((*stem(word)).into()).or_insert(next);
        self.words.insert(word.into(), number);
        number
    }

    fn text(&mut self, text: &str, field: Field) -> u32 {
        let mut length = 0;
        tokenize(text, &mut |token| {
            let stem = self.stem_number(token.term);
            let (title, body) = self.paper.entry(stem).or_default();
            match field {
                Field::Title => *title += 1,
                Field::Body => *body += 1,
            }
            if token.kind == TokenKind::Word && !is_stop_word(token.term) {
                length += 1;
            }
        });
        length
    }

    fn raw(&mut self, text: &Text) {
        let Some(raw) = &text.raw else { return };
        tokenize(raw, &mut |token| {
            let stem = self.stem_number(token.term);
            self.paper.entry(stem).or_insert((0, 1));
        });
    }

    fn add(&mut self, doc: u32, paper: &Paper) {
        self.paper.clear();
        let mut length = self.text(&paper.title.clean, Field::Title) * TITLE_WEIGHT;
        length += self.text(&paper.abstract_.clean, Field::Body);
        for keyword in &paper.keywords {
            length += self.text(keyword, Field::Body);
        }
        self.raw(&paper.title);
        self.raw(&paper.abstract_);
        self.lengths.push(length);
        let clamp = |count: u32| count.min(u32::from(u16::MAX)) as u16;
        for (&stem, &(title, body)) in &self.paper {
            let (title, body) = (clamp(title), clamp(body));
            self.counts.push((stem, Count { doc, title, body }));
        }
    }

    fn finish(mut self) -> Terms {
        self.counts
            .sort_unstable_by_key(|&(stem, count)| (stem, count.doc));
        let mut starts = vec![0; self.stems.len() + 1];
        for (stem, _) in &self.counts {
            if let Some(end) = starts.get_mut(*stem as usize + 1) {
                *end += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let total: u64 = self.lengths.iter().map(|&length| u64::from(length)).sum();
        let mut terms = Terms {
            papers: self.lengths.len() as u32,
            stems: self.stems,
            priors: ImpactPriors::default(),
            counts: self.counts.into_iter().map(|(_, count)| count).collect(),
            starts,
            mean_length: (total as f64 / (self.lengths.len() as f64).max(1.0)).max(1.0),
            lengths: self.lengths,
        };
        let postings = terms.counts.iter();
        let postings = postings.map(|&count| (terms.posting(count), count.title > 0));
        terms.priors = ImpactPriors::new(postings);
        terms
    }
}
