//! Codes for rising document numbers: those that work on the numbers themselves, and the comparison.

use std::io::{self, Write};

use offprint_format::{decode_docs, encode_docs};

use crate::bits::{BitReader, BitWriter};
use crate::clock::Clock;
use crate::gaps;

/// A way to write a list whose count is known, of documents below a known number.
pub(crate) struct Codec {
    pub(crate) name: &'static str,
    pub(crate) encode: fn(&[u32], u32) -> Vec<u8>,
    pub(crate) decode: fn(&[u8], u32, u32) -> Vec<u32>,
}

/// Documents in a block.
const BLOCK: usize = 128;

const CODECS: [Codec; 4] = [
    Codec {
        name: "Elias-Fano, each list",
        encode: |docs, papers| {
            let mut out = BitWriter::default();
            put_elias_fano(&mut out, docs, 0, papers);
            out.finish()
        },
        decode: |bytes, count, papers| {
            let mut docs = Vec::with_capacity(count as usize);
            get_elias_fano(&mut BitReader::new(bytes), &mut docs, count, 0, papers);
            docs
        },
    },
    Codec {
        name: "Elias-Fano or bitmap, blocks of 128",
        encode: |docs, papers| {
            let mut out = BitWriter::default();
            let mut low = 0;
            for block in docs.chunks(BLOCK) {
                let last = block.last().map_or(low, |doc| doc + 1);
                // The end of the last block is that of the papers.
                let high = if block.len() < BLOCK { papers } else { last };
                if block.len() == BLOCK {
                    out.align();
                    out.varint(high - low - BLOCK as u32);
                }
                put_block(&mut out, block, low, high);
                low = high;
            }
            out.finish()
        },
        decode: |bytes, count, papers| {
            let mut docs = Vec::with_capacity(count as usize);
            let mut bits = BitReader::new(bytes);
            let (mut left, mut low) = (count, 0);
            while left > 0 {
                let block = left.min(BLOCK as u32);
                let mut high = papers;
                if block == BLOCK as u32 {
                    bits.align();
                    high = low + bits.varint() + block;
                }
                get_block(&mut bits, &mut docs, block, low, high);
                low = high;
                left -= block;
            }
            docs
        },
    },
    Codec {
        name: "interpolative, minimal binary codes",
        encode: |docs, papers| {
            let mut out = BitWriter::default();
            put_halves(&mut out, docs, 0, papers);
            out.finish()
        },
        decode: |bytes, count, papers| {
            let mut docs = Vec::with_capacity(count as usize);
            get_halves(&mut BitReader::new(bytes), &mut docs, count, 0, papers);
            docs
        },
    },
    Codec {
        name: "**interpolative, range-coded**",
        encode: encode_docs,
        decode: |bytes, count, papers| decode_docs(bytes, count, papers).unwrap_or_default(),
    },
];

/// Bits of each document that stand as they are.
fn low_bits(count: u32, universe: u32) -> u32 {
    (universe / count.max(1)).max(1).ilog2()
}

fn elias_fano_bits(count: u32, universe: u32) -> u32 {
    let low = low_bits(count, universe);
    count * (low + 1) + (universe >> low)
}

fn put_elias_fano(out: &mut BitWriter, docs: &[u32], base: u32, end: u32) {
    let low = low_bits(docs.len() as u32, end - base);
    let mut high = 0;
    for doc in docs {
        out.put(doc - base, low);
        let bucket = (doc - base) >> low;
        out.unary(bucket - high);
        high = bucket;
    }
}

fn get_elias_fano(bits: &mut BitReader<'_>, docs: &mut Vec<u32>, count: u32, base: u32, end: u32) {
    let low = low_bits(count, end - base);
    let mut high = 0u32;
    for _ in 0..count {
        let rest = bits.get(low);
        high = high.wrapping_add(bits.unary());
        docs.push(base.wrapping_add(high << low | rest));
    }
}

/// A block as whatever is shorter, which both sides can tell.
fn put_block(out: &mut BitWriter, docs: &[u32], base: u32, end: u32) {
    let count = docs.len() as u32;
    if count == end - base {
        return;
    }
    if elias_fano_bits(count, end - base) < end - base {
        return put_elias_fano(out, docs, base, end);
    }
    let mut docs = docs.iter().peekable();
    for at in base..end {
        let here = docs.next_if(|doc| **doc == at).is_some();
        out.put(u32::from(here), 1);
    }
}

