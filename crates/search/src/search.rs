//! A search, round by round: the dictionary, the lists, the cards.

use offprint_format::{BlockId, Card, Section};

use crate::answer::{Answer, Hit, SearchRequest, Work, date, some, web_address};
use crate::engine::{Engine, Step, Task};
use crate::error::Error;
use crate::limits;
use crate::lists;
use crate::mark::Matcher;
use crate::paper::{self, directory};
use crate::query::Query;
use crate::related;
use crate::resolve::{self, Resolved};
use crate::score::{Ranking, Scorer};

enum Stage {
    /// These shards are needed.
    Terms(Vec<u32>),
    /// Words and forms lead to these lists.
    Postings {
        words: Vec<Resolved>,
        forms: Vec<Resolved>,
        /// Whether long lists are read to their ends, those of loose words excepted.
        settle: bool,
    },
    /// The papers near this one are asked for.
    Related(u32),
    /// These papers are the hits.
    Cards(Ranking),
}

/// A search under way.
pub struct Search {
    request: SearchRequest,
    query: Query,
    stage: Stage,
}

impl Search {
    /// Starts a search.
    #[must_use]
    pub fn new(engine: &mut Engine, request: &SearchRequest) -> Search {
        engine.trim();
        let query = Query::parse(&request.query);
        let stage = match request.related {
            Some(doc) => Stage::Related(doc),
            None => Stage::Terms(resolve::shards(&engine.segment(), &query)),
        };
        Search {
            request: request.clone(),
            query,
            stage,
        }
    }

    fn resolve(&self, engine: &mut Engine) -> Result<Stage, Error> {
        let mut words = Vec::with_capacity(self.query.words.len());
        let mut more = Vec::new();
        for word in &self.query.words {
            match resolve::word(engine, word)? {
                Ok(resolved) => words.push(resolved),
                Err(shards) => more.extend(shards),
            }
        }
        if !more.is_empty() {
            more.extend(resolve::shards(&engine.segment(), &self.query));
            return Ok(Stage::Terms(more));
        }
        let forms = self
            .query
            .variants
            .iter()
            .map(|form| resolve::variant(engine, &form.text));
        let forms = forms.collect::<Result<_, Error>>()?;
        let settle = self.request.settled || !promises_enough(engine.segment().papers, &words);
        Ok(Stage::Postings {
            words,
            forms,
            settle,
        })
    }

    /// Whether a word's lists are read to their ends. A loose word decides no paper's place by
    /// being there, and what its late papers gain by it is little.
    fn reads_whole(&self, word: &Resolved, settle: bool) -> bool {
        self.request.settled || settle && (self.query.words.len() == 1 || !word.is_loose())
    }

    fn rank(
        &self,
        engine: &mut Engine,
        words: &[Resolved],
        forms: &[Resolved],
        settle: bool,
    ) -> Result<Ranking, Error> {
        let segment = engine.segment();
        let mut scorer = Scorer::new(engine, &segment);
        for ((at, word), resolved) in self.query.words.iter().enumerate().zip(words) {
            let whole = self.reads_whole(resolved, settle);
            scorer.add(engine, resolved, 1 << at, word.times, whole)?;
            scorer.expand(engine, resolved, word.times)?;
        }
        for (form, resolved) in self.query.variants.iter().zip(forms) {
            let whole = self.reads_whole(resolved, settle);
            scorer.add(engine, resolved, form.words, u32::from(!form.joined), whole)?;
        }
        let limit = (self.request.limit as usize).min(limits::HITS);
        Ok(scorer.rank(&self.query, self.request.offset as usize, limit))
    }

