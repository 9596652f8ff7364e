//! The engine: a manifest, the blocks at hand, and the tasks that ask for more.

use std::cell::Cell;
use std::collections::BinaryHeap;
use std::rc::Rc;

use offprint_format::{
    BlockId, BlockRef, CardBlock, FileId, Manifest, Read, Section, Segment, Shard, Spelling,
    limits as bounds, open_block, read_directory,
};

use crate::answer::Info;
use crate::columns::Columns;
use crate::error::{Error, Failed, no_block, too_large};
use crate::limits;
use crate::lists::Decoded;
use crate::score::{Sums, Worth};

/// What a step of a task comes to.
#[derive(Debug)]
pub enum Step<T> {
    /// The blocks that must be supplied before the next step.
    Need(Vec<BlockRef>),
    /// The answer.
    Done(T),
}

/// Something asked of an engine.
pub trait Task {
    /// What it comes to.
    type Output;

    /// Goes as far as the blocks at hand allow.
    ///
    /// # Errors
    /// An [`Error`] if a block is damaged or a limit is passed; the task is then over.
    fn step(&mut self, engine: &mut Engine) -> Result<Step<Self::Output>, Failed>;
}

/// A block as it is kept.
#[derive(Clone)]
enum Held {
    Shard(Rc<Shard>),
    Cards(Rc<CardBlock>),
    /// First papers of pages.
    Directory(Rc<Vec<u32>>),
    Spelling(Rc<Spelling>),
    Raw(Rc<[u8]>),
}

struct Slot {
    /// The block, as its key.
    key: u64,
    held: Held,
    bytes: usize,
    used: u64,
}

/// A decoded list as it is kept.
struct KeptList {
    key: u64,
    settled: bool,
    postings: Decoded,
    used: Cell<u64>,
}

/// A collection that can be searched.
pub struct Engine {
    /// Its segment stands below.
    manifest: Manifest,
    segment: Rc<Segment>,
    /// What frequencies are worth in each paper.
    worth: Rc<Worth>,
    /// Nothing while a question adds up.
    sums: Sums,
    /// In order of their keys: a hash table would weigh more in the client than it saves in time.
    slots: Vec<Slot>,
    bytes: usize,
    /// Decoded lists, in no order: there are few of them.
    lists: Vec<KeptList>,
    pub(crate) columns: Columns,
    clock: Cell<u64>,
}

impl Engine {
    /// Opens a collection from the bytes of its `manifest.bin`.
    ///
    /// # Errors
    /// [`Error::Format`] if the manifest cannot be read, [`Error::Analyzer`] if its terms were made
    /// by another analyzer.
    pub fn open(manifest: &[u8]) -> Result<Engine, Error> {
        let mut manifest = Manifest::from_bytes(manifest)?;
        let ours = offprint_analysis::fingerprint();
        if manifest.analyzer != ours {
            return Err(Error::Analyzer {
                found: manifest.analyzer,
                ours,
            });
        }
        // It has one.
        let segment = Rc::new(manifest.segments.pop().unwrap_or_default());
        Ok(Engine {
            manifest,
            worth: Rc::new(Worth::new(&segment)),
            sums: Sums::default(),
            segment,
            slots: Vec::new(),
            bytes: 0,
            lists: Vec::new(),
            columns: Columns::default(),
            clock: Cell::new(0),
        })
    }

    /// What the manifest says.
    #[must_use]
    pub fn info(&self) -> Info {
        Info {
            title: self.manifest.title.clone(),
            description: self.manifest.description.clone(),
            papers: self.segment.papers,
            segment: self.segment.name.clone(),
        }
    }

    pub(crate) fn worth(&self) -> Rc<Worth> {
        Rc::clone(&self.worth)
    }

    pub(crate) fn take_sums(&mut self) -> Sums {
        std::mem::take(&mut self.sums)
    }

    pub(crate) fn keep_sums(&mut self, sums: Sums) {
        self.sums = sums;
    }

    /// The collection's segment.
    #[must_use]
    pub fn segment(&self) -> Rc<Segment> {
        Rc::clone(&self.segment)
    }

