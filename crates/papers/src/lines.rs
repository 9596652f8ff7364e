//! Lines of bytes, bounded.

use std::io::{self, BufRead, ErrorKind};

/// What stood on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// UTF-8 text, in [`Lines::text`].
    Text,
    /// Not UTF-8.
    Invalid,
    /// Over the limit; it was read past, not held.
    TooLong,
}

/// Reads lines one at a time into one buffer: LF or CRLF, a byte order mark at the start
/// ignored, the last line with or without an end.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    number: u64,
    limit: usize,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Lines {
            reader,
            buffer: Vec::new(),
            number: 0,
            limit,
        }
    }

    /// Number of the line last read, counted from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Text of the line last read; empty unless it was [`LineKind::Text`].
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.buffer).unwrap_or_default()
    }

    /// Reads a line. A line that reading breaks off in is lost: it may be half a record.
    pub(crate) fn advance(&mut self) -> io::Result<Option<LineKind>> {
        self.buffer.clear();
        // A buffer that one long line has blown up is not kept for the short ones after it.
        self.buffer.shrink_to(1 << 16);
        self.number += 1;
        let (mut seen, mut too_long) = (false, false);
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.buffer.clear();
                    return Err(error);
                }
            };
            if chunk.is_empty() {
                if !seen {
                    return Ok(None);
                }
                break;
            }
            seen = true;
            let end = chunk.iter().position(|&b| b == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            if too_long || self.buffer.len() + part.len() > self.limit {
                too_long = true;
                self.buffer.clear();
            } else {
                self.buffer.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            self.reader.consume(used);
            if end.is_some() {
                break;
            }
        }
        if too_long {
            return Ok(Some(LineKind::TooLong));
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
        if std::str::from_utf8(&self.buffer).is_err() {
            self.buffer.clear();
            return Ok(Some(LineKind::Invalid));
        }
        Ok(Some(LineKind::Text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::BufReader;

    fn all(input: &[u8], capacity: usize) -> Vec<(u64, LineKind, String)> {
        let mut lines = Lines::new(BufReader::with_capacity(capacity, input), 8);
        let mut out = Vec::new();
        while let Some(kind) = lines.advance().unwrap() {
            out.push((lines.number(), kind, lines.text().to_owned()));
        }
        out
    }

    #[test]
    fn every_kind_of_line_whatever_the_buffer() {
        let input = b"\xef\xbb\xbfone\r\n\nfar too long\n\xff\n12345678\nend";
        for capacity in 1..40 {
            let expected = [
                (1, LineKind::Text, "one"),
                (2, LineKind::Text, ""),
                (3, LineKind::TooLong, ""),
                (4, LineKind::Invalid, ""),
                (5, LineKind::Text, "12345678"),
                (6, LineKind::Text, "end"),
            ];
            let expected = expected.map(|(number, kind, text)| (number, kind, text.to_owned()));
            assert_eq!(all(input, capacity), expected, "buffer of {capacity}");
        }
        assert_eq!(all(b"", 4), []);
        assert_eq!(all(b"\n", 4), [(1, LineKind::Text, String::new())]);
    }
}
