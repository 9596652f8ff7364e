//! Words that no paper has, or hardly any, and what was probably meant by them.
//!
//! One edit from four letters, two from eight: a letter left out, added or replaced, or two
//! neighbours swapped (the optimal string alignment distance: Boytsov, "Indexing methods for
//! approximate dictionary searching", 2011). Or a blank left out between two words of four letters:
//! the first is in the blocks of what begins as the word does, the other in those of what ends so. Among the words within reach the one wins that is
//! frequent and easily mistyped so.

use offprint_analysis::{TokenKind, tokenize};
use offprint_format::{BlockId, REVERSED, Section, Segment};

use crate::engine::{Engine, Step};
use crate::error::Failed;
use crate::lists;
use crate::query::Query;
use crate::resolve::Resolved;

/// Bytes of the longest word that is corrected, and of its shortest neighbour-rich one.
const LONGEST: usize = 40;
const SHORT: usize = 6;
/// What an edit costs, before what tells edits apart. A class of frequency is worth [`CLASS`].
const EDIT: u8 = 16;
const CLASS: i32 = 3;
/// What an unlikely edit costs beside a likely one.
const OTHER: u8 = 2;
/// What it costs that a blank was left out.
const BLANK: u8 = 24;
/// Blocks of spelling that are read for a word in each direction, at most.
const BLOCKS: u32 = 2;
/// A word is rare beside one that is this many times as frequent, as a power of two.
const RARE: u8 = 7;
/// Words of a longer query are seldom all in one paper, and so say nothing of a rare one.
const FEW: usize = 4;

/// A word and what stands in its place.
pub(crate) type Swap = (String, String);

/// How many edits a word may be from what was meant.
fn reach(word: &str) -> u8 {
    match word.len() {
        4..8 => 1,
        8..LONGEST => 2,
        _ => 0,
    }
}

/// Bits of the words that lead to no paper, nor does any form that stands for them.
pub(crate) fn unknown(query: &Query, words: &[Resolved], forms: &[Resolved]) -> u64 {
    let mut unknown = 0;
    for (at, (word, resolved)) in query.words.iter().zip(words).enumerate() {
        unknown |= u64::from(resolved.is_empty() && !word.unwanted) << at;
    }
    for (form, resolved) in query.variants.iter().zip(forms) {
        if !resolved.is_empty() {
            unknown &= !form.words;
        }
    }
    unknown
}

/// Papers that a rare word has at most.
fn few(segment: &Segment) -> u32 {
    2 + segment.papers / (1 << 15)
}

/// Bits of the words of a short query, said whole, that hardly any paper has.
pub(crate) fn rare(segment: &Segment, query: &Query, words: &[Resolved]) -> u64 {
    let mut rare = 0;
    for (at, (word, resolved)) in query.words.iter().zip(words).enumerate() {
        let mut count = 0;
        for source in &resolved.exact {
            count = lists::counts(source).1.max(count);
        }
        let is_rare =
            !word.prefix && query.is_plain() && count <= few(segment) && words.len() <= FEW;
        rare |= u64::from(is_rare) << at;
    }
    rare
}

fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

/// A word as it stands in blocks of spelling: forwards and backwards.
fn sides(word: &str) -> [String; 2] {
    let mut marked = backwards(word);
    marked.insert(0, REVERSED);
    [word.to_owned(), marked]
}

/// The blocks that must be read to correct a word: where words begin as it does, and where they
/// end as it does. An edit leaves one half as it is.
fn near(segment: &Segment, side: &str) -> std::ops::Range<u32> {
    let half = side.get(..side.len() / 2).unwrap_or_default();
    let range = segment.spelling_with_prefix(half);
    // The block where it would stand itself, and one more.
    let own = segment.spelling_with_prefix(side).start;
    let start = range.start.max((own + 1).saturating_sub(BLOCKS));
    start..range.end.min(start + BLOCKS)
}

