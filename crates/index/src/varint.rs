//! Numbers and postings as bytes in scratch storage: rising documents as differences.

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u32) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Takes a number off the front. Past the end there are zeros.
#[inline]
pub(crate) fn take(bytes: &mut &[u8]) -> u32 {
    let mut value = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u32::from(byte & 127) << shift;
        if byte < 128 {
            break;
        }
        shift = (shift + 7).min(28);
    }
    value
}

/// How often a paper holds a stem: in the title, and elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frequency {
    pub(crate) title: u16,
    pub(crate) body: u16,
}

/// Title counts that have no code of their own, in a byte with six bits of the other count.
const MANY_TITLE: u16 = 3;
const MANY_BODY: u16 = 63;

/// Appends a frequency: nearly always one byte.
pub(crate) fn put_frequency(out: &mut Vec<u8>, frequency: Frequency) {
    let Frequency { title, body } = frequency;
    if title < MANY_TITLE && body < MANY_BODY {
        out.push((title << 6 | body) as u8);
    } else {
        out.push((MANY_TITLE << 6 | MANY_BODY) as u8);
        put(out, u32::from(title));
        put(out, u32::from(body));
    }
}

/// Takes a frequency off the front.
#[inline]
pub(crate) fn take_frequency(bytes: &mut &[u8]) -> Frequency {
    let packed = take_byte(bytes);
    let (title, body) = (u16::from(packed >> 6), u16::from(packed & 63));
    if title == MANY_TITLE {
        return Frequency {
            title: take(bytes) as u16,
            body: take(bytes) as u16,
        };
    }
    Frequency { title, body }
}

/// Takes a byte off the front.
#[inline]
pub(crate) fn take_byte(bytes: &mut &[u8]) -> u8 {
    let Some((&byte, rest)) = bytes.split_first() else {
        return 0;
    };
    *bytes = rest;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_frequencies_come_back() {
        let numbers = [0, 1, 127, 128, 300, 1 << 22, u32::MAX];
        let counts = [0u16, 1, 2, 3, 62, 63, 64, u16::MAX];
        let mut out = Vec::new();
        for number in numbers {
            put(&mut out, number);
            for (title, body) in counts.into_iter().flat_map(|t| counts.map(|b| (t, b))) {
                put_frequency(&mut out, Frequency { title, body });
            }
        }
        let mut bytes = out.as_slice();
        for number in numbers {
            assert_eq!(take(&mut bytes), number);
            for (title, body) in counts.into_iter().flat_map(|t| counts.map(|b| (t, b))) {
                assert_eq!(take_frequency(&mut bytes), Frequency { title, body });
            }
        }
        assert!(bytes.is_empty());
        assert_eq!(take(&mut bytes), 0);
    }
}
