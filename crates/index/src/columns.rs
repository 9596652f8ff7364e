//! Papers to columns.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use offprint_format::{
    Card, Column, Further, NONE, OTHER, Section, Segment, Values, encode_docs, limits,
    pack_bylines, pack_days,
};
use offprint_papers::{CodeState, Paper};

use crate::Error;
use crate::authors::Authors;
use crate::write::Files;

/// Categories that have a name in their column; arXiv has 176.
const CATEGORIES: usize = 500;
/// Venues that have one: a page that shows counts loads them all.
const VENUES: usize = 300;

/// What columns say of a paper.
pub(crate) struct Row {
    /// As on a card.
    date: u32,
    code: CodeState,
    venue: Option<String>,
    /// Each once, the primary one first.
    categories: Vec<String>,
    /// At each author's place the name; nothing where it says nothing, or has been met.
    authors: Vec<String>,
}

impl Row {
    pub(crate) fn new(paper: &Paper, date: u32) -> Row {
        let mut categories: Vec<String> = Vec::new();
        for name in paper.categories.iter().filter_map(|name| name_of(name)) {
            if !categories.contains(&name) {
                categories.push(name);
            }
        }
        let mut met = BTreeSet::new();
        let authors = paper.authors.iter().map(|name| name_of(name));
        let authors = authors.map(|name| name.filter(|name| met.insert(name.clone())));
        let authors = authors.map(Option::unwrap_or_default).collect();
        Row {
            date,
            code: paper.code,
            venue: paper.venue.as_deref().and_then(name_of),
            categories,
            authors,
        }
    }
}

/// A text as it may stand in a column, if it says anything.
fn name_of(text: &str) -> Option<String> {
    let mut end = text.len().min(limits::TERM);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let name = text.get(..end)?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Names and how many papers have each.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    counts: Vec<u32>,
}

impl Names {
    fn number(&mut self, name: String) -> u32 {
        let next = self.counts.len() as u32;
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.counts.push(0);
        }
        if let Some(count) = self.counts.get_mut(number as usize) {
            *count += 1;
        }
        number
    }

    /// The most frequent names in order, and the code of each number.
    fn codes(self, most: usize) -> (Vec<String>, Vec<u16>) {
        let count = |number: u32| self.counts.get(number as usize).copied();
        let mut codes = vec![OTHER; self.counts.len()];
        let mut names: Vec<(String, u32)> = self.numbers.into_iter().collect();
        names.sort_unstable_by(|(one, a), (two, b)| {
            (Reverse(count(*a)), one).cmp(&(Reverse(count(*b)), two))
        });
        names.truncate(most);
        names.sort_unstable();
        for (code, (_, number)) in (OTHER + 1..).zip(&names) {
            if let Some(slot) = codes.get_mut(*number as usize) {
                *slot = code;
            }
        }
        (names.into_iter().map(|(name, _)| name).collect(), codes)
    }
}

/// Number of an author without a name.
const NOBODY: u32 = u32::MAX;

/// Gathers rows in the order of documents.
#[derive(Default)]
pub(crate) struct Columns {
    dates: Vec<u32>,
    states: Vec<u8>,
    venue_names: Names,
    /// Number of each paper's venue.
    venues: Vec<Option<u32>>,
    category_names: Names,
    categories: Several,
    author_names: Authors,
    authors: Several,
}

/// Names of code states, rising.
const STATES: [&str; 4] = ["linked", "promised", "stated", "unknown"];

fn state(code: CodeState) -> u8 {
    match code {
        CodeState::Linked => 0,
        CodeState::Promised => 1,
        CodeState::Stated => 2,
        CodeState::Unknown => 3,
    }
}

impl Columns {
    pub(crate) fn add(&mut self, row: Row) {
        self.dates.push(row.date);
        self.states.push(state(row.code));
        let venue = row.venue.map(|name| self.venue_names.number(name));
        self.venues.push(venue);
        let categories = row.categories.into_iter();
        let categories = categories.map(|name| self.category_names.number(name));
        self.categories.push(categories.collect());
        let authors = row.authors.iter().map(|name| match name.as_str() {
            "" => NOBODY,
            name => self.author_names.number(name),
        });
        let authors = authors.collect();
        self.authors.push(authors);
    }

