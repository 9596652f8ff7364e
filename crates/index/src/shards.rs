//! The term dictionary: words cut into shards, with their lists and the lists of short prefixes.

use std::cmp::Reverse;
use std::ops::Range;

use offprint_format::{
    Entry, Error as FormatError, Lists, NAME_IMPACT, NamesEntry, Posting, PostingsCodec,
    PrefixEntry, Section, Segment, Shard, ShardKeys, ShardWriter, encode_docs, limits,
};

use crate::analyze::{Analyzed, StemPostings};
use crate::lists::ListWriter;
use crate::write::Files;
use crate::{Error, Progress, Sizes};

/// A shard is closed when its estimated size reaches this.
const SHARD_BYTES: usize = 56 * 1024;

/// A key of the dictionary.
struct Word<'a> {
    text: &'a str,
    stem: Option<u32>,
    names: Option<&'a [u32]>,
}

/// Where a long list lies.
type Placed = Option<Lists>;

/// Writes the terms and postings sections.
pub(crate) fn write(
    analyzed: &Analyzed,
    sizes: &Sizes,
    segment: &mut Segment,
    files: &mut Files<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let inline_limit = sizes.inline_limit;
    let words = merge(analyzed);
    let shards = cut(&words, analyzed, sizes);
    segment.inline_limit = inline_limit;
    segment.priors = analyzed.priors.clone();
    segment.shard_keys = ShardKeys(shard_keys(&words, &shards));

    let total = words.len() as u64;
    let codec = PostingsCodec::new(analyzed.papers, &analyzed.priors);
    let mut lists = ListWriter::new(files, sizes.list_block);
    let mut placed: Vec<Placed> = vec![None; analyzed.stems()];
    let mut placed_names: Vec<Option<(offprint_format::Address, u32)>> = vec![None; words.len()];
    let mut seen = vec![false; analyzed.stems()];
    let mut posting_bytes = 0u64;
    for (at, word) in words.iter().enumerate() {
        if at % 4096 == 0 {
            progress(Progress {
                phase: "writing postings",
                done: at as u64,
                total,
            });
        }
        if let Some(stem) = word.stem
            && let Some(seen) = seen.get_mut(stem as usize)
            && !*seen
        {
            *seen = true;
            let StemPostings { title, body } = analyzed.stem_postings(stem);
            let (list, bytes) = place(&codec, &title, &body, sizes, &mut lists)?;
            posting_bytes += bytes;
            if let Some(slot) = placed.get_mut(stem as usize) {
                *slot = list;
            }
        }
        if let Some(docs) = word.names
            && docs.len() > inline_limit as usize
            && let Some(slot) = placed_names.get_mut(at)
        {
            let bytes = encode_docs(docs, analyzed.papers);
            *slot = Some((lists.put(&bytes)?, bytes.len() as u32));
        }
    }
    segment.stats.posting_bytes = posting_bytes;
    let prefixes = write_prefixes(analyzed, &words, segment, sizes, &mut lists, progress)?;
    lists.finish()?;
    // Addresses are coded as the postings section lies.
    segment.sections = files.tables();

    let mut prefixes = prefixes.into_iter().peekable();
    for (number, range) in shards.iter().enumerate() {
        let mut shard = ShardWriter::new(segment);
        while let Some(entry) =
            prefixes.next_if(|entry| segment.shard_of(&entry.prefix) == Some(number as u32))
        {
            shard.prefix(entry);
        }
        let members = words.get(range.clone()).unwrap_or_default();
        let places = placed_names.get(range.clone()).unwrap_or_default();
        for (word, place) in members.iter().zip(places) {
            let names = word.names.map(|docs| match *place {
                Some((at, bytes)) => NamesEntry::External {
                    count: docs.len() as u32,
                    at,
                    bytes,
                },
                None => NamesEntry::Inline(docs.to_vec()),
            });
            let entry = || {
                let stem = word.stem.unwrap_or_default();
                entry(analyzed, stem, placed.get(stem as usize).cloned().flatten())
            };
            shard.word(word.text, word.stem, entry, names);
        }
        let payload = shard.finish().map_err(FormatError::Manifest)?;
        debug_assert!(Shard::read(&payload, segment).is_ok());
        files.block(Section::Terms, payload)?;
    }
    Ok(())
}

