//! The dictionary's part of a search: from words to the lists that hold their papers.

use std::rc::Rc;

use offprint_analysis::stem;
use offprint_format::{BlockId, BlockRef, PrefixEntry, Section, Segment, Shard, limits};

use crate::engine::Engine;
use crate::error::Failed;
use crate::lists;
use crate::query::{Field, Query, Variant, Word};

/// A list of papers, not yet read.
#[derive(Clone)]
pub(crate) enum Source {
    /// Papers with a stem in their title or abstract, or in one of these.
    Text(Rc<Shard>, u32, Field),
    /// Papers with a word in their authors' names.
    Names(Rc<Shard>, usize),
}

/// What a word or another form leads to.
#[derive(Default)]
pub(crate) struct Resolved {
    /// Lists of the word itself.
    pub(crate) exact: Vec<Source>,
    /// Lists of every word that begins with it.
    pub(crate) spread: Vec<Source>,
    /// Instead of those, the list that was made of them when the index was built.
    pub(crate) listed: Option<PrefixEntry>,
    /// Lists whose expansions count: those of a word that may stand anywhere in a paper.
    pub(crate) expanded: Vec<Source>,
}

/// What the words of a stem have in common at their beginning: the stem less its last letter,
/// which endings change (`happi` for `happy`).
fn family(word: &str, stem: &str) -> Option<String> {
    let mut rest = stem.chars();
    rest.next_back();
    let family = rest.as_str();
    (letters(family) >= 3 && word.starts_with(family)).then(|| family.to_owned())
}

/// Adds the shards to read for a word that is said whole: its own and, where its stem's other words may
/// lie across a boundary, the neighbour's.
fn word_shards(segment: &Segment, word: &str, out: &mut Vec<u32>) {
    let Some(own) = segment.shard_of(word) else {
        return;
    };
    out.push(own);
    if let Some(family) = family(word, &stem(word)) {
        for shard in segment.shards_with_prefix(&family) {
            if shard.abs_diff(own) <= 1 {
                out.push(shard);
            }
        }
    }
}

