//! Strings, numbered in the order they were first seen.

/// Numbers strings. They lie in one piece of memory: a few bytes each beyond their own.
#[derive(Default)]
pub(crate) struct Interner {
    text: String,
    /// Where each string ends.
    ends: Vec<u32>,
    /// A table by hash, a power of two long and at most half full: the upper half of a slot is of
    /// the hash, the lower one is the number and one, or nothing.
    slots: Vec<u64>,
}

impl Interner {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string of a number.
    pub(crate) fn get(&self, number: u32) -> &str {
        let start = match number.checked_sub(1) {
            Some(before) => self.end(before),
            None => 0,
        };
        self.text.get(start..self.end(number)).unwrap_or_default()
    }

    fn end(&self, number: u32) -> usize {
        self.ends.get(number as usize).copied().unwrap_or(0) as usize
    }

    /// The number of a string, and whether it is new.
    pub(crate) fn number(&mut self, string: &str) -> (u32, bool) {
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let hash = hash(string);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        let tag = hash >> 32;
        while let Some(&slot) = self.slots.get(at).filter(|&&slot| slot != 0) {
            let number = (slot as u32).wrapping_sub(1);
            if slot >> 32 == tag && self.get(number) == string {
                return (number, false);
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = tag << 32 | u64::from(number + 1);
        }
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
        (number, true)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << 10);
        let mut slots = vec![0u64; size];
        for number in 0..self.ends.len() as u32 {
            let hash = hash(self.get(number));
            let mut at = hash as usize & (size - 1);
            while slots.get(at).is_some_and(|&slot| slot != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = hash >> 32 << 32 | u64::from(number + 1);
            }
        }
        self.slots = slots;
    }
}

/// A quick hash for short words. Nothing that is written hangs on it.
fn hash(string: &str) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = string.as_bytes();
    let mut hash = bytes.len() as u64;
    let mut mix = |part: u64| hash = (hash.rotate_left(23) ^ part).wrapping_mul(ODD);
    if let Some(last) = bytes.last_chunk::<8>() {
        bytes
            .chunks_exact(8)
            .filter_map(|chunk| chunk.first_chunk())
            .for_each(|chunk| mix(u64::from_le_bytes(*chunk)));
        mix(u64::from_le_bytes(*last));
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        mix(u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)));
    } else {
        mix(bytes
            .iter()
            .fold(0, |all, &byte| all << 8 | u64::from(byte)));
    }
    hash ^ hash >> 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn strings_keep_their_numbers() {
        let mut interner = Interner::default();
        let mut known: HashMap<String, u32> = HashMap::new();
        for at in 0..20_000u32 {
            let string = format!("{}", at.wrapping_mul(2_654_435_761) % 7_919);
            let next = known.len() as u32;
            let expected = *known.entry(string.clone()).or_insert(next);
            assert_eq!(interner.number(&string), (expected, expected == next));
            assert_eq!(interner.get(expected), string);
        }
        assert_eq!(interner.len(), known.len());
        assert_eq!(interner.number(""), (known.len() as u32, true));
    }
}
