//! Columns at hand: decoded once, and kept.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use offprint_format::{
    BlockId, BlockRef, Column, Fault, NONE, OTHER, Section, Values, decode_docs, limits, read_days,
};

use crate::dates::bound;
use crate::engine::Engine;
use crate::error::Failed;
use crate::lists::Decoded;

/// A decoded column.
pub(crate) struct Kept {
    pub(crate) values: Values,
    order: OnceCell<Vec<u32>>,
}

impl Kept {
    /// Every paper by its code, then by number.
    fn order(&self) -> &[u32] {
        self.order.get_or_init(|| self.values.order())
    }

    /// Places in the order of the papers with one of these codes.
    fn places(&self, codes: Range<u16>) -> Range<usize> {
        let code = |doc: u32| self.values.codes.get(doc as usize).copied();
        let first = |least: u16| self.order().partition_point(|&doc| code(doc) < Some(least));
        first(codes.start)..first(codes.end)
    }

    /// The year of each code, packed as a date; of those before the first name, 0.
    pub(crate) fn years(&self) -> Vec<u32> {
        let mut years = vec![0; usize::from(OTHER) + 1];
        for name in &self.values.names {
            years.push(bound(name, 0).unwrap_or(0) >> 9);
        }
        years
    }

    /// The date of each paper, as far as its year tells.
    pub(crate) fn dates(&self) -> Vec<u32> {
        let years = self.years();
        let mut dates = Vec::with_capacity(self.values.codes.len());
        for &code in &self.values.codes {
            dates.push(years.get(usize::from(code)).map_or(0, |year| year << 9));
        }
        dates
    }

    /// Blocks of days that hold those of the papers of a year.
    pub(crate) fn day_blocks(&self, year: u16) -> Range<u32> {
        let places = self.days_of(year);
        let block = |place: usize| (place / limits::DAYS) as u32;
        block(places.start)..block(places.end + limits::DAYS - 1)
    }

    /// Places of a year's papers among those that have a year.
    fn days_of(&self, year: u16) -> Range<usize> {
        let before = self.places(NONE..OTHER + 1).end;
        let places = self.places(year..year + 1);
        places.start - before..places.end - before
    }

    /// Bytes of the list of papers that have a category as a further one, and their number.
    fn list(&self, code: u16) -> (Range<usize>, u32) {
        let at = usize::from(code.saturating_sub(OTHER));
        let list = self.values.further.get(at).copied().unwrap_or_default();
        let start = list.start as usize;
        (start..start + list.bytes as usize, list.count)
    }

    /// Blocks that hold that list.
    pub(crate) fn further_blocks(&self, code: u16) -> Range<u32> {
        let (bytes, _) = self.list(code);
        let end = bytes.end.div_ceil(limits::FURTHER);
        (bytes.start / limits::FURTHER) as u32..end as u32
    }
}

/// Columns that were decoded; they are few, and stay.
pub(crate) type Columns = [Option<Rc<Kept>>; 6];

/// Marks keys of decoded lists that lie in columns.
const KEY: u64 = 1 << 63;

impl Engine {
    /// Whether a column is decoded.
    pub(crate) fn has_column(&self, column: Column) -> bool {
        matches!(self.columns.get(column as usize), Some(Some(_)))
    }

    /// How many blocks a column has.
    pub(crate) fn blocks_in(&self, column: Column) -> u32 {
        let count = self.segment().columns.get(column as usize).copied();
        count.unwrap_or(0)
    }

    /// Adds the blocks at some places of a column.
    pub(crate) fn ask(&self, blocks: &mut Vec<BlockRef>, column: Column, places: Range<u32>) {
        self.segment().column_blocks(column, places, blocks);
    }

    /// The shard that would hold a word.
    pub(crate) fn shard_of(&self, word: &str) -> Option<u32> {
        self.segment().shard_of(word)
    }

    /// The bytes of the blocks at some places of a column, which are at hand.
    pub(crate) fn bytes_of(
        &mut self,
        column: Column,
        places: Range<u32>,
    ) -> Result<Vec<u8>, Failed> {
        let mut blocks = Vec::new();
        self.ask(&mut blocks, column, places);
        let mut bytes = Vec::new();
        for block in blocks {
            bytes.extend_from_slice(&self.raw(block.id)?);
        }
        Ok(bytes)
    }

    /// An error about a column that does not hold what it should.
    pub(crate) fn bad(&self, column: Column, fault: Fault) -> Failed {
        let section = Section::Columns;
        let before: u32 = self.segment().columns.iter().take(column as usize).sum();
        let number = before;
        BlockId { section, number }.damaged(fault).into()
    }

    /// A column, whose blocks are at hand.
    pub(crate) fn column(&mut self, column: Column) -> Result<Rc<Kept>, Failed> {
        if let Some(Some(kept)) = self.columns.get(column as usize) {
            return Ok(Rc::clone(kept));
        }
        let bytes = self.bytes_of(column, 0..u32::MAX)?;
        let papers = self.segment().papers;
        let values = Values::read(&bytes, papers).map_err(|fault| self.bad(column, fault))?;
        let order = OnceCell::new();
        let kept = Rc::new(Kept { values, order });
        if let Some(slot) = self.columns.get_mut(column as usize) {
            *slot = Some(Rc::clone(&kept));
        }
        Ok(kept)
    }

    /// The papers that have a value as a further one, by a column of lists; the blocks are at hand.
    pub(crate) fn further(
        &mut self,
        primary: &Kept,
        lists: Column,
        code: u16,
    ) -> Result<Decoded, Failed> {
        let key = KEY | (lists as u64) << 32 | u64::from(code);
        if let Some((docs, _)) = self.decoded(key, true) {
            return Ok(docs);
        }
        let blocks = primary.further_blocks(code);
        let before = blocks.start as usize * limits::FURTHER;
        let bytes = self.bytes_of(lists, blocks)?;
        let (range, count) = primary.list(code);
        let list = bytes.get(range.start - before..range.end - before);
        let list = list.unwrap_or_default();
        let order = primary.order();
        let places = decode_docs(list, count, order.len() as u32);
        let places = places.map_err(|fault| self.bad(lists, fault))?;
        let mut docs = Vec::with_capacity(places.len());
        for place in places {
            docs.extend(order.get(place as usize));
        }
        let docs = Rc::new(docs);
        self.keep_decoded(key, true, &docs);
        Ok(docs)
    }

    /// Adds month and day to the dates of the papers of a year; the blocks are at hand.
    pub(crate) fn add_days(
        &mut self,
        years: &Kept,
        year: u16,
        dates: &mut [u32],
    ) -> Result<(), Failed> {
        let wanted = years.days_of(year);
        let places = years.places(year..u16::MAX);
        let dated = years.order().len() - years.places(NONE..OTHER + 1).end;
        for number in years.day_blocks(year) {
            let key = KEY >> 1 | u64::from(number);
            let first = number as usize * limits::DAYS;
            let days = match self.decoded(key, true) {
                Some((days, _)) => days,
                None => {
                    let payload = self.bytes_of(Column::Days, number..number + 1)?;
                    let days = Rc::new(read_days(&payload, dated - first));
                    self.keep_decoded(key, true, &days);
                    days
                }
            };
            for (at, &day) in (first..).zip(days.iter()) {
                if wanted.contains(&at)
                    && let Some(&doc) = years.order().get(places.start + at - wanted.start)
                    && let Some(date) = dates.get_mut(doc as usize)
                {
                    *date |= day;
                }
            }
        }
        Ok(())
    }
}
