//! Term shards: a run of the dictionary with what each word leads to.
//!
//! A shard is an `fst` set of words and one range-coded stream. A word of a title or abstract
//! leads to the entry of its stem, an author's word to an entry of the names, and some words to
//! both. Short lists stand in the shard itself; long ones are named by their address.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::bytes::{Reader, put_str, put_varint};
use crate::error::Fault;
use crate::limits;
use crate::model::{ImpactPriors, PostingModels};
use crate::postings::{Posting, get_docs, get_postings, put_docs, put_postings};
use crate::range_coder::{Bit, Decoder, Encoder, Number};

/// Where a list lies in the postings section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Block that holds its first byte.
    pub block: u32,
    /// Place of that byte in the block's payload.
    pub offset: u32,
}

/// What a stem's entry leads to: papers with it in the title, and papers with it elsewhere only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lists {
    /// The lists themselves: title, body.
    Inline(Vec<Posting>, Vec<Posting>),
    /// The place of the title part; the body part follows it.
    External {
        /// First byte of the title part.
        at: Address,
        /// Bytes of the title part.
        title_bytes: u32,
        /// Bytes of the body part.
        body_bytes: u32,
    },
}

/// A stem: in how many papers it stands, and in which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Papers with the stem in their title.
    pub title_count: u32,
    /// Papers with the stem in their abstract or keywords, and not in their title.
    pub body_count: u32,
    /// Which papers.
    pub lists: Lists,
}

/// An author's word: in how many papers' author lists it stands, and in which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamesEntry {
    /// The papers themselves.
    Inline(Vec<u32>),
    /// The place of the list.
    External {
        /// Number of papers.
        count: u32,
        /// First byte.
        at: Address,
        /// Bytes.
        bytes: u32,
    },
}

impl NamesEntry {
    /// Number of papers.
    #[must_use]
    pub fn count(&self) -> u32 {
        match self {
            NamesEntry::Inline(docs) => docs.len() as u32,
            NamesEntry::External { count, .. } => *count,
        }
    }
}

/// A prefix of one to three letters that has a list of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixEntry {
    /// The letters.
    pub prefix: String,
    /// Papers with a word, or an author's word, that begins so.
    pub count: u32,
    /// How many of them the list gives with an impact: the best.
    pub best: u32,
    /// First byte of the list of the best; a list of the rest follows it.
    pub at: Address,
    /// Bytes of the list of the best.
    pub best_bytes: u32,
    /// Bytes of the list of the rest, where it is given: it is left out where it would be large.
    pub rest_bytes: Option<u32>,
}

/// Models of everything in a shard that is not a posting.
struct ShardModels {
    kind: [Bit; 2],
    new: Bit,
    back: Number,
    title_count: Number,
    body_count: Number,
    name_count: Number,
    block: Number,
    bytes: Number,
    postings: PostingModels,
}

impl ShardModels {
    fn new(priors: &ImpactPriors) -> Self {
        ShardModels {
            kind: [Bit::EVEN; 2],
            new: Bit::EVEN,
            back: Number::new(),
            title_count: Number::new(),
            body_count: Number::new(),
            name_count: Number::new(),
            block: Number::new(),
            bytes: Number::new(),
            postings: PostingModels::new(priors),
        }
    }

    fn put_address(&mut self, coder: &mut Encoder, at: Address, last: &mut u32) {
        // Lists lie nearly in dictionary order, so the block is mostly the last one or its next.
        let delta = i64::from(at.block) - i64::from(*last);
        let folded = if delta < 0 {
            (-delta) * 2 - 1
        } else {
            delta * 2
        };
        self.block.encode(coder, folded as u32);
        coder.uniform(at.offset, limits::PAYLOAD as u32);
        *last = at.block;
    }

    fn get_address(&mut self, coder: &mut Decoder<'_>, last: &mut u32) -> Result<Address, Fault> {
        let folded = i64::from(self.block.decode(coder));
        let delta = if folded % 2 == 1 {
            -((folded + 1) / 2)
        } else {
            folded / 2
        };
        *last = u32::try_from(i64::from(*last) + delta).map_err(|_| Fault::Value("block"))?;
        Ok(Address {
            block: *last,
            offset: coder.uniform(limits::PAYLOAD as u32),
        })
    }
}

