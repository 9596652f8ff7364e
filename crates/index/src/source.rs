//! Where papers come from: a slice, or scratch storage.

use std::borrow::Cow;
use std::io;

use offprint_papers::{Date, Paper, StoredPapers};

/// Papers that can be read in any order, each more than once.
pub trait Source: Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Primary category and date of a paper, which decide its place.
    fn key(&self, at: usize) -> (Option<&str>, Option<Date>);

    /// How long a paper is, as [`crate::length`] counts.
    ///
    /// # Errors
    /// What the storage says.
    fn length(&self, at: usize) -> io::Result<u32> {
        Ok(crate::length(self.paper(at)?.as_ref()))
    }

    /// Whether terms of papers have weights from elsewhere.
    fn is_weighted(&self) -> bool {
        false
    }

    /// Hands every term of a paper that has a weight from elsewhere to `each`, and the weight,
    /// which is a positive finite number. A term may come more than once.
    ///
    /// # Errors
    /// What the storage says.
    fn weights(&self, at: usize, each: &mut dyn FnMut(&str, f32)) -> io::Result<()> {
        let _ = (at, each);
        Ok(())
    }

    /// Reads a paper.
    ///
    /// # Errors
    /// What the storage says.
    fn paper(&self, at: usize) -> io::Result<Cow<'_, Paper>>;
}

impl Source for [Paper] {
    fn len(&self) -> usize {
        <[Paper]>::len(self)
    }

    fn key(&self, at: usize) -> (Option<&str>, Option<Date>) {
        self.get(at).map_or((None, None), |paper| {
            (paper.categories.first().map(String::as_str), paper.date)
        })
    }

    fn paper(&self, at: usize) -> io::Result<Cow<'_, Paper>> {
        self.get(at)
            .map(Cow::Borrowed)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

impl Source for StoredPapers {
    fn len(&self) -> usize {
        StoredPapers::len(self)
    }

    fn key(&self, at: usize) -> (Option<&str>, Option<Date>) {
        StoredPapers::key(self, at)
    }

    fn length(&self, at: usize) -> io::Result<u32> {
        match StoredPapers::length(self, at) {
            Some(length) => Ok(length),
            None => Ok(crate::length(&self.read(at)?)),
        }
    }

    fn is_weighted(&self) -> bool {
        StoredPapers::weights(self).is_some()
    }

    fn weights(&self, at: usize, each: &mut dyn FnMut(&str, f32)) -> io::Result<()> {
        StoredPapers::weights(self).map_or(Ok(()), |weights| weights.of(at, each))
    }

    fn paper(&self, at: usize) -> io::Result<Cow<'_, Paper>> {
        self.read(at).map(Cow::Owned)
    }
}