/// Lays a list out if it does not stand inline; gives its place and its bytes in any case.
fn place(
    codec: &PostingsCodec<'_>,
    title: &[Posting],
    body: &[Posting],
    sizes: &Sizes,
    lists: &mut ListWriter<'_, '_>,
) -> Result<(Placed, u64), Error> {
    let inline = title.len() + body.len() <= sizes.inline_limit as usize;
    let mut first = codec.encode(title, true);
    let title_bytes = first.len() as u32;
    let whole = codec.encode(body, false);
    if inline {
        return Ok((None, (first.len() + whole.len()) as u64));
    }
    let long = first.len() + whole.len() > sizes.split_over;
    let split = long.then(|| codec.encode_split(body, sizes.split_classes));
    let (body, late) = match split {
        Some((early, late)) if !late.is_empty() => (early, late),
        _ => (whole, Vec::new()),
    };
    first.extend_from_slice(&body);
    let at = if late.is_empty() {
        lists.put(&first)?
    } else {
        lists.put_split(&first, &late)?
    };
    let bytes = (first.len() + late.len()) as u64;
    let list = Lists::External {
        at,
        title_bytes,
        body_bytes: body.len() as u32,
        late_bytes: late.len() as u32,
    };
    Ok((Some(list), bytes))
}

fn entry(analyzed: &Analyzed, stem: u32, placed: Placed) -> Entry {
    let StemPostings { title, body } = analyzed.stem_postings(stem);
    let (title_count, body_count) = (title.len() as u32, body.len() as u32);
    let lists = placed.unwrap_or(Lists::Inline(title, body));
    Entry {
        title_count,
        body_count,
        lists,
    }
}

/// Words of papers and of authors in one order.
fn merge(analyzed: &Analyzed) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(analyzed.words.len() + analyzed.names.len());
    let mut names = analyzed.names.iter().peekable();
    for (text, stem) in &analyzed.words {
        while let Some((name, docs)) = names.next_if(|(name, _)| name < text) {
            words.push(Word {
                text: name,
                stem: None,
                names: Some(docs),
            });
        }
        let docs = names
            .next_if(|(name, _)| name == text)
            .map(|(_, docs)| docs.as_slice());
        words.push(Word {
            text,
            stem: Some(*stem),
            names: docs,
        });
    }
    for (name, docs) in names {
        words.push(Word {
            text: name,
            stem: None,
            names: Some(docs),
        });
    }
    words
}