/// What was probably meant by some words, a set of bits, as far as anything was; or the blocks that
/// must be read first. Words that some papers have (`rare`) give way only to frequent ones.
pub(crate) fn correct(
    engine: &mut Engine,
    query: &Query,
    words: u64,
    rare: bool,
) -> Result<Step<Vec<Swap>>, Failed> {
    let segment = engine.segment();
    let section = Section::Spelling;
    let least = if rare {
        RARE + few(&segment).ilog2() as u8
    } else {
        0
    };
    let all = segment.papers.max(1).ilog2() as u8;
    let mut swaps = Vec::new();
    let mut needed = Vec::new();
    for (at, word) in query.words.iter().enumerate() {
        let most = reach(&word.text);
        if words >> at & 1 == 0 || most == 0 {
            continue;
        }
        let (mut best, mut used) = (i32::MIN, String::new());
        // By places in the word: how frequent the word is that begins, or ends, it there.
        let (mut heads, mut tails) = ([0; LONGEST], [0; LONGEST]);
        for side in sides(&word.text) {
            let prefix = word.prefix && !side.starts_with(REVERSED);
            for number in near(&segment, &side) {
                let Ok(block) = engine.spelling(number) else {
                    needed.push(BlockId { section, number }.whole());
                    continue;
                };
                for (found, class, _) in block.words() {
                    if side.starts_with(found) && class >= least {
                        let (cuts, at) = match found.strip_prefix(REVERSED) {
                            Some(tail) => (&mut tails, word.text.len() - tail.len()),
                            None => (&mut heads, found.len()),
                        };
                        if let Some(cut) = cuts.get_mut(at) {
                            *cut = i32::from(class) + 1;
                        }
                    }
                    let (cost, end) = cost(side.as_bytes(), found.as_bytes(), most, prefix);
                    // The less it takes to make one word of another, the more likely both are
                    // meant: then only what is frequent is taken.
                    let share = match cost {
                        _ if cost >= (most + 1) * EDIT => continue,
                        _ if cost >= 2 * EDIT => 4,
                        _ if cost >= EDIT + OTHER && word.text.len() < SHORT => 2,
                        _ => u8::MAX,
                    };
                    let score = i32::from(class) * CLASS - i32::from(cost);
                    // Of equals the first is taken: words come in order.
                    if class >= least.max(all / share)
                        && score > best
                        && let Some(found) = found.get(..end)
                    {
                        best = score;
                        used = match found.strip_prefix(REVERSED) {
                            Some(found) => backwards(found),
                            None => found.to_owned(),
                        };
                    }
                }
            }
        }
        for (at, (head, tail)) in heads.into_iter().zip(tails).enumerate() {
            let class = head.min(tail) - 1;
            let score = class * CLASS - i32::from(BLANK);
            // Where both are there, both halves are words.
            if class >= 0
                && score > best
                && query.is_plain()
                && let Some((head, tail)) = word.text.split_at_checked(at)
                && reach(head).min(reach(tail)) > 0
            {
                best = score;
                used = [head, " ", tail].concat();
            }
        }
        if !used.is_empty() {
            swaps.push((word.text.clone(), used));
        }
    }
    Ok(if needed.is_empty() {
        Step::Done(swaps)
    } else {
        Step::Need(engine.missing(needed)?)
    })
}

