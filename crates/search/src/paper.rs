//! Reading one paper whole.

use offprint_format::{BlockId, BlockRef, Card, Record, Section, Segment, limits, read_record};

use crate::answer::{Link, Listed, Paper, date, some, web_address};
use crate::engine::{Engine, Step, Task};
use crate::error::{Failed, no_paper, too_large};

/// Adds the blocks that tell where cards lie, if the segment has them.
pub(crate) fn directory(segment: &Segment, out: &mut Vec<BlockRef>) {
    let blocks = segment.blocks(Section::Directory);
    for number in 0..blocks {
        let section = Section::Directory;
        out.push(BlockId { section, number }.whole());
    }
}

/// The block that holds a paper's card, and the card's place in it. The directory must be at hand.
fn card_place(engine: &mut Engine, doc: u32) -> Result<(BlockId, usize), Failed> {
    let segment = engine.segment();
    let missing = || no_paper(doc);
    if doc >= segment.papers {
        return Err(missing());
    }
    let place = |number, first| {
        let section = Section::Cards;
        (BlockId { section, number }, (doc - first) as usize)
    };
    if let Some(number) = doc.checked_div(segment.cards_per_block) {
        return Ok(place(number, number * segment.cards_per_block));
    }
    for block in 0..segment.blocks(Section::Directory) {
        let firsts = engine.directory(block)?;
        if firsts.last().is_some_and(|&end| doc < end) {
            let page = firsts.partition_point(|&first| first <= doc);
            let page = page.checked_sub(1).ok_or_else(missing)?;
            let first = firsts.get(page).copied().unwrap_or_default();
            let before = block.saturating_mul(limits::PAGES);
            return Ok(place(before.saturating_add(page as u32), first));
        }
    }
    Err(missing())
}

/// The block that holds a paper's card. The directory must be at hand.
pub(crate) fn card_block(engine: &mut Engine, doc: u32) -> Result<BlockRef, Failed> {
    Ok(card_place(engine, doc)?.0.whole())
}

/// A paper's card, whose block is at hand.
pub(crate) fn card_of(engine: &mut Engine, doc: u32) -> Result<Card, Failed> {
    let (block, at) = card_place(engine, doc)?;
    let cards = engine.cards(block.number)?;
    let card = cards.cards().get(at).cloned();
    card.ok_or_else(|| block.damaged(offprint_format::Fault::Short).into())
}

/// Adds the blocks that hold a card's record.
fn record_blocks(segment: &Segment, card: &Card, out: &mut Vec<BlockRef>) -> Result<(), Failed> {
    let id = BlockId {
        section: Section::Records,
        number: card.record.block,
    };
    let blocks = segment.record_blocks(card.record, out);
    blocks.map_err(|fault| id.damaged(fault).into())
}

/// The cards of these papers, or the blocks that must be read first.
pub(crate) fn cards(engine: &mut Engine, docs: &[u32]) -> Result<Step<Vec<Card>>, Failed> {
    let segment = engine.segment();
    let mut blocks = Vec::new();
    directory(&segment, &mut blocks);
    let missing = engine.missing(blocks)?;
    if !missing.is_empty() {
        return Ok(Step::Need(missing));
    }
    let mut blocks = Vec::with_capacity(docs.len());
    for &doc in docs {
        blocks.push(card_block(engine, doc)?);
    }
    let missing = engine.missing(blocks)?;
    if !missing.is_empty() {
        return Ok(Step::Need(missing));
    }
    let mut cards = Vec::with_capacity(docs.len());
    for &doc in docs {
        cards.push(card_of(engine, doc)?);
    }
    Ok(Step::Done(cards))
}

/// The records of these papers, or the blocks that must be read first.
pub(crate) fn records(engine: &mut Engine, docs: &[u32]) -> Result<Step<Vec<Record>>, Failed> {
    let cards = match cards(engine, docs)? {
        Step::Need(blocks) => return Ok(Step::Need(blocks)),
        Step::Done(cards) => cards,
    };
    let segment = engine.segment();
    let mut blocks = Vec::new();
    for card in &cards {
        record_blocks(&segment, card, &mut blocks)?;
    }
    let missing = engine.missing(blocks)?;
    if !missing.is_empty() {
        return Ok(Step::Need(missing));
    }
    let mut records = Vec::with_capacity(cards.len());
    for card in &cards {
        records.push(read(engine, card)?);
    }
    Ok(Step::Done(records))
}

/// Reads a record whose blocks are at hand.
fn read(engine: &mut Engine, card: &Card) -> Result<Record, Failed> {
    let segment = engine.segment();
    let mut blocks = Vec::new();
    record_blocks(&segment, card, &mut blocks)?;
    let mut payloads = Vec::with_capacity(blocks.len());
    for block in &blocks {
        payloads.push(engine.raw(block.id)?);
    }
    let packed = segment.is_packed(Section::Records);
    read_record(card, &payloads, packed).map_err(|fault| match blocks.first() {
        Some(block) => block.id.damaged(fault).into(),
        None => too_large(),
    })
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

    fn step(&mut self, engine: &mut Engine) -> Result<Step<Paper>, Failed> {
        let records = match records(engine, &[self.doc])? {
            Step::Need(blocks) => return Ok(Step::Need(blocks)),
            Step::Done(records) => records,
        };
        let record = records.into_iter().next();
        let record = record.ok_or_else(|| no_paper(self.doc))?;
        let mut links = Vec::with_capacity(record.links.len());
        for (kind, url) in record.links {
            if let Some(url) = web_address(&url) {
                links.push(Link { kind, url });
            }
        }
        let mut listings = Vec::with_capacity(record.listings.len());
        for listing in record.listings {
            listings.push(Listed {
                source: listing.source,
                listed_on: some(&listing.listed_on),
                rank: listing.rank,
            });
        }
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
            links,
            code: record.code.into(),
            listings,
        }))
    }
}
