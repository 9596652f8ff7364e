//! Cards: what a result line shows, many in a block, column by column.

use std::borrow::Cow;

use crate::bytes::{Reader, put_str, put_varint};
use crate::deflate::deflate;
use crate::error::Fault;
use crate::inflate::inflate;
use crate::limits;
use crate::records::RecordAddress;

/// What a paper says of its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum CodeState {
    /// Nothing is said.
    #[default]
    Unknown = 0,
    /// There is a link.
    Linked = 1,
    /// Said to be available, without a link.
    Stated = 2,
    /// Said to be coming.
    Promised = 3,
}

impl CodeState {
    pub(crate) fn from_code(code: u64) -> Result<CodeState, Fault> {
        match code {
            0 => Ok(CodeState::Unknown),
            1 => Ok(CodeState::Linked),
            2 => Ok(CodeState::Stated),
            3 => Ok(CodeState::Promised),
            _ => Err(Fault::value("code state")),
        }
    }
}

/// What a result line shows of a paper, and where its record lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The paper's id.
    pub id: String,
    /// The title, cut at 300 characters.
    pub title: String,
    /// The first authors, at most ten.
    pub authors: Vec<String>,
    /// How many authors there are in all.
    pub author_count: u32,
    /// Publication date, packed: year · 512 + month · 32 + day; 0 where there is none.
    pub date: u32,
    /// Where it was published; empty where unknown.
    pub venue: String,
    /// The paper's page; empty where unknown.
    pub url: String,
    /// Where its code is; empty where unknown.
    pub code_url: String,
    /// What it says of its code.
    pub code: CodeState,
    /// Where its record lies.
    pub record: RecordAddress,
}

impl Card {
    /// Year, month and day of a packed date; month and day are 0 where unknown.
    #[must_use]
    pub fn unpack_date(packed: u32) -> Option<(u16, u8, u8)> {
        let year = u16::try_from(packed >> 9).ok().filter(|&year| year > 0)?;
        Some((year, (packed >> 5 & 15) as u8, (packed & 31) as u8))
    }

    /// Packs a date; month and day are 0 where unknown.
    #[must_use]
    pub fn pack_date(year: u16, month: u8, day: u8) -> u32 {
        u32::from(year) << 9 | u32::from(month & 15) << 5 | u32::from(day & 31)
    }
}

/// Stands in a stored address for the paper's id, which most addresses contain.
const ID_MARK: char = '\u{1}';

/// The columns of numbers: the largest of each, and what it is.
const NUMBERS: [(u32, &str); 6] = [
    (u32::MAX, "block of a record"),
    (u32::MAX, "offset of a record"),
    (limits::RECORD as u32, "bytes of a record"),
    (u32::MAX, "date"),
    (u32::MAX, "number of authors"),
    (u32::MAX, "code state"),
];

fn shorten<'a>(url: &'a str, id: &str) -> Cow<'a, str> {
    if id.len() > 1 && url.len() >= id.len() {
        Cow::Owned(url.replacen(id, "\u{1}", 1))
    } else {
        Cow::Borrowed(url)
    }
}

/// Writes a stored address out, the first mark in it as the id.
fn lengthen(out: &mut String, stored: &str, id: &str) {
    let mut id = Some(id);
    for c in stored.chars() {
        match id.take_if(|_| c == ID_MARK) {
            Some(id) => out.push_str(id),
            None => out.push(c),
        }
    }
}

/// Where the record after this one lies, as a rule. In packs records follow each other; in chunks
/// many share a block.
fn after(address: RecordAddress, packed: bool) -> u32 {
    if packed {
        let sums = address.bytes.div_ceil(limits::PAYLOAD as u32) * 4;
        address.block.wrapping_add(address.bytes).wrapping_add(sums)
    } else {
        address.block
    }
}

