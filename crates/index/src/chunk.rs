//! Some papers to terms: what stands where, by words of their own numbering. Chunks are analysed
//! on any thread; [`crate::vocabulary`] brings them together.

use offprint_analysis::{TokenKind, Tokenizer, is_stop_word, stem};
use offprint_format::{FrequencyTally, TITLE_WEIGHT};
use offprint_papers::{Paper, Text};

use crate::frequent::{Frequent, RARE};
use crate::interner::Interner;
use crate::places::{self, Place, Placed};
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
    /// The same of a stem's places.
    pub(crate) places_start: u32,
    pub(crate) places_end: u32,
}

/// Analysed papers.
#[derive(Default)]
pub(crate) struct Chunk {
    /// Surface words, and the stem of each.
    pub(crate) words: Interner,
    pub(crate) stem_of: Vec<u32>,
    /// In how many papers each surface word stands, those aside where only the raw form has it.
    pub(crate) papers_of: Vec<u32>,
    /// Whether each surface word stands somewhere as it is, not only joined to others.
    pub(crate) stands: Vec<bool>,
    pub(crate) stems: Interner,
    /// Authors' words.
    pub(crate) names: Interner,
    /// A piece for each stem, then one for each author's word, by number.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) bytes: Vec<u8>,
    /// Places by stem, without what stands in front of a piece: see [`crate::places`].
    pub(crate) places: Vec<u8>,
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
    frequent: &Frequent,
) -> Result<Chunk, Error> {
    let mut analyzer = Analyzer::new(frequent);
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
    Abstract,
    Keyword,
}

/// How often the paper at hand has a stem.
#[derive(Clone, Copy, Default)]
struct Count {
    title: u32,
    body: u32,
    /// Words of title and abstract, which have a place.
    placed: Placed,
}

/// A paper that has a stem.
struct Posting {
    stem: u32,
    doc: u32,
    occurrence: Occurrence,
    /// Where the bytes of its places start and end.
    places: (u32, u32),
}

struct Analyzer<'a> {
    frequent: &'a Frequent,
    tokenizer: Tokenizer,
    chunk: Chunk,
    /// Of each word: its number among those of its stem, and its rank.
    forms: Vec<(u32, u16)>,
    /// Words of each stem.
    words: Vec<u32>,
    /// Words of the paper at hand.
    places: Vec<Place>,
    /// Bytes of all papers' places.
    placed: Vec<u8>,
    /// By stem, of the paper at hand; and the stems that it has.
    paper: Vec<Count>,
    present: Vec<u32>,
    postings: Vec<Posting>,
    name_postings: Vec<(u32, u32)>,
    /// The last paper of each author's word, plus one; and of each surface word.
    name_last: Vec<u32>,
    word_last: Vec<u32>,
}

impl<'a> Analyzer<'a> {
    fn new(frequent: &'a Frequent) -> Self {
        Analyzer {
            frequent,
            tokenizer: Tokenizer::default(),
            chunk: Chunk::default(),
            forms: Vec::new(),
            words: Vec::new(),
            places: Vec::new(),
            placed: Vec::new(),
            paper: Vec::new(),
            present: Vec::new(),
            postings: Vec::new(),
            name_postings: Vec::new(),
            name_last: Vec::new(),
            word_last: Vec::new(),
        }
    }

