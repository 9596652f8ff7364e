//! Lists of the papers behind short prefixes, whose words are too many to read one by one.
//!
//! The papers behind three letters come from the words' postings, those behind two letters from
//! the ones behind three, and those behind one letter from the ones behind two. A document and its
//! what it is worth there are one number on the way.

use std::ops::Range;

use offprint_format::{
    NAME_VALUE, Posting, PostingsCodec, PrefixEntry, Segment, encode_docs, impact, limits,
};

use crate::lists::ListWriter;
use crate::pipeline::{pipeline, threads};
use crate::postings::Postings;
use crate::words::{NONE, Word};
use crate::{Error, Progress, Sizes};

/// Bits of a code below a document's number.
const CODE_BITS: u32 = 6;
const CODE: u32 = (1 << CODE_BITS) - 1;
/// Codes: 1 for an author's word, and the weighted frequency plus one for any other.
const NAME: u8 = 1;

/// What codes are worth in each paper.
pub(crate) struct Worth {
    /// For each class of length, its first paper and the value of each code.
    classes: Vec<(u32, [u32; 1 << CODE_BITS])>,
}

impl Worth {
    pub(crate) fn new(segment: &Segment) -> Self {
        let mut first = 0;
        let mut classes = Vec::with_capacity(segment.lengths.len());
        for class in &segment.lengths {
            let values = std::array::from_fn(|code| match code as u8 {
                0 => 0,
                NAME => NAME_VALUE,
                code => impact(u32::from(code) - 1, class.norm),
            });
            classes.push((first, values));
            first += class.papers;
        }
        Worth { classes }
    }

    fn of(&self, doc: u32, code: u8) -> u32 {
        let class = self.classes.partition_point(|(first, _)| *first <= doc);
        let class = class.checked_sub(1).and_then(|at| self.classes.get(at));
        let value = class.and_then(|(_, values)| values.get(usize::from(code)));
        value.copied().unwrap_or(0)
    }
}

/// What is needed to list prefixes.
pub(crate) struct Prefixes<'a> {
    pub(crate) postings: &'a Postings,
    pub(crate) words: &'a [Word<'a>],
    pub(crate) segment: &'a Segment,
    pub(crate) sizes: &'a Sizes,
    pub(crate) worth: &'a Worth,
    /// Bytes that may be under way.
    pub(crate) budget: usize,
}

/// Words that share two letters, or a word of a single letter: what a thread takes at a time.
struct Part<'a> {
    letter: &'a str,
    range: Range<usize>,
    /// The two letters, if they have a list.
    two: Option<&'a str>,
    /// Those of three letters that have one.
    threes: Vec<(&'a str, Range<usize>)>,
    /// Whether the first letter has a list too.
    for_letter: bool,
}

/// A prefix's list before its place is known.
struct Made {
    prefix: String,
    count: u32,
    best: u32,
    best_list: Vec<u8>,
    rest_list: Option<Vec<u8>>,
}

/// Lists of a part, and its papers where they are needed once more.
struct Done<'a> {
    letter: &'a str,
    words: usize,
    made: Vec<Made>,
    papers: Vec<u32>,
}

