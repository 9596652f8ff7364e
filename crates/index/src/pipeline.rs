//! Work on all threads, results in order.

use rayon::prelude::*;

use crate::Error;

/// Works on batches on all threads. What has an order stays on the calling thread: making the next
/// batch, and taking the results of the one before while the one at hand is worked on.
pub(crate) fn pipeline<I: Send, O: Send>(
    mut next: impl FnMut() -> Result<Vec<I>, Error>,
    work: impl Fn(I) -> Result<O, Error> + Sync,
    mut take: impl FnMut(O) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut batch = next()?;
    let mut done: Vec<Result<O, Error>> = Vec::new();
    while !batch.is_empty() {
        let mut fresh = Vec::new();
        let following = rayon::in_place_scope(|scope| {
            let (items, fresh, work) = (batch, &mut fresh, &work);
            scope
                .spawn(move |_| *fresh = items.into_par_iter().with_max_len(1).map(work).collect());
            for output in done.drain(..) {
                take(output?)?;
            }
            next()
        })?;
        (batch, done) = (following, fresh);
    }
    done.into_iter().try_for_each(|output| take(output?))
}

/// Threads that work.
pub(crate) fn threads() -> usize {
    rayon::current_num_threads()
}
