//! Text to tokens, in one pass.
//!
//! - A **word** is a run of letters and digits (`word2vec`, `gpt4`); accents and soft hyphens do
//!   not part it. Han, Hiragana and Katakana characters are words of their own; Hangul stands in
//!   runs.
//! - **Apostrophes**: `'s`, `'re`, `'ve`, `'ll`, `'d` and `'m` fall off (`Rubik's`: `rubik`), `n't`
//!   stays (`don't`: `dont`), all others part two words (`l'Hôpital`: `l`, `hopital`).
//! - Words **joined** by one hyphen, underscore, apostrophe or full stop are words, and two to four
//!   of them written as one are a variant (`byte-pair`: also `bytepair`). Numbers are not written
//!   as one; those with points between them are a variant with the points (`0.1`).
//! - Words with **ä, ö, ü, ø or å** have a variant with `ae`, `oe`, `ue`, `oe`, `aa`.
//! - What stands between two gaps and holds a **symbol** (`C++`, `2:4`, `O(k^{-3})`) is a variant
//!   as typed; see [`crate::symbols`].

use std::ops::RangeInclusive;

use crate::fold::{Class, class, fold_classed, narrow};
use crate::symbols;
use crate::{MAX_TERM_BYTES, Token, TokenKind};

/// Most parts, and most bytes, of words written as one.
const MAX_PARTS: u32 = 4;
const MAX_JOINED_BYTES: usize = 40;

