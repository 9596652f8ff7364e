//! Search by reading every paper: what the engine must agree with, written without any index.

#![allow(dead_code, reason = "each test uses some of it")]

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use offprint_analysis::{MAX_TERM_BYTES, TokenKind, is_stop_word, stem, tokenize};
use offprint_format::{
    EXPANSION_VALUES, LengthClass, NAME_VALUE, expansion_level, impact, term_weight,
};
use offprint_papers::Paper;

/// A hit: the paper's id, its score, and whether it has all words.
pub type Hit = (String, u32, bool);

struct Doc {
    id: String,
    /// The words of the title, as a card has it.
    said: Vec<String>,
    /// Stem to what it is worth here.
    impacts: HashMap<String, u32>,
    names: BTreeSet<String>,
    /// Stems of the title, and of what else is read.
    title: BTreeSet<String>,
    body: BTreeSet<String>,
    /// Stem to what the paper gets for it by its neighbours.
    expansions: HashMap<String, u32>,
    /// How often it has each stem that counts in comparing papers, and its length norm.
    counts: HashMap<String, u32>,
    norm: u16,
}

/// Where a word must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Any,
    Title,
    Abstract,
    Author,
}

pub struct Naive {
    docs: Vec<Doc>,
    words: BTreeSet<String>,
}

fn tokens(text: &str) -> Vec<(String, TokenKind)> {
    let mut tokens = Vec::new();
    tokenize(text, &mut |token| {
        tokens.push((token.term.to_owned(), token.kind))
    });
    tokens
}

/// The words of a text, without other forms.
pub fn words(text: &str) -> Vec<String> {
    let words = tokens(text).into_iter();
    let words = words.filter(|(_, kind)| *kind == TokenKind::Word);
    words.map(|(word, _)| word).collect()
}

/// Whether a text has the words of a phrase one after the other.
pub fn has_phrase(text: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}

/// In larger collections papers get words by the space that `latent` finds, which is no matter of
/// a scan.
pub const COMPARED: usize = 31;

impl Naive {
    /// Papers in the order they came in, and the classes of length that the index makes of them.
    /// At most [`COMPARED`] papers.
    pub fn new(papers: &[Paper], classes: &[LengthClass]) -> Naive {
        let mut naive = Naive::alone(papers, classes);
        naive.expand();
        naive
    }

