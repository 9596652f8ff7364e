//! What topics are called: the words that tell each from the others.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use offprint_analysis::{TokenKind, Tokenizer, is_stop_word, stem};
use offprint_format::log2;

use crate::interner::Interner;
use crate::{Error, Source};

/// Papers whose words are counted, at equal distances.
const SAMPLE: usize = 8192;
/// Words of a name, and as many more as it takes to tell it from the others.
const WORDS: usize = 3;
const MOST_WORDS: usize = 4;
/// Words of a topic among which a name is sought.
const CANDIDATES: usize = 40;

/// Words in which papers speak of themselves, whatever they are about, and what is left of TeX.
const PROSE: [&str; 17] = [
    "approach",
    "consider",
    "introduce",
    "let",
    "mathbb",
    "mathcal",
    "mathrm",
    "obtain",
    "paper",
    "present",
    "propose",
    "prove",
    "result",
    "show",
    "study",
    "varepsilon",
    "where",
];

/// Stands between stems that do not follow each other.
const GAP: u32 = u32::MAX;

/// The words of a collection, as far as a sample has them.
pub(super) struct Words {
    topics: usize,
    stems: Interner,
    /// By stem and topic, papers that have it.
    counts: Vec<u32>,
    /// Sampled papers of each topic.
    papers: Vec<u32>,
    words: Interner,
    stem_of: Vec<u32>,
    /// Papers that have each word.
    papers_of: Vec<u32>,
    /// By word, as it is written in abstracts, and how often.
    written: BTreeMap<u32, BTreeMap<String, u32>>,
    /// The stems of all texts as they follow each other; [`GAP`] where anything else stands.
    texts: Vec<u32>,
    /// Words and stems of the paper at hand.
    present: BTreeSet<u32>,
    present_stems: BTreeSet<u32>,
    tokenizer: Tokenizer,
}

impl Words {
    pub(super) fn new(topics: usize) -> Words {
        Words {
            topics,
            stems: Interner::default(),
            counts: Vec::new(),
            papers: vec![0; topics],
            words: Interner::default(),
            stem_of: Vec::new(),
            papers_of: Vec::new(),
            written: BTreeMap::new(),
            texts: Vec::new(),
            present: BTreeSet::new(),
            present_stems: BTreeSet::new(),
            tokenizer: Tokenizer::default(),
        }
    }

    /// Counts the words of a paper of a topic.
    pub(super) fn add(&mut self, topic: u16, title: &str, abstract_: &str) {
        let mut tokenizer = std::mem::take(&mut self.tokenizer);
        for text in [title, abstract_] {
            let mut end = 0;
            tokenizer.tokenize(text, &mut |token| {
                if token.kind != TokenKind::Word {
                    return;
                }
                let between = text.get(end..token.start).unwrap_or_default();
                end = token.end;
                if !matches!(between, " " | "-") {
                    self.texts.push(GAP);
                }
                // What follows a backslash is a command.
                if !telling(token.term) || between.ends_with('\\') {
                    self.texts.push(GAP);
                    return;
                }
                let word = self.word(token.term);
                self.present.insert(word);
                self.texts.extend(self.stem_of.get(word as usize));
                // Titles often have capitals that say nothing.
                let written = text.get(token.start..token.end).unwrap_or_default();
                if text == abstract_ && written.chars().all(char::is_alphanumeric) {
                    let ways = self.written.entry(word).or_default();
                    *ways.entry(written.to_owned()).or_default() += 1;
                }
            });
        }
        self.texts.push(GAP);
        self.tokenizer = tokenizer;
        for word in std::mem::take(&mut self.present) {
            if let Some(count) = self.papers_of.get_mut(word as usize) {
                *count += 1;
            }
            self.present_stems.extend(self.stem_of.get(word as usize));
        }
        for stem in std::mem::take(&mut self.present_stems) {
            let at = stem as usize * self.topics + usize::from(topic);
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
        }
        if let Some(papers) = self.papers.get_mut(usize::from(topic)) {
            *papers += 1;
        }
    }

    fn word(&mut self, term: &str) -> u32 {
        let (word, new) = self.words.number(term);
        if new {
            let (stem, new) = self.stems.number(&stem(term));
            if new {
                self.counts.resize(self.counts.len() + self.topics, 0);
            }
            self.stem_of.push(stem);
            self.papers_of.push(0);
        }
        word
    }

