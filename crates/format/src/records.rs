//! Records: everything that is shown of a paper, abstract included.
//!
//! Records lie one after the other, in document order, in deflated blocks. A record that is larger
//! than a block starts a block of its own and continues in the next ones.

use std::rc::Rc;

use crate::bytes::{Reader, put_str, put_varint};
use crate::cards::{Card, CodeState};
use crate::deflate::deflate;
use crate::error::Fault;
use crate::inflate::inflate;
use crate::limits;

/// Where a record lies: in `chunks` its place in an inflated block, in `packs` its own run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordAddress {
    /// Block that holds its first byte.
    pub block: u32,
    /// Place of that byte in the inflated block; 0 in `packs`.
    pub offset: u32,
    /// Bytes of the record, inflated; in `packs`, of its deflated run.
    pub bytes: u32,
}

/// One place where a paper was listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Name of the list.
    pub source: String,
    /// Its date as given; empty where unknown.
    pub listed_on: String,
    /// Place in the list, counted from 1.
    pub rank: u32,
}

/// Everything that is shown of a paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The paper's id.
    pub id: String,
    /// The whole title.
    pub title: String,
    /// The abstract.
    pub abstract_: String,
    /// Publication date, packed as in a card.
    pub date: u32,
    /// What it says of its code.
    pub code: CodeState,
    /// Where it was published; empty where unknown.
    pub venue: String,
    /// Every author.
    pub authors: Vec<String>,
    /// Categories, the primary one first.
    pub categories: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Links: kind and address.
    pub links: Vec<(String, String)>,
    /// Where it was listed.
    pub listings: Vec<Listing>,
}

/// What a record has in common with its card, one bit each.
mod same {
    pub(super) const ID: u64 = 1;
    pub(super) const TITLE: u64 = 2;
    pub(super) const VENUE: u64 = 4;
    pub(super) const AUTHORS: u64 = 8;
    pub(super) const LINK: u64 = 16;
}

impl Record {
    /// The record's bytes before they are deflated. What its card says too is left out: whoever
    /// reads the record came by way of the card.
    #[must_use]
    pub fn to_bytes(&self, card: &Card) -> Vec<u8> {
        let mut out = Vec::new();
        let link = self.links.first().map_or("", |(_, url)| url);
        let shared = [
            (same::ID, self.id == card.id),
            (same::TITLE, self.title == card.title),
            (same::VENUE, self.venue == card.venue),
            (same::AUTHORS, self.authors == card.authors),
            (same::LINK, !link.is_empty() && link == card.url),
        ];
        let shared = shared
            .into_iter()
            .fold(0, |all, (bit, same)| if same { all | bit } else { all });
        put_varint(&mut out, shared);
        let texts = [
            (same::ID, &self.id),
            (same::TITLE, &self.title),
            (same::VENUE, &self.venue),
        ];
        for (bit, text) in texts {
            if shared & bit == 0 {
                put_str(&mut out, text);
            }
        }
        put_str(&mut out, &self.abstract_);
        let lists = [
            (same::AUTHORS, &self.authors),
            (0, &self.categories),
            (0, &self.keywords),
        ];
        for (bit, list) in lists {
            if shared & bit == 0 {
                put_varint(&mut out, list.len() as u64);
                for text in list {
                    put_str(&mut out, text);
                }
            }
        }
        put_varint(&mut out, self.links.len() as u64);
        for (at, (kind, url)) in self.links.iter().enumerate() {
            put_str(&mut out, kind);
            if at > 0 || shared & same::LINK == 0 {
                put_str(&mut out, url);
            }
        }
        put_varint(&mut out, self.listings.len() as u64);
        for listing in &self.listings {
            put_str(&mut out, &listing.source);
            put_str(&mut out, &listing.listed_on);
            put_varint(&mut out, u64::from(listing.rank));
        }
        out
    }

    /// Fills an empty record.
    fn read(&mut self, bytes: &[u8], card: &Card) -> Result<(), Fault> {
        let mut reader = Reader::new(bytes);
        let shared = reader.varint()?;
        self.date = card.date;
        self.code = card.code;
        let texts = [
            (same::ID, &mut self.id, &*card.id),
            (same::TITLE, &mut self.title, &*card.title),
            (same::VENUE, &mut self.venue, &*card.venue),
            (0, &mut self.abstract_, ""),
        ];
        for (bit, text, same) in texts {
            text.push_str(match shared & bit {
                0 => reader.str()?,
                _ => same,
            });
        }
        let lists = [
            (same::AUTHORS, &mut self.authors),
            (0, &mut self.categories),
            (0, &mut self.keywords),
        ];
        for (bit, list) in lists {
            if shared & bit == 0 {
                for _ in 0..reader.bounded(reader.rest().len(), "length of a list")? {
                    list.push(reader.str()?.to_owned());
                }
            } else {
                list.clone_from(&card.authors);
            }
        }
        for at in 0..reader.bounded(reader.rest().len(), "number of links")? {
            let kind = reader.str()?;
            let url = match shared & same::LINK {
                link if link == 0 || at > 0 => reader.str()?,
                _ => &card.url,
            };
            self.links.push((kind.to_owned(), url.to_owned()));
        }
        for _ in 0..reader.bounded(reader.rest().len(), "number of listings")? {
            let source = reader.str()?;
            let listed_on = reader.str()?;
            let rank = reader.u32("rank")?;
            self.listings.push(Listing {
                source: source.to_owned(),
                listed_on: listed_on.to_owned(),
                rank,
            });
        }
        reader.end()
    }
}

/// The run of a record that stands alone, as packs have it.
#[must_use]
pub fn pack_record(record: &[u8]) -> Vec<u8> {
    deflate(record)
}

