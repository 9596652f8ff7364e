//! Fetching files, on a page and in a worker alike.

use js_sys::{Promise, Uint8Array};
use offprint_format::Read;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::error;

/// How often a request is made before it is given up: the last time without a range.
pub(crate) const ATTEMPTS: u32 = 3;

#[wasm_bindgen]
extern "C" {
    /// Of `www/parts.js`, which the build joins to this module's glue.
    #[wasm_bindgen(js_name = fetchPart)]
    fn fetch_part(
        url: &str,
        start: u32,
        end: u32,
        attempt: u32,
        signal: Option<&AbortSignal>,
    ) -> Promise;
}

/// Makes a request for the given time, counted from 0; all but the first pass every cache.
pub(crate) fn request(
    url: &str,
    read: &Read,
    attempt: u32,
    signal: Option<&AbortSignal>,
) -> JsFuture {
    let (start, end) = match &read.range {
        Some(range) => (range.start, range.end),
        None => (0, 0),
    };
    JsFuture::from(fetch_part(url, start, end, attempt, signal))
}

/// The bytes that a request brought.
///
/// # Errors
/// An `OffprintError` with code `fetch` or `aborted`.
pub(crate) fn bytes(
    body: Result<JsValue, JsValue>,
    path: &str,
    signal: Option<&AbortSignal>,
) -> Result<Vec<u8>, JsValue> {
    match body {
        Ok(bytes) => Ok(bytes.unchecked_into::<Uint8Array>().to_vec()),
        Err(_) if signal.is_some_and(AbortSignal::aborted) => Err(error::aborted()),
        Err(reason) => Err(error::fetch(path, &reason_text(&reason))),
    }
}

fn reason_text(reason: &JsValue) -> String {
    let error = reason.dyn_ref::<js_sys::Error>();
    reason
        .as_string()
        .or_else(|| error.map(|error| error.message().into()))
        .unwrap_or_default()
}
