//! Filters and the order by date: what a request asks of columns, and which papers pass.

use std::rc::Rc;

use offprint_analysis::{TokenKind, tokenize};
use offprint_format::{BlockId, BlockRef, Card, Column, OTHER, Section};
use serde::{Deserialize, Serialize};

use crate::answer::SearchRequest;
use crate::columns::Kept;
use crate::engine::{Engine, sorted};
use crate::error::Error;
use crate::facets::Field;
use crate::limits;
use crate::lists;
use crate::resolve::Source;
use crate::score::Ranked;

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
const AUTHOR: u8 = 32;
/// Of a paper that is not known to have all words.
const UNSEEN: u8 = 128;

/// Up to so many blocks of further categories or of days are read at once, which saves a round.
const FEW: usize = 2;

/// Bits of a date.
const DATE_BITS: u32 = 23;

/// What a request asks of columns.
pub(crate) struct Selection {
    filters: Filters,
    pub(crate) facets: Vec<Field>,
    sort: Sort,
    /// First and last date that pass.
    from: Option<u32>,
    to: Option<u32>,
    /// Words of each author asked for.
    names: Vec<Vec<String>>,
    /// Whether every paper is a hit.
    browse: bool,
    /// Years whose days are needed to tell which papers stand on the page.
    tied: Vec<u16>,
}

