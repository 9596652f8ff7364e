//! Postings: which papers hold a word, and how much it says about each.
//!
//! Document numbers are coded by recursive halving (A. Moffat and L. Stuiver, "Binary
//! interpolative coding for effective index compression", Information Retrieval 3, 2000), each
//! choice as an equally likely value of the range coder, so that no fraction of a bit is lost.

use crate::error::Fault;
use crate::limits;
use crate::model::{FREQUENCIES, FrequencyPriors, PostingModels};
use crate::range_coder::{Decoder, Encoder};
use crate::scoring::TITLE_WEIGHT;

/// A paper that holds a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Document number.
    pub doc: u32,
    /// Weighted term frequency: three for each time in the title, one for each time elsewhere; at
    /// most [`MAX_FREQUENCY`].
    pub frequency: u8,
    /// The word stands in the abstract (always so in the list of papers without it in the title).
    pub in_abstract: bool,
}

/// Larger weighted frequencies count as this.
pub const MAX_FREQUENCY: u8 = 31;

/// The least frequency of a part: of the title's, and of the body's.
fn least(title: bool) -> u8 {
    if title { TITLE_WEIGHT as u8 } else { 1 }
}

/// The code of a frequency.
pub(crate) fn code(frequency: u8, title: bool) -> u8 {
    frequency.saturating_sub(least(title)).min(FREQUENCIES - 1)
}

/// Codes one part of a postings list: the papers with the word in the title, or the others.
pub struct PostingsCodec<'a> {
    papers: u32,
    priors: &'a FrequencyPriors,
}

impl<'a> PostingsCodec<'a> {
    /// For a segment of `papers` documents.
    #[must_use]
    pub fn new(papers: u32, priors: &'a FrequencyPriors) -> Self {
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

impl PostingsCodec<'_> {
    /// Cuts a long body part in two: the bytes of the papers that hold the word more than once,
    /// with how many they are, and the bytes of the others, whose frequency need not be said.
    #[must_use]
    pub fn encode_split(&self, postings: &[Posting]) -> (Vec<u8>, u32, Vec<u8>) {
        let (often, once): (Vec<Posting>, Vec<Posting>) =
            postings.iter().partition(|posting| posting.frequency > 1);
        let once: Vec<u32> = once.iter().map(|posting| posting.doc).collect();
        let late = encode_docs(&once, self.papers);
        (self.encode(&often, false), often.len() as u32, late)
    }

    /// Reads the later part of a split body part.
    ///
    /// # Errors
    /// [`Fault::Value`] if there are more postings than papers.
    pub fn decode_late(&self, bytes: &[u8], count: u32) -> Result<Vec<Posting>, Fault> {
        let docs = decode_docs(bytes, count, self.papers)?;
        let mut postings = Vec::with_capacity(docs.len());
        for doc in docs {
            postings.push(Posting {
                doc,
                frequency: 1,
                in_abstract: true,
            });
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
            models.title.encode(coder, code(posting.frequency, true));
            coder.bit(&mut models.in_abstract, posting.in_abstract);
        } else {
            models.body.encode(coder, code(posting.frequency, false));
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
    let mut postings = Vec::with_capacity(docs.len());
    for doc in docs {
        let (tree, in_abstract) = match title {
            true => (&mut models.title, Some(&mut models.in_abstract)),
            false => (&mut models.body, None),
        };
        let frequency = tree.decode(coder) + least(title);
        postings.push(Posting {
            doc,
            frequency,
            in_abstract: in_abstract.is_none_or(|model| coder.bit(model)),
        });
    }
    Ok(postings)
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
        return Err(Fault::value("number of postings"));
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
                    let postings = docs
                        .into_iter()
                        .zip(rest)
                        .map(|(doc, (code, both))| Posting {
                            doc,
                            frequency: code + least(title),
                            in_abstract: both || !title,
                        });
                    (papers, postings.collect())
                })
        })
    }

    proptest! {
        #[test]
        fn lists_come_back((papers, titles) in list(true), (more, bodies) in list(false)) {
            let priors = FrequencyPriors::default();
            for (papers, list, title) in [(papers, titles, true), (more, bodies, false)] {
                let codec = PostingsCodec::new(papers, &priors);
                let bytes = codec.encode(&list, title);
                prop_assert_eq!(codec.decode(&bytes, list.len() as u32, title).unwrap(), list);
            }
        }

        #[test]
        fn split_lists_come_back((papers, list) in list(false)) {
            let priors = FrequencyPriors::default();
            let codec = PostingsCodec::new(papers, &priors);
            let (early, often, late) = codec.encode_split(&list);
            let mut both = codec.decode(&early, often, false).unwrap();
            both.extend(codec.decode_late(&late, list.len() as u32 - often).unwrap());
            both.sort_unstable_by_key(|posting| posting.doc);
            prop_assert_eq!(both, list);
        }

        #[test]
        fn any_bytes_give_a_list_within_the_papers(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            count in 0u32..500,
            papers in 0u32..1000,
        ) {
            let priors = FrequencyPriors::default();
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
