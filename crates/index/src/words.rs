//! The dictionary in its order: words of papers and of authors, cut into shards.

use std::ops::Range;

use offprint_format::{Form, limits};
use rayon::slice::ParallelSliceMut;

use crate::Sizes;
use crate::expanded::Expanded;
use crate::interner::Interner;
use crate::postings::Postings;
use crate::vocabulary::Vocabulary;

/// Stands for no stem, and for no author's word.
pub(crate) const NONE: u32 = u32::MAX;

/// A key of the dictionary.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    /// Number of its stem, or [`NONE`].
    pub(crate) stem: u32,
    /// Which word of its stem it is.
    pub(crate) form: Form,
    /// Its number as an author's word, or [`NONE`].
    pub(crate) name: u32,
    /// In how many papers' texts it stands, in this very form.
    pub(crate) papers: u32,
    /// Whether it stands somewhere as it is, or is an author's word.
    pub(crate) stands: bool,
}

fn sorted(strings: &Interner) -> Vec<(&str, u32)> {
    let mut all: Vec<(&str, u32)> = (0..strings.len() as u32)
        .map(|number| (strings.get(number), number))
        .collect();
    all.par_sort_unstable();
    all
}

/// Words of papers and of authors in one order.
pub(crate) fn merge(vocabulary: &Vocabulary) -> Vec<Word<'_>> {
    let (texts, names) = (sorted(&vocabulary.words), sorted(&vocabulary.names));
    let mut words = Vec::with_capacity(texts.len() + names.len());
    let mut names = names.into_iter().peekable();
    let form = |word: u32| vocabulary.form_of.get(word as usize).copied().unwrap_or(0);
    let author = |(text, name)| Word {
        text,
        stem: NONE,
        form: Form::default(),
        name,
        papers: 0,
        stands: true,
    };
    for (text, number) in texts {
        while let Some(name) = names.next_if(|(name, _)| *name < text) {
            words.push(author(name));
        }
        let name = names.next_if(|(name, _)| *name == text);
        let of = |all: &[u32]| all.get(number as usize).copied();
        words.push(Word {
            text,
            stem: of(&vocabulary.stem_of).unwrap_or(NONE),
            form: Form {
                number: form(number),
                rank: vocabulary.frequent.rank(text),
            },
            name: name.map_or(NONE, |(_, name)| name),
            papers: of(&vocabulary.papers_of).unwrap_or(0),
            stands: name.is_some() || vocabulary.stands.get(number as usize) == Some(&true),
        });
    }
    words.extend(names.map(author));
    words
}

/// A block is closed when its estimated size reaches this.
const BLOCK_BYTES: usize = 56 * 1024;

/// Cuts words, of each of which the bytes are estimated, into blocks: by number, and earlier where
/// they would outgrow a block.
pub(crate) fn cut(sizes: impl Iterator<Item = usize>, most: usize) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let (mut start, mut end, mut bytes) = (0, 0, 0);
    for size in sizes {
        if end > start && (end - start == most || bytes + size > BLOCK_BYTES) {
            blocks.push(start..end);
            (start, bytes) = (end, 0);
        }
        bytes += size;
        end += 1;
    }
    if start < end {
        blocks.push(start..end);
    }
    blocks
}

/// There are about so many shards at the most.
const SHARDS: usize = limits::SHARD_WORDS / 2;

/// Cuts the words into shards.
pub(crate) fn shards(
    words: &[Word<'_>],
    (postings, expanded): (&Postings, &Expanded),
    sizes: &Sizes,
) -> Vec<Range<usize>> {
    let bytes = words.iter().map(|word| {
        // Two bytes a posting and the word itself are more than either takes on any real text;
        // an entry that two words of the shard share is counted twice.
        let inline = |count: u32| match count <= sizes.inline_limit {
            true => count as usize * 2,
            false => 0,
        };
        let mut size = word.text.len() + 16;
        if word.stem != NONE {
            let count = postings.stem(word.stem).count();
            size += inline(count);
            if count <= sizes.inline_limit {
                size += expanded.size(word.stem).1 as usize;
            }
        }
        if word.name != NONE {
            size += inline(postings.name(word.name).count());
        }
        size
    });
    // The keys of shards have to stay within what the manifest may hold.
    cut(bytes, sizes.shard_words.max(words.len() / SHARDS + 1))
}

/// The shortest string that tells the first word of each block from the last word before it.
pub(crate) fn keys<'a>(word: impl Fn(usize) -> &'a str, blocks: &[Range<usize>]) -> Vec<String> {
    blocks
        .iter()
        .map(|range| {
            if range.start == 0 {
                return String::new();
            }
            let (before, first) = (word(range.start - 1), word(range.start));
            let ends = first.char_indices().map(|(at, c)| at + c.len_utf8());
            let key = ends
                .filter_map(|end| first.get(..end))
                .find(|&key| key > before);
            key.unwrap_or(first).to_owned()
        })
        .collect()
}

/// The keys of the shards.
pub(crate) fn shard_keys(words: &[Word<'_>], shards: &[Range<usize>]) -> Vec<String> {
    keys(|at| words.get(at).map_or("", |word| word.text), shards)
}

/// Words without anything behind them, for tests.
#[cfg(test)]
pub(crate) fn bare<'a>(texts: &[&'a str]) -> Vec<Word<'a>> {
    let bare = |text: &&'a str| Word {
        text,
        stem: NONE,
        form: Form::default(),
        name: NONE,
        papers: 0,
        stands: true,
    };
    texts.iter().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_tell_shards_apart() {
        let words = bare(&["alpha", "alpine", "beta", "betatron"]);
        assert_eq!(
            shard_keys(&words, &[0..1, 1..2, 2..3, 3..4]),
            ["", "alpi", "b", "betat"]
        );
    }
}
