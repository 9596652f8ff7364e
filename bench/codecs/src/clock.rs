//! Time that this thread computes, for machines that others use too.

use std::time::Instant;

/// Runs from when it is made.
pub(crate) struct Clock {
    start: Instant,
    computed: Option<u64>,
}

/// What Linux says of it, in nanoseconds.
fn computed() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok()
}

impl Clock {
    pub(crate) fn new() -> Self {
        Clock {
            start: Instant::now(),
            computed: computed(),
        }
    }

    /// Time computed since; time passed, where that is not told.
    pub(crate) fn nanoseconds(&self) -> f64 {
        match self.computed.zip(computed()) {
            Some((before, now)) => now.saturating_sub(before) as f64,
            None => self.start.elapsed().as_nanos() as f64,
        }
    }
}
