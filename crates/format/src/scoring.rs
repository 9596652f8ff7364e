//! The numbers of a score: integers at query time, the same on every machine.

/// What a saturated term frequency of 1 would be worth; no paper gets quite so much.
const ONE: u32 = 1024;

/// What a paper gets for an author's word: a saturated term frequency of 4/9.
pub const NAME_VALUE: u32 = 455;

/// Length norms are multiples of 1/256.
const NORM_ONE: u32 = 256;

/// Saturation of term frequency in BM25.
const K1: f64 = 1.2;
/// Share of length normalisation in BM25.
const B: f64 = 0.75;

/// How often a word of the title counts.
pub const TITLE_WEIGHT: u32 = 3;

/// The length norm of BM25, k1 · (1 − b + b · length / mean), in 1/256, held to 16 bits.
#[must_use]
pub fn length_norm(length: f64, mean: f64) -> u16 {
    let norm = K1 * (1.0 - B + B * length / mean.max(1.0));
    (norm * f64::from(NORM_ONE)).round().clamp(1.0, 65_535.0) as u16
}

/// What a term of some frequency is worth in a paper of some length norm: the saturated term
/// frequency of BM25, frequency / (frequency + norm), in 1/1024, rounded down.
#[must_use]
pub fn impact(frequency: u32, norm: u16) -> u32 {
    let frequency = frequency.min(1 << 8) * NORM_ONE;
    frequency * ONE / (frequency + u32::from(norm)).max(1)
}

/// The weight of a term that `count` of `papers` hold: 32 · log₂((2·papers + 2) / (2·count + 1)),
/// rounded, at least 1. That is the idf of BM25, ln(1 + (N − n + ½)/(n + ½)), in another unit.
///
/// Computed in integers from the counts, so it needs no place in the index.
#[must_use]
pub fn term_weight(count: u32, papers: u32) -> u32 {
    let above = log2(u64::from(papers) * 2 + 2);
    let below = log2(u64::from(count) * 2 + 1);
    let weight = (above.saturating_sub(below) * 32 + (1 << 15)) >> 16;
    (weight as u32).max(1)
}

/// Binary logarithm of a number below 2^32 in 1/65536, by repeated squaring of the mantissa; 0 of 0.
#[must_use]
pub fn log2(number: u64) -> u64 {
    let whole = u64::from(number.max(1).ilog2());
    let mut mantissa = number.max(1) << (31u64.saturating_sub(whole));
    let mut log = whole << 16;
    for bit in (0..16).rev() {
        mantissa = (mantissa * mantissa) >> 31;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            log |= 1 << bit;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_the_logarithm_they_claim() {
        for papers in [1u32, 10, 610, 200_000, 4_194_304] {
            for count in [1u32, 2, 9, 100, 5_000, 100_000, 4_194_304] {
                if count > papers {
                    continue;
                }
                let exact = 32.0
                    * ((2.0 * f64::from(papers) + 2.0) / (2.0 * f64::from(count) + 1.0)).log2();
                let weight = f64::from(term_weight(count, papers));
                assert!(
                    (weight - exact.max(1.0)).abs() <= 0.51,
                    "{count} of {papers}: {weight} {exact}"
                );
            }
        }
    }

    #[test]
    fn impacts_rise_with_frequency_and_fall_with_length() {
        for norm in [1, 77, 307, 2000, 65_535] {
            for frequency in 1..40 {
                let here = impact(frequency, norm);
                assert!(here < ONE && here <= impact(frequency + 1, norm));
                assert!(here >= impact(frequency, norm.saturating_add(1)));
            }
        }
        assert_eq!(length_norm(100.0, 100.0), 307);
        assert_eq!(impact(1, 307), 465);
        assert_eq!(length_norm(1e9, 1.0), u16::MAX);
    }
}
