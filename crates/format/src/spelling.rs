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
/// Classes of words that only stand joined to others are coded from this one on.
const JOINED: u8 = 24;

/// The code of a word's class of frequency, which is how many bits its number of papers has, less
/// one. `joined` says that it stands nowhere but as a joined form of others, as `bytepair` of
/// `byte-pair`; 7 is their highest class.
#[must_use]
pub fn class_code(class: u8, joined: bool) -> u8 {
    if joined {
        JOINED + class.min(MOST as u8 - JOINED)
    } else {
        class.min(JOINED - 1)
    }
}

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
/// [`REVERSED`], each with its [`class_code`].
///
/// # Errors
/// [`Fault::Dictionary`] if words are out of order.
pub fn pack_spelling(words: &[(String, u8)]) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    put_varint(&mut out, words.len() as u64);
    let mut coder = Encoder::new();
    let mut models = Models::new();
    let mut last: &[u8] = &[];
    for (word, code_of_class) in words {
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
        models.class.encode(&mut coder, *code_of_class);
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
                    return Err(Fault::value("bytes of a word"));
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

    /// Its words, in order, with their classes of frequency, and whether they stand nowhere but
    /// joined.
    pub fn words(&self) -> impl Iterator<Item = (&str, u8, bool)> {
        self.words.iter().map(|&(ref word, code)| {
            let joined = code >= JOINED;
            (&**word, if joined { code - JOINED } else { code }, joined)
        })
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
        let words = [
            ("<hparg", 7, false),
            ("<hpargib", 0, true),
            ("graph", 22, false),
            ("wörter", 7, true),
        ];
        let coded = words.map(|(word, class, joined)| (word.to_owned(), class_code(class, joined)));
        let payload = pack_spelling(&coded).unwrap();
        let read = Spelling::read(&payload).unwrap();
        assert!(read.words().eq(words));
        assert_eq!(class_code(9, true), class_code(7, true));
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
