//! Filters and the order by date: what a request asks of columns, and which papers pass.

use offprint_analysis::{TokenKind, tokenize};
use offprint_format::{BlockId, BlockRef, Card, Column, OTHER, Section};
use serde::{Deserialize, Serialize};

use crate::answer::SearchRequest;
use crate::columns::Kept;
use crate::dates::{bound, range};
use crate::engine::{Engine, sorted};
use crate::error::Failed;
use crate::facets::Field;
use crate::limits;
use crate::lists;
use crate::passing::{DATE_BITS, Passing, UNSEEN, by_date};
use crate::query::Query;
use crate::resolve::Source;
use crate::score::{Ranked, Scorer};

/// What a paper must be. Of several values of one filter one is enough; every filter must pass.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Filters {
    /// Published on this date or later: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A paper whose month or
    /// day is not known counts as published before the first; one without a year never passes. What
    /// is no date bounds nothing.
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub from: String,
    /// Published on this date or before, in the same forms.
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub to: String,
    /// In any of these categories.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub categories: Vec<String>,
    /// With any of these as primary category.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub primary: Vec<String>,
    /// At any of these venues, out of those that the collection counts.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub venues: Vec<String>,
    /// With all words of any of these names among the words of its authors.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub authors: Vec<String>,
    /// Saying any of these of their code.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<crate::answer::Code>>"))]
    pub code: Vec<String>,
    /// Of any of these topics, which the build found and named.
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub topics: Vec<String>,
}

/// The order of hits. Papers with all words come first in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Sort {
    /// By score.
    #[default]
    Relevance,
    /// The newest first, those without a date last.
    Newest,
    /// The oldest first, those without a date last.
    Oldest,
}

impl Sort {
    /// The order of a name; by relevance if there is none.
    #[must_use]
    pub fn named(name: &str) -> Sort {
        match name {
            "newest" => Sort::Newest,
            "oldest" => Sort::Oldest,
            _ => Sort::Relevance,
        }
    }
}

/// Filters as bits.
pub(crate) const DATE: u8 = 1;
pub(crate) const CATEGORY: u8 = 2;
pub(crate) const PRIMARY: u8 = 4;
pub(crate) const VENUE: u8 = 8;
pub(crate) const CODE: u8 = 16;
pub(crate) const AUTHOR: u8 = 32;
pub(crate) const TOPIC: u8 = 64;

/// Up to so many blocks of further categories or of days are read at once, which saves a round.
const FEW: u32 = 2;

/// A name that passes.
struct Wanted {
    /// The bit of its filter; of an author's word, with the author's place above it.
    kind: usize,
    name: String,
    /// The bit of papers that have it, if a query asks for it and not a filter.
    mark: u64,
    /// Whether the name may go on: after its end, or anywhere.
    longer: Option<bool>,
}

/// Dates that pass.
struct Dates {
    first: u32,
    last: u32,
    /// As of names.
    mark: u64,
}

/// What a request asks of columns.
pub(crate) struct Selection {
    pub(crate) facets: Vec<Field>,
    sort: Sort,
    wanted: Vec<Wanted>,
    ranges: Vec<Dates>,
    /// How many of both the request's filters make; those of the query follow.
    own: (usize, usize),
    /// The filters that are set, and those whose columns are read.
    filtering: u8,
    reading: u8,
    /// Whether every paper is a hit.
    browse: bool,
    /// Years whose days are needed to tell which papers stand on the page.
    tied: Vec<u16>,
}

/// The column that a filter needs.
pub(crate) fn column_of(bit: u8) -> Column {
    match bit {
        DATE => Column::Year,
        VENUE => Column::Venue,
        CODE => Column::Code,
        TOPIC => Column::Topic,
        AUTHOR => Column::Author,
        _ => Column::Primary,
    }
}

