//! Some papers to terms: what stands where, by words of their own numbering. Chunks are analysed
//! on any thread; [`crate::vocabulary`] brings them together.

use offprint_analysis::{TokenKind, Tokenizer, is_stop_word, stem};
use offprint_format::{FrequencyTally, TITLE_WEIGHT};
use offprint_papers::{Paper, Text};

use crate::interner::Interner;
use crate::postings::Occurrence;
use crate::seed::seed_text;
use crate::varint;
use crate::{Error, Source};

/// What a term's papers in one chunk look like as bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Piece {
    /// Number of the term: the chunk's own, later that of all.
    pub(crate) term: u32,
    /// Papers.
    pub(crate) count: u32,
    /// The last of them.
    pub(crate) last: u32,
    /// Where its bytes start and end.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Analysed papers.
#[derive(Default)]
pub(crate) struct Chunk {
    /// Surface words, and the stem of each.
    pub(crate) words: Interner,
    pub(crate) stem_of: Vec<u32>,
    /// In how many papers each surface word stands, those aside where only the raw form has it.
    pub(crate) papers_of: Vec<u32>,
    pub(crate) stems: Interner,
    /// Authors' words.
    pub(crate) names: Interner,
    /// A piece for each stem, then one for each author's word, by number.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) papers: u32,
    pub(crate) tally: FrequencyTally,
    /// What these papers add to the seed.
    pub(crate) seed: Vec<u8>,
}

/// Reads the papers `places`, which are documents `first` and on.
pub(crate) fn analyze(
    papers: &(impl Source + ?Sized),
    places: &[u32],
    first: u32,
) -> Result<Chunk, Error> {
    let mut analyzer = Analyzer::default();
    for (doc, &place) in (first..).zip(places) {
        let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
        analyzer.add(doc, &paper);
    }
    Ok(analyzer.finish())
}

/// How long a paper is, in words as search counts them: function words and other forms left out,
/// those of the title [`TITLE_WEIGHT`] times.
pub(crate) fn length(paper: &Paper) -> u32 {
    let mut length = 0;
    let mut tokenizer = Tokenizer::default();
    let mut add = |text: &str, weight: u32| {
        tokenizer.tokenize(text, &mut |token| {
            if token.kind == TokenKind::Word && !is_stop_word(token.term) {
                length += weight;
            }
        });
    };
    add(&paper.title.clean, TITLE_WEIGHT);
    add(&paper.abstract_.clean, 1);
    for keyword in &paper.keywords {
        add(keyword, 1);
    }
    length
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Body,
}

/// How often the paper at hand has a stem.
#[derive(Clone, Copy, Default)]
struct Count {
    title: u32,
    body: u32,
}

#[derive(Default)]
struct Analyzer {
    tokenizer: Tokenizer,
    chunk: Chunk,
    /// By stem, of the paper at hand; and the stems that it has.
    paper: Vec<Count>,
    present: Vec<u32>,
    postings: Vec<(u32, u32, Occurrence)>,
    name_postings: Vec<(u32, u32)>,
    /// The last paper of each author's word, plus one; and of each surface word.
    name_last: Vec<u32>,
    word_last: Vec<u32>,
}

impl Analyzer {
    /// Numbers a word that stands in the clean text of the paper before `doc`, or in a raw one if
    /// that is 0; gives its stem.
    fn word(&mut self, word: &str, doc: u32) -> u32 {
        let (number, new) = self.chunk.words.number(word);
        if new {
            let (stem, new) = self.chunk.stems.number(&stem(word));
            if new {
                self.paper.push(Count::default());
            }
            self.chunk.stem_of.push(stem);
            self.chunk.papers_of.push(0);
            self.word_last.push(0);
        }
        if let (Some(last), Some(papers)) = (
            self.word_last.get_mut(number as usize),
            self.chunk.papers_of.get_mut(number as usize),
        ) && doc > *last
        {
            *last = doc;
            *papers += 1;
        }
        let stem = self.chunk.stem_of.get(number as usize);
        stem.copied().unwrap_or(0)
    }

    /// Counts the words of a text.
    fn text(&mut self, text: &str, field: Field, doc: u32) {
        let mut tokenizer = std::mem::take(&mut self.tokenizer);
        tokenizer.tokenize(text, &mut |token| {
            let stem = self.word(token.term, doc + 1);
            if let Some(count) = self.paper.get_mut(stem as usize) {
                if count.title == 0 && count.body == 0 {
                    self.present.push(stem);
                }
                match field {
                    Field::Title => count.title += 1,
                    Field::Body => count.body += 1,
                }
            }
        });
        self.tokenizer = tokenizer;
    }

