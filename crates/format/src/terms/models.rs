//! The probability models of a shard's stream, which writer and reader share.

use crate::entries::Address;
use crate::expansions::LevelModels;
use crate::limits;
use crate::model::{FrequencyPriors, PostingModels};
use crate::range_coder::{Bit, Decoder, Encoder, Number};

/// Models of everything in a shard that is not a posting.
pub(super) struct ShardModels {
    pub(super) kind: [Bit; 2],
    pub(super) new: Bit,
    pub(super) back: Number,
    pub(super) title_count: Number,
    pub(super) body_count: Number,
    pub(super) name_count: Number,
    pub(super) lists: AddressModels,
    pub(super) positions: AddressModels,
    pub(super) bytes: Number,
    pub(super) position_bytes: Number,
    pub(super) gaps: Bit,
    /// Of a word that its entry comes with, and of one that leads to an earlier entry.
    pub(super) form: [Number; 2],
    pub(super) frequent: Bit,
    pub(super) split: Bit,
    pub(super) late_count: Number,
    pub(super) postings: PostingModels,
    pub(super) expanded: Number,
    pub(super) levels: LevelModels,
}

impl ShardModels {
    pub(super) fn new(priors: &FrequencyPriors) -> Self {
        ShardModels {
            kind: [Bit::EVEN; 2],
            new: Bit::EVEN,
            back: Number::new(),
            title_count: Number::new(),
            body_count: Number::new(),
            name_count: Number::new(),
            lists: AddressModels::new(),
            positions: AddressModels::new(),
            bytes: Number::new(),
            position_bytes: Number::new(),
            gaps: Bit::EVEN,
            form: [Number::new(), Number::new()],
            frequent: Bit::EVEN,
            split: Bit::EVEN,
            late_count: Number::new(),
            postings: PostingModels::new(priors),
            expanded: Number::new(),
            levels: LevelModels::new(),
        }
    }
}

/// Models of the addresses of one section.
pub(super) struct AddressModels {
    pub(super) follows: Bit,
    pub(super) begins: Bit,
    pub(super) block: Number,
}

impl AddressModels {
    pub(super) fn new() -> Self {
        AddressModels {
            follows: Bit::EVEN,
            begins: Bit::EVEN,
            block: Number::new(),
        }
    }

    /// Lists lie in dictionary order, so most begin where the one before ends.
    pub(super) fn encode(&mut self, coder: &mut Encoder, at: Address, expected: Address) {
        coder.bit(&mut self.follows, at == expected);
        if at == expected {
            return;
        }
        let delta = at.block.wrapping_sub(expected.block);
        let folded = delta << 1 ^ ((delta as i32) >> 31) as u32;
        self.block.encode(coder, folded);
        coder.bit(&mut self.begins, at.offset == 0);
        if at.offset > 0 {
            coder.uniform(at.offset, limits::PAYLOAD as u32);
        }
    }

    pub(super) fn decode(&mut self, coder: &mut Decoder<'_>, expected: Address) -> Address {
        if coder.bit(&mut self.follows) {
            return expected;
        }
        let folded = self.block.decode(coder);
        let delta = folded >> 1 ^ (folded & 1).wrapping_neg();
        let block = expected.block.wrapping_add(delta);
        let offset = if coder.bit(&mut self.begins) {
            0
        } else {
            coder.uniform(limits::PAYLOAD as u32)
        };
        Address { block, offset }
    }
}

/// Where the next list, and the next run of positions, is expected.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) list: Address,
    pub(super) positions: Address,
}
