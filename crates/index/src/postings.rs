//! Merged postings, coded and raw, in scratch storage; for each term its place and its counts.

use std::borrow::Cow;
use std::sync::Arc;

use offprint_format::{
    Late, MAX_FREQUENCY, PositionsCodec, Posting, PostingsCodec, TITLE_WEIGHT, encode_docs, limits,
};
use offprint_papers::{Scratch, Spool};

use crate::pipeline::{pipeline, threads};
use crate::places;
use crate::runs::{Group, Runs};
use crate::varint::{take, take_byte};
use crate::vocabulary::NAME;
use crate::{Error, Progress, Sizes};

/// How a paper holds a stem, in a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence(u8);

/// In an occurrence: the weighted frequency, and where the stem stands.
const FREQUENCY: u8 = 31;
const IN_TITLE: u8 = 32;
const IN_ABSTRACT: u8 = 64;

impl Occurrence {
    /// Of so many times in the title and elsewhere.
    pub(crate) fn new(title: u32, body: u32) -> Self {
        let frequency = title.saturating_mul(TITLE_WEIGHT).saturating_add(body);
        let frequency = frequency.min(u32::from(MAX_FREQUENCY)) as u8;
        let flag = |is: bool, bit: u8| if is { bit } else { 0 };
        Occurrence(frequency | flag(title > 0, IN_TITLE) | flag(body > 0, IN_ABSTRACT))
    }

    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    pub(crate) fn in_title(self) -> bool {
        self.0 & IN_TITLE > 0
    }

    pub(crate) fn posting(self, doc: u32) -> Posting {
        Posting {
            doc,
            frequency: self.0 & FREQUENCY,
            in_abstract: self.0 & IN_ABSTRACT > 0,
        }
    }
}

/// Where a term's postings lie, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// The coded lists, where they do not stand in a shard; the raw postings follow.
    at: u64,
    raw_bytes: u32,
    external: bool,
    /// Whether the raw postings are few, and lie at `at` in memory.
    held: bool,
    /// Papers with a stem in the title; 0 of an author's word.
    pub(crate) title_count: u32,
    /// Papers with it elsewhere only; all of an author's word.
    pub(crate) body_count: u32,
    /// Bytes of the coded lists; 0 if they stand in a shard.
    pub(crate) title_bytes: u32,
    pub(crate) body_bytes: u32,
    /// Of a long list: the papers elsewhere that have the stem once, and the bytes of their list.
    pub(crate) late: Option<Late>,
    /// The run of positions of a stem: a short one lies in memory.
    positions_at: u64,
    pub(crate) positions_bytes: u32,
    /// Of a long one: the bytes of its later part.
    pub(crate) gaps: Option<u32>,
}

/// Bytes of a run of positions that is too long to be kept.
const TOO_LONG: u32 = limits::LIST + 1;

impl Place {
    /// Whether the run of positions is short and lies in memory.
    fn holds_positions(&self) -> bool {
        self.positions_bytes as usize <= HELD && self.gaps.is_none()
    }

    /// Number of papers.
    pub(crate) fn count(&self) -> u32 {
        self.title_count + self.body_count
    }

    /// Whether the lists do not stand in a shard.
    pub(crate) fn is_external(&self) -> bool {
        self.external
    }
}

/// All postings.
pub(crate) struct Postings {
    spool: Spool,
    /// Raw postings of a few papers each, as most terms have: these are not worth a read.
    held: Vec<u8>,
    /// Runs of positions, and the short ones of them.
    positions: Spool,
    held_positions: Vec<u8>,
    pub(crate) papers: u32,
    stems: Vec<Place>,
    names: Vec<Place>,
    /// Bytes of all stems' lists coded alone.
    pub(crate) coded_bytes: u64,
}

/// What the postings are coded by.
pub(crate) struct Coding<'a> {
    pub(crate) codec: PostingsCodec<'a>,
    pub(crate) positions: PositionsCodec,
    pub(crate) papers: u32,
    pub(crate) sizes: &'a Sizes,
}

/// Postings that are coded together on one thread, and bytes that are under way on all.
const UNIT: usize = 1 << 16;
const BATCH: usize = 1 << 23;
const UNITS_PER_THREAD: usize = 8;
/// Raw postings of so many bytes stay in memory: those of a term of one paper take about four.
const HELD: usize = 12;

/// Coded terms: their bytes, and for each its number and its place among these bytes.
struct Coded {
    bytes: Vec<u8>,
    held: Vec<u8>,
    positions: Vec<u8>,
    held_positions: Vec<u8>,
    places: Vec<(u32, Place)>,
    coded_bytes: u64,
}

