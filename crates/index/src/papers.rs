//! Papers to cards and records, in either layout.

use offprint_format::{
    Card, CodeState, IdHash, Listing, Record, RecordAddress, RecordPacker, Section, Segment,
    limits, pack_cards, pack_directory, pack_record,
};
use offprint_papers::{Date, LinkKind, Paper};

use crate::columns::{Columns, Row};
use crate::days::{self, Days, Listed};
use crate::ids;
use crate::pipeline::{pipeline, threads};
use crate::write::Files;
use crate::{Error, Progress, Sizes, Source};

/// Characters of a title on a card.
pub(crate) const CARD_TITLE: usize = 300;
/// Authors on a card.
const CARD_AUTHORS: usize = 10;
/// Characters of an author's name, of a venue and of an id on a card.
pub(crate) const CARD_NAME: usize = 100;
/// Papers that a thread packs at a time: blocks of records and pages of cards end where these do.
const GROUP: usize = 1024;

/// What papers leave for what is written after them.
#[derive(Default)]
pub(crate) struct Known {
    /// What each paper is known by.
    pub(crate) ids: Vec<(IdHash, u32)>,
    /// When they were listed.
    pub(crate) days: Days,
}

impl Known {
    fn add(&mut self, doc: u32, (ids, listed): (Vec<IdHash>, Vec<Listed>)) {
        self.ids.extend(ids.into_iter().map(|id| (id, doc)));
        self.days.add(doc, listed);
    }
}

