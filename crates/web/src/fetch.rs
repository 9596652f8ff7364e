//! Fetching files, on a page and in a worker alike.

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestInit, Response};

use crate::error;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn start(url: &str, init: &RequestInit) -> Promise;
}

/// Fetches a whole file; `fresh` passes every cache.
///
/// # Errors
/// An `OffprintError` with code `fetch` or `aborted`.
pub(crate) async fn bytes(
    url: &str,
    path: &str,
    signal: Option<&AbortSignal>,
    fresh: bool,
) -> Result<Vec<u8>, JsValue> {
    let init = RequestInit::new();
    init.set_signal(signal);
    if fresh {
        init.set_cache(RequestCache::Reload);
    }
    let body = async {
        let response: Response = JsFuture::from(start(url, &init)).await?.unchecked_into();
        if !response.ok() {
            return Err(JsValue::from(format!("HTTP status {}", response.status())));
        }
        JsFuture::from(response.array_buffer()?).await
    };
    match body.await {
        Ok(buffer) => Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec()),
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
