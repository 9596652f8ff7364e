//! The manifest: the one file that is read before the first query.
//!
//! The only user of `bincode`, and always with a limit (see `deny.toml` for why it is here).

use std::ops::Range;

use bincode::config::{Configuration, Limit, LittleEndian};
use twox_hash::XxHash32;

use crate::error::{Error, Fault};
use crate::lengths::pack_lengths;
use crate::limits;
use crate::model::FrequencyPriors;
use crate::spelling::{SPELLING, pack_names, read_names};
use crate::{FORMAT_VERSION, block::Section};

const MAGIC: &[u8; 8] = b"OFFPRINT";

/// Magic, version, length of the record.
const HEADER: usize = 16;

type Config = Configuration<LittleEndian, bincode::config::Varint, Limit<{ limits::MANIFEST }>>;

fn config() -> Config {
    bincode::config::standard().with_limit::<{ limits::MANIFEST }>()
}

/// What a collection's index consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode)]
pub struct Manifest {
    /// Fingerprint of the analyzer that made the terms.
    pub analyzer: u64,
    /// Title of the collection.
    pub title: String,
    /// A sentence about the collection; may be empty.
    pub description: String,
    /// The segments. Version 1 has exactly one.
    pub segments: Vec<Segment>,
}

/// One immutable part of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode)]
pub struct Segment {
    /// Name of its folder: a hash of its contents, in hexadecimal.
    pub name: String,
    /// Goes into the checksum of every block, so that blocks of different segments differ.
    pub seed: u32,
    /// Number of papers; documents are numbered from 0.
    pub papers: u32,
    /// Lists of at most so many postings stand inline in their term shard.
    pub inline_limit: u32,
    /// Cards in a block, except the last; 0 where the directory says which page holds which.
    pub cards_per_block: u32,
    /// Classes of length, in the order of documents.
    pub lengths: Vec<LengthClass>,
    /// Distribution of frequency codes.
    pub priors: FrequencyPriors,
    /// Its sections.
    pub sections: Vec<SectionTable>,
    /// Blocks of each column, see [`crate::Column`].
    pub columns: Vec<u32>,
    /// First words of the term shards: see [`Segment::shard_of`]. Then those of the
    /// blocks of spelling, each after [`SPELLING`], so that all rise.
    pub shard_keys: ShardKeys,
    /// Counts for people.
    pub stats: Stats,
}

/// Papers of about the same length: consecutive documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bincode::Encode)]
pub struct LengthClass {
    /// How many they are.
    pub papers: u32,
    /// Their length norm, see [`crate::length_norm`].
    pub norm: u16,
}

/// A section's size and division into files.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode)]
pub struct SectionTable {
    /// Code of the section; a reader passes over codes that it does not know.
    pub section: u8,
    /// Number of blocks.
    pub blocks: u32,
    /// Of `chunks`: blocks in a file, except the last; 0 in `packs`.
    pub blocks_per_file: u32,
    /// Of `packs`: bytes of a file, except the last; 0 in `chunks`.
    pub file_bytes: u32,
    /// Of `packs`: stored bytes of every block, where they are equal; 0 elsewhere.
    pub stride: u32,
    /// Of `packs`: stored bytes of each block, where they are listed.
    pub lengths: Lengths,
    /// Stored bytes of all files.
    pub bytes: u64,
}

impl SectionTable {
    /// Whether it is read by ranges.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.file_bytes > 0
    }

    /// Number of files.
    #[must_use]
    pub fn files(&self) -> u32 {
        if self.is_packed() {
            self.bytes.div_ceil(u64::from(self.file_bytes)) as u32
        } else {
            self.blocks.div_ceil(self.blocks_per_file.max(1))
        }
    }

    fn check(&self) -> Result<(), Fault> {
        let chunks = self.blocks_per_file > 0 && self.blocks < 1 << 28;
        let lengths = self.lengths.0.len();
        let packs = self.bytes <= u64::from(u32::MAX)
            && self.file_bytes >= limits::BLOCK as u32
            && self.stride <= limits::BLOCK as u32
            && (lengths == 0 || (self.stride == 0 && lengths == self.blocks as usize));
        let stride = self.stride == 0 || self.stride > 4;
        if stride && (chunks && self.file_bytes == 0 || packs && self.blocks_per_file == 0) {
            Ok(())
        } else {
            Err(Fault::value("section table"))
        }
    }
}

/// Counts for people; no query needs them.
#[derive(Clone, Debug, Default, PartialEq, Eq, bincode::Encode)]
pub struct Stats {
    /// Distinct words of titles and abstracts, before stemming.
    pub words: u64,
    /// Distinct stems.
    pub stems: u64,
    /// Distinct words of authors' names.
    pub names: u64,
    /// Postings of stems.
    pub postings: u64,
    /// Postings of authors' words.
    pub name_postings: u64,
    /// Words of all titles and abstracts together, stop words left out.
    pub tokens: u64,
    /// Bytes of postings lists, inline and external, measured alone.
    pub posting_bytes: u64,
}

