//! The range coder: turns decisions and numbers into bytes at close to their entropy.
//!
//! A carry-propagating binary and multi-symbol range coder after G. N. N. Martin, "Range encoding:
//! an algorithm for removing redundancy from a digitised message" (1979), with the byte-wise
//! renormalisation that LZMA made common: 32-bit range, renormalised below 2^24.
//! `FORMAT.md`, "Range coder", gives it step by step.

const TOP: u32 = 1 << 24;

/// Largest number of equally likely values coded in one step.
const UNIFORM_STEP: u32 = 1 << 16;

/// Bits of a probability.
const PROBABILITY_BITS: u32 = 16;

/// Number of observations after which a [`Bit`] stops slowing down.
const SETTLED: u16 = 60;

/// An adaptive probability that the next decision is `false`.
///
/// The step towards what was seen starts large and shrinks as observations come in, so that a
/// short list learns quickly and a long one settles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bit {
    /// Probability of `false` in 1/65536.
    zero: u16,
    /// Observations so far, at most [`SETTLED`].
    seen: u16,
}

impl Bit {
    pub(crate) const EVEN: Bit = Bit {
        zero: 1 << 15,
        seen: 0,
    };

    /// Starts from a known probability of `false`, in 1/256 (0 counts as 1), worth `seen`
    /// observations.
    pub(crate) fn prior(zero: u8, seen: u16) -> Bit {
        Bit {
            zero: u16::from(zero.max(1)) << 8,
            seen: seen.min(SETTLED),
        }
    }

    /// The share of the range that stands for `false`; never all and never nothing.
    fn split(self, range: u32) -> u32 {
        let zero = u32::from(self.zero).clamp(64, 65536 - 64);
        (range >> PROBABILITY_BITS) * zero
    }

    fn learn(&mut self, bit: bool) {
        let target = if bit { 0 } else { 65535 };
        let zero = i32::from(self.zero);
        let step = divide((target - zero) * 2, self.seen);
        self.zero = (zero + step).clamp(0, 65535) as u16;
        if self.seen < SETTLED {
            self.seen += 1;
        }
    }
}

/// Divides a number of at most 17 bits by `2 * seen + 3`, towards zero.
#[cfg(target_arch = "wasm32")]
fn divide(number: i32, seen: u16) -> i32 {
    number / (i32::from(seen) * 2 + 3)
}

/// The same by multiplication, which the builder does a billion times; the client is smaller
/// without the table.
#[cfg(not(target_arch = "wasm32"))]
fn divide(number: i32, seen: u16) -> i32 {
    const COUNT: usize = SETTLED as usize + 1;
    const RECIPROCALS: [u64; COUNT] = {
        let mut reciprocals = [0; COUNT];
        let mut rest: &mut [u64] = &mut reciprocals;
        let mut divisor = 3;
        while let Some((first, more)) = rest.split_first_mut() {
            *first = (1 << 32) / divisor + 1;
            divisor += 2;
            rest = more;
        }
        reciprocals
    };
    let reciprocal = RECIPROCALS.get(usize::from(seen)).copied().unwrap_or(0);
    let share = ((u64::from(number.unsigned_abs()) * reciprocal) >> 32) as i32;
    if number < 0 { -share } else { share }
}

/// Writes a range-coded stream.
pub(crate) struct Encoder {
    low: u64,
    range: u32,
    cache: u8,
    pending: u64,
    out: Vec<u8>,
}

impl Encoder {
    pub(crate) fn new() -> Self {
        Encoder {
            low: 0,
            range: u32::MAX,
            cache: 0,
            pending: 0,
            out: Vec::new(),
        }
    }

