//! Writing a term shard; [`super`] reads it.

use std::collections::HashMap;

use super::models::{Expected, ShardModels};
use crate::block::Section;
use crate::bytes::{put_str, put_varint};
use crate::entries::{Address, Entry, Form, Lists, NamesEntry, Positions, PrefixEntry};
use crate::error::Fault;
use crate::expansions::{Expansions, put_expansions};
use crate::manifest::Segment;
use crate::positions::FREQUENT_WORDS;
use crate::postings::{put_docs, put_postings};
use crate::range_coder::Encoder;

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