/// Lays records into the blocks of `chunks`.
pub struct RecordPacker {
    per_block: u32,
    held: u32,
    raw: Vec<u8>,
    next_block: u32,
}

impl RecordPacker {
    /// Blocks of about `per_block` records.
    #[must_use]
    pub fn new(per_block: u32) -> Self {
        RecordPacker {
            per_block: per_block.max(1),
            held: 0,
            raw: Vec::new(),
            next_block: 0,
        }
    }

    /// Adds a record's bytes; gives its address and the payloads of the blocks that are now full. Gives
    /// nothing back, and adds nothing, if the record is over [`limits::RECORD`].
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> Option<(RecordAddress, Vec<Vec<u8>>)> {
        if bytes.len() > limits::RECORD {
            return None;
        }
        let mut full = Vec::new();
        let fits = self.raw.len() + bytes.len() <= limits::RECORD_BLOCK;
        if self.held == self.per_block || (!fits && !self.raw.is_empty()) {
            full.extend(self.flush());
        }
        let address = RecordAddress {
            block: self.next_block,
            offset: self.raw.len() as u32,
            bytes: bytes.len() as u32,
        };
        if bytes.len() > limits::RECORD_BLOCK {
            for piece in bytes.chunks(limits::RECORD_BLOCK) {
                self.raw = piece.to_vec();
                full.extend(self.flush());
            }
        } else {
            self.raw.extend_from_slice(bytes);
            self.held += 1;
        }
        Some((address, full))
    }

    /// The payload of the block that is not yet full, if it holds anything.
    pub fn flush(&mut self) -> Option<Vec<u8>> {
        if self.raw.is_empty() {
            return None;
        }
        let payload = deflate(&self.raw);
        self.raw.clear();
        self.held = 0;
        self.next_block += 1;
        Some(payload)
    }
}

/// Reads a record of `card` from the payloads of its blocks, in order; `packed` says whether it
/// stands alone.
///
/// # Errors
/// A [`Fault`] if they do not hold the record.
pub fn read_record(card: &Card, payloads: &[Rc<[u8]>], packed: bool) -> Result<Record, Fault> {
    let mut bytes = Vec::new();
    for payload in payloads {
        if packed {
            bytes.extend_from_slice(payload);
        } else {
            bytes.extend_from_slice(&inflate(payload, limits::RECORD_BLOCK)?);
        }
    }
    let mut place = 0..usize::MAX;
    if packed {
        bytes = inflate(&bytes, limits::RECORD)?;
        place.end = bytes.len();
    } else {
        place.start = card.record.offset as usize;
        place.end = place.start.saturating_add(card.record.bytes as usize);
    }
    let mut record = Record::default();
    record.read(bytes.get(place).ok_or(Fault::Short)?, card)?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn noise(length: usize) -> String {
        (0..length as u32)
            .map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 27) as u8 % 26))
            .collect()
    }

    /// Records, and cards that say more or less of the same.
    fn samples() -> Vec<(Record, Card)> {
        let noise = noise(60_000);
        (0..7)
            .map(|at| {
                let record = Record {
                    id: format!("id{at}"),
                    title: "Title".into(),
                    abstract_: if at == 3 {
                        noise.clone()
                    } else {
                        noise[..1000 * at].into()
                    },
                    links: vec![("page".into(), "https://example.org".into())],
                    authors: vec!["A".into(), "B".into()],
                    listings: vec![Listing {
                        source: "s".into(),
                        listed_on: "May 1".into(),
                        rank: 2,
                    }],
                    ..Record::default()
                };
                let card = Card {
                    id: if at == 2 {
                        "cut…".into()
                    } else {
                        record.id.clone()
                    },
                    title: if at == 4 {
                        "T…".into()
                    } else {
                        "Title".into()
                    },
                    authors: vec!["A".into(); 1 + at % 2],
                    url: if at == 5 {
                        String::new()
                    } else {
                        "https://example.org".into()
                    },
                    ..Card::default()
                };
                (record, card)
            })
            .collect()
    }

    #[test]
    fn records_come_back_from_their_blocks() {
        let mut packer = RecordPacker::new(2);
        let mut blocks = Vec::new();
        let mut cards = Vec::new();
        for (record, card) in samples() {
            let (address, full) = packer.push(&record.to_bytes(&card)).unwrap();
            cards.push((
                record,
                Card {
                    record: address,
                    ..card
                },
            ));
            blocks.extend(full);
        }
        blocks.extend(packer.flush());
        let mut longest = 0;
        for (record, card) in cards {
            let first = card.record.block as usize;
            let count = (card.record.bytes as usize)
                .div_ceil(limits::RECORD_BLOCK)
                .max(1);
            longest = longest.max(count);
            let payloads: Vec<Rc<[u8]>> = blocks[first..first + count]
                .iter()
                .map(|block| block.as_slice().into())
                .collect();
            assert_eq!(read_record(&card, &payloads, false).unwrap(), record);
        }
        assert_eq!(longest, 2);
    }

    #[test]
    fn records_come_back_alone() {
        for (record, card) in samples() {
            let run = pack_record(&record.to_bytes(&card));
            let (before, after) = run.split_at(run.len() / 2);
            assert_eq!(
                read_record(&card, &[before.into(), after.into()], true).unwrap(),
                record
            );
        }
    }

    #[test]
    fn an_impossible_address_is_refused() {
        let record = RecordAddress {
            block: 0,
            offset: 9,
            bytes: 9,
        };
        let card = Card {
            record,
            ..Card::default()
        };
        assert!(read_record(&card, &[], false).is_err());
        assert!(read_record(&card, &[], true).is_err());
    }
}
