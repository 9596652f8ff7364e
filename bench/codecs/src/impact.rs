//! Impacts of five bits, which postings carried before frequencies, with the code they had then.

use offprint_format::{FrequencyPriors, FrequencyTally, PostingsCodec};

use crate::terms::TITLE_WEIGHT;

/// Saturated term frequencies lie in 0 to 1; codes 0 to 31 stand for (code + 4) / 36.
const STEPS: f64 = 36.0;
const OFFSET: u8 = 4;

/// The code of a saturated term frequency between 0 and 1.
pub(crate) fn impact_code(saturated: f64) -> u8 {
    let step = (saturated * STEPS)
        .round()
        .clamp(f64::from(OFFSET), f64::from(OFFSET + 31));
    step as u8 - OFFSET
}

/// What an impact code is worth in a score.
pub(crate) fn impact_value(code: u8) -> u32 {
    u32::from(code) + u32::from(OFFSET)
}

/// A paper that holds a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    /// Document number.
    pub(crate) doc: u32,
    /// Impact code, 0 to 31.
    pub(crate) impact: u8,
    /// The word stands in the abstract (always so in the body part).
    pub(crate) in_abstract: bool,
}

impl Posting {
    /// The posting of the format whose frequency has the impact's code: 32 codes from the least
    /// frequency of the part, so the format's coder gives the bytes that impacts had.
    fn coded(self, title: bool) -> offprint_format::Posting {
        let least = if title { TITLE_WEIGHT as u8 } else { 1 };
        offprint_format::Posting {
            doc: self.doc,
            frequency: self.impact + least,
            in_abstract: self.in_abstract,
        }
    }
}

/// How often each impact comes in all lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ImpactPriors(FrequencyPriors);

impl ImpactPriors {
    /// Of postings, each of a title part or not.
    pub(crate) fn new(postings: impl Iterator<Item = (Posting, bool)>) -> Self {
        let mut tally = FrequencyTally::default();
        for (posting, title) in postings {
            tally.count(posting.coded(title), title);
        }
        ImpactPriors(tally.priors())
    }
}

/// Bytes of a part of a list with its impacts.
pub(crate) fn encode(
    postings: &[Posting],
    title: bool,
    papers: u32,
    priors: &ImpactPriors,
) -> Vec<u8> {
    let coded: Vec<_> = postings
        .iter()
        .map(|posting| posting.coded(title))
        .collect();
    PostingsCodec::new(papers, &priors.0).encode(&coded, title)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_cover_the_whole_range() {
        assert_eq!(impact_code(0.0), 0);
        assert_eq!(impact_code(1.0), 31);
        for code in 0..32 {
            assert_eq!(impact_code(f64::from(impact_value(code)) / STEPS), code);
        }
    }

    #[test]
    fn every_impact_comes_back_from_the_coder_of_frequencies() {
        let list: Vec<Posting> = (0..32)
            .map(|code| Posting {
                doc: u32::from(code) * 3,
                impact: code,
                in_abstract: true,
            })
            .collect();
        for title in [true, false] {
            let priors = ImpactPriors::new(list.iter().map(|&posting| (posting, title)));
            let bytes = encode(&list, title, 100, &priors);
            let codec = PostingsCodec::new(100, &priors.0);
            let coded: Vec<_> = list.iter().map(|posting| posting.coded(title)).collect();
            assert_eq!(codec.decode(&bytes, 32, title).unwrap(), coded);
        }
    }
}
