//! Papers as bytes, for scratch storage. Never leaves a build, so it has no version.

use crate::paper::{CodeState, Date, Link, LinkKind, Listing, Paper, Text};

const CODES: [CodeState; 4] = [
    CodeState::Unknown,
    CodeState::Linked,
    CodeState::Stated,
    CodeState::Promised,
];
const KINDS: [LinkKind; 7] = [
    LinkKind::Page,
    LinkKind::Pdf,
    LinkKind::Doi,
    LinkKind::Code,
    LinkKind::Data,
    LinkKind::Project,
    LinkKind::Other,
];

/// Appends a paper.
pub(crate) fn pack(paper: &Paper, out: &mut Vec<u8>) {
    text(out, &paper.id);
    for field in [&paper.title, &paper.abstract_] {
        text(out, &field.clean);
        optional(out, field.raw.as_deref());
    }
    for list in [&paper.authors, &paper.categories, &paper.keywords] {
        number(out, list.len() as u64);
        list.iter().for_each(|item| text(out, item));
    }
    let date = paper.date.map_or(0, |date| {
        u64::from(date.year) << 16 | u64::from(date.month) << 8 | u64::from(date.day)
    });
    number(out, date);
    optional(out, paper.venue.as_deref());
    number(out, place(&CODES, &paper.code));
    number(out, paper.links.len() as u64);
    for link in &paper.links {
        number(out, place(&KINDS, &link.kind));
        text(out, &link.url);
    }
    number(out, paper.listings.len() as u64);
    for listing in &paper.listings {
        text(out, &listing.source);
        optional(out, listing.listed_on.as_deref());
        number(out, u64::from(listing.rank));
    }
}

/// A packed paper; nothing if the bytes are none.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Paper> {
    let mut bytes = Bytes(bytes);
    let id = bytes.text()?;
    let mut field = || {
        Some(Text {
            clean: bytes.text()?,
            raw: bytes.optional()?,
        })
    };
    let (title, abstract_) = (field()?, field()?);
    let mut list = || bytes.list(Bytes::text);
    let (authors, categories, keywords) = (list()?, list()?, list()?);
    let date = bytes.number()?;
    let paper = Paper {
        id,
        title,
        abstract_,
        authors,
        categories,
        keywords,
        date: (date > 0).then_some(Date {
            year: (date >> 16) as u16,
            month: (date >> 8) as u8,
            day: date as u8,
        }),
        venue: bytes.optional()?,
        code: *CODES.get(bytes.number()? as usize)?,
        links: bytes.list(|bytes| {
            Some(Link {
                kind: *KINDS.get(bytes.number()? as usize)?,
                url: bytes.text()?,
            })
        })?,
        listings: bytes.list(|bytes| {
            Some(Listing {
                source: bytes.text()?,
                listed_on: bytes.optional()?,
                rank: bytes.number()? as u32,
            })
        })?,
    };
    bytes.0.is_empty().then_some(paper)
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u64 {
    all.iter().position(|item| item == one).unwrap_or(0) as u64
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Length and one, so that nothing and an empty text differ.
fn optional(out: &mut Vec<u8>, text: Option<&str>) {
    number(out, text.map_or(0, |text| text.len() as u64 + 1));
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<String> {
        let (text, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        self.take(length)
    }

    fn optional(&mut self) -> Option<Option<String>> {
        match self.number()? {
            0 => Some(None),
            length => self.take(length - 1).map(Some),
        }
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn papers() -> impl Strategy<Value = Paper> {
        let text = || {
            (".{0,20}", proptest::option::of(".{0,9}")).prop_map(|(clean, raw)| Text { clean, raw })
        };
        let list = || proptest::collection::vec(".{0,200}", 0..4);
        let date = (1000u16..9999, 0u8..13, 0u8..32).prop_map(|(year, month, day)| Date {
            year,
            month,
            day,
        });
        let link = (proptest::sample::select(&KINDS[..]), ".{0,9}")
            .prop_map(|(kind, url)| Link { kind, url });
        let listing = (".{0,9}", proptest::option::of(".{0,3}"), any::<u32>()).prop_map(
            |(source, on, rank)| Listing {
                source,
                listed_on: on,
                rank,
            },
        );
        let texts = (".{0,9}", text(), text(), proptest::option::of(".{0,3}"));
        let lists = (list(), list(), list());
        let rest = (
            proptest::option::of(date),
            proptest::sample::select(&CODES[..]),
            proptest::collection::vec(link, 0..4),
            proptest::collection::vec(listing, 0..4),
        );
        (texts, lists, rest).prop_map(|(texts, lists, rest)| Paper {
            id: texts.0,
            title: texts.1,
            abstract_: texts.2,
            venue: texts.3,
            authors: lists.0,
            categories: lists.1,
            keywords: lists.2,
            date: rest.0,
            code: rest.1,
            links: rest.2,
            listings: rest.3,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn packed_papers_come_back(paper in papers()) {
            let mut bytes = Vec::new();
            pack(&paper, &mut bytes);
            prop_assert_eq!(unpack(&bytes), Some(paper));
            for end in 0..bytes.len() {
                prop_assert_eq!(unpack(bytes.get(..end).unwrap()), None);
            }
        }
    }
}
