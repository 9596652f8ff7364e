//! The term dictionary: shards, and the lists that do not stand in them.

use std::ops::Range;

use offprint_format::{
    Address, Entry, Error as FormatError, Expansions, Lists, NamesEntry, Positions, PrefixEntry,
    Section, Segment, Shard, ShardKeys, ShardWriter,
};

use crate::expanded::Expanded;
use crate::lists::ListWriter;
use crate::pipeline::{pipeline, threads};
use crate::postings::{Place, Postings};
use crate::prefixes::{Prefixes, Worth};
use crate::words::{self, NONE, Word};
use crate::write::Files;
use crate::{Error, Progress, Sizes};

/// In packs the stored length of a shard is a multiple of so many bytes.
const SHARD_UNIT: usize = 32;

/// Words between two signs of progress.
const STEP: usize = 4096;

/// Writes the terms and postings sections.
pub(crate) fn write(
    words: &[Word<'_>],
    (postings, expanded): (&Postings, &Expanded),
    sizes: &Sizes,
    budget: usize,
    segment: &mut Segment,
    files: &mut Files<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let shards = words::shards(words, (postings, expanded), sizes);
    segment.inline_limit = sizes.inline_limit;
    segment.shard_keys = ShardKeys(words::shard_keys(words, &shards));
    segment.stats.posting_bytes = postings.coded_bytes;

    let mut lists = ListWriter::new(files, Section::Postings, sizes.list_block);
    let mut addresses = Addresses::write(words, postings, expanded, &mut lists, progress)?;
    let worth = Worth::new(segment);
    let prefixes = Prefixes {
        worth: &worth,
        postings,
        words,
        segment,
        sizes,
        budget,
    };
    let prefixes = prefixes.write(&mut lists, progress)?;
    lists.finish()?;
    addresses.write_positions(words, postings, files, sizes)?;
    // Addresses are coded as the sections lie.
    segment.sections = files.tables();
    let segment = &*segment;

    let mut prefixes = prefixes.into_iter().peekable();
    let mut ranges = (0u32..).zip(&shards);
    let mut done = 0;
    pipeline(
        || {
            let next = ranges.by_ref().take(threads() * 8);
            Ok(next
                .map(|(number, range)| {
                    let mut own = Vec::new();
                    while let Some(entry) =
                        prefixes.next_if(|entry| segment.shard_of(&entry.prefix) == Some(number))
                    {
                        own.push(entry);
                    }
                    (range.clone(), own)
                })
                .collect())
        },
        |(range, prefixes)| {
            let lists = (postings, expanded);
            shard(words, range, prefixes, lists, &addresses, segment)
        },
        |mut payload| {
            if files.is_packed() {
                // Zeros at its end change nothing in a range-coded stream, and the manifest lists
                // lengths that are multiples of this in fewer bits.
                let stored = (payload.len() + 4).next_multiple_of(SHARD_UNIT);
                payload.resize(stored - 4, 0);
            }
            files.block(Section::Terms, payload)?;
            done += 1;
            progress(Progress {
                phase: "writing the dictionary",
                done,
                total: shards.len() as u64,
            });
            Ok(())
        },
    )
}

/// Where the lists that do not stand in a shard have got to.
struct Addresses {
    stems: Vec<Option<Address>>,
    names: Vec<Option<Address>>,
    positions: Vec<Option<Address>>,
}

impl Addresses {
    /// Writes the lists in the order of words, each once.
    fn write(
        words: &[Word<'_>],
        postings: &Postings,
        expanded: &Expanded,
        lists: &mut ListWriter<'_, '_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Addresses, Error> {
        let (stems, names) = postings.terms();
        let mut addresses = Addresses {
            stems: vec![None; stems],
            names: vec![None; names],
            positions: vec![None; stems],
        };
        for (at, word) in words.iter().enumerate() {
            if at % STEP == 0 {
                progress(Progress {
                    phase: "writing postings",
                    done: at as u64,
                    total: words.len() as u64,
                });
            }
            if let Some(slot) = addresses.stems.get_mut(word.stem as usize) {
                let place = postings.stem(word.stem);
                if slot.is_none() && place.is_external() {
                    let (first, late) = postings.coded(place)?;
                    let expanded = expanded.coded(word.stem)?;
                    *slot = Some(lists.put_split(&first, &expanded, &late)?);
                }
            }
            if let Some(slot) = addresses.names.get_mut(word.name as usize) {
                let place = postings.name(word.name);
                if place.is_external() {
                    *slot = Some(lists.put(&postings.coded(place)?.0)?);
                }
            }
        }
        Ok(addresses)
    }

    /// Writes the runs of positions in the order of words, each once.
    fn write_positions(
        &mut self,
        words: &[Word<'_>],
        postings: &Postings,
        files: &mut Files<'_>,
        sizes: &Sizes,
    ) -> Result<(), Error> {
        let mut runs = ListWriter::new(files, Section::Positions, sizes.place_block);
        for word in words {
            if let Some(slot) = self.positions.get_mut(word.stem as usize)
                && slot.is_none()
            {
                let (first, gaps) = postings.positions(postings.stem(word.stem))?;
                *slot = Some(runs.put_split(&first, &[], &gaps)?);
            }
        }
        runs.finish()
    }

    fn positions(&self, stem: u32) -> Address {
        let known = self.positions.get(stem as usize).copied().flatten();
        known.unwrap_or_default()
    }

    fn stem(&self, stem: u32) -> Option<Address> {
        self.stems.get(stem as usize).copied().flatten()
    }

    fn name(&self, name: u32) -> Option<Address> {
        self.names.get(name as usize).copied().flatten()
    }
}

/// The payload of a shard.
fn shard(
    words: &[Word<'_>],
    range: Range<usize>,
    prefixes: Vec<PrefixEntry>,
    (postings, expanded): (&Postings, &Expanded),
    addresses: &Addresses,
    segment: &Segment,
) -> Result<Vec<u8>, Error> {
    let mut shard = ShardWriter::new(segment);
    prefixes.into_iter().for_each(|entry| shard.prefix(entry));
    let mut failed = Ok(());
    for word in words.get(range).unwrap_or_default() {
        let names = match word.name {
            NONE => None,
            name => {
                let place = postings.name(name);
                Some(names_entry(postings, place, addresses.name(name))?)
            }
        };
        let make = || {
            let place = postings.stem(word.stem);
            let positions = Positions {
                at: addresses.positions(word.stem),
                bytes: place.positions_bytes,
                gaps: place.gaps,
            };
            let at = addresses.stem(word.stem);
            let made = entry(postings, place, at, positions).and_then(|entry| {
                Ok(Entry {
                    expansions: expansions(expanded, word.stem, at)?,
                    ..entry
                })
            });
            made.unwrap_or_else(|error| {
                failed = Err(error);
                nothing()
            })
        };
        let stem = (word.stem != NONE).then_some(word.stem);
        shard.word(word.text, stem, make, names);
        shard.form(word.form);
    }
    failed?;
    let payload = shard.finish().map_err(FormatError::Manifest)?;
    debug_assert!(Shard::read(&payload, segment).is_ok());
    Ok(payload)
}

/// What a stem's words lead to.
fn entry(
    postings: &Postings,
    place: Place,
    at: Option<Address>,
    positions: Positions,
) -> Result<Entry, Error> {
    let lists = match at {
        Some(at) => Lists::External {
            at,
            title_bytes: place.title_bytes,
            body_bytes: place.body_bytes,
            late: place.late,
        },
        None => {
            let (mut title, mut body) = (Vec::new(), Vec::new());
            postings.each_posting(place, |posting, in_title| match in_title {
                true => title.push(posting),
                false => body.push(posting),
            })?;
            Lists::Inline(title, body)
        }
    };
    Ok(Entry {
        title_count: place.title_count,
        body_count: place.body_count,
        lists,
        positions,
        expansions: Expansions::default(),
    })
}

/// A stem's expansions; they stand in the shard where its postings do.
fn expansions(expanded: &Expanded, stem: u32, at: Option<Address>) -> Result<Expansions, Error> {
    let (count, bytes) = expanded.size(stem);
    Ok(match at {
        Some(at) if count > 0 => Expansions::External { count, at, bytes },
        Some(_) => Expansions::default(),
        None => Expansions::Inline(expanded.list(stem)?),
    })
}

/// Stands in for an entry that could not be made; the shard is given up with it.
fn nothing() -> Entry {
    Entry {
        title_count: 0,
        body_count: 0,
        lists: Lists::Inline(Vec::new(), Vec::new()),
        positions: Positions::default(),
        expansions: Expansions::default(),
    }
}

/// What an author's word leads to.
fn names_entry(
    postings: &Postings,
    place: Place,
    at: Option<Address>,
) -> Result<NamesEntry, Error> {
    Ok(match at {
        Some(at) => NamesEntry::External {
            count: place.count(),
            at,
            bytes: place.body_bytes,
        },
        None => NamesEntry::Inline(postings.docs(place)?),
    })
}
