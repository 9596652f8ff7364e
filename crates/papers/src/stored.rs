//! The papers of a collection, in scratch storage.

use std::collections::HashMap;
use std::io;

use crate::collection::{Key, id_key};
use crate::packed::unpack;
use crate::paper::{Date, Paper};
use crate::scratch::{Spool, garbled};
use crate::weights::Weights;

/// Papers that lie in scratch storage, in the order they were first met. What is needed to bring
/// them into another order is in memory: 28 bytes a paper.
pub struct StoredPapers {
    pub(crate) spool: Spool,
    pub(crate) places: Vec<Stored>,
    /// How long each is; none where nobody measured them.
    pub(crate) lengths: Vec<u32>,
    /// Primary categories, by number.
    pub(crate) categories: Vec<Box<str>>,
    /// Papers by their ids, where these were kept.
    pub(crate) ids: HashMap<Key, u32>,
    pub(crate) weights: Option<Weights>,
}

/// Where a paper lies, and what it is sorted by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub(crate) offset: u64,
    pub(crate) bytes: u32,
    /// Into the list of categories; [`NO_CATEGORY`] where it has none.
    pub(crate) category: u32,
    pub(crate) date: Option<Date>,
}

pub(crate) const NO_CATEGORY: u32 = u32::MAX;

impl StoredPapers {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Primary category and date of a paper.
    #[must_use]
    pub fn key(&self, at: usize) -> (Option<&str>, Option<Date>) {
        let Some(stored) = self.places.get(at) else {
            return (None, None);
        };
        let category = self.categories.get(stored.category as usize);
        (category.map(AsRef::as_ref), stored.date)
    }

    /// How long a paper is, if it was measured when it was read.
    #[must_use]
    pub fn length(&self, at: usize) -> Option<u32> {
        self.lengths.get(at).copied()
    }

    /// Bytes that a paper takes in storage.
    #[must_use]
    pub fn bytes(&self, at: usize) -> usize {
        self.places
            .get(at)
            .map_or(0, |stored| stored.bytes as usize)
    }

    /// The paper of an id, which may be one of several that its records had. None unless
    /// [`crate::Collection::keep_ids`] was said.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.get(&id_key(id)).copied()
    }

    /// Forgets the ids, and takes in the weights that they were kept for.
    pub fn give(&mut self, weights: Weights) {
        self.ids = HashMap::new();
        self.weights = Some(weights);
    }

    /// Weights of the papers' terms, if there are any.
    #[must_use]
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// Reads a paper.
    ///
    /// # Errors
    /// What the storage says.
    pub fn read(&self, at: usize) -> io::Result<Paper> {
        let stored = self.places.get(at).ok_or_else(garbled)?;
        read(&self.spool, *stored)
    }
}

pub(crate) fn read(spool: &Spool, stored: Stored) -> io::Result<Paper> {
    let bytes = spool.read(stored.offset, stored.bytes as usize)?;
    unpack(&bytes).ok_or_else(garbled)
}
