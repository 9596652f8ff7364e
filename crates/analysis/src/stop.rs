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
    word.len() <= LONGEST && STOP_WORDS.binary_search(&word).is_ok()
}

/// Bytes of the longest word on the list.
const LONGEST: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_folded() {
        assert!(STOP_WORDS.is_sorted_by(|one, other| one < other));
        for word in STOP_WORDS {
            assert!(word.len() <= LONGEST);
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