/// Cuts the words into shards: by number, and earlier where they would outgrow a block.
fn cut(words: &[Word<'_>], analyzed: &Analyzed, sizes: &Sizes) -> Vec<Range<usize>> {
    let mut shards = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        // Two bytes a posting and the word itself are more than either takes on any real text;
        // an entry that two words of the shard share is counted twice.
        let inline = |count: usize| {
            if count <= sizes.inline_limit as usize {
                count * 2
            } else {
                0
            }
        };
        let size = word.text.len()
            + 16
            + word
                .stem
                .map_or(0, |stem| inline(analyzed.count(stem) as usize))
            + word.names.map_or(0, |docs| inline(docs.len()));
        if at > start && (at - start == sizes.shard_words || bytes + size > SHARD_BYTES) {
            shards.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < words.len() {
        shards.push(start..words.len());
    }
    shards
}

/// The shortest string that tells each shard's first word from the last word before it.
fn shard_keys(words: &[Word<'_>], shards: &[Range<usize>]) -> Vec<String> {
    let word = |at: usize| words.get(at).map_or("", |word| word.text);
    shards
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

/// Every prefix of one to three letters, in order, with the words that have it.
fn short_prefixes<'a>(words: &'a [Word<'a>]) -> Vec<(&'a str, Range<usize>)> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut done = Vec::new();
    let mut close = |open: &mut Vec<(&'a str, usize)>, keep: usize, at: usize| {
        for (prefix, start) in open.drain(keep..) {
            done.push((prefix, start..at));
        }
    };
    for (at, word) in words.iter().enumerate() {
        let ends = word.text.char_indices().map(|(at, c)| at + c.len_utf8());
        let mut prefixes = ends
            .take(limits::PREFIX_LETTERS)
            .filter_map(|end| word.text.get(..end))
            .enumerate();
        for (depth, prefix) in &mut prefixes {
            if open.get(depth).is_some_and(|(known, _)| *known == prefix) {
                continue;
            }
            close(&mut open, depth, at);
            open.push((prefix, at));
        }
        let depth = word.text.chars().take(limits::PREFIX_LETTERS).count();
        close(&mut open, depth, at);
    }
    close(&mut open, 0, words.len());
    done.sort_unstable_by_key(|(prefix, _)| *prefix);
    done
}

/// Lists the papers behind each short prefix whose words are too many to read one by one.
fn write_prefixes(
    analyzed: &Analyzed,
    words: &[Word<'_>],
    segment: &Segment,
    sizes: &Sizes,
    lists: &mut ListWriter<'_, '_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<PrefixEntry>, Error> {
    let codec = PostingsCodec::new(analyzed.papers, &analyzed.priors);
    let prefixes = short_prefixes(words);
    let total = prefixes.len() as u64;
    let mut union = Union::new(analyzed.papers);
    let mut entries = Vec::new();
    for (done, (prefix, range)) in prefixes.into_iter().enumerate() {
        if done % 64 == 0 {
            progress(Progress {
                phase: "listing prefixes",
                done: done as u64,
                total,
            });
        }
        let members = words.get(range.clone()).unwrap_or_default();
        // By the keys, as a reader counts: they may point at one shard more than the words need.
        let shards = segment.shards_with_prefix(prefix).len();
        if shards <= sizes.prefix_shards && !has_many_lists(analyzed, members, sizes) {
            continue;
        }
        let (best, rest) = union.collect(analyzed, members, sizes.prefix_best);
        let best_list = codec.encode(&best, false);
        let rest_list = encode_docs(&rest, analyzed.papers);
        let whole = best_list.len() + rest_list.len() <= sizes.prefix_bytes;
        let rest_list = if whole { rest_list } else { Vec::new() };
        entries.push(PrefixEntry {
            prefix: prefix.to_owned(),
            count: (best.len() + rest.len()) as u32,
            best: best.len() as u32,
            at: lists.put(&[best_list.as_slice(), rest_list.as_slice()].concat())?,
            best_bytes: best_list.len() as u32,
            rest_bytes: whole.then_some(rest_list.len() as u32),
        });
    }
    Ok(entries)
}

/// Whether words lead to too many lists outside their shards to read them one by one.
fn has_many_lists(analyzed: &Analyzed, members: &[Word<'_>], sizes: &Sizes) -> bool {
    let mut stems: Vec<u32> = members.iter().filter_map(|word| word.stem).collect();
    stems.sort_unstable();
    stems.dedup();
    let long = stems
        .into_iter()
        .filter(|&stem| analyzed.count(stem) > sizes.inline_limit)
        .count();
    let names = members.iter().filter_map(|word| word.names);
    let long = long
        + names
            .filter(|docs| docs.len() > sizes.inline_limit as usize)
            .count();
    long > sizes.prefix_lists
}

/// Collects the papers of many words, each with its best impact.
struct Union {
    /// Best impact of each paper, plus one; 0 where it has none of the words.
    impacts: Vec<u8>,
}

impl Union {
    fn new(papers: u32) -> Self {
        Union {
            impacts: vec![0; papers as usize],
        }
    }

    fn see(&mut self, doc: u32, impact: u8) {
        if let Some(best) = self.impacts.get_mut(doc as usize) {
            *best = (*best).max(impact + 1);
        }
    }

    /// The best papers in document order, by impact and then by number, and the others.
    fn collect(
        &mut self,
        analyzed: &Analyzed,
        members: &[Word<'_>],
        best: usize,
    ) -> (Vec<Posting>, Vec<u32>) {
        let mut stems: Vec<u32> = members.iter().filter_map(|word| word.stem).collect();
        stems.sort_unstable();
        stems.dedup();
        for stem in stems {
            let StemPostings { title, body } = analyzed.stem_postings(stem);
            for posting in title.into_iter().chain(body) {
                self.see(posting.doc, posting.impact);
            }
        }
        for &doc in members.iter().filter_map(|word| word.names).flatten() {
            self.see(doc, NAME_IMPACT);
        }
        let mut all: Vec<(Reverse<u8>, u32)> = Vec::new();
        for (doc, impact) in self.impacts.iter_mut().enumerate() {
            if *impact > 0 {
                all.push((Reverse(*impact - 1), doc as u32));
                *impact = 0;
            }
        }
        all.sort_unstable();
        let rest = all.split_off(all.len().min(best));
        let mut rest: Vec<u32> = rest.into_iter().map(|(_, doc)| doc).collect();
        rest.sort_unstable();
        let mut best: Vec<Posting> = all
            .into_iter()
            .map(|(Reverse(impact), doc)| Posting {
                doc,
                impact,
                in_abstract: true,
            })
            .collect();
        best.sort_unstable_by_key(|posting| posting.doc);
        (best, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words<'a>(texts: &[&'a str]) -> Vec<Word<'a>> {
        texts
            .iter()
            .map(|text| Word {
                text,
                stem: None,
                names: None,
            })
            .collect()
    }

    #[test]
    fn keys_are_short_and_tell_shards_apart() {
        let words = words(&["alpha", "alpine", "beta", "betatron"]);
        assert_eq!(
            shard_keys(&words, &[0..1, 1..2, 2..3, 3..4]),
            ["", "alpi", "b", "betat"]
        );
    }

    #[test]
    fn every_short_prefix_knows_its_words() {
        let words = words(&["a", "ab", "abcd", "abce", "b", "écru"]);
        let found = short_prefixes(&words);
        let expected = [
            ("a", 0..4),
            ("ab", 1..4),
            ("abc", 2..4),
            ("b", 4..5),
            ("é", 5..6),
            ("éc", 5..6),
            ("écr", 5..6),
        ];
        assert_eq!(found, expected);
    }
}
