//! Bits in bytes, lowest first.

/// Writes bits.
#[derive(Default)]
pub(crate) struct BitWriter {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    /// Writes the lowest `count` bits of a value, at most 32.
    pub(crate) fn put(&mut self, value: u32, count: u32) {
        let value = u64::from(value) & ((1u64 << count) - 1);
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Writes so many ones and a zero.
    pub(crate) fn unary(&mut self, mut ones: u32) {
        while ones >= 32 {
            self.put(u32::MAX, 32);
            ones -= 32;
        }
        self.put(((1u64 << ones) - 1) as u32, ones);
        self.put(0, 1);
    }

    /// Writes one of `count` values in as few bits as that takes, those in the middle in one less.
    pub(crate) fn minimal(&mut self, value: u32, count: u32) {
        let Some((bits, short, first)) = minimal(count) else {
            return;
        };
        // Turned so that the short ones come first.
        let turned = (value + count - first) % count;
        if turned < short {
            self.put_high(turned, bits);
        } else {
            self.put_high(turned + short, bits + 1);
        }
    }

    /// The same bits, highest first: a prefix code needs that.
    fn put_high(&mut self, value: u32, count: u32) {
        if count > 0 {
            self.put(value.reverse_bits() >> (32 - count), count);
        }
    }

    /// Goes on at the next byte.
    pub(crate) fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }

    /// Writes a number in bytes of seven bits, at a byte's start.
    pub(crate) fn varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.put(value & 0x7f | 0x80, 8);
            value >>= 7;
        }
        self.put(value, 8);
    }

    /// The bytes.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.out
    }
}

/// Bits of a short code, how many codes are short, and the first value that has one; nothing where
/// there is nothing to say.
fn minimal(count: u32) -> Option<(u32, u32, u32)> {
    (count > 1).then(|| {
        let bits = count.ilog2();
        let short = ((2u64 << bits) - u64::from(count)) as u32;
        (bits, short, (count - short) / 2)
    })
}

/// Reads bits; zeros past the end.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        BitReader { bytes, at: 0 }
    }

    /// The next bits, 57 of them at least.
    fn peek(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let word = match rest.first_chunk::<8>() {
            Some(word) => u64::from_le_bytes(*word),
            None => rest
                .iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        word >> (self.at % 8)
    }

    /// The next `count` bits, at most 32, without reading them.
    pub(crate) fn look(&self, count: u32) -> u32 {
        (self.peek() & ((1u64 << count) - 1)) as u32
    }

    /// Reads `count` bits, at most 32.
    pub(crate) fn get(&mut self, count: u32) -> u32 {
        let value = self.peek() & ((1u64 << count) - 1);
        self.at += count as usize;
        value as u32
    }

    /// Reads ones up to a zero; at most as many as there are bits.
    pub(crate) fn unary(&mut self) -> u32 {
        let mut ones = 0;
        loop {
            let run = self.peek().trailing_ones().min(56);
            ones += run;
            self.at += run as usize;
            if run < 56 || self.at >= self.bytes.len() * 8 {
                self.at += 1;
                return ones;
            }
        }
    }

    /// Reads one of `count` values.
    pub(crate) fn minimal(&mut self, count: u32) -> u32 {
        let Some((bits, short, first)) = minimal(count) else {
            return 0;
        };
        let turned = match bits {
            0 => 0,
            _ => (self.peek() as u32).reverse_bits() >> (32 - bits),
        };
        self.at += bits as usize;
        let turned = if turned < short {
            turned
        } else {
            (turned << 1 | self.get(1)) - short
        };
        let value = turned + first;
        if value >= count { value - count } else { value }
    }

    /// Goes on at the next byte.
    pub(crate) fn align(&mut self) {
        self.at = self.at.div_ceil(8) * 8;
    }

    /// Reads a number in bytes of seven bits.
    pub(crate) fn varint(&mut self) -> u32 {
        let (mut value, mut shift) = (0u32, 0);
        while shift < 32 {
            let byte = self.get(8);
            value |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            shift += 7;
        }
        value
    }
}
