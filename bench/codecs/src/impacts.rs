//! Codes for impacts, which stand beside documents that are known.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use crate::bits::{BitReader, BitWriter};
use crate::clock::Clock;
use crate::range_coder::{Decoder, Encoder};
use crate::tree::{Histogram, LEVELS, Tree};

/// What is known of all lists before one is read.
struct Known {
    bits: u32,
    tree: Tree,
    huffman: Huffman,
}

struct Codec {
    name: &'static str,
    encode: fn(&[u8], &Known) -> Vec<u8>,
    decode: fn(&[u8], usize, &Known) -> Vec<u8>,
}

const CODECS: [Codec; 4] = [
    Codec {
        name: "packed",
        encode: |codes, known| {
            let mut out = BitWriter::default();
            codes
                .iter()
                .for_each(|&code| out.put(code.into(), known.bits));
            out.finish()
        },
        decode: |bytes, count, known| {
            let mut bits = BitReader::new(bytes);
            (0..count).map(|_| bits.get(known.bits) as u8).collect()
        },
    },
    Codec {
        name: "Huffman, one code",
        encode: |codes, known| {
            let mut out = BitWriter::default();
            codes
                .iter()
                .for_each(|&code| known.huffman.put(&mut out, code));
            out.finish()
        },
        decode: |bytes, count, known| {
            let mut bits = BitReader::new(bytes);
            (0..count).map(|_| known.huffman.get(&mut bits)).collect()
        },
    },
    Codec {
        name: "range-coded, one distribution",
        encode: |codes, known| encode(codes, &mut known.tree.clone().fixed()),
        decode: |bytes, count, known| decode(bytes, count, &mut known.tree.clone().fixed()),
    },
    Codec {
        name: "range-coded, adaptive from it",
        encode: |codes, known| encode(codes, &mut known.tree.clone()),
        decode: |bytes, count, known| decode(bytes, count, &mut known.tree.clone()),
    },
];

fn encode(codes: &[u8], tree: &mut Tree) -> Vec<u8> {
    let mut coder = Encoder::new();
    codes.iter().for_each(|&code| tree.put(&mut coder, code));
    coder.finish()
}

fn decode(bytes: &[u8], count: usize, tree: &mut Tree) -> Vec<u8> {
    let mut coder = Decoder::new(bytes);
    (0..count).map(|_| tree.get(&mut coder)).collect()
}

/// A prefix code.
struct Huffman {
    /// Bits of each code, lowest first, and how many.
    codes: Vec<(u32, u32)>,
    /// For the next [`LOOK`] bits: what they begin with, and its length.
    table: Vec<(u8, u32)>,
}

/// Longest code that is looked up; those of 32 impacts of millions of postings are shorter.
const LOOK: u32 = 16;

impl Huffman {
    fn new(counts: &Histogram) -> Huffman {
        let mut lengths = [0u32; LEVELS];
        // Trees by their weight, each with the impacts below it.
        let mut trees: BinaryHeap<Reverse<(u64, Vec<u8>)>> = (0..)
            .zip(counts)
            .filter(|(_, count)| **count > 0)
            .map(|(code, &count)| Reverse((count, vec![code])))
            .collect();
        while let Some(Reverse(one)) = trees.pop() {
            let Some(Reverse(other)) = trees.pop() else {
                break;
            };
            let below: Vec<u8> = one.1.into_iter().chain(other.1).collect();
            for &code in &below {
                if let Some(length) = lengths.get_mut(usize::from(code)) {
                    *length += 1;
                }
            }
            trees.push(Reverse((one.0 + other.0, below)));
        }
        let mut order: Vec<(u32, u8)> = lengths.iter().copied().zip(0..).collect();
        order.retain(|(length, _)| *length > 0);
        order.sort_unstable();
        let mut huffman = Huffman {
            codes: vec![(0, 0); LEVELS],
            table: vec![(0, 1); 1 << LOOK],
        };
        let (mut next, mut last) = (0u32, 0);
        for (length, code) in order {
            next <<= length - last;
            last = length;
            let bits = next.reverse_bits() >> (32 - length);
            next += 1;
            if let Some(slot) = huffman.codes.get_mut(usize::from(code)) {
                *slot = (bits, length);
            }
            let slots = huffman.table.iter_mut().skip(bits as usize);
            for slot in slots.step_by(1 << length.min(LOOK)) {
                *slot = (code, length);
            }
        }
        huffman
    }

