//! Term shards: a run of the dictionary with what each word leads to.
//!
//! A shard is an `fst` set of words and one range-coded stream. A word of a title or abstract
//! leads to the entry of its stem, an author's word to an entry of the names, and some words to
//! both. Short lists stand in the shard itself; long ones are named by their address.

use std::collections::HashMap;
use std::ops::Range;

use crate::block::Section;
use crate::bytes::{Reader, put_str, put_varint};
use crate::dictionary::dictionary_words;
use crate::entries::{Address, Entry, Form, Late, Lists, NamesEntry, Positions, PrefixEntry};
use crate::error::Fault;
use crate::expansions::{Expansions, LevelModels, get_expansions, put_expansions};
use crate::limits;
use crate::manifest::Segment;
use crate::model::{FrequencyPriors, PostingModels};
use crate::positions::FREQUENT_WORDS;
use crate::postings::{get_docs, get_postings, put_docs, put_postings};
use crate::range_coder::{Bit, Decoder, Encoder, Number};

/// Models of everything in a shard that is not a posting.
struct ShardModels {
    kind: [Bit; 2],
    new: Bit,
    back: Number,
    title_count: Number,
    body_count: Number,
    name_count: Number,
    lists: AddressModels,
    positions: AddressModels,
    bytes: Number,
    position_bytes: Number,
    gaps: Bit,
    /// Of a word that its entry comes with, and of one that leads to an earlier entry.
    form: [Number; 2],
    frequent: Bit,
    split: Bit,
    late_count: Number,
    postings: PostingModels,
    expanded: Number,
    levels: LevelModels,
}

impl ShardModels {
    fn new(priors: &FrequencyPriors) -> Self {
        ShardModels {
            kind: [Bit::EVEN; 2],
            new: Bit::EVEN,
            back: Number::new(),
            title_count: Number::new(),
            body_count: Number::new(),
            name_count: Number::new(),
            lists: AddressModels::new(),
            positions: AddressModels::new(),
            bytes: Number::new(),
            position_bytes: Number::new(),
            gaps: Bit::EVEN,
            form: [Number::new(), Number::new()],
            frequent: Bit::EVEN,
            split: Bit::EVEN,
            late_count: Number::new(),
            postings: PostingModels::new(priors),
            expanded: Number::new(),
            levels: LevelModels::new(),
        }
    }
}

/// Models of the addresses of one section.
struct AddressModels {
    follows: Bit,
    begins: Bit,
    block: Number,
}

impl AddressModels {
    fn new() -> Self {
        AddressModels {
            follows: Bit::EVEN,
            begins: Bit::EVEN,
            block: Number::new(),
        }
    }

    /// Lists lie in dictionary order, so most begin where the one before ends.
    fn encode(&mut self, coder: &mut Encoder, at: Address, expected: Address) {
        coder.bit(&mut self.follows, at == expected);
        if at == expected {
            return;
        }
        let delta = at.block.wrapping_sub(expected.block);
        let folded = delta << 1 ^ ((delta as i32) >> 31) as u32;
        self.block.encode(coder, folded);
        coder.bit(&mut self.begins, at.offset == 0);
        if at.offset > 0 {
            coder.uniform(at.offset, limits::PAYLOAD as u32);
        }
    }

    fn decode(&mut self, coder: &mut Decoder<'_>, expected: Address) -> Address {
        if coder.bit(&mut self.follows) {
            return expected;
        }
        let folded = self.block.decode(coder);
        let delta = folded >> 1 ^ (folded & 1).wrapping_neg();
        let block = expected.block.wrapping_add(delta);
        let offset = if coder.bit(&mut self.begins) {
            0
        } else {
            coder.uniform(limits::PAYLOAD as u32)
        };
        Address { block, offset }
    }
}

/// What a word leads to: numbers of entries.
#[derive(Clone, Copy, Debug, Default)]
struct Link {
    text: Option<u32>,
    names: Option<u32>,
    form: Form,
}

/// Where the next list, and the next run of positions, is expected.
#[derive(Default)]
struct Expected {
    list: Address,
    positions: Address,
}

/// Writes one shard. Words come in dictionary order.
pub struct ShardWriter<'a> {
    segment: &'a Segment,
    words: Vec<String>,
    links: Vec<(Option<u32>, Form, Option<NamesEntry>)>,
    entries: Vec<Entry>,
    known: HashMap<u32, u32>,
    prefixes: Vec<PrefixEntry>,
}

