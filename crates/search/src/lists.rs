//! Lists of papers: where they lie, and what they say once they are read.

use std::rc::Rc;

use offprint_format::{
    Address, BlockRef, Entry, Expansion, Expansions, Fault, Lists, NamesEntry, Positions, Posting,
    PostingsCodec, PrefixEntry, Section, Segment, decode_docs, decode_expansions, limits,
};

use crate::engine::Engine;
use crate::error::{Failed, too_large};
use crate::query::Field;
use crate::resolve::Source;

/// Bits of a decoded posting below the document number.
const DOC_SHIFT: u32 = 6;

/// One more than the largest frequency of a decoded posting.
pub(crate) const FREQUENCIES: usize = 1 << (DOC_SHIFT - 1);

/// Set in a decoded posting whose paper has the stem in its title alone.
const TITLE_ONLY: u32 = FREQUENCIES as u32;

/// Stands in a decoded posting for an author's word.
pub(crate) const NAME: u8 = 0;

/// A list as it is kept: document number and frequency in one number for each posting.
pub(crate) type Decoded = Rc<Vec<u32>>;

fn pack(doc: u32, frequency: u8) -> u32 {
    doc << DOC_SHIFT | u32::from(frequency) & (TITLE_ONLY - 1)
}

/// Document and frequency of a decoded posting.
pub(crate) fn unpack(posting: u32) -> (u32, u8) {
    (
        posting >> DOC_SHIFT,
        posting as u8 & (FREQUENCIES as u8 - 1),
    )
}

/// A run of bytes in the postings or the positions section.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    section: Section,
    at: Address,
    pub(crate) bytes: u32,
}

impl Run {
    fn list(at: Address, bytes: u32) -> Run {
        let section = Section::Postings;
        Run { section, at, bytes }
    }

    /// Where a stem's words stand, and the later part of that.
    pub(crate) fn positions(segment: &Segment, entry: &Entry) -> (Run, Option<Run>) {
        let Positions { at, bytes, gaps } = entry.positions;
        let section = Section::Positions;
        let gaps = gaps.map(|gaps| Run {
            section,
            at: segment.late(segment.after(section, at, bytes)),
            bytes: gaps,
        });
        (Run { section, at, bytes }, gaps)
    }

    /// Adds the blocks that hold it.
    pub(crate) fn blocks(self, segment: &Segment, out: &mut Vec<BlockRef>) {
        segment.run(self.section, self.at, self.bytes, out);
    }

    /// Whether it is longer than any that is read.
    pub(crate) fn is_too_long(self) -> bool {
        self.bytes > limits::LIST
    }

    /// Reads it; its blocks must be at hand.
    pub(crate) fn read(self, engine: &mut Engine) -> Result<Vec<u8>, Failed> {
        if self.is_too_long() {
            return Err(too_large());
        }
        let segment = engine.segment();
        let mut list = Vec::with_capacity(self.bytes as usize);
        let mut offset = self.at.offset as usize;
        let mut blocks = Vec::new();
        self.blocks(&segment, &mut blocks);
        for block in blocks {
            let payload = engine.raw(block.id)?;
            let wanted = self.bytes as usize - list.len();
            let rest = payload.get(offset..).unwrap_or_default();
            list.extend_from_slice(rest.get(..wanted).unwrap_or(rest));
            offset = 0;
        }
        if list.len() == self.bytes as usize {
            Ok(list)
        } else {
            Err(self.bad(Fault::Short))
        }
    }

    /// An error about it.
    pub(crate) fn bad(self, fault: Fault) -> Failed {
        let block = offprint_format::BlockId {
            section: self.section,
            number: self.at.block,
        };
        block.damaged(fault).into()
    }

    /// What the list is known by among the decoded ones. A list without bytes lies where the next
    /// one does and is not kept.
    fn key(self) -> Option<u64> {
        let place = u64::from(self.at.block) << 16 | u64::from(self.at.offset);
        (self.bytes > 0).then_some(place)
    }

    fn known(self, engine: &Engine, settled: bool) -> Option<(Decoded, bool)> {
        engine.decoded(self.key()?, settled)
    }

    fn keep(self, engine: &mut Engine, settled: bool, postings: &Decoded) {
        if let Some(key) = self.key() {
            engine.keep_decoded(key, settled, postings);
        }
    }
}

/// The run of a stem's expansions, if it has one.
fn expansions_run(entry: &Entry) -> Option<(Run, u32)> {
    match entry.expansions {
        Expansions::External { count, at, bytes } => Some((Run::list(at, bytes), count)),
        Expansions::Inline(_) => None,
    }
}

