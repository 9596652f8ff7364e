//! Plain numbers and strings in bytes: the one reader and writer of variable-length integers.

use crate::error::Fault;

/// Appends `value` in LEB128: seven bits a byte, the lowest first.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a length and the text.
pub(crate) fn put_str(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a number in digits, at least so many. (The standard library's formatting weighs 2 KB in
/// the client.)
pub fn put_number(out: &mut String, mut number: u64, digits: usize) {
    let start = out.len();
    while number > 0 || out.len() < start + digits {
        out.insert(start, char::from(b'0' + (number % 10) as u8));
        number /= 10;
    }
}

/// Reads from the front of a slice.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Fault::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(Fault::Short)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Fault::value("integer"));
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Fault::value("integer"))
    }

    /// A number that is at most `limit`.
    pub(crate) fn bounded(&mut self, limit: usize, what: &'static str) -> Result<usize, Fault> {
        let value = self.varint()?;
        usize::try_from(value)
            .ok()
            .filter(|&value| value <= limit)
            .ok_or(Fault::value(what))
    }

    pub(crate) fn u32(&mut self, what: &'static str) -> Result<u32, Fault> {
        u32::try_from(self.varint()?).map_err(|_| Fault::value(what))
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, Fault> {
        let len = self.bounded(self.rest.len(), "length of text")?;
        std::str::from_utf8(self.take(len)?).map_err(|_| Fault::Utf8)
    }

    pub(crate) fn end(&self) -> Result<(), Fault> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Fault::Long)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX,
        ] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.varint(), Ok(value));
            assert_eq!(reader.end(), Ok(()));
            assert_eq!(
                Reader::new(&out[..out.len() - 1]).varint(),
                Err(Fault::Short)
            );
        }
        assert!(Reader::new(&[0xff; 11]).varint().is_err());
    }

    #[test]
    fn text_is_checked() {
        let mut out = Vec::new();
        put_str(&mut out, "é");
        assert_eq!(Reader::new(&out).str(), Ok("é"));
        assert_eq!(Reader::new(&[1, 0xff]).str(), Err(Fault::Utf8));
        assert!(Reader::new(&[9, b'a']).str().is_err());
    }
}
