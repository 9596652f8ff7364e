//! Words that no paper has, or hardly any, and what was probably meant by them.
//!
//! One edit from four letters, two from eight: a letter left out, added or replaced, or two
//! neighbours swapped (the optimal string alignment distance: Boytsov, "Indexing methods for
//! approximate dictionary searching", 2011). Among the words within reach the one wins that is
//! frequent and easily mistyped so.

use std::ops::Range;
use std::rc::Rc;

use offprint_analysis::{TokenKind, is_stop_word, tokenize};
use offprint_format::{BlockId, BlockRef, NamesEntry, REVERSED, Section, Segment, Shard, Spelling};

use crate::answer::Correction;
use crate::engine::Engine;
use crate::error::Error;
use crate::lists;
use crate::query::{Query, Word};
use crate::resolve::Resolved;

/// Bytes of the longest word that is corrected.
const LONGEST: usize = 40;
/// What an edit costs, before what tells edits apart. A class of frequency is worth [`CLASS`].
const EDIT: u8 = 16;
const CLASS: i32 = 3;
/// What an unlikely edit costs beside a likely one.
const OTHER: u8 = 2;
/// What it costs that two words were written as one, and the bytes of the shorter.
const SPLIT: u8 = EDIT + 8;
const PART: usize = 3;
/// From this cost on an edit is not among the likely ones.
const LIKELY: u8 = EDIT + OTHER;
/// Blocks of spelling that are read for a word in each direction, at most.
const BLOCKS: u32 = 2;
/// A word is rare beside one that is this many times as frequent, as a power of two.
const RARE: u8 = 7;
/// Words of a longer query are seldom all in one paper, and so say nothing of a rare one.
const FEW: usize = 4;
/// Letters of a word that has many neighbours.
const SHORT: usize = 6;

/// How many edits a word may be from what was meant.
fn reach(word: &str) -> u8 {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ if word.len() > LONGEST => 0,
        _ => 2,
    }
}

/// Bits of the words that lead to no paper, nor does any form that stands for them.
pub(crate) fn unknown(query: &Query, words: &[Resolved], forms: &[Resolved]) -> u64 {
    let mut unknown = 0;
    for (at, word) in words.iter().enumerate() {
        unknown |= u64::from(word.is_empty()) << at;
    }
    for (form, resolved) in query.variants.iter().zip(forms) {
        if !resolved.is_empty() {
            unknown &= !form.words;
        }
    }
    unknown
}

/// Bits of the words, said whole, that hardly any paper has.
pub(crate) fn rare(segment: &Segment, query: &Query, words: &[Resolved]) -> u64 {
    let few = 2 + segment.papers / (1 << 15);
    let mut rare = 0;
    if words.len() > FEW {
        return rare;
    }
    for (at, (word, resolved)) in query.words.iter().zip(words).enumerate() {
        let count = resolved.exact.iter().map(|source| lists::counts(source).1);
        let is_rare = !word.prefix && reach(&word.text) > 0 && count.max() <= Some(few);
        rare |= u64::from(is_rare) << at;
    }
    rare
}

fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

/// A word backwards, as it stands in blocks of spelling.
fn marked(word: &str) -> String {
    let mut marked = String::from(REVERSED);
    marked.push_str(&backwards(word));
    marked
}

/// The blocks of spelling where a word is looked for: among those that begin as it does, and among
/// those that end as it does.
fn ranges(segment: &Segment, word: &str) -> [Range<u32>; 2] {
    let keys = &segment.spelling_keys;
    // An edit, two swapped letters too, leaves the letters before or those after one of them as
    // they are.
    let letters = word.chars().count();
    let part = letters.saturating_sub(1) / 2;
    let near = |word: String, part| {
        let end = word.char_indices().nth(part).map_or(0, |(end, _)| end);
        let range = keys.with_prefix(word.get(..end).unwrap_or_default());
        let own = keys.block_of(&word).unwrap_or(0);
        // The block where it would stand itself, and one more.
        let start = range.start.max((own + 1).saturating_sub(BLOCKS));
        start..range.end.min(start + BLOCKS)
    };
    [
        near(word.to_owned(), part),
        near(marked(word), letters - part),
    ]
}

