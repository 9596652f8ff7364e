//! Lists of expansions: what papers get for words by their neighbours, and by weights given for
//! them, coded, in scratch storage.

use offprint_format::{
    EXPANSION_VALUES, Expansion, LengthClass, decode_expansions, encode_expansions, expansion,
    expansion_level, expansion_sum, impact,
};
use offprint_papers::Spool;

use crate::given::{Scale, Weight, Words};
use crate::pipeline::{pipeline, threads};
use crate::postings::Postings;
use crate::runs::{Group, Merge, Runs};
use crate::varint::{take, take_byte};
use crate::{Error, Resources, Sizes};

/// Papers of a list: of a longer one the strongest stay.
const LONGEST: usize = 6144;
/// The same of a list that weights were given for and that stands in its shard, where the lists of
/// frequent words do not: the shard is read for each of its words.
const LONGEST_INLINE: usize = 128;
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

/// A stem's papers by either source; of both at least one has some.
struct Both {
    stem: u32,
    near: Group,
    given: Group,
}

/// Goes through the stems of both sources.
struct Sources<'r> {
    near: Merge<'r>,
    given: Merge<'r>,
    /// The stem in front of each.
    fronts: (Option<Group>, Option<Group>),
}

fn next(merge: &mut Merge<'_>) -> Result<Option<Group>, Error> {
    let mut group = Group::default();
    Ok(merge.next(&mut group)?.then_some(group))
}

impl Sources<'_> {
    fn next(&mut self) -> Result<Option<Both>, Error> {
        let stems = (self.fronts.0.iter().chain(&self.fronts.1)).map(|group| group.term);
        let Some(stem) = stems.min() else {
            return Ok(None);
        };
        let mut both = Both {
            stem,
            near: Group::default(),
            given: Group::default(),
        };
        if let Some(group) = self.fronts.0.take_if(|group| group.term == stem) {
            both.near = group;
            self.fronts.0 = next(&mut self.near)?;
        }
        if let Some(group) = self.fronts.1.take_if(|group| group.term == stem) {
            both.given = group;
            self.fronts.1 = next(&mut self.given)?;
        }
        Ok(Some(both))
    }
}

/// What weighing given words takes.
struct Weighing<'a> {
    scale: Scale,
    postings: &'a Postings,
    all_inline: bool,
    /// Where each class of length ends, and its norm.
    classes: Vec<(u32, u16)>,
}