    #[inline(never)]
    fn shift_low(&mut self) {
        if self.low < 0xff00_0000 || self.low > 0xffff_ffff {
            let carry = (self.low >> 32) as u8;
            // The first byte is always 0 and is left out: see `finish`.
            self.out.push(self.cache.wrapping_add(carry));
            for _ in 0..self.pending {
                self.out.push(0xff_u8.wrapping_add(carry));
            }
            self.pending = 0;
            self.cache = (self.low >> 24) as u8;
        } else {
            self.pending += 1;
        }
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    #[inline]
    fn narrow(&mut self, start: u32, size: u32) {
        self.low += u64::from(start);
        self.range = size;
        while self.range < TOP {
            self.range <<= 8;
            self.shift_low();
        }
    }

    /// Codes a decision with an adaptive probability.
    pub(crate) fn bit(&mut self, model: &mut Bit, bit: bool) {
        let zero = model.split(self.range);
        if bit {
            self.narrow(zero, self.range - zero);
        } else {
            self.narrow(0, zero);
        }
        model.learn(bit);
    }

    /// Codes one of `count` equally likely values.
    pub(crate) fn uniform(&mut self, value: u32, count: u32) {
        debug_assert!(value < count);
        if count > UNIFORM_STEP {
            let high = value >> 16;
            let highs = ((count - 1) >> 16) + 1;
            self.uniform(high, highs);
            let lows = if high + 1 == highs {
                ((count - 1) & 0xffff) + 1
            } else {
                UNIFORM_STEP
            };
            self.uniform(value & 0xffff, lows);
        } else if count > 1 {
            let unit = self.range / count;
            let start = unit * value;
            let size = if value + 1 == count {
                self.range - start
            } else {
                unit
            };
            self.narrow(start, size);
        }
    }

    /// Ends the stream and gives its bytes: the decoder reads zeros past the end, so trailing
    /// zeros are left out.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        // Any value in [low, low + range) will do: take the one with the most trailing zeros.
        let end = self.low + u64::from(self.range) - 1;
        for shift in (0..=32).rev() {
            let candidate = (end >> shift) << shift;
            if candidate >= self.low {
                self.low = candidate;
                break;
            }
        }
        for _ in 0..5 {
            self.shift_low();
        }
        let mut out = self.out;
        while out.last() == Some(&0) && out.len() > 1 {
            out.pop();
        }
        out.drain(..1);
        out
    }
}

/// Reads a range-coded stream. Past its end it reads zeros; it never fails, whatever the bytes.
pub(crate) struct Decoder<'a> {
    code: u32,
    range: u32,
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Decoder {
            code: 0,
            range: u32::MAX,
            bytes: bytes.iter(),
        };
        for _ in 0..4 {
            decoder.pull();
        }
        decoder
    }

    fn pull(&mut self) {
        self.code = (self.code << 8) | u32::from(self.bytes.next().copied().unwrap_or(0));
    }

    fn narrow(&mut self, start: u32, size: u32) {
        self.code = self.code.wrapping_sub(start);
        self.range = size;
        while self.range < TOP {
            self.range <<= 8;
            self.pull();
        }
    }

    /// Reads a decision.
    pub(crate) fn bit(&mut self, model: &mut Bit) -> bool {
        let zero = model.split(self.range);
        let bit = self.code >= zero;
        if bit {
            self.narrow(zero, self.range - zero);
        } else {
            self.narrow(0, zero);
        }
        model.learn(bit);
        bit
    }

    /// Reads one of `count` equally likely values; `count` of 0 or 1 reads nothing and gives 0.
    pub(crate) fn uniform(&mut self, count: u32) -> u32 {
        if count > UNIFORM_STEP {
            let highs = ((count - 1) >> 16) + 1;
            let high = self.uniform(highs);
            let lows = if high + 1 == highs {
                ((count - 1) & 0xffff) + 1
            } else {
                UNIFORM_STEP
            };
            (high << 16) | self.uniform(lows)
        } else if count > 1 {
            let unit = self.range / count;
            // Only forged bytes give more than `count - 1`.
            let value = (self.code / unit).min(count - 1);
            let start = unit * value;
            let size = if value + 1 == count {
                self.range - start
            } else {
                unit
            };
            self.narrow(start, size);
            value
        } else {
            0
        }
    }
}

/// Adaptive coding of numbers of any size: the bit length in unary, then the bits below the
/// leading one, the top two of them adaptive (Elias' gamma code with learned probabilities).
#[derive(Clone, Debug)]
pub(crate) struct Number {
    length: [Bit; 31],
    top: [[Bit; 3]; 32],
}

impl Number {
    pub(crate) fn new() -> Self {
        Number {
            length: [Bit::EVEN; 31],
            top: [[Bit::EVEN; 3]; 32],
        }
    }

