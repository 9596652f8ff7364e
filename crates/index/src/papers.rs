//! Papers to cards and records.

use offprint_format::{
    Card, CodeState, Listing, Record, RecordPacker, Section, Segment, pack_cards,
};
use offprint_papers::{Date, LinkKind, Paper};

use crate::pipeline::{pipeline, threads};
use crate::write::Files;
use crate::{Error, Progress, Sizes, Source};

/// Characters of a title on a card.
const CARD_TITLE: usize = 300;
/// Authors on a card.
const CARD_AUTHORS: usize = 10;
/// Characters of an author's name, of a venue and of an id on a card.
const CARD_NAME: usize = 100;

/// Papers whose records are packed on their own, so that threads need not wait for each other: a
/// block of records ends where these do.
const GROUP: usize = 1024;

/// Writes the cards and records sections.
pub(crate) fn write(
    papers: &(impl Source + ?Sized),
    order: &[u32],
    sizes: &Sizes,
    segment: &mut Segment,
    files: &mut Files<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    segment.cards_per_block = sizes.cards_per_block;
    let per_block = (sizes.cards_per_block as usize).max(1);
    let mut groups = order.chunks((GROUP / per_block).max(1) * per_block);
    let (mut done, mut records) = (0, 0);
    pipeline(
        || Ok(groups.by_ref().take(threads() * 2).collect()),
        |group| Packed::new(papers, group, sizes),
        |packed| {
            let first = records;
            done += packed.papers;
            for mut page in packed.pages {
                for payload in page.records {
                    files.block(Section::Records, payload)?;
                    records += 1;
                }
                for card in &mut page.cards {
                    card.record.block += first;
                }
                files.block(Section::Cards, pack_cards(&page.cards))?;
            }
            if let Some(payload) = packed.last {
                files.block(Section::Records, payload)?;
                records += 1;
            }
            progress(Progress {
                phase: "writing papers",
                done,
                total: order.len() as u64,
            });
            Ok(())
        },
    )?;
    files.flush()
}

/// A block of cards, and the blocks of records that were full by then.
struct Page {
    records: Vec<Vec<u8>>,
    cards: Vec<Card>,
}

/// A group of papers, with addresses of records that count from the group's first block.
struct Packed {
    papers: u64,
    pages: Vec<Page>,
    last: Option<Vec<u8>>,
}

impl Packed {
    fn new(papers: &(impl Source + ?Sized), group: &[u32], sizes: &Sizes) -> Result<Packed, Error> {
        let mut packer = RecordPacker::new(sizes.records_per_block);
        let mut pages = Vec::new();
        for places in group.chunks((sizes.cards_per_block as usize).max(1)) {
            let mut page = Page {
                records: Vec::new(),
                cards: Vec::with_capacity(places.len()),
            };
            for &place in places {
                let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
                let (address, full) =
                    packer
                        .push(&record(&paper))
                        .ok_or_else(|| Error::TooLarge {
                            id: paper.id.clone(),
                        })?;
                page.records.extend(full);
                page.cards.push(Card {
                    record: address,
                    ..card(&paper)
                });
            }
            pages.push(page);
        }
        Ok(Packed {
            papers: group.len() as u64,
            pages,
            last: packer.flush(),
        })
    }
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

fn pack_date(date: Option<Date>) -> u32 {
    date.map_or(0, |date| Card::pack_date(date.year, date.month, date.day))
}

fn code(paper: &Paper) -> CodeState {
    match paper.code {
        offprint_papers::CodeState::Unknown => CodeState::Unknown,
        offprint_papers::CodeState::Linked => CodeState::Linked,
        offprint_papers::CodeState::Stated => CodeState::Stated,
        offprint_papers::CodeState::Promised => CodeState::Promised,
    }
}

fn link(paper: &Paper, kinds: &[LinkKind]) -> String {
    let of = |kind: &LinkKind| paper.links.iter().find(|link| link.kind == *kind);
    kinds
        .iter()
        .find_map(of)
        .map(|link| link.url.clone())
        .unwrap_or_default()
}

fn card(paper: &Paper) -> Card {
    Card {
        id: paper.id.clone(),
        title: cut(&paper.title.clean, CARD_TITLE),
        authors: paper
            .authors
            .iter()
            .take(CARD_AUTHORS)
            .map(|name| cut(name, CARD_NAME))
            .collect(),
        author_count: paper.authors.len() as u32,
        date: pack_date(paper.date),
        venue: cut(paper.venue.as_deref().unwrap_or_default(), CARD_NAME),
        url: link(paper, &[LinkKind::Page, LinkKind::Doi, LinkKind::Pdf]),
        code_url: link(paper, &[LinkKind::Code]),
        code: code(paper),
        ..Card::default()
    }
}

fn kind_name(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Page => "page",
        LinkKind::Pdf => "pdf",
        LinkKind::Doi => "doi",
        LinkKind::Code => "code",
        LinkKind::Data => "data",
        LinkKind::Project => "project",
        LinkKind::Other => "other",
    }
}

fn record(paper: &Paper) -> Record {
    Record {
        id: paper.id.clone(),
        title: paper.title.clean.clone(),
        abstract_: paper.abstract_.clean.clone(),
        date: pack_date(paper.date),
        code: code(paper),
        venue: paper.venue.clone().unwrap_or_default(),
        authors: paper.authors.clone(),
        categories: paper.categories.clone(),
        keywords: paper.keywords.clone(),
        links: paper
            .links
            .iter()
            .map(|link| (kind_name(link.kind).to_owned(), link.url.clone()))
            .collect(),
        listings: paper
            .listings
            .iter()
            .map(|listing| Listing {
                source: listing.source.clone(),
                listed_on: listing.listed_on.clone().unwrap_or_default(),
                rank: listing.rank,
            })
            .collect(),
    }
}
