//! Codes for rising document numbers that work gap by gap, or block by block.

use crate::bits::{BitReader, BitWriter};
use crate::documents::Codec;
use crate::range_coder::{Decoder, Encoder, Number};

/// Documents in a block.
const BLOCK: usize = 128;

/// What lies between documents: each gap less one.
fn gaps(docs: &[u32]) -> Vec<u32> {
    let mut next = 0;
    docs.iter()
        .map(|&doc| {
            let gap = doc - next;
            next = doc + 1;
            gap
        })
        .collect()
}

/// Adds up gaps as they are read.
fn documents(count: u32, mut gap: impl FnMut() -> u32) -> Vec<u32> {
    let mut next = 0u32;
    (0..count)
        .map(|_| {
            let doc = next.wrapping_add(gap());
            next = doc.wrapping_add(1);
            doc
        })
        .collect()
}

/// The codes of this file.
pub(crate) const CODECS: [Codec; 6] = [
    Codec {
        name: "variable byte",
        encode: |docs, _| {
            let mut out = BitWriter::default();
            for gap in gaps(docs) {
                out.varint(gap);
            }
            out.finish()
        },
        decode: |bytes, count, _| {
            let mut bits = BitReader::new(bytes);
            documents(count, || bits.varint())
        },
    },
    Codec {
        name: "blocks of 128, packed",
        encode: |docs, _| {
            let mut out = BitWriter::default();
            for block in gaps(docs).chunks(BLOCK) {
                let width = block.iter().copied().map(width).max().unwrap_or(0);
                out.put(width, 8);
                block.iter().for_each(|&gap| out.put(gap, width));
                out.align();
            }
            out.finish()
        },
        decode: |bytes, count, _| {
            let mut bits = BitReader::new(bytes);
            let (mut left, mut width) = (0, 0);
            documents(count, || {
                if left == 0 {
                    bits.align();
                    width = bits.get(8);
                    left = BLOCK;
                }
                left -= 1;
                bits.get(width)
            })
        },
    },
    Codec {
        name: "blocks of 128, patched (PFor)",
        encode: patched,
        decode: unpatched,
    },
    Codec {
        name: "Rice, best parameter of each list",
        encode: |docs, _| {
            let gaps = gaps(docs);
            let size = |low: &u32| -> u64 {
                let each = gaps.iter().map(|gap| u64::from(gap >> low) + 1);
                each.sum::<u64>() + u64::from(*low) * gaps.len() as u64
            };
            let low = (0..24).min_by_key(size).unwrap_or(0);
            let mut out = BitWriter::default();
            out.put(low, 5);
            for gap in gaps {
                out.unary(gap >> low);
                out.put(gap, low);
            }
            out.finish()
        },
        decode: |bytes, count, _| {
            let mut bits = BitReader::new(bytes);
            let low = bits.get(5);
            documents(count, || bits.unary() << low | bits.get(low))
        },
    },
    Codec {
        name: "Golomb, parameter from the count",
        encode: |docs, papers| {
            let divisor = divisor(docs.len() as u32, papers);
            let mut out = BitWriter::default();
            for gap in gaps(docs) {
                out.unary(gap / divisor);
                out.minimal(gap % divisor, divisor);
            }
            out.finish()
        },
        decode: |bytes, count, papers| {
            let divisor = divisor(count, papers);
            let mut bits = BitReader::new(bytes);
            documents(count, || bits.unary() * divisor + bits.minimal(divisor))
        },
    },
    Codec {
        name: "adaptive, length of the gap range-coded",
        encode: |docs, _| {
            let (mut coder, mut number) = (Encoder::new(), Number::new());
            for gap in gaps(docs) {
                number.encode(&mut coder, gap);
            }
            coder.finish()
        },
        decode: |bytes, count, _| {
            let (mut coder, mut number) = (Decoder::new(bytes), Number::new());
            documents(count, || number.decode(&mut coder))
        },
    },
];

/// Bits that a number takes.
fn width(number: u32) -> u32 {
    32 - number.leading_zeros()
}

/// Golomb's parameter for gaps of a list that has nothing but its count.
fn divisor(count: u32, papers: u32) -> u32 {
    let share = f64::from(count) / (f64::from(papers) + 1.0);
    (-((2.0 - share).ln() / (1.0 - share).ln())).ceil().max(1.0) as u32
}

/// Blocks whose largest gaps keep their low bits in place and their high bits behind the block.
fn patched(docs: &[u32], _papers: u32) -> Vec<u8> {
    let mut out = BitWriter::default();
    for block in gaps(docs).chunks(BLOCK) {
        let size = |kept: &u32| -> usize {
            let packed = (block.len() * *kept as usize).div_ceil(8);
            let high = block.iter().map(|gap| gap >> kept).filter(|&high| high > 0);
            packed
                + high
                    .map(|high| 1 + (width(high) as usize).div_ceil(7))
                    .sum::<usize>()
        };
        let kept = (0..32).min_by_key(size).unwrap_or(0);
        let high = (0u32..).zip(block).filter(|(_, gap)| **gap >> kept > 0);
        out.put(kept, 8);
        out.put(high.clone().count() as u32, 8);
        block.iter().for_each(|&gap| out.put(gap, kept));
        out.align();
        for (at, &gap) in high {
            out.put(at, 8);
            out.varint(gap >> kept);
        }
    }
    out.finish()
}

fn unpatched(bytes: &[u8], count: u32, _papers: u32) -> Vec<u32> {
    let mut bits = BitReader::new(bytes);
    let mut all = Vec::with_capacity(count as usize);
    while all.len() < count as usize {
        let start = all.len();
        let block = (count as usize - start).min(BLOCK);
        let (kept, patches) = (bits.get(8), bits.get(8));
        all.extend((0..block).map(|_| bits.get(kept)));
        bits.align();
        for _ in 0..patches {
            let at = bits.get(8) as usize;
            let high = bits.varint();
            if let Some(gap) = all.get_mut(start + at) {
                *gap |= high << kept;
            }
        }
    }
    let mut next = 0u32;
    for gap in &mut all {
        *gap = next.wrapping_add(*gap);
        next = gap.wrapping_add(1);
    }
    all
}
