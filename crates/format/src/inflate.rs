//! Inflating raw deflate streams (RFC 1951).
//!
//! Codes are read bit by bit, by counting the codes of each length (Adler's way in zlib's `puff`):
//! slower than with tables, and a tenth of the code. With it the client is 4 KB smaller than with
//! the `miniz_oxide` crate, which is what the tests compare it with.

use crate::error::Fault;

/// Longest code of a Huffman code, in bits.
const LONGEST: usize = 15;

/// In which order the lengths of the codes of lengths come.
const ORDER: [u8; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Bits, lowest first.
struct Bits<'a> {
    rest: &'a [u8],
    held: u32,
    count: u32,
}

impl Bits<'_> {
    /// The next so many bits, at most 16.
    fn take(&mut self, count: u32) -> Result<usize, Fault> {
        while self.count < count {
            let (&byte, rest) = self.rest.split_first().ok_or(Fault::Inflate)?;
            self.rest = rest;
            self.held |= u32::from(byte) << self.count;
            self.count += 8;
        }
        let value = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Ok(value as usize)
    }
}

/// A canonical Huffman code.
struct Code {
    /// How many codes there are of each length.
    counts: [u16; LONGEST + 1],
    /// Symbols in the order of their codes.
    symbols: Vec<u16>,
}

impl Code {
    fn new(lengths: &[u8]) -> Result<Code, Fault> {
        let mut counts = [0; LONGEST + 1];
        let mut symbols = Vec::new();
        let mut taken = 0u32;
        for (length, count) in counts.iter_mut().enumerate().skip(1) {
            for (symbol, &own) in (0..).zip(lengths) {
                if usize::from(own) == length {
                    symbols.push(symbol);
                    *count += 1;
                    taken += 1 << (LONGEST - length);
                }
            }
        }
        // More codes than there are bits to tell them apart. Fewer are allowed: a stream with one
        // distance has one code.
        if taken > 1 << LONGEST {
            return Err(Fault::Inflate);
        }
        Ok(Code { counts, symbols })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<usize, Fault> {
        // The code read so far, less the first of its length; and the place of that one's symbol.
        let (mut code, mut place) = (0, 0);
        for &count in self.counts.iter().skip(1) {
            let count = usize::from(count);
            code |= bits.take(1)?;
            if code < count {
                let symbol = self.symbols.get(place + code);
                return symbol
                    .map(|&symbol| usize::from(symbol))
                    .ok_or(Fault::Inflate);
            }
            place += count;
            code = (code - count) << 1;
        }
        Err(Fault::Inflate)
    }
}

/// The codes that a block begins with: lengths and letters, distances.
fn described(bits: &mut Bits<'_>) -> Result<(Code, Code), Fault> {
    let letters = bits.take(5)? + 257;
    let distances = bits.take(5)? + 1;
    let described = bits.take(4)? + 4;
    let mut lengths = [0; ORDER.len()];
    for &symbol in ORDER.iter().take(described) {
        let length = bits.take(3)? as u8;
        if let Some(place) = lengths.get_mut(usize::from(symbol)) {
            *place = length;
        }
    }
    let code = Code::new(&lengths)?;
    let mut lengths: Vec<u8> = Vec::new();
    while lengths.len() < letters + distances {
        let (length, times) = match code.read(bits)? {
            16 => {
                let last = *lengths.last().ok_or(Fault::Inflate)?;
                (last, 3 + bits.take(2)?)
            }
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        lengths.resize(lengths.len() + times, length);
    }
    let (letters, distances) = lengths.split_at_checked(letters).ok_or(Fault::Inflate)?;
    Ok((Code::new(letters)?, Code::new(distances)?))
}

/// The codes of a block that describes none.
fn fixed() -> Result<(Code, Code), Fault> {
    let mut lengths = [8; 288];
    for (symbol, length) in lengths.iter_mut().enumerate() {
        match symbol {
            144..256 => *length = 9,
            256..280 => *length = 7,
            _ => {}
        }
    }
    Ok((Code::new(&lengths)?, Code::new(&[5; 30])?))
}

/// The number that a symbol and the bits after it stand for. Each length of extra bits has
/// `1 << step` symbols, but for the first, which has twice as many.
fn number(bits: &mut Bits<'_>, symbol: usize, step: u32) -> Result<usize, Fault> {
    let each = 1 << step;
    let extra = (symbol >> step).saturating_sub(1);
    let high = symbol - extra * each;
    Ok((high << extra) + bits.take(extra as u32)?)
}

/// Inflates a stream to at most `limit` bytes; what follows it is passed over.
///
/// # Errors
/// [`Fault::Inflate`] if it is no such stream, or a longer one.
pub(crate) fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let mut bits = Bits {
        rest: bytes,
        held: 0,
        count: 0,
    };
    let mut out: Vec<u8> = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => {
                bits.held = 0;
                bits.count = 0;
                let length = bits.take(16)?;
                let check = bits.take(16)?;
                let (stored, rest) = bits.rest.split_at_checked(length).ok_or(Fault::Inflate)?;
                if length ^ check != 0xFFFF || out.len() + length > limit {
                    return Err(Fault::Inflate);
                }
                out.extend_from_slice(stored);
                bits.rest = rest;
            }
            kind @ 1..=2 => {
                let (letters, distances) = if kind == 1 {
                    fixed()?
                } else {
                    described(&mut bits)?
                };
                block(&mut bits, &letters, &distances, &mut out, limit)?;
            }
            _ => return Err(Fault::Inflate),
        }
        if last {
            return Ok(out);
        }
    }
}

