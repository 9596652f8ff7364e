//! Term shards: a run of the dictionary with what each word leads to.
//!
//! A shard is an `fst` set of words and one range-coded stream. A word of a title or abstract
//! leads to the entry of its stem, an author's word to an entry of the names, and some words to
//! both. Short lists stand in the shard itself; long ones are named by their address.

mod models;
mod write;

use std::ops::Range;

use crate::block::Section;
use crate::bytes::Reader;
use crate::dictionary::dictionary_words;
use crate::entries::{Address, Entry, Form, Late, Lists, NamesEntry, Positions, PrefixEntry};
use crate::error::Fault;
use crate::expansions::{Expansions, get_expansions};
use crate::limits;
use crate::manifest::Segment;
use crate::positions::FREQUENT_WORDS;
use crate::postings::{get_docs, get_postings};
use crate::range_coder::Decoder;

use models::{Expected, ShardModels};
pub use write::ShardWriter;

/// What a word leads to: numbers of entries.
#[derive(Clone, Copy, Debug, Default)]
struct Link {
    text: Option<u32>,
    names: Option<u32>,
    form: Form,
}
/// A shard as it is read: every word, what it leads to, and the lists that stand inline.
#[derive(Debug, Default)]
pub struct Shard {
    words: Vec<Box<str>>,
    links: Vec<Link>,
    entries: Vec<Entry>,
    names: Vec<NamesEntry>,
    prefixes: Vec<PrefixEntry>,
}

impl Shard {
    /// Reads the payload of a block of the terms section.
    ///
    /// # Errors
    /// A [`Fault`] if the bytes do not make a shard within the limits.
    pub fn read(payload: &[u8], segment: &Segment) -> Result<Shard, Fault> {
        let mut shard = Shard::default();
        shard.fill(payload, segment)?;
        Ok(shard)
    }

    fn fill(&mut self, payload: &[u8], segment: &Segment) -> Result<(), Fault> {
        let mut reader = Reader::new(payload);
        let length = reader.bounded(limits::PAYLOAD, "length of the dictionary")?;
        self.words = dictionary_words(reader.take(length)?)?;
        read_prefixes(&mut reader, segment.papers, &mut self.prefixes)?;
        let mut coder = Decoder::new(reader.rest());
        let mut models = ShardModels::new(&segment.priors);
        let mut budget = limits::SHARD_POSTINGS;
        let mut expected = Expected::default();
        for _ in 0..self.words.len() {
            let [has_text, has_names] = &mut models.kind;
            let text = coder.bit(has_text);
            let named = !text || coder.bit(has_names);
            let mut link = Link::default();
            if text {
                let new = coder.bit(&mut models.new);
                let number = models.form.get_mut(usize::from(new));
                link.form.number = number.map_or(0, |model| model.decode(&mut coder));
                if coder.bit(&mut models.frequent) {
                    link.form.rank = Some(coder.uniform(FREQUENT_WORDS as u32) as u8);
                }
                link.text = Some(if new {
                    let entry =
                        get_entry(&mut coder, &mut models, segment, &mut budget, &mut expected)?;
                    self.entries.push(entry);
                    self.entries.len() as u32 - 1
                } else {
                    let back = models.back.decode(&mut coder);
                    (self.entries.len() as u32)
                        .checked_sub(1)
                        .and_then(|latest| latest.checked_sub(back))
                        .ok_or(Fault::value("entry"))?
                });
            }
            if named {
                let entry = get_names(
                    &mut coder,
                    &mut models,
                    segment,
                    &mut budget,
                    &mut expected.list,
                )?;
                self.names.push(entry);
                link.names = Some(self.names.len() as u32 - 1);
            }
            self.links.push(link);
        }
        Ok(())
    }

    /// Number of words.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether the shard holds no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A word by its place in the shard.
    #[must_use]
    pub fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(AsRef::as_ref)
    }

    /// The place of a word.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<usize> {
        self.words
            .binary_search_by(|probe| (**probe).cmp(word))
            .ok()
    }

    /// The places of all words that begin with `prefix`.
    #[must_use]
    pub fn with_prefix(&self, prefix: &str) -> Range<usize> {
        let start = self.words.partition_point(|word| &**word < prefix);
        let rest = self.words.get(start..).unwrap_or(&[]);
        start..start + rest.partition_point(|word| word.starts_with(prefix))
    }

    /// Number, within this shard, of the entry that a word leads to.
    #[must_use]
    pub fn entry_number(&self, at: usize) -> Option<u32> {
        self.links.get(at)?.text
    }

    /// Which word of its stem a word is.
    #[must_use]
    pub fn form(&self, at: usize) -> Form {
        self.links.get(at).map_or(Form::default(), |link| link.form)
    }

    /// The stem's entry of a number.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)
    }

    /// The names entry of a word.
    #[must_use]
    pub fn names(&self, at: usize) -> Option<&NamesEntry> {
        self.names.get(self.links.get(at)?.names? as usize)
    }

    /// The list of a short prefix, if it has one in this shard.
    #[must_use]
    pub fn prefix(&self, prefix: &str) -> Option<&PrefixEntry> {
        self.prefixes.iter().find(|entry| entry.prefix == prefix)
    }

    /// Every entry, for inspection.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every names entry, for inspection.
    #[must_use]
    pub fn all_names(&self) -> &[NamesEntry] {
        &self.names
    }

    /// Every prefix list, for inspection.
    #[must_use]
    pub fn prefixes(&self) -> &[PrefixEntry] {
        &self.prefixes
    }
}

