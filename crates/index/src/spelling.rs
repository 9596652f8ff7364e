//! Frequent words, forwards and backwards, to correct misspelt ones by.

use offprint_analysis::is_stop_word;
use offprint_format::{
    Error as FormatError, REVERSED, SPELLING, Section, Segment, class_code, limits, pack_spelling,
};

use crate::postings::Postings;
use crate::words::{self, NONE, Word};
use crate::write::Files;
use crate::{Error, Sizes};

/// Letters of a word that may be what was meant.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=32;

/// Writes the spelling section.
pub(crate) fn write(
    words: &[Word<'_>],
    postings: &Postings,
    sizes: &Sizes,
    segment: &mut Segment,
    files: &mut Files<'_>,
) -> Result<(), Error> {
    let papers = |word: &Word<'_>| match word.name {
        NONE => word.papers,
        name => word.papers.max(postings.name(name).count()),
    };
    let counted: Vec<(&Word<'_>, u32)> = words
        .iter()
        .filter(|word| is_spelt(word.text))
        .map(|word| (word, papers(word)))
        .collect();
    let counts: Vec<u32> = counted.iter().map(|&(_, papers)| papers).collect();
    let least = least(counts, sizes.spelling_words);
    let mut spelt = Vec::new();
    for (word, papers) in counted.into_iter().filter(|&(_, papers)| papers >= least) {
        let code = class_code(papers.ilog2() as u8, !word.stands);
        spelt.push((word.text.to_owned(), code));
        spelt.push((REVERSED.to_string() + &backwards(word.text), code));
    }
    spelt.sort_unstable();
    let bytes = spelt.iter().map(|(word, _)| word.len() + 16);
    let blocks = words::cut(bytes, sizes.spelling_block);
    let word = |at: usize| spelt.get(at).map_or("", |(word, _)| word.as_str());
    let keys = words::keys(word, &blocks);
    let marked = keys.iter().map(|key| SPELLING.to_string() + key);
    segment.shard_keys.0.extend(marked);
    for range in blocks {
        let payload = pack_spelling(spelt.get(range).unwrap_or_default());
        files.block(Section::Spelling, payload.map_err(FormatError::Manifest)?)?;
    }
    Ok(())
}

/// Whether a word may be what was meant: letters and digits, and a letter among them, but no
/// function word.
fn is_spelt(word: &str) -> bool {
    let letters = word.chars().count();
    LETTERS.contains(&letters)
        && word.len() <= limits::TERM / 2
        && word.chars().all(char::is_alphanumeric)
        && !word.bytes().all(|byte| byte.is_ascii_digit())
        && !is_stop_word(word)
}

fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

/// The fewest papers, at least 1, that at most `most` of the words have.
fn least(mut counts: Vec<u32>, most: usize) -> u32 {
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts
        .get(most)
        .map_or(1, |&next| next.saturating_add(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_leaves_no_more_than_there_is_room_for() {
        assert_eq!(least(vec![1, 5, 3], 3), 1);
        assert_eq!(least(vec![1, 5, 3, 3], 3), 2);
        assert_eq!(least(vec![1, 5, 3, 3], 2), 4);
        assert_eq!(least(vec![0, 0], 9), 1);
    }

    #[test]
    fn signs_and_numbers_are_no_spelling() {
        for word in ["graph", "resnet50", "łojasiewicz"] {
            assert!(is_spelt(word), "{word}");
        }
        for word in ["c++", "0.1", "2017", "of", "which"] {
            assert!(!is_spelt(word), "{word}");
        }
    }
}
