//! Reading one paper whole.

use std::rc::Rc;

use offprint_format::{BlockId, Card, RecordAddress, Section, Segment};

use crate::answer::{Link, Listed, Paper, date, some, web_address};
use crate::engine::{Engine, Step, Task};
use crate::error::Error;
use crate::snippet::read;

/// The block that holds a paper's card.
pub(crate) fn card_block(segment: &Rc<Segment>, doc: u32) -> Result<BlockId, Error> {
    if doc >= segment.papers {
        return Err(Error::NoSuchPaper(doc));
    }
    let number = doc
        .checked_div(segment.cards_per_block)
        .ok_or(Error::NoSuchPaper(doc))?;
    Ok(BlockId {
        section: Section::Cards,
        number,
    })
}

/// A paper's card, whose block is at hand.
pub(crate) fn card_of(engine: &mut Engine, doc: u32) -> Result<Card, Error> {
    let segment = engine.segment();
    let block = card_block(&segment, doc)?;
    let cards = engine.cards(block.number)?;
    let card = cards.cards().get((doc % segment.cards_per_block) as usize);
    card.cloned()
        .ok_or_else(|| block.damaged(offprint_format::Fault::Short).into())
}

/// The blocks that hold a record.
pub(crate) fn record_blocks(address: RecordAddress) -> Result<Vec<BlockId>, Error> {
    let id = |number| BlockId {
        section: Section::Records,
        number,
    };
    let blocks = address
        .blocks()
        .map_err(|fault| id(address.block).damaged(fault))?;
    Ok(blocks.map(id).collect())
}

/// Reads a paper.
pub struct PaperTask {
    doc: u32,
}

impl PaperTask {
    /// Asks for the paper of a document number.
    #[must_use]
    pub fn new(engine: &mut Engine, doc: u32) -> PaperTask {
        engine.trim();
        PaperTask { doc }
    }
}

impl Task for PaperTask {
    type Output = Paper;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Paper>, Error> {
        let card = card_block(&engine.segment(), self.doc)?;
        let missing = engine.missing(vec![card])?;
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        let address = card_of(engine, self.doc)?.record;
        let missing = engine.missing(record_blocks(address)?)?;
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        let record = read(engine, address)?;
        Ok(Step::Done(Paper {
            doc: self.doc,
            id: record.id,
            title: record.title,
            abstract_: record.abstract_,
            authors: record.authors,
            date: date(record.date),
            venue: some(&record.venue),
            categories: record.categories,
            keywords: record.keywords,
            links: record
                .links
                .into_iter()
                .filter_map(|(kind, url)| {
                    Some(Link {
                        kind,
                        url: web_address(&url)?,
                    })
                })
                .collect(),
            code: record.code.into(),
            listings: record
                .listings
                .into_iter()
                .map(|listing| Listed {
                    source: listing.source,
                    listed_on: some(&listing.listed_on),
                    rank: listing.rank,
                })
                .collect(),
        }))
    }
}