    /// Writes the columns section.
    pub(crate) fn write(
        self,
        (names, codes): (Vec<String>, Vec<u16>),
        segment: &mut Segment,
        files: &mut Files<'_>,
    ) -> Result<(), Error> {
        let topics = Values {
            names,
            codes,
            ..Values::default()
        };
        let (names, codes) = self.category_names.codes(CATEGORIES);
        let (primary, further) = self.categories.values(names, &codes, true);
        let papers = self.dates.len() as u32;
        let sizes = files.sizes();
        let top = self.author_names.top(papers, sizes.author_bytes);
        let bylines = match top.ranks {
            Some(ranks) => bylines(&self.authors, &ranks, sizes.byline_blocks),
            None => Vec::new(),
        };
        let (authors, coauthors) = self.authors.values(top.names, &top.codes, false);
        let (years, days) = dates(&self.dates);
        let (venue_names, venue_codes) = self.venue_names.codes(VENUES);
        let code = |number: &Option<u32>| {
            let code = number.and_then(|number| venue_codes.get(number as usize));
            code.copied().unwrap_or(NONE)
        };
        let venues = Values {
            names: venue_names,
            codes: self.venues.iter().map(code).collect(),
            ..Values::default()
        };
        for column in Column::ALL {
            let blocks = match column {
                Column::Primary => blocks_of(&primary)?,
                Column::Year => blocks_of(&years)?,
                Column::Code => blocks_of(&states(&self.states))?,
                Column::Venue => blocks_of(&venues)?,
                Column::Topic => blocks_of(&topics)?,
                Column::Further => further.clone(),
                Column::Author => blocks_of(&authors)?,
                Column::Authors => coauthors.clone(),
                Column::Days => days.chunks(limits::DAYS).map(pack_days).collect(),
                Column::Bylines => bylines.clone(),
            };
            segment.columns.push(blocks.len() as u32);
            for payload in blocks {
                files.block(Section::Columns, payload)?;
            }
        }
        Ok(())
    }
}

fn cut(bytes: &[u8], size: usize) -> Vec<Vec<u8>> {
    bytes.chunks(size).map(<[u8]>::to_vec).collect()
}

/// The blocks of a column; none where no paper has anything.
fn blocks_of(values: &Values) -> Result<Vec<Vec<u8>>, Error> {
    if values.codes.iter().all(|&code| code == NONE) {
        return Ok(Vec::new());
    }
    let bytes = values
        .to_bytes()
        .map_err(offprint_format::Error::Manifest)?;
    Ok(cut(&bytes, limits::PAYLOAD))
}

/// The numbers of the values of papers that may have several.
#[derive(Default)]
struct Several {
    numbers: Vec<u32>,
    /// Where those of each paper end.
    ends: Vec<u32>,
}

impl Several {
    fn push(&mut self, numbers: Vec<u32>) {
        self.numbers.extend(numbers);
        self.ends.push(self.numbers.len() as u32);
    }

    /// The numbers of a paper.
    fn of(&self, paper: usize) -> &[u32] {
        let end = |paper: usize| self.ends.get(paper).map_or(0, |&end| end as usize);
        let start = paper.checked_sub(1).map_or(0, end);
        self.numbers.get(start..end(paper)).unwrap_or_default()
    }

    /// First values, and the blocks of the lists of papers with further ones. Without `others`, a
    /// value that has no name counts only in a paper that has none with a name.
    fn values(&self, names: Vec<String>, codes_of: &[u16], others: bool) -> (Values, Vec<Vec<u8>>) {
        let mut codes = Vec::with_capacity(self.ends.len());
        let mut further = Vec::with_capacity(self.ends.len());
        for paper in 0..self.ends.len() {
            let own = self.of(paper).iter();
            let own = own.filter_map(|&number| codes_of.get(number as usize).copied());
            let mut rest: Vec<u16> = own.collect();
            let first = match rest.iter().find(|&&code| others || code != OTHER) {
                Some(&first) => first,
                None if rest.is_empty() => NONE,
                None => OTHER,
            };
            rest.retain(|&code| code != first && (others || code != OTHER));
            rest.sort_unstable();
            rest.dedup();
            codes.push(first);
            further.push(rest);
        }
        let mut values = Values {
            names,
            codes,
            ..Values::default()
        };
        // Papers in the lists are numbered by first value, so that those who share a second one
        // stand near each other.
        let mut lists = vec![Vec::new(); values.names.len() + 1];
        for (place, doc) in (0..).zip(values.order()) {
            for &code in further.get(doc as usize).into_iter().flatten() {
                if let Some(list) = lists.get_mut(usize::from(code - OTHER)) {
                    list.push(place);
                }
            }
        }
        let mut blocks: Vec<Vec<u8>> = Vec::new();
        if lists.iter().any(|list| !list.is_empty()) {
            let mut last = Further::default();
            for list in lists {
                let bytes = encode_docs(&list, self.ends.len() as u32);
                last = last.then(bytes.len() as u32, list.len() as u32);
                values.further.push(last);
                for (at, byte) in (last.start as usize..).zip(bytes) {
                    let block = at / limits::FURTHER;
                    blocks.resize_with(blocks.len().max(block + 1), Vec::new);
                    if let Some(block) = blocks.get_mut(block) {
                        block.push(byte);
                    }
                }
            }
        }
        (values, blocks)
    }
}