    /// Adds what only the raw form of a text holds: findable, but of no weight in the length.
    fn raw(&mut self, text: &Text) {
        let Some(raw) = &text.raw else { return };
        let mut tokenizer = std::mem::take(&mut self.tokenizer);
        tokenizer.tokenize(raw, &mut |token| {
            let stem = self.word(token.term, 0);
            if let Some(count) = self.paper.get_mut(stem as usize)
                && count.title == 0
                && count.body == 0
            {
                self.present.push(stem);
                count.body = 1;
            }
        });
        self.tokenizer = tokenizer;
    }

    fn add(&mut self, doc: u32, paper: &Paper) {
        seed_text(paper, &mut self.chunk.seed);
        self.text(&paper.title.clean, Field::Title, doc);
        self.text(&paper.abstract_.clean, Field::Body, doc);
        for keyword in &paper.keywords {
            self.text(keyword, Field::Body, doc);
        }
        self.raw(&paper.title);
        self.raw(&paper.abstract_);
        self.chunk.papers += 1;
        for stem in self.present.drain(..) {
            let Some(count) = self.paper.get_mut(stem as usize) else {
                continue;
            };
            let occurrence = Occurrence::new(count.title, count.body);
            *count = Count::default();
            let in_title = occurrence.in_title();
            self.chunk.tally.count(occurrence.posting(doc), in_title);
            self.postings.push((stem, doc, occurrence));
        }
        for author in &paper.authors {
            self.tokenizer.tokenize(author, &mut |token| {
                let (name, new) = self.chunk.names.number(token.term);
                if new {
                    self.name_last.push(0);
                }
                if let Some(last) = self.name_last.get_mut(name as usize)
                    && *last != doc + 1
                {
                    *last = doc + 1;
                    self.name_postings.push((name, doc));
                }
            });
        }
    }

    fn finish(self) -> Chunk {
        let mut chunk = self.chunk;
        let stems = Grouped::new(chunk.stems.len(), &self.postings, |posting| posting.0);
        stems.write(&mut chunk, &self.postings, |&(_, doc, occurrence)| {
            (doc, Some(occurrence))
        });
        let names = Grouped::new(chunk.names.len(), &self.name_postings, |posting| posting.0);
        names.write(&mut chunk, &self.name_postings, |&(_, doc)| (doc, None));
        chunk
    }
}

/// Places of postings by their term, by counting.
struct Grouped {
    /// Those of term `t` are `starts[t]..starts[t + 1]` in `order`.
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl Grouped {
    fn new<P>(terms: usize, postings: &[P], term: impl Fn(&P) -> u32) -> Self {
        let mut starts = vec![0u32; terms + 1];
        for posting in postings {
            if let Some(count) = starts.get_mut(term(posting) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut order = vec![0u32; postings.len()];
        let mut next = starts.clone();
        for (at, posting) in (0..).zip(postings) {
            if let Some(next) = next.get_mut(term(posting) as usize) {
                if let Some(slot) = order.get_mut(*next as usize) {
                    *slot = at;
                }
                *next += 1;
            }
        }
        Grouped { starts, order }
    }

    /// Appends a piece for each term. `split` gives a posting's document and, of a stem, how often.
    fn write<P>(
        &self,
        chunk: &mut Chunk,
        postings: &[P],
        split: impl Fn(&P) -> (u32, Option<Occurrence>),
    ) {
        for (term, range) in (0..).zip(self.starts.windows(2)) {
            let &[from, to] = range else { continue };
            let start = chunk.bytes.len() as u32;
            let mut last = 0;
            let order = self.order.get(from as usize..to as usize);
            for &at in order.unwrap_or_default() {
                let Some(posting) = postings.get(at as usize) else {
                    continue;
                };
                let (doc, occurrence) = split(posting);
                varint::put(&mut chunk.bytes, doc - last);
                if let Some(occurrence) = occurrence {
                    chunk.bytes.push(occurrence.byte());
                }
                last = doc;
            }
            chunk.pieces.push(Piece {
                term,
                count: to - from,
                last,
                start,
                end: chunk.bytes.len() as u32,
            });
        }
    }
}
