//! Reading the manifest's structures, field by field.
//!
//! The derived way reads integers of four types in thirty places, each with its own code, and
//! weighs 2 KB more in the client. In this encoding an integer wider than a byte has the same bytes
//! whatever its type, so all are read as the widest and narrowed.

use bincode::Decode;
use bincode::de::Decoder;
use bincode::error::DecodeError;

use crate::manifest::{LengthClass, SectionTable, Segment, Stats};

#[inline(never)]
fn wide<D: Decoder>(decoder: &mut D) -> Result<u64, DecodeError> {
    u64::decode(decoder)
}

#[inline(never)]
fn int<D: Decoder>(decoder: &mut D) -> Result<u32, DecodeError> {
    u32::try_from(wide(decoder)?).map_err(|_| DecodeError::Other("integer"))
}

impl<Context> Decode<Context> for LengthClass {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(LengthClass {
            papers: int(decoder)?,
            norm: u16::try_from(int(decoder)?).map_err(|_| DecodeError::Other("norm"))?,
        })
    }
}

impl<Context> Decode<Context> for SectionTable {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(SectionTable {
            section: u8::decode(decoder)?,
            blocks: int(decoder)?,
            blocks_per_file: int(decoder)?,
            file_bytes: int(decoder)?,
            stride: int(decoder)?,
            lengths: Decode::decode(decoder)?,
            bytes: wide(decoder)?,
        })
    }
}

impl<Context> Decode<Context> for Stats {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let mut stats = Stats::default();
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
        Ok(stats)
    }
}

impl<Context> Decode<Context> for Segment {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        Ok(Segment {
            name: Decode::decode(decoder)?,
            seed: int(decoder)?,
            papers: int(decoder)?,
            inline_limit: int(decoder)?,
            cards_per_block: int(decoder)?,
            lengths: Decode::decode(decoder)?,
            priors: Decode::decode(decoder)?,
            sections: Decode::decode(decoder)?,
            columns: Decode::decode(decoder)?,
            shard_keys: Decode::decode(decoder)?,
            stats: Decode::decode(decoder)?,
        })
    }
}

bincode::impl_borrow_decode!(LengthClass);
bincode::impl_borrow_decode!(SectionTable);
bincode::impl_borrow_decode!(Stats);
bincode::impl_borrow_decode!(Segment);