/// Writes one shard. Words come in dictionary order.
pub struct ShardWriter<'a> {
    papers: u32,
    inline_limit: u32,
    priors: &'a ImpactPriors,
    words: Vec<String>,
    links: Vec<(Option<u32>, Option<NamesEntry>)>,
    entries: Vec<Entry>,
    known: HashMap<u32, u32>,
    prefixes: Vec<PrefixEntry>,
}

impl<'a> ShardWriter<'a> {
    /// For a segment of `papers` documents; an entry of at most `inline_limit` postings must come
    /// with its lists inline, and any other must not.
    #[must_use]
    pub fn new(papers: u32, inline_limit: u32, priors: &'a ImpactPriors) -> Self {
        ShardWriter {
            papers,
            inline_limit,
            priors,
            words: Vec::new(),
            links: Vec::new(),
            entries: Vec::new(),
            known: HashMap::new(),
            prefixes: Vec::new(),
        }
    }

    /// Adds a word. `stem` is the caller's number of its stem and gives the stem's entry when this
    /// shard meets it for the first time.
    pub fn word(
        &mut self,
        word: &str,
        stem: Option<u32>,
        entry: impl FnOnce() -> Entry,
        names: Option<NamesEntry>,
    ) {
        let text = stem.map(|stem| {
            *self.known.entry(stem).or_insert_with(|| {
                self.entries.push(entry());
                self.entries.len() as u32 - 1
            })
        });
        self.words.push(word.to_owned());
        self.links.push((text, names));
    }

    /// Adds a prefix list. Prefixes come in dictionary order.
    pub fn prefix(&mut self, entry: PrefixEntry) {
        self.prefixes.push(entry);
    }

    /// The block's payload.
    ///
    /// # Errors
    /// [`Fault::Dictionary`] if words are out of order.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        let set = fst::Set::from_iter(&self.words).map_err(|_| Fault::Dictionary)?;
        let mut out = Vec::new();
        put_varint(&mut out, set.as_fst().as_bytes().len() as u64);
        out.extend_from_slice(set.as_fst().as_bytes());
        put_varint(&mut out, self.prefixes.len() as u64);
        for entry in &self.prefixes {
            put_str(&mut out, &entry.prefix);
            for value in [
                entry.count,
                entry.best,
                entry.at.block,
                entry.at.offset,
                entry.best_bytes,
            ] {
                put_varint(&mut out, u64::from(value));
            }
            put_varint(
                &mut out,
                entry.rest_bytes.map_or(0, |bytes| u64::from(bytes) + 1),
            );
        }
        let mut coder = Encoder::new();
        let mut models = ShardModels::new(self.priors);
        let mut last = 0;
        let mut next = 0;
        for (text, names) in &self.links {
            let [has_text, has_names] = &mut models.kind;
            coder.bit(has_text, text.is_some());
            if text.is_some() {
                coder.bit(has_names, names.is_some());
            }
            if let Some(text) = *text {
                coder.bit(&mut models.new, text == next);
                if text == next {
                    next += 1;
                    if let Some(entry) = self.entries.get(text as usize) {
                        self.put_entry(&mut coder, &mut models, entry, &mut last);
                    }
                } else {
                    models.back.encode(&mut coder, next - 1 - text);
                }
            }
            if let Some(names) = names {
                self.put_names(&mut coder, &mut models, names, &mut last);
            }
        }
        out.extend_from_slice(&coder.finish());
        Ok(out)
    }

    fn put_entry(
        &self,
        coder: &mut Encoder,
        models: &mut ShardModels,
        entry: &Entry,
        last: &mut u32,
    ) {
        models.title_count.encode(coder, entry.title_count);
        models.body_count.encode(coder, entry.body_count);
        match &entry.lists {
            Lists::Inline(title, body) => {
                debug_assert!(title.len() + body.len() <= self.inline_limit as usize);
                put_postings(coder, &mut models.postings, title, self.papers, true);
                put_postings(coder, &mut models.postings, body, self.papers, false);
            }
            Lists::External {
                at,
                title_bytes,
                body_bytes,
            } => {
                models.put_address(coder, *at, last);
                models.bytes.encode(coder, *title_bytes);
                models.bytes.encode(coder, *body_bytes);
            }
        }
    }

    fn put_names(
        &self,
        coder: &mut Encoder,
        models: &mut ShardModels,
        names: &NamesEntry,
        last: &mut u32,
    ) {
        models.name_count.encode(coder, names.count());
        match names {
            NamesEntry::Inline(docs) => put_docs(coder, docs, 0, self.papers),
            NamesEntry::External { at, bytes, .. } => {
                models.put_address(coder, *at, last);
                models.bytes.encode(coder, *bytes);
            }
        }
    }
}