/// A text with words replaced.
pub(crate) fn replace(text: &str, swaps: &[Swap]) -> String {
    let mut out = String::new();
    let mut done = 0;
    tokenize(text, &mut |token| {
        for (typed, used) in swaps {
            if token.kind == TokenKind::Word && typed == token.term {
                out.push_str(text.get(done..token.start).unwrap_or_default());
                out.push_str(used);
                done = token.end;
            }
        }
    });
    out.push_str(text.get(done..).unwrap_or_default());
    out
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

/// What an edit of a letter costs that is in itself `more` unlikely. Digits are not mistyped, they
/// are another number; nor is [`REVERSED`].
fn edit(letter: u8, more: u8) -> u8 {
    if letter < b'a' { u8::MAX } else { EDIT + more }
}

/// What it costs that `typed` stands where `word` was meant, or with `prefix` a beginning of it,
/// and how long that beginning is. What takes more than `most` edits costs too much.
fn cost(typed: &[u8], word: &[u8], most: u8, prefix: bool) -> (u8, usize) {
    type Row = [u8; LONGEST + 2];
    let longest = typed.len() + usize::from(most);
    let mut best = (u8::MAX, 0);
    if word.len() + usize::from(most) < typed.len() || !prefix && word.len() > longest {
        return best;
    }
    // Costs of the first letters of the word against the first of what was typed: one row for each
    // letter of the word.
    let cell = |row: &Row, at: usize| row.get(at).copied().unwrap_or(u8::MAX);
    let mut old: Row = std::array::from_fn(|at| (at as u8).saturating_mul(EDIT + OTHER));
    let mut older = old;
    let (mut before, mut reached) = (0, 0);
    for (at, &letter) in word.iter().enumerate().take(longest) {
        let mut new = old;
        let mut left = cell(&old, 0).saturating_add(edit(letter, OTHER));
        let mut least = left;
        let mut last = 0;
        let mut slots = new.iter_mut();
        if let Some(slot) = slots.next() {
            *slot = left;
        }
        for ((place, &key), slot) in typed.iter().enumerate().zip(slots) {
            let more = if are_near(key, letter) { 1 } else { OTHER + 2 };
            let replaced = match key == letter {
                true => 0,
                false => edit(key.min(letter), more),
            };
            let missed = edit(letter, if letter == before { 0 } else { OTHER });
            let added = edit(key, if key == last { 0 } else { OTHER });
            let mut cost = cell(&old, place).saturating_add(replaced);
            cost = cost.min(cell(&old, place + 1).saturating_add(missed));
            cost = cost.min(left.saturating_add(added));
            if place > 0 && key == before && last == letter {
                cost = cost.min(cell(&older, place - 1).saturating_add(edit(key.min(last), 1)));
            }
            *slot = cost;
            least = least.min(cost);
            left = cost;
            last = key;
        }
        if left <= best.0 || !prefix {
            best = (left, at + 1);
        }
        if least.min(reached) >= (most + 1) * EDIT {
            // No row from here on is within reach, this one's end included.
            break;
        }
        (older, old) = (old, new);
        (before, reached) = (letter, least);
    }
    best
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
                    let (found, _) = cost(&typed, &word, most, false);
                    let found = Some(usize::from(found / EDIT));
                    let found = found.filter(|&edits| edits <= usize::from(most));
                    let expected = (edits <= usize::from(most)).then_some(edits);
                    assert_eq!(found, expected, "{typed:?} {word:?}");
                }
                // The beginning that is nearest.
                let nearest = (1..=word.len())
                    .map(|end| distance(&typed, &word[..end]))
                    .min();
                let (found, end) = cost(&typed, &word, 2, true);
                let found = Some(usize::from(found / EDIT)).filter(|&edits| edits <= 2);
                match found {
                    Some(edits) => {
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
        for (typed, word) in [("gpt5", "gpt4"), ("resnet5", "resnet50"), ("x12y", "x21y")] {
            assert!(of(typed, word).0 > 3 * EDIT, "{typed}");
        }
        assert!(of("resnte50", "resnet50").0 < 2 * EDIT);
    }

    #[test]
    fn words_are_replaced_where_they_stand() {
        let swap = |typed: &str, used: &str| (typed.to_owned(), used.to_owned());
        let swaps = [swap("encodng", "encoding"), swap("pagerank", "page rank")];
        assert_eq!(
            replace("\"Byte-Pair Encodng\" of PageRank ", &swaps),
            "\"Byte-Pair encoding\" of page rank "
        );
        assert_eq!(replace("one two", &[swap("two", "")]), "one ");
    }
}
