//! Lists of expansions, coded, in scratch storage.

use offprint_format::{Expansion, decode_expansions, encode_expansions, expansion};
use offprint_papers::Spool;

use crate::pipeline::{pipeline, threads};
use crate::runs::{Group, Runs};
use crate::varint::{take, take_byte};
use crate::{Error, Resources};

/// Papers of a list: of a longer one the strongest stay.
const LONGEST: usize = 8192;
/// Expansions that are coded together on one thread.
const UNIT: usize = 1 << 15;

/// Where a stem's list lies.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    at: u64,
    count: u32,
    bytes: u32,
}

/// The expansions of every stem.
#[derive(Default)]
pub(crate) struct Expanded {
    spool: Option<Spool>,
    places: Vec<Place>,
    papers: u32,
}

impl Expanded {
    pub(super) fn make(
        runs: &mut Runs,
        stems: usize,
        papers: u32,
        resources: &Resources,
    ) -> Result<Expanded, Error> {
        let mut spool = Spool::new(resources.scratch.clone());
        let mut places = vec![Place::default(); stems];
        let mut merge = runs.merge();
        pipeline(
            || {
                let mut batch: Vec<Vec<Group>> = Vec::new();
                let mut ended = false;
                while !ended && batch.len() < threads() * 8 {
                    let mut unit = Vec::new();
                    let mut size = 0;
                    while size < UNIT && !ended {
                        let mut group = Group::default();
                        ended = !merge.next(&mut group)?;
                        if !ended {
                            size += group.count as usize;
                            unit.push(group);
                        }
                    }
                    if !unit.is_empty() {
                        batch.push(unit);
                    }
                }
                Ok(batch)
            },
            |unit| {
                let coded = unit.iter().map(|group| {
                    let list = strongest(group);
                    let count = list.len() as u32;
                    (group.term, count, encode_expansions(&list, papers))
                });
                Ok(coded.collect::<Vec<_>>())
            },
            |coded| {
                for (stem, count, bytes) in coded {
                    let at = spool.append(&bytes).map_err(Error::Scratch)?;
                    if let Some(place) = places.get_mut(stem as usize) {
                        let bytes = bytes.len() as u32;
                        *place = Place { at, count, bytes };
                    }
                }
                Ok(())
            },
        )?;
        Ok(Expanded {
            spool: Some(spool),
            places,
            papers,
        })
    }

    fn place(&self, stem: u32) -> Place {
        self.places.get(stem as usize).copied().unwrap_or_default()
    }

    /// How many papers a stem's list has, and its bytes.
    pub(crate) fn size(&self, stem: u32) -> (u32, u32) {
        let place = self.place(stem);
        (place.count, place.bytes)
    }

    /// A stem's list as it is written.
    pub(crate) fn coded(&self, stem: u32) -> Result<Vec<u8>, Error> {
        let place = self.place(stem);
        let read = |spool: &Spool| spool.read(place.at, place.bytes as usize);
        let spool = self.spool.as_ref().filter(|_| place.count > 0);
        spool.map_or(Ok(Vec::new()), read).map_err(Error::Scratch)
    }

    /// A stem's list.
    pub(crate) fn list(&self, stem: u32) -> Result<Vec<Expansion>, Error> {
        let coded = self.coded(stem)?;
        let list = decode_expansions(&coded, self.place(stem).count, self.papers);
        list.map_err(|fault| Error::Format(offprint_format::Error::Manifest(fault)))
    }
}

/// A stem's papers; of too many those whose levels leave no more than [`LONGEST`].
fn strongest(group: &Group) -> Vec<Expansion> {
    let mut raw = group.bytes.as_slice();
    let mut doc = 0;
    let mut list: Vec<(u32, u8)> = Vec::with_capacity(group.count as usize);
    let mut counts = [0usize; 4];
    for _ in 0..group.count {
        doc += take(&mut raw);
        let level = take_byte(&mut raw);
        if let Some(count) = counts.get_mut(usize::from(level)) {
            *count += 1;
        }
        list.push((doc, level));
    }
    let mut least = 0;
    let mut left = list.len();
    for &count in &counts {
        if left <= LONGEST {
            break;
        }
        left -= count;
        least += 1;
    }
    let kept = list.into_iter().filter(|&(_, level)| level >= least);
    kept.map(|(doc, level)| expansion(doc, level)).collect()
}