/// The codes of the values that a name stands for.
fn codes(kept: &Kept, wanted: &Wanted) -> Vec<u16> {
    let name = wanted.name.as_str();
    let mut codes = Vec::new();
    for (code, known) in (OTHER + 1..).zip(&kept.values.names) {
        let fits = match wanted.longer {
            None => known == name,
            Some(anywhere) => {
                let begins = known.get(..name.len());
                let next = known.as_bytes().get(name.len());
                begins.is_some_and(|begins| begins.eq_ignore_ascii_case(name))
                    && (anywhere || next.is_none_or(|next| !next.is_ascii_alphanumeric()))
            }
        };
        if fits {
            codes.push(code);
        }
    }
    codes
}

impl Selection {
    // Plain loops: each chain of iterators is compiled for itself, which the client pays for.
    pub(crate) fn new(request: &SearchRequest, query: &Query) -> Selection {
        let filters = &request.filters;
        let from = bound(&filters.from, 0);
        let to = bound(&filters.to, 511);
        let mut selection = Selection {
            facets: request.facets.clone(),
            sort: request.sort,
            wanted: Vec::new(),
            ranges: Vec::new(),
            own: (0, 0),
            filtering: 0,
            reading: 0,
            browse: false,
            tied: Vec::new(),
        };
        if from.or(to).is_some() {
            selection.filtering = DATE;
            selection.ranges.push(Dates {
                first: from.unwrap_or(1),
                last: to.unwrap_or(u32::MAX),
                mark: 0,
            });
        }
        for (bit, names) in [
            (CATEGORY, &filters.categories),
            (PRIMARY, &filters.primary),
            (VENUE, &filters.venues),
            (CODE, &filters.code),
            (TOPIC, &filters.topics),
            (AUTHOR, &filters.authors),
        ] {
            for (place, name) in names.iter().enumerate().take(limits::HITS) {
                selection.filtering |= bit;
                selection.want(bit, place, name);
            }
        }
        // The author filter reads the lists of names.
        selection.reading = selection.filtering & !AUTHOR;
        for facet in &selection.facets {
            selection.reading |= facet.bit();
        }
        selection.own = (selection.wanted.len(), selection.ranges.len());
        selection.heed(query);
        let wordless = query.words.is_empty() && query.phrases.is_empty();
        let shuts_out = query.only_shuts_out();
        if shuts_out || wordless && (selection.decides() || selection.reading != 0) {
            selection.browse = shuts_out || request.query.trim().is_empty();
            if !selection.by_date() {
                selection.sort = Sort::Newest;
            }
        }
        if selection.by_date() {
            selection.reading |= DATE;
        }
        selection
    }

    /// Takes up what a query asks papers to be.
    pub(crate) fn heed(&mut self, query: &Query) {
        self.wanted.truncate(self.own.0);
        self.ranges.truncate(self.own.1);
        for facts in &query.facts {
            let mark = facts.bit;
            self.reading |= facts.filter;
            if let Some((first, last)) = range(&facts.value).filter(|_| facts.filter == DATE) {
                self.ranges.push(Dates { first, last, mark });
                continue;
            }
            let names = match facts.filter {
                CODE => ["linked", "stated"].as_slice(),
                _ => &[facts.value.as_str()],
            };
            for &name in names {
                self.wanted.push(Wanted {
                    kind: usize::from(facts.filter),
                    name: name.to_owned(),
                    mark,
                    longer: Some(facts.typed),
                });
            }
        }
    }

    /// Adds a name that passes: of an author's, the words.
    fn want(&mut self, bit: u8, place: usize, name: &str) {
        let mut add = |kind: usize, name: &str| {
            let known = |wanted: &Wanted| wanted.kind == kind && wanted.name == name;
            if !self.wanted.iter().any(known) {
                self.wanted.push(Wanted {
                    kind,
                    name: name.to_owned(),
                    mark: 0,
                    longer: None,
                });
            }
        };
        let kind = usize::from(bit);
        if bit != AUTHOR {
            return add(kind, name);
        }
        tokenize(name, &mut |token| {
            if token.kind == TokenKind::Word {
                add(kind | (place + 1) << 8, token.term);
            }
        });
    }

