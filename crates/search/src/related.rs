//! The papers that are near a paper.

use offprint_format::{BlockId, Card, Section, limits, read_related};

use crate::answer::{Related, web_address};
use crate::engine::{Engine, Step, Task};
use crate::error::Error;
use crate::paper;

/// Finds the papers related to a paper, the nearest first; none where the index knows of none.
pub struct RelatedTask {
    doc: u32,
}

impl RelatedTask {
    /// Asks for those of a document number.
    #[must_use]
    pub fn new(engine: &mut Engine, doc: u32) -> RelatedTask {
        engine.trim();
        RelatedTask { doc }
    }
}

impl Task for RelatedTask {
    type Output = Vec<Related>;

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Vec<Related>>, Error> {
        let segment = engine.segment();
        if self.doc >= segment.papers {
            return Err(Error::NoSuchPaper(self.doc));
        }
        if segment.section(Section::Related).is_none() {
            return Ok(Step::Done(Vec::new()));
        }
        let id = BlockId {
            section: Section::Related,
            number: self.doc / limits::RELATED_PAPERS,
        };
        let missing = engine.missing(vec![id.whole()])?;
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        let payload = engine.raw(id)?;
        let docs = read_related(&payload, self.doc, segment.papers);
        let docs = docs.map_err(|fault| id.damaged(fault))?;
        let cards = match paper::cards(engine, &docs)? {
            Step::Need(blocks) => return Ok(Step::Need(blocks)),
            Step::Done(cards) => cards,
        };
        let related = docs.into_iter().zip(cards).map(|(doc, card)| Related {
            doc,
            year: Card::unpack_date(card.date).map(|(year, _, _)| year),
            url: web_address(&card.url),
            id: card.id,
            title: card.title,
        });
        Ok(Step::Done(related.collect()))
    }
}