/// Writes the cards, records and columns sections, with the topics' names and the code of each
/// document; gives what each paper is known by, and when it was listed.
pub(crate) fn write(
    papers: &(impl Source + ?Sized),
    places: &[u32],
    topics: (Vec<String>, Vec<u16>),
    segment: &mut Segment,
    files: &mut Files<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Known, Error> {
    let sizes = *files.sizes();
    let mut known = Known::default();
    let mut groups = if files.is_packed() {
        places.chunks(GROUP)
    } else {
        segment.cards_per_block = sizes.cards_per_block;
        let per_block = (sizes.cards_per_block as usize).max(1);
        places.chunks((GROUP / per_block).max(1) * per_block)
    };
    let next = || Ok(groups.by_ref().take(threads() * 2).collect());
    let mut done = 0;
    let mut tell = |papers: usize| {
        let before = done as u32;
        done += papers as u64;
        progress(Progress {
            phase: "writing papers",
            done,
            total: places.len() as u64,
        });
        before
    };
    let mut columns = Columns::default();
    if files.is_packed() {
        let mut counts = Vec::new();
        pipeline(
            next,
            |group| runs(papers, group),
            |mut group| {
                let before = tell(group.len());
                for (at, paper) in (before..).zip(&mut group) {
                    known.add(at, std::mem::take(&mut paper.known));
                }
                write_pages(group, files, &mut counts, &mut columns)
            },
        )?;
        write_directory(&counts, files)?;
    } else {
        let mut records = 0;
        pipeline(
            next,
            |group| Blocks::new(papers, group, &sizes),
            |mut blocks| {
                let before = tell(blocks.known.len());
                for (at, of_paper) in (before..).zip(std::mem::take(&mut blocks.known)) {
                    known.add(at, of_paper);
                }
                blocks.write(&mut records, files, &mut columns)
            },
        )?;
    }
    columns.write(topics, segment, files)?;
    Ok(known)
}

fn too_large(card: &Card) -> Error {
    Error::TooLarge {
        id: card.id.clone(),
    }
}

/// A block of cards of `chunks`, and the blocks of records that were full by then.
struct Page {
    records: Vec<Vec<u8>>,
    cards: Vec<Card>,
}

/// A group of papers in `chunks`, with addresses of records that count from the group's first block.
struct Blocks {
    rows: Vec<Row>,
    /// What each paper is known by, and its listings.
    known: Vec<(Vec<IdHash>, Vec<Listed>)>,
    pages: Vec<Page>,
    last: Option<Vec<u8>>,
}

impl Blocks {
    fn new(papers: &(impl Source + ?Sized), group: &[u32], sizes: &Sizes) -> Result<Blocks, Error> {
        let mut packer = RecordPacker::new(sizes.records_per_block);
        let mut pages = Vec::new();
        let mut rows = Vec::with_capacity(group.len());
        let mut known = Vec::with_capacity(group.len());
        for places in group.chunks((sizes.cards_per_block as usize).max(1)) {
            let mut page = Page {
                records: Vec::new(),
                cards: Vec::with_capacity(places.len()),
            };
            for &place in places {
                let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
                let card = card(&paper);
                rows.push(Row::new(&paper, card.date));
                known.push((ids::of(&paper), days::listed(&paper)));
                let bytes = record(paper.into_owned()).to_bytes(&card);
                let (record, full) = packer.push(&bytes).ok_or_else(|| too_large(&card))?;
                page.records.extend(full);
                page.cards.push(Card { record, ..card });
            }
            pages.push(page);
        }
        Ok(Blocks {
            rows,
            known,
            pages,
            last: packer.flush(),
        })
    }

    /// Writes the blocks; `records` counts those of records so far.
    fn write(
        self,
        records: &mut u32,
        files: &mut Files<'_>,
        columns: &mut Columns,
    ) -> Result<(), Error> {
        self.rows.into_iter().for_each(|row| columns.add(row));
        let first = *records;
        for mut page in self.pages {
            for payload in page.records {
                files.block(Section::Records, payload)?;
                *records += 1;
            }
            for card in &mut page.cards {
                card.record.block += first;
            }
            files.block(Section::Cards, pack_cards(&page.cards, false))?;
        }
        if let Some(payload) = self.last {
            files.block(Section::Records, payload)?;
            *records += 1;
        }
        Ok(())
    }
}

/// A paper in `packs`.
struct Packed {
    card: Card,
    row: Row,
    /// Its record.
    run: Vec<u8>,
    /// What it is known by, and its listings.
    known: (Vec<IdHash>, Vec<Listed>),
}

/// Packs a group of papers for `packs`.
fn runs(papers: &(impl Source + ?Sized), group: &[u32]) -> Result<Vec<Packed>, Error> {
    let mut runs = Vec::with_capacity(group.len());
    for &place in group {
        let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
        let card = card(&paper);
        let row = Row::new(&paper, card.date);
        let known = (ids::of(&paper), days::listed(&paper));
        let bytes = record(paper.into_owned()).to_bytes(&card);
        let run = pack_record(&bytes);
        if bytes.len() > limits::RECORD || run.len() > limits::RECORD {
            return Err(too_large(&card));
        }
        runs.push(Packed {
            card,
            row,
            run,
            known,
        });
    }
    Ok(runs)
}

/// Writes the records of a group of papers in `packs` and as many pages of cards as it takes;
/// adds the number of cards of each page.
fn write_pages(
    group: Vec<Packed>,
    files: &mut Files<'_>,
    counts: &mut Vec<u32>,
    columns: &mut Columns,
) -> Result<(), Error> {
    let mut cards = Vec::with_capacity(group.len());
    for Packed { card, row, run, .. } in group {
        columns.add(row);
        let at = files.runs(Section::Records, &[&run])?;
        let record = RecordAddress {
            block: at.block,
            offset: 0,
            bytes: run.len() as u32,
        };
        cards.push(Card { record, ..card });
    }
    let room = (files.sizes().card_page as usize).saturating_sub(4);
    let pages = paged(cards, room).ok_or(Error::SectionTooLarge(Section::Cards.folder()))?;
    for (count, payload) in pages {
        files.block(Section::Cards, payload)?;
        counts.push(count);
    }
    Ok(())
}

fn write_directory(counts: &[u32], files: &mut Files<'_>) -> Result<(), Error> {
    let mut first = 0;
    for counts in counts.chunks(limits::PAGES as usize) {
        files.block(Section::Directory, pack_directory(first, counts))?;
        first += counts.iter().sum::<u32>();
    }
    Ok(())
}

/// Cuts cards into pages of at most `room` bytes: the number of cards, and the payload. Gives
/// nothing where even a card without texts does not fit.
fn paged(mut cards: Vec<Card>, room: usize) -> Option<Vec<(u32, Vec<u8>)>> {
    let mut pages = Vec::new();
    let mut start = 0;
    // Bytes of a page for each byte of its cards, as on the page before.
    let mut rate = 1.0;
    while start < cards.len() {
        let rest = cards.get(start..).unwrap_or_default();
        let most = rest.len().min(limits::CARDS_PER_BLOCK as usize);
        let fill = |count: usize| {
            let payload = pack_cards(rest.get(..count).unwrap_or_default(), true);
            (payload.len() <= room).then_some(payload)
        };
        let mut count = fitting(rest, room as f64 / rate).clamp(1, most);
        let mut page = fill(count);
        let mut more = page.is_some();
        while page.is_none() && count > 1 {
            count -= 1;
            page = fill(count);
        }
        while more && count < most {
            let larger = fill(count + 1);
            more = larger.is_some();
            if more {
                count += 1;
                page = larger;
            }
        }
        match page {
            Some(page) => {
                let bytes: usize = rest.iter().take(count).map(weight).sum();
                rate = page.len() as f64 / bytes.max(1) as f64;
                pages.push((count as u32, page));
                start += count;
            }
            // A single card that no page holds loses letters until one does.
            None => {
                if !cards.get_mut(start).is_some_and(shorten) {
                    return None;
                }
            }
        }
    }
    Some(pages)
}

/// About what a card adds to a page before that is deflated.
fn weight(card: &Card) -> usize {
    let authors: usize = card.authors.iter().map(|name| name.len() + 1).sum();
    card.id.len() + card.title.len() + card.venue.len() + authors + 16
}

/// How many cards weigh no more than `bytes`.
fn fitting(cards: &[Card], bytes: f64) -> usize {
    let mut sum = 0;
    let over = cards.iter().position(|card| {
        sum += weight(card);
        sum as f64 > bytes
    });
    over.unwrap_or(cards.len())
}

/// Takes the longest of a card's texts down to half; says whether there was one. The record has
/// them all whole.
fn shorten(card: &mut Card) -> bool {
    let half = |text: &mut String| *text = cut(text, text.chars().count().saturating_sub(1) / 2);
    let authors: usize = card.authors.iter().map(String::len).sum();
    let lengths = [
        card.title.len(),
        authors,
        card.venue.len(),
        card.url.len(),
        card.code_url.len(),
    ];
    let longest = lengths.iter().max().copied().unwrap_or(0);
    match lengths.iter().position(|&length| length == longest) {
        _ if longest <= CUT_MARK.len() => return false,
        Some(0) => half(&mut card.title),
        Some(1) => card.authors.truncate(card.authors.len() / 2),
        Some(2) => half(&mut card.venue),
        // A part of an address leads nowhere.
        Some(3) => card.url.clear(),
        _ => card.code_url.clear(),
    }
    true
}

/// Stands where a text was cut.
const CUT_MARK: &str = "…";

/// A text of at most so many characters, and a mark if it was longer.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or(text).trim_end();
            format!("{kept}{CUT_MARK}")
        }
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

