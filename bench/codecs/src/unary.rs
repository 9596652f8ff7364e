//! Small counts, coded in unary with a learned probability for each step.

use crate::range_coder::{Bit, Decoder, Encoder, Number};

/// Steps with a probability of their own.
const DEPTH: usize = 8;

/// Counts how often each number comes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally([u64; DEPTH + 1]);

impl Tally {
    pub(crate) const fn new() -> Self {
        Tally([0; DEPTH + 1])
    }

    pub(crate) fn see(&mut self, value: u32) {
        if let Some(count) = self.0.get_mut((value as usize).min(DEPTH)) {
            *count += 1;
        }
    }

    /// A model that starts from these counts.
    pub(crate) fn model(&self) -> Unary {
        let mut steps = [Bit::EVEN; DEPTH];
        for (at, step) in steps.iter_mut().enumerate() {
            let all: u64 = self.0.iter().skip(at).sum();
            let stop = self.0.get(at).copied().unwrap_or(0);
            let share = ((stop * 256 + all / 2) / all.max(1)).clamp(1, 255);
            *step = Bit::prior(share as u8, 12);
        }
        Unary {
            steps,
            more: Number::new(),
        }
    }
}

/// Codes numbers step by step.
#[derive(Clone)]
pub(crate) struct Unary {
    steps: [Bit; DEPTH],
    more: Number,
}

impl Unary {
    /// Codes a number that both sides know to be at least `least` and at most `most`.
    pub(crate) fn put_within(&mut self, coder: &mut Encoder, value: u32, least: u32, most: u32) {
        for (at, model) in (0u32..).zip(&mut self.steps) {
            if at < least {
                continue;
            }
            if at == most {
                return;
            }
            let more = value > at;
            coder.bit(model, more);
            if !more {
                return;
            }
        }
        self.more.encode(coder, value - least.max(DEPTH as u32));
    }

    /// Codes a number.
    pub(crate) fn put(&mut self, coder: &mut Encoder, value: u32) {
        self.put_within(coder, value, 0, u32::MAX);
    }
}

impl Unary {
    /// Reads a number that was coded alone.
    pub(crate) fn get(&mut self, coder: &mut Decoder<'_>) -> u32 {
        for (at, model) in (0u32..).zip(&mut self.steps) {
            if !coder.bit(model) {
                return at;
            }
        }
        self.more.decode(coder).saturating_add(DEPTH as u32)
    }
}