    /// A name for each topic, no two alike.
    pub(super) fn names(self) -> Vec<Vec<String>> {
        let best_words = self.best_words();
        let totals: Vec<u32> = match self.topics {
            0 => Vec::new(),
            topics => self
                .counts
                .chunks(topics)
                .map(|row| row.iter().sum())
                .collect(),
        };
        let all = self.papers.iter().sum();
        let prose = PROSE.map(stem);
        let prose: BTreeSet<u32> = (0..self.stems.len() as u32)
            .filter(|&number| prose.iter().any(|word| *word == self.stems.get(number)))
            .collect();
        let mut taken = BTreeSet::new();
        let mut names: Vec<Vec<Candidate>> = Vec::with_capacity(self.topics);
        for topic in 0..self.topics {
            let papers = self.papers.get(topic).copied().unwrap_or(0);
            let mut scored: Vec<(Reverse<u64>, &str, u32)> = Vec::new();
            for ((stem, &total), &word) in (0..).zip(&totals).zip(&best_words) {
                let count = self
                    .counts
                    .get(stem as usize * self.topics + topic)
                    .copied();
                let score = score(count.unwrap_or(0), papers, total, all);
                if score > 0 && !prose.contains(&stem) {
                    scored.push((Reverse(score), self.words.get(word), word));
                }
            }
            scored.sort_unstable();
            scored.truncate(CANDIDATES);
            let candidates: Vec<&str> = scored.iter().map(|&(_, word, _)| word).collect();
            let chosen = choose(&candidates, &mut taken, topic);
            let candidate = |text: String| {
                let word = scored.iter().find(|scored| scored.1 == text);
                let word = word.map(|&(_, _, word)| word);
                let stem = word.and_then(|word| self.stem_of.get(word as usize).copied());
                Candidate { text, word, stem }
            };
            names.push(chosen.into_iter().map(candidate).collect());
        }
        let follows = self.follows(
            names
                .iter()
                .flatten()
                .filter_map(|word| word.stem)
                .collect(),
        );
        let ordered = names.iter().map(|name| in_order(name, &follows));
        let written = ordered.map(|name| name.iter().map(|word| self.as_written(word)).collect());
        written.collect()
    }

    /// How often one of some stems follows another.
    fn follows(&self, stems: BTreeSet<u32>) -> BTreeMap<(u32, u32), u32> {
        let mut follows = BTreeMap::new();
        for pair in self.texts.windows(2) {
            if let &[one, other] = pair
                && stems.contains(&one)
                && stems.contains(&other)
            {
                *follows.entry((one, other)).or_default() += 1;
            }
        }
        follows
    }

    /// Of each stem the word that most papers have.
    fn best_words(&self) -> Vec<u32> {
        let mut best = vec![(0, u32::MAX); self.stems.len()];
        for ((word, &stem), &papers) in (0..).zip(&self.stem_of).zip(&self.papers_of) {
            if let Some(best) = best.get_mut(stem as usize)
                && papers > best.0
            {
                *best = (papers, word);
            }
        }
        best.into_iter().map(|(_, word)| word).collect()
    }

    /// A word in the letters in which abstracts mostly have it.
    fn as_written(&self, word: &Candidate) -> String {
        let ways = word.word.and_then(|word| self.written.get(&word));
        let most = ways.and_then(|ways| {
            let most = ways
                .iter()
                .max_by_key(|&(way, count)| (count, Reverse(way)));
            most.map(|(way, _)| way.clone())
        });
        most.unwrap_or_else(|| word.text.clone())
    }
}

/// A word of a name; none stands behind a mere number.
struct Candidate {
    text: String,
    word: Option<u32>,
    stem: Option<u32>,
}

/// The words of a name in the order in which texts have them next to each other most often; the
/// most telling first where no text has.
fn in_order<'a>(name: &'a [Candidate], follows: &BTreeMap<(u32, u32), u32>) -> Vec<&'a Candidate> {
    let after = |one: &Candidate, other: &Candidate| {
        let pair = one.stem.zip(other.stem);
        pair.and_then(|pair| follows.get(&pair))
            .copied()
            .unwrap_or(0)
    };
    let mut best: (u32, Vec<&Candidate>) = (0, name.iter().collect());
    let mut orders: Vec<Vec<&Candidate>> = vec![Vec::new()];
    for length in 0..name.len() {
        orders = orders
            .iter()
            .filter(|order| order.len() == length)
            .flat_map(|order| {
                let used =
                    |word: &&Candidate| order.iter().any(|other| std::ptr::eq(*other, *word));
                let left = name.iter().filter(move |word| !used(word));
                left.map(move |word| order.iter().copied().chain([word]).collect())
            })
            .collect();
    }
    for order in orders {
        let pairs = order.iter().zip(order.iter().skip(1));
        let sum = pairs.map(|(one, other)| after(one, other)).sum();
        if sum > best.0 {
            best = (sum, order);
        }
    }
    best.1
}

/// Whether a word can say what a topic is about.
fn telling(word: &str) -> bool {
    word.len() > 1 && word.chars().any(char::is_alphabetic) && !is_stop_word(word)
}

/// How telling a word is that `count` of a topic's `papers` have and `total` of `all`: the share of
/// papers with it, times the logarithm of how much more often they have it than all do.
fn score(count: u32, papers: u32, total: u32, all: u32) -> u64 {
    if count == 0 || (count == 1 && papers > 3) {
        return 0;
    }
    let log = |number: u32| log2(u64::from(number));
    let more = (log(count) + log(all)).saturating_sub(log(papers) + log(total));
    u64::from(count) * more / u64::from(papers.max(1))
}

