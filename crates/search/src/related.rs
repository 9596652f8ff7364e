//! The papers that are near a paper, as the hits of a search without words.

use offprint_format::{BlockId, BlockRef, Section, Segment, limits, read_related};

use crate::engine::Engine;
use crate::error::{Error, Failed};
use crate::score::{Ranked, Ranking};

/// The block that names the papers near `doc`, if the index knows of any.
pub(crate) fn block(segment: &Segment, doc: u32) -> Option<BlockRef> {
    segment.section(Section::Related)?;
    let number = doc / limits::RELATED_PAPERS;
    let section = Section::Related;
    Some(BlockId { section, number }.whole())
}

/// The papers near `doc`, the nearest first. Their block must be at hand.
pub(crate) fn rank(engine: &mut Engine, doc: u32) -> Result<Ranking, Failed> {
    let segment = engine.segment();
    if doc >= segment.papers {
        return Err(Error::NoSuchPaper(doc).into());
    }
    let mut hits = Vec::new();
    if let Some(block) = block(&segment, doc) {
        let payload = engine.raw(block.id)?;
        let docs = read_related(&payload, doc, segment.papers);
        for doc in docs.map_err(|fault| block.id.damaged(fault))? {
            hits.push(Ranked {
                doc,
                score: 0,
                all_words: true,
            });
        }
    }
    Ok(Ranking {
        total: hits.len() as u32,
        total_any: hits.len() as u32,
        exact: true,
        settled: true,
        seen: true,
        tied: Vec::new(),
        hits,
    })
}