    /// The requests that bring these blocks; blocks come in order, as a task names them.
    ///
    /// # Errors
    /// [`Error::NoSuchBlock`] if the index does not have one of them.
    pub fn reads(&self, blocks: &[BlockRef]) -> Result<Vec<Read>, Error> {
        self.segment.reads(blocks).map_err(Error::NoSuchBlock)
    }

    /// Path of a file inside the site.
    #[must_use]
    pub fn path_of(&self, file: FileId) -> String {
        self.segment.file_path(file)
    }

    /// Takes what a request brought and keeps every block in it.
    ///
    /// # Errors
    /// [`Error::Format`], naming the file, if any of it is damaged; nothing of it is then kept.
    pub fn supply(&mut self, read: &Read, bytes: &[u8]) -> Result<(), Error> {
        let mut opened = Vec::new();
        if let Err(error) = open(&self.segment, read, bytes, &mut opened) {
            return Err(Error::Format(match error {
                offprint_format::Error::Block { fault, .. } => offprint_format::Error::File {
                    path: self.path_of(read.file),
                    fault,
                },
                other => other,
            }));
        }
        for mut slot in opened {
            slot.used = self.tick();
            match self.place(slot.key) {
                Ok(at) => {
                    if let Some(old) = self.slots.get_mut(at) {
                        *old = slot;
                    }
                }
                Err(at) => {
                    self.bytes += slot.bytes;
                    self.slots.insert(at, slot);
                }
            }
        }
        Ok(())
    }

    /// Makes room before a new question: the half unused for longest goes, until there is room.
    pub(crate) fn trim(&mut self) {
        while self.bytes > limits::CACHE {
            let mut ages = Vec::new();
            for slot in &self.slots {
                ages.push(slot.used);
            }
            let Some(age) = median(ages) else {
                return;
            };
            self.slots.retain(|slot| slot.used > age);
            self.bytes = 0;
            for slot in &self.slots {
                self.bytes += slot.bytes;
            }
        }
        // Half of it is left free for what the next question decodes.
        while self.decoded_postings() > limits::DECODED / 2 {
            let mut ages = Vec::new();
            for kept in &self.lists {
                ages.push(kept.used.get());
            }
            let Some(age) = median(ages) else {
                return;
            };
            self.lists.retain(|kept| kept.used.get() > age);
        }
    }

    fn decoded_postings(&self) -> usize {
        self.lists.iter().map(|kept| kept.postings.len()).sum()
    }

    fn tick(&self) -> u64 {
        self.clock.set(self.clock.get() + 1);
        self.clock.get()
    }

    /// A decoded list and whether it is whole, if it is kept; with `settled` only if it is.
    pub(crate) fn decoded(&self, key: u64, settled: bool) -> Option<(Decoded, bool)> {
        let kept = self
            .lists
            .iter()
            .find(|kept| kept.key == key && (kept.settled || !settled))?;
        kept.used.set(self.tick());
        Some((Rc::clone(&kept.postings), kept.settled))
    }

    /// Keeps a decoded list, as far as there is room; the final form takes the place of an earlier
    /// one. A short list is decoded sooner than it is looked for.
    pub(crate) fn keep_decoded(&mut self, key: u64, settled: bool, postings: &Decoded) {
        self.lists.retain(|kept| kept.key != key);
        let held = self.decoded_postings();
        if postings.len() < limits::DECODED_LIST || held + postings.len() > limits::DECODED {
            return;
        }
        self.lists.push(KeptList {
            key,
            settled,
            postings: Rc::clone(postings),
            used: Cell::new(self.tick()),
        });
    }

    /// Of these blocks, the ones not at hand, each once, in order.
    ///
    /// # Errors
    /// [`Error::NoSuchBlock`] or [`Error::TooLarge`].
    pub(crate) fn missing(&self, blocks: Vec<BlockRef>) -> Result<Vec<BlockRef>, Failed> {
        let mut keys = Vec::with_capacity(blocks.len());
        for block in blocks {
            keys.push(block.key());
        }
        let mut keys = sorted(keys);
        keys.dedup();
        if keys.len() > limits::BLOCKS {
            return Err(too_large());
        }
        let mut missing = Vec::new();
        for key in keys {
            let Some(block) = BlockRef::from_key(key) else {
                continue;
            };
            if !self.segment.has(block) {
                return Err(no_block(block.id));
            }
            if self.place(block.id.key()).is_err() {
                missing.push(block);
            }
        }
        Ok(missing)
    }