/// A shard as it is read: every word, what it leads to, and the lists that stand inline.
#[derive(Debug)]
pub struct Shard {
    words: Vec<Box<str>>,
    links: Vec<(Option<u32>, Option<u32>)>,
    entries: Vec<Entry>,
    names: Vec<NamesEntry>,
    prefixes: Vec<PrefixEntry>,
}

impl Shard {
    /// Reads the payload of a block of the terms section.
    ///
    /// # Errors
    /// A [`Fault`] if the bytes do not make a shard within the limits.
    pub fn read(
        payload: &[u8],
        papers: u32,
        inline_limit: u32,
        priors: &ImpactPriors,
    ) -> Result<Shard, Fault> {
        let mut reader = Reader::new(payload);
        let length = reader.bounded(limits::PAYLOAD, "length of the dictionary")?;
        let words = dictionary_words(reader.take(length)?)?;
        let prefixes = read_prefixes(&mut reader, papers)?;
        let mut coder = Decoder::new(reader.rest());
        let mut models = ShardModels::new(priors);
        let mut shard = Shard {
            links: Vec::with_capacity(words.len()),
            words,
            entries: Vec::new(),
            names: Vec::new(),
            prefixes,
        };
        let mut budget = limits::SHARD_POSTINGS;
        let mut last = 0;
        for _ in 0..shard.words.len() {
            let [has_text, has_names] = &mut models.kind;
            let text = coder.bit(has_text);
            let named = !text || coder.bit(has_names);
            let mut link = (None, None);
            if text {
                link.0 = Some(if coder.bit(&mut models.new) {
                    let entry = get_entry(
                        &mut coder,
                        &mut models,
                        papers,
                        inline_limit,
                        &mut budget,
                        &mut last,
                    )?;
                    shard.entries.push(entry);
                    shard.entries.len() as u32 - 1
                } else {
                    let back = models.back.decode(&mut coder);
                    (shard.entries.len() as u32)
                        .checked_sub(1)
                        .and_then(|latest| latest.checked_sub(back))
                        .ok_or(Fault::Value("entry"))?
                });
            }
            if named {
                let entry = get_names(
                    &mut coder,
                    &mut models,
                    papers,
                    inline_limit,
                    &mut budget,
                    &mut last,
                )?;
                shard.names.push(entry);
                link.1 = Some(shard.names.len() as u32 - 1);
            }
            shard.links.push(link);
        }
        Ok(shard)
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
        self.links.get(at)?.0
    }