impl<'a> ShardWriter<'a> {
    /// For a segment whose sizes, priors and postings section are known; an entry of at most
    /// `inline_limit` postings must come with its lists inline, and any other must not.
    #[must_use]
    pub fn new(segment: &'a Segment) -> Self {
        ShardWriter {
            segment,
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
        self.links.push((text, Form::default(), names));
    }

    /// Says which word of its stem the latest word is.
    pub fn form(&mut self, form: Form) {
        if let Some((_, latest, _)) = self.links.last_mut() {
            *latest = form;
        }
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
        let mut models = ShardModels::new(&self.segment.priors);
        let mut expected = Expected::default();
        let mut next = 0;
        for (text, form, names) in &self.links {
            let [has_text, has_names] = &mut models.kind;
            coder.bit(has_text, text.is_some());
            if text.is_some() {
                coder.bit(has_names, names.is_some());
            }
            if let Some(text) = *text {
                let new = text == next;
                coder.bit(&mut models.new, new);
                if let Some(model) = models.form.get_mut(usize::from(new)) {
                    model.encode(&mut coder, form.number);
                }
                coder.bit(&mut models.frequent, form.rank.is_some());
                if let Some(rank) = form.rank {
                    coder.uniform(u32::from(rank), FREQUENT_WORDS as u32);
                }
                if new {
                    next += 1;
                    if let Some(entry) = self.entries.get(text as usize) {
                        self.put_entry(&mut coder, &mut models, entry, &mut expected);
                    }
                } else {
                    models.back.encode(&mut coder, next - 1 - text);
                }
            }
            if let Some(names) = names {
                self.put_names(&mut coder, &mut models, names, &mut expected.list);
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
        expected: &mut Expected,
    ) {
        models.title_count.encode(coder, entry.title_count);
        models.body_count.encode(coder, entry.body_count);
        models.expanded.encode(coder, entry.expansions.count());
        match &entry.lists {
            Lists::Inline(title, body) => {
                let papers = self.segment.papers;
                debug_assert!(title.len() + body.len() <= self.segment.inline_limit as usize);
                put_postings(coder, &mut models.postings, title, papers, true);
                put_postings(coder, &mut models.postings, body, papers, false);
                if let Expansions::Inline(list) = &entry.expansions {
                    put_expansions(coder, &mut models.levels, list, papers);
                }
            }
            Lists::External {
                at,
                title_bytes,
                body_bytes,
                late,
            } => {
                models.lists.encode(coder, *at, expected.list);
                models.bytes.encode(coder, *title_bytes);
                models.bytes.encode(coder, *body_bytes);
                expected.list =
                    self.segment
                        .after(Section::Postings, *at, title_bytes + body_bytes);
                if let Expansions::External { bytes, .. } = entry.expansions {
                    models.bytes.encode(coder, bytes);
                    expected.list = self.segment.after(Section::Postings, expected.list, bytes);
                }
                coder.bit(&mut models.split, late.is_some());
                if let Some(late) = late {
                    models.late_count.encode(coder, late.count);
                    models.bytes.encode(coder, late.bytes);
                    let start = self.segment.late(expected.list);
                    expected.list = self.segment.after(Section::Postings, start, late.bytes);
                }
            }
        }
        let Positions { at, bytes, gaps } = entry.positions;
        models.positions.encode(coder, at, expected.positions);
        models.position_bytes.encode(coder, bytes);
        coder.bit(&mut models.gaps, gaps.is_some());
        expected.positions = self.segment.after(Section::Positions, at, bytes);
        if let Some(bytes) = gaps {
            models.position_bytes.encode(coder, bytes);
            let start = self.segment.late(expected.positions);
            expected.positions = self.segment.after(Section::Positions, start, bytes);
        }
    }

    fn put_names(
        &self,
        coder: &mut Encoder,
        models: &mut ShardModels,
        names: &NamesEntry,
        expected: &mut Address,
    ) {
        models.name_count.encode(coder, names.count());
        match names {
            NamesEntry::Inline(docs) => put_docs(coder, docs, 0, self.segment.papers),
            NamesEntry::External { at, bytes, .. } => {
                models.lists.encode(coder, *at, *expected);
                models.bytes.encode(coder, *bytes);
                *expected = self.segment.after(Section::Postings, *at, *bytes);
            }
        }
    }
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
                        .ok_or(Fault::Value("entry"))?
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
            return Err(Fault::Value("count of a prefix"));
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
    let total = total.ok_or(Fault::Value("number of postings"))?;
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
                return Err(Fault::Value("number of postings"));
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
        return Err(Fault::Value("number of papers"));
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
        .ok_or(Fault::Value("inline postings"))?;
    Ok(())
}

#[cfg(test)]
mod tests;