    /// Numbers a word that stands in the clean text of the paper before `doc`, or in a raw one if
    /// that is 0; gives its number and its stem.
    fn word(&mut self, word: &str, doc: u32) -> (u32, u32) {
        let (number, new) = self.chunk.words.number(word);
        if new {
            let rank = self.frequent.rank(word).map_or(RARE, u16::from);
            let (stem, new) = self.chunk.stems.number(&stem(word));
            if new {
                self.paper.push(Count::default());
                self.words.push(0);
            }
            self.chunk.stem_of.push(stem);
            if let Some(words) = self.words.get_mut(stem as usize) {
                self.forms.push((*words, rank));
                *words += 1;
            }
            self.chunk.papers_of.push(0);
            self.chunk.stands.push(false);
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
        (number, stem.copied().unwrap_or(0))
    }

    /// Counts the words of a text.
    fn text(&mut self, text: &str, field: Field, doc: u32) {
        let mut tokenizer = std::mem::take(&mut self.tokenizer);
        tokenizer.tokenize(text, &mut |token| {
            let (word, stem) = self.word(token.term, doc + 1);
            let Some(count) = self.paper.get_mut(stem as usize) else {
                return;
            };
            if count.title == 0 && count.body == 0 {
                self.present.push(stem);
            }
            match field {
                Field::Title => count.title += 1,
                Field::Abstract | Field::Keyword => count.body += 1,
            }
            if token.kind != TokenKind::Word {
                return;
            }
            if let Some(stands) = self.chunk.stands.get_mut(word as usize) {
                *stands = true;
            }
            if field != Field::Keyword {
                let Placed {
                    counts,
                    first,
                    last,
                } = &mut count.placed;
                let at = self.places.len() as u32;
                if counts.title == 0 && counts.body == 0 {
                    *first = at;
                } else if let Some(last) = self.places.get_mut(*last as usize) {
                    last.next = at;
                }
                *last = at;
                match field {
                    Field::Title => counts.title += 1,
                    Field::Abstract | Field::Keyword => counts.body += 1,
                }
                let form = self.forms.get(word as usize).copied();
                let (form, rank) = form.unwrap_or((0, RARE));
                self.places.push(Place {
                    form,
                    position: token.position,
                    rank,
                    next: 0,
                });
            }
        });
        self.tokenizer = tokenizer;
    }

    /// Adds what only the raw form of a text holds: findable, but of no weight in the length.
    fn raw(&mut self, text: &Text) {
        let Some(raw) = &text.raw else { return };
        let mut tokenizer = std::mem::take(&mut self.tokenizer);
        tokenizer.tokenize(raw, &mut |token| {
            let (_, stem) = self.word(token.term, 0);
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
        self.text(&paper.abstract_.clean, Field::Abstract, doc);
        for keyword in &paper.keywords {
            self.text(keyword, Field::Keyword, doc);
        }
        self.raw(&paper.title);
        self.raw(&paper.abstract_);
        self.chunk.papers += 1;
        for stem in self.present.drain(..) {
            let Some(count) = self.paper.get_mut(stem as usize) else {
                continue;
            };
            let occurrence = Occurrence::new(count.title, count.body);
            let placed = count.placed;
            let start = self.placed.len() as u32;
            places::write(
                &self.places,
                placed,
                occurrence.in_title(),
                &mut self.placed,
            );
            let end = self.placed.len() as u32;
            *count = Count::default();
            let in_title = occurrence.in_title();
            self.chunk.tally.count(occurrence.posting(doc), in_title);
            self.postings.push(Posting {
                stem,
                doc,
                occurrence,
                places: (start, end),
            });
        }
        self.places.clear();
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
        let stems = Grouped::new(chunk.stems.len(), &self.postings, |posting| posting.stem);
        stems.write(&mut chunk, &self.postings, |posting| {
            (posting.doc, Some(posting.occurrence))
        });
        chunk.places.reserve(self.placed.len());
        for (stem, piece) in chunk.pieces.iter_mut().enumerate() {
            piece.places_start = chunk.places.len() as u32;
            for &at in stems.of(stem) {
                let posting = self.postings.get(at as usize);
                let (start, end) = posting.map_or((0, 0), |posting| posting.places);
                let bytes = self.placed.get(start as usize..end as usize);
                chunk.places.extend_from_slice(bytes.unwrap_or_default());
            }
            piece.places_end = chunk.places.len() as u32;
        }
        let names = Grouped::new(chunk.names.len(), &self.name_postings, |posting| posting.0);
        names.write(&mut chunk, &self.name_postings, |&(_, doc)| (doc, None));
        chunk
    }
}

/// Places of postings by their term, by counting.
pub(crate) struct Grouped {
    /// Those of term `t` are `starts[t]..starts[t + 1]` in `order`.
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl Grouped {
    pub(crate) fn new<P>(terms: usize, postings: &[P], term: impl Fn(&P) -> u32) -> Self {
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

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Places of the postings of a term.
    pub(crate) fn of(&self, term: usize) -> &[u32] {
        let range = match self.starts.get(term..term + 2) {
            Some(&[from, to]) => from as usize..to as usize,
            _ => 0..0,
        };
        self.order.get(range).unwrap_or_default()
    }

    /// Appends a piece for each term. `split` gives a posting's document and, of a stem, how often.
    fn write<P>(
        &self,
        chunk: &mut Chunk,
        postings: &[P],
        split: impl Fn(&P) -> (u32, Option<Occurrence>),
    ) {
        for term in 0..self.len() {
            let start = chunk.bytes.len() as u32;
            let mut last = 0;
            let order = self.of(term);
            for &at in order {
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
                term: term as u32,
                count: order.len() as u32,
                last,
                start,
                end: chunk.bytes.len() as u32,
                ..Piece::default()
            });
        }
    }
}
