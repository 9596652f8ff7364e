//! The directory of a pack: how many cards each page holds, so that a paper's page is known before
//! the page is read.

use crate::bytes::{Reader, put_varint};
use crate::error::Fault;
use crate::limits;
use crate::model::{get_tree, put_tree};
use crate::range_coder::{Bit, Decoder, Encoder};

/// Bits of a page's number of cards, less one.
const BITS: u32 = 8;

/// The payload of a block of the directory: the first paper of its first page, then the number of
/// cards of each page, 1 to 256, as a tree of adaptive bits.
#[must_use]
pub fn pack_directory(first: u32, counts: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, u64::from(first));
    let mut coder = Encoder::new();
    let mut models = [Bit::EVEN; (1 << BITS) - 1];
    for &count in counts {
        put_tree(&mut coder, &mut models, BITS, count.saturating_sub(1));
    }
    out.extend_from_slice(&coder.finish());
    out
}

/// The first paper of each page of a block of the directory, and the one after its last, from the
/// block's payload.
///
/// # Errors
/// [`Fault::Value`] if pages would hold more than `papers`.
pub fn read_directory(payload: &[u8], pages: u32, papers: u32) -> Result<Vec<u32>, Fault> {
    let mut reader = Reader::new(payload);
    let mut first = reader.u32("first paper")?;
    let mut coder = Decoder::new(reader.rest());
    let mut models = [Bit::EVEN; (1 << BITS) - 1];
    let mut firsts = Vec::with_capacity(pages.min(limits::PAGES) as usize + 1);
    firsts.push(first);
    for _ in 0..pages.min(limits::PAGES) {
        first = first
            .checked_add(get_tree(&mut coder, &mut models, BITS) + 1)
            .filter(|&next| next <= papers)
            .ok_or(Fault::value("cards of a page"))?;
        firsts.push(first);
    }
    Ok(firsts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_directory_comes_back() {
        let counts = [7, 1, 256, 8, 8, 7];
        let payload = pack_directory(40, &counts);
        let expected = [40, 47, 48, 304, 312, 320, 327];
        assert_eq!(read_directory(&payload, 6, 327).unwrap(), expected);
        assert!(read_directory(&payload, 6, 326).is_err());
    }
}
