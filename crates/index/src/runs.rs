//! Sorted runs of postings: in memory, then in scratch storage, then merged.
//!
//! Chunks come in the order of documents, so a term's pieces follow each other in that order
//! whatever runs they have gone through, and joining them is all that merging has to do.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use offprint_papers::{Scratch, Spool};

use crate::Error;
use crate::chunk::Piece;
use crate::varint;

/// A chunk's pieces by term, and their bytes.
pub(crate) struct Pieces {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) places: Vec<u8>,
}

/// All postings so far.
pub(crate) struct Runs {
    spool: Spool,
    /// Where each run in scratch storage starts and ends.
    spilled: Vec<(u64, u64)>,
    pending: Vec<Pieces>,
    /// Bytes that the pending ones take, and may take.
    held: usize,
    budget: usize,
}

/// The postings of one term.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) term: u32,
    pub(crate) count: u32,
    last: u32,
    pub(crate) bytes: Vec<u8>,
    /// Pieces of places, one after the other.
    pub(crate) places: Vec<u8>,
}

impl Group {
    fn begin(&mut self, term: u32) {
        self.term = term;
        self.count = 0;
        self.last = 0;
        self.bytes.clear();
        self.places.clear();
    }

    /// Joins a piece, whose first document is written as it is, not as a difference.
    fn join(&mut self, piece: Piece, mut bytes: &[u8], places: &[u8]) {
        if self.count > 0 {
            let first = varint::take(&mut bytes);
            varint::put(&mut self.bytes, first - self.last);
        }
        self.bytes.extend_from_slice(bytes);
        self.places.extend_from_slice(places);
        self.count += piece.count;
        self.last = piece.last;
    }
}

impl Runs {
    /// None so far; `budget` bytes of them may be in memory.
    pub(crate) fn new(scratch: Arc<dyn Scratch>, budget: usize) -> Self {
        Runs {
            spool: Spool::new(scratch),
            spilled: Vec::new(),
            pending: Vec::new(),
            held: 0,
            budget,
        }
    }

    /// Adds the next chunk's.
    pub(crate) fn add(&mut self, pieces: Pieces) -> Result<(), Error> {
        self.held +=
            pieces.bytes.len() + pieces.places.len() + pieces.pieces.len() * size_of::<Piece>();
        self.pending.push(pieces);
        if self.held > self.budget {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<(), Error> {
        let pending = std::mem::take(&mut self.pending);
        self.held = 0;
        let start = self.spool.len();
        let mut merge = Merge::of(pending.into_iter().map(Run::held).collect());
        let mut group = Group::default();
        let mut record = Vec::new();
        while merge.next(&mut group)? {
            record.clear();
            let lengths = [group.bytes.len() as u32, group.places.len() as u32];
            for number in [group.term, group.count, group.last]
                .into_iter()
                .chain(lengths)
            {
                varint::put(&mut record, number);
            }
            record.extend_from_slice(&group.bytes);
            record.extend_from_slice(&group.places);
            self.spool.append(&record).map_err(Error::Scratch)?;
        }
        self.spilled.push((start, self.spool.len()));
        Ok(())
    }

    /// How many runs were spilled.
    #[cfg(test)]
    pub(crate) fn spilled(&self) -> usize {
        self.spilled.len()
    }

    /// All terms in order, each with all its postings.
    pub(crate) fn merge(&mut self) -> Merge<'_> {
        let pending = std::mem::take(&mut self.pending);
        // What is read ahead of all runs together.
        let window = (self.budget / 4 / (self.spilled.len() + 1)).clamp(1 << 12, 1 << 20);
        let spilled = self.spilled.iter().map(|&(at, end)| Run::Spilled {
            spool: &self.spool,
            at,
            end,
            window,
            buffer: Vec::new(),
            used: 0,
            piece: Piece::default(),
        });
        Merge::of(spilled.chain(pending.into_iter().map(Run::held)).collect())
    }
}

/// Pieces that come by term.
enum Run<'s> {
    Held {
        pieces: Pieces,
        next: usize,
    },
    Spilled {
        spool: &'s Spool,
        /// What was not yet read.
        at: u64,
        end: u64,
        window: usize,
        /// What was read, and how much of it is used up.
        buffer: Vec<u8>,
        used: usize,
        /// The piece in front; its bytes start at `used`.
        piece: Piece,
    },
}