/// Inflates the rest of a block.
fn block(
    bits: &mut Bits<'_>,
    letters: &Code,
    distances: &Code,
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Fault> {
    loop {
        let symbol = letters.read(bits)?;
        let length = match symbol {
            256 => return Ok(()),
            0..256 => 1,
            // The longest has a symbol of its own.
            285 => 258,
            257..285 => number(bits, symbol - 257, 2)? + 3,
            _ => return Err(Fault::Inflate),
        };
        if out.len() + length > limit {
            return Err(Fault::Inflate);
        }
        if symbol < 256 {
            out.push(symbol as u8);
            continue;
        }
        let distance = match distances.read(bits)? {
            symbol @ 0..30 => number(bits, symbol, 1)? + 1,
            _ => return Err(Fault::Inflate),
        };
        let from = out.len().checked_sub(distance).ok_or(Fault::Inflate)?;
        // What is copied may reach into itself.
        for at in from..from + length {
            let byte = *out.get(at).ok_or(Fault::Inflate)?;
            out.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use miniz_oxide::deflate::compress_to_vec;
    use miniz_oxide::inflate::decompress_to_vec_with_limit;
    use proptest::prelude::*;

    /// Bytes that repeat as texts do, and bytes that do not.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let words = prop::collection::vec(0usize..40, 0..3000).prop_map(|words| {
            let word =
                |at: usize| "abcdefghijklmnopqrstuvwxyz ".repeat(9)[at * 5..at * 6 + 2].to_owned();
            words.into_iter().map(word).collect::<String>().into_bytes()
        });
        prop_oneof![words, prop::collection::vec(any::<u8>(), 0..2000)]
    }

    proptest! {
        #[test]
        fn what_is_deflated_comes_back(bytes in bytes(), level in 0u8..=10) {
            let mut packed = compress_to_vec(&bytes, level);
            prop_assert_eq!(&inflate(&packed, bytes.len()).unwrap(), &bytes);
            prop_assert_eq!(&inflate(&crate::deflate::deflate(&bytes), bytes.len()).unwrap(), &bytes);
            if !bytes.is_empty() {
                prop_assert_eq!(inflate(&packed, bytes.len() - 1), Err(Fault::Inflate));
            }
            packed.extend([0; 9]);
            prop_assert_eq!(&inflate(&packed, bytes.len()).unwrap(), &bytes);
        }

        /// Of damaged streams it makes the same, or refuses them.
        #[test]
        fn damage_is_read_as_others_read_it(
            bytes in bytes(),
            place in any::<prop::sample::Index>(),
            change in 1u8..,
            cut in any::<prop::sample::Index>(),
        ) {
            let mut packed = compress_to_vec(&bytes, 9);
            if let Some(byte) = packed.get_mut(place.index(bytes.len().max(1))) {
                *byte ^= change;
            }
            for packed in [&packed[..], &packed[..cut.index(packed.len())]] {
                let limit = 1 << 20;
                if let Ok(theirs) = decompress_to_vec_with_limit(packed, limit) {
                    prop_assert_eq!(inflate(packed, limit), Ok(theirs));
                } else if let Ok(ours) = inflate(packed, limit) {
                    prop_assert!(ours.len() <= limit);
                }
            }
        }
    }

    #[test]
    fn no_stream_is_refused() {
        for bad in [
            &[][..],
            &[7],
            &[0, 1, 0, 0, 0],
            &[0xff; 40],
            &[5, 0xc0, 0x81, 8, 0, 0, 0, 0],
        ] {
            assert_eq!(inflate(bad, 1000), Err(Fault::Inflate), "{bad:?}");
        }
    }
}
