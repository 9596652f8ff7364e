//! Parts of files: as a sound host answers requests for them, and as others do.

use super::response::{Body, Cache, full, head, plain, whole};
use super::site::{Stored, gzip};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Response, StatusCode};
use std::io;
use std::ops::Range;

/// How a host answers requests for a part of a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ranges {
    /// As RFC 9110 says.
    #[default]
    Sound,
    /// With the whole file and status 200.
    Ignored,
    /// With the whole file, compressed, and status 200.
    Compressed,
    /// With another part, and it says so.
    Elsewhere,
    /// With nothing, and status 206.
    Empty,
    /// With as many bytes of another part, as if they were the ones asked for.
    Wrong,
    /// With that part of the compressed file, labelled as compressed.
    PartOfCompressed,
}

/// What a request's `Range` asks of a file of `length` bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing, or what a host may pass over.
    Whole,
    /// These bytes.
    Part(Range<usize>),
    /// Bytes that the file does not have.
    Beyond,
}

/// Reads a `Range` header. Several ranges at once are passed over, as hosts may.
pub fn asked(headers: &HeaderMap, length: usize) -> Asked {
    let text = headers.get(header::RANGE).and_then(|v| v.to_str().ok());
    let Some((first, last)) = text
        .and_then(|text| text.strip_prefix("bytes="))
        .filter(|text| !text.contains(','))
        .and_then(|text| text.split_once('-'))
    else {
        return Asked::Whole;
    };
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(last)) if start <= last => start..last.saturating_add(1).min(length),
        (Ok(start), Err(_)) if last.is_empty() => start..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Asked::Whole,
    };
    if range.start < length && !range.is_empty() {
        Asked::Part(range)
    } else {
        Asked::Beyond
    }
}

/// Answers a request for a file, or a part of it, in the given way. The answer says whether it is
/// broken on purpose.
pub fn answer(
    request: &hyper::Request<Incoming>,
    stored: &Stored,
    cache: Cache,
    ranges: Ranges,
) -> (Result<Response<Body>, io::Error>, bool) {
    let part = match asked(request.headers(), stored.bytes.len()) {
        Asked::Part(part) if request.method() == Method::GET => part,
        Asked::Beyond if request.method() == Method::GET => return (beyond(stored), false),
        _ if ranges == Ranges::Compressed && stored.content_type.ends_with("octet-stream") => {
            return (compressed(stored, None), true);
        }
        _ => return (whole(request, stored, cache), false),
    };
    let length = part.len();
    // As far away as it goes, and never the same.
    let other = match stored.bytes.len().checked_sub(part.end) {
        Some(room) if room >= length => part.end..part.end + length,
        _ if part.start > 0 => part.start - 1..part.end - 1,
        _ => 0..length.div_ceil(2),
    };
    let answer = match ranges {
        Ranges::Sound => return (partial(stored, &part, part.clone(), cache), false),
        Ranges::Ignored => whole(request, stored, cache),
        Ranges::Compressed => compressed(stored, None),
        Ranges::Elsewhere => partial(stored, &other, other.clone(), Cache::Never),
        Ranges::Wrong => partial(stored, &part, other, Cache::Never),
        Ranges::Empty => partial(stored, &part, 0..0, Cache::Never),
        Ranges::PartOfCompressed => compressed(stored, Some(part)),
    };
    (answer, true)
}

/// Says that bytes `told` come, and sends those of `sent`.
fn partial(
    stored: &Stored,
    told: &Range<usize>,
    sent: Range<usize>,
    cache: Cache,
) -> Result<Response<Body>, io::Error> {
    let (start, last, length) = (told.start, told.end - 1, stored.bytes.len());
    let bytes = stored.bytes.get(sent).unwrap_or_default();
    head(stored, cache)
        .status(StatusCode::PARTIAL_CONTENT)
        .header(
            header::CONTENT_RANGE,
            format!("bytes {start}-{last}/{length}"),
        )
        .body(full(Bytes::copy_from_slice(bytes)))
        .map_err(io::Error::other)
}

/// A compressed file, or a part of it, whatever the request takes.
fn compressed(stored: &Stored, part: Option<Range<usize>>) -> Result<Response<Body>, io::Error> {
    let packed = gzip(&stored.bytes);
    let builder = head(stored, Cache::Never).header(header::CONTENT_ENCODING, "gzip");
    let Some(part) = part else {
        return builder.body(full(packed.into())).map_err(io::Error::other);
    };
    let bytes = packed
        .get(part.start.min(packed.len())..part.end.min(packed.len()))
        .unwrap_or_default();
    let told = format!("bytes {}-{}/{}", part.start, part.end - 1, packed.len());
    builder
        .status(StatusCode::PARTIAL_CONTENT)
        .header(header::CONTENT_RANGE, told)
        .body(full(Bytes::copy_from_slice(bytes)))
        .map_err(io::Error::other)
}

fn beyond(stored: &Stored) -> Result<Response<Body>, io::Error> {
    let mut answer = plain(StatusCode::RANGE_NOT_SATISFIABLE)?;
    let length = format!("bytes */{}", stored.bytes.len());
    let value = HeaderValue::from_str(&length).map_err(io::Error::other)?;
    answer.headers_mut().insert(header::CONTENT_RANGE, value);
    Ok(answer)
}
