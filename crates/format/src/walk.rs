//! From block to block: how every block of a segment is reached, to check them all.

use crate::block::{BlockId, BlockRef, Section};
use crate::cards::CardBlock;
use crate::directory::read_directory;
use crate::entries::{Address, Lists, NamesEntry, Positions};
use crate::error::{Error, Fault};
use crate::expansions::Expansions;
use crate::layout::FileId;
use crate::limits;
use crate::manifest::Segment;
use crate::related::read_related;
use crate::spelling::Spelling;
use crate::terms::Shard;

impl Segment {
    /// The blocks whose places the manifest tells, in order: every block of `chunks`, and of
    /// `packs` those that nothing points at.
    pub fn roots(&self) -> impl Iterator<Item = BlockRef> + '_ {
        Section::ALL
            .into_iter()
            .filter_map(|section| Some((section, self.section(section)?)))
            .filter(|(_, table)| {
                !table.is_packed() || table.stride > 0 || !table.lengths.0.is_empty()
            })
            .flat_map(|(section, table)| {
                (0..table.blocks).map(move |number| BlockId { section, number }.whole())
            })
    }

    /// The blocks that a block points at, each once, in order.
    ///
    /// # Errors
    /// [`Error::Block`] if the payload is damaged, or points at what the segment does not have.
    pub fn pointed(&self, id: BlockId, payload: &[u8]) -> Result<Vec<BlockRef>, Error> {
        let mut blocks = match id.section {
            Section::Terms => self.lists_of(payload),
            Section::Cards => self.records_of(payload),
            Section::Directory => self.check_directory(id, payload).map(|()| Vec::new()),
            Section::Spelling => Spelling::read(payload).map(|_| Vec::new()),
            Section::Related => self.check_related(id, payload).map(|()| Vec::new()),
            Section::Postings
            | Section::Records
            | Section::Positions
            | Section::Columns
            | Section::Ids => Ok(Vec::new()),
        }
        .map_err(|fault| id.damaged(fault))?;
        blocks.sort_unstable();
        blocks.dedup();
        if blocks.iter().all(|&block| self.has(block)) {
            Ok(blocks)
        } else {
            Err(id.damaged(Fault::value("address")))
        }
    }

    /// The file in which a block lies.
    #[must_use]
    pub fn file_of(&self, block: BlockRef) -> Option<FileId> {
        let reads = self.reads(&[block]).ok()?;
        reads.first().map(|read| read.file)
    }

    fn lists_of(&self, payload: &[u8]) -> Result<Vec<BlockRef>, Fault> {
        let shard = Shard::read(payload, self)?;
        let mut runs: Vec<(Section, Address, u32)> = Vec::new();
        let mut list = |at, bytes| runs.push((Section::Postings, at, bytes));
        for entry in shard.entries() {
            if let Lists::External {
                at,
                title_bytes,
                body_bytes,
                late,
            } = entry.lists
            {
                let first = title_bytes.saturating_add(body_bytes);
                list(at, first);
                let mut end = self.after(Section::Postings, at, first);
                if let Expansions::External { at, bytes, .. } = entry.expansions {
                    list(at, bytes);
                    end = self.after(Section::Postings, at, bytes);
                }
                if let Some(late) = late {
                    list(self.late(end), late.bytes);
                }
            }
        }
        for names in shard.all_names() {
            if let NamesEntry::External { at, bytes, .. } = *names {
                list(at, bytes);
            }
        }
        for prefix in shard.prefixes() {
            let rest = prefix.rest_bytes.unwrap_or(0);
            list(prefix.at, prefix.best_bytes.saturating_add(rest));
        }
        for entry in shard.entries() {
            let Positions { at, bytes, gaps } = entry.positions;
            if bytes > limits::LIST {
                // It is too long to be there.
                continue;
            }
            runs.push((Section::Positions, at, bytes));
            if let Some(gaps) = gaps {
                let start = self.late(self.after(Section::Positions, at, bytes));
                runs.push((Section::Positions, start, gaps));
            }
        }
        let mut blocks = Vec::new();
        for (section, at, bytes) in runs {
            if bytes > limits::LIST {
                return Err(Fault::value("bytes of a list"));
            }
            self.run(section, at, bytes, &mut blocks);
        }
        Ok(blocks)
    }

    fn records_of(&self, payload: &[u8]) -> Result<Vec<BlockRef>, Fault> {
        let cards = CardBlock::read(payload, self.is_packed(Section::Records))?;
        let mut blocks = Vec::new();
        for card in cards.cards() {
            self.record_blocks(card.record, &mut blocks)?;
        }
        Ok(blocks)
    }

    fn check_related(&self, id: BlockId, payload: &[u8]) -> Result<(), Fault> {
        let first = id.number.saturating_mul(limits::RELATED_PAPERS);
        let end = first.saturating_add(limits::RELATED_PAPERS);
        (first..end.min(self.papers))
            .try_for_each(|doc| read_related(payload, doc, self.papers).map(drop))
    }

    fn check_directory(&self, id: BlockId, payload: &[u8]) -> Result<(), Fault> {
        let pages = self.blocks(Section::Cards);
        let pages = pages.saturating_sub(id.number.saturating_mul(limits::PAGES));
        read_directory(payload, pages, self.papers).map(drop)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::cards::{Card, pack_cards};
    use crate::directory::pack_directory;
    use crate::entries::{Entry, Late, PrefixEntry};
    use crate::manifest::{Lengths, SectionTable};
    use crate::records::RecordAddress;
    use crate::terms::ShardWriter;

    const FILE: u32 = 1 << 20;
    const LONG: u32 = limits::PAYLOAD as u32 + 10;

    fn id(section: Section, number: u32) -> BlockId {
        BlockId { section, number }
    }

    /// Two shards, three pages, and room for lists and records.
    fn segment(packed: bool) -> Segment {
        let table = |section: Section, blocks, stride, lengths: &[u32]| SectionTable {
            section: section.code(),
            blocks,
            blocks_per_file: u32::from(!packed),
            file_bytes: if packed { FILE } else { 0 },
            stride: if packed { stride } else { 0 },
            lengths: Lengths(if packed { lengths.to_vec() } else { Vec::new() }),
            bytes: u64::from(FILE),
        };
        Segment {
            name: "seg".into(),
            papers: 100,
            sections: vec![
                table(Section::Terms, 2, 0, &[70, 80]),
                table(Section::Postings, 9, 0, &[]),
                table(Section::Cards, 3, 768, &[]),
                table(Section::Records, 9, 0, &[]),
                table(Section::Directory, 1, 0, &[30]),
                table(Section::Positions, 40, 0, &[]),
            ],
            ..Segment::default()
        }
    }

    fn shard(segment: &Segment, at: Address) -> Vec<u8> {
        let mut writer = ShardWriter::new(segment);
        let list = Entry {
            title_count: 1,
            body_count: 40,
            lists: Lists::External {
                at,
                title_bytes: 10,
                body_bytes: LONG - 10,
                late: Some(Late { count: 9, bytes: 7 }),
            },
            positions: Positions {
                at: Address {
                    block: 30,
                    offset: 0,
                },
                bytes: 50,
                gaps: Some(7),
            },
            expansions: Expansions::default(),
        };
        let names = NamesEntry::External {
            count: 9,
            at: Address::default(),
            bytes: 20,
        };
        writer.word("graph", Some(1), || list, Some(names));
        writer.prefix(PrefixEntry {
            prefix: "g".into(),
            count: 9,
            best: 9,
            at: Address::default(),
            best_bytes: 15,
            rest_bytes: Some(5),
        });
        writer.finish().unwrap()
    }

    #[test]
    fn roots_are_what_nothing_points_at() {
        let count = |segment: &Segment, section| {
            let of = |block: &BlockRef| block.id.section == section;
            segment.roots().filter(of).count()
        };
        let (chunks, packs) = (segment(false), segment(true));
        assert_eq!(chunks.roots().count(), 64);
        assert_eq!(packs.roots().count(), 6);
        assert_eq!(count(&packs, Section::Terms), 2);
        assert_eq!(count(&packs, Section::Cards), 3);
        assert_eq!(count(&packs, Section::Directory), 1);
    }

    #[test]
    fn a_shard_points_at_every_part_of_its_lists() {
        let at = Address {
            block: 200,
            offset: 0,
        };
        let packs = segment(true);
        let block = |number, stored| BlockRef {
            id: id(Section::Postings, number),
            stored,
        };
        let second = 200 + limits::BLOCK as u32;
        // The names and the prefix share a list; the late part follows both blocks of the first.
        let expected = [
            block(0, 24),
            block(200, limits::BLOCK as u32),
            block(second, 14),
            block(second + 14, 11),
            BlockRef {
                id: id(Section::Positions, 30),
                stored: 54,
            },
            BlockRef {
                id: id(Section::Positions, 84),
                stored: 11,
            },
        ];
        let payload = shard(&packs, at);
        let found = packs.pointed(id(Section::Terms, 0), &payload).unwrap();
        assert_eq!(found, expected);
        let file = packs.file_of(expected[1]).unwrap();
        assert_eq!((file.section, file.number), (Section::Postings, 0));

        let chunks = segment(false);
        let at = Address {
            block: 3,
            offset: 5,
        };
        let payload = shard(&chunks, at);
        let found = chunks.pointed(id(Section::Terms, 0), &payload).unwrap();
        let numbers: Vec<u32> = found.iter().map(|block| block.id.number).collect();
        assert_eq!(numbers, [0, 3, 4, 5, 30, 31]);
    }

    #[test]
    fn cards_point_at_their_records() {
        let packs = segment(true);
        let card = |block, bytes| Card {
            record: RecordAddress {
                block,
                offset: 0,
                bytes,
            },
            ..Card::default()
        };
        let payload = pack_cards(&[card(0, 100), card(104, LONG)], true);
        let found = packs.pointed(id(Section::Cards, 1), &payload).unwrap();
        let places: Vec<(u32, u32)> = found.iter().map(|b| (b.id.number, b.stored)).collect();
        let second = 104 + limits::BLOCK as u32;
        assert_eq!(
            places,
            [(0, 104), (104, limits::BLOCK as u32), (second, 14)]
        );
        let outside = pack_cards(&[card(FILE - 50, 100)], true);
        let fault = Fault::value("address");
        assert_eq!(
            packs.pointed(id(Section::Cards, 1), &outside),
            Err(id(Section::Cards, 1).damaged(fault))
        );
    }

    #[test]
    fn what_cannot_be_read_points_at_nothing() {
        let packs = segment(true);
        let far = Address {
            block: u32::MAX,
            offset: 9,
        };
        let payload = shard(&packs, far);
        assert!(packs.pointed(id(Section::Terms, 0), &payload).is_err());
        for section in [Section::Terms, Section::Cards, Section::Directory] {
            assert!(packs.pointed(id(section, 0), &[0xff; 9]).is_err());
        }
        let directory = pack_directory(0, &[40, 40, 20]);
        let at = id(Section::Directory, 0);
        assert_eq!(packs.pointed(at, &directory), Ok(Vec::new()));
        assert!(
            packs
                .pointed(at, &pack_directory(0, &[40, 40, 21]))
                .is_err()
        );
        assert_eq!(packs.pointed(id(Section::Records, 7), b"x"), Ok(Vec::new()));
    }
}
