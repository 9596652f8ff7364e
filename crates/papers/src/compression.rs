//! Unpacking, streaming.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Unpacks gzip, members joined.
pub(crate) fn gzip<'a>(packed: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    Box::new(MultiGzDecoder::new(BufReader::with_capacity(
        1 << 17,
        packed,
    )))
}

/// Unpacks Zstandard, frames joined.
pub(crate) fn zstd<'a>(packed: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    Box::new(ZstdFrames {
        source: BufReader::with_capacity(1 << 17, packed),
        decoder: None,
        failed: false,
    })
}

/// Largest window of a frame: what `zstd --long=27` writes, and what decoding may take of memory.
const WINDOW: u64 = 1 << 27;

struct ZstdFrames<R> {
    source: BufReader<R>,
    decoder: Option<FrameDecoder>,
    /// The decoder's state is unknown after an error, so it is not asked again.
    failed: bool,
}

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failed || buffer.is_empty() {
            return Ok(0);
        }
        let result = self.fill(buffer);
        self.failed = result
            .as_ref()
            .is_err_and(|error| error.kind() != ErrorKind::Interrupted);
        result
    }
}

impl<R: Read> ZstdFrames<R> {
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(decoder) = &mut self.decoder else {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.decoder = self.next_frame()?;
                continue;
            };
            if decoder.can_collect() > 0 {
                return decoder.read(buffer);
            }
            if decoder.is_finished() {
                let stored = decoder.get_checksum_from_data();
                if stored.is_some() && stored != decoder.get_calculated_checksum() {
                    return Err(io::Error::new(
                        ErrorKind::InvalidData,
                        "zstd checksum mismatch",
                    ));
                }
                self.decoder = None;
                continue;
            }
            decoder
                .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                .map_err(|error| io::Error::new(ErrorKind::InvalidData, chain(&error)))?;
        }
    }

    /// Starts the next frame; `None` after a skippable one.
    fn next_frame(&mut self) -> io::Result<Option<FrameDecoder>> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        match decoder.init(&mut self.source) {
            Ok(()) => Ok(Some(decoder)),
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let skipped = io::copy(
                    &mut (&mut self.source).take(u64::from(length)),
                    &mut io::sink(),
                )?;
                if skipped < u64::from(length) {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                Ok(None)
            }
            Err(error) => Err(io::Error::new(ErrorKind::InvalidData, chain(&error))),
        }
    }
}

/// An error with its causes, which is where the decoder says what was wrong.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = format!("zstd: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    fn unpack(mut reader: Box<dyn Read + '_>) -> (Vec<u8>, bool) {
        let mut out = Vec::new();
        let ok = reader.read_to_end(&mut out).is_ok();
        (out, ok)
    }

    #[test]
    fn joins_zstd_frames_and_skips_skippable_ones() {
        let mut packed = compress_to_vec(&b"one "[..], CompressionLevel::Fastest);
        packed.extend([0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
        packed.extend(compress_to_vec(&b"two"[..], CompressionLevel::Fastest));
        assert_eq!(
            unpack(zstd(Box::new(&packed[..]))),
            (b"one two".to_vec(), true)
        );
        packed.extend(b"rubbish");
        assert_eq!(
            unpack(zstd(Box::new(&packed[..]))),
            (b"one two".to_vec(), false)
        );
    }

    #[test]
    fn a_cut_stream_is_an_error_after_what_was_whole() {
        let text: Vec<u8> = (0..400_000u32)
            .flat_map(|n| n.wrapping_mul(n).to_le_bytes())
            .collect();
        let packed = compress_to_vec(&text[..], CompressionLevel::Fastest);
        let (out, ok) = unpack(zstd(Box::new(&packed[..packed.len() - 100])));
        assert!(
            !ok && !out.is_empty() && text.starts_with(&out),
            "{}",
            out.len()
        );

        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&text).unwrap();
        let packed = encoder.finish().unwrap();
        let (out, ok) = unpack(gzip(Box::new(&packed[..packed.len() / 2])));
        assert!(
            !ok && !out.is_empty() && text.starts_with(&out),
            "{}",
            out.len()
        );
    }

    #[test]
    fn a_flipped_bit_is_found_by_the_checksum() {
        let packed = compress_to_vec(&b"abcdefghij"[..], CompressionLevel::Uncompressed);
        let at = packed
            .windows(3)
            .position(|window| window == b"def")
            .unwrap();
        let mut damaged = packed.clone();
        damaged[at] ^= 1;
        assert!(unpack(zstd(Box::new(&packed[..]))).1);
        assert!(!unpack(zstd(Box::new(&damaged[..]))).1);
    }
}
