//! Blocks to files, and papers to cards and records.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_format::{
    BlockId, Card, CodeState, FileId, FileWriter, Listing, Record, RecordPacker, Section,
    SectionTable, Segment, pack_cards, seal_block,
};
use offprint_papers::{Date, LinkKind, Paper};
use sha2::{Digest, Sha256};

use crate::{Error, Progress, Sink, Sizes};

/// Characters of a title on a card.
const CARD_TITLE: usize = 300;
/// Authors on a card.
const CARD_AUTHORS: usize = 10;
/// Characters of an author's name, of a venue and of an id on a card.
const CARD_NAME: usize = 100;

/// Takes blocks in order and hands full files on.
pub(crate) struct Files<'s> {
    seed: u32,
    blocks_per_file: u32,
    sink: &'s mut Sink<'s>,
    hash: Sha256,
    sections: BTreeMap<Section, (FileWriter, SectionTable)>,
    files: u64,
}

impl<'s> Files<'s> {
    pub(crate) fn new(seed: u32, blocks_per_file: u32, sink: &'s mut Sink<'s>) -> Self {
        Files {
            seed,
            blocks_per_file,
            sink,
            hash: Sha256::new(),
            sections: BTreeMap::new(),
            files: 0,
        }
    }

    pub(crate) fn seed(&self) -> u32 {
        self.seed
    }

    /// Seals a payload as the next block of a section.
    pub(crate) fn block(&mut self, section: Section, payload: Vec<u8>) -> Result<(), Error> {
        let blocks_per_file = self.blocks_per_file;
        let (writer, table) = self.sections.entry(section).or_insert_with(|| {
            let table = SectionTable {
                section: section.code(),
                blocks_per_file,
                ..SectionTable::default()
            };
            (FileWriter::new(section, table.blocks_per_file), table)
        });
        let id = BlockId {
            section,
            number: table.blocks,
        };
        table.blocks += 1;
        let file = writer.push(seal_block(payload, id, self.seed));
        self.write(file)
    }

    fn write(&mut self, file: Option<(FileId, Vec<u8>)>) -> Result<(), Error> {
        let Some((id, bytes)) = file else {
            return Ok(());
        };
        let path = id.path();
        if let Some((_, table)) = self.sections.get_mut(&id.section) {
            table.bytes += bytes.len() as u64;
        }
        self.files += 1;
        self.hash.update(path.as_bytes());
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(&bytes);
        (self.sink)(&path, &bytes).map_err(|source| Error::Sink { path, source })
    }

    /// Hands on the files that are not full.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        for section in Section::ALL {
            let file = self
                .sections
                .get_mut(&section)
                .and_then(|(writer, _)| writer.flush());
            self.write(file)?;
        }
        Ok(())
    }

    pub(crate) fn tables(&self) -> Vec<SectionTable> {
        self.sections
            .values()
            .map(|(_, table)| table.clone())
            .collect()
    }

    pub(crate) fn sizes(&self) -> Vec<(Section, u64)> {
        self.sections
            .iter()
            .map(|(&section, (_, table))| (section, table.bytes))
            .collect()
    }

    /// Number of files, their bytes, and the name that their contents give the segment.
    pub(crate) fn finish(self) -> (u64, u64, String) {
        let bytes = self.sections.values().map(|(_, table)| table.bytes).sum();
        let mut name = String::new();
        for byte in self.hash.finalize().iter().take(8) {
            let _ = write!(name, "{byte:02x}");
        }
        (self.files, bytes, name)
    }
}

/// A number that differs between collections, for the checksums of blocks.
pub(crate) fn seed(papers: &[&Paper]) -> u32 {
    let mut hash = Sha256::new();
    for paper in papers {
        for text in [&paper.id, &paper.title.clean, &paper.abstract_.clean] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
    }
    hash.finalize()
        .iter()
        .take(4)
        .fold(0, |seed, &byte| seed << 8 | u32::from(byte))
}

/// Writes the cards and records sections.
pub(crate) fn papers(
    papers: &[&Paper],
    sizes: &Sizes,
    segment: &mut Segment,
    files: &mut Files<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    segment.cards_per_block = sizes.cards_per_block;
    let mut packer = RecordPacker::new(sizes.records_per_block);
    let mut done = 0;
    for group in papers.chunks(sizes.cards_per_block as usize) {
        if done % 256 == 0 {
            let total = papers.len() as u64;
            progress(Progress {
                phase: "writing papers",
                done,
                total,
            });
        }
        done += group.len() as u64;
        let mut cards = Vec::with_capacity(group.len());
        for paper in group {
            let (address, full) = packer.push(&record(paper)).ok_or_else(|| Error::TooLarge {
                id: paper.id.clone(),
            })?;
            for payload in full {
                files.block(Section::Records, payload)?;
            }
            cards.push(Card {
                record: address,
                ..card(paper)
            });
        }
        files.block(Section::Cards, pack_cards(&cards))?;
    }
    if let Some(payload) = packer.flush() {
        files.block(Section::Records, payload)?;
    }
    files.flush()
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