/// The deflated payload of a block of cards; `packed` says whether records lie in packs.
#[must_use]
pub fn pack_cards(cards: &[Card], packed: bool) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, cards.len() as u64);
    let mut expected = 0;
    for card in cards {
        put_varint(
            &mut out,
            u64::from(card.record.block.wrapping_sub(expected)),
        );
        expected = after(card.record, packed);
    }
    let numbers: [fn(&Card) -> u64; 5] = [
        |card| u64::from(card.record.offset),
        |card| u64::from(card.record.bytes),
        |card| u64::from(card.date),
        |card| u64::from(card.author_count),
        |card| card.code as u64,
    ];
    for number in numbers {
        for card in cards {
            put_varint(&mut out, number(card));
        }
    }
    let texts: [fn(&Card) -> Cow<'_, str>; 6] = [
        |card| Cow::Borrowed(&card.id),
        |card| shorten(&card.url, &card.id),
        |card| shorten(&card.code_url, &card.id),
        |card| Cow::Borrowed(&card.venue),
        |card| match card.authors.as_slice() {
            [author] => Cow::Borrowed(author),
            authors => Cow::Owned(authors.join("\n")),
        },
        |card| Cow::Borrowed(&card.title),
    ];
    for text in texts {
        for card in cards {
            put_str(&mut out, &text(card));
        }
    }
    deflate(&out)
}

/// A block of cards as it is read.
#[derive(Debug)]
pub struct CardBlock(Vec<Card>);

impl CardBlock {
    /// Reads the payload of a block of the cards section.
    ///
    /// # Errors
    /// A [`Fault`] if the bytes do not make cards within the limits.
    pub fn read(payload: &[u8], packed: bool) -> Result<CardBlock, Fault> {
        let mut block = CardBlock(Vec::new());
        block.fill(&inflate(payload, limits::CARDS)?, packed)?;
        Ok(block)
    }

    /// Reads all columns of a kind in one loop: a loop for each would be as much code each time.
    fn fill(&mut self, bytes: &[u8], packed: bool) -> Result<(), Fault> {
        let mut reader = Reader::new(bytes);
        let count = reader.bounded(limits::CARDS_PER_BLOCK as usize, "number of cards")?;
        self.0.resize_with(count, Card::default);
        for (column, (limit, what)) in NUMBERS.into_iter().enumerate() {
            let mut expected = 0u32;
            for card in &mut self.0 {
                let number = reader.bounded(limit as usize, what)? as u32;
                match column {
                    0 => card.record.block = number,
                    1 => card.record.offset = number,
                    2 => {
                        card.record.bytes = number;
                        card.record.block = card.record.block.wrapping_add(expected);
                        expected = after(card.record, packed);
                    }
                    3 => card.date = number,
                    4 => card.author_count = number,
                    _ => card.code = CodeState::from_code(u64::from(number))?,
                }
            }
        }
        for column in 0..6 {
            for card in &mut self.0 {
                let text = reader.str()?;
                match column {
                    0 => card.id.push_str(text),
                    1 => lengthen(&mut card.url, text, &card.id),
                    2 => lengthen(&mut card.code_url, text, &card.id),
                    3 => card.venue.push_str(text),
                    4 => {
                        for name in text.as_bytes().split(|&byte| byte == b'\n') {
                            if let (false, Ok(name)) = (name.is_empty(), str::from_utf8(name)) {
                                card.authors.push(name.to_owned());
                            }
                        }
                    }
                    _ => card.title.push_str(text),
                }
            }
        }
        reader.end()
    }

    /// The cards, in document order.
    #[must_use]
    pub fn cards(&self) -> &[Card] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cards_come_back() {
        let card = Card {
            id: "2101.00001".into(),
            title: "A title".into(),
            authors: vec!["Ada Lovelace".into(), "Émilie du Châtelet".into()],
            author_count: 12,
            date: Card::pack_date(2021, 1, 31),
            venue: "A venue".into(),
            url: "https://example.org/abs/2101.00001".into(),
            code_url: "https://example.org/code".into(),
            code: CodeState::Linked,
            record: RecordAddress {
                block: 3,
                offset: 9,
                bytes: 1000,
            },
        };
        let cards = [card, Card::default()];
        for packed in [false, true] {
            let payload = pack_cards(&cards, packed);
            assert_eq!(CardBlock::read(&payload, packed).unwrap().cards(), cards);
        }
        assert_eq!(
            Card::unpack_date(Card::pack_date(1999, 12, 0)),
            Some((1999, 12, 0))
        );
        assert_eq!(Card::unpack_date(0), None);
    }

    #[test]
    fn an_inflation_bomb_is_refused() {
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; limits::CARDS + 1], 6);
        assert!(bomb.len() < 4096);
        assert_eq!(CardBlock::read(&bomb, false).unwrap_err(), Fault::Inflate);
    }
}