/// Whether two words are so alike that one says nothing beside the other: one begins or ends
/// with the other, or they part only in their endings.
fn alike(one: &str, other: &str) -> bool {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let (same, shorter) = (same.count(), one.chars().count().min(other.chars().count()));
    let ends = shorter > 3 && (one.ends_with(other) || other.ends_with(one));
    let differ = shorter - same;
    same == shorter || ends || (same >= 5 && differ <= 1) || (same >= 6 && differ <= 2)
}

/// The first words that are not alike, as many as make a name that is not taken.
fn choose(candidates: &[&str], taken: &mut BTreeSet<Vec<String>>, topic: usize) -> Vec<String> {
    let mut words: Vec<&str> = Vec::new();
    for &word in candidates {
        if !words.iter().any(|other| alike(word, other)) {
            words.push(word);
        }
    }
    let mut take = |name: &[&str]| {
        let mut key: Vec<String> = name.iter().map(|&word| word.to_owned()).collect();
        let name = key.clone();
        key.sort_unstable();
        (!name.is_empty() && taken.insert(key)).then_some(name)
    };
    let first = words.get(..WORDS.min(words.len())).unwrap_or_default();
    let rest = words.get(first.len()..).unwrap_or_default();
    let mut longer = rest.iter().map(|&word| [first, &[word]].concat());
    let name = take(first).or_else(|| longer.find_map(|name| take(&name)));
    name.unwrap_or_else(|| {
        // No words tell it from another topic.
        let number = (topic + 1).to_string();
        let first = first
            .iter()
            .take(MOST_WORDS - 1)
            .map(|&word| word.to_owned());
        first.chain([number]).collect()
    })
}

/// Names the topics of papers; `places` says which paper each document is.
pub(super) fn names(
    papers: &(impl Source + ?Sized),
    places: &[u32],
    topic_of: &[Option<u16>],
    medoids: &[u32],
) -> Result<Vec<Vec<String>>, Error> {
    let mut words = Words::new(medoids.len());
    let step = places.len().div_ceil(SAMPLE).max(1);
    let mut docs: BTreeSet<usize> = (0..places.len()).step_by(step).collect();
    docs.extend(medoids.iter().map(|&medoid| medoid as usize));
    for doc in docs {
        let (Some(&place), Some(Some(topic))) = (places.get(doc), topic_of.get(doc)) else {
            continue;
        };
        let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
        words.add(*topic, &paper.title.clean, &paper.abstract_.clean);
    }
    Ok(words.names())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_words_that_tell_topics_apart() {
        let mut words = Words::new(3);
        let papers = [
            (
                0,
                "Graphs and trees",
                "A study of graph colouring with RNA.",
            ),
            (0, "Colouring of graphs", "We study graphs and trees."),
            (1, "Folding of RNA", "A study of RNA folding: proteins."),
            (
                1,
                "Proteins that fold",
                "We study proteins, RNA and folding.",
            ),
            (2, "Ising models", "We study spins on lattices."),
            (2, "Spins", "A study of Ising spins on a lattice."),
        ];
        for (topic, title, abstract_) in papers {
            words.add(topic, title, abstract_);
        }
        let names = words.names();
        assert_eq!(
            names,
            [
                vec!["graphs", "colouring", "trees"],
                vec!["proteins", "RNA", "folding"],
                vec!["Ising", "spins", "lattices"],
            ]
        );
    }

    #[test]
    fn alike_words_stand_in_no_name() {
        for (one, other) in [
            ("graph", "graphs"),
            ("llm", "llms"),
            ("classes", "classed"),
            ("diffusion", "diffusive"),
            ("commutative", "noncommutative"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("graph", "gravity"),
            ("quantum", "quantization"),
            ("3d", "2d"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
        let mut taken = BTreeSet::new();
        let candidates = ["graph", "graphs", "node", "tree", "edge", "edges", "path"];
        let mut next = |topic| choose(&candidates, &mut taken, topic).join(" ");
        assert_eq!(next(0), "graph node tree");
        assert_eq!(next(1), "graph node tree edge");
        assert_eq!(next(2), "graph node tree path");
        assert_eq!(next(3), "graph node tree 4");
        assert_eq!(choose(&[], &mut BTreeSet::new(), 6), ["7"]);
    }

    #[test]
    fn what_all_topics_share_tells_nothing() {
        assert_eq!(score(5, 10, 10, 20), 0);
        assert_eq!(score(1, 10, 1, 20), 0);
        assert!(score(9, 10, 10, 20) > score(5, 10, 5, 20));
        assert!(score(5, 10, 5, 20) > score(5, 10, 6, 20));
    }
}
