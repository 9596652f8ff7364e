//! English function words.

/// The words that a query may leave out, in order. What is on the list: articles, prepositions,
/// conjunctions, forms of *be* and *have*, and pronouns that Lucene's classic list has, with `from`,
/// `has`, `have`, `its`, `we`, `were` and `which`, which are in half of all abstracts. What is
/// not: words that ask or can name something (`how`, `what`, `can`, `all`, `more`, `one`).
pub(crate) const STOP_WORDS: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "has", "have", "if",
    "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "such", "that", "the", "their",
    "then", "there", "these", "they", "this", "to", "was", "we", "were", "which", "will", "with",
];

/// Whether a folded word is an English function word, which a query may leave out. The index holds
/// such words all the same.
pub fn is_stop_word(word: &str) -> bool {
    word.len() < KEY_BYTES && KEYS.binary_search(&key(word.as_bytes())).is_ok()
}

/// The list as numbers, since each is asked for with every word of every paper.
static KEYS: [u64; STOP_WORDS.len()] = keys();
const KEY_BYTES: usize = size_of::<u64>();

/// A short word as a number: its bytes from the top, its length at the bottom. Numbers have the
/// order of their words.
const fn key(mut word: &[u8]) -> u64 {
    let (mut key, mut shift) = (word.len() as u64, u64::BITS);
    while let [byte, rest @ ..] = word {
        shift -= u8::BITS;
        key |= (*byte as u64) << shift;
        word = rest;
    }
    key
}

#[allow(clippy::indexing_slicing, reason = "runs while this is compiled")]
const fn keys() -> [u64; STOP_WORDS.len()] {
    let mut keys = [0; STOP_WORDS.len()];
    let mut at = 0;
    while at < keys.len() {
        assert!(STOP_WORDS[at].len() < KEY_BYTES, "a key holds the word");
        keys[at] = key(STOP_WORDS[at].as_bytes());
        at += 1;
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_folded() {
        assert!(STOP_WORDS.is_sorted_by(|one, other| one < other));
        for word in STOP_WORDS {
            let mut folded = String::new();
            crate::fold_into(word, &mut folded);
            assert_eq!(folded, word);
            assert!(is_stop_word(word));
        }
    }

    #[test]
    fn words_with_meaning_are_not_on_it() {
        for word in [
            "",
            "ab",
            "art",
            "them",
            "The",
            "attention",
            "zoo",
            "how",
            "can",
            "vs",
        ] {
            assert!(!is_stop_word(word), "{word}");
        }
    }
}
