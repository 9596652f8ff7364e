//! Strings, numbered in the order they were first seen.

/// Numbers strings. They lie in one piece of memory: some thirty bytes each beyond their own.
#[derive(Default)]
pub(crate) struct Interner {
    text: String,
    /// Where each string ends.
    ends: Vec<u32>,
    /// A table by hash, a power of two long and at most three quarters full.
    slots: Vec<Slot>,
}

/// A place in the table. Most words are short and stand here whole, so that finding one takes a
/// single look at memory.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Slot {
    /// The bytes of a string of up to eight; the hash of a longer one.
    key: u64,
    length: u32,
    /// The string's number and one; 0 where nothing stands.
    number: u32,
}

/// Bytes of a string that stands in its slot.
const SHORT: usize = size_of::<u64>();

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

    /// The number of a string that there is, or the slot where it would stand.
    fn look(&self, string: &str, key: u64) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = spread(key) as usize & mask;
        while let Some(slot) = self.slots.get(at).filter(|slot| slot.number != 0) {
            let number = slot.number - 1;
            if slot.key == key
                && slot.length == string.len() as u32
                && (string.len() <= SHORT || self.get(number) == string)
            {
                return Ok(number);
            }
            at = (at + 1) & mask;
        }
        Err(at)
    }

    /// The number of a string, if there is one.
    pub(crate) fn find(&self, string: &str) -> Option<u32> {
        self.look(string, key(string.as_bytes())).ok()
    }

    /// The number of a string, and whether it is new.
    pub(crate) fn number(&mut self, string: &str) -> (u32, bool) {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let (key, length) = (key(string.as_bytes()), string.len() as u32);
        let at = match self.look(string, key) {
            Ok(number) => return (number, false),
            Err(at) => at,
        };
        let number = self.ends.len() as u32;
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot {
                key,
                length,
                number: number + 1,
            };
        }
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
        (number, true)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << 10);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for moved in old.into_iter().filter(|slot| slot.number != 0) {
            let mut at = spread(moved.key) as usize & (size - 1);
            while self.slots.get(at).is_some_and(|slot| slot.number != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = moved;
            }
        }
    }
}

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The bytes of a short string, which with its length are the string; a hash of a longer one.
fn key(bytes: &[u8]) -> u64 {
    if let Some(last) = bytes.last_chunk::<SHORT>() {
        let last = u64::from_le_bytes(*last);
        if bytes.len() == SHORT {
            return last;
        }
        let whole = bytes.chunks_exact(SHORT).filter_map(<[u8]>::first_chunk);
        return whole.fold(last, |hash, chunk| {
            (hash.rotate_left(23) ^ u64::from_le_bytes(*chunk)).wrapping_mul(ODD)
        });
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    bytes
        .iter()
        .fold(0, |key, &byte| key << 8 | u64::from(byte))
}

/// Where a key belongs: a quick mix. Nothing that is written hangs on it.
fn spread(key: u64) -> u64 {
    let mixed = key.wrapping_mul(ODD);
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn strings_keep_their_numbers() {
        let mut interner = Interner::default();
        assert_eq!(interner.find(""), None);
        let mut known: HashMap<String, u32> = HashMap::new();
        for at in 0..20_000u32 {
            let string = format!("{}", at.wrapping_mul(2_654_435_761) % 7_919);
            let next = known.len() as u32;
            assert_eq!(interner.find(&string), known.get(&string).copied());
            let expected = *known.entry(string.clone()).or_insert(next);
            assert_eq!(interner.number(&string), (expected, expected == next));
            assert_eq!(interner.get(expected), string);
        }
        assert_eq!(interner.len(), known.len());
        assert_eq!(interner.number(""), (known.len() as u32, true));
    }

    #[test]
    fn strings_of_every_length_are_told_apart() {
        let mut interner = Interner::default();
        let text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
        let mut strings = Vec::new();
        for length in 0..=26 {
            for start in 0..if length == 0 { 1 } else { 26 } {
                strings.extend(text.get(start..start + length));
            }
        }
        strings.extend(["\0", "\0\0", "a\0", "\0a", "\0\0\0\0\0\0\0\0"]);
        for expect_new in [true, false] {
            for (number, string) in (0..).zip(&strings) {
                assert_eq!(interner.number(string), (number, expect_new), "{string:?}");
            }
        }
    }
}
