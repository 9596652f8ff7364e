//! Which papers pass the filters, and where an order by date puts them.

use crate::filter::Sort;

/// Of a paper that is not known to have all words.
pub(crate) const UNSEEN: u8 = 128;

/// Bits of a date.
pub(crate) const DATE_BITS: u32 = 23;

/// Which papers pass the filters.
pub(crate) struct Passing {
    /// For each paper the filters that it fails; empty where columns are not asked.
    pub(crate) fails: Vec<u8>,
    /// For each paper its date, where that matters.
    pub(crate) dates: Vec<u32>,
    pub(crate) sort: Sort,
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
            sort => by_date(sort, self.date(doc)),
        }
    }

    pub(crate) fn by_date(&self) -> bool {
        self.sort != Sort::Relevance
    }

    /// A paper's date, as far as it is known.
    pub(crate) fn date(&self, doc: u32) -> u32 {
        self.dates.get(doc as usize).copied().unwrap_or(0)
    }

    /// Notes that a paper passes a filter.
    pub(crate) fn pass(&mut self, doc: u32, bit: u8) {
        if let Some(fails) = self.fails.get_mut(doc as usize) {
            *fails &= !bit;
        }
    }

    /// Whether a paper has all words and passes every filter but the one given.
    pub(crate) fn has_but(&self, doc: u32, bit: u8) -> bool {
        let fails = self.fails.get(doc as usize);
        fails.is_some_and(|fails| fails & !bit == 0)
    }
}

/// A number that is the larger, the earlier a paper stands in an order by date.
pub(crate) fn by_date(sort: Sort, date: u32) -> u32 {
    match (sort, date) {
        (_, 0) => 0,
        (Sort::Oldest, _) => (1 << DATE_BITS) - date.min(1 << DATE_BITS),
        _ => date.min(1 << DATE_BITS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_date_comes_last_in_either_order() {
        for sort in [Sort::Newest, Sort::Oldest] {
            let (old, new) = (by_date(sort, 1999 << 9), by_date(sort, 9999 << 9 | 511));
            assert_eq!(old < new, sort == Sort::Newest);
            assert!(by_date(sort, 0) < old.min(new));
        }
    }
}