/// Where a paper can be read; empty if that is not known.
pub(crate) fn page(paper: &Paper) -> String {
    link(paper, &[LinkKind::Page, LinkKind::Doi, LinkKind::Pdf])
}

pub(crate) fn card(paper: &Paper) -> Card {
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
        url: page(paper),
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

fn record(paper: Paper) -> Record {
    Record {
        date: pack_date(paper.date),
        code: code(&paper),
        id: paper.id,
        title: paper.title.clean,
        abstract_: paper.abstract_.clean,
        venue: paper.venue.unwrap_or_default(),
        authors: paper.authors,
        categories: paper.categories,
        keywords: paper.keywords,
        links: paper
            .links
            .into_iter()
            .map(|link| (kind_name(link.kind).to_owned(), link.url))
            .collect(),
        listings: paper
            .listings
            .into_iter()
            .map(|listing| Listing {
                source: listing.source,
                listed_on: listing.listed_on.unwrap_or_default(),
                rank: listing.rank,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_cut_until_a_page_holds_them() {
        let noise = |seed: u32| -> String {
            let letter =
                |at: u32| (at.wrapping_mul(seed | 1).wrapping_mul(2_654_435_761) >> 24) as u8;
            (0..300)
                .map(|at| char::from(b'a' + letter(at) % 26))
                .collect()
        };
        let cards: Vec<Card> = (0..20)
            .map(|at| Card {
                id: format!("id{at}"),
                title: noise(at),
                authors: (0..10).map(|n| noise(at * 100 + n)).collect(),
                url: format!("https://example.org/{}", noise(at + 7)),
                ..Card::default()
            })
            .collect();
        for room in [200, 764, 1020] {
            let pages = paged(cards.clone(), room).unwrap_or_default();
            assert!(pages.iter().all(|(_, payload)| payload.len() <= room));
            assert_eq!(pages.iter().map(|page| page.0).sum::<u32>(), 20);
        }
        assert_eq!(paged(cards, 3), None);
    }
}
