//! The authors of some papers, counted by their bylines.

use offprint_format::{BlockRef, Column, bylines_in, read_bylines};

use crate::engine::{Engine, Step, sorted};
use crate::error::Failed;
use crate::facets::{Facet, FacetValue, Field};
use crate::paper;

/// Papers whose authors are counted paper by paper, at most.
pub(crate) const MOST: usize = 2000;

/// Authors who are counted then, at most: each costs a card.
const NAMED: usize = 20;

/// Bits of the place of a paper among those counted.
const PAPER: u32 = 11;

/// A count under way.
#[derive(Default)]
pub(crate) struct Authors {
    /// Papers that are to be counted, rising; then, of each author who is named, one that names
    /// them.
    pub(crate) docs: Vec<u32>,
    /// Of each, their place in that paper's byline, and how many papers they wrote.
    named: Vec<(usize, u32)>,
}

impl Authors {
    /// Goes on as far as it can; gives the blocks that must be read first, or none and puts what
    /// was counted into the facets of authors.
    pub(crate) fn step(
        &mut self,
        engine: &mut Engine,
        facets: &mut [Facet],
    ) -> Result<Vec<BlockRef>, Failed> {
        if self.docs.is_empty() || self.docs.len() > MOST {
            return Ok(Vec::new());
        }
        if self.named.is_empty() {
            let missing = self.count(engine)?;
            if !missing.is_empty() {
                return Ok(missing);
            }
        }
        let mut missing = Vec::new();
        let mut values = Vec::new();
        for (&doc, &(place, count)) in self.docs.iter().zip(&self.named) {
            let mut names = Vec::new();
            match paper::cards(engine, &[doc])? {
                Step::Need(blocks) => missing.extend(blocks),
                Step::Done(cards) => {
                    cards.into_iter().for_each(|card| names = card.authors);
                    // Cards have the first authors of a long byline.
                    if place >= names.len() {
                        match paper::records(engine, &[doc])? {
                            Step::Need(blocks) => missing.extend(blocks),
                            Step::Done(records) => {
                                records
                                    .into_iter()
                                    .for_each(|record| names = record.authors);
                            }
                        }
                    }
                }
            }
            if let Some(value) = names.into_iter().nth(place) {
                values.push(FacetValue { value, count });
            }
        }
        for facet in facets {
            if facet.field == Field::Author {
                facet.values = values;
                facet.other = 0;
                break;
            }
        }
        Ok(missing)
    }

    fn count(&mut self, engine: &mut Engine) -> Result<Vec<BlockRef>, Failed> {
        let column = Column::Bylines;
        let papers = engine.segment().papers;
        let step = bylines_in(papers, engine.blocks_in(column));
        let mut blocks = Vec::new();
        for &doc in &self.docs {
            engine.ask(&mut blocks, column, doc / step..doc / step + 1);
        }
        let missing = engine.missing(blocks)?;
        if !missing.is_empty() {
            return Ok(missing);
        }
        let mut keys = Vec::new();
        let mut bylines = Vec::new();
        let (mut next, mut at, mut end) = (0, 0, 0);
        for (place, &doc) in (0u64..).zip(&self.docs) {
            if doc >= end {
                next = doc / step * step;
                end = next + step;
                at = 0;
                let payload = engine.bytes_of(column, doc / step..doc / step + 1)?;
                bylines = read_bylines(&payload, step.min(papers - next))
                    .map_err(|fault| engine.bad(column, fault))?;
            }
            let mut byline = 0..0;
            while next <= doc {
                let count = bylines.get(at).copied().unwrap_or(0) as usize;
                byline = at + 1..at + 1 + count;
                at = byline.end;
                next += 1;
            }
            for (from, &author) in (0u64..).zip(bylines.get(byline).unwrap_or_default()) {
                if author > 0 {
                    keys.push(u64::from(author) << 32 | from << PAPER | place);
                }
            }
        }
        let keys = sorted(keys);
        // Those with most papers first, then those who have most in the collection.
        let mut ranked = Vec::new();
        let mut start = 0u32;
        for (end, key) in (1..).zip(&keys) {
            if keys
                .get(end as usize)
                .is_none_or(|next| next >> 32 != key >> 32)
            {
                ranked.push(u64::from(u32::MAX - (end - start)) << 32 | u64::from(start));
                start = end;
            }
        }
        let mut docs = Vec::new();
        for rank in sorted(ranked).into_iter().take(NAMED) {
            let key = keys.get(rank as u32 as usize).copied().unwrap_or(0) as u32;
            let place = (key & ((1 << PAPER) - 1)) as usize;
            docs.extend(self.docs.get(place));
            let papers = u32::MAX - (rank >> 32) as u32;
            self.named.push(((key >> PAPER) as usize, papers));
        }
        self.docs = docs;
        Ok(Vec::new())
    }
}
