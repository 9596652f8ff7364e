//! A search, round by round: the dictionary, the lists, the cards.

use offprint_analysis::identifier;
use offprint_format::{BlockId, BlockRef, Card, IdHash, Section, find_id};

use crate::answer::{Answer, Hit, SearchRequest, Share, Work, date, some, web_address};
use crate::authors::Authors;
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
use crate::said;
use crate::score::{Ranked, Ranking, Scorer};
use crate::spell;

#[derive(Clone, Copy)]
enum Stage {
    /// Shards are needed.
    Terms,
    /// These words, a set of bits, may be misspelt.
    Spelling(u64),
    /// The papers near this one are asked for.
    Related(u32),
    /// Words and forms lead to lists.
    Postings,
    /// The authors of some papers are counted.
    Authors,
    /// The hits are known.
    Cards,
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
    // What the stages find stays here, not in them: where each hands it to the next, all of it is
    // taken apart at every early end, and the client is 1.3 KB larger.
    /// The shards that are needed.
    shards: Vec<u32>,
    words: Vec<Resolved>,
    forms: Vec<Resolved>,
    phrases: Vec<Plan>,
    /// Whether long lists are read to their ends, those of loose words excepted.
    settle: bool,
    ranking: Ranking,
    /// What titles of the first hits are looked through for; nothing where they are not.
    said: Vec<u8>,
    facets: Vec<Facet>,
    authors: Authors,
    /// The paper whose score is explained, if one is.
    explain: Option<u32>,
    shares: Vec<Share>,
}