    fn answer(&self, cards: Vec<Card>, ranking: &Ranking) -> Answer {
        let matcher = Matcher::new(&self.query);
        let mut hits = Vec::with_capacity(ranking.hits.len());
        for (hit, card) in ranking.hits.iter().zip(cards) {
            hits.push(Hit {
                doc: hit.doc,
                title_parts: matcher.parts(&card.title),
                year: Card::unpack_date(card.date).map(|(year, _, _)| year),
                date: date(card.date),
                venue: some(&card.venue),
                url: web_address(&card.url),
                code_url: web_address(&card.code_url),
                code: card.code.into(),
                id: card.id,
                title: card.title,
                authors: card.authors,
                author_count: card.author_count,
                score: hit.score,
                all_words: hit.all_words,
            });
        }
        Answer {
            query: self.request.query.clone(),
            total: ranking.total,
            total_any: ranking.total_any,
            exact: ranking.exact,
            settled: ranking.settled,
            hits,
            work: Work::default(),
        }
    }
}

/// So many papers with all words must be expected in the first parts of lists for these to be read
/// alone. Measured on 300 queries of title words: 98 to 99 of 100 hits are then the final ones.
const PROMISE: f64 = 300.0;

/// Whether the first parts of the words' lists are likely to hold the best papers. The number of
/// papers with all words is guessed from the counts: words of a query occur together more often
/// than by chance, by about the square root.
fn promises_enough(papers: u32, words: &[Resolved]) -> bool {
    let papers = f64::from(papers);
    let mut rarest = papers;
    let mut expected = 1.0;
    for word in words {
        if word.is_loose() && words.len() > 1 {
            continue;
        }
        let sources = word.exact.iter().chain(&word.spread).map(lists::counts);
        let (mut first, mut all) = word.listed.as_ref().map_or((0.0, 0.0), |listed| {
            (f64::from(listed.count), f64::from(listed.count))
        });
        for (named, count) in sources {
            first += f64::from(named);
            all += f64::from(count);
        }
        if all < 1.0 {
            return false;
        }
        let all = all.min(papers);
        rarest = rarest.min(all);
        expected *= (all / papers).sqrt() * (first / all).min(1.0);
    }
    expected * (papers * rarest).sqrt() >= PROMISE
}

impl Task for Search {
    type Output = Answer;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Answer>, Error> {
        loop {
            let (blocks, next) = match &self.stage {
                Stage::Terms(shards) => {
                    let block = |&number| {
                        let section = Section::Terms;
                        BlockId { section, number }.whole()
                    };
                    // Where cards lie is asked for now, so that it costs no round later.
                    let blocks = shards.iter().map(block).chain(directory(&engine.segment()));
                    let missing = engine.missing(blocks.collect())?;
                    if missing.is_empty() {
                        (missing, Some(self.resolve(engine)?))
                    } else {
                        (missing, None)
                    }
                }
                Stage::Postings {
                    words,
                    forms,
                    settle,
                } => {
                    let blocks = words
                        .iter()
                        .chain(forms)
                        .flat_map(|resolved| {
                            resolved.blocks(engine, self.reads_whole(resolved, *settle))
                        })
                        .collect();
                    let missing = engine.missing(blocks)?;
                    if missing.is_empty() {
                        (
                            missing,
                            Some(Stage::Cards(self.rank(engine, words, forms, *settle)?)),
                        )
                    } else {
                        (missing, None)
                    }
                }
                Stage::Related(doc) => {
                    let block = related::block(&engine.segment(), *doc);
                    let missing = engine.missing(block.into_iter().collect())?;
                    if missing.is_empty() {
                        (missing, Some(Stage::Cards(related::rank(engine, *doc)?)))
                    } else {
                        (missing, None)
                    }
                }
                Stage::Cards(ranking) => {
                    let docs: Vec<u32> = ranking.hits.iter().map(|hit| hit.doc).collect();
                    return Ok(match paper::cards(engine, &docs)? {
                        Step::Need(blocks) => Step::Need(blocks),
                        Step::Done(cards) => Step::Done(self.answer(cards, ranking)),
                    });
                }
            };
            match next {
                Some(next) => self.stage = next,
                None => return Ok(Step::Need(blocks)),
            }
        }
    }
}
