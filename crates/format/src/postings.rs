//! Postings: which papers hold a word, and how much it says about each.
//!
//! Document numbers are coded by recursive halving (A. Moffat and L. Stuiver, "Binary
//! interpolative coding for effective index compression", Information Retrieval 3, 2000), each
//! choice as an equally likely value of the range coder, so that no fraction of a bit is lost.

use crate::error::Fault;
use crate::limits;
use crate::model::{IMPACT_LEVELS, ImpactPriors, ImpactTree, PostingModels};
use crate::range_coder::{Decoder, Encoder};

/// A paper that holds a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Document number.
    pub doc: u32,
    /// Within-document impact code, 0 to 31.
    pub impact: u8,
    /// The word stands in the abstract (always so in the list of papers without it in the title).
    pub in_abstract: bool,
}

/// Codes one part of a postings list: the papers with the word in the title, or the others.
pub struct PostingsCodec<'a> {
    papers: u32,
    priors: &'a ImpactPriors,
}

impl<'a> PostingsCodec<'a> {
    /// For a segment of `papers` documents.
    #[must_use]
    pub fn new(papers: u32, priors: &'a ImpactPriors) -> Self {
        PostingsCodec { papers, priors }
    }

    /// Bytes of a list; `title` says which part it is. Documents must rise and lie below `papers`.
    #[must_use]
    pub fn encode(&self, postings: &[Posting], title: bool) -> Vec<u8> {
        let mut coder = Encoder::new();
        let mut models = PostingModels::new(self.priors);
        put_postings(&mut coder, &mut models, postings, self.papers, title);
        coder.finish()
    }

    /// Reads a list of `count` postings.
    ///
    /// # Errors
    /// [`Fault::Value`] if there are more postings than papers.
    pub fn decode(&self, bytes: &[u8], count: u32, title: bool) -> Result<Vec<Posting>, Fault> {
        let mut coder = Decoder::new(bytes);
        let mut models = PostingModels::new(self.priors);
        get_postings(&mut coder, &mut models, count, self.papers, title)
    }
}

/// Classes of a split body part, at most.
const CLASSES: u32 = 4;

/// A posting of a split body part whose impact is not yet known, as its class has it on average.
fn assume(doc: u32, impact: u8) -> Posting {
    Posting {
        doc,
        impact,
        in_abstract: true,
    }
}

impl PostingsCodec<'_> {
    /// Bytes of a long body part in two: the documents in `classes` classes of rising impact,
    /// with each class's mean, which come first, and the impacts themselves, which come later.
    #[must_use]
    pub fn encode_split(&self, postings: &[Posting], classes: u32) -> (Vec<u8>, Vec<u8>) {
        let mut ranked: Vec<u8> = postings.iter().map(|posting| posting.impact).collect();
        ranked.sort_unstable();
        let classes = classes.clamp(1, CLASSES);
        // A class ends below the impact that the next quantile begins with.
        let mut bounds: Vec<u8> = (1..classes)
            .filter_map(|class| ranked.get(ranked.len() * class as usize / classes as usize))
            .copied()
            .filter(|&bound| bound > 0)
            .collect();
        bounds.dedup();
        let mut early = Encoder::new();
        let mut late = Encoder::new();
        early.uniform(bounds.len() as u32, CLASSES);
        for class in 0..=bounds.len() {
            let floor = class.checked_sub(1).and_then(|at| bounds.get(at)).copied();
            let ceiling = bounds.get(class).copied();
            let members: Vec<Posting> = postings
                .iter()
                .filter(|posting| floor.is_none_or(|floor| posting.impact >= floor))
                .filter(|posting| ceiling.is_none_or(|ceiling| posting.impact < ceiling))
                .copied()
                .collect();
            let docs: Vec<u32> = members.iter().map(|posting| posting.doc).collect();
            let sum: u32 = members
                .iter()
                .map(|posting| u32::from(posting.impact))
                .sum();
            let count = docs.len() as u32;
            let mean = (sum + count / 2).checked_div(count).unwrap_or(0);
            early.uniform(count, self.papers + 1);
            early.uniform(mean, u32::from(IMPACT_LEVELS));
            put_docs(&mut early, &docs, 0, self.papers);
            let mut models = ImpactTree::even();
            for posting in members {
                models.encode(&mut late, posting.impact);
            }
        }
        (early.finish(), late.finish())
    }

    /// Reads what comes first of a split body part of `count` postings and, where it is given,
    /// what comes later; without that, postings have the mean impact of their class. They come
    /// class by class.
    ///
    /// # Errors
    /// [`Fault::Value`] if the classes do not add up to `count`.
    pub fn decode_split(
        &self,
        early: &[u8],
        late: Option<&[u8]>,
        count: u32,
    ) -> Result<Vec<Posting>, Fault> {
        let mut early = Decoder::new(early);
        let mut late = late.map(Decoder::new);
        let mut postings = Vec::new();
        let mut left = count;
        for _ in 0..=early.uniform(CLASSES) {
            let members = early.uniform(self.papers.saturating_add(1));
            left = left
                .checked_sub(members)
                .ok_or(Fault::Value("number of postings"))?;
            let mean = early.uniform(u32::from(IMPACT_LEVELS)) as u8;
            let docs = get_docs(&mut early, members, self.papers)?;
            let mut models = ImpactTree::even();
            postings.extend(docs.into_iter().map(|doc| match &mut late {
                Some(late) => assume(doc, models.decode(late)),
                None => assume(doc, mean),
            }));
        }
        if left > 0 {
            return Err(Fault::Value("number of postings"));
        }
        Ok(postings)
    }
}

