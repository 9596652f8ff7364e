//! Reading a dictionary whose bytes may be forged.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::Fault;
use crate::limits;

/// Every key of an fst, by a walk that ends whatever the bytes are.
pub(crate) fn dictionary_words(bytes: &[u8]) -> Result<Vec<Box<str>>, Fault> {
    guarded(|| {
        let fst = fst::raw::Fst::new(bytes).map_err(|_| Fault::Dictionary)?;
        if fst.len() > limits::SHARD_WORDS {
            return Err(Fault::value("number of words"));
        }
        let mut words: Vec<Box<str>> = Vec::with_capacity(fst.len());
        let mut key = Vec::new();
        let mut steps = limits::SHARD_WORDS * limits::TERM;
        let mut stack = vec![(fst.root(), 0usize)];
        while let Some((node, next)) = stack.last_mut() {
            if *next == 0 && node.is_final() {
                let word = std::str::from_utf8(&key).map_err(|_| Fault::Utf8)?;
                if words.len() == fst.len() || words.last().is_some_and(|last| **last >= *word) {
                    return Err(Fault::Dictionary);
                }
                words.push(word.into());
            }
            if *next < node.len() {
                steps = steps.checked_sub(1).ok_or(Fault::Dictionary)?;
                let transition = node.transition(*next);
                *next += 1;
                // A sound fst points backwards only; a loop would never end.
                if transition.addr >= node.addr() || key.len() == limits::TERM {
                    return Err(Fault::Dictionary);
                }
                key.push(transition.inp);
                stack.push((fst.node(transition.addr), 0));
            } else {
                stack.pop();
                key.pop();
            }
        }
        if words.len() == fst.len() {
            Ok(words)
        } else {
            Err(Fault::Dictionary)
        }
    })
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside code whose panics are caught and turned into
/// [`Fault::Dictionary`], so that a panic hook can stay silent.
#[must_use]
pub fn guarded_now() -> bool {
    GUARDED.get()
}

/// Runs `read`, which uses the `fst` crate on bytes that may be forged: the crate panics on some.
/// Where panics unwind they become [`Fault::Dictionary`]; where they abort (wasm) the host
/// restarts the engine.
fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Fault::Dictionary));
    GUARDED.set(before);
    result
}