impl Prefixes<'_> {
    /// Writes the lists in the order of prefixes.
    pub(crate) fn write(
        &self,
        lists: &mut ListWriter<'_, '_>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<PrefixEntry>, Error> {
        let mut parts = self.parts().into_iter();
        let mut entries = Vec::new();
        let mut letter: Option<(&str, Union<'_>, Vec<Made>)> = None;
        let (mut done, total) = (0, self.words.len() as u64);
        pipeline(
            || {
                let mut batch = Vec::new();
                let mut bytes = 0;
                while batch.len() < threads() * 8
                    && (bytes < self.budget || batch.len() < threads())
                    && let Some(part) = parts.next()
                {
                    bytes += self.most(part.range.clone()) * size_of::<u32>() * 2;
                    batch.push(part);
                }
                Ok(batch)
            },
            |part| self.part(part),
            |part| {
                if letter
                    .as_ref()
                    .is_none_or(|(open, ..)| *open != part.letter)
                {
                    if let Some(letter) = letter.take() {
                        self.put_letter(letter, lists, &mut entries)?;
                    }
                    letter = Some((
                        part.letter,
                        Union::new(self.postings.papers, self.worth),
                        Vec::new(),
                    ));
                }
                if let Some((_, union, made)) = &mut letter {
                    union.fold(&part.papers);
                    made.extend(part.made);
                }
                done += part.words as u64;
                progress(Progress {
                    phase: "listing prefixes",
                    done,
                    total,
                });
                Ok(())
            },
        )?;
        if let Some(letter) = letter.take() {
            self.put_letter(letter, lists, &mut entries)?;
        }
        Ok(entries)
    }

    fn put_letter(
        &self,
        (letter, mut union, made): (&str, Union<'_>, Vec<Made>),
        lists: &mut ListWriter<'_, '_>,
        entries: &mut Vec<PrefixEntry>,
    ) -> Result<(), Error> {
        let papers = union.take();
        let own = (!papers.is_empty()).then(|| self.make(letter, &papers));
        for made in own.into_iter().chain(made) {
            let rest = made.rest_list.as_deref().unwrap_or_default();
            entries.push(PrefixEntry {
                prefix: made.prefix,
                count: made.count,
                best: made.best,
                at: lists.put(&[made.best_list.as_slice(), rest].concat())?,
                best_bytes: made.best_list.len() as u32,
                rest_bytes: made.rest_list.as_ref().map(|list| list.len() as u32),
            });
        }
        Ok(())
    }

    /// Cuts the words into parts, and says which prefixes of each get lists.
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        let prefixes = short_prefixes(self.words);
        let mut letter = ("", false);
        for (prefix, range) in prefixes {
            let letters = prefix.chars().count();
            if letters == 1 {
                letter = (prefix, self.is_listed(prefix, range.clone()));
                let first = self.words.get(range.start);
                if first.is_some_and(|word| word.text == prefix) {
                    parts.push(Part {
                        letter: prefix,
                        range: range.start..range.start + 1,
                        two: None,
                        threes: Vec::new(),
                        for_letter: letter.1,
                    });
                }
                continue;
            }
            let listed = self.is_listed(prefix, range.clone());
            if letters == 2 {
                parts.push(Part {
                    letter: letter.0,
                    range,
                    two: listed.then_some(prefix),
                    threes: Vec::new(),
                    for_letter: letter.1,
                });
            } else if let Some(part) = parts.last_mut().filter(|_| listed) {
                part.threes.push((prefix, range));
            }
        }
        parts.retain(|part| part.for_letter || part.two.is_some() || !part.threes.is_empty());
        parts
    }

    /// Whether a prefix's words are too many to read one by one.
    fn is_listed(&self, prefix: &str, range: Range<usize>) -> bool {
        // By the keys, as a reader counts: they may point at one shard more than the words need.
        let shards = self.segment.shards_with_prefix(prefix).len();
        shards > self.sizes.prefix_shards || self.has_many_lists(range)
    }

    /// Whether words lead to too many lists outside their shards to read them one by one.
    fn has_many_lists(&self, range: Range<usize>) -> bool {
        let members = self.words.get(range).unwrap_or_default();
        let is_long = |count: u32| count > self.sizes.inline_limit;
        let stems = stems(members, |stem| is_long(self.postings.stem(stem).count()));
        let names = members
            .iter()
            .filter(|word| word.name != NONE && is_long(self.postings.name(word.name).count()));
        stems.len() + names.count() > self.sizes.prefix_lists
    }

    /// Papers that words may have at most.
    fn most(&self, range: Range<usize>) -> usize {
        let papers = self.postings.papers as usize;
        let mut most = 0;
        for word in self.words.get(range).unwrap_or_default() {
            if word.stem != NONE {
                most += self.postings.stem(word.stem).count() as usize;
            }
            if word.name != NONE {
                most += self.postings.name(word.name).count() as usize;
            }
            if most > papers {
                return papers;
            }
        }
        most
    }

    fn part<'p>(&self, part: Part<'p>) -> Result<Done<'p>, Error> {
        let mut done = Done {
            letter: part.letter,
            words: part.range.len(),
            made: Vec::new(),
            papers: Vec::new(),
        };
        let mut whole = Union::new(self.postings.papers, self.worth);
        let mut three = Union::new(self.postings.papers, self.worth);
        let need_whole = part.two.is_some() || part.for_letter;
        let mut at = part.range.start;
        for (prefix, range) in part.threes {
            if need_whole {
                self.see(at..range.start, &mut whole)?;
            }
            at = range.end;
            self.see(range, &mut three)?;
            let papers = three.take();
            done.made.push(self.make(prefix, &papers));
            if need_whole {
                whole.fold(&papers);
            }
        }
        if need_whole {
            self.see(at..part.range.end, &mut whole)?;
            done.papers = whole.take();
        }
        if let Some(prefix) = part.two {
            done.made.insert(0, self.make(prefix, &done.papers));
        }
        if !part.for_letter {
            done.papers = Vec::new();
        }
        Ok(done)
    }

    /// Adds the papers of words to a union.
    fn see(&self, range: Range<usize>, union: &mut Union<'_>) -> Result<(), Error> {
        let members = self.words.get(range).unwrap_or_default();
        for stem in stems(members, |_| true) {
            let place = self.postings.stem(stem);
            self.postings.each_posting(place, |posting, _| {
                union.see(posting.doc, posting.frequency + 1)
            })?;
        }
        for word in members.iter().filter(|word| word.name != NONE) {
            let place = self.postings.name(word.name);
            for doc in self.postings.docs(place)? {
                union.see(doc, NAME);
            }
        }
        Ok(())
    }

    /// Codes the best papers, by what they are worth and then by number, and the others.
    fn make(&self, prefix: &str, papers: &[u32]) -> Made {
        let (best, rest) = split(papers, self.sizes.prefix_best, self.worth);
        let codec = PostingsCodec::new(self.postings.papers, &self.segment.priors);
        let best_list = codec.encode(&best, false);
        let room = self.sizes.prefix_bytes.checked_sub(best_list.len());
        let rest_list = room.and_then(|room| {
            let list = encode_docs(&rest, self.postings.papers);
            (list.len() <= room).then_some(list)
        });
        Made {
            prefix: prefix.to_owned(),
            count: papers.len() as u32,
            best: best.len() as u32,
            best_list,
            rest_list,
        }
    }
}

