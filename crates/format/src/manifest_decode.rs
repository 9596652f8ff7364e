//! Reading the manifest's record, field by field.
//!
//! The derived way reads integers of four types in thirty places, each with its own code, and takes
//! apart what it has made at each of as many early ends. In this encoding an integer wider than a
//! byte has the same bytes whatever its type, so all are read as the widest and narrowed; and a
//! manifest that is there already, empty, is filled. The client is 1 KB smaller for it.

use bincode::Decode;
use bincode::de::Decoder;
use bincode::error::DecodeError;

use crate::lengths::read_lengths;
use crate::manifest::{LengthClass, Manifest, SectionTable, Segment, ShardKeys};
use crate::model::NODES;

/// Elements of any list in it, names aside: there are no more codes of sections or classes of length.
const ELEMENTS: u64 = 256;

#[inline(never)]
fn wide<D: Decoder>(decoder: &mut D) -> Option<u64> {
    u64::decode(decoder).ok()
}

#[inline(never)]
fn int<D: Decoder>(decoder: &mut D) -> Option<u32> {
    u32::try_from(wide(decoder)?).ok()
}

#[inline(never)]
fn bytes<D: Decoder>(decoder: &mut D) -> Option<Vec<u8>> {
    Vec::decode(decoder).ok()
}

fn text<D: Decoder>(decoder: &mut D) -> Option<String> {
    String::from_utf8(bytes(decoder)?).ok()
}

/// How many elements follow.
#[inline(never)]
fn count<D: Decoder>(decoder: &mut D) -> Option<u64> {
    wide(decoder).filter(|&count| count <= ELEMENTS)
}

fn ints<D: Decoder, const N: usize>(decoder: &mut D, fields: [&mut u32; N]) -> Option<()> {
    for field in fields {
        *field = int(decoder)?;
    }
    Some(())
}

fn table<D: Decoder>(decoder: &mut D, table: &mut SectionTable) -> Option<()> {
    table.section = u8::decode(decoder).ok()?;
    let fields = [
        &mut table.blocks,
        &mut table.blocks_per_file,
        &mut table.file_bytes,
        &mut table.stride,
    ];
    ints(decoder, fields)?;
    table.lengths.0 = read_lengths(&bytes(decoder)?)?;
    table.bytes = wide(decoder)?;
    Some(())
}

fn segment<D: Decoder>(decoder: &mut D, segment: &mut Segment) -> Option<()> {
    segment.name = text(decoder)?;
    let fields = [
        &mut segment.seed,
        &mut segment.papers,
        &mut segment.inline_limit,
        &mut segment.cards_per_block,
    ];
    ints(decoder, fields)?;
    for _ in 0..count(decoder)? {
        segment.lengths.push(LengthClass {
            papers: int(decoder)?,
            norm: u16::try_from(int(decoder)?).ok()?,
        });
    }
    let priors = &mut segment.priors;
    for tree in [&mut priors.title, &mut priors.body] {
        *tree = <[u8; NODES]>::decode(decoder).ok()?;
    }
    priors.title_only = u8::decode(decoder).ok()?;
    for _ in 0..count(decoder)? {
        segment.sections.push(SectionTable::default());
        table(decoder, segment.sections.last_mut()?)?;
    }
    for _ in 0..count(decoder)? {
        segment.columns.push(int(decoder)?);
    }
    segment.shard_keys = ShardKeys::read(&bytes(decoder)?).ok()?;
    let stats = &mut segment.stats;
    for field in [
        &mut stats.words,
        &mut stats.stems,
        &mut stats.names,
        &mut stats.postings,
        &mut stats.name_postings,
        &mut stats.tokens,
        &mut stats.posting_bytes,
    ] {
        *field = wide(decoder)?;
    }
    Some(())
}

fn manifest<D: Decoder>(decoder: &mut D, manifest: &mut Manifest) -> Option<()> {
    manifest.analyzer = wide(decoder)?;
    manifest.title = text(decoder)?;
    manifest.description = text(decoder)?;
    for _ in 0..count(decoder)? {
        manifest.segments.push(Segment::default());
        segment(decoder, manifest.segments.last_mut()?)?;
    }
    Some(())
}

impl<Context> Decode<Context> for Manifest {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let mut read = Manifest::default();
        match manifest(decoder, &mut read) {
            Some(()) => Ok(read),
            None => Err(DecodeError::Other("manifest")),
        }
    }
}