/// The two runs of a stem's list: what comes first, and what comes later, if anything does. The
/// expansions lie between them.
fn runs(segment: &Segment, entry: &Entry) -> Option<(Run, Option<Run>)> {
    let Lists::External {
        at,
        title_bytes,
        body_bytes,
        late,
    } = entry.lists
    else {
        return None;
    };
    let first = Run::list(at, title_bytes.saturating_add(body_bytes));
    let mut end = segment.after(Section::Postings, at, first.bytes);
    if let Some((expansions, _)) = expansions_run(entry) {
        end = segment.after(Section::Postings, end, expansions.bytes);
    }
    let late = late.map(|late| Run::list(segment.late(end), late.bytes));
    Some((first, late))
}

fn prefix_run(listed: &PrefixEntry) -> Run {
    let rest = listed.rest_bytes.unwrap_or(0);
    Run::list(listed.at, listed.best_bytes.saturating_add(rest))
}

/// Adds the blocks that must be read for a list; with `settle`, those of what comes later too.
pub(crate) fn blocks(engine: &Engine, source: &Source, settle: bool, out: &mut Vec<BlockRef>) {
    let segment = engine.segment();
    let (first, late) = match source {
        Source::Text(shard, number, field) => {
            let entry = shard.entry(*number);
            // Papers with the stem in their title come first.
            let settle = settle && *field != Field::Title;
            match entry.and_then(|entry| runs(&segment, entry)) {
                Some((first, late)) => (first, late.filter(|_| settle)),
                None => return,
            }
        }
        Source::Names(shard, at) => match shard.names(*at) {
            Some(NamesEntry::External { at, bytes, .. }) => (Run::list(*at, *bytes), None),
            _ => return,
        },
    };
    if first.known(engine, settle).is_some() {
        return;
    }
    first.blocks(&segment, out);
    if let Some(late) = late {
        late.blocks(&segment, out);
    }
}

/// How many papers a list names in its first part, and in all.
pub(crate) fn counts(source: &Source) -> (u32, u32) {
    match source {
        Source::Text(shard, number, _) => shard.entry(*number).map_or((0, 0), |entry| {
            let all = entry.title_count.saturating_add(entry.body_count);
            let late = match entry.lists {
                Lists::External {
                    late: Some(late), ..
                } => late.count,
                _ => 0,
            };
            (all.saturating_sub(late), all)
        }),
        Source::Names(shard, at) => {
            let count = shard.names(*at).map_or(0, NamesEntry::count);
            (count, count)
        }
    }
}

fn entry_of(source: &Source) -> Option<&Entry> {
    match source {
        Source::Text(shard, number, _) => shard.entry(*number),
        Source::Names(..) => None,
    }
}

/// Adds the blocks of a word's expansions.
pub(crate) fn expansion_blocks(engine: &Engine, source: &Source, out: &mut Vec<BlockRef>) {
    if let Some((run, _)) = entry_of(source).and_then(expansions_run) {
        run.blocks(&engine.segment(), out);
    }
}

/// A word's expansions. Their blocks must be at hand.
pub(crate) fn expansions(
    engine: &mut Engine,
    source: &Source,
) -> Result<Rc<Vec<Expansion>>, Failed> {
    let Some(entry) = entry_of(source) else {
        return Ok(Rc::default());
    };
    match (&entry.expansions, expansions_run(entry)) {
        (_, Some((run, count))) => {
            if let Some((known, _)) = run.known(engine, true) {
                return Ok(known);
            }
            let list = run.read(engine)?;
            let papers = engine.segment().papers;
            let list = decode_expansions(&list, count, papers).map_err(|fault| run.bad(fault))?;
            let list = Rc::new(list);
            run.keep(engine, true, &list);
            Ok(list)
        }
        (Expansions::Inline(list), None) => Ok(Rc::new(list.clone())),
        _ => Ok(Rc::default()),
    }
}

/// Adds the blocks of the list behind a short prefix.
pub(crate) fn prefix_blocks(segment: &Segment, listed: &PrefixEntry, out: &mut Vec<BlockRef>) {
    prefix_run(listed).blocks(segment, out);
}

/// A list, its number of papers in all, and whether none is left out. Its blocks must be at hand.
pub(crate) struct ReadList {
    pub(crate) postings: Decoded,
    pub(crate) count: u32,
    pub(crate) settled: bool,
}

