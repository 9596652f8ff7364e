//! The numbers of a score: integers at query time, the same on every machine.

/// Impact code that a paper gets for an author's word.
pub const NAME_IMPACT: u8 = 12;

/// Saturated term frequencies lie in 0 to 1; codes 0 to 31 stand for (code + 4) / 36.
const STEPS: f64 = 36.0;
const OFFSET: u8 = 4;

/// The code of a saturated term frequency between 0 and 1.
#[must_use]
pub fn impact_code(saturated: f64) -> u8 {
    let step = (saturated * STEPS)
        .round()
        .clamp(f64::from(OFFSET), f64::from(OFFSET + 31));
    step as u8 - OFFSET
}

/// What an impact code is worth in a score.
#[must_use]
pub fn impact_value(code: u8) -> u32 {
    u32::from(code) + u32::from(OFFSET)
}

/// The weight of a term that `count` of `papers` hold: 32 · log₂((2·papers + 2) / (2·count + 1)),
/// rounded, at least 1. That is the idf of BM25, ln(1 + (N − n + ½)/(n + ½)), in another unit.
///
/// Computed in integers from the counts, so it needs no place in the index.
#[must_use]
pub fn term_weight(count: u32, papers: u32) -> u32 {
    let above = log2_fixed(u64::from(papers) * 2 + 2);
    let below = log2_fixed(u64::from(count) * 2 + 1);
    let weight = (above.saturating_sub(below) * 32 + (1 << 15)) >> 16;
    (weight as u32).max(1)
}

/// Binary logarithm of a number below 2^32 in 1/65536, by repeated squaring of the mantissa.
fn log2_fixed(number: u64) -> u64 {
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
    fn codes_cover_the_whole_range() {
        assert_eq!(impact_code(0.0), 0);
        assert_eq!(impact_code(1.0), 31);
        for code in 0..32 {
            assert_eq!(impact_code(f64::from(impact_value(code)) / STEPS), code);
        }
    }
}