    fn by_date(&self) -> bool {
        self.sort != Sort::Relevance
    }

    /// Whether the dates of papers matter, and not their years alone.
    fn decides_by_date(&self) -> bool {
        self.by_date() || !self.ranges.is_empty()
    }

    /// Whether it decides which papers are hits, or in what order they stand: first parts of lists
    /// would then mislead.
    pub(crate) fn decides(&self) -> bool {
        self.by_date() || self.filtering != 0
    }

    /// What can be asked for at once: columns, and the shards of authors' words.
    pub(crate) fn first(&self, engine: &Engine, blocks: &mut Vec<BlockRef>) {
        for bit in [DATE, CATEGORY, PRIMARY, VENUE, CODE, TOPIC, AUTHOR] {
            if self.reading & bit != 0 && !engine.has_column(column_of(bit)) {
                engine.ask(blocks, column_of(bit), 0..u32::MAX);
            }
        }
        let few = |column| engine.blocks_in(column) <= FEW;
        if self.reading & CATEGORY != 0 && few(Column::Further) {
            engine.ask(blocks, Column::Further, 0..u32::MAX);
        }
        for facet in &self.facets {
            if let Some(lists) = facet.lists() {
                engine.ask(blocks, lists, 0..u32::MAX);
            }
        }
        if self.decides_by_date() && few(Column::Days) {
            engine.ask(blocks, Column::Days, 0..u32::MAX);
        }
        for wanted in &self.wanted {
            if wanted.kind > 0xff
                && let Some(number) = engine.shard_of(&wanted.name)
            {
                let section = Section::Terms;
                blocks.push(BlockId { section, number }.whole());
            }
        }
    }

    /// What can be asked for once those are at hand.
    pub(crate) fn second(
        &self,
        engine: &mut Engine,
        blocks: &mut Vec<BlockRef>,
    ) -> Result<(), Failed> {
        for wanted in &self.wanted {
            if wanted.kind == usize::from(CATEGORY) {
                let primary = engine.column(Column::Primary)?;
                for code in codes(&primary, wanted) {
                    engine.ask(blocks, Column::Further, primary.further_blocks(code));
                }
            } else if let Some(source) = names_of(engine, wanted.kind, &wanted.name)? {
                lists::blocks(engine, &source, true, blocks);
            }
        }
        if self.decides_by_date() {
            let years = engine.column(Column::Year)?;
            for year in self.years(&years) {
                engine.ask(blocks, Column::Days, years.day_blocks(year));
            }
        }
        Ok(())
    }

    /// The years whose days are needed: those in which a filter begins and ends, and those in
    /// which the page does.
    fn years(&self, years: &Kept) -> Vec<u16> {
        let mut codes = self.tied.clone();
        for range in &self.ranges {
            for (date, whole) in [(range.first, 0), (range.last, 511)] {
                if date > 511
                    && date & 511 != whole
                    && let Some(at) = years.years().iter().position(|&year| year == date >> 9)
                {
                    codes.push(at as u16);
                }
            }
        }
        codes
    }

