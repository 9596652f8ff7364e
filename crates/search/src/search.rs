//! A search, round by round: the dictionary, the lists, the cards.

use offprint_analysis::identifier;
use offprint_format::{BlockId, BlockRef, Card, IdHash, Section, find_id};

use crate::answer::{Answer, Hit, SearchRequest, Work, date, some, web_address};
use crate::engine::{Engine, Step, Task};
use crate::error::Failed;
use crate::facets::{self, Facet};
use crate::filter::Selection;
use crate::limits;
use crate::lists;
use crate::mark::Matcher;
use crate::paper::{self, directory};
use crate::phrase::Plan;
use crate::query::Query;
use crate::related;
use crate::resolve::{self, Resolved};
use crate::score::{Ranked, Ranking, Scorer};
use crate::spell;

enum Stage {
    /// These shards are needed.
    Terms(Vec<u32>),
    /// These words, a set of bits, may be misspelt.
    Spelling(u64),
    /// Words and forms lead to these lists.
    Postings {
        words: Vec<Resolved>,
        forms: Vec<Resolved>,
        phrases: Vec<Plan>,
        /// Whether long lists are read to their ends, those of loose words excepted.
        settle: bool,
    },
    /// The papers near this one are asked for.
    Related(u32),
    /// These papers are the hits.
    Cards(Ranking, Vec<Facet>),
}

/// What of a query may be taken for misspelt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// Words that no paper has, then rare ones.
    Unknown,
    /// Rare words.
    Rare,
    /// Nothing, or nothing any more.
    None,
}

/// A search under way.
pub struct Search {
    /// The query as it was asked.
    asked: String,
    offset: usize,
    limit: usize,
    /// Whether all lists are read to their ends.
    settled: bool,
    query: Query,
    /// What the query is known by if it is an identifier, and the block that tells whose.
    id: Option<(IdHash, BlockRef)>,
    selection: Selection,
    /// The query as it is searched.
    searched: String,
    /// What may still be taken for misspelt.
    doubt: Doubt,
    /// Words that no paper has, as a set of bits.
    missing: u64,
    stage: Stage,
}

impl Search {
    /// Starts a search.
    #[must_use]
    pub fn new(engine: &mut Engine, request: &SearchRequest) -> Search {
        engine.trim();
        let query = Query::parse(&request.query);
        let segment = engine.segment();
        let stage = match request.related {
            Some(doc) => Stage::Related(doc),
            None => {
                let mut shards = Vec::new();
                resolve::shards(&segment, &query, &mut shards);
                Stage::Terms(shards)
            }
        };
        let id = identifier(&request.query).and_then(|text| {
            let id = IdHash::of(&text);
            Some((id, segment.id_block(id)?))
        });
        Search {
            searched: request.query.clone(),
            doubt: if request.literal {
                Doubt::None
            } else {
                Doubt::Unknown
            },
            missing: 0,
            asked: request.query.clone(),
            offset: request.offset as usize,
            limit: (request.limit as usize).min(limits::HITS),
            settled: request.settled,
            query,
            id,
            selection: Selection::new(request),
            stage,
        }
    }

    /// The papers that the whole query identifies, if there are any.
    fn identified(&self, engine: &mut Engine) -> Result<Option<Ranking>, Failed> {
        let Some((id, block)) = self.id else {
            return Ok(None);
        };
        let papers = engine.segment().papers;
        let docs = find_id(&engine.raw(block.id)?, id, papers);
        let total = docs.len() as u32;
        if total == 0 {
            return Ok(None);
        }
        let mut hits = Vec::new();
        for doc in docs.into_iter().skip(self.offset).take(self.limit) {
            hits.push(Ranked {
                doc,
                score: 0,
                all_words: true,
            });
        }
        Ok(Some(Ranking {
            total,
            total_any: total,
            exact: true,
            settled: true,
            seen: true,
            hits,
            tied: Vec::new(),
        }))
    }

    fn resolve(&mut self, engine: &mut Engine) -> Result<Stage, Failed> {
        if let Some(found) = self.identified(engine)? {
            return Ok(Stage::Cards(found, Vec::new()));
        }
        let mut words = Vec::with_capacity(self.query.words.len());
        let mut more = Vec::new();
        for word in &self.query.words {
            match resolve::word(engine, word)? {
                Ok(resolved) => words.push(resolved),
                Err(shards) => more.extend(shards),
            }
        }
        if !more.is_empty() {
            resolve::shards(&engine.segment(), &self.query, &mut more);
            return Ok(Stage::Terms(more));
        }
        let mut forms = Vec::new();
        for form in &self.query.variants {
            forms.push(resolve::variant(engine, form)?);
        }
        self.missing = spell::unknown(&self.query, &words, &forms);
        if self.missing != 0 && self.doubt == Doubt::Unknown {
            self.doubt = Doubt::Rare;
            return Ok(Stage::Spelling(self.missing));
        }
        let mut phrases = Vec::new();
        for quoted in &self.query.phrases {
            phrases.push(quoted.phrase.plan(engine)?);
        }
        let settle = self.settled
            || self.selection.decides()
            || !self.query.is_plain()
            || !promises_enough(engine.segment().papers, &words);
        Ok(Stage::Postings {
            words,
            forms,
            phrases,
            settle,
        })
    }

    /// Whether a word's lists are read to their ends. A loose word decides no paper's place by
    /// being there, and what its late papers gain by it is little; not so where there are
    /// conditions.
    fn reads_whole(&self, word: &Resolved, settle: bool) -> bool {
        let decides = self.query.words.len() == 1 || !self.query.is_plain() || !word.is_loose();
        self.settled || settle && decides
    }