/// Reads a list; with `settle`, what comes later too.
pub(crate) fn read(
    engine: &mut Engine,
    source: &Source,
    settle: bool,
) -> Result<Option<ReadList>, Failed> {
    match source {
        Source::Text(shard, number, field) => {
            let Some(entry) = shard.entry(*number) else {
                return Ok(None);
            };
            let title = *field == Field::Title;
            let settle = settle && !title;
            let (mut postings, mut settled) = match &entry.lists {
                Lists::Inline(title, body) => (packed([title, body, &[]]), true),
                _ => {
                    let segment = engine.segment();
                    let Some((first, late)) = runs(&segment, entry) else {
                        return Ok(None);
                    };
                    let settled = settle || late.is_none();
                    match first.known(engine, settled) {
                        Some(known) => known,
                        None => {
                            let late = late.filter(|_| settle);
                            let read = decode(engine, entry, first, late)?;
                            first.keep(engine, settled, &read);
                            (read, settled)
                        }
                    }
                }
            };
            let mut count = entry.title_count;
            let titled = count as usize;
            if title {
                settled = true;
            } else {
                count = count.saturating_add(entry.body_count);
            }
            if matches!(field, Field::Title | Field::Abstract) {
                let mut there = Vec::new();
                for (at, &posting) in postings.iter().enumerate() {
                    if if title {
                        at < titled
                    } else {
                        posting & TITLE_ONLY == 0
                    } {
                        there.push(posting);
                    }
                }
                postings = Rc::new(there);
            }
            Ok(Some(ReadList {
                postings,
                count,
                settled,
            }))
        }
        Source::Names(shard, at) => {
            let Some(entry) = shard.names(*at) else {
                return Ok(None);
            };
            let count = entry.count();
            let postings = match entry {
                NamesEntry::Inline(docs) => named(docs),
                NamesEntry::External { at, bytes, .. } => {
                    let run = Run::list(*at, *bytes);
                    match run.known(engine, true) {
                        Some((known, _)) => known,
                        None => {
                            let papers = engine.segment().papers;
                            let docs = decode_docs(&run.read(engine)?, count, papers);
                            let read = named(&docs.map_err(|fault| run.bad(fault))?);
                            run.keep(engine, true, &read);
                            read
                        }
                    }
                }
            };
            Ok(Some(ReadList {
                postings,
                count,
                settled: true,
            }))
        }
    }
}

// Plain loops: each chain of iterators is compiled for itself.
fn packed(parts: [&[Posting]; 3]) -> Decoded {
    let mut packed = Vec::new();
    for part in parts {
        for posting in part {
            let title_only = if posting.in_abstract { 0 } else { TITLE_ONLY };
            packed.push(pack(posting.doc, posting.frequency) | title_only);
        }
    }
    Rc::new(packed)
}

fn named(docs: &[u32]) -> Decoded {
    let mut named = Vec::with_capacity(docs.len());
    for &doc in docs {
        named.push(pack(doc, NAME));
    }
    Rc::new(named)
}

fn decode(
    engine: &mut Engine,
    entry: &Entry,
    first: Run,
    late: Option<Run>,
) -> Result<Decoded, Failed> {
    let Lists::External {
        title_bytes,
        late: left,
        ..
    } = entry.lists
    else {
        return Err(first.bad(Fault::value("list")));
    };
    let segment = engine.segment();
    let list = first.read(engine)?;
    let bad = |fault| first.bad(fault);
    let (title, body) = list
        .split_at_checked(title_bytes as usize)
        .ok_or_else(|| bad(Fault::Short))?;
    let codec = PostingsCodec::new(segment.papers, &segment.priors);
    let title = codec.decode(title, entry.title_count, true).map_err(bad)?;
    let late_count = left.map_or(0, |late| late.count);
    let count = entry.body_count.saturating_sub(late_count);
    let body = codec.decode(body, count, false).map_err(bad)?;
    let rest = match late {
        Some(late) => codec
            .decode_late(&late.read(engine)?, late_count)
            .map_err(|fault| late.bad(fault))?,
        None => Vec::new(),
    };
    Ok(packed([&title, &body, &rest]))
}

/// The list behind a short prefix: the best papers with their impacts, and the others where they
/// are listed.
pub(crate) fn read_prefix(
    engine: &mut Engine,
    listed: &PrefixEntry,
) -> Result<(Vec<u32>, Vec<u32>), Failed> {
    let run = prefix_run(listed);
    let list = run.read(engine)?;
    let segment = engine.segment();
    let (best, rest) = list
        .split_at_checked(listed.best_bytes as usize)
        .unwrap_or((&list, &[]));
    let codec = PostingsCodec::new(segment.papers, &segment.priors);
    let best = codec.decode(best, listed.best, false);
    // Frequencies are one more than they are, to tell them from an author's word.
    let best = best.map_err(|fault| run.bad(fault))?;
    let mut found = Vec::with_capacity(best.len());
    for posting in best {
        found.push(pack(posting.doc, posting.frequency.saturating_sub(1)));
    }
    let rest = match listed.rest_bytes {
        Some(_) => {
            let count = listed.count.saturating_sub(listed.best);
            decode_docs(rest, count, segment.papers).map_err(|fault| run.bad(fault))?
        }
        None => Vec::new(),
    };
    Ok((found, rest))
}
