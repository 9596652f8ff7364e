//! Columns: what each paper has of a field, for filters, counts and the order by date.
//!
//! Papers with the same primary category follow each other, the newest first, so most papers have
//! what the one before them has. A column says how long such runs are, by adaptive decisions
//! whose models know how long the runs at hand and before it are, and what follows what.

use crate::block::{BlockId, BlockRef, Section};
use crate::bytes::{Reader, put_varint};
use crate::error::Fault;
use crate::limits;
use crate::manifest::Segment;
use crate::range_coder::{Bit, Decoder, Encoder};
use crate::spelling::{pack_names, read_names};

/// A column, as its place in [`Segment::columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The primary category.
    Primary,
    /// The year of publication.
    Year,
    /// What the paper says of its code.
    Code,
    /// Where it was published.
    Venue,
    /// What it is about.
    Topic,
    /// The first of its authors who have a name in the column.
    Author,
    /// For each category, the papers that have it without its being their primary one.
    Further,
    /// Month and day of publication, by year.
    Days,
    /// For each author in [`Column::Author`], the papers of which they are a further author.
    Authors,
    /// Who wrote each paper.
    Bylines,
}

impl Column {
    /// Every column, in order.
    pub const ALL: [Column; 10] = [
        Column::Primary,
        Column::Year,
        Column::Code,
        Column::Venue,
        Column::Topic,
        Column::Author,
        Column::Further,
        Column::Days,
        Column::Authors,
        Column::Bylines,
    ];
}

impl Segment {
    /// Number of the first block of a column, and how many it has.
    fn column(&self, column: Column) -> (u32, u32) {
        let at = column as usize;
        let before = self.columns.iter().take(at).sum();
        (before, self.columns.get(at).copied().unwrap_or(0))
    }

    /// Adds the blocks of a column, or those at the given places of it, as far as it has them.
    pub fn column_blocks(
        &self,
        column: Column,
        places: std::ops::Range<u32>,
        out: &mut Vec<BlockRef>,
    ) {
        let (first, count) = self.column(column);
        let section = Section::Columns;
        for place in places.start..places.end.min(count) {
            let number = first + place;
            out.push(BlockId { section, number }.whole());
        }
    }
}

/// Stands for a paper that has no value.
pub const NONE: u16 = 0;

/// Stands for a value that is too rare to have a name.
pub const OTHER: u16 = 1;

/// What each paper has of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The values' names, rising; the first has code 2.
    pub names: Vec<String>,
    /// For each paper [`NONE`], [`OTHER`] or the code of a name.
    pub codes: Vec<u16>,
    /// Of categories and authors: for each code from [`OTHER`] on, the papers that have it as a
    /// further one. Empty where no paper has a second.
    pub further: Vec<Further>,
}

/// A list of papers in [`Column::Further`] or [`Column::Authors`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Further {
    /// Its first byte; a block counts as [`limits::FURTHER`] bytes.
    pub start: u32,
    /// Its bytes.
    pub bytes: u32,
    /// How many papers.
    pub count: u32,
}

impl Further {
    /// The list after this one: it begins a block where it would not fit into what is left of one.
    #[must_use]
    pub fn then(self, bytes: u32, count: u32) -> Further {
        let block = limits::FURTHER as u32;
        let end = self.start.saturating_add(self.bytes);
        let start = match end % block {
            used if used > 0 && bytes > block - used => end.saturating_add(block - used),
            _ => end,
        };
        Further {
            start,
            bytes,
            count,
        }
    }
}

/// Largest number of codes of which each has models of its own for what follows it.
const FOLLOWED: usize = 512;

/// Classes of the length of a run.
const RUNS: usize = 16;

/// The models of a column, and where it is.
struct Models {
    /// Whether a paper has what the one before has, by the lengths of this run and the last.
    same: Vec<Bit>,
    /// What else it has, by what the one before has.
    next: Vec<Bit>,
    bits: u32,
    followed: bool,
    before: u16,
    run: u32,
    last: u32,
}

impl Models {
    fn new(codes: usize) -> Models {
        let bits = codes.next_power_of_two().ilog2();
        let followed = codes <= FOLLOWED;
        let trees = if followed { codes } else { 1 };
        Models {
            same: vec![Bit::EVEN; RUNS * RUNS],
            next: vec![Bit::EVEN; trees << bits],
            bits,
            followed,
            before: NONE,
            run: 0,
            last: 0,
        }
    }

    fn same(&mut self) -> Option<&mut Bit> {
        let class = |run: u32| ((32 - run.leading_zeros()) as usize).min(RUNS - 1);
        self.same.get_mut(class(self.run) * RUNS + class(self.last))
    }

    fn tree(&mut self) -> &mut [Bit] {
        let tree = if self.followed { self.before } else { 0 };
        let at = usize::from(tree) << self.bits;
        self.next.get_mut(at..).unwrap_or_default()
    }

    fn learn(&mut self, code: u16) {
        if code != self.before {
            (self.last, self.run, self.before) = (self.run, 0, code);
        }
        self.run += 1;
    }
}