/// Breaks `text` (best in Unicode normal form C) into [`Token`]s and hands them to `sink`.
///
/// Words come in order, their positions counting from 0. A variant comes after the last word that
/// it covers, though not always at once. Takes time in proportion to the text and a few short
/// buffers of memory, whatever the text is.
pub fn tokenize(text: &str, sink: &mut dyn FnMut(Token<'_>)) {
    Scanner::new(text, sink, Buffers::default()).run();
}

/// Breaks many texts into tokens, each as [`tokenize`] does, with the same buffers.
#[derive(Default)]
pub struct Tokenizer(Buffers);

/// What may be used again for the next text; none of it says anything to that.
#[derive(Default)]
struct Buffers {
    term: String,
    /// The word with its umlauts spelt out, if it has any.
    spelt: String,
    joined: Joined,
    number: Joined,
    chunk: Chunk,
    formed: String,
}

impl Tokenizer {
    /// Hands the tokens of `text` to `sink`.
    pub fn tokenize(&mut self, text: &str, sink: &mut impl FnMut(Token<'_>)) {
        let mut scanner = Scanner::new(text, sink, std::mem::take(&mut self.0));
        scanner.run();
        self.0 = scanner.buffers;
        // The rest was ended with the text.
        self.0.chunk.start = 0;
        self.0.chunk.position = 0;
    }
}

/// What stands between the last word and here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing.
    Word,
    /// One character that joins.
    Joiner(char),
    /// Anything else.
    Gap,
}

/// Words joined so far.
#[derive(Default)]
struct Joined {
    parts: u32,
    /// Whether a part has a letter.
    letters: bool,
    text: String,
    start: usize,
    end: usize,
    position: u32,
}

impl Joined {
    /// Adds a word. What is longer than any variant may be is not written out.
    fn add(&mut self, joiner: &str, word: Token<'_>) {
        if self.parts == 0 {
            self.text.clear();
            self.letters = false;
            self.start = word.start;
            self.position = word.position;
        }
        self.parts = self.parts.saturating_add(1);
        self.letters |= !is_number(word.term);
        self.end = word.end;
        if self.text.len() <= MAX_JOINED_BYTES {
            self.text.push_str(joiner);
            self.text.push_str(word.term);
        }
    }

    /// Hands over what has been joined, if it has so many parts, and starts anew.
    fn end(&mut self, parts: RangeInclusive<u32>, sink: &mut dyn FnMut(Token<'_>)) {
        if parts.contains(&self.parts) && self.text.len() <= MAX_JOINED_BYTES {
            sink(Token {
                term: &self.text,
                start: self.start,
                end: self.end,
                position: self.position,
                kind: TokenKind::Variant,
            });
        }
        self.parts = 0;
    }
}

/// What stands between two gaps.
#[derive(Default)]
struct Chunk {
    start: usize,
    /// Position of its first word.
    position: u32,
    /// Whether it may hold a symbol.
    symbols: bool,
    /// Where its first words start.
    words: Vec<usize>,
}

struct Scanner<'t, 's> {
    text: &'t str,
    sink: &'s mut dyn FnMut(Token<'_>),
    /// Number of words so far.
    position: u32,
    /// Start and end of the word being read.
    word: Option<(usize, usize)>,
    /// What stands before that word, or before here if there is none.
    before: Before,
    buffers: Buffers,
    /// Whether no letters are taken at once, as in the client.
    #[cfg(test)]
    closely: bool,
}

impl<'t, 's> Scanner<'t, 's> {
    fn new(text: &'t str, sink: &'s mut dyn FnMut(Token<'_>), buffers: Buffers) -> Self {
        Scanner {
            text,
            sink,
            position: 0,
            word: None,
            before: Before::Gap,
            buffers,
            #[cfg(test)]
            closely: false,
        }
    }

    fn run(&mut self) {
        let mut next = 0;
        while let Some(source) = self.rest(next).chars().next() {
            let at = next;
            next += self.plain(at);
            if next > at {
                continue;
            }
            next += source.len_utf8();
            let mut end = next;
            let mut c = narrow(source);
            if is_apostrophe(c) && self.word.is_some() {
                let ending = ending(self.rest(next), &self.buffers.term);
                next += ending.length;
                if ending.kept {
                    c = 't';
                    end += ending.length;
                } else if ending.length > 0 {
                    self.close();
                    continue;
                }
            }
            if self.word.is_none() {
                self.buffers.term.clear();
                self.buffers.spelt.clear();
            }
            let length = self.buffers.term.len();
            match fold_classed(c, &mut self.buffers.term) {
                Class::Word => {
                    self.letter(c, length);
                    self.word = Some((self.word.map_or(at, |word| word.0), end));
                    self.buffers.chunk.symbols |= symbols::is_raised(c);
                }
                Class::Nothing => {
                    if let Some(word) = &mut self.word {
                        word.1 = end;
                    }
                }
                Class::Ideograph => {
                    self.buffers.term.truncate(length);
                    self.close();
                    self.end_joined();
                    self.buffers.term.clear();
                    self.buffers.spelt.clear();
                    self.buffers.term.push(c);
                    self.word = Some((at, end));
                    self.close();
                    self.end_joined();
                }
                Class::Break => {
                    self.buffers.term.truncate(length);
                    self.close();
                    if self.before == Before::Word && is_joiner(c) {
                        self.before = Before::Joiner(c);
                    } else {
                        self.end_joined();
                    }
                    if symbols::is_gap(c) {
                        self.end_chunk(at);
                        self.buffers.chunk.start = end;
                    } else {
                        self.buffers.chunk.symbols |= !symbols::is_plain(c);
                    }
                }
            }
        }
        self.close();
        self.end_joined();
        self.end_chunk(self.text.len());
    }

    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Takes ASCII letters and digits from `at` on, which most of any text is, all at once. Gives
    /// their number: 0 where there is none or they need a closer look. The client, which reads
    /// little text, gives everything the closer look and is smaller for it.
    fn plain(&mut self, at: usize) -> usize {
        if cfg!(target_arch = "wasm32") {
            return 0;
        }
        #[cfg(test)]
        if self.closely {
            return 0;
        }
        let before = match self.word {
            None => 0,
            Some(_) if self.buffers.spelt.is_empty() => self.buffers.term.len(),
            Some(_) => return 0,
        };
        let bytes = self.text.as_bytes().get(at..).unwrap_or_default();
        let room = MAX_TERM_BYTES.saturating_sub(before);
        let run = bytes.iter().take(room);
        let end = at + run.take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let Some(run) = self.text.get(at..end).filter(|run| !run.is_empty()) else {
            return 0;
        };
        let start = match self.word {
            Some((start, _)) => start,
            None => {
                self.buffers.term.clear();
                self.buffers.spelt.clear();
                at
            }
        };
        self.buffers.term.push_str(run);
        if let Some(new) = self.buffers.term.get_mut(before..) {
            new.make_ascii_lowercase();
        }
        self.word = Some((start, end));
        run.len()
    }

    /// Settles what `c` has just added to the word, which was `length` bytes long.
    fn letter(&mut self, c: char, length: usize) {
        if length >= MAX_TERM_BYTES {
            self.buffers.term.truncate(length);
            return;
        }
        let spelt = match c {
            'ä' | 'Ä' => "ae",
            'ö' | 'Ö' | 'ø' | 'Ø' => "oe",
            'ü' | 'Ü' => "ue",
            'å' | 'Å' => "aa",
            _ if self.buffers.spelt.is_empty() => return,
            _ => self.buffers.term.get(length..).unwrap_or_default(),
        };
        if self.buffers.spelt.is_empty() {
            let before = self.buffers.term.get(..length).unwrap_or_default();
            self.buffers.spelt.push_str(before);
        }
        self.buffers.spelt.push_str(spelt);
    }

    /// Ends the word being read, if any.
    fn close(&mut self) {
        let Some((start, end)) = self.word.take() else {
            return;
        };
        let word = Token {
            term: cut(&self.buffers.term),
            start,
            end,
            position: self.position,
            kind: TokenKind::Word,
        };
        (self.sink)(word);
        if !self.buffers.spelt.is_empty() {
            (self.sink)(Token {
                term: cut(&self.buffers.spelt),
                kind: TokenKind::Variant,
                ..word
            });
        }
        // `ell_p`, from a LaTeX command, is `ℓ_p`, and so `lp`.
        if self.before == Before::Joiner('_') && self.buffers.joined.text == "ell" {
            self.buffers.joined.text.clear();
            self.buffers.joined.text.push('l');
        }
        self.buffers.joined.add("", word);
        let pointed = self.before == Before::Joiner('.') && self.buffers.number.parts > 0;
        let number = is_number(word.term);
        if !(number && pointed) {
            self.buffers.number.end(2..=u32::MAX, self.sink);
        }
        if number {
            self.buffers
                .number
                .add(if pointed { "." } else { "" }, word);
        }
        self.before = Before::Word;
        self.position = self.position.saturating_add(1);
        if self.buffers.chunk.words.len() <= symbols::MAX_BYTES {
            self.buffers.chunk.words.push(start);
        }
    }

    /// Ends what joined words there are: a gap, or more than one character, follows.
    fn end_joined(&mut self) {
        self.before = Before::Gap;
        self.buffers.number.end(2..=u32::MAX, self.sink);
        let fewest = if self.buffers.joined.letters {
            2
        } else {
            u32::MAX
        };
        self.buffers.joined.end(fewest..=MAX_PARTS, self.sink);
    }

    /// Ends what stands between two gaps, and looks at it for symbols.
    fn end_chunk(&mut self, end: usize) {
        let chunk = &self.buffers.chunk;
        if let Some(text) = self.text.get(chunk.start..end)
            && chunk.symbols
        {
            let formed = &mut self.buffers.formed;
            symbols::find(text, formed, &mut |term, start, end| {
                let start = chunk.start + start;
                let earlier = chunk.words.iter().filter(|&&word| word < start).count() as u32;
                (self.sink)(Token {
                    term,
                    start,
                    end: chunk.start + end,
                    position: chunk.position.saturating_add(earlier),
                    kind: TokenKind::Variant,
                });
            });
        }
        self.buffers.chunk.symbols = false;
        self.buffers.chunk.words.clear();
        self.buffers.chunk.position = self.position;
    }
}

/// What follows an apostrophe within a word, in bytes and characters alike.
struct Ending {
    length: usize,
    /// Whether it is the `t` of `n't`, which stays.
    kept: bool,
}

/// The English ending, if any, at the start of `rest`, before which stand `word` and an apostrophe.
fn ending(rest: &str, word: &str) -> Ending {
    let letters = rest
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .take(3)
        .count();
    let mut kept = false;
    let known = match rest.get(..letters).map(str::as_bytes) {
        Some([b't' | b'T']) => {
            kept = word.ends_with('n');
            kept
        }
        Some([b's' | b'S' | b'd' | b'D' | b'm' | b'M']) => true,
        Some([b'r' | b'R' | b'v' | b'V', b'e' | b'E'] | [b'l' | b'L', b'l' | b'L']) => true,
        _ => false,
    };
    let next = rest.get(letters..).and_then(|rest| rest.chars().next());
    let ends = next.is_none_or(|c| class(c) == Class::Break);
    match known && ends {
        true => Ending {
            length: letters,
            kept,
        },
        false => Ending {
            length: 0,
            kept: false,
        },
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Whether words on both sides of `c` are also written as one.
fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '_' | '.') || is_apostrophe(c)
}

fn is_number(term: &str) -> bool {
    term.bytes().all(|byte| byte.is_ascii_digit())
}

/// A term that is not too long.
fn cut(term: &str) -> &str {
    let mut end = term.len().min(MAX_TERM_BYTES);
    while !term.is_char_boundary(end) {
        end -= 1;
    }
    term.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