/// A date of which month and day may be left out: `fill` then stands there.
fn bound(text: &str, fill: u32) -> Option<u32> {
    let mut parts = [0, fill >> 5, fill & 31];
    let mut at = 0;
    let mut begun = false;
    for byte in text.bytes() {
        if byte == b'-' {
            (at, begun) = (at + 1, false);
            continue;
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let part = parts.get_mut(at).filter(|_| digit < 10)?;
        *part = *part * u32::from(begun) * 10 + digit;
        begun = true;
        if *part > 9999 {
            return None;
        }
    }
    let [year, month, day] = parts;
    (year > 0).then(|| year << 9 | month.min(15) << 5 | day.min(31))
}

impl Selection {
    pub(crate) fn new(request: &SearchRequest) -> Selection {
        let filters = request.filters.clone();
        let names = filters.authors.iter().take(limits::WORDS).map(|name| {
            let mut words: Vec<String> = Vec::new();
            tokenize(name, &mut |token| {
                let new = words.iter().all(|word| word != token.term);
                if token.kind == TokenKind::Word && new && words.len() < limits::WORDS {
                    words.push(token.term.to_owned());
                }
            });
            words
        });
        let mut selection = Selection {
            names: names.collect(),
            facets: request.facets.clone(),
            sort: request.sort,
            from: bound(&filters.from, 0),
            to: bound(&filters.to, 511),
            filters,
            browse: false,
            tied: Vec::new(),
        };
        let asked = selection.decides() || !selection.facets.is_empty();
        if asked && request.query.trim().is_empty() {
            selection.browse = true;
            if selection.sort == Sort::Relevance {
                selection.sort = Sort::Newest;
            }
        }
        selection
    }

    fn by_date(&self) -> bool {
        self.sort != Sort::Relevance
    }

    /// Whether it decides which papers are hits, or in what order they stand: first parts of lists
    /// would then mislead.
    pub(crate) fn decides(&self) -> bool {
        self.by_date() || self.filtering() != 0
    }

    /// The filters that are set.
    fn filtering(&self) -> u8 {
        let Filters {
            categories, code, ..
        } = &self.filters;
        let bit = |bit, set| if set { bit } else { 0 };
        bit(DATE, self.from.is_some() || self.to.is_some())
            | bit(CATEGORY, !categories.is_empty())
            | bit(PRIMARY, !self.filters.primary.is_empty())
            | bit(VENUE, !self.filters.venues.is_empty())
            | bit(CODE, !code.is_empty())
            | bit(AUTHOR, !self.names.is_empty())
    }

    /// The columns that are read, as a set of filters' bits.
    fn reading(&self) -> u8 {
        let facets = self.facets.iter().map(|facet| facet.place().1);
        let dates = if self.by_date() { DATE } else { 0 };
        facets.fold(self.filtering() | dates, |bits, bit| bits | bit)
    }

    fn columns(&self) -> impl Iterator<Item = Column> + use<> {
        let reading = self.reading();
        let columns = [
            (Column::Primary, CATEGORY | PRIMARY),
            (Column::Year, DATE),
            (Column::Code, CODE),
            (Column::Venue, VENUE),
        ];
        let read = move |&(_, bits): &(Column, u8)| reading & bits != 0;
        columns.into_iter().filter(read).map(|(column, _)| column)
    }

    /// What can be asked for at once: columns, and the shards of authors' words.
    pub(crate) fn first(&self, engine: &Engine) -> Vec<BlockRef> {
        let segment = engine.segment();
        let mut blocks: Vec<BlockRef> = self
            .columns()
            .flat_map(|column| engine.column_blocks(column))
            .collect();
        let further = engine.blocks_of(Column::Further, 0..u32::MAX);
        let counted = self.facets.contains(&Field::Category);
        if counted || self.reading() & CATEGORY != 0 && further.len() <= FEW {
            blocks.extend(further);
        }
        let days = engine.blocks_of(Column::Days, 0..u32::MAX);
        if self.reading() & DATE != 0 && days.len() <= FEW {
            blocks.extend(days);
        }
        let words = self.names.iter().flatten();
        blocks.extend(words.filter_map(|word| {
            let section = Section::Terms;
            let number = segment.shard_of(word)?;
            Some(BlockId { section, number }.whole())
        }));
        blocks
    }

    /// What can be asked for once those are at hand.
    pub(crate) fn second(&self, engine: &mut Engine) -> Result<Vec<BlockRef>, Error> {
        let mut blocks = Vec::new();
        if !self.filters.categories.is_empty() {
            let primary = engine.column(Column::Primary)?;
            for name in &self.filters.categories {
                if let Some(code) = primary.values.code(name) {
                    let places = primary.further_blocks(code);
                    blocks.extend(engine.blocks_of(Column::Further, places));
                }
            }
        }
        if self.reading() & DATE != 0 {
            let years = engine.column(Column::Year)?;
            for year in self.years(&years) {
                blocks.extend(engine.blocks_of(Column::Days, years.day_blocks(year)));
            }
        }
        for words in &self.names {
            for source in sources(engine, words)? {
                blocks.extend(lists::blocks(engine, &source, true));
            }
        }
        Ok(blocks)
    }

    /// The years whose days are needed: those in which a filter begins and ends, and those in
    /// which the page does.
    fn years(&self, years: &Kept) -> Vec<u16> {
        let cut = |bound: Option<u32>, whole: u32| {
            let code = |date| years.values.code(&year_name(date));
            bound.filter(|date| date & 511 != whole).and_then(code)
        };
        let cuts = cut(self.from, 0).into_iter().chain(cut(self.to, 511));
        cuts.chain(self.tied.iter().copied()).collect()
    }

    /// Which papers pass. All blocks are at hand.
    pub(crate) fn passing(&self, engine: &mut Engine) -> Result<Passing, Error> {
        let mut passing = Passing {
            fails: Vec::new(),
            dates: Vec::new(),
            sort: self.sort,
            browse: self.browse,
            narrows: self.filtering() != 0,
        };
        if self.reading() == 0 {
            return Ok(passing);
        }
        let filters = &self.filters;
        passing.fails = vec![UNSEEN | self.filtering(); engine.segment().papers as usize];
        let fails = &mut passing.fails;
        let named = [
            (Column::Primary, CATEGORY, &filters.categories),
            (Column::Primary, PRIMARY, &filters.primary),
            (Column::Venue, VENUE, &filters.venues),
            (Column::Code, CODE, &filters.code),
        ];
        for (column, bit, wanted) in named {
            if wanted.is_empty() {
                continue;
            }
            let kept = engine.column(column)?;
            let mut wants = vec![false; kept.values.names.len() + 2];
            for code in wanted.iter().filter_map(|name| kept.values.code(name)) {
                if let Some(wants) = wants.get_mut(usize::from(code)) {
                    *wants = true;
                }
                if bit == CATEGORY {
                    for &doc in engine.further(&kept, code)?.iter() {
                        pass(fails, doc, bit);
                    }
                }
            }
            for (fails, &code) in fails.iter_mut().zip(&kept.values.codes) {
                if wants.get(usize::from(code)) == Some(&true) {
                    *fails &= !bit;
                }
            }
        }
        if self.filtering() & DATE != 0 || self.by_date() {
            let years = engine.column(Column::Year)?;
            passing.dates = self.dates(engine, &years)?;
            let from = self.from.unwrap_or(1);
            let to = self.to.unwrap_or(u32::MAX);
            for (fails, date) in fails.iter_mut().zip(&passing.dates) {
                if (from..=to).contains(date) {
                    *fails &= !DATE;
                }
            }
        }
        for words in &self.names {
            let mut has = vec![0u8; fails.len()];
            for source in sources(engine, words)? {
                if let Some(list) = lists::read(engine, &source, true)? {
                    for &posting in list.postings.iter() {
                        if let Some(has) = has.get_mut(lists::unpack(posting).0 as usize) {
                            *has += 1;
                        }
                    }
                }
            }
            for (fails, has) in fails.iter_mut().zip(has) {
                if has > 0 && usize::from(has) == words.len() {
                    *fails &= !AUTHOR;
                }
            }
        }
        Ok(passing)
    }

    /// The date of each paper: the year, and the day where it is needed.
    fn dates(&self, engine: &mut Engine, years: &Rc<Kept>) -> Result<Vec<u32>, Error> {
        let packed = |code: &u16| {
            let at = usize::from(*code).checked_sub(usize::from(OTHER) + 1);
            let name = at.and_then(|at| years.values.names.get(at));
            name.and_then(|name| bound(name, 0)).unwrap_or(0)
        };
        let by_code: Vec<u32> = (0..years.values.names.len() as u16 + 2)
            .map(|code| packed(&code))
            .collect();
        let date = |&code: &u16| by_code.get(usize::from(code)).copied().unwrap_or(0);
        let mut dates: Vec<u32> = years.values.codes.iter().map(date).collect();
        for year in self.years(years) {
            engine.add_days(years, year, &mut dates)?;
        }
        Ok(dates)
    }

    /// Notes the years of papers that stand where the page begins or ends and beside others of the
    /// same year; says whether there is a new one.
    pub(crate) fn untie(&mut self, engine: &mut Engine, docs: &[u32]) -> Result<bool, Error> {
        if !self.by_date() || engine.blocks_of(Column::Days, 0..1).is_empty() {
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
    pub(crate) fn page(&self, hits: &[Ranked], cards: &[Card]) -> Vec<usize> {
        let key = |(at, (hit, card)): (u64, (&Ranked, &Card))| {
            if !self.by_date() {
                return at;
            }
            // At most 2^23, 2^24 documents, 2^10 hits.
            let rank = (1 << DATE_BITS) - by_date(self.sort, card.date);
            let rank = u64::from(!hit.all_words) << (DATE_BITS + 1) | u64::from(rank);
            (rank << 24 | u64::from(hit.doc)) << 10 | at
        };
        let keys = (0..).zip(hits.iter().zip(cards)).map(key);
        let places = sorted(keys).into_iter();
        places.map(|key| (key & 1023) as usize).collect()
    }
}

/// A year as its column names it.
fn year_name(date: u32) -> String {
    let year = date >> 9;
    [1000, 100, 10, 1]
        .map(|unit| char::from(b'0' + (year / unit % 10) as u8))
        .iter()
        .collect()
}

/// A number that is the larger, the earlier a paper stands in an order by date.
fn by_date(sort: Sort, date: u32) -> u32 {
    match (sort, date) {
        (_, 0) => 0,
        (Sort::Oldest, _) => (1 << DATE_BITS) - date.min(1 << DATE_BITS),
        _ => date.min(1 << DATE_BITS),
    }
}

/// The lists of papers with these words among their authors', of the words that have one.
fn sources(engine: &mut Engine, words: &[String]) -> Result<Vec<Source>, Error> {
    let segment = engine.segment();
    let mut sources = Vec::new();
    for word in words {
        let Some(number) = segment.shard_of(word) else {
            continue;
        };
        let shard = engine.shard(number)?;
        let at = shard.find(word).filter(|&at| shard.names(at).is_some());
        sources.extend(at.map(|at| Source::Names(shard, at)));
    }
    Ok(sources)
}

fn pass(fails: &mut [u8], doc: u32, bit: u8) {
    if let Some(fails) = fails.get_mut(doc as usize) {
        *fails &= !bit;
    }
}

/// Which papers pass the filters.
pub(crate) struct Passing {
    /// For each paper the filters that it fails; empty where columns are not asked.
    fails: Vec<u8>,
    /// For each paper its date, where that matters.
    dates: Vec<u32>,
    sort: Sort,
    /// Whether every paper has all of no words.
    pub(crate) browse: bool,
    /// Whether any filter is set.
    pub(crate) narrows: bool,
}

impl Passing {
    /// Whether a paper is a hit; notes which ones have all words.
    pub(crate) fn admits(&mut self, doc: u32, all_words: bool) -> bool {
        let Some(fails) = self.fails.get_mut(doc as usize) else {
            return true;
        };
        if all_words {
            *fails &= !UNSEEN;
        }
        *fails & !UNSEEN == 0
    }

    /// What decides a paper's place in the order: the larger, the earlier.
    pub(crate) fn rank(&self, doc: u32, score: u32) -> u32 {
        match self.sort {
            Sort::Relevance => score,
            sort => by_date(sort, self.dates.get(doc as usize).copied().unwrap_or(0)),
        }
    }

    pub(crate) fn by_date(&self) -> bool {
        self.sort != Sort::Relevance
    }

    /// For each paper, whether it has all words and passes every filter but the one given.
    pub(crate) fn but(&self, bit: u8) -> impl Iterator<Item = bool> {
        self.fails.iter().map(move |fails| fails & !bit == 0)
    }

    /// The same of one paper.
    pub(crate) fn has_but(&self, doc: u32, bit: u8) -> bool {
        let fails = self.fails.get(doc as usize);
        fails.is_some_and(|fails| fails & !bit == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_may_stop_at_the_year_or_the_month() {
        let packed = |year: u32, month: u32, day: u32| Some(year << 9 | month << 5 | day);
        assert_eq!(bound("2019", 0), packed(2019, 0, 0));
        assert_eq!(bound("2019", 511), packed(2019, 15, 31));
        assert_eq!(bound("2019-05", 511), packed(2019, 5, 31));
        assert_eq!(bound("2019-05-07", 511), packed(2019, 5, 7));
        assert_eq!(bound("2019-5-7", 0), packed(2019, 5, 7));
        for bad in ["", "year", "-", "20199", "2019-05-07-1", "99999999999", "2019-x"] {
            assert_eq!(bound(bad, 0), None, "{bad}");
        }
        assert_eq!(year_name(1000 << 9 | 37), "1000");
    }

    #[test]
    fn what_has_no_date_comes_last_in_either_order() {
        for sort in [Sort::Newest, Sort::Oldest] {
            let (old, new) = (by_date(sort, 1999 << 9), by_date(sort, 9999 << 9 | 511));
            assert_eq!(old < new, sort == Sort::Newest);
            assert!(by_date(sort, 0) < old.min(new));
        }
    }
}