impl Postings {
    /// Merges the runs and codes every list.
    pub(crate) fn make(
        runs: &mut Runs,
        (stems, names): (usize, usize),
        coding: &Coding<'_>,
        scratch: Arc<dyn Scratch>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Postings, Error> {
        let mut postings = Postings {
            spool: Spool::new(Arc::clone(&scratch)),
            held: Vec::new(),
            positions: Spool::new(scratch),
            held_positions: Vec::new(),
            papers: coding.papers,
            stems: vec![Place::default(); stems],
            names: vec![Place::default(); names],
            coded_bytes: 0,
        };
        let mut merge = runs.merge();
        let (mut done, total) = (0, (stems + names) as u64);
        pipeline(
            || {
                let mut batch: Vec<Vec<Group>> = Vec::new();
                let mut bytes = 0;
                let mut ended = false;
                while !ended && bytes < BATCH && batch.len() < threads() * UNITS_PER_THREAD {
                    let mut unit = Vec::new();
                    let mut size = 0;
                    while size < UNIT {
                        let mut group = Group::default();
                        if !merge.next(&mut group)? {
                            ended = true;
                            break;
                        }
                        size += group.count as usize;
                        bytes += group.bytes.len() + group.places.len();
                        unit.push(group);
                    }
                    if !unit.is_empty() {
                        batch.push(unit);
                    }
                }
                Ok(batch)
            },
            |unit| Ok(code(&unit, coding)),
            |coded| {
                done += coded.places.len() as u64;
                postings.take(coded)?;
                progress(Progress {
                    phase: "sorting postings",
                    done,
                    total,
                });
                Ok(())
            },
        )?;
        Ok(postings)
    }

    fn take(&mut self, coded: Coded) -> Result<(), Error> {
        let start = self.spool.append(&coded.bytes).map_err(Error::Scratch)?;
        let start_held = self.held.len() as u64;
        self.held.extend_from_slice(&coded.held);
        self.coded_bytes += coded.coded_bytes;
        let start_positions = self.positions.append(&coded.positions);
        let start_positions = start_positions.map_err(Error::Scratch)?;
        let start_held_positions = self.held_positions.len() as u64;
        self.held_positions.extend_from_slice(&coded.held_positions);
        for (term, mut place) in coded.places {
            place.at += if place.held { start_held } else { start };
            place.positions_at += match place.holds_positions() {
                true => start_held_positions,
                false => start_positions,
            };
            let (places, number) = match term & NAME {
                0 => (&mut self.stems, term),
                _ => (&mut self.names, term & !NAME),
            };
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place;
            }
        }
        Ok(())
    }

    /// How many stems and authors' words there are.
    pub(crate) fn terms(&self) -> (usize, usize) {
        (self.stems.len(), self.names.len())
    }

    /// The place of a stem.
    pub(crate) fn stem(&self, stem: u32) -> Place {
        self.stems.get(stem as usize).copied().unwrap_or_default()
    }

    /// The place of an author's word.
    pub(crate) fn name(&self, name: u32) -> Place {
        self.names.get(name as usize).copied().unwrap_or_default()
    }

    /// The coded lists: title part, then body part; or an author's word's. Then what comes later.
    pub(crate) fn coded(&self, place: Place) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let first = (place.title_bytes + place.body_bytes) as usize;
        let late = place.late.map_or(0, |late| late.bytes as usize);
        let read = self.spool.read(place.at, first + late);
        let mut first_bytes = read.map_err(Error::Scratch)?;
        let late = first_bytes.split_off(first.min(first_bytes.len()));
        Ok((first_bytes, late))
    }

    /// The run of positions of a stem, and its later part; empty where it is too long to be kept.
    pub(crate) fn positions(&self, place: Place) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let bytes = place.positions_bytes as usize;
        if place.positions_bytes == TOO_LONG {
            return Ok((Vec::new(), Vec::new()));
        }
        if place.holds_positions() {
            let start = place.positions_at as usize;
            let run = self.held_positions.get(start..start + bytes);
            return Ok((run.unwrap_or_default().to_vec(), Vec::new()));
        }
        let gaps = place.gaps.unwrap_or(0) as usize;
        let read = self.positions.read(place.positions_at, bytes + gaps);
        let mut run = read.map_err(Error::Scratch)?;
        let gaps = run.split_off(bytes.min(run.len()));
        Ok((run, gaps))
    }

    fn raw(&self, place: Place) -> Result<Cow<'_, [u8]>, Error> {
        if place.held {
            let start = place.at as usize;
            let bytes = self.held.get(start..start + place.raw_bytes as usize);
            return Ok(Cow::Borrowed(bytes.unwrap_or_default()));
        }
        let late = place.late.map_or(0, |late| late.bytes);
        let coded = [place.title_bytes, place.body_bytes, late];
        let start = place.at + coded.into_iter().map(u64::from).sum::<u64>();
        let length = place.raw_bytes as usize;
        let bytes = self.spool.read(start, length).map_err(Error::Scratch)?;
        Ok(Cow::Owned(bytes))
    }

    /// Hands every paper of a stem to `each`, in document order, and whether it has the stem in
    /// its title.
    pub(crate) fn each_posting(
        &self,
        place: Place,
        each: impl FnMut(Posting, bool),
    ) -> Result<(), Error> {
        let raw = self.raw(place)?;
        each_raw(place.count(), &raw, each);
        Ok(())
    }

    /// Papers of an author's word.
    pub(crate) fn docs(&self, place: Place) -> Result<Vec<u32>, Error> {
        let raw = self.raw(place)?;
        Ok(docs(place.count(), &raw))
    }
}