impl Search {
    /// Starts a search.
    #[must_use]
    pub fn new(engine: &mut Engine, request: &SearchRequest) -> Search {
        engine.trim();
        let query = Query::parse(&request.query);
        let segment = engine.segment();
        let mut shards = Vec::new();
        resolve::shards(&segment, &query, &mut shards);
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
            selection: Selection::new(request, &query),
            query,
            id,
            stage: request.related.map_or(Stage::Terms, Stage::Related),
            shards,
            words: Vec::new(),
            forms: Vec::new(),
            phrases: Vec::new(),
            settle: false,
            ranking: Ranking::default(),
            said: Vec::new(),
            facets: Vec::new(),
            authors: Authors::default(),
            explain: request.explain,
            shares: Vec::new(),
        }
    }

    /// Looks for the papers that the whole query identifies; whether there are any.
    fn identified(&mut self, engine: &mut Engine) -> Result<bool, Failed> {
        let Some((id, block)) = self.id else {
            return Ok(false);
        };
        let papers = engine.segment().papers;
        let docs = find_id(&engine.raw(block.id)?, id, papers);
        let total = docs.len() as u32;
        let mut hits = Vec::new();
        for doc in docs.into_iter().skip(self.offset).take(self.limit) {
            hits.push(Ranked {
                doc,
                score: 0,
                all_words: true,
            });
        }
        self.ranking = Ranking {
            total,
            total_any: total,
            exact: true,
            settled: true,
            seen: true,
            hits,
            tied: Vec::new(),
        };
        Ok(total > 0)
    }

    fn resolve(&mut self, engine: &mut Engine) -> Result<(), Failed> {
        if self.identified(engine)? {
            self.stage = Stage::Cards;
            return Ok(());
        }
        self.shards.clear();
        self.words.clear();
        self.forms.clear();
        for word in &self.query.words {
            let mut resolved = Resolved::default();
            resolve::word(engine, word, &mut resolved, &mut self.shards)?;
            self.words.push(resolved);
        }
        if !self.shards.is_empty() {
            resolve::shards(&engine.segment(), &self.query, &mut self.shards);
            return Ok(());
        }
        for form in &self.query.variants {
            let mut resolved = Resolved::default();
            resolve::variant(engine, form, &mut resolved)?;
            self.forms.push(resolved);
        }
        self.missing = spell::unknown(&self.query, &self.words, &self.forms);
        if self.missing != 0 && self.doubt == Doubt::Unknown {
            self.doubt = Doubt::Rare;
            self.stage = Stage::Spelling(self.missing);
            return Ok(());
        }
        self.phrases.clear();
        for quoted in &self.query.phrases {
            self.phrases.push(quoted.phrase.plan(engine)?);
        }
        self.settle = self.settled
            || self.selection.decides()
            || !self.query.is_plain()
            || !promises_enough(engine.segment().papers, &self.words);
        self.stage = Stage::Postings;
        Ok(())
    }

    /// Whether a word's lists are read to their ends. A loose word decides no paper's place by
    /// being there, and what its late papers gain by it is little; not so where there are
    /// conditions.
    fn reads_whole(&self, word: &Resolved) -> bool {
        let decides = self.query.words.len() == 1 || !self.query.is_plain() || !word.is_loose();
        self.settled || self.settle && decides
    }

    fn rank(&mut self, engine: &mut Engine) -> Result<(), Failed> {
        let segment = engine.segment();
        let mut scorer = Scorer::new(engine, &segment);
        // Of no paper, nothing is earned.
        let explained = self.explain.unwrap_or(u32::MAX);
        let mut shares = Vec::new();
        let mut told = 0;
        let mut explain = |score: u32, word: &str, papers| {
            if score > told {
                shares.push(Share {
                    word: word.to_owned(),
                    papers,
                    score: score - told,
                });
                told = score;
            }
        };
        for ((at, word), resolved) in self.query.words.iter().enumerate().zip(&self.words) {
            let whole = self.reads_whole(resolved);
            if !word.unwanted {
                scorer.expand(engine, resolved, word.times)?;
            }
            let met = scorer.add(engine, resolved, 1 << at, word.counts(), whole)?;
            explain(scorer.earned(explained), &word.text, met);
        }
        for (form, resolved) in self.query.variants.iter().zip(&self.forms) {
            let whole = self.reads_whole(resolved);
            let met = scorer.add(engine, resolved, form.words, form.counts(), whole)?;
            explain(scorer.earned(explained), &form.text, met);
        }
        let lent = scorer.lent(&self.query, explained);
        explain(scorer.earned(explained) + lent, "", 0);
        self.shares = shares;
        for (quoted, plan) in self.query.phrases.iter().zip(&self.phrases) {
            for doc in plan.documents(engine)? {
                scorer.mark(doc, quoted.bit);
            }
        }
        let mut passing = self.selection.passing(engine, &mut scorer)?;
        self.said.clear();
        let (mut from, mut count) = (self.offset, self.limit);
        if from < said::LOOKED_AT && count > 0 && !passing.by_date() {
            self.said = said::wanted(&self.query.sayable);
            if !self.said.is_empty() {
                count = (from + count).max(said::LOOKED_AT);
                from = 0;
            }
        }
        self.ranking = scorer.rank(engine, &self.query, &mut passing, from, count);
        let exact = self.ranking.exact && self.ranking.seen;
        self.facets.clear();
        self.authors = Authors::default();
        for &field in &self.selection.facets {
            let counted = facets::count(engine, field, &passing, exact, &mut self.authors.docs)?;
            self.facets.push(counted);
        }
        if self.selection.untie(engine, &self.ranking.tied)? {
            return Ok(());
        }
        self.stage = Stage::Authors;
        if self.ranking.total == 0 && self.doubt != Doubt::None {
            let rare = spell::rare(&segment, &self.query, &self.words);
            if rare != 0 {
                self.doubt = Doubt::None;
                self.stage = Stage::Spelling(rare);
            }
        }
        Ok(())
    }

    fn answer(&mut self, mut cards: Vec<Card>) -> Answer {
        let ranking = &mut self.ranking;
        let mut before = 0;
        if !self.said.is_empty() {
            said::lift(&self.said, &mut ranking.hits, &cards);
            before = self.offset;
        }
        let matcher = Matcher::new(&self.query);
        let mut hits = Vec::with_capacity(ranking.hits.len());
        let page = self.selection.page(&ranking.hits, &cards);
        for (place, key) in page.into_iter().enumerate() {
            if place < before || hits.len() == self.limit {
                continue;
            }
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
            facets: std::mem::take(&mut self.facets),
            shares: std::mem::take(&mut self.shares),
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
        let (mut first, mut all) = (0.0, 0.0);
        if let Some(listed) = &word.listed {
            first = f64::from(listed.count);
            all = first;
        }
        for source in word.exact.iter().chain(&word.spread) {
            let (named, count) = lists::counts(source);
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
            let mut blocks = Vec::new();
            let missing = match self.stage {
                Stage::Terms => {
                    for &number in &self.shards {
                        let section = Section::Terms;
                        blocks.push(BlockId { section, number }.whole());
                    }
                    // Where cards lie is asked for now, so that it costs no round later.
                    directory(&engine.segment(), &mut blocks);
                    blocks.extend(self.id.map(|(_, block)| block));
                    self.selection.first(engine, &mut blocks);
                    let missing = engine.missing(blocks)?;
                    if missing.is_empty() {
                        self.resolve(engine)?;
                    }
                    missing
                }
                Stage::Spelling(words) => {
                    let rare = self.doubt == Doubt::None;
                    match spell::correct(engine, &self.query, words, rare)? {
                        Step::Need(missing) => missing,
                        // What was meant takes the place of what was typed, and all begins anew.
                        Step::Done(swaps) => {
                            self.searched = spell::replace(&self.searched, &swaps);
                            self.query = Query::parse(&self.searched);
                            self.selection.heed(&self.query);
                            self.shards.clear();
                            resolve::shards(&engine.segment(), &self.query, &mut self.shards);
                            self.stage = Stage::Terms;
                            continue;
                        }
                    }
                }
                Stage::Postings => {
                    for found in [&self.words, &self.forms] {
                        for resolved in found {
                            let whole = self.reads_whole(resolved);
                            resolved.blocks(engine, whole, &mut blocks);
                        }
                    }
                    for plan in &self.phrases {
                        plan.blocks(engine, &mut blocks)?;
                    }
                    self.selection.second(engine, &mut blocks)?;
                    let missing = engine.missing(blocks)?;
                    if missing.is_empty() {
                        self.rank(engine)?;
                    }
                    missing
                }
                Stage::Related(doc) => {
                    let block = related::block(&engine.segment(), doc);
                    let missing = engine.missing(block.into_iter().collect())?;
                    if missing.is_empty() {
                        self.ranking = related::rank(engine, doc)?;
                        self.stage = Stage::Cards;
                    }
                    missing
                }
                Stage::Authors => {
                    let missing = self.authors.step(engine, &mut self.facets)?;
                    if missing.is_empty() {
                        self.stage = Stage::Cards;
                    }
                    missing
                }
                Stage::Cards => {
                    let mut docs = Vec::with_capacity(self.ranking.hits.len());
                    for hit in &self.ranking.hits {
                        docs.push(hit.doc);
                    }
                    return Ok(match paper::cards(engine, &docs)? {
                        Step::Need(blocks) => Step::Need(blocks),
                        Step::Done(cards) => Step::Done(self.answer(cards)),
                    });
                }
            };
            if !missing.is_empty() {
                return Ok(Step::Need(missing));
            }
        }
    }
}