/// Stored bytes of blocks, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lengths(pub Vec<u32>);

impl bincode::Encode for Lengths {
    fn encode<E: bincode::enc::Encoder>(
        &self,
        encoder: &mut E,
    ) -> Result<(), bincode::error::EncodeError> {
        bincode::Encode::encode(&pack_lengths(&self.0), encoder)
    }
}

/// The shortest strings that tell blocks of sorted words apart, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardKeys(pub Vec<String>);

impl ShardKeys {
    /// The first, which is empty, goes without saying.
    fn pack(&self) -> Option<Vec<u8>> {
        match self.0.split_first() {
            None => Some(Vec::new()),
            Some((first, keys)) => pack_names(keys).ok().filter(|_| first.is_empty()),
        }
    }

    /// Reads what [`Self::pack`] wrote.
    pub(crate) fn read(bytes: &[u8]) -> Result<ShardKeys, Fault> {
        let mut keys = Vec::new();
        if !bytes.is_empty() {
            keys.push(String::new());
            read_names(bytes, &mut keys)?;
        }
        Ok(ShardKeys(keys))
    }
}

impl bincode::Encode for ShardKeys {
    fn encode<E: bincode::enc::Encoder>(
        &self,
        encoder: &mut E,
    ) -> Result<(), bincode::error::EncodeError> {
        let keys = self
            .pack()
            .ok_or(bincode::error::EncodeError::Other("keys"))?;
        bincode::Encode::encode(&keys, encoder)
    }
}

impl Segment {
    /// The table of a section, if the segment has it.
    #[must_use]
    #[inline(never)]
    pub fn section(&self, section: Section) -> Option<&SectionTable> {
        self.sections
            .iter()
            .find(|table| table.section == section.code())
    }

    /// Number of the term shard that holds `word`, if any does.
    #[must_use]
    pub fn shard_of(&self, word: &str) -> Option<u32> {
        let after = self
            .shard_keys
            .0
            .partition_point(|key| key.as_str() <= word);
        (!self.shard_keys.0.is_empty()).then(|| after.saturating_sub(1) as u32)
    }

    /// Numbers of the term shards that may hold words that begin with `prefix`.
    #[must_use]
    pub fn shards_with_prefix(&self, prefix: &str) -> Range<u32> {
        let Some(first) = self.shard_of(prefix) else {
            return 0..0;
        };
        let keys = &self.shard_keys.0;
        let end = keys.partition_point(|key| key.as_str() <= prefix || key.starts_with(prefix));
        first..(end as u32).max(first + 1)
    }

    /// Numbers of the blocks of spelling that may hold words, written as they stand there, that
    /// begin with `prefix`.
    #[must_use]
    pub fn spelling_with_prefix(&self, prefix: &str) -> Range<u32> {
        let terms = self.blocks(Section::Terms);
        let mut key = String::from(SPELLING);
        key.push_str(prefix);
        let range = self.shards_with_prefix(&key);
        range.start.saturating_sub(terms)..range.end.saturating_sub(terms)
    }

    /// Number of blocks in a section.
    #[must_use]
    pub fn blocks(&self, section: Section) -> u32 {
        self.section(section).map_or(0, |table| table.blocks)
    }

    fn check(&self) -> Result<(), Fault> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(plain) {
            return Err(Fault::value("segment name"));
        }
        if self.papers > limits::PAPERS {
            return Err(Fault::value("number of papers"));
        }
        if self.cards_per_block > limits::CARDS_PER_BLOCK {
            return Err(Fault::value("cards in a block"));
        }
        for table in &self.sections {
            table.check()?;
        }
        let mut papers = 0;
        for class in &self.lengths {
            papers += u64::from(class.papers);
        }
        if self.lengths.len() > limits::CLASSES || papers != u64::from(self.papers) {
            return Err(Fault::value("classes of length"));
        }
        let blocks = |section| self.blocks(section);
        let cards = match self.cards_per_block {
            0 => blocks(Section::Directory) == blocks(Section::Cards).div_ceil(limits::PAGES),
            many => blocks(Section::Cards) == self.papers.div_ceil(many),
        };
        let keyed = u64::from(blocks(Section::Terms)) + u64::from(blocks(Section::Spelling));
        if keyed != self.shard_keys.0.len() as u64 || !cards {
            return Err(Fault::value("number of blocks"));
        }
        let mut columns = 0;
        for &count in &self.columns {
            columns += u64::from(count);
        }
        if columns != u64::from(blocks(Section::Columns)) {
            return Err(Fault::value("number of blocks"));
        }
        Ok(())
    }
}

