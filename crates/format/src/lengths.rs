//! The stored lengths of blocks, as the manifest lists them.
//!
//! Shards of a dictionary have about the same length, but what they differ by is as good as random.
//! So the builder fills them up to multiples of 32, which no reader notices, and the list costs six
//! bits a shard.

use crate::bytes::{Reader, put_varint};
use crate::limits;
use crate::model::FrequencyTree;
use crate::range_coder::{Decoder, Encoder};

/// Codes lengths, none of them 0, each as a multiple of the largest power of two that divides them
/// all, less one: how many bits that has and the second of them by an adaptive model, then the others.
pub(crate) fn pack_lengths(lengths: &[u32]) -> Vec<u8> {
    let all = lengths.iter().fold(0, |all, length| all | length);
    let shift = if all == 0 { 0 } else { all.trailing_zeros() };
    let mut out = Vec::new();
    if lengths.is_empty() {
        return out;
    }
    put_varint(&mut out, lengths.len() as u64);
    put_varint(&mut out, u64::from(shift));
    let mut coder = Encoder::new();
    let mut model = FrequencyTree::EVEN;
    for length in lengths {
        // None is empty.
        let length = (length >> shift).saturating_sub(1);
        let rest = length.checked_ilog2().unwrap_or(0).saturating_sub(1);
        let head = length >> rest;
        model.encode(&mut coder, (rest * 2 + head) as u8);
        coder.uniform(length - (head << rest), 1 << rest);
    }
    out.extend_from_slice(&coder.finish());
    out
}

/// Reads what [`pack_lengths`] wrote; none of it if it is over a limit.
pub(crate) fn read_lengths(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut lengths = Vec::new();
    if bytes.is_empty() {
        return Some(lengths);
    }
    let mut reader = Reader::new(bytes);
    let count = reader.bounded(limits::MANIFEST, "number of blocks").ok()?;
    let shift = reader.bounded(16, "unit of lengths").ok()?;
    let mut coder = Decoder::new(reader.rest());
    let mut model = FrequencyTree::EVEN;
    for _ in 0..count {
        let symbol = u32::from(model.decode(&mut coder));
        let rest = (symbol / 2).saturating_sub(1);
        let head = symbol - rest * 2;
        let length = ((head << rest) + coder.uniform(1 << rest) + 1) << shift;
        if length > limits::BLOCK as u32 {
            return None;
        }
        lengths.push(length);
    }
    Some(lengths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lengths_come_back(
            mut lengths in prop::collection::vec(256..=limits::BLOCK as u32, 0..200),
            shift in 0..8,
        ) {
            for length in &mut lengths {
                *length = *length >> shift << shift;
            }
            prop_assert_eq!(read_lengths(&pack_lengths(&lengths)), Some(lengths));
        }
    }

    #[test]
    fn multiples_take_few_bits() {
        let even: Vec<u32> = (0..1000).map(|at| 2048 + at * 7919 % 64 * 32).collect();
        let bytes = pack_lengths(&even).len();
        assert!(bytes < 850, "{bytes} bytes for 1000 lengths of 6 bits");
    }

    #[test]
    fn what_is_over_a_limit_is_refused() {
        assert_eq!(read_lengths(&[1]), None, "no unit");
        assert_eq!(read_lengths(&[1, 17]), None, "a unit over a block");
        assert_eq!(
            read_lengths(&[1, 16, 0xff, 0xff]),
            None,
            "longer than a block"
        );
        assert_eq!(
            read_lengths(&[0xff, 0xff, 0xff, 0xff, 15, 0]),
            None,
            "too many"
        );
    }
}
