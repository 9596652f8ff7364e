//! Spelling: the collection's frequent words, forwards and backwards, each with how frequent it is.
//!
//! A word that is one letter off has either its beginning or its ending right. Whoever looks for
//! the word that was meant finds it among those that begin as it does, or among those that end as
//! it does, which stand together when words are sorted by their letters from the last to the first.

use crate::bytes::{Reader, put_varint};
use crate::error::Fault;
use crate::limits;
use crate::model::FrequencyTree;
use crate::range_coder::{Decoder, Encoder};

/// Stands before a word that is written backwards. Words begin with letters or digits.
pub const REVERSED: char = '<';

/// Stands before the keys of blocks of spelling, after all words.
pub const SPELLING: char = char::MAX;

/// Codes of letters: the end of a word, `a` to `z`, and any other byte.
const END: u8 = 0;
const OTHER: u8 = 27;
const CODES: usize = 28;
/// The largest number that a tree codes.
const MOST: usize = 31;

fn code(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte - b'a' + 1,
        _ => OTHER,
    }
}

/// Models of a block.
struct Models {
    /// Of a letter, by the code of the one before; that of the first is [`END`].
    letters: [FrequencyTree; CODES],
    shared: FrequencyTree,
    class: FrequencyTree,
}

impl Models {
    fn new() -> Self {
        Models {
            letters: [const { FrequencyTree::EVEN }; CODES],
            shared: FrequencyTree::EVEN,
            class: FrequencyTree::EVEN,
        }
    }

    fn letter(&mut self, before: &[u8]) -> Option<&mut FrequencyTree> {
        let context = before.last().map_or(END, |&byte| code(byte));
        self.letters.get_mut(usize::from(context))
    }
}

/// Writes the payload of a block: words in order, those that are written backwards after
/// [`REVERSED`], each with its class of frequency (below 32): how many bits its number of papers
/// has, less one.
///
/// # Errors
/// [`Fault::Dictionary`] if words are out of order.
pub fn pack_spelling(words: &[(String, u8)]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    put_varint(&mut out, words.len() as u64);
    let mut coder = Encoder::new();
    let mut models = Models::new();
    let mut last: &[u8] = &[];
    for (word, class) in words {
        let word = word.as_bytes();
        if word <= last || word.len() > limits::TERM {
            return Err(Fault::Dictionary);
        }
        let shared = word.iter().zip(last).take_while(|(a, b)| a == b).count();
        let shared = shared.min(MOST);
        models.shared.encode(&mut coder, shared as u8);
        for at in shared..=word.len() {
            let (before, rest) = word.split_at(at);
            let next = rest.first().copied();
            if let Some(tree) = models.letter(before) {
                tree.encode(&mut coder, next.map_or(END, code));
            }
            if let Some(byte) = next.filter(|&byte| code(byte) == OTHER) {
                coder.uniform(u32::from(byte), 256);
            }
        }
        models.class.encode(&mut coder, *class);
        last = word;
    }
    out.extend_from_slice(&coder.finish());
    Ok(out)
}

/// A block of spelling as it is read.
#[derive(Debug)]
pub struct Spelling {
    words: Vec<(Box<str>, u8)>,
}

impl Spelling {
    /// Reads the payload of a block.
    ///
    /// # Errors
    /// A [`Fault`] if the bytes do not make a block within the limits.
    pub fn read(payload: &[u8]) -> Result<Spelling, Fault> {
        let mut reader = Reader::new(payload);
        let count = reader.bounded(limits::SHARD_WORDS, "number of words")?;
        let mut coder = Decoder::new(reader.rest());
        let mut models = Models::new();
        let mut words: Vec<(Box<str>, u8)> = Vec::with_capacity(count);
        let mut word: Vec<u8> = Vec::new();
        for _ in 0..count {
            word.truncate(usize::from(models.shared.decode(&mut coder)));
            while let Some(tree) = models.letter(&word) {
                word.push(match tree.decode(&mut coder) {
                    END => break,
                    letter if letter < OTHER => b'a' - 1 + letter,
                    _ => coder.uniform(256) as u8,
                });
                if word.len() > limits::TERM {
                    return Err(Fault::Value("bytes of a word"));
                }
            }
            let text = std::str::from_utf8(&word).map_err(|_| Fault::Utf8)?;
            if words.last().is_some_and(|(last, _)| **last >= *text) {
                return Err(Fault::Dictionary);
            }
            words.push((text.into(), models.class.decode(&mut coder)));
        }
        Ok(Spelling { words })
    }

    /// Its words, in order, with their classes of frequency.
    pub fn words(&self) -> impl Iterator<Item = (&str, u8)> {
        self.words.iter().map(|(word, class)| (&**word, *class))
    }
}

/// Writes rising strings as a block of spelling whose words all have class 0.
///
/// # Errors
/// [`Fault::Dictionary`] if one is empty, too long, or does not rise.
pub(crate) fn pack_names(names: &[String]) -> Result<Vec<u8>, Fault> {
    let words: Vec<(String, u8)> = names.iter().map(|name| (name.clone(), 0)).collect();
    pack_spelling(&words)
}

/// Adds what [`pack_names`] wrote.
pub(crate) fn read_names(bytes: &[u8], names: &mut Vec<String>) -> Result<(), Fault> {
    for (name, _) in Spelling::read(bytes)?.words {
        names.push(name.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_come_back_with_their_classes() {
        let words = [("<hparg", 7), ("<hpargib", 0), ("graph", 7), ("wörter", 31)];
        let words = words.map(|(word, class)| (word.to_owned(), class));
        let payload = pack_spelling(&words).unwrap();
        let read = Spelling::read(&payload).unwrap();
        let found: Vec<(&str, u8)> = read.words().collect();
        let expected: Vec<(&str, u8)> = words.iter().map(|(w, c)| (w.as_str(), *c)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_out_of_order_and_too_many_are_refused() {
        let words = [("b".to_owned(), 1), ("a".to_owned(), 1)];
        assert_eq!(pack_spelling(&words), Err(Fault::Dictionary));
        assert!(Spelling::read(&[]).is_err());
        // Past its end a stream is zeros: the end of a word, and then again the same one.
        assert!(matches!(Spelling::read(&[2]), Err(Fault::Dictionary)));
        assert!(Spelling::read(&[0xff, 0xff, 3]).is_err());
    }
}
