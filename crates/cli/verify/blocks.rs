//! The blocks of an index, checked as a reader reaches them.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;

use offprint_format::{BlockId, BlockRef, Error, FileId, Section, Segment, open_block, split_file};

use super::{AGAIN, Check, is_absence};
use crate::error::{Failure, Result};
use crate::files;
use crate::history::MANIFEST;
use crate::sums::Sums;

/// Bytes of blocks of a pack that are held at a time, more or less.
const BATCH: u64 = 1 << 20;

/// Blocks that are read at a time of those that the manifest lists: at most 4 MiB.
const ROOTS: usize = 64;

/// What is found of a segment on the way.
struct Walk<'a> {
    segment: &'a Segment,
    newest: Option<&'a Sums>,
    /// Blocks of lists and positions that were checked: words of one stem lead to the same.
    lists: HashSet<BlockId>,
    /// Blocks of each section that were met, sound or not.
    met: BTreeMap<Section, u32>,
}

impl Check<'_> {
    /// Every file of a segment, and every block that a reader can come to.
    pub(super) fn segment(&mut self, segment: &Segment, newest: Option<&Sums>) -> Result<()> {
        let before = self.findings.problems.len();
        let mut walk = Walk {
            segment,
            newest,
            lists: HashSet::new(),
            met: BTreeMap::new(),
        };
        let mut sizes: BTreeMap<Section, u64> = BTreeMap::new();
        for file in segment.files() {
            let size = if segment.is_packed(file.section) {
                self.pack(&walk, file)?
            } else {
                self.chunk(&mut walk, file)?
            };
            *sizes.entry(file.section).or_default() += size.unwrap_or(0);
        }
        self.packs(&mut walk)?;
        if self.findings.problems.len() > before {
            return Ok(());
        }
        for section in Section::ALL {
            let Some(table) = segment.section(section) else {
                continue;
            };
            let size = sizes.get(&section).copied().unwrap_or(0);
            let blocks = walk.met.get(&section).copied().unwrap_or(0);
            if size != table.bytes {
                self.miscounted(section, table.bytes, "bytes, but its files have", size);
            }
            if blocks != table.blocks {
                let blocks = u64::from(blocks);
                let told = u64::from(table.blocks);
                self.miscounted(section, told, "blocks, but a reader comes to", blocks);
            }
        }
        Ok(())
    }

    fn miscounted(&mut self, section: Section, told: u64, but: &str, found: u64) {
        let problem = format!("it gives section {} {told} {but} {found}", section.folder());
        self.problem(MANIFEST, &problem, AGAIN);
    }

    /// A file that cannot be read: missing, unless the list of files has told that already.
    fn unread(&mut self, walk: &Walk<'_>, path: &str, error: io::Error) -> Result<()> {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            self.problem(path, "it ends early", AGAIN);
        } else if !is_absence(&error) {
            return Err(Failure::io("read", &self.site.join(path))(error));
        } else if walk
            .newest
            .is_none_or(|sums| !sums.files.contains_key(path))
        {
            self.problem(path, "the manifest needs it and it is missing", AGAIN);
        }
        Ok(())
    }

    /// A file of chunks: each of its blocks. Gives its size, if it is there.
    fn chunk(&mut self, walk: &mut Walk<'_>, file: FileId) -> Result<Option<u64>> {
        let path = walk.segment.file_path(file);
        let bytes = match fs::read(self.site.join(&path)) {
            Ok(bytes) => bytes,
            Err(error) => return self.unread(walk, &path, error).map(|()| None),
        };
        match split_file(walk.segment, file, &bytes) {
            Ok(blocks) => {
                for (id, stored) in blocks {
                    self.block(walk, id, stored, &path);
                }
            }
            Err(error) => self.problem(&path, &error.to_string(), AGAIN),
        }
        Ok(Some(bytes.len() as u64))
    }

    /// A file of packs: its size, if it is there.
    fn pack(&mut self, walk: &Walk<'_>, file: FileId) -> Result<Option<u64>> {
        let path = walk.segment.file_path(file);
        match fs::metadata(self.site.join(&path)) {
            Ok(about) if about.is_file() => Ok(Some(about.len())),
            Ok(_) => {
                let absent = io::ErrorKind::IsADirectory.into();
                self.unread(walk, &path, absent).map(|()| None)
            }
            Err(error) => self.unread(walk, &path, error).map(|()| None),
        }
    }

    /// Every block of packs: those that the manifest lists, and what they point at.
    fn packs(&mut self, walk: &mut Walk<'_>) -> Result<()> {
        let segment = walk.segment;
        let roots = segment.roots();
        let mut roots = roots.filter(|block| segment.is_packed(block.id.section));
        let mut batch = Vec::new();
        loop {
            let block = roots.next();
            // A block of another section lies in other files.
            let last = batch.last().map(|last: &BlockRef| last.id.section);
            let full = batch.len() == ROOTS || last != block.map(|block| block.id.section);
            if full && !batch.is_empty() {
                let pointed = self.ranges(walk, &batch)?;
                batch.clear();
                self.pointed(walk, pointed)?;
            }
            match block {
                Some(block) => batch.push(block),
                None => return Ok(()),
            }
        }
    }

    /// Blocks that others point at.
    fn pointed(&mut self, walk: &mut Walk<'_>, mut blocks: Vec<BlockRef>) -> Result<()> {
        let lists = &mut walk.lists;
        let is_list = |block: &BlockRef| block.id.section != Section::Records;
        blocks.retain(|block| !is_list(block) || lists.insert(block.id));
        blocks.sort_unstable();
        let mut rest = blocks.as_slice();
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |block: &&BlockRef| {
                bytes += u64::from(block.stored);
                bytes <= BATCH
            };
            let count = rest.iter().take_while(fits).count().max(1);
            let (batch, later) = rest.split_at(count);
            // Lists and records point at nothing.
            self.ranges(walk, batch)?;
            rest = later;
        }
        Ok(())
    }

    /// Reads blocks of packs by ranges and checks them; gives what they point at.
    fn ranges(&mut self, walk: &mut Walk<'_>, blocks: &[BlockRef]) -> Result<Vec<BlockRef>> {
        let mut pointed = Vec::new();
        let reads = match walk.segment.reads(blocks) {
            Ok(reads) => reads,
            Err(id) => {
                self.problem(MANIFEST, &format!("it has no place for {id}"), AGAIN);
                return Ok(pointed);
            }
        };
        for read in reads {
            let path = walk.segment.file_path(read.file);
            let bytes = match files::read(&self.site.join(&path), read.range.clone()) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.unread(walk, &path, error)?;
                    continue;
                }
            };
            match walk.segment.split(&read, &bytes) {
                Ok(blocks) => {
                    for (id, stored) in blocks {
                        pointed.extend(self.block(walk, id, stored, &path));
                    }
                }
                Err(error) => self.problem(&path, &error.to_string(), AGAIN),
            }
        }
        Ok(pointed)
    }

    /// One block: its checksum, and what it points at, which must be there.
    fn block(
        &mut self,
        walk: &mut Walk<'_>,
        id: BlockId,
        stored: &[u8],
        path: &str,
    ) -> Vec<BlockRef> {
        self.findings.blocks += 1;
        *walk.met.entry(id.section).or_default() += 1;
        let segment = walk.segment;
        let pointed =
            open_block(stored, id, segment.seed).and_then(|payload| segment.pointed(id, payload));
        pointed.unwrap_or_else(|error: Error| {
            self.problem(path, &error.to_string(), AGAIN);
            Vec::new()
        })
    }
}