impl Manifest {
    /// The file's bytes.
    ///
    /// # Errors
    /// [`Error::Manifest`] if the manifest is over a limit.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let record = bincode::encode_to_vec(self, bincode::config::standard())
            .map_err(|_| Error::Manifest(Fault::value("size")))?;
        if record.len() + HEADER + 4 > limits::MANIFEST {
            return Err(Error::Manifest(Fault::Long));
        }
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        out.extend_from_slice(&(record.len() as u32).to_le_bytes());
        out.extend_from_slice(&record);
        let sum = XxHash32::oneshot(0, &out);
        out.extend_from_slice(&sum.to_le_bytes());
        Ok(out)
    }

    /// Reads the file's bytes.
    ///
    /// # Errors
    /// [`Error::NotAManifest`], [`Error::Version`] or [`Error::Manifest`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Manifest, Error> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(Error::NotAManifest)?;
        let short = Error::Manifest(Fault::Short);
        let (version, rest) = rest.split_first_chunk::<4>().ok_or(short.clone())?;
        let found = u32::from_le_bytes(*version);
        if found != FORMAT_VERSION {
            return Err(Error::Version {
                found,
                supported: FORMAT_VERSION,
            });
        }
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(short.clone())?;
        let (record, sum) = rest.split_last_chunk::<4>().ok_or(short)?;
        if bytes.len() > limits::MANIFEST || record.len() != u32::from_le_bytes(*length) as usize {
            return Err(Error::Manifest(Fault::value("length")));
        }
        let (summed, _) = bytes.split_at(bytes.len() - 4);
        if XxHash32::oneshot(0, summed) != u32::from_le_bytes(*sum) {
            return Err(Error::Manifest(Fault::Checksum));
        }
        let (manifest, used): (Manifest, usize) = bincode::decode_from_slice(record, config())
            .map_err(|_| Error::Manifest(Fault::value("record")))?;
        if used != record.len() {
            return Err(Error::Manifest(Fault::Long));
        }
        if manifest.segments.len() != 1 {
            return Err(Error::Manifest(Fault::value("number of segments")));
        }
        for segment in &manifest.segments {
            segment.check().map_err(Error::Manifest)?;
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    pub(crate) fn sample() -> Manifest {
        let table = |section: Section, blocks| SectionTable {
            section: section.code(),
            blocks,
            blocks_per_file: 1,
            bytes: 100,
            ..SectionTable::default()
        };
        Manifest {
            analyzer: 42,
            title: "Papers".into(),
            description: String::new(),
            segments: vec![Segment {
                name: "00ff".into(),
                papers: 10,
                cards_per_block: 4,
                lengths: vec![
                    LengthClass {
                        papers: 4,
                        norm: 200,
                    },
                    LengthClass {
                        papers: 6,
                        norm: 300,
                    },
                ],
                sections: vec![table(Section::Terms, 3), table(Section::Cards, 3)],
                shard_keys: ShardKeys(vec![String::new(), "gra".into(), "grb".into()]),
                ..Segment::default()
            }],
        }
    }

    #[test]
    fn a_manifest_comes_back() {
        let bytes = sample().to_bytes().unwrap();
        assert_eq!(Manifest::from_bytes(&bytes).unwrap(), sample());
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x10;
            assert!(Manifest::from_bytes(&flipped).is_err(), "flip at {at}");
            assert!(Manifest::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_version_is_told_apart_from_damage() {
        let mut bytes = sample().to_bytes().unwrap();
        bytes[8] = 9;
        let error = Manifest::from_bytes(&bytes).unwrap_err();
        assert_eq!(
            error,
            Error::Version {
                found: 9,
                supported: FORMAT_VERSION
            }
        );
        assert_eq!(
            Manifest::from_bytes(b"<!doctype html>"),
            Err(Error::NotAManifest)
        );
    }

    #[test]
    fn shards_are_found_by_word_and_prefix() {
        let manifest = sample();
        let segment = &manifest.segments[0];
        assert_eq!(segment.shard_of("a"), Some(0));
        assert_eq!(segment.shard_of("gra"), Some(1));
        assert_eq!(segment.shard_of("graz"), Some(1));
        assert_eq!(segment.shard_of("z"), Some(2));
        assert_eq!(segment.shards_with_prefix("g"), 0..3);
        assert_eq!(segment.shards_with_prefix("gra"), 1..2);
        assert_eq!(segment.shards_with_prefix("grb"), 2..3);
        assert_eq!(segment.shards_with_prefix("a"), 0..1);
    }

    #[test]
    fn forged_manifests_are_held_to_the_limits() {
        type Change = fn(&mut Manifest);
        let changes: [Change; 10] = [
            |m| m.segments[0].name = "../../etc".into(),
            |m| m.segments[0].papers = u32::MAX,
            |m| m.segments[0].cards_per_block = 0,
            |m| m.segments[0].sections[0].blocks_per_file = 0,
            |m| m.segments[0].sections[0].blocks = 7,
            |m| m.segments[0].sections[0].file_bytes = 100_000,
            |m| m.segments[0].sections[0].stride = 3,
            |m| m.segments[0].cards_per_block = 300,
            |m| m.segments[0].lengths[0].papers = 5,
            |m| m.segments.clear(),
        ];
        for change in changes {
            let mut manifest = sample();
            change(&mut manifest);
            assert!(Manifest::from_bytes(&manifest.to_bytes().unwrap()).is_err());
        }
    }
}
