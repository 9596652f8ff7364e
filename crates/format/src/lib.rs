//! The index format: bytes to structures and back, the writer beside the reader.
//!
//! `FORMAT.md` at the project's root is the specification; this crate is its implementation and
//! the only place where index bytes are made or read. Everything here is pure: bytes come in,
//! structures go out. Nothing that is read is trusted: counts and lengths are checked before
//! memory is taken for them, and a fault is an [`Error`], never a panic.

mod block;
mod bylines;
mod bytes;
mod cards;
mod columns;
mod deflate;
mod dictionary;
mod directory;
mod entries;
mod error;
mod expansions;
mod files;
mod ids;
mod inflate;
mod layout;
mod lengths;
mod manifest;
mod manifest_decode;
mod model;
mod positions;
mod postings;
mod range_coder;
mod records;
mod related;
mod scoring;
mod spelling;
mod terms;
mod walk;

pub use block::{BlockId, BlockRef, Section, open_block, seal_block};
pub use bylines::{bylines_in, pack_bylines, read_bylines};
pub use bytes::put_number;
pub use cards::{Card, CardBlock, CodeState, pack_cards};
pub use columns::{Column, Further, NONE, OTHER, Values, pack_days, read_days};
pub use dictionary::guarded_now;
pub use directory::{pack_directory, read_directory};
pub use entries::{Address, Entry, Form, Late, Lists, NamesEntry, Positions, PrefixEntry};
pub use error::{Error, Fault};
pub use expansions::{
    EXPANSION_VALUES, Expansion, Expansions, decode_expansions, encode_expansions, expanded,
    expansion, expansion_level, expansion_sum,
};
pub use files::{Finished, SectionWriter, Shape};
pub use ids::{IdHash, find_id, ids_in, pack_ids};
pub use layout::{FileId, Read, split_file};
pub use manifest::{LengthClass, Lengths, Manifest, SectionTable, Segment, ShardKeys, Stats};
pub use model::{FREQUENCIES, FrequencyPriors, FrequencyTally};
pub use positions::{
    CHAIN, COMMON_WORDS, Chain, Counts, FREQUENT_WORDS, Occurrence, PositionsCodec,
    PositionsDecoder, PositionsEncoder,
};
pub use postings::{MAX_FREQUENCY, Posting, PostingsCodec, decode_docs, encode_docs};
pub use records::{Listing, Record, RecordAddress, RecordPacker, pack_record, read_record};
pub use related::{RELATED_BYTES, pack_related, read_related};
pub use scoring::{NAME_VALUE, TITLE_WEIGHT, impact, length_norm, log2, term_weight};
pub use spelling::{REVERSED, SPELLING, Spelling, class_code, pack_spelling};
pub use terms::{Shard, ShardWriter};

/// Version of the format that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 3;

/// Limits that a reader holds every index to, so that memory and time stay bounded.
pub mod limits {
    /// Papers in a collection.
    pub const PAPERS: u32 = 1 << 22;
    /// Stored bytes of a block, checksum included.
    pub const BLOCK: usize = 64 * 1024;
    /// Bytes of a block before its checksum.
    pub const PAYLOAD: usize = BLOCK - 4;
    /// Bytes between two blocks of a pack that are read rather than asked around.
    pub const GAP: u32 = 512;
    /// Pages of cards that one block of the directory describes.
    pub const PAGES: u32 = 32 * 1024;
    /// Values that a column names.
    pub const VALUES: usize = 10_000;
    /// Papers whose days stand in one block.
    pub const DAYS: usize = 16 * 1024;
    /// Bytes of a block of the lists of further categories, before its checksum.
    pub const FURTHER: usize = 8 * 1024;
    /// Authors of the papers of a block of bylines.
    pub const BYLINES: usize = 1 << 19;
    /// Classes of length.
    pub const CLASSES: usize = 256;
    /// Bytes of a manifest.
    pub const MANIFEST: usize = 4 * 1024 * 1024;
    /// Words in one term shard.
    pub const SHARD_WORDS: usize = 16 * 1024;
    /// Postings that one term shard holds inline, over all its lists.
    pub const SHARD_POSTINGS: usize = 1 << 20;
    /// Bytes of a term.
    pub const TERM: usize = 255;
    /// Bytes of a block of cards when inflated.
    pub const CARDS: usize = 512 * 1024;
    /// Cards in a block.
    pub const CARDS_PER_BLOCK: u32 = 256;
    /// Bytes of a block of records when inflated; a longer record continues in the next block.
    pub const RECORD_BLOCK: usize = 32 * 1024;
    /// Bytes of one record.
    pub const RECORD: usize = 4 * 1024 * 1024;
    /// Bytes of a list, or of a run of positions.
    pub const LIST: u32 = 1 << 24;
    /// Places in a run of positions.
    pub const RUN_PLACES: u32 = 1 << 24;
    /// Words of a title or of an abstract: each takes a byte of its record at least.
    pub const TEXT_WORDS: u32 = 1 << 22;
    /// Papers that are named as related to a paper.
    pub const RELATED: usize = 6;
    /// Papers in a block of the related section.
    pub const RELATED_PAPERS: u32 = 128;
    /// Letters of a prefix that may have a list of its own.
    pub const PREFIX_LETTERS: usize = 3;
    /// Papers whose impact a prefix list gives.
    pub const PREFIX_BEST: usize = 1000;
}
