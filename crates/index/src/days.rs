//! Papers by the day on which they were listed, for pages that show a day as its list had it.
//!
//! A day is what a listing calls it, which may lack a year. Listings of one day make one list
//! whatever their sources: the papers by rank, those of equal rank as the inputs have them.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use offprint_papers::{Date, Paper};
use serde::Serialize;

use crate::line::line;
use crate::papers::{CARD_NAME, cut};
use crate::pipeline::{pipeline, threads};
use crate::write::Files;
use crate::{Error, Source};

/// The most days that are listed: a page that shows them all reads and draws them at once.
const MOST: usize = 5000;

/// Lines of a file.
const PER_FILE: u32 = 100;

/// Where the list of days stands in a segment's folder.
const LIST: &str = "days.json";

/// What a listing says: its day and the paper's place there.
pub(crate) type Listed = (String, u32);

/// The listings of a paper that have a day, in their order.
pub(crate) fn listed(paper: &Paper) -> Vec<Listed> {
    let named = |listing: &offprint_papers::Listing| {
        let day = listing.listed_on.as_deref()?.trim();
        (!day.is_empty()).then(|| (cut(day, CARD_NAME), listing.rank))
    };
    paper.listings.iter().filter_map(named).collect()
}

/// A paper on a day.
struct Entry {
    /// Number of the day.
    day: u32,
    rank: u32,
    doc: u32,
    /// How many listings the paper has before this one.
    nth: u32,
}

/// Gathers listings in the order of documents: 16 bytes each.
#[derive(Default)]
pub(crate) struct Days {
    numbers: HashMap<String, u32>,
    entries: Vec<Entry>,
}

/// A day with its documents in order.
struct Day {
    name: String,
    docs: Vec<u32>,
}

impl Days {
    /// Adds the listings of a document.
    pub(crate) fn add(&mut self, doc: u32, listed: Vec<Listed>) {
        for (nth, (name, rank)) in (0..).zip(listed) {
            let next = self.numbers.len() as u32;
            let day = *self.numbers.entry(name).or_insert(next);
            self.entries.push(Entry {
                day,
                rank,
                doc,
                nth,
            });
        }
    }

    /// Writes the list of days and their lines; gives each day's name and number of papers.
    pub(crate) fn write(
        self,
        papers: &(impl Source + ?Sized),
        places: &[u32],
        files: &mut Files<'_>,
    ) -> Result<Vec<(String, u32)>, Error> {
        let days = self.ordered(places);
        if days.is_empty() {
            return Ok(Vec::new());
        }
        let (firsts, lines) = laid_out(&days);
        let sized = |day: &Day| (day.name.clone(), day.docs.len() as u32);
        let sizes: Vec<(String, u32)> = days.iter().map(sized).collect();
        let list = sizes.iter().zip(firsts);
        let list = list.map(|((name, papers), first)| (name.as_str(), *papers, first));
        let list = List {
            per_file: PER_FILE,
            days: list.collect(),
        };
        files.extra(LIST, &json(&list)?)?;
        let mut rest = lines.iter();
        let mut number = 0;
        pipeline(
            || Ok(rest.by_ref().take(threads() * 2).collect()),
            |docs| {
                let lines: Result<Vec<_>, Error> = docs
                    .iter()
                    .map(|&doc| {
                        let place = places.get(doc as usize).copied().unwrap_or(0);
                        let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
                        Ok(line(doc, &paper))
                    })
                    .collect();
                json(&lines?)
            },
            |bytes| {
                let path = format!("days/{number}.json");
                number += 1;
                files.extra(&path, &bytes)
            },
        )?;
        Ok(sizes)
    }

    /// The days in order, at most [`MOST`]: the last one first if all are dates. Else they stand as
    /// the inputs have them, that is by the first paper that was listed on no other day before;
    /// where there is none, behind the others.
    fn ordered(self, places: &[u32]) -> Vec<Day> {
        let place = |doc: u32| places.get(doc as usize).copied().unwrap_or(u32::MAX);
        let mut keys = vec![(true, u32::MAX, u32::MAX); self.numbers.len()];
        for entry in &self.entries {
            if let Some(key) = keys.get_mut(entry.day as usize) {
                *key = (*key).min((entry.nth > 0, place(entry.doc), entry.nth));
            }
        }
        let mut names: Vec<(String, u32)> = self.numbers.into_iter().collect();
        names.sort_unstable_by_key(|(_, number)| keys.get(*number as usize).copied());
        let date = |name: &str| Date::parse(name).filter(|date| date.day > 0);
        if names.iter().all(|(name, _)| date(name).is_some()) {
            // Stable: two ways to write a date keep their order.
            names.sort_by_key(|(name, _)| Reverse(date(name)));
        }
        let mut entries = self.entries;
        entries.sort_unstable_by_key(|entry| (entry.day, entry.rank, place(entry.doc), entry.nth));
        let mut docs: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
        for of_day in entries.chunk_by(|one, other| one.day == other.day) {
            let mut met = BTreeSet::new();
            let once = of_day.iter().map(|entry| entry.doc);
            let once = once.filter(|&doc| met.insert(doc)).collect();
            let day = of_day.first().map_or(0, |entry| entry.day as usize);
            if let Some(slot) = docs.get_mut(day) {
                *slot = once;
            }
        }
        let mut of = |number: u32| docs.get_mut(number as usize).map(std::mem::take);
        names
            .into_iter()
            .take(MOST)
            .map(|(name, number)| Day {
                name,
                docs: of(number).unwrap_or_default(),
            })
            .collect()
    }
}

