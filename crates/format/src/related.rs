//! Related papers: for each paper the nearest others.

use crate::error::Fault;
use crate::limits;

/// Bytes of a document number.
const BYTES: usize = 3;
/// Stands where there is no further paper.
const NOBODY: u32 = (1 << (8 * BYTES)) - 1;

/// Bytes of a block of the section.
pub const RELATED_BYTES: usize = limits::RELATED_PAPERS as usize * limits::RELATED * BYTES;

/// The payload of a block: [`limits::RELATED`] documents for each of at most
/// [`limits::RELATED_PAPERS`] papers; any number above all documents where there are fewer.
#[must_use]
pub fn pack_related(docs: &[u32]) -> Vec<u8> {
    let mut payload = Vec::with_capacity(RELATED_BYTES);
    for doc in docs {
        payload.extend(doc.to_le_bytes().into_iter().take(BYTES));
    }
    payload
}

/// The papers related to `doc`, the nearest first.
///
/// # Errors
/// [`Fault`] if the payload is too short, or names a paper that is not among `papers`.
pub fn read_related(payload: &[u8], doc: u32, papers: u32) -> Result<Vec<u32>, Fault> {
    let row = limits::RELATED * BYTES;
    let start = (doc % limits::RELATED_PAPERS) as usize * row;
    let row = payload.get(start..start + row).ok_or(Fault::Short)?;
    let mut related = Vec::new();
    for bytes in row.chunks(BYTES) {
        let other = bytes
            .iter()
            .rfold(0, |sum, &byte| sum << 8 | u32::from(byte));
        if other == NOBODY {
            break;
        }
        if other >= papers {
            return Err(Fault::value("related paper"));
        }
        related.push(other);
    }
    Ok(related)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn related_papers_come_back() {
        let mut docs: Vec<u32> = (0..6).collect();
        docs.extend([9, 70_000, u32::MAX, u32::MAX, u32::MAX, u32::MAX]);
        let payload = pack_related(&docs);
        assert_eq!(
            read_related(&payload, 128, 80_000).unwrap(),
            [0, 1, 2, 3, 4, 5]
        );
        assert_eq!(read_related(&payload, 129, 80_000).unwrap(), [9, 70_000]);
        assert_eq!(
            read_related(&payload, 1, 70_000),
            Err(Fault::value("related paper"))
        );
        assert_eq!(read_related(&payload, 2, 80_000), Err(Fault::Short));
    }
}
