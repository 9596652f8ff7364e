//! A query's text to what must, and what may, stand in a paper.

use offprint_analysis::{MAX_TERM_BYTES, TokenKind, is_stop_word, tokenize};

use crate::limits;

/// A word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The folded word.
    pub(crate) text: String,
    /// How often the query says it: a word said twice weighs twice.
    pub(crate) times: u32,
    /// Whether any word that begins so will do.
    pub(crate) prefix: bool,
    /// Whether it is a function word beside others, of use only as the beginning of another word.
    pub(crate) hollow: bool,
}

/// Another form of some words of a query, such as `bytepair` for `byte-pair`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// The folded form.
    pub(crate) text: String,
    /// The words it stands for, as a set of bits: a paper that has it has them.
    pub(crate) words: u64,
    /// Whether it was made of words that the query says apart: it then says nothing new of a paper
    /// that has them all.
    pub(crate) joined: bool,
}

/// A query as it is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Distinct words, in the order they were said. Function words are left out if any other
    /// word is there, but for a last one that is still being typed.
    pub(crate) words: Vec<Word>,
    /// Other forms.
    pub(crate) variants: Vec<Variant>,
}

struct Said {
    text: String,
    start: usize,
    end: usize,
    /// Place among the distinct words, if it counts.
    word: Option<usize>,
}

impl Query {
    /// Reads a query; never fails.
    pub(crate) fn parse(text: &str) -> Query {
        let mut end = text.len().min(limits::QUERY);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default();
        let mut said = Vec::new();
        let mut forms = Vec::new();
        tokenize(text, &mut |token| {
            let list = match token.kind {
                TokenKind::Word => &mut said,
                TokenKind::Variant => &mut forms,
            };
            list.push(Said {
                text: token.term.to_owned(),
                start: token.start,
                end: token.end,
                word: None,
            });
        });
        let typing = said.last().is_some_and(|last| last.end == text.len());
        let last = said.len().saturating_sub(1);
        let content = said.iter().any(|word| !is_stop_word(&word.text));
        let mut query = Query::default();
        for (at, word) in said.iter_mut().enumerate() {
            let prefix = typing && at == last;
            if content && is_stop_word(&word.text) && !prefix {
                continue;
            }
            let known = query.words.iter().position(|known| known.text == word.text);
            let place = match known {
                Some(place) => place,
                None if query.words.len() == limits::WORDS => continue,
                None => {
                    query.words.push(Word {
                        text: word.text.clone(),
                        times: 0,
                        prefix: false,
                        hollow: content && is_stop_word(&word.text),
                    });
                    query.words.len() - 1
                }
            };
            word.word = Some(place);
            if let Some(word) = query.words.get_mut(place) {
                word.times += 1;
                // A word that was also said whole is not taken for a beginning.
                word.prefix = prefix && known.is_none();
            }
        }
        for form in forms {
            let covered = said
                .iter()
                .filter(|word| word.start >= form.start && word.end <= form.end);
            let words = covered
                .filter_map(|word| word.word)
                .fold(0, |bits, at| bits | 1 << at);
            query.stand_for(form.text, words, false);
        }
        // What is written as two words may stand as one (`page rank`, `pagerank`). The joined word
        // sorts next to its first part, so looking it up seldom costs another shard.
        for pair in said.windows(2) {
            if let [
                Said {
                    text: one,
                    word: Some(first),
                    ..
                },
                Said {
                    text: two,
                    word: Some(second),
                    ..
                },
            ] = pair
                && one.len() + two.len() <= MAX_TERM_BYTES
            {
                query.stand_for(format!("{one}{two}"), 1 << first | 1 << second, true);
            }
        }
        query
    }

    fn stand_for(&mut self, text: String, words: u64, joined: bool) {
        let new = self.variants.iter().all(|known| known.text != text);
        if words != 0 && new && self.variants.len() < limits::WORDS {
            self.variants.push(Variant {
                text,
                words,
                joined,
            });
        }
    }

    /// The bits of all words.
    pub(crate) fn all(&self) -> u64 {
        match self.words.len() {
            0 => 0,
            count => u64::MAX >> (64 - count.min(64)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, u32, bool)> {
        let query = Query::parse(text);
        query
            .words
            .into_iter()
            .map(|word| (word.text, word.times, word.prefix))
            .collect()
    }

    fn word(text: &str, times: u32, prefix: bool) -> (String, u32, bool) {
        (text.into(), times, prefix)
    }

    #[test]
    fn the_last_word_is_a_prefix_while_it_is_typed() {
        assert_eq!(
            words("Graph neur"),
            [word("graph", 1, false), word("neur", 1, true)]
        );
        assert_eq!(words("graph "), [word("graph", 1, false)]);
        assert_eq!(words("graph graph"), [word("graph", 2, false)]);
    }

    #[test]
    fn function_words_count_only_alone_or_while_typed() {
        assert_eq!(
            words("the art of war "),
            [word("art", 1, false), word("war", 1, false)]
        );
        assert_eq!(
            words("art of"),
            [word("art", 1, false), word("of", 1, true)]
        );
        assert_eq!(
            words("to be "),
            [word("to", 1, false), word("be", 1, false)]
        );
        let hollow = |text| Query::parse(text).words.last().map(|word| word.hollow);
        assert_eq!(hollow("art of"), Some(true));
        assert_eq!(hollow("of"), Some(false));
        assert_eq!(hollow("art off"), Some(false));
    }

    #[test]
    fn neighbours_may_stand_as_one_word() {
        let query = Query::parse("fast page rank");
        let forms: Vec<(&str, u64)> = query
            .variants
            .iter()
            .map(|form| (form.text.as_str(), form.words))
            .collect();
        assert_eq!(forms, [("fastpage", 0b11), ("pagerank", 0b110)]);
    }

    #[test]
    fn nothing_is_too_long_or_too_odd() {
        assert_eq!(Query::parse(""), Query::default());
        assert_eq!(Query::parse("  \u{0} …"), Query::default());
        let long: String = (0..5000).map(|at| format!("w{at} ")).collect();
        let query = Query::parse(&long);
        assert_eq!(query.words.len(), limits::WORDS);
        assert_eq!(query.all(), u64::MAX);
        assert_eq!(Query::parse(&"é".repeat(100_000)).words.len(), 1);
    }
}