    fn put(&self, out: &mut BitWriter, code: u8) {
        if let Some(&(bits, length)) = self.codes.get(usize::from(code)) {
            out.put(bits, length);
        }
    }

    fn get(&self, bits: &mut BitReader<'_>) -> u8 {
        let next = bits.look(LOOK) as usize;
        let (code, length) = self.table.get(next).copied().unwrap_or_default();
        bits.get(length);
        code
    }
}

/// Entropy of a distribution in bytes, times what was counted.
fn entropy(counts: &Histogram) -> f64 {
    let all: u64 = counts.iter().sum();
    let bits = |count: u64| match count {
        0 => 0.0,
        _ => count as f64 * (all as f64 / count as f64).log2(),
    };
    counts.iter().map(|&count| bits(count)).sum::<f64>() / 8.0
}

fn histogram<'a>(codes: impl Iterator<Item = &'a u8>) -> Histogram {
    let mut counts = [0; LEVELS];
    for &code in codes {
        if let Some(count) = counts.get_mut(usize::from(code)) {
            *count += 1;
        }
    }
    counts
}

/// Compares the codes on lists of title parts and of body parts, each with a distribution of its own.
pub(crate) fn compare(parts: &[Vec<Vec<u8>>; 2], bits: u32, out: &mut dyn Write) -> io::Result<()> {
    let postings: usize = parts.iter().flatten().map(Vec::len).sum();
    let each = |bytes: f64| bytes / postings.max(1) as f64;
    let counts = parts
        .each_ref()
        .map(|lists| histogram(lists.iter().flatten()));
    let whole: f64 = counts.iter().map(entropy).sum();
    let lists: f64 = parts
        .iter()
        .flatten()
        .map(|list| entropy(&histogram(list.iter())))
        .sum();
    let known = counts.map(|counts| Known {
        bits,
        tree: Tree::new(&counts, 0, 1 << bits),
        huffman: Huffman::new(&counts),
    });
    for codec in &CODECS {
        let (mut bytes, mut least) = (0, f64::INFINITY);
        let coded: Vec<Vec<Vec<u8>>> = parts
            .iter()
            .zip(&known)
            .map(|(lists, known)| {
                lists
                    .iter()
                    .map(|list| (codec.encode)(list, known))
                    .collect()
            })
            .collect();
        for run in 0..5 {
            let start = Clock::new();
            let mut wrong = 0;
            bytes = 0;
            for ((lists, coded), known) in parts.iter().zip(&coded).zip(&known) {
                for (list, coded) in lists.iter().zip(coded) {
                    bytes += coded.len();
                    let codes = (codec.decode)(coded, list.len(), known);
                    wrong += usize::from(if run == 0 {
                        codes != *list
                    } else {
                        codes.len() != list.len()
                    });
                }
            }
            if wrong > 0 {
                writeln!(out, "{wrong} lists do not come back.")?;
            }
            if run > 0 {
                least = least.min(start.nanoseconds());
            }
        }
        let bytes = bytes as f64;
        writeln!(
            out,
            "| {bits} bits, {} | {bytes} | {:.3} | {:.3} | {:.1} |",
            codec.name,
            each(bytes),
            bytes / whole,
            each(least)
        )?;
        out.flush()?;
    }
    writeln!(
        out,
        "| {bits} bits, entropy over all lists | {whole:.0} | {:.3} | 1 | |",
        each(whole)
    )?;
    writeln!(
        out,
        "| {bits} bits, entropy within each list | {lists:.0} | {:.3} | {:.3} | |",
        each(lists),
        lists / whole
    )
}