fn is_in(words: u64, at: usize) -> bool {
    words >> at & 1 == 1
}

/// The blocks that must be read to correct some words.
pub(crate) fn blocks(segment: &Segment, query: &Query, words: u64) -> Vec<BlockRef> {
    let mut blocks = Vec::new();
    for (at, word) in query.words.iter().enumerate() {
        if is_in(words, at) && reach(&word.text) > 0 {
            let mut add = |section, number| blocks.push(BlockId { section, number }.whole());
            if let Some(own) = segment.shard_of(&word.text) {
                add(Section::Terms, own);
            }
            for range in ranges(segment, &word.text) {
                range.for_each(|number| add(Section::Spelling, number));
            }
        }
    }
    blocks
}

/// What was probably meant by some words, as far as anything was. The blocks must be at hand.
pub(crate) fn correct(
    engine: &mut Engine,
    query: &Query,
    words: u64,
) -> Result<Vec<Correction>, Error> {
    let mut corrections = Vec::new();
    for (at, word) in query.words.iter().enumerate() {
        if is_in(words, at) && reach(&word.text) > 0 {
            let used = Guess::of(engine, word)?.used;
            if !used.is_empty() {
                corrections.push(Correction {
                    typed: word.text.clone(),
                    used,
                });
            }
        }
    }
    Ok(corrections)
}

/// A text with each of these words replaced.
pub(crate) fn replace(text: &str, corrections: &[Correction]) -> String {
    let mut out = String::new();
    let mut done = 0;
    tokenize(text, &mut |token| {
        let mut known = corrections.iter();
        if token.kind == TokenKind::Word
            && let Some(found) = known.find(|known| known.typed == token.term)
        {
            out.push_str(text.get(done..token.start).unwrap_or_default());
            out.push_str(&found.used);
            done = token.end;
        }
    });
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// The best that was found for a word.
struct Guess<'a> {
    word: &'a Word,
    reversed: String,
    /// What is less frequent, as a class, is not taken.
    least: u8,
    /// The class of a word that every paper has.
    all: u8,
    score: i32,
    used: String,
}