fn read_prefixes(
    reader: &mut Reader<'_>,
    papers: u32,
    prefixes: &mut Vec<PrefixEntry>,
) -> Result<(), Fault> {
    for _ in 0..reader.bounded(reader.rest().len(), "number of prefixes")? {
        let prefix = reader.str()?;
        let mut numbers = [0; 6];
        for number in &mut numbers {
            *number = reader.u32("number of a prefix")?;
        }
        let [count, best, block, offset, best_bytes, rest] = numbers;
        if best > count || count > papers || best as usize > limits::PREFIX_BEST {
            return Err(Fault::value("count of a prefix"));
        }
        prefixes.push(PrefixEntry {
            prefix: prefix.to_owned(),
            count,
            best,
            at: Address { block, offset },
            best_bytes,
            rest_bytes: rest.checked_sub(1),
        });
    }
    Ok(())
}

fn get_entry(
    coder: &mut Decoder<'_>,
    models: &mut ShardModels,
    segment: &Segment,
    budget: &mut usize,
    expected: &mut Expected,
) -> Result<Entry, Fault> {
    let title_count = models.title_count.decode(coder);
    let body_count = models.body_count.decode(coder);
    let total = title_count
        .checked_add(body_count)
        .filter(|&total| total <= segment.papers);
    let total = total.ok_or(Fault::value("number of postings"))?;
    let expanded = models.expanded.decode(coder);
    let mut expansions = Expansions::default();
    let lists = if total <= segment.inline_limit {
        spend(budget, total)?;
        let title = get_postings(
            coder,
            &mut models.postings,
            title_count,
            segment.papers,
            true,
        )?;
        let body = get_postings(
            coder,
            &mut models.postings,
            body_count,
            segment.papers,
            false,
        )?;
        spend(budget, expanded)?;
        let papers = segment.papers;
        let list = get_expansions(coder, &mut models.levels, expanded, papers)?;
        expansions = Expansions::Inline(list);
        Lists::Inline(title, body)
    } else {
        let at = models.lists.decode(coder, expected.list);
        let title_bytes = models.bytes.decode(coder);
        let body_bytes = models.bytes.decode(coder);
        expected.list = segment.after(
            Section::Postings,
            at,
            title_bytes.saturating_add(body_bytes),
        );
        if expanded > 0 {
            let bytes = models.bytes.decode(coder);
            expansions = Expansions::External {
                count: expanded,
                at: expected.list,
                bytes,
            };
            expected.list = segment.after(Section::Postings, expected.list, bytes);
        }
        let late = if coder.bit(&mut models.split) {
            let count = models.late_count.decode(coder);
            let bytes = models.bytes.decode(coder);
            if count > body_count {
                return Err(Fault::value("number of postings"));
            }
            expected.list = segment.after(Section::Postings, segment.late(expected.list), bytes);
            Some(Late { count, bytes })
        } else {
            None
        };
        Lists::External {
            at,
            title_bytes,
            body_bytes,
            late,
        }
    };
    let at = models.positions.decode(coder, expected.positions);
    let bytes = models.position_bytes.decode(coder);
    expected.positions = segment.after(Section::Positions, at, bytes);
    let gaps = coder
        .bit(&mut models.gaps)
        .then(|| models.position_bytes.decode(coder));
    if let Some(bytes) = gaps {
        let start = segment.late(expected.positions);
        expected.positions = segment.after(Section::Positions, start, bytes);
    }
    Ok(Entry {
        title_count,
        body_count,
        lists,
        positions: Positions { at, bytes, gaps },
        expansions,
    })
}

fn get_names(
    coder: &mut Decoder<'_>,
    models: &mut ShardModels,
    segment: &Segment,
    budget: &mut usize,
    expected: &mut Address,
) -> Result<NamesEntry, Fault> {
    let count = models.name_count.decode(coder);
    if count > segment.papers {
        return Err(Fault::value("number of papers"));
    }
    if count <= segment.inline_limit {
        spend(budget, count)?;
        Ok(NamesEntry::Inline(get_docs(coder, count, segment.papers)?))
    } else {
        let at = models.lists.decode(coder, *expected);
        let bytes = models.bytes.decode(coder);
        *expected = segment.after(Section::Postings, at, bytes);
        Ok(NamesEntry::External { count, at, bytes })
    }
}

fn spend(budget: &mut usize, postings: u32) -> Result<(), Fault> {
    *budget = budget
        .checked_sub(postings as usize)
        .ok_or(Fault::value("inline postings"))?;
    Ok(())
}

#[cfg(test)]
mod tests;