    /// Codes any number below `u32::MAX`.
    pub(crate) fn encode(&mut self, coder: &mut Encoder, value: u32) {
        let value = value + 1;
        let length = 31 - value.leading_zeros();
        for (at, model) in self
            .length
            .iter_mut()
            .enumerate()
            .take((length as usize + 1).min(31))
        {
            coder.bit(model, at < length as usize);
        }
        let mut left = length;
        let Some(top) = self.top.get_mut(length as usize) else {
            return;
        };
        let mut node = 0;
        for _ in 0..2 {
            if left == 0 {
                return;
            }
            left -= 1;
            let bit = (value >> left) & 1 == 1;
            if let Some(model) = top.get_mut(node) {
                coder.bit(model, bit);
            }
            node = if bit { 2 } else { 1 };
        }
        if left > 0 {
            let count = 1 << left;
            coder.uniform(value & (count - 1), count);
        }
    }

    /// Reads a number; at most `2^32 - 2`.
    pub(crate) fn decode(&mut self, coder: &mut Decoder<'_>) -> u32 {
        let mut length = 0u32;
        while length < 31 {
            let Some(model) = self.length.get_mut(length as usize) else {
                break;
            };
            if !coder.bit(model) {
                break;
            }
            length += 1;
        }
        let mut left = length;
        let mut value = 1u32;
        let mut node = 0;
        if let Some(top) = self.top.get_mut(length as usize) {
            for _ in 0..2 {
                if left == 0 {
                    break;
                }
                left -= 1;
                let bit = top.get_mut(node).is_some_and(|model| coder.bit(model));
                value = (value << 1) | u32::from(bit);
                node = if bit { 2 } else { 1 };
            }
        }
        if left > 0 {
            value = (value << left) | coder.uniform(1 << left);
        }
        value - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Item {
        Bit(bool),
        Uniform(u32, u32),
        Number(u32),
    }

    fn item() -> impl Strategy<Value = Item> {
        prop_oneof![
            any::<bool>().prop_map(Item::Bit),
            (1u32..=u32::MAX).prop_flat_map(
                |count| (0..count).prop_map(move |value| Item::Uniform(value, count))
            ),
            (0u32..70_000).prop_map(Item::Number),
            (0u32..u32::MAX - 1).prop_map(Item::Number),
        ]
    }

    fn encode(items: &[Item]) -> Vec<u8> {
        let (mut coder, mut bit, mut number) = (Encoder::new(), Bit::EVEN, Number::new());
        for item in items {
            match *item {
                Item::Bit(value) => coder.bit(&mut bit, value),
                Item::Uniform(value, count) => coder.uniform(value, count),
                Item::Number(value) => number.encode(&mut coder, value),
            }
        }
        coder.finish()
    }

    proptest! {
        #[test]
        fn everything_comes_back(items in prop::collection::vec(item(), 0..400)) {
            let bytes = encode(&items);
            let (mut coder, mut bit, mut number) = (Decoder::new(&bytes), Bit::EVEN, Number::new());
            for item in items {
                match item {
                    Item::Bit(value) => prop_assert_eq!(coder.bit(&mut bit), value),
                    Item::Uniform(value, count) => prop_assert_eq!(coder.uniform(count), value),
                    Item::Number(value) => prop_assert_eq!(number.decode(&mut coder), value),
                }
            }
        }

        #[test]
        fn any_bytes_decode_to_something(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let (mut coder, mut bit, mut number) = (Decoder::new(&bytes), Bit::EVEN, Number::new());
            for count in [1, 2, 3, 1000, 65_536, 65_537, u32::MAX] {
                coder.bit(&mut bit);
                prop_assert!(coder.uniform(count) < count);
                number.decode(&mut coder);
            }
        }
    }

    #[test]
    fn dividing_by_multiplication_is_exact() {
        for seen in 0..=SETTLED {
            let divisor = i32::from(seen) * 2 + 3;
            for number in -131_072..=131_072 {
                assert_eq!(
                    divide(number, seen),
                    number / divisor,
                    "{number} / {divisor}"
                );
            }
        }
    }

    #[test]
    fn skewed_decisions_cost_little() {
        let items: Vec<Item> = (0..8000).map(|at| Item::Bit(at % 100 == 0)).collect();
        // The entropy of one in a hundred is .081 bits: 81 bytes.
        assert!(encode(&items).len() < 100, "{}", encode(&items).len());
        assert!(encode(&[]).is_empty());
    }
}
