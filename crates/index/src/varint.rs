//! Numbers as bytes in scratch storage.

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
    fn numbers_come_back() {
        let numbers = [0, 1, 127, 128, 300, 1 << 22, u32::MAX];
        let mut out = Vec::new();
        for number in numbers {
            put(&mut out, number);
            out.push(7);
        }
        let mut bytes = out.as_slice();
        for number in numbers {
            assert_eq!(take(&mut bytes), number);
            assert_eq!(take_byte(&mut bytes), 7);
        }
        assert!(bytes.is_empty());
        assert_eq!((take(&mut bytes), take_byte(&mut bytes)), (0, 0));
    }
}
