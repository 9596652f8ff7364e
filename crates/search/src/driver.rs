//! Drives a task with a function that gets files, for everything but a browser.

use std::ops::Range;

use crate::answer::Work;
use crate::engine::{Engine, Step, Task};
use crate::error::{Error, Failed};

/// Why a driven task did not come to an end.
#[derive(Debug, thiserror::Error)]
pub enum DriveError<E> {
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] Error),
    /// A file could not be got.
    #[error("{path}: {source}")]
    File {
        /// Path inside the site.
        path: String,
        /// Why.
        source: E,
    },
}

impl<E> From<Failed> for DriveError<E> {
    fn from(error: Failed) -> Self {
        DriveError::Engine(*error)
    }
}

/// Gets a file, or the given range of it.
pub type Get<'a, E> = dyn FnMut(&str, Option<Range<u32>>) -> Result<Vec<u8>, E> + 'a;

/// Steps a task to its end, getting the files of each round with `get`: a path inside the site,
/// and a range of its bytes where not the whole file is wanted.
///
/// # Errors
/// Whatever the engine or `get` says first.
pub fn drive<T: Task, E>(
    engine: &mut Engine,
    mut task: T,
    get: &mut Get<'_, E>,
) -> Result<(T::Output, Work), DriveError<E>> {
    let mut work = Work::default();
    loop {
        match task.step(engine)? {
            Step::Done(output) => return Ok((output, work)),
            Step::Need(blocks) => {
                work.rounds += 1;
                work.blocks += blocks.len() as u32;
                for read in engine.reads(&blocks)? {
                    let path = engine.path_of(read.file);
                    let bytes = get(&path, read.range.clone())
                        .map_err(|source| DriveError::File { path, source })?;
                    work.files += 1;
                    work.bytes = work.bytes.saturating_add(bytes.len() as u32);
                    engine.supply(&read, &bytes)?;
                }
            }
        }
    }
}