/// Most that five numbers take.
const HEADER: usize = 25;

impl Run<'_> {
    fn held(pieces: Pieces) -> Self {
        Run::Held { pieces, next: 0 }
    }

    /// Goes to the next piece and gives its term.
    fn advance(&mut self) -> Result<Option<u32>, Error> {
        match self {
            Run::Held { pieces, next } => {
                *next += 1;
                Ok(pieces.pieces.get(*next - 1).map(|piece| piece.term))
            }
            Run::Spilled { used, piece, .. } => {
                *used += piece.places_end as usize;
                self.fill(HEADER)?;
                let Run::Spilled {
                    buffer,
                    used,
                    piece,
                    ..
                } = self
                else {
                    return Ok(None);
                };
                let before = buffer.get(*used..).unwrap_or_default();
                if before.is_empty() {
                    return Ok(None);
                }
                let mut rest = before;
                let mut number = || varint::take(&mut rest);
                let (term, count, last) = (number(), number(), number());
                let end = number();
                let places_end = end.saturating_add(number());
                *used += before.len() - rest.len();
                *piece = Piece {
                    term,
                    count,
                    last,
                    start: 0,
                    end,
                    places_start: end,
                    places_end,
                };
                self.fill(places_end as usize)?;
                Ok(Some(term))
            }
        }
    }

    /// Reads on until `need` bytes are there, or the end.
    fn fill(&mut self, need: usize) -> Result<(), Error> {
        let Run::Spilled {
            spool,
            at,
            end,
            window,
            buffer,
            used,
            ..
        } = self
        else {
            return Ok(());
        };
        if buffer.len() - *used >= need || at == end {
            return Ok(());
        }
        buffer.drain(..*used);
        *used = 0;
        let more = need.max(*window) - buffer.len();
        let more = (more as u64).min(*end - *at) as usize;
        let start = buffer.len();
        buffer.resize(start + more, 0);
        let fresh = buffer.get_mut(start..).unwrap_or_default();
        spool.read_at(*at, fresh).map_err(Error::Scratch)?;
        *at += more as u64;
        Ok(())
    }

    /// The piece in front, and its bytes.
    fn piece(&self) -> (Piece, &[u8], &[u8]) {
        let (piece, bytes, places, start) = match self {
            Run::Held { pieces, next } => {
                let piece = pieces.pieces.get(*next - 1).copied().unwrap_or_default();
                (piece, &pieces.bytes, &pieces.places, 0)
            }
            Run::Spilled {
                buffer,
                used,
                piece,
                ..
            } => (*piece, buffer, buffer, *used),
        };
        let range = start + piece.start as usize..start + piece.end as usize;
        let placed = start + piece.places_start as usize..start + piece.places_end as usize;
        let places = places.get(placed).unwrap_or_default();
        (piece, bytes.get(range).unwrap_or_default(), places)
    }
}

/// Merges runs.
pub(crate) struct Merge<'s> {
    runs: Vec<Run<'s>>,
    /// The term in front of each run; ties go to the earlier run.
    front: BinaryHeap<Reverse<(u32, u32)>>,
    started: bool,
}

impl<'s> Merge<'s> {
    fn of(runs: Vec<Run<'s>>) -> Self {
        Merge {
            runs,
            front: BinaryHeap::new(),
            started: false,
        }
    }

    /// Puts the next term with all its postings into `group`, unless there is none.
    pub(crate) fn next(&mut self, group: &mut Group) -> Result<bool, Error> {
        if !self.started {
            self.started = true;
            for (at, run) in (0..).zip(&mut self.runs) {
                self.front
                    .extend(run.advance()?.map(|term| Reverse((term, at))));
            }
        }
        let Some(&Reverse((term, _))) = self.front.peek() else {
            return Ok(false);
        };
        group.begin(term);
        while let Some(mut front) = self.front.peek_mut() {
            let Reverse((next, at)) = *front;
            let Some(run) = self.runs.get_mut(at as usize).filter(|_| next == term) else {
                break;
            };
            let (piece, bytes, places) = run.piece();
            group.join(piece, bytes, places);
            match run.advance()? {
                Some(next) => *front = Reverse((next, at)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(front);
                }
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
