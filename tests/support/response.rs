//! The answers of a test host: whole files as a usual host sends them, and broken ones.

use super::host::TEST;
use super::site::Stored;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::http::response::Builder;
use hyper::{Response, StatusCode};
use std::io;
use std::time::Duration;

/// The policy every page is served with.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// Body of an answer; an error in it makes hyper drop the connection.
pub type Body = BoxBody<Bytes, io::Error>;

/// What an answer says of its life in caches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// A lifetime and a validator, as usual hosts send.
    Usual,
    /// A lifetime: damage on the way is cached like anything else, and the page must cope with that.
    Damaged,
    /// Not to be kept.
    Never,
}

/// The file with one bit of a byte turned over.
pub fn flipped(stored: &Stored, at: usize) -> Stored {
    let mut bytes = stored.bytes.clone();
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 0x10;
    }
    Stored {
        bytes,
        content_type: stored.content_type,
        gzip: None,
    }
}

/// Announces everything, sends half, then fails, which closes the connection.
pub fn truncated(stored: &Stored) -> Result<Response<Body>, io::Error> {
    let half = Bytes::copy_from_slice(
        stored
            .bytes
            .get(..stored.bytes.len() / 2)
            .unwrap_or_default(),
    );
    let first = stream::once(std::future::ready(Ok(Frame::data(half))));
    // The pause lets the first half reach the browser before the connection closes.
    let second = stream::once(async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Err(io::Error::other("truncated on purpose"))
    });
    Response::builder()
        .header(header::CONTENT_TYPE, stored.content_type)
        .header(header::CONTENT_LENGTH, stored.bytes.len())
        .body(BodyExt::boxed(StreamBody::new(first.chain(second))))
        .map_err(io::Error::other)
}

/// A network's own page in place of a file, which no cache keeps.
pub fn portal() -> Result<Response<Body>, io::Error> {
    let body = "<!doctype html><title>Sign in</title><script>globalThis.offprintHostile=1</script>";
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(full(body.into()))
        .map_err(io::Error::other)
}

/// The file in so many pieces, a pause before each.
pub fn dripping(
    stored: &Stored,
    pieces: usize,
    pause: Duration,
) -> Result<Response<Body>, io::Error> {
    let length = stored.bytes.len().div_ceil(pieces).max(1);
    let pieces: Vec<Bytes> = stored
        .bytes
        .chunks(length)
        .map(Bytes::copy_from_slice)
        .collect();
    let body = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok(Frame::data(piece))
    });
    Response::builder()
        .header(header::CONTENT_TYPE, stored.content_type)
        .header(header::CONTENT_LENGTH, stored.bytes.len())
        .body(BodyExt::boxed(StreamBody::new(body)))
        .map_err(io::Error::other)
}

/// Half of the file, and then nothing more.
pub fn stalled(stored: &Stored) -> Result<Response<Body>, io::Error> {
    let half = stored.bytes.get(..stored.bytes.len() / 2);
    let half = Bytes::copy_from_slice(half.unwrap_or_default());
    let first = stream::once(std::future::ready(Ok(Frame::data(half))));
    Response::builder()
        .header(header::CONTENT_TYPE, stored.content_type)
        .header(header::CONTENT_LENGTH, stored.bytes.len())
        .header(header::CACHE_CONTROL, "no-store")
        .body(BodyExt::boxed(StreamBody::new(
            first.chain(stream::pending()),
        )))
        .map_err(io::Error::other)
}

/// What every answer of a file begins with.
pub fn head(stored: &Stored, cache: Cache) -> Builder {
    let lifetime = if cache == Cache::Never {
        "no-store"
    } else {
        "max-age=600"
    };
    let builder = Response::builder()
        .header(header::CONTENT_TYPE, stored.content_type)
        .header(header::CACHE_CONTROL, lifetime)
        .header(header::ACCEPT_RANGES, "bytes");
    if cache == Cache::Usual {
        builder.header(header::ETAG, tag(&stored.bytes))
    } else {
        builder
    }
}

/// A whole answer: compressed like a real host's where the browser takes it, with a validator and a lifetime.
pub fn whole(
    request: &hyper::Request<Incoming>,
    stored: &Stored,
    cache: Cache,
) -> Result<Response<Body>, io::Error> {
    let mut builder = head(stored, cache);
    let html = stored.content_type.starts_with("text/html");
    if html {
        builder = builder.header(header::CONTENT_SECURITY_POLICY, POLICY);
    }
    let known = request.headers().get(header::IF_NONE_MATCH);
    if cache == Cache::Usual
        && known.is_some_and(|known| known.as_bytes() == tag(&stored.bytes).as_bytes())
    {
        return builder
            .status(StatusCode::NOT_MODIFIED)
            .body(full(Bytes::new()))
            .map_err(io::Error::other);
    }
    builder = builder.header("x-content-type-options", "nosniff");
    // A page that a script stores is stored without the watch, which lies beside the site.
    let shown = request
        .headers()
        .get("sec-fetch-dest")
        .is_none_or(|dest| dest != "empty");
    if html && shown {
        return builder
            .body(full(watched(&stored.bytes)))
            .map_err(io::Error::other);
    }
    let takes_gzip = |value: &HeaderValue| value.to_str().is_ok_and(|v| v.contains("gzip"));
    match &stored.gzip {
        Some(gzip)
            if request
                .headers()
                .get(header::ACCEPT_ENCODING)
                .is_some_and(takes_gzip) =>
        {
            builder
                .header(header::CONTENT_ENCODING, "gzip")
                .header(header::VARY, "Accept-Encoding")
                .body(full(Bytes::copy_from_slice(gzip)))
        }
        _ => builder.body(full(Bytes::copy_from_slice(&stored.bytes))),
    }
    .map_err(io::Error::other)
}

/// Puts the watch first in the page's head.
fn watched(html: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(html);
    let script = format!("<script src=\"{TEST}watch.js\"></script>");
    let lower = text.to_ascii_lowercase();
    let place = lower
        .find("<head")
        .and_then(|at| lower.get(at..)?.find('>').map(|end| at + end + 1));
    let (before, after) = match place {
        Some(place) => text.split_at(place),
        None => ("", text.as_ref()),
    };
    Bytes::from(format!("{before}{script}{after}"))
}

fn tag(bytes: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("\"{:016x}\"", hasher.finish())
}

/// A body of these bytes.
pub fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

/// An empty answer.
pub fn plain(status: StatusCode) -> Result<Response<Body>, io::Error> {
    Response::builder()
        .status(status)
        .body(full(Bytes::new()))
        .map_err(io::Error::other)
}

/// What static hosts answer for errors: a page, not nothing.
pub fn error_page(status: StatusCode) -> Result<Response<Body>, io::Error> {
    let body = format!("<!doctype html><title>{status}</title><h1>{status}</h1>");
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .body(full(body.into()))
        .map_err(io::Error::other)
}