fn each_raw(count: u32, mut raw: &[u8], mut each: impl FnMut(Posting, bool)) {
    let mut doc = 0;
    for _ in 0..count {
        doc += take(&mut raw);
        let occurrence = Occurrence(take_byte(&mut raw));
        each(occurrence.posting(doc), occurrence.in_title());
    }
}

fn docs(count: u32, mut raw: &[u8]) -> Vec<u32> {
    let mut doc = 0;
    (0..count)
        .map(|_| {
            doc += take(&mut raw);
            doc
        })
        .collect()
}

fn code(unit: &[Group], coding: &Coding<'_>) -> Coded {
    let mut coded = Coded {
        bytes: Vec::new(),
        held: Vec::new(),
        positions: Vec::new(),
        held_positions: Vec::new(),
        places: Vec::with_capacity(unit.len()),
        coded_bytes: 0,
    };
    let (mut title, mut body) = (Vec::new(), Vec::new());
    for group in unit {
        let mut place = Place {
            at: coded.bytes.len() as u64,
            ..Place::default()
        };
        let external = group.count > coding.sizes.inline_limit;
        place.external = external;
        place.held = !external && group.bytes.len() <= HELD;
        if group.term & NAME > 0 {
            place.body_count = group.count;
            place.raw_bytes = group.bytes.len() as u32;
            if external {
                let docs = docs(group.count, &group.bytes);
                let list = encode_docs(&docs, coding.papers);
                place.body_bytes = list.len() as u32;
                coded.bytes.extend_from_slice(&list);
            }
        } else {
            title.clear();
            body.clear();
            each_raw(
                group.count,
                &group.bytes,
                |posting, in_title| match in_title {
                    true => title.push(posting),
                    false => body.push(posting),
                },
            );
            place.title_count = title.len() as u32;
            place.body_count = body.len() as u32;
            place.raw_bytes = group.bytes.len() as u32;
            let title_list = coding.codec.encode(&title, true);
            let mut body_list = coding.codec.encode(&body, false);
            let mut late_list = Vec::new();
            if external && title_list.len() + body_list.len() > coding.sizes.split_over {
                let (often, count, once) = coding.codec.encode_split(&body);
                (body_list, late_list) = (often, once);
                place.late = Some(Late {
                    count: place.body_count - count,
                    bytes: late_list.len() as u32,
                });
            }
            let mut postings = Vec::with_capacity(group.count as usize);
            each_raw(group.count, &group.bytes, |posting, in_title| {
                postings.push((posting, in_title));
            });
            let split = place.late.is_some();
            let apart_over = coding.sizes.split_over as u64;
            let codec = &coding.positions;
            let run = places::code(
                postings.into_iter(),
                &group.places,
                split,
                apart_over,
                codec,
            );
            place.positions_bytes = run.as_ref().map_or(TOO_LONG, |run| run.0.len() as u32);
            let (run, gaps) = run.unwrap_or_default();
            place.gaps = gaps.as_ref().map(|gaps| gaps.len() as u32);
            let positions = match place.holds_positions() {
                true => &mut coded.held_positions,
                false => &mut coded.positions,
            };
            place.positions_at = positions.len() as u64;
            positions.extend_from_slice(&run);
            positions.extend_from_slice(&gaps.unwrap_or_default());
            coded.coded_bytes += (title_list.len() + body_list.len() + late_list.len()) as u64;
            if external {
                place.title_bytes = title_list.len() as u32;
                place.body_bytes = body_list.len() as u32;
                for list in [&title_list, &body_list, &late_list] {
                    coded.bytes.extend_from_slice(list);
                }
            }
        }
        if place.held {
            place.at = coded.held.len() as u64;
            coded.held.extend_from_slice(&group.bytes);
        } else {
            coded.bytes.extend_from_slice(&group.bytes);
        }
        coded.places.push((group.term, place));
    }
    coded
}
