//! Deflating, which only the builder does: the client never gets here, and does not carry it.

/// Deflates a payload (raw, RFC 1951).
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::cell::RefCell;

    use flate2::{Compress, Compression, FlushCompress, Status};

    /// On arXiv abstracts 8 gives fewer bytes than 9 does, and than 6 in the same time.
    const LEVEL: u32 = 8;
    // A packer has tables of many times a block's size: each thread makes one and keeps it.
    thread_local! {
        static PACKER: RefCell<Compress> =
            RefCell::new(Compress::new(Compression::new(LEVEL), false));
    }
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
        loop {
            let read = packer.total_in() as usize;
            let rest = bytes.get(read..).unwrap_or_default();
            match packer.compress_vec(rest, &mut out, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return out,
                Ok(_) => out.reserve(out.capacity()),
                // Deflating into memory does not fail; there is another that could stand in.
                Err(_) => return miniz_oxide::deflate::compress_to_vec(bytes, 9),
            }
        }
    })
}

/// Deflates a payload (raw, RFC 1951). Here for the crate to compile; no client calls it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(bytes, 9)
}
