//! Papers to terms: what stands where, and how much it says.

use std::collections::HashMap;

use offprint_analysis::{TokenKind, is_stop_word, stem, tokenize};
use offprint_format::{ImpactPriors, ImpactTally, Posting, Stats, impact_code};
use offprint_papers::{Paper, Text};

use crate::{B, K1, Progress, TITLE_WEIGHT};

/// Strings numbered in the order they were first seen.
#[derive(Default)]
struct Interner {
    numbers: HashMap<Box<str>, u32>,
    strings: Vec<Box<str>>,
}

impl Interner {
    fn number(&mut self, string: &str) -> (u32, bool) {
        if let Some(&number) = self.numbers.get(string) {
            return (number, false);
        }
        let number = self.strings.len() as u32;
        self.numbers.insert(string.into(), number);
        self.strings.push(string.into());
        (number, true)
    }
}

/// How often a paper holds a stem.
#[derive(Clone, Copy, Debug)]
struct Count {
    stem: u32,
    doc: u32,
    title: u16,
    body: u16,
}

/// A collection as terms.
pub(crate) struct Analyzed {
    pub(crate) papers: u32,
    /// Surface words in dictionary order, each with the number of its stem.
    pub(crate) words: Vec<(Box<str>, u32)>,
    /// Authors' words in dictionary order, each with the papers that have it.
    pub(crate) names: Vec<(Box<str>, Vec<u32>)>,
    /// Distribution of impacts.
    pub(crate) priors: ImpactPriors,
    /// Counts by stem and document; those of stem `s` are `starts[s]..starts[s + 1]`.
    counts: Vec<Count>,
    starts: Vec<usize>,
    /// Length of each paper, in words.
    lengths: Vec<u32>,
    mean_length: f64,
}

/// What is known of a stem's postings before they are made.
pub(crate) struct StemPostings {
    pub(crate) title: Vec<Posting>,
    pub(crate) body: Vec<Posting>,
}

impl Analyzed {
    /// Number of distinct stems.
    pub(crate) fn stems(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn counts(&self, stem: u32) -> &[Count] {
        let stem = stem as usize;
        let range = match self.starts.get(stem..stem + 2) {
            Some(&[start, end]) => start..end,
            _ => 0..0,
        };
        self.counts.get(range).unwrap_or_default()
    }

    /// Number of papers that hold a stem.
    pub(crate) fn count(&self, stem: u32) -> u32 {
        self.counts(stem).len() as u32
    }

    /// Number of postings of all stems.
    pub(crate) fn postings(&self) -> usize {
        self.counts.len()
    }

    fn impact(&self, count: Count) -> u8 {
        let frequency = f64::from(u32::from(count.title) * TITLE_WEIGHT + u32::from(count.body));
        let length = self.lengths.get(count.doc as usize).copied().unwrap_or(0);
        let norm = K1 * (1.0 - B + B * f64::from(length) / self.mean_length);
        impact_code(frequency / (frequency + norm))
    }

    /// The postings of a stem.
    pub(crate) fn stem_postings(&self, stem: u32) -> StemPostings {
        let mut postings = StemPostings {
            title: Vec::new(),
            body: Vec::new(),
        };
        for &count in self.counts(stem) {
            let (list, in_abstract) = if count.title > 0 {
                (&mut postings.title, count.body > 0)
            } else {
                (&mut postings.body, true)
            };
            list.push(Posting {
                doc: count.doc,
                impact: self.impact(count),
                in_abstract,
            });
        }
        postings
    }

    /// Counts for people.
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            words: self.words.len() as u64,
            stems: self.stems() as u64,
            names: self.names.len() as u64,
            postings: self.counts.len() as u64,
            name_postings: self.names.iter().map(|(_, docs)| docs.len() as u64).sum(),
            tokens: self.lengths.iter().map(|&length| u64::from(length)).sum(),
            posting_bytes: 0,
        }
    }
}

#[derive(Default)]
struct Analyzer {
    words: Interner,
    stems: Interner,
    /// Stem of each word.
    stem_of: Vec<u32>,
    names: Interner,
    name_docs: Vec<Vec<u32>>,
    counts: Vec<Count>,
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
        let (number, new) = self.words.number(word);
        if new {
            let (stem, _) = self.stems.number(&stem(word));
            self.stem_of.push(stem);
        }
        self.stem_of.get(number as usize).copied().unwrap_or(0)
    }

    /// Counts the words of a text; gives how many there are, stop words and other forms left out.
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

    /// Adds what only the raw form of a text holds: findable, but of no weight in the length.
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
            self.counts.push(Count {
                stem,
                doc,
                title: clamp(title),
                body: clamp(body),
            });
        }
        for author in &paper.authors {
            tokenize(author, &mut |token| {
                let (number, new) = self.names.number(token.term);
                if new {
                    self.name_docs.push(Vec::new());
                }
                if let Some(docs) = self.name_docs.get_mut(number as usize)
                    && docs.last() != Some(&doc)
                {
                    docs.push(doc);
                }
            });
        }
    }

    fn finish(mut self) -> Analyzed {
        self.counts
            .sort_unstable_by_key(|count| (count.stem, count.doc));
        let mut starts = vec![0; self.stems.strings.len() + 1];
        for count in &self.counts {
            if let Some(end) = starts.get_mut(count.stem as usize + 1) {
                *end += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut words: Vec<(Box<str>, u32)> =
            self.words.strings.into_iter().zip(self.stem_of).collect();
        words.sort_unstable();
        let mut names: Vec<(Box<str>, Vec<u32>)> =
            self.names.strings.into_iter().zip(self.name_docs).collect();
        names.sort_unstable();
        let total: u64 = self.lengths.iter().map(|&length| u64::from(length)).sum();
        let mut analyzed = Analyzed {
            papers: self.lengths.len() as u32,
            words,
            names,
            priors: ImpactPriors::default(),
            counts: self.counts,
            starts,
            mean_length: (total as f64 / (self.lengths.len() as f64).max(1.0)).max(1.0),
            lengths: self.lengths,
        };
        let mut tally = ImpactTally::default();
        for &count in &analyzed.counts {
            if count.title > 0 {
                tally.title(analyzed.impact(count), count.body > 0);
            } else {
                tally.body(analyzed.impact(count));
            }
        }
        analyzed.priors = tally.priors();
        analyzed
    }
}

/// Reads every paper, in document order.
pub(crate) fn analyze(papers: &[&Paper], progress: &mut dyn FnMut(Progress)) -> Analyzed {
    let mut analyzer = Analyzer::default();
    let total = papers.len() as u64;
    for (doc, paper) in papers.iter().enumerate() {
        if doc % 256 == 0 {
            progress(Progress {
                phase: "reading words",
                done: doc as u64,
                total,
            });
        }
        analyzer.add(doc as u32, paper);
    }
    analyzer.finish()
}
