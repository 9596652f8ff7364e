//! Records: everything that is shown of a paper, abstract included.
//!
//! Records lie one after the other, in document order, in deflated blocks. A record that is larger
//! than a block starts a block of its own and continues in the next ones.

use crate::bytes::{Reader, put_str, put_varint};
use crate::cards::CodeState;
use crate::deflate::deflate;
use crate::error::Fault;
use crate::limits;

/// Where a record lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordAddress {
    /// Block that holds its first byte.
    pub block: u32,
    /// Place of that byte in the inflated block.
    pub offset: u32,
    /// Bytes of the record.
    pub bytes: u32,
}

impl RecordAddress {
    /// The blocks that hold the record, or a fault if the address is impossible.
    ///
    /// # Errors
    /// [`Fault::Value`] for a record over the limit.
    pub fn blocks(&self) -> Result<std::ops::Range<u32>, Fault> {
        let bytes = self.bytes as usize;
        if bytes > limits::RECORD {
            return Err(Fault::Value("bytes of a record"));
        }
        let blocks = bytes.div_ceil(limits::RECORD_BLOCK).max(1) as u32;
        let end = self
            .block
            .checked_add(blocks)
            .ok_or(Fault::Value("block of a record"))?;
        Ok(self.block..end)
    }
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

impl Record {
    fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, u64::from(self.date));
        put_varint(out, self.code as u64);
        for text in [&self.id, &self.title, &self.abstract_, &self.venue] {
            put_str(out, text);
        }
        for list in [&self.authors, &self.categories, &self.keywords] {
            put_varint(out, list.len() as u64);
            for text in list {
                put_str(out, text);
            }
        }
        put_varint(out, self.links.len() as u64);
        for (kind, url) in &self.links {
            put_str(out, kind);
            put_str(out, url);
        }
        put_varint(out, self.listings.len() as u64);
        for listing in &self.listings {
            put_str(out, &listing.source);
            put_str(out, &listing.listed_on);
            put_varint(out, u64::from(listing.rank));
        }
    }

    fn read(bytes: &[u8]) -> Result<Record, Fault> {
        let mut reader = Reader::new(bytes);
        let mut record = Record {
            date: reader.u32("date")?,
            code: CodeState::from_code(reader.varint()?)?,
            ..Record::default()
        };
        let Record {
            id,
            title,
            abstract_,
            venue,
            ..
        } = &mut record;
        for text in [id, title, abstract_, venue] {
            *text = reader.str()?.to_owned();
        }
        let Record {
            authors,
            categories,
            keywords,
            ..
        } = &mut record;
        for list in [authors, categories, keywords] {
            for _ in 0..reader.bounded(reader.rest().len(), "length of a list")? {
                list.push(reader.str()?.to_owned());
            }
        }
        for _ in 0..reader.bounded(reader.rest().len(), "number of links")? {
            record
                .links
                .push((reader.str()?.to_owned(), reader.str()?.to_owned()));
        }
        for _ in 0..reader.bounded(reader.rest().len(), "number of listings")? {
            record.listings.push(Listing {
                source: reader.str()?.to_owned(),
                listed_on: reader.str()?.to_owned(),
                rank: reader.u32("rank")?,
            });
        }
        reader.end()?;
        Ok(record)
    }
}

/// Lays records into blocks.
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

    /// Adds a record; gives its address and the payloads of the blocks that are now full. Gives
    /// nothing back, and adds nothing, if the record is over [`limits::RECORD`].
    #[must_use]
    pub fn push(&mut self, record: &Record) -> Option<(RecordAddress, Vec<Vec<u8>>)> {
        let mut bytes = Vec::new();
        record.write(&mut bytes);
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
            self.raw.extend_from_slice(&bytes);
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

/// Reads a record from the payloads of its blocks, in order.
///
/// # Errors
/// A [`Fault`] if they do not hold the record.
pub fn read_record(address: RecordAddress, payloads: &[&[u8]]) -> Result<Record, Fault> {
    let mut bytes = Vec::new();
    for payload in payloads {
        let block =
            miniz_oxide::inflate::decompress_to_vec_with_limit(payload, limits::RECORD_BLOCK)
                .map_err(|_| Fault::Inflate)?;
        bytes.extend_from_slice(&block);
    }
    let start = address.offset as usize;
    let end = start
        .checked_add(address.bytes as usize)
        .ok_or(Fault::Short)?;
    Record::read(bytes.get(start..end).ok_or(Fault::Short)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn records_come_back_from_their_blocks() {
        let noise: String = (0..60_000u32)
            .map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 27) as u8 % 26))
            .collect();
        let records: Vec<Record> = (0..7)
            .map(|at| Record {
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
            })
            .collect();
        let mut packer = RecordPacker::new(2);
        let mut blocks = Vec::new();
        let mut addresses = Vec::new();
        for record in &records {
            let (address, full) = packer.push(record).unwrap();
            addresses.push(address);
            blocks.extend(full);
        }
        blocks.extend(packer.flush());
        assert!(
            addresses
                .iter()
                .any(|address| address.blocks().unwrap().len() == 2)
        );
        for (record, address) in records.iter().zip(addresses) {
            let payloads: Vec<&[u8]> = address
                .blocks()
                .unwrap()
                .map(|at| blocks[at as usize].as_slice())
                .collect();
            assert_eq!(&read_record(address, &payloads).unwrap(), record);
        }
    }

    #[test]
    fn an_impossible_address_is_refused() {
        let address = RecordAddress {
            block: u32::MAX,
            offset: 0,
            bytes: 1,
        };
        assert!(address.blocks().is_err());
        assert!(
            RecordAddress {
                bytes: u32::MAX,
                ..address
            }
            .blocks()
            .is_err()
        );
        assert!(
            read_record(
                RecordAddress {
                    block: 0,
                    offset: 9,
                    bytes: 9
                },
                &[]
            )
            .is_err()
        );
    }
}