impl Expanded {
    /// Makes the lists of all stems. Both sources are used up; what became of the given words is
    /// counted.
    pub(crate) fn make(
        near: &mut Runs,
        given: &mut Words,
        (postings, classes): (&Postings, &[LengthClass]),
        sizes: &Sizes,
        resources: &Resources,
    ) -> Result<Expanded, Error> {
        let papers = postings.papers;
        let mut spool = Spool::new(resources.scratch.clone());
        let mut places = vec![Place::default(); postings.terms().0];
        let (mut near, mut words) = (near.merge(), given.runs.merge());
        let fronts = (next(&mut near)?, next(&mut words)?);
        let mut sources = Sources {
            near,
            given: words,
            fronts,
        };
        let mut end = 0;
        let ends = classes.iter().map(|class| {
            end += class.papers;
            (end, class.norm)
        });
        let weighing = Weighing {
            scale: given.scale,
            postings,
            all_inline: sizes.inline_limit >= papers,
            classes: ends.collect(),
        };
        let counts = &mut given.counts;
        pipeline(
            || {
                let mut batch: Vec<Vec<Both>> = Vec::new();
                let mut ended = false;
                while !ended && batch.len() < threads() * 8 {
                    let mut unit = Vec::new();
                    let mut size = 0;
                    while size < UNIT && !ended {
                        match sources.next()? {
                            Some(both) => {
                                size += (both.near.count + both.given.count) as usize;
                                unit.push(both);
                            }
                            None => ended = true,
                        }
                    }
                    if !unit.is_empty() {
                        batch.push(unit);
                    }
                }
                Ok(batch)
            },
            |unit| {
                let coded = unit.iter().map(|both| {
                    let mut list = levels(&both.near);
                    let given = weighing.levels(both)?;
                    if !given.is_empty() {
                        list = join(&list, &given);
                    }
                    let (list, used) = strongest(&list, &given, weighing.longest(both));
                    let count = list.len() as u32;
                    let weak = both.given.count - used;
                    let bytes = encode_expansions(&list, papers);
                    Ok((both.stem, (count, bytes), (used, weak)))
                });
                coded.collect::<Result<Vec<_>, Error>>()
            },
            |coded| {
                for (stem, (count, bytes), (used, weak)) in coded {
                    counts.used += u64::from(used);
                    counts.weak += u64::from(weak);
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

/// What neighbours give the papers of a stem.
fn levels(group: &Group) -> Vec<(u32, u8)> {
    let mut raw = group.bytes.as_slice();
    let mut doc = 0;
    let each = (0..group.count).map(|_| {
        doc += take(&mut raw);
        (doc, take_byte(&mut raw))
    });
    each.collect()
}

impl Weighing<'_> {
    /// How long a stem's list may be.
    fn longest(&self, both: &Both) -> usize {
        let external = self.all_inline || self.postings.stem(both.stem).is_external();
        match external || both.given.count == 0 {
            true => LONGEST,
            false => LONGEST_INLINE,
        }
    }

    /// What the weights given for a stem are worth to its papers: as for neighbours' words, less
    /// where the paper holds it itself.
    fn levels(&self, both: &Both) -> Result<Vec<(u32, u8)>, Error> {
        let group = &both.given;
        if group.count == 0 {
            return Ok(Vec::new());
        }
        let mut own = Vec::new();
        let mut class = 0;
        let each = |posting: offprint_format::Posting, _| {
            while self
                .classes
                .get(class)
                .is_some_and(|&(end, _)| end <= posting.doc)
            {
                class += 1;
            }
            let norm = self.classes.get(class).map_or(u16::MAX, |&(_, norm)| norm);
            own.push((posting.doc, impact(u32::from(posting.frequency), norm)));
        };
        self.postings
            .each_posting(self.postings.stem(both.stem), each)?;
        let mut own = own.into_iter().peekable();
        let mut raw = group.bytes.as_slice();
        let mut doc = 0;
        let each = (0..group.count).filter_map(|_| {
            doc += take(&mut raw);
            let weight = Weight::from_bytes([take_byte(&mut raw), take_byte(&mut raw)]);
            while own.next_if(|&(other, _)| other < doc).is_some() {}
            let own = own.next_if(|&(other, _)| other == doc);
            let level = expansion_level(self.scale.value(weight), own.map_or(0, |own| own.1));
            level.map(|level| (doc, level))
        });
        Ok(each.collect())
    }
}

/// Brings two lists together by document. What both say of a paper adds up.
fn join(one: &[(u32, u8)], other: &[(u32, u8)]) -> Vec<(u32, u8)> {
    let mut joined: Vec<(u32, u8)> = [one, other].concat();
    joined.sort_unstable();
    joined.dedup_by(|&mut (doc, level), kept| {
        let same = kept.0 == doc;
        if same {
            kept.1 = expansion_sum(kept.1, level);
        }
        same
    });
    joined
}

/// A stem's papers, of too many those whose levels leave no more than `longest`; and how many of
/// the given ones are among them.
fn strongest(list: &[(u32, u8)], given: &[(u32, u8)], longest: usize) -> (Vec<Expansion>, u32) {
    let mut counts = [0usize; EXPANSION_VALUES.len()];
    for &(_, level) in list {
        if let Some(count) = counts.get_mut(usize::from(level)) {
            *count += 1;
        }
    }
    let mut least = 0;
    let mut left = list.len();
    for &count in &counts {
        if left <= longest {
            break;
        }
        left -= count;
        least += 1;
    }
    let kept = || list.iter().filter(|&&(_, level)| level >= least);
    let mut given = given.iter().map(|&(doc, _)| doc).peekable();
    let mut used = 0;
    for &(doc, _) in kept() {
        while given.next_if(|&other| other < doc).is_some() {}
        used += u32::from(given.next_if_eq(&doc).is_some());
    }
    (
        kept().map(|&(doc, level)| expansion(doc, level)).collect(),
        used,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_format::expanded;

    #[test]
    fn what_both_sources_say_adds_up() {
        let joined = join(&[(1, 0), (4, 2), (9, 1)], &[(0, 3), (4, 0), (9, 1)]);
        assert_eq!(joined, [(0, 3), (1, 0), (4, 3), (9, 3)]);
        assert_eq!(join(&[], &[(7, 1)]), [(7, 1)]);
    }

    #[test]
    fn of_too_many_papers_the_strongest_stay() {
        let list: Vec<(u32, u8)> = (0..8000).map(|doc| (doc, u8::from(doc % 4 > 0))).collect();
        let given = [(3, 1), (4, 0), (7999, 0)];
        let (kept, used) = strongest(&list, &given, LONGEST);
        assert_eq!((kept.len(), used), (6000, 2));
        assert!(kept.iter().all(|&one| one == expansion(expanded(one).0, 1)));
        let (kept, used) = strongest(list.get(..6000).unwrap_or_default(), &given, LONGEST);
        assert_eq!((kept.len(), used), (6000, 2));
    }
}