fn get_block(bits: &mut BitReader<'_>, docs: &mut Vec<u32>, count: u32, base: u32, end: u32) {
    if count == end.wrapping_sub(base) {
        docs.extend(base..end);
    } else if elias_fano_bits(count, end - base) < end - base {
        get_elias_fano(bits, docs, count, base, end);
    } else {
        docs.extend((base..end).filter(|_| bits.get(1) == 1));
    }
}

fn put_halves(out: &mut BitWriter, docs: &[u32], low: u32, high: u32) {
    let count = docs.len() as u32;
    let middle = count / 2;
    let (before, rest) = docs.split_at(middle as usize);
    if let Some((&doc, after)) = rest.split_first()
        && count != high - low
    {
        out.minimal(doc - low - middle, high - low - count + 1);
        put_halves(out, before, low, doc);
        put_halves(out, after, doc + 1, high);
    }
}

fn get_halves(bits: &mut BitReader<'_>, docs: &mut Vec<u32>, count: u32, low: u32, high: u32) {
    if count == 0 {
        return;
    }
    if count == high - low {
        docs.extend(low..high);
        return;
    }
    let middle = count / 2;
    let doc = low + middle + bits.minimal(high - low - count + 1);
    get_halves(bits, docs, middle, low, doc);
    docs.push(doc);
    get_halves(bits, docs, count - middle - 1, doc + 1, high);
}

/// Bytes that the lists would take if any set of so many papers were as likely as any other.
pub(crate) fn bound(counts: impl Iterator<Item = usize>, papers: u32) -> f64 {
    // Sums of logarithms, for the factorials.
    let mut logs = vec![0.0];
    let mut sum = 0.0;
    for number in 1..=papers {
        sum += f64::from(number).log2();
        logs.push(sum);
    }
    let log = |number: usize| logs.get(number).copied().unwrap_or(0.0);
    let papers = papers as usize;
    let bits = counts.map(|count| log(papers) - log(count) - log(papers.saturating_sub(count)));
    bits.sum::<f64>() / 8.0
}

/// Compares the codes on lists.
pub(crate) fn compare(lists: &[Vec<u32>], papers: u32, out: &mut dyn Write) -> io::Result<()> {
    let postings: usize = lists.iter().map(Vec::len).sum();
    let bound = bound(lists.iter().map(Vec::len), papers);
    writeln!(out, "{} lists, {postings} postings.\n", lists.len())?;
    writeln!(
        out,
        "| documents | bytes | bytes a posting | to the bound | ns a posting |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    let each = |bytes: f64| bytes / postings.max(1) as f64;
    for codec in gaps::CODECS.iter().chain(&CODECS) {
        let coded: Vec<Vec<u8>> = lists
            .iter()
            .map(|list| (codec.encode)(list, papers))
            .collect();
        let bytes = coded.iter().map(Vec::len).sum::<usize>() as f64;
        let mut least = f64::INFINITY;
        for run in 0..5 {
            let start = Clock::new();
            let mut wrong = 0;
            for (coded, list) in coded.iter().zip(lists) {
                let docs = (codec.decode)(coded, list.len() as u32, papers);
                // Comparing is for the first run, which is not timed.
                wrong += usize::from(if run == 0 {
                    docs != *list
                } else {
                    docs.len() != list.len()
                });
            }
            if wrong > 0 {
                writeln!(out, "{wrong} lists do not come back.")?;
            }
            if run > 0 {
                least = least.min(start.nanoseconds());
            }
        }
        writeln!(
            out,
            "| {} | {bytes} | {:.3} | {:.3} | {:.1} |",
            codec.name,
            each(bytes),
            bytes / bound,
            each(least)
        )?;
        out.flush()?;
    }
    writeln!(
        out,
        "| bound: log2 of the subsets of so many papers | {bound:.0} | {:.3} | 1 | |\n",
        each(bound)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lists_come_back(
            wanted in prop::collection::btree_set(0u32..3000, 0..1500),
            more in 0u32..3000,
            shift in 0u32..8,
        ) {
            // Dense lists and sparse ones.
            let docs: Vec<u32> = wanted.into_iter().map(|doc| doc << shift).collect();
            let papers = docs.last().map_or(0, |doc| doc + 1) + more;
            for codec in gaps::CODECS.iter().chain(&CODECS) {
                let coded = (codec.encode)(&docs, papers);
                let back = (codec.decode)(&coded, docs.len() as u32, papers);
                prop_assert_eq!(&back, &docs, "{}", codec.name);
            }
        }
    }
}