/// The stems of words that pass, each once.
fn stems(members: &[Word<'_>], pass: impl Fn(u32) -> bool) -> Vec<u32> {
    let all = members.iter().map(|word| word.stem);
    let mut stems: Vec<u32> = all.filter(|&stem| stem != NONE && pass(stem)).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// The best papers in document order, and the documents of the others.
fn split(papers: &[u32], best: usize, worth: &Worth) -> (Vec<Posting>, Vec<u32>) {
    let value = |paper: u32| worth.of(paper >> CODE_BITS, (paper & CODE) as u8);
    let values: Vec<u32> = papers.iter().map(|&paper| value(paper)).collect();
    let mut counts = vec![0usize; values.iter().max().map_or(0, |&most| most as usize + 1)];
    for &value in &values {
        if let Some(count) = counts.get_mut(value as usize) {
            *count += 1;
        }
    }
    // All papers above some value, and the first ones that have it.
    let (mut least, mut left) = (0, best);
    for (value, &count) in counts.iter().enumerate().rev() {
        least = value as u32;
        if count >= left || least == 0 {
            break;
        }
        left -= count;
    }
    let mut chosen = Vec::with_capacity(best.min(papers.len()));
    let mut others = Vec::with_capacity(papers.len().saturating_sub(best));
    for (&paper, value) in papers.iter().zip(values) {
        let doc = paper >> CODE_BITS;
        let is_best = value > least || value == least && left > 0;
        if is_best {
            left -= usize::from(value == least);
            chosen.push(Posting {
                doc,
                frequency: (paper & CODE) as u8,
                in_abstract: true,
            });
        } else {
            others.push(doc);
        }
    }
    (chosen, others)
}

/// Collects papers, each with the code that is worth most.
struct Union<'w> {
    worth: &'w Worth,
    /// Best code of each paper; 0 where it is not in.
    codes: Vec<u8>,
    /// Those that are in.
    seen: Vec<u32>,
}

/// Where one paper in so many is in, it is quicker to look at all than to sort those.
const DENSE: usize = 24;

impl<'w> Union<'w> {
    fn new(papers: u32, worth: &'w Worth) -> Self {
        Union {
            worth,
            codes: vec![0; papers as usize],
            seen: Vec::new(),
        }
    }

    fn see(&mut self, doc: u32, code: u8) {
        let Some(best) = self.codes.get_mut(doc as usize) else {
            return;
        };
        if *best == 0 {
            self.seen.push(doc);
            *best = code;
        } else if *best == NAME || code == NAME {
            let value = |code| (self.worth.of(doc, code), code);
            if value(code) > value(*best) {
                *best = code;
            }
        } else {
            *best = (*best).max(code);
        }
    }

    fn fold(&mut self, papers: &[u32]) {
        for paper in papers {
            self.see(paper >> CODE_BITS, (paper & CODE) as u8);
        }
    }

    /// The papers in document order; none are left.
    fn take(&mut self) -> Vec<u32> {
        let pack = |doc: u32, code: u8| doc << CODE_BITS | u32::from(code);
        let mut papers = Vec::with_capacity(self.seen.len());
        if self.seen.len() * DENSE > self.codes.len() {
            for (doc, code) in (0..).zip(&mut self.codes) {
                if *code > 0 {
                    papers.push(pack(doc, std::mem::take(code)));
                }
            }
            self.seen.clear();
        } else {
            self.seen.sort_unstable();
            for doc in self.seen.drain(..) {
                if let Some(code) = self.codes.get_mut(doc as usize) {
                    papers.push(pack(doc, std::mem::take(code)));
                }
            }
        }
        papers
    }
}

/// Every prefix of one to three letters, in order, with the words that have it.
fn short_prefixes<'a>(words: &[Word<'a>]) -> Vec<(&'a str, Range<usize>)> {
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

#[cfg(test)]
mod tests;