    /// Which papers pass; marks those that are what the query asks. All blocks are at hand.
    pub(crate) fn passing(
        &self,
        engine: &mut Engine,
        scorer: &mut Scorer<'_>,
    ) -> Result<Passing, Failed> {
        let mut passing = Passing {
            fails: Vec::new(),
            dates: Vec::new(),
            sort: self.sort,
            browse: self.browse,
            narrows: self.filtering != 0,
        };
        if self.reading | self.filtering == 0 {
            return Ok(passing);
        }
        let papers = engine.segment().papers as usize;
        passing.fails = vec![UNSEEN | self.filtering; papers];
        let mut has = Vec::new();
        for (at, wanted) in self.wanted.iter().enumerate() {
            let Wanted { kind, mark, .. } = *wanted;
            let bit = kind as u8;
            let mut note = |doc| match mark {
                0 => passing.pass(doc, bit),
                mark => scorer.mark(doc, mark),
            };
            if bit != AUTHOR {
                let kept = engine.column(column_of(bit))?;
                for code in codes(&kept, wanted) {
                    for (doc, &other) in (0..).zip(&kept.values.codes) {
                        if other == code {
                            note(doc);
                        }
                    }
                    if bit == CATEGORY {
                        for &doc in engine.further(&kept, Column::Further, code)?.iter() {
                            note(doc);
                        }
                    }
                }
                continue;
            }
            // A paper has an author if it has every word since the author's first.
            let before = self.wanted.get(at.wrapping_sub(1));
            let first = before.is_none_or(|before| before.kind != kind);
            let mut now = vec![false; papers];
            if let Some(source) = names_of(engine, kind, &wanted.name)?
                && let Some(list) = lists::read(engine, &source, true)?
            {
                for &posting in list.postings.iter() {
                    let doc = lists::unpack(posting).0 as usize;
                    if let Some(now) = now.get_mut(doc) {
                        *now = first || has.get(doc) == Some(&true);
                    }
                }
            }
            has = now;
            let next = self.wanted.get(at + 1);
            if next.is_none_or(|next| next.kind != kind) {
                for (doc, &has) in (0..).zip(&has) {
                    if has {
                        note(doc);
                    }
                }
            }
        }
        if self.decides_by_date() {
            let years = engine.column(Column::Year)?;
            passing.dates = years.dates();
            for year in self.years(&years) {
                engine.add_days(&years, year, &mut passing.dates)?;
            }
            for range in &self.ranges {
                for doc in 0..papers as u32 {
                    let date = passing.date(doc);
                    if range.first <= date && date <= range.last {
                        match range.mark {
                            0 => passing.pass(doc, DATE),
                            mark => scorer.mark(doc, mark),
                        }
                    }
                }
            }
        }
        Ok(passing)
    }

    /// Notes the years of papers that stand where the page begins or ends and beside others of the
    /// same year; says whether there is a new one.
    pub(crate) fn untie(&mut self, engine: &mut Engine, docs: &[u32]) -> Result<bool, Failed> {
        if !self.by_date() || engine.blocks_in(Column::Days) == 0 {
            return Ok(false);
        }
        let years = engine.column(Column::Year)?;
        let before = self.tied.len();
        for &doc in docs {
            let year = years.values.codes.get(doc as usize).copied().unwrap_or(0);
            if year > OTHER && !self.years(&years).contains(&year) {
                self.tied.push(year);
            }
        }
        Ok(self.tied.len() > before)
    }

    /// The order of a page's hits, as places among them: within a year, the cards tell.
    pub(crate) fn page(&self, hits: &[Ranked], cards: &[Card]) -> Vec<u64> {
        let mut keys = Vec::with_capacity(hits.len());
        for (at, (hit, card)) in (0..).zip(hits.iter().zip(cards)) {
            // At most 2^23, 2^24 documents, 2^10 hits.
            let rank = (1 << DATE_BITS) - by_date(self.sort, card.date);
            let rank = u64::from(!hit.all_words) << (DATE_BITS + 1) | u64::from(rank);
            let key = (rank << 24 | u64::from(hit.doc)) << 10 | at;
            // By score they come in order, but for titles that say the query.
            let score = u64::from(!hit.all_words) << 32 | u64::from(u32::MAX - hit.score);
            keys.push(if self.by_date() {
                key
            } else {
                score << 10 | at
            });
        }
        sorted(keys)
    }
}

/// The list of papers with a word among their authors', if it is an author's and there is one.
fn names_of(engine: &mut Engine, kind: usize, word: &str) -> Result<Option<Source>, Failed> {
    if kind <= 0xff {
        return Ok(None);
    }
    let Some(number) = engine.shard_of(word) else {
        return Ok(None);
    };
    let shard = engine.shard(number)?;
    let at = shard.find(word).filter(|&at| shard.names(at).is_some());
    Ok(at.map(|at| Source::Names(shard, at)))
}