/// Where each day's lines begin, counted over files that have room for [`PER_FILE`], and the
/// documents of each file. A day that fits into what is left of a file goes there; any other begins
/// a file, so that showing a day never costs a file too many.
fn laid_out(days: &[Day]) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut firsts = Vec::with_capacity(days.len());
    let mut files: Vec<Vec<u32>> = Vec::new();
    let room = PER_FILE as usize;
    for Day { docs, .. } in days {
        let mut left = docs.as_slice();
        if let Some(file) = files
            .last_mut()
            .filter(|file| file.len() + left.len() <= room)
        {
            let before = file.len();
            file.extend(left);
            left = &[];
            firsts.push((files.len() * room - room + before) as u32);
        } else {
            firsts.push((files.len() * room) as u32);
        }
        files.extend(left.chunks(room).map(<[u32]>::to_vec));
    }
    (firsts, files)
}

/// `days.json`.
#[derive(Serialize)]
struct List<'a> {
    per_file: u32,
    /// Name, papers, and the number of the first line.
    days: Vec<(&'a str, u32, u32)>,
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Scratch(std::io::Error::other(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str, rank: u32) -> Listed {
        (day.to_owned(), rank)
    }

    /// Days of documents that stand in the inputs as `places` says.
    fn days(listed: &[&[(&str, u32)]], places: &[u32]) -> Vec<(String, Vec<u32>)> {
        let mut days = Days::default();
        for (doc, listed) in (0..).zip(listed) {
            days.add(
                doc,
                listed.iter().map(|&(day, rank)| on(day, rank)).collect(),
            );
        }
        let ordered = days.ordered(places).into_iter();
        ordered.map(|day| (day.name, day.docs)).collect()
    }

    #[test]
    fn a_day_has_its_papers_by_rank_and_none_twice() {
        let listed: [&[(&str, u32)]; 4] = [
            &[("Mar 14", 2), ("Mar 14", 1)],
            &[("Mar 13", 2)],
            &[("Mar 13", 1), ("Mar 14", 1)],
            &[("Mar 13", 1)],
        ];
        // The last document comes first in the inputs.
        let found = days(&listed, &[3, 2, 1, 0]);
        assert_eq!(
            found,
            [
                ("Mar 13".to_owned(), vec![3, 2, 1]),
                ("Mar 14".to_owned(), vec![2, 0])
            ]
        );
    }

    #[test]
    fn days_stand_as_the_inputs_have_them_unless_all_are_dates() {
        let names = |listed: &[&[(&str, u32)]]| -> Vec<String> {
            let places: Vec<u32> = (0..listed.len() as u32).collect();
            let days = days(listed, &places);
            days.into_iter().map(|(name, _)| name).collect()
        };
        // The first paper was listed again on the third day, and all of another day's were before.
        let again = names(&[
            &[("Mar 13", 1), ("Jul 30", 1), ("Dec 24", 1)],
            &[("Mar 14", 1)],
            &[("Jul 30", 2)],
        ]);
        assert_eq!(again, ["Mar 13", "Mar 14", "Jul 30", "Dec 24"]);
        let dates = names(&[
            &[("2024-03-13", 1)],
            &[("2025-01-02", 1)],
            &[("2023-12-31", 1)],
        ]);
        assert_eq!(dates, ["2025-01-02", "2024-03-13", "2023-12-31"]);
        let mixed = names(&[&[("2024-03-13", 1)], &[("2025-01-02", 1)], &[("Mar 14", 1)]]);
        assert_eq!(mixed, ["2024-03-13", "2025-01-02", "Mar 14"]);
    }

    #[test]
    fn thousands_of_days_do_not_grow_the_list_without_end() {
        let mut many = Days::default();
        for doc in 0..MOST as u32 + 10 {
            many.add(doc, vec![on(&format!("day {doc}"), 1)]);
        }
        let places: Vec<u32> = (0..MOST as u32 + 10).collect();
        let days = many.ordered(&places);
        assert_eq!(days.len(), MOST);
        assert_eq!(days.last().map(|day| day.name.as_str()), Some("day 4999"));
    }

    #[test]
    fn a_day_that_fits_shares_a_file_and_others_begin_one() {
        let day = |papers: u32| Day {
            name: String::new(),
            docs: (0..papers).collect(),
        };
        let (firsts, files) = laid_out(&[day(67), day(33), day(1), day(230), day(70), day(71)]);
        assert_eq!(firsts, [0, 67, 100, 200, 430, 500]);
        let sizes: Vec<usize> = files.iter().map(Vec::len).collect();
        assert_eq!(sizes, [100, 1, 100, 100, 100, 71]);
    }

    #[test]
    fn listings_without_a_day_are_no_listings() {
        let listing = |day: Option<&str>, rank| offprint_papers::Listing {
            source: "list".to_owned(),
            listed_on: day.map(str::to_owned),
            rank,
        };
        let listings = vec![
            listing(None, 1),
            listing(Some(" "), 2),
            listing(Some(" Mar 13 "), 3),
        ];
        let paper = Paper {
            listings,
            ..Paper::default()
        };
        assert_eq!(listed(&paper), [on("Mar 13", 3)]);
    }
}
