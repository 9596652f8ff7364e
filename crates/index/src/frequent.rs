//! The collection's most frequent words, whose long runs of positions phrases should not need.

use std::cmp::Reverse;
use std::collections::HashMap;

use offprint_analysis::{TokenKind, Tokenizer};
use offprint_format::FREQUENT_WORDS;

use crate::{Error, Source};

/// Rank of a word that is not frequent: after all others.
pub(crate) const RARE: u16 = FREQUENT_WORDS as u16;

/// Papers that are counted. Ranks need not be exact, only agreed on.
const SAMPLE: usize = 4096;

/// Frequent words by their text, each with its rank: 0 for the most frequent one.
#[derive(Default)]
pub(crate) struct Frequent(HashMap<String, u8>);

impl Frequent {
    /// Counts the words of titles and abstracts in papers at equal distances; takes those that
    /// stand in more than `over` places of all papers, as far as these tell.
    pub(crate) fn sample(
        papers: &(impl Source + ?Sized),
        places: &[u32],
        over: u32,
    ) -> Result<Frequent, Error> {
        let step = places.len().div_ceil(SAMPLE).max(1);
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut tokenizer = Tokenizer::default();
        for &place in places.iter().step_by(step) {
            let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
            for text in [&paper.title.clean, &paper.abstract_.clean] {
                tokenizer.tokenize(text, &mut |token| {
                    if token.kind != TokenKind::Word {
                        return;
                    }
                    match counts.get_mut(token.term) {
                        Some(count) => *count += 1,
                        None => {
                            counts.insert(token.term.to_owned(), 1);
                        }
                    }
                });
            }
        }
        let often = |count: u32| u64::from(count) * step as u64 > u64::from(over);
        let mut words: Vec<(Reverse<u32>, String)> = counts
            .into_iter()
            .filter(|&(_, count)| often(count))
            .map(|(word, count)| (Reverse(count), word))
            .collect();
        words.sort_unstable();
        let ranked = words.into_iter().zip(0..FREQUENT_WORDS as u8);
        Ok(Frequent(
            ranked.map(|((_, word), rank)| (word, rank)).collect(),
        ))
    }

    /// The rank of a word, if it is frequent.
    pub(crate) fn rank(&self, word: &str) -> Option<u8> {
        self.0.get(word).copied()
    }
}
