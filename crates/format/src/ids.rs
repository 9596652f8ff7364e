//! Identifiers to documents: a table of hashes, cut into blocks by the hash itself, so that one
//! block tells and no directory is needed.

use twox_hash::XxHash32;

use crate::block::{BlockId, BlockRef, Section};
use crate::manifest::Segment;

/// Bytes of an entry: hash, check, document.
const ENTRY: usize = 9;

/// What an identifier is known by: 48 bits of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdHash {
    hash: u32,
    check: u16,
}

impl IdHash {
    /// Of an identifier in its one form.
    #[must_use]
    pub fn of(identifier: &str) -> IdHash {
        let bytes = identifier.as_bytes();
        IdHash {
            hash: XxHash32::oneshot(1, bytes),
            check: XxHash32::oneshot(2, bytes) as u16,
        }
    }

    /// Which of so many blocks holds it.
    #[must_use]
    pub fn block(self, blocks: u32) -> u32 {
        ((u64::from(self.hash) * u64::from(blocks)) >> 32) as u32
    }

    fn bytes(self) -> [u8; 6] {
        let [a, b, c, d] = self.hash.to_le_bytes();
        let [e, f] = self.check.to_le_bytes();
        [a, b, c, d, e, f]
    }
}

impl Segment {
    /// The block that tells which papers have an identifier, if the segment has such blocks.
    #[must_use]
    pub fn id_block(&self, id: IdHash) -> Option<BlockRef> {
        let table = self.section(Section::Ids)?;
        let block = BlockId {
            section: Section::Ids,
            number: id.block(table.blocks),
        };
        (table.blocks > 0).then(|| block.whole())
    }
}

/// How many entries a block of so many bytes holds.
#[must_use]
pub fn ids_in(bytes: usize) -> usize {
    bytes.saturating_sub(2) / ENTRY
}

/// A block's payload; at most 65 535 entries.
#[must_use]
pub fn pack_ids(entries: &[(IdHash, u32)]) -> Vec<u8> {
    let mut out = (entries.len() as u16).to_le_bytes().to_vec();
    for (id, doc) in entries {
        out.extend_from_slice(&id.bytes());
        out.extend(doc.to_le_bytes().iter().take(3));
    }
    out
}

/// The papers that have an identifier, as its block says.
#[must_use]
pub fn find_id(payload: &[u8], id: IdHash, papers: u32) -> Vec<u32> {
    let mut docs = Vec::new();
    if let Some((count, entries)) = payload.split_first_chunk::<2>() {
        let count = u16::from_le_bytes(*count);
        let entries = entries.chunks_exact(ENTRY).take(usize::from(count));
        for entry in entries {
            if let ([a, b, c], true) = (
                entry.get(6..).unwrap_or_default(),
                entry.starts_with(&id.bytes()),
            ) {
                docs.push(u32::from_le_bytes([*a, *b, *c, 0]));
            }
        }
    }
    docs.retain(|&doc| doc < papers);
    docs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_finds_its_papers() {
        let id = IdHash::of("arxiv:2106.09685");
        let other = IdHash::of("arxiv:2106.09686");
        let mut payload = pack_ids(&[(other, 7), (id, 70_000), (id, 3)]);
        payload.extend([0; 20]);
        assert_eq!(find_id(&payload, id, 100_000), [70_000, 3]);
        assert_eq!(find_id(&payload, id, 10), [3]);
        assert_eq!(find_id(&payload, IdHash::of("arxiv:1"), 100_000), [0; 0]);
        assert_eq!(find_id(&[], id, 10), [0; 0]);
        assert_eq!(ids_in(payload.len() - 20), 3);
    }

    #[test]
    fn hashes_spread_over_the_blocks() {
        let mut counts = [0u32; 7];
        for number in 0..7000 {
            let block = IdHash::of(&format!("id:{number}")).block(7);
            if let Some(count) = counts.get_mut(block as usize) {
                *count += 1;
            }
        }
        assert!(
            counts.iter().all(|count| (850..1150).contains(count)),
            "{counts:?}"
        );
    }
}