impl<'a> Guess<'a> {
    fn of(engine: &mut Engine, word: &'a Word) -> Result<Guess<'a>, Error> {
        let segment = engine.segment();
        let typed = word.text.as_str();
        let mut guess = Guess {
            word,
            reversed: backwards(typed),
            least: 0,
            all: segment.papers.max(1).ilog2() as u8,
            score: i32::MIN,
            used: String::new(),
        };
        if let Some(own) = segment.shard_of(typed) {
            let shard = engine.shard(own)?;
            let class = |at| papers(&shard, at).max(1).ilog2() as u8;
            guess.least = shard.find(typed).map_or(0, |at| class(at) + RARE);
            for at in 0..shard.len() {
                guess.see(shard.word(at).unwrap_or_default(), class(at), false);
            }
        }
        let mut read: [Vec<Rc<Spelling>>; 2] = Default::default();
        for (range, read) in ranges(&segment, typed).into_iter().zip(&mut read) {
            for number in range {
                let block = engine.spelling(number)?;
                for (word, class) in block.words() {
                    match word.strip_prefix(REVERSED) {
                        Some(reversed) => guess.see(reversed, class, true),
                        None => guess.see(word, class, false),
                    }
                }
                read.push(block);
            }
        }
        guess.split(&read);
        Ok(guess)
    }

    fn take(&mut self, class: u8, cost: u8, used: impl FnOnce() -> String) {
        // The less it takes to make one word of another, the more likely both are meant: then only
        // what is frequent is taken.
        let typed = &self.word.text;
        let share = match cost {
            SPLIT.. => 4,
            LIKELY.. if typed.len() < SHORT => 2,
            _ => u8::MAX,
        };
        let score = i32::from(class) * CLASS - i32::from(cost);
        if class < self.least || class < self.all / share || score < self.score {
            return;
        }
        let used = used();
        if score > self.score || used < self.used {
            self.score = score;
            self.used = used;
        }
    }

    /// Looks at a word that may be meant.
    fn see(&mut self, word: &str, class: u8, reversed: bool) {
        let (typed, prefix) = match reversed {
            true => (&self.reversed, false),
            false => (&self.word.text, self.word.prefix),
        };
        if word == typed || !reversed && is_stop_word(word) {
            return;
        }
        let most = reach(typed);
        let Some((cost, end)) = cost(typed.as_bytes(), word.as_bytes(), most, prefix) else {
            return;
        };
        if let Some(used) = word.get(..end) {
            self.take(class, cost, || match reversed {
                true => backwards(used),
                false => used.to_owned(),
            });
        }
    }

    /// Looks at the pairs of words that may have been written as one.
    fn split(&mut self, [forwards, reversed]: &[Vec<Rc<Spelling>>; 2]) {
        let typed = self.word.text.as_str();
        let class = |blocks: &[Rc<Spelling>], word: &str| {
            blocks.iter().find_map(|block| block.class_of(word))
        };
        for (end, _) in typed.char_indices().skip(PART) {
            let (one, two) = typed.split_at(end);
            if two.len() >= PART
                && let Some(first) = class(forwards, one)
                && let Some(second) = class(reversed, &marked(two))
            {
                self.take(first.min(second), SPLIT, || {
                    let mut both = one.to_owned();
                    both.push(' ');
                    both.push_str(two);
                    both
                });
            }
        }
    }
}

/// How many papers a word of a shard leads to.
fn papers(shard: &Shard, at: usize) -> u32 {
    let entry = shard
        .entry_number(at)
        .and_then(|number| shard.entry(number));
    let text = entry.map_or(0, |entry| {
        entry.title_count.saturating_add(entry.body_count)
    });
    text.max(shard.names(at).map_or(0, NamesEntry::count))
}

/// Rows and columns of letters on a keyboard, from `a` on.
const KEYS: [u8; 26] = [
    0x10, 0x24, 0x22, 0x12, 0x02, 0x13, 0x14, 0x15, 0x07, 0x16, 0x17, 0x18, 0x26, 0x25, 0x08, 0x09,
    0x00, 0x03, 0x11, 0x04, 0x06, 0x23, 0x01, 0x21, 0x05, 0x20,
];

/// Whether two letters lie side by side on a keyboard.
fn are_near(a: u8, b: u8) -> bool {
    let key = |letter: u8| KEYS.get(usize::from(letter.wrapping_sub(b'a')));
    let (Some(a), Some(b)) = (key(a), key(b)) else {
        return false;
    };
    (a >> 4).abs_diff(b >> 4) <= 1 && (a & 15).abs_diff(b & 15) <= 1
}

/// What an edit of a letter costs that is in itself `more` unlikely: digits are not mistyped, they
/// are another number.
fn edit(letter: u8, more: u8) -> u8 {
    match letter.is_ascii_digit() {
        true => u8::MAX,
        false => EDIT + more,
    }
}

/// What it costs that `typed` stands where `word` was meant, or with `prefix` a beginning of it,
/// and how long that beginning is; nothing if it takes more than `most` edits.
fn cost(typed: &[u8], word: &[u8], most: u8, prefix: bool) -> Option<(u8, usize)> {
    type Row = [u8; LONGEST + 1];
    let longest = typed.len() + usize::from(most);
    if word.len() + usize::from(most) < typed.len() || !prefix && word.len() > longest {
        return None;
    }
    let limit = most * EDIT + (EDIT - 1);
    // Costs of the first letters of the word against the first of what was typed: one row for each
    // letter of the word.
    let cell = |row: &Row, at: usize| row.get(at).copied().unwrap_or(u8::MAX);
    let mut old: Row = std::array::from_fn(|at| (at as u8).saturating_mul(EDIT + OTHER));
    let mut older = old;
    let mut best = (u8::MAX, 0);
    let (mut before, mut reached) = (0, 0);
    for (at, &letter) in word.iter().enumerate().take(longest) {
        let mut new: Row = [u8::MAX; LONGEST + 1];
        let mut left = cell(&old, 0).saturating_add(edit(letter, OTHER));
        let mut least = left;
        let mut last = 0;
        if let Some(first) = new.first_mut() {
            *first = left;
        }
        for (place, (&key, slot)) in typed.iter().zip(new.iter_mut().skip(1)).enumerate() {
            let replaced = match key {
                _ if key == letter => 0,
                _ if letter.is_ascii_digit() => u8::MAX,
                _ => edit(key, if are_near(key, letter) { 1 } else { OTHER + 2 }),
            };
            let missed = edit(letter, if letter == before { 0 } else { OTHER });
            let added = edit(key, if key == last { 0 } else { OTHER });
            let mut cost = cell(&old, place).saturating_add(replaced);
            cost = cost.min(cell(&old, place + 1).saturating_add(missed));
            cost = cost.min(left.saturating_add(added));
            if place > 0 && key == before && last == letter {
                cost = cost.min(cell(&older, place - 1).saturating_add(edit(key, 1)));
            }
            *slot = cost;
            least = least.min(cost);
            left = cost;
            last = key;
        }
        if left <= best.0 || !prefix {
            best = (left, at + 1);
        }
        if least > limit && reached > limit {
            // No row from here on is within reach, this one's end included.
            break;
        }
        (older, old) = (old, new);
        (before, reached) = (letter, least);
    }
    (best.0 <= limit).then_some(best)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    /// Optimal string alignment distance, by its definition.
    fn distance(a: &[u8], b: &[u8]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                rows[i][j] = match (i, j) {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => {
                        let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            least = least.min(rows[i - 2][j - 2] + 1);
                        }
                        least
                    }
                };
            }
        }
        rows[a.len()][b.len()]
    }

    fn strings(length: usize) -> Vec<Vec<u8>> {
        let mut all = vec![Vec::new()];
        for _ in 0..length {
            let longer = |start: &Vec<u8>| {
                let start = start.clone();
                b"abp"
                    .iter()
                    .map(move |&letter| [start.as_slice(), &[letter]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    #[test]
    fn costs_count_the_edits() {
        for typed in strings(4) {
            for word in (2..=6).flat_map(strings) {
                let edits = distance(&typed, &word);
                for most in 1..=2 {
                    let found = cost(&typed, &word, most, false);
                    let found = found.map(|(cost, _)| usize::from(cost / EDIT));
                    let expected = (edits <= usize::from(most)).then_some(edits);
                    assert_eq!(found, expected, "{typed:?} {word:?}");
                }
                // The beginning that is nearest.
                let nearest = (1..=word.len())
                    .map(|end| distance(&typed, &word[..end]))
                    .min();
                let found = cost(&typed, &word, 2, true);
                let found = found.map(|(cost, end)| (usize::from(cost / EDIT), end));
                match found {
                    Some((edits, end)) => {
                        assert_eq!(Some(edits), nearest);
                        assert_eq!(distance(&typed, &word[..end]), edits);
                    }
                    None => assert!(nearest > Some(2), "{typed:?} {word:?}"),
                }
            }
        }
    }

    #[test]
    fn likely_edits_cost_less() {
        let of = |typed: &str, word: &str| cost(typed.as_bytes(), word.as_bytes(), 2, false);
        for (likely, unlikely, word) in [
            ("poincarre", "poincaret", "poincare"),
            ("hesning", "hepning", "hessning"),
            ("grsph", "grlph", "graph"),
            ("nueral", "nxural", "neural"),
        ] {
            assert!(of(likely, word) < of(unlikely, word), "{likely} {unlikely}");
        }
        assert_eq!(of("gpt5", "gpt4"), None);
        assert_eq!(of("resnet5", "resnet50"), None);
        assert!(of("resnte50", "resnet50").is_some());
    }

    #[test]
    fn words_are_replaced_where_they_stand() {
        let swap = |typed: &str, used: &str| Correction {
            typed: typed.into(),
            used: used.into(),
        };
        let swaps = [swap("encodng", "encoding"), swap("pagerank", "page rank")];
        assert_eq!(
            replace("\"Byte-Pair Encodng\" of PageRank ", &swaps),
            "\"Byte-Pair encoding\" of page rank "
        );
        assert_eq!(replace("one two", &[swap("two", "")]), "one ");
    }
}
