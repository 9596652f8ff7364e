//! Deflating what is read with `miniz_oxide`.

/// A raw deflate stream (RFC 1951) of `bytes`.
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(bytes, 10)
}
