//! Errors as JavaScript sees them: an `Error` named `OffprintError` with `code` and `advice`.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

fn make(code: &str, message: &str, advice: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("OffprintError");
    for (key, value) in [("code", code), ("advice", advice)] {
        // Setting a property of a plain object that was just made cannot fail.
        let _ = Reflect::set(&error, &key.into(), &value.into());
    }
    error.into()
}

pub(crate) fn from_engine(error: &offprint_search::Error) -> JsValue {
    make(error.code(), &error.message(), error.advice())
}

/// A request that is not of the documented form.
pub(crate) fn invalid(message: &str) -> JsValue {
    make(
        "query",
        message,
        "See the documentation of the request's fields.",
    )
}