    /// The stem's entry of a number.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)
    }

    /// The names entry of a word.
    #[must_use]
    pub fn names(&self, at: usize) -> Option<&NamesEntry> {
        self.names.get(self.links.get(at)?.1? as usize)
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

fn read_prefixes(reader: &mut Reader<'_>, papers: u32) -> Result<Vec<PrefixEntry>, Fault> {
    let count = reader.bounded(reader.rest().len(), "number of prefixes")?;
    (0..count)
        .map(|_| {
            let prefix = reader.str()?.to_owned();
            let count = reader.u32("count of a prefix")?;
            let best = reader.u32("best of a prefix")?;
            let block = reader.u32("block of a prefix")?;
            let offset = reader.u32("offset of a prefix")?;
            let best_bytes = reader.u32("bytes of a prefix")?;
            let rest_bytes = reader.u32("bytes of a prefix")?.checked_sub(1);
            if best > count || count > papers || best as usize > limits::PREFIX_BEST {
                return Err(Fault::Value("count of a prefix"));
            }
            let at = Address { block, offset };
            Ok(PrefixEntry {
                prefix,
                count,
                best,
                at,
                best_bytes,
                rest_bytes,
            })
        })
        .collect()
}

fn get_entry(
    coder: &mut Decoder<'_>,
    models: &mut ShardModels,
    papers: u32,
    inline_limit: u32,
    budget: &mut usize,
    last: &mut u32,
) -> Result<Entry, Fault> {
    let title_count = models.title_count.decode(coder);
    let body_count = models.body_count.decode(coder);
    let total = title_count
        .checked_add(body_count)
        .filter(|&total| total <= papers);
    let total = total.ok_or(Fault::Value("number of postings"))?;
    let lists = if total <= inline_limit {
        spend(budget, total)?;
        let title = get_postings(coder, &mut models.postings, title_count, papers, true)?;
        let body = get_postings(coder, &mut models.postings, body_count, papers, false)?;
        Lists::Inline(title, body)
    } else {
        let at = models.get_address(coder, last)?;
        let title_bytes = models.bytes.decode(coder);
        Lists::External {
            at,
            title_bytes,
            body_bytes: models.bytes.decode(coder),
        }
    };
    Ok(Entry {
        title_count,
        body_count,
        lists,
    })
}

fn get_names(
    coder: &mut Decoder<'_>,
    models: &mut ShardModels,
    papers: u32,
    inline_limit: u32,
    budget: &mut usize,
    last: &mut u32,
) -> Result<NamesEntry, Fault> {
    let count = models.name_count.decode(coder);
    if count > papers {
        return Err(Fault::Value("number of papers"));
    }
    if count <= inline_limit {
        spend(budget, count)?;
        Ok(NamesEntry::Inline(get_docs(coder, count, papers)?))
    } else {
        let at = models.get_address(coder, last)?;
        Ok(NamesEntry::External {
            count,
            at,
            bytes: models.bytes.decode(coder),
        })
    }
}

fn spend(budget: &mut usize, postings: u32) -> Result<(), Fault> {
    *budget = budget
        .checked_sub(postings as usize)
        .ok_or(Fault::Value("inline postings"))?;
    Ok(())
}

/// Every key of an fst, by a walk that ends whatever the bytes are.
fn dictionary_words(bytes: &[u8]) -> Result<Vec<Box<str>>, Fault> {
    guarded(|| {
        let fst = fst::raw::Fst::new(bytes).map_err(|_| Fault::Dictionary)?;
        if fst.len() > limits::SHARD_WORDS {
            return Err(Fault::Value("number of words"));
        }
        let mut words: Vec<Box<str>> = Vec::with_capacity(fst.len());
        let mut key = Vec::new();
        let mut steps = limits::SHARD_WORDS * limits::TERM;
        let mut stack = vec![(fst.root(), 0usize)];
        while let Some((node, next)) = stack.last_mut() {
            if *next == 0 && node.is_final() {
                let word = std::str::from_utf8(&key).map_err(|_| Fault::Utf8)?;
                if words.len() == fst.len() || words.last().is_some_and(|last| **last >= *word) {
                    return Err(Fault::Dictionary);
                }
                words.push(word.into());
            }
            if *next < node.len() {
                steps = steps.checked_sub(1).ok_or(Fault::Dictionary)?;
                let transition = node.transition(*next);
                *next += 1;
                // A sound fst points backwards only; a loop would never end.
                if transition.addr >= node.addr() || key.len() == limits::TERM {
                    return Err(Fault::Dictionary);
                }
                key.push(transition.inp);
                stack.push((fst.node(transition.addr), 0));
            } else {
                stack.pop();
                key.pop();
            }
        }
        if words.len() == fst.len() {
            Ok(words)
        } else {
            Err(Fault::Dictionary)
        }
    })
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside code whose panics are caught and turned into
/// [`Fault::Dictionary`], so that a panic hook can stay silent.
#[must_use]
pub fn guarded_now() -> bool {
    GUARDED.get()
}

/// Runs `read`, which uses the `fst` crate on bytes that may be forged: the crate panics on some.
/// Where panics unwind they become [`Fault::Dictionary`]; where they abort (wasm) the host
/// restarts the engine.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Fault::Dictionary));
    GUARDED.set(before);
    result
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn posting(doc: u32, impact: u8, in_abstract: bool) -> Posting {
        Posting {
            doc,
            impact,
            in_abstract,
        }
    }

    fn sample(priors: &ImpactPriors) -> Vec<u8> {
        let mut writer = ShardWriter::new(100, 3, priors);
        let inline = Entry {
            title_count: 1,
            body_count: 2,
            lists: Lists::Inline(
                vec![posting(5, 30, false)],
                vec![posting(1, 2, true), posting(99, 31, true)],
            ),
        };
        let external = Entry {
            title_count: 0,
            body_count: 40,
            lists: Lists::External {
                at: Address {
                    block: 7,
                    offset: 123,
                },
                title_bytes: 0,
                body_bytes: 55,
            },
        };
        writer.word("graph", Some(10), || inline.clone(), None);
        writer.word(
            "graphics",
            Some(11),
            || external.clone(),
            Some(NamesEntry::Inline(vec![3])),
        );
        writer.word("graphs", Some(10), || unreachable!(), None);
        writer.word(
            "gray",
            None,
            || unreachable!(),
            Some(NamesEntry::Inline(vec![0, 1, 2])),
        );
        writer.word(
            "green",
            None,
            || unreachable!(),
            Some(NamesEntry::External {
                count: 9,
                at: Address {
                    block: 6,
                    offset: 9,
                },
                bytes: 4,
            }),
        );
        writer.prefix(PrefixEntry {
            prefix: "gr".into(),
            count: 50,
            best: 20,
            at: Address {
                block: 1,
                offset: 2,
            },
            best_bytes: 30,
            rest_bytes: Some(0),
        });
        writer.finish().unwrap()
    }

    #[test]
    fn a_shard_comes_back() {
        let priors = ImpactPriors::default();
        let payload = sample(&priors);
        let shard = Shard::read(&payload, 100, 3, &priors).unwrap();
        assert_eq!(shard.len(), 5);
        assert_eq!(shard.with_prefix("graph"), 0..3);
        assert_eq!(shard.with_prefix("h"), 5..5);
        let (graph, graphs) = (shard.find("graph").unwrap(), shard.find("graphs").unwrap());
        assert_eq!(shard.entry_number(graph), shard.entry_number(graphs));
        let entry = shard.entry(shard.entry_number(graph).unwrap()).unwrap();
        assert_eq!((entry.title_count, entry.body_count), (1, 2));
        assert!(matches!(&entry.lists, Lists::Inline(title, body)
            if title == &[posting(5, 30, false)] && body.len() == 2));
        let graphics = shard.find("graphics").unwrap();
        assert_eq!(shard.names(graphics), Some(&NamesEntry::Inline(vec![3])));
        assert!(matches!(
            shard
                .entry(shard.entry_number(graphics).unwrap())
                .unwrap()
                .lists,
            Lists::External {
                at: Address {
                    block: 7,
                    offset: 123
                },
                title_bytes: 0,
                body_bytes: 55
            }
        ));
        let green = shard.find("green").unwrap();
        assert_eq!(shard.entry_number(green), None);
        assert_eq!(shard.names(green).map(NamesEntry::count), Some(9));
        assert_eq!(shard.prefix("gr").unwrap().rest_bytes, Some(0));
        assert!(shard.prefix("gx").is_none());
    }

    #[test]
    fn words_out_of_order_are_refused() {
        let priors = ImpactPriors::default();
        let mut writer = ShardWriter::new(10, 3, &priors);
        for word in ["b", "a"] {
            writer.word(
                word,
                None,
                || unreachable!(),
                Some(NamesEntry::Inline(vec![1])),
            );
        }
        assert_eq!(writer.finish(), Err(Fault::Dictionary));
    }

    proptest! {
        #[test]
        fn forged_shards_never_panic(
            flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let priors = ImpactPriors::default();
            let mut payload = sample(&priors);
            for (at, value) in flips {
                let at = at.index(payload.len());
                payload[at] = value;
            }
            let _ = Shard::read(&payload, 100, 3, &priors);
            let _ = Shard::read(&payload[..cut.index(payload.len())], 100, 3, &priors);
        }
    }
}