/// How many letters a word has: each begins with a byte that continues none. (The standard
/// library's way is faster on long texts, and larger.)
pub(crate) fn letters(word: &str) -> usize {
    word.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

fn is_short(prefix: &str) -> bool {
    letters(prefix) <= limits::PREFIX_LETTERS
}

/// Adds the shards that hold the words that begin so, and those of the word itself.
fn prefix_shards(segment: &Segment, prefix: &str, out: &mut Vec<u32>) {
    for shard in segment.shards_with_prefix(prefix) {
        out.push(shard);
    }
    word_shards(segment, prefix, out);
}

/// Adds the shards that a query needs first, some of them more than once.
pub(crate) fn shards(segment: &Segment, query: &Query, out: &mut Vec<u32>) {
    for word in &query.words {
        let text = word.text.as_str();
        let range = segment.shards_with_prefix(text);
        if !word.prefix {
            word_shards(segment, text, out);
        } else if is_short(text) && range.len() > 2 {
            // Its papers are listed beside its first word.
            out.push(range.start);
        } else {
            prefix_shards(segment, text, out);
        }
    }
    for variant in &query.variants {
        out.extend(segment.shard_of(&variant.text));
    }
    for quoted in &query.phrases {
        quoted.phrase.shards(segment, out);
    }
}

/// Adds a word's own lists in the shards at hand.
fn exact(
    engine: &mut Engine,
    word: &str,
    field: Field,
    siblings: bool,
    sources: &mut Vec<Source>,
) -> Result<(), Failed> {
    let segment = engine.segment();
    let Some(own) = segment.shard_of(word) else {
        return Ok(());
    };
    let shard = engine.shard(own)?;
    let mut has_text = field == Field::Author;
    if let Some(at) = shard.find(word) {
        if let Some(number) = shard.entry_number(at).filter(|_| !has_text) {
            has_text = true;
            sources.push(Source::Text(Rc::clone(&shard), number, field));
        }
        if field.has_names() && shard.names(at).is_some() {
            sources.push(Source::Names(Rc::clone(&shard), at));
        }
    }
    if siblings && !has_text {
        // The word stands in no paper in this form; another form of its stem may.
        let wanted = stem(word);
        let Some(family) = family(word, &wanted) else {
            return Ok(());
        };
        let mut shards = Vec::new();
        word_shards(&segment, word, &mut shards);
        for number in shards {
            let shard = engine.shard(number)?;
            for at in shard.with_prefix(&family) {
                if let Some(entry) = shard.entry_number(at)
                    && shard.word(at).is_some_and(|word| stem(word) == wanted)
                {
                    sources.push(Source::Text(shard, entry, field));
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Adds every list of the words that begin with `prefix`, in the shards at hand.
fn spread(
    engine: &mut Engine,
    prefix: &str,
    field: Field,
    sources: &mut Vec<Source>,
) -> Result<(), Failed> {
    let segment = engine.segment();
    for number in segment.shards_with_prefix(prefix) {
        let shard = engine.shard(number)?;
        let range = shard.with_prefix(prefix);
        let mut seen = vec![field == Field::Author; shard.entries().len()];
        for at in range.clone() {
            if let Some(entry) = shard.entry_number(at)
                && let Some(seen) = seen.get_mut(entry as usize)
                && !*seen
            {
                *seen = true;
                sources.push(Source::Text(Rc::clone(&shard), entry, field));
            }
        }
        for at in range {
            if field.has_names() && shard.names(at).is_some() {
                sources.push(Source::Names(Rc::clone(&shard), at));
            }
        }
    }
    Ok(())
}

/// Finds what a word leads to, or adds the shards that must be read first.
pub(crate) fn word(
    engine: &mut Engine,
    word: &Word,
    resolved: &mut Resolved,
    shards: &mut Vec<u32>,
) -> Result<(), Failed> {
    let segment = engine.segment();
    let text = word.text.as_str();
    let mut siblings = true;
    if word.prefix {
        if is_short(text)
            && let Some(first) = segment.shard_of(text)
            && let Some(listed) = engine.shard(first)?.prefix(text)
        {
            resolved.listed = Some(listed.clone());
            siblings = false;
        } else {
            let mut needed = Vec::new();
            prefix_shards(&segment, text, &mut needed);
            let mut blocks = Vec::with_capacity(needed.len());
            for &number in &needed {
                let section = Section::Terms;
                blocks.push(BlockId { section, number }.whole());
            }
            if !engine.missing(blocks)?.is_empty() {
                shards.append(&mut needed);
                return Ok(());
            }
            spread(engine, text, word.field, &mut resolved.spread)?;
        }
    }
    if word.prefix && word.hollow {
        return Ok(());
    }
    exact(engine, text, word.field, siblings, &mut resolved.exact)?;
    if word.field == Field::Any && !word.unwanted {
        resolved.expanded.clone_from(&resolved.exact);
    }
    Ok(())
}

/// Finds what another form leads to.
pub(crate) fn variant(
    engine: &mut Engine,
    form: &Variant,
    resolved: &mut Resolved,
) -> Result<(), Failed> {
    exact(engine, &form.text, form.field, false, &mut resolved.exact)
}

impl Resolved {
    /// Whether it leads to no paper.
    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.spread.is_empty() && self.listed.is_none()
    }

    /// Whether it stands for more papers than are listed, so that none is known to lack it.
    pub(crate) fn is_loose(&self) -> bool {
        let listed = self.listed.as_ref();
        listed.is_some_and(|listed| listed.rest_bytes.is_none())
    }

    /// Adds the blocks that hold its lists; with `settle`, those of what comes later of them too.
    pub(crate) fn blocks(&self, engine: &Engine, settle: bool, out: &mut Vec<BlockRef>) {
        for sources in [&self.exact, &self.spread] {
            for source in sources {
                lists::blocks(engine, source, settle, out);
            }
        }
        for source in &self.expanded {
            lists::expansion_blocks(engine, source, out);
        }
        if let Some(listed) = &self.listed {
            lists::prefix_blocks(&engine.segment(), listed, out);
        }
    }
}