    fn rank(
        &self,
        engine: &mut Engine,
        words: &[Resolved],
        forms: &[Resolved],
        phrases: &[Plan],
        settle: bool,
    ) -> Result<(Ranking, Vec<Facet>), Failed> {
        let segment = engine.segment();
        let mut scorer = Scorer::new(engine, &segment);
        for ((at, word), resolved) in self.query.words.iter().enumerate().zip(words) {
            let whole = self.reads_whole(resolved, settle);
            if !word.unwanted {
                scorer.expand(engine, resolved, word.times)?;
            }
            scorer.add(engine, resolved, 1 << at, word.counts(), whole)?;
        }
        for (form, resolved) in self.query.variants.iter().zip(forms) {
            let whole = self.reads_whole(resolved, settle);
            scorer.add(engine, resolved, form.words, form.counts(), whole)?;
        }
        for (quoted, plan) in self.query.phrases.iter().zip(phrases) {
            scorer.mark(&plan.documents(engine)?, quoted.bit);
        }
        let mut passing = self.selection.passing(engine)?;
        let ranking = scorer.rank(&self.query, &mut passing, self.offset, self.limit);
        let fields = self.selection.facets.iter();
        let exact = ranking.exact && ranking.seen;
        let mut counted = Vec::new();
        for &field in fields {
            counted.push(facets::count(engine, field, &passing, exact)?);
        }
        Ok((ranking, counted))
    }

    fn answer(&self, mut cards: Vec<Card>, ranking: &Ranking, facets: &[Facet]) -> Answer {
        let matcher = Matcher::new(&self.query);
        let mut hits = Vec::with_capacity(ranking.hits.len());
        for key in self.selection.page(&ranking.hits, &cards) {
            let at = (key & 1023) as usize;
            let (Some(hit), Some(card)) = (ranking.hits.get(at), cards.get_mut(at)) else {
                continue;
            };
            let card = std::mem::take(card);
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
        let mut gone = Vec::new();
        for (at, word) in self.query.words.iter().enumerate() {
            if self.missing >> at & 1 == 1 {
                gone.push((word.text.clone(), String::new()));
            }
        }
        let without = spell::replace(&self.searched, &gone);
        Answer {
            query: self.asked.clone(),
            searched: self.searched.clone(),
            missing: gone.into_iter().map(|(word, _)| word).collect(),
            without,
            total: ranking.total,
            total_any: ranking.total_any,
            exact: ranking.exact,
            settled: ranking.settled,
            hits,
            facets: facets.to_vec(),
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

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Answer>, Failed> {
        loop {
            let (blocks, next) = match &self.stage {
                Stage::Terms(shards) => {
                    let mut blocks = Vec::new();
                    for &number in shards {
                        let section = Section::Terms;
                        blocks.push(BlockId { section, number }.whole());
                    }
                    // Where cards lie is asked for now, so that it costs no round later.
                    directory(&engine.segment(), &mut blocks);
                    blocks.extend(self.id.map(|(_, block)| block));
                    self.selection.first(engine, &mut blocks);
                    let missing = engine.missing(blocks)?;
                    if missing.is_empty() {
                        (missing, Some(self.resolve(engine)?))
                    } else {
                        (missing, None)
                    }
                }
                &Stage::Spelling(words) => {
                    let rare = self.doubt == Doubt::None;
                    match spell::correct(engine, &self.query, words, rare)? {
                        Step::Need(missing) => (missing, None),
                        // What was meant takes the place of what was typed, and all begins anew.
                        Step::Done(swaps) => {
                            self.searched = spell::replace(&self.searched, &swaps);
                            self.query = Query::parse(&self.searched);
                            let mut shards = Vec::new();
                            resolve::shards(&engine.segment(), &self.query, &mut shards);
                            (Vec::new(), Some(Stage::Terms(shards)))
                        }
                    }
                }
                Stage::Postings {
                    words,
                    forms,
                    phrases,
                    settle,
                } => {
                    let mut blocks = Vec::new();
                    for resolved in words.iter().chain(forms) {
                        let whole = self.reads_whole(resolved, *settle);
                        resolved.blocks(engine, whole, &mut blocks);
                    }
                    for plan in phrases {
                        plan.blocks(engine, &mut blocks)?;
                    }
                    self.selection.second(engine, &mut blocks)?;
                    let missing = engine.missing(blocks)?;
                    if missing.is_empty() {
                        let (ranking, facets) =
                            self.rank(engine, words, forms, phrases, *settle)?;
                        if self.selection.untie(engine, &ranking.tied)? {
                            continue;
                        }
                        let rare = spell::rare(&engine.segment(), &self.query, words);
                        let next = if ranking.total == 0 && rare != 0 && self.doubt != Doubt::None {
                            self.doubt = Doubt::None;
                            Stage::Spelling(rare)
                        } else {
                            Stage::Cards(ranking, facets)
                        };
                        (missing, Some(next))
                    } else {
                        (missing, None)
                    }
                }
                Stage::Related(doc) => {
                    let block = related::block(&engine.segment(), *doc);
                    let missing = engine.missing(block.into_iter().collect())?;
                    if missing.is_empty() {
                        let found = related::rank(engine, *doc)?;
                        (missing, Some(Stage::Cards(found, Vec::new())))
                    } else {
                        (missing, None)
                    }
                }
                Stage::Cards(ranking, facets) => {
                    let docs: Vec<u32> = ranking.hits.iter().map(|hit| hit.doc).collect();
                    return Ok(match paper::cards(engine, &docs)? {
                        Step::Need(blocks) => Step::Need(blocks),
                        Step::Done(cards) => Step::Done(self.answer(cards, ranking, facets)),
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