pub(crate) fn put_postings(
    coder: &mut Encoder,
    models: &mut PostingModels,
    postings: &[Posting],
    papers: u32,
    title: bool,
) {
    let docs: Vec<u32> = postings.iter().map(|posting| posting.doc).collect();
    put_docs(coder, &docs, 0, papers);
    for posting in postings {
        if title {
            models.title.encode(coder, posting.impact);
            coder.bit(&mut models.in_abstract, posting.in_abstract);
        } else {
            models.body.encode(coder, posting.impact);
        }
    }
}

pub(crate) fn get_postings(
    coder: &mut Decoder<'_>,
    models: &mut PostingModels,
    count: u32,
    papers: u32,
    title: bool,
) -> Result<Vec<Posting>, Fault> {
    let docs = get_docs(coder, count, papers)?;
    Ok(docs
        .into_iter()
        .map(|doc| {
            let (impact, in_abstract) = if title {
                (
                    models.title.decode(coder),
                    coder.bit(&mut models.in_abstract),
                )
            } else {
                (models.body.decode(coder), true)
            };
            Posting {
                doc,
                impact,
                in_abstract,
            }
        })
        .collect())
}

/// Codes rising numbers in `low..high`.
pub(crate) fn put_docs(coder: &mut Encoder, docs: &[u32], low: u32, high: u32) {
    let count = docs.len() as u32;
    if count == 0 || count == high - low {
        return;
    }
    let middle = count / 2;
    let (before, rest) = docs.split_at(middle as usize);
    if let Some((&doc, after)) = rest.split_first() {
        // `middle` numbers must fit below and `count - middle - 1` above.
        coder.uniform(doc - low - middle, high - low - count + 1);
        put_docs(coder, before, low, doc);
        put_docs(coder, after, doc + 1, high);
    }
}

pub(crate) fn get_docs(
    coder: &mut Decoder<'_>,
    count: u32,
    papers: u32,
) -> Result<Vec<u32>, Fault> {
    if count > papers || papers > limits::PAPERS {
        return Err(Fault::Value("number of postings"));
    }
    let mut docs = Vec::with_capacity(count as usize);
    halve(coder, &mut docs, count, 0, papers);
    Ok(docs)
}