/// The blocks of bylines, at most so many unless that makes them too large.
fn bylines(authors: &Several, ranks: &[u32], most: u32) -> Vec<Vec<u8>> {
    let papers = authors.ends.len();
    let byline = |paper: usize| {
        let mut met = BTreeSet::new();
        let mut byline = Vec::new();
        for &number in authors.of(paper) {
            let rank = ranks.get(number as usize).copied().unwrap_or(0);
            // A name in two spellings is one author.
            byline.push(if met.insert(rank) { rank } else { 0 });
        }
        byline
    };
    let mut step = papers.div_ceil(most.max(1) as usize).next_power_of_two();
    loop {
        let block = |first: usize| {
            let end = papers.min(first + step);
            pack_bylines(&(first..end).map(byline).collect::<Vec<_>>())
        };
        let blocks: Option<Vec<Vec<u8>>> = (0..papers).step_by(step).map(block).collect();
        match blocks {
            Some(blocks) => return blocks,
            None if step > 1 => step /= 2,
            None => return Vec::new(),
        }
    }
}

/// Years, and the days of the papers that have one, by year.
fn dates(dates: &[u32]) -> (Values, Vec<u16>) {
    let year = |date: u32| Card::unpack_date(date).map(|(year, _, _)| year);
    let mut years: Vec<u16> = dates.iter().filter_map(|&date| year(date)).collect();
    years.sort_unstable();
    years.dedup();
    let code = |&date: &u32| {
        let place = year(date).and_then(|year| years.binary_search(&year).ok());
        place.map_or(NONE, |place| place as u16 + OTHER + 1)
    };
    let values = Values {
        codes: dates.iter().map(code).collect(),
        names: years.iter().map(|year| format!("{year:04}")).collect(),
        ..Values::default()
    };
    let order = values.order();
    let dated = order.iter().filter_map(|&doc| dates.get(doc as usize));
    let days: Vec<u16> = dated
        .filter(|&&date| date > 0)
        .map(|date| (date & 511) as u16)
        .collect();
    let known = days.iter().any(|&day| day > 0);
    (values, if known { days } else { Vec::new() })
}

/// What papers say of their code; only the states that there are have names.
fn states(states: &[u8]) -> Values {
    let is = |state: &usize| states.iter().any(|&other| usize::from(other) == *state);
    let present: Vec<usize> = (0..STATES.len()).filter(is).collect();
    let code = |&state: &u8| {
        let place = present
            .iter()
            .position(|&other| other == usize::from(state));
        place.map_or(NONE, |place| place as u16 + OTHER + 1)
    };
    let name = |&state: &usize| STATES.get(state).map(|&name| name.to_owned());
    Values {
        codes: states.iter().map(code).collect(),
        names: present.iter().filter_map(name).collect(),
        ..Values::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_most_frequent_names_are_kept_in_order() {
        let mut names = Names::default();
        let said = ["b", "c", "a", "c", "d", "b"];
        let numbers: Vec<u32> = said.iter().map(|&name| names.number(name.into())).collect();
        let (kept, codes) = names.codes(3);
        assert_eq!(kept, ["a", "b", "c"]);
        let codes: Vec<u16> = numbers
            .iter()
            .filter_map(|&number| codes.get(number as usize).copied())
            .collect();
        assert_eq!(codes, [3, 4, 2, 4, OTHER, 3]);
    }

    #[test]
    fn further_categories_are_listed_once_and_never_the_primary_one() {
        let mut columns = Columns::default();
        let rows: [&[&str]; 4] = [&["x", "y", "x", "y"], &["y"], &[" "], &["y", "x"]];
        for categories in rows {
            let paper = Paper {
                categories: categories.iter().map(|&name| name.into()).collect(),
                ..Paper::default()
            };
            columns.add(Row::new(&paper, 0));
        }
        let (names, codes) = columns.category_names.codes(CATEGORIES);
        let (values, _) = columns.categories.values(names, &codes, true);
        assert_eq!(values.codes, [2, 3, NONE, 3]);
        let counts: Vec<u32> = values.further.iter().map(|list| list.count).collect();
        assert_eq!(counts, [0, 1, 1]);
    }

    #[test]
    fn names_are_cut_between_letters() {
        assert_eq!(name_of(" "), None);
        assert_eq!(name_of(&"é".repeat(200)).unwrap().len(), 254);
    }
}