    /// As [`Naive::new`], of an index whose papers were not compared.
    pub fn alone(papers: &[Paper], classes: &[LengthClass]) -> Naive {
        let mut words = BTreeSet::new();
        let mut counted = Vec::new();
        for (place, paper) in papers.iter().enumerate() {
            let mut counts: HashMap<String, u32> = HashMap::new();
            let mut length = 0;
            let (mut title, mut body) = (BTreeSet::new(), BTreeSet::new());
            for (text, weight) in [(&paper.title.clean, 3), (&paper.abstract_.clean, 1)] {
                for (word, kind) in tokens(text) {
                    let place = if weight == 3 { &mut title } else { &mut body };
                    place.insert(stem(&word).into_owned());
                    *counts.entry(stem(&word).into_owned()).or_default() += weight;
                    if kind == TokenKind::Word && !is_stop_word(&word) {
                        length += weight;
                    }
                    words.insert(word);
                }
            }
            // What only the raw form holds is found too.
            let raws = [&paper.title.raw, &paper.abstract_.raw];
            for (word, _) in raws.into_iter().flatten().flat_map(|raw| tokens(raw)) {
                if let Entry::Vacant(new) = counts.entry(stem(&word).into_owned()) {
                    body.insert(new.key().clone());
                    new.insert(1);
                }
                words.insert(word);
            }
            counted.push((paper, (counts, title, body), length, place));
        }
        // A class holds the next longer papers, by primary category, the newest first.
        counted.sort_by_key(|&(_, _, length, _)| length);
        let mut docs = Vec::new();
        let mut rest = counted.as_slice();
        for class in classes {
            let (members, longer) = rest.split_at(class.papers as usize);
            rest = longer;
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|&&(paper, _, _, place)| {
                (paper.categories.first(), Reverse(paper.date), place)
            });
            for (paper, (counts, title, body), ..) in members {
                let card: String = paper.title.clean.chars().take(300).collect();
                docs.push(Doc {
                    id: paper.id.clone(),
                    said: self::words(&card),
                    expansions: HashMap::new(),
                    counts: counts.clone(),
                    norm: class.norm,
                    impacts: counts
                        .iter()
                        .map(|(stem, &count)| (stem.clone(), impact(count.min(31), class.norm)))
                        .collect(),
                    names: paper
                        .authors
                        .iter()
                        .flat_map(|name| tokens(name))
                        .map(|(name, _)| name)
                        .collect(),
                    title: title.clone(),
                    body: body.clone(),
                });
            }
        }
        assert!(rest.is_empty());
        Naive { docs, words }
    }

    /// What papers get by their ten nearest, in a collection too small for `latent`: see FORMAT.md and `crates/index/src/neighbours`.
    fn expand(&mut self) {
        let content: BTreeSet<String> = self
            .words
            .iter()
            .filter(|word| !is_stop_word(word))
            .map(|word| stem(word).into_owned())
            .collect();
        let mut papers_with: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, doc) in self.docs.iter().enumerate() {
            for stem in doc.counts.keys().filter(|stem| content.contains(*stem)) {
                papers_with.entry(stem).or_default().push(at);
            }
        }
        let vectors: Vec<HashMap<&str, u64>> = self
            .docs
            .iter()
            .map(|doc| {
                let softer = (u32::from(doc.norm) * 10 / 3).min(65_535) as u16;
                let weights: HashMap<&str, u64> = doc
                    .counts
                    .iter()
                    .filter_map(|(stem, &count)| {
                        let papers = papers_with.get(stem.as_str())?.len() as u32;
                        let idf = u64::from(self.weight(papers));
                        Some((
                            stem.as_str(),
                            u64::from(impact(count.min(31), softer)) * idf,
                        ))
                    })
                    .collect();
                let norm = weights.values().map(|weight| weight * weight).sum::<u64>();
                let norm = norm.isqrt().max(1);
                let whole = |(stem, weight)| (stem, weight * (1 << 14) / norm);
                weights.into_iter().map(whole).collect()
            })
            .collect();
        let mut expansions = Vec::new();
        for (at, doc) in self.docs.iter().enumerate() {
            let mut near = vec![0u64; self.docs.len()];
            for (stem, weight) in &vectors[at] {
                for &other in &papers_with[stem] {
                    near[other] += weight * vectors[other][stem];
                }
            }
            let mut nearest: Vec<usize> = (0..self.docs.len())
                .filter(|&other| other != at && near[other] > 0)
                .collect();
            nearest.sort_by_key(|&other| (std::cmp::Reverse(near[other]), other));
            nearest.truncate(10);
            let sum: u64 = nearest.iter().map(|&other| near[other]).sum();
            let sum = sum * 10 / (nearest.len() as u64).max(1);
            let mut means: HashMap<String, u64> = HashMap::new();
            for other in nearest {
                for (stem, &impact) in &self.docs[other].impacts {
                    if papers_with
                        .get(stem.as_str())
                        .is_some_and(|papers| papers.len() > 1)
                    {
                        *means.entry(stem.clone()).or_default() +=
                            near[other] * u64::from(impact.max(1));
                    }
                }
            }
            let level = |(stem, mean): (String, u64)| {
                let own = doc.impacts.get(&stem).map_or(0, |&own| own.max(1));
                let holders = papers_with[stem.as_str()].len() as u32;
                let all = self.docs.len() as u32;
                let half = self.weight(all.isqrt()) as f32;
                let rarity = (self.weight(holders) as f32 / half).sqrt();
                let value = ((mean / sum) as f32 * rarity) as u32;
                let level = expansion_level(value, own)?;
                Some((stem, EXPANSION_VALUES[usize::from(level)]))
            };
            expansions.push(means.into_iter().filter_map(level).collect());
        }
        for (doc, expansions) in self.docs.iter_mut().zip(expansions) {
            doc.expansions = expansions;
        }
    }

    /// What papers get by their neighbours for a word said whole.
    fn expanded(&self, word: &str, inflected: bool) -> Vec<u32> {
        let stem = stem(word);
        let text = inflected || self.words.contains(word);
        let weight = self.weight(self.count(|doc| doc.impacts.contains_key(&*stem)));
        let value = |doc: &Doc| doc.expansions.get(&*stem).filter(|_| text).copied();
        let docs = self.docs.iter();
        docs.map(|doc| value(doc).map_or(0, |value| weight * value))
            .collect()
    }

    /// Ids of the papers in the order of documents.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.docs.iter().map(|doc| doc.id.as_str())
    }

    fn count(&self, has: impl Fn(&Doc) -> bool) -> u32 {
        self.docs.iter().filter(|doc| has(doc)).count() as u32
    }

    fn weight(&self, count: u32) -> u32 {
        term_weight(count, self.docs.len() as u32)
    }

    /// What each paper gets for a word said whole; nothing where it lacks it.
    fn whole(&self, word: &str, inflected: bool) -> Vec<Option<u32>> {
        let stem = stem(word);
        // A form that no paper has counts only where another form of its stem may stand for it.
        let text = inflected || self.words.contains(word);
        let stem_count = self.count(|doc| text && doc.impacts.contains_key(&*stem));
        let name_count = self.count(|doc| doc.names.contains(word));
        let gain = |doc: &Doc| {
            let code = doc.impacts.get(&*stem).filter(|_| text);
            let by_text = code.map(|&value| self.weight(stem_count) * value);
            let by_name = doc.names.contains(word);
            by_text.max(by_name.then(|| self.weight(name_count) * NAME_VALUE))
        };
        self.docs.iter().map(gain).collect()
    }

    /// What each paper gets for a word said whole that must stand somewhere.
    #[allow(dead_code, reason = "not every test asks for it")]
    pub fn within(&self, word: &str, field: Field) -> Vec<Option<u32>> {
        let stem = stem(word);
        let gain = |doc: &Doc| match field {
            Field::Any => None,
            Field::Author => {
                let count = self.count(|doc| doc.names.contains(word));
                let has = doc.names.contains(word);
                has.then(|| self.weight(count) * NAME_VALUE)
            }
            Field::Title => {
                let count = self.count(|doc| doc.title.contains(&*stem));
                let has = doc.title.contains(&*stem);
                has.then(|| self.weight(count) * doc.impacts[&*stem])
            }
            Field::Abstract => {
                let count = self.count(|doc| doc.impacts.contains_key(&*stem));
                let has = doc.body.contains(&*stem);
                has.then(|| self.weight(count) * doc.impacts[&*stem])
            }
        };
        match field {
            Field::Any => self.whole(word, true),
            _ => self.docs.iter().map(gain).collect(),
        }
    }

    /// What each paper gets for the beginning of a word; `hollow`: that is not itself a word to find.
    #[allow(dead_code, reason = "not every test asks for it")]
    fn beginning(&self, prefix: &str, hollow: bool) -> Vec<Option<u32>> {
        let begins = |word: &&String| word.starts_with(prefix);
        let stems: BTreeSet<String> = self
            .words
            .iter()
            .filter(begins)
            .map(|word| stem(word).into_owned())
            .collect();
        let code = |doc: &Doc| {
            let texts = stems
                .iter()
                .filter_map(|stem| doc.impacts.get(stem).copied());
            let name = doc.names.iter().any(|name| name.starts_with(prefix));
            texts.chain(name.then_some(NAME_VALUE)).max()
        };
        let weight = self.weight(self.count(|doc| code(doc).is_some()));
        let gains = self
            .docs
            .iter()
            .map(|doc| code(doc).map(|value| weight * value));
        if hollow {
            return gains.collect();
        }
        // Three letters or fewer are taken as they are; more may also be an inflected word.
        let whole = self.whole(prefix, true);
        gains
            .zip(whole)
            .map(|(gain, whole)| gain.max(whole))
            .collect()
    }

    /// Papers with any word of the query, in the engine's order.
    #[allow(dead_code, reason = "not every test asks for it")]
    pub fn search(&self, query: &str) -> Vec<Hit> {
        self.lift(query, self.scored(query))
    }

    /// Puts those of the first ten hits first whose titles say a query of several words.
    pub fn lift(&self, query: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
        let wanted = words(query);
        let mut end = 0;
        tokenize(query, &mut |token| {
            if token.kind == TokenKind::Word {
                end = token.end;
            }
        });
        let typed = end == query.len();
        if wanted.len() < 2 {
            return hits;
        }
        let best = hits.first().map_or(0, |hit| hit.1);
        for hit in hits.iter_mut().take(10) {
            let said = &self.docs.iter().find(|doc| doc.id == hit.0).unwrap().said;
            let says = said.windows(wanted.len()).any(|place| {
                let mut pairs = place.iter().zip(&wanted).rev();
                let last = pairs.next().is_some_and(|(word, last)| {
                    word == last || typed && word.starts_with(last.as_str())
                });
                last && pairs.all(|(word, other)| word == other)
            });
            if hit.2 && says {
                hit.1 = hit.1.saturating_add(best);
            }
        }
        hits.sort_by_key(|hit| (!hit.2, Reverse(hit.1)));
        hits
    }

    /// As [`Naive::search`], with no regard to how titles put it.
    pub fn scored(&self, query: &str) -> Vec<Hit> {
        let said = tokens(query);
        let mut spans = Vec::new();
        tokenize(query, &mut |token| spans.push((token.start, token.end)));
        let content = said
            .iter()
            .any(|(word, kind)| *kind == TokenKind::Word && !is_stop_word(word));
        let last = said.iter().rposition(|(_, kind)| *kind == TokenKind::Word);
        let typing = last.is_some_and(|last| spans[last].1 == query.len());
        let mut scores = vec![0u32; self.docs.len()];
        let mut extra = vec![0u32; self.docs.len()];
        let mut has: Vec<BTreeSet<String>> = vec![BTreeSet::new(); self.docs.len()];
        let mut wanted = BTreeSet::new();
        let counts = |&at: &usize| {
            let (word, kind) = &said[at];
            let typed = typing && Some(at) == last;
            *kind == TokenKind::Word && (!content || !is_stop_word(word) || typed)
        };
        let words: Vec<usize> = (0..said.len()).filter(counts).collect();
        for &at in &words {
            let word = &said[at].0;
            let prefix = typing && Some(at) == last;
            let first = words.iter().find(|&&other| said[other].0 == *word) == Some(&at);
            let gains = if prefix && first {
                self.beginning(word, content && is_stop_word(word))
            } else {
                self.whole(word, true)
            };
            wanted.insert(word.clone());
            // A function word beside others is no word to find, and a beginning of one to three
            // letters counts only as it stands.
            let hollow = prefix && first && content && is_stop_word(word);
            if !hollow {
                let expanded = self.expanded(word, true);
                let more = extra.iter_mut().zip(expanded);
                more.for_each(|(extra, more)| *extra += more);
            }
            for (doc, gain) in gains.into_iter().enumerate() {
                if let Some(gain) = gain {
                    scores[doc] += gain;
                    has[doc].insert(word.clone());
                }
            }
        }
        let mut forms: Vec<(String, Vec<String>, bool)> = Vec::new();
        for (at, (form, kind)) in said.iter().enumerate() {
            let inside =
                |&&other: &&usize| spans[other].0 >= spans[at].0 && spans[other].1 <= spans[at].1;
            let covered = words
                .iter()
                .filter(inside)
                .map(|&other| said[other].0.clone())
                .collect();
            if *kind == TokenKind::Variant {
                forms.push((form.clone(), covered, false));
            }
        }
        let all: Vec<usize> = (0..said.len())
            .filter(|&at| said[at].1 == TokenKind::Word)
            .collect();
        for pair in all.windows(2) {
            if pair.iter().all(|at| words.contains(at)) {
                let (one, two) = (&said[pair[0]].0, &said[pair[1]].0);
                if one.len() + two.len() <= MAX_TERM_BYTES {
                    forms.push((format!("{one}{two}"), vec![one.clone(), two.clone()], true));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for (form, covered, joined) in forms {
            if covered.is_empty() || !seen.insert(form.clone()) {
                continue;
            }
            for (doc, gain) in self.whole(&form, false).into_iter().enumerate() {
                let lacks = !covered.iter().all(|word| has[doc].contains(word));
                if let Some(gain) = gain.filter(|_| lacks || !joined) {
                    scores[doc] += gain;
                    has[doc].extend(covered.iter().cloned());
                }
            }
        }
        let mut hits: Vec<(bool, u32, usize)> = (0..self.docs.len())
            .filter(|&doc| !has[doc].is_empty())
            .map(|doc| {
                let some = !wanted.is_subset(&has[doc]);
                let extra = if some { extra[doc] } else { extra[doc] / 4 };
                (some, u32::MAX - scores[doc] - extra, doc)
            })
            .collect();
        hits.sort_unstable();
        hits.into_iter()
            .map(|(some, score, doc)| (self.docs[doc].id.clone(), u32::MAX - score, !some))
            .collect()
    }
}