    /// Where a block is kept, or where it would be.
    fn place(&self, key: u64) -> Result<usize, usize> {
        self.slots.binary_search_by_key(&key, |slot| slot.key)
    }

    fn held(&mut self, id: BlockId) -> Result<&Held, Failed> {
        let now = self.tick();
        let at = self.place(id.key()).map_err(|_| no_block(id))?;
        let slot = self.slots.get_mut(at).ok_or_else(|| no_block(id))?;
        slot.used = now;
        Ok(&slot.held)
    }

    pub(crate) fn shard(&mut self, number: u32) -> Result<Rc<Shard>, Failed> {
        let id = BlockId {
            section: Section::Terms,
            number,
        };
        match self.held(id)? {
            Held::Shard(shard) => Ok(Rc::clone(shard)),
            _ => Err(no_block(id)),
        }
    }

    pub(crate) fn cards(&mut self, number: u32) -> Result<Rc<CardBlock>, Failed> {
        let id = BlockId {
            section: Section::Cards,
            number,
        };
        match self.held(id)? {
            Held::Cards(cards) => Ok(Rc::clone(cards)),
            _ => Err(no_block(id)),
        }
    }

    /// The first papers of the pages of a block of the directory, and the one after its last.
    pub(crate) fn directory(&mut self, number: u32) -> Result<Rc<Vec<u32>>, Failed> {
        let id = BlockId {
            section: Section::Directory,
            number,
        };
        match self.held(id)? {
            Held::Directory(firsts) => Ok(Rc::clone(firsts)),
            _ => Err(no_block(id)),
        }
    }

    pub(crate) fn spelling(&mut self, number: u32) -> Result<Rc<Spelling>, Failed> {
        let id = BlockId {
            section: Section::Spelling,
            number,
        };
        match self.held(id)? {
            Held::Spelling(spelling) => Ok(Rc::clone(spelling)),
            _ => Err(no_block(id)),
        }
    }

    pub(crate) fn raw(&mut self, id: BlockId) -> Result<Rc<[u8]>, Failed> {
        match self.held(id)? {
            Held::Raw(bytes) => Ok(Rc::clone(bytes)),
            _ => Err(no_block(id)),
        }
    }
}

/// Numbers in order, by the heap that ranks hits: each kind of thing that is sorted by the standard
/// library's quicksort weighs 4 KB of wasm.
pub(crate) fn sorted(numbers: Vec<u64>) -> Vec<u64> {
    BinaryHeap::from(numbers).into_sorted_vec()
}

fn median(numbers: Vec<u64>) -> Option<u64> {
    let middle = numbers.len() / 2;
    sorted(numbers).get(middle).copied()
}

/// Checks and decodes every block of what a request brought.
fn open(
    segment: &Segment,
    read: &Read,
    bytes: &[u8],
    opened: &mut Vec<Slot>,
) -> Result<(), offprint_format::Error> {
    for (id, stored) in segment.split(read, bytes)? {
        let payload = open_block(stored, id, segment.seed)?;
        opened.push(Slot {
            key: id.key(),
            held: decode(segment, id, payload).map_err(|fault| id.damaged(fault))?,
            bytes: payload.len(),
            used: 0,
        });
    }
    Ok(())
}

fn decode(segment: &Segment, id: BlockId, payload: &[u8]) -> Result<Held, offprint_format::Fault> {
    Ok(match id.section {
        Section::Terms => Held::Shard(Rc::new(Shard::read(payload, segment)?)),
        Section::Cards => {
            let packed = segment.is_packed(Section::Records);
            Held::Cards(Rc::new(CardBlock::read(payload, packed)?))
        }
        Section::Directory => {
            let pages = segment.blocks(Section::Cards);
            let before = id.number.saturating_mul(bounds::PAGES);
            let pages = pages.saturating_sub(before);
            Held::Directory(Rc::new(read_directory(payload, pages, segment.papers)?))
        }
        Section::Spelling => Held::Spelling(Rc::new(Spelling::read(payload)?)),
        Section::Postings
        | Section::Records
        | Section::Positions
        | Section::Columns
        | Section::Ids
        | Section::Related => Held::Raw(payload.into()),
    })
}