/// Gives `count` rising numbers in `low..high`; `count <= high - low` always holds, as the coder
/// gives values within the range it is asked for.
fn halve(coder: &mut Decoder<'_>, docs: &mut Vec<u32>, count: u32, low: u32, high: u32) {
    if count == 0 {
        return;
    }
    if count == high - low {
        docs.extend(low..high);
        return;
    }
    let middle = count / 2;
    // The middle comes first in the stream but stands after what is below it: the halves below
    // are read with the place known.
    let doc = low + middle + coder.uniform(high - low - count + 1);
    halve(coder, docs, middle, low, doc);
    docs.push(doc);
    halve(coder, docs, count - middle - 1, doc + 1, high);
}

/// Bytes of a list of document numbers alone; they must rise and lie below `papers`.
#[must_use]
pub fn encode_docs(docs: &[u32], papers: u32) -> Vec<u8> {
    let mut coder = Encoder::new();
    put_docs(&mut coder, docs, 0, papers);
    coder.finish()
}

/// Reads a list of `count` document numbers.
///
/// # Errors
/// [`Fault::Value`] if there are more numbers than papers.
pub fn decode_docs(bytes: &[u8], count: u32, papers: u32) -> Result<Vec<u32>, Fault> {
    get_docs(&mut Decoder::new(bytes), count, papers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn list(title: bool) -> impl Strategy<Value = (u32, Vec<Posting>)> {
        (1u32..100_000).prop_flat_map(move |papers| {
            let docs = prop::collection::btree_set(0..papers, 0..200.min(papers as usize + 1));
            (
                Just(papers),
                docs,
                prop::collection::vec((0u8..32, any::<bool>()), 200),
            )
                .prop_map(move |(papers, docs, rest)| {
                    let postings =
                        docs.into_iter()
                            .zip(rest)
                            .map(|(doc, (impact, both))| Posting {
                                doc,
                                impact,
                                in_abstract: both || !title,
                            });
                    (papers, postings.collect())
                })
        })
    }

    proptest! {
        #[test]
        fn lists_come_back((papers, titles) in list(true), (more, bodies) in list(false)) {
            let priors = ImpactPriors::default();
            for (papers, list, title) in [(papers, titles, true), (more, bodies, false)] {
                let codec = PostingsCodec::new(papers, &priors);
                let bytes = codec.encode(&list, title);
                prop_assert_eq!(codec.decode(&bytes, list.len() as u32, title).unwrap(), list);
            }
        }

        #[test]
        fn split_lists_come_back((papers, list) in list(false), classes in 1u32..5) {
            let priors = ImpactPriors::default();
            let codec = PostingsCodec::new(papers, &priors);
            let (early, late) = codec.encode_split(&list, classes);
            let count = list.len() as u32;
            let sorted = |mut list: Vec<Posting>| {
                list.sort_unstable_by_key(|posting| posting.doc);
                list
            };
            let whole = codec.decode_split(&early, Some(&late), count).unwrap();
            let first = sorted(codec.decode_split(&early, None, count).unwrap());
            prop_assert!(first.iter().map(|p| p.doc).eq(list.iter().map(|p| p.doc)));
            prop_assert_eq!(sorted(whole), list);
            prop_assert!(codec.decode_split(&early, None, count + 1).is_err());
        }

        #[test]
        fn any_bytes_give_a_list_within_the_papers(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            count in 0u32..500,
            papers in 0u32..1000,
        ) {
            let priors = ImpactPriors::default();
            match PostingsCodec::new(papers, &priors).decode(&bytes, count, true) {
                Ok(list) => {
                    prop_assert_eq!(list.len(), count as usize);
                    prop_assert!(list.windows(2).all(|pair| matches!(pair, [a, b] if a.doc < b.doc)));
                    prop_assert!(list.iter().all(|posting| posting.doc < papers));
                }
                Err(_) => prop_assert!(count > papers),
            }
        }
    }

    #[test]
    fn a_list_of_everything_costs_no_bytes_for_its_documents() {
        let docs: Vec<u32> = (0..1000).collect();
        assert!(encode_docs(&docs, 1000).is_empty());
        assert_eq!(decode_docs(&[], 1000, 1000).unwrap(), docs);
    }
}