/// Codes a number of so many bits, highest first, with the models of a tree.
fn put_tree(coder: &mut Encoder, tree: &mut [Bit], bits: u32, value: u16) {
    let mut node = 1;
    for bit in (0..bits).rev() {
        let bit = value >> bit & 1 == 1;
        if let Some(model) = tree.get_mut(node) {
            coder.bit(model, bit);
        }
        node = node * 2 + usize::from(bit);
    }
}

fn get_tree(coder: &mut Decoder<'_>, tree: &mut [Bit], bits: u32) -> u16 {
    let mut node = 1;
    for _ in 0..bits {
        let bit = tree.get_mut(node).is_some_and(|model| coder.bit(model));
        node = node * 2 + usize::from(bit);
    }
    (node - (1 << bits)) as u16
}

impl Values {
    /// The bytes of the column.
    ///
    /// # Errors
    /// [`Fault::Dictionary`] if names do not rise, or one is empty or too long.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let names = pack_names(&self.names)?;
        put_varint(&mut out, names.len() as u64);
        out.extend_from_slice(&names);
        put_varint(&mut out, self.further.len() as u64);
        for list in &self.further {
            put_varint(&mut out, u64::from(list.count));
            put_varint(&mut out, u64::from(list.bytes));
        }
        let mut coder = Encoder::new();
        let mut models = Models::new(self.names.len() + 2);
        for &code in &self.codes {
            let same = code == models.before;
            if let Some(model) = models.same() {
                coder.bit(model, !same);
            }
            if !same {
                let bits = models.bits;
                put_tree(&mut coder, models.tree(), bits, code);
            }
            models.learn(code);
        }
        out.extend_from_slice(&coder.finish());
        Ok(out)
    }

    /// Reads the column of so many papers; no bytes say that no paper has anything.
    ///
    /// # Errors
    /// [`Fault`] if names, lists or codes go beyond what they may be.
    pub fn read(bytes: &[u8], papers: u32) -> Result<Values, Fault> {
        if papers > limits::PAPERS {
            return Err(Fault::value("number of papers"));
        }
        if bytes.is_empty() {
            return Ok(Values {
                codes: vec![NONE; papers as usize],
                ..Values::default()
            });
        }
        let mut reader = Reader::new(bytes);
        let length = reader.bounded(bytes.len(), "names of a column")?;
        let mut names = Vec::new();
        read_names(reader.take(length)?, &mut names)?;
        let count = names.len() + 2;
        if names.len() > limits::VALUES {
            return Err(Fault::value("names of a column"));
        }
        let lists = reader.bounded(count - 1, "lists of a column")?;
        let mut further = Vec::with_capacity(lists);
        let mut last = Further::default();
        for _ in 0..lists {
            let count = reader.bounded(papers as usize, "papers of a value")?;
            let bytes = reader.bounded(limits::PAPERS as usize * 4, "bytes of a value")?;
            last = last.then(bytes as u32, count as u32);
            further.push(last);
        }
        let mut coder = Decoder::new(reader.rest());
        let mut models = Models::new(count);
        let mut codes = Vec::with_capacity(papers as usize);
        for _ in 0..papers {
            let mut code = models.before;
            if models.same().is_some_and(|model| coder.bit(model)) {
                let bits = models.bits;
                code = get_tree(&mut coder, models.tree(), bits);
            }
            if usize::from(code) >= count {
                return Err(Fault::value("value of a paper"));
            }
            models.learn(code);
            codes.push(code);
        }
        Ok(Values {
            names,
            codes,
            further,
        })
    }

    /// The code of a name, if it has one.
    #[must_use]
    pub fn code(&self, name: &str) -> Option<u16> {
        let at = self
            .names
            .binary_search_by(|known| known.as_str().cmp(name));
        at.ok().map(|at| at as u16 + OTHER + 1)
    }

    /// Every paper, by its code and then by number: the order in which [`Column::Further`] numbers
    /// papers, and [`Column::Days`] those with a year.
    #[must_use]
    pub fn order(&self) -> Vec<u32> {
        let mut ends = vec![0u32; self.names.len() + 3];
        for &code in &self.codes {
            if let Some(end) = ends.get_mut(usize::from(code) + 1) {
                *end += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut order = vec![0; self.codes.len()];
        for (doc, &code) in (0..).zip(&self.codes) {
            if let Some(next) = ends.get_mut(usize::from(code))
                && let Some(slot) = order.get_mut(*next as usize)
            {
                *slot = doc;
                *next += 1;
            }
        }
        order
    }
}

/// Bits of a month and of a day.
const MONTH: u32 = 4;
const DAY: u32 = 5;

/// The models of days: months by the month before, days by whether the month is the same and,
/// if it is, by the day before.
struct DayModels {
    months: [Bit; 16 << MONTH],
    days: [Bit; 9 << DAY],
    before: u16,
}

impl DayModels {
    fn new() -> DayModels {
        DayModels {
            months: [Bit::EVEN; 16 << MONTH],
            days: [Bit::EVEN; 9 << DAY],
            before: 0,
        }
    }

    fn months(&mut self) -> &mut [Bit] {
        let at = usize::from(self.before >> DAY) << MONTH;
        self.months.get_mut(at..).unwrap_or_default()
    }

    fn days(&mut self, month: u16) -> &mut [Bit] {
        let class = match month == self.before >> DAY {
            true => usize::from(self.before & 31) / 4 + 1,
            false => 0,
        };
        self.days.get_mut(class << DAY..).unwrap_or_default()
    }
}

/// The payload of a block of days: for each paper `month · 32 + day`, 0 for what is not known.
#[must_use]
pub fn pack_days(days: &[u16]) -> Vec<u8> {
    let mut coder = Encoder::new();
    let mut models = DayModels::new();
    for &day in days {
        let month = day >> DAY;
        put_tree(&mut coder, models.months(), MONTH, month);
        put_tree(&mut coder, models.days(month), DAY, day & 31);
        models.before = day;
    }
    coder.finish()
}

/// Reads the days of so many papers, at most [`limits::DAYS`].
#[must_use]
pub fn read_days(payload: &[u8], papers: usize) -> Vec<u32> {
    let mut coder = Decoder::new(payload);
    let mut models = DayModels::new();
    let mut days = Vec::new();
    for _ in 0..papers.min(limits::DAYS) {
        let month = get_tree(&mut coder, models.months(), MONTH);
        let day = get_tree(&mut coder, models.days(month), DAY);
        models.before = month << DAY | day;
        days.push(u32::from(models.before));
    }
    days
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Values> {
        let names = prop_oneof![0usize..8, 500usize..530];
        let sets = names.prop_flat_map(|names| {
            let runs = prop::collection::vec((0..names as u16 + 2, 1usize..40), 0..30);
            let lists = prop::collection::vec((0u32..9, 0u32..50), names + 1);
            (Just(names), runs, lists, any::<bool>())
        });
        sets.prop_map(|(names, runs, lists, several)| {
            let codes = runs.iter().flat_map(|&(code, run)| vec![code; run]);
            let codes: Vec<u16> = codes.collect();
            let mut last = Further::default();
            let lists = lists.into_iter().map(|(count, bytes)| {
                last = last.then(bytes * 200, count.min(codes.len() as u32));
                last
            });
            let further = if several { lists.collect() } else { Vec::new() };
            Values {
                names: (0..names).map(|name| format!("n{name:05}")).collect(),
                codes,
                further,
            }
        })
    }

    proptest! {
        #[test]
        fn columns_come_back(values in values()) {
            let read = Values::read(&values.to_bytes().unwrap(), values.codes.len() as u32).unwrap();
            prop_assert_eq!(&read, &values);
            let mut order: Vec<u32> = (0..values.codes.len() as u32).collect();
            order.sort_by_key(|&doc| values.codes.get(doc as usize));
            prop_assert_eq!(read.order(), order);
            for (code, name) in (2..).zip(&values.names) {
                prop_assert_eq!(values.code(name), Some(code));
            }
        }

        #[test]
        fn any_bytes_give_codes_that_have_names(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            papers in 0u32..300,
        ) {
            if let Ok(values) = Values::read(&bytes, papers) {
                prop_assert_eq!(values.codes.len(), papers as usize);
                let end = values.names.len() + 2;
                prop_assert!(values.codes.iter().all(|&code| usize::from(code) < end));
                prop_assert_eq!(values.order().len(), papers as usize);
            }
        }

        #[test]
        fn days_come_back(days in prop::collection::vec((0u16..13, 0u16..32), 0..200)) {
            let days: Vec<u16> = days.into_iter().map(|(month, day)| month * 32 + day).collect();
            let read = read_days(&pack_days(&days), days.len());
            prop_assert_eq!(read, days.into_iter().map(u32::from).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_list_lies_in_one_block_if_it_can() {
        let block = limits::FURTHER as u32;
        let starts = [block - 1, 1, 2, 0, 3 * block, 5].into_iter().scan(
            Further::default(),
            |last, bytes| {
                *last = last.then(bytes, 0);
                Some(last.start)
            },
        );
        let starts: Vec<u32> = starts.collect();
        let next = block * 2;
        assert_eq!(
            starts,
            [0, block - 1, block, block + 2, next, next + 3 * block]
        );
    }

    #[test]
    fn long_runs_cost_next_to_nothing() {
        let mut codes = vec![2; 50_000];
        codes.extend([3; 50_000]);
        let values = Values {
            names: vec!["2019".into(), "2020".into()],
            codes,
            ..Values::default()
        };
        assert!(values.to_bytes().unwrap().len() < 400);
    }

    #[test]
    fn a_column_without_bytes_says_nothing_of_any_paper() {
        let values = Values::read(&[], 3).unwrap();
        assert_eq!(values.codes, [NONE; 3]);
        assert_eq!(values.code("x"), None);
    }
}
