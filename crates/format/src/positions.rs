//! Positions: where in titles and abstracts a stem's words stand, and which frequent words stand
//! beside them.
//!
//! A run goes with a stem's postings and says nothing of documents: it follows the order of the
//! lists. Beside each place stands which form of the stem is there, and which words stand before
//! and after it as long as these are more frequent ones of the collection's most frequent words. So
//! the long run of a frequent word need not be read where a rarer word stands near it in a phrase. (Inverted
//! lists with the words beside each place are a partial form of the nextword index of H. E.
//! Williams, J. Zobel and D. Bahle, "Fast phrase querying with combined indexes", ACM Transactions
//! on Information Systems 22, 2004.)

use crate::error::Fault;
use crate::limits;
use crate::model::{get_tree, put_tree};
use crate::range_coder::{Bit, Decoder, Encoder, Number};

const FREQUENT_BITS: u32 = 7;
const COMMON_BITS: u32 = 5;

/// Frequent words, at most.
pub const FREQUENT_WORDS: usize = 1 << FREQUENT_BITS;

/// Of these, the ones that are told beyond the word next to a place.
pub const COMMON_WORDS: u8 = 1 << COMMON_BITS;

/// A place where a word of a stem stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occurrence {
    /// Number of words before it in its title or abstract.
    pub position: u32,
    /// Which of the stem's words it is.
    pub form: u32,
    /// Ranks of the words before, and of the words after, the nearest first, as far as all are
    /// frequent words of smaller ranks than this one's, and all but the nearest below
    /// [`COMMON_WORDS`].
    pub beside: [Chain; 2],
}

/// Words before or after a place of which a run tells, at most.
pub const CHAIN: usize = 3;

/// Ranks of words on one side of a place: those that are told come first.
pub type Chain = [Option<u8>; CHAIN];

/// How often a paper has a stem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Words of its title.
    pub title: u32,
    /// Words of its abstract.
    pub body: u32,
}

impl Counts {
    /// The words in the abstract that a posting's frequency lets expect.
    fn expected(title: u32, frequency: u8) -> u32 {
        u32::from(frequency).saturating_sub(title.saturating_mul(crate::TITLE_WEIGHT))
    }
}

/// A word near a place.
#[derive(Clone)]
struct Near {
    known: Bit,
    bits: u32,
    rank: [Bit; FREQUENT_WORDS - 1],
}

/// Observations that the first guess of a rank is worth.
const GUESS: u16 = 4;

impl Near {
    fn new(bits: u32) -> Self {
        let mut rank = [Bit::EVEN; FREQUENT_WORDS - 1];
        for (at, model) in rank.iter_mut().enumerate() {
            // The node halves `width` ranks from `first`. Words are about as frequent as one
            // divided by their rank and two; a half is taken as its middle.
            let depth = (at + 1).ilog2();
            let width = 1 << (bits - depth.min(bits));
            let first = (at + 1 - (1 << depth)) * width + 2;
            let (lower, upper) = (4 * first + width, 4 * first + 3 * width);
            *model = Bit::prior((256 * upper / (lower + upper)) as u8, GUESS);
        }
        Near {
            known: Bit::EVEN,
            bits,
            rank,
        }
    }

    fn encode(&mut self, coder: &mut Encoder, rank: Option<u8>) {
        coder.bit(&mut self.known, rank.is_some());
        if let Some(rank) = rank {
            put_tree(coder, &mut self.rank, self.bits, u32::from(rank));
        }
    }

    fn decode(&mut self, coder: &mut Decoder<'_>) -> Option<u8> {
        coder
            .bit(&mut self.known)
            .then(|| get_tree(coder, &mut self.rank, self.bits) as u8)
    }
}

/// The models of a run.
#[derive(Clone)]
struct Models {
    title_count: Number,
    as_expected: Bit,
    body_count: Number,
    /// Words passed over: in a title, before the last place in an abstract, before others there.
    gaps: [Number; 3],
    form: Number,
    /// Before and after: the next word, and the ones beyond it.
    beside: [[Near; 2]; 2],
}

impl Models {
    fn new() -> Self {
        Models {
            title_count: Number::new(),
            as_expected: Bit::EVEN,
            body_count: Number::new(),
            gaps: std::array::from_fn(|_| Number::new()),
            form: Number::new(),
            beside: std::array::from_fn(|_| [Near::new(FREQUENT_BITS), Near::new(COMMON_BITS)]),
        }
    }
}

/// The models of the words on one side, the nearest first.
fn outwards([next, beyond]: &mut [Near; 2], mut each: impl FnMut(usize, &mut Near) -> bool) {
    let _ = each(0, next) && (1..CHAIN).all(|at| each(at, beyond));
}

/// Which model codes the words passed over before a place with `left` places from it on.
fn gap_model(in_title: bool, left: u32) -> usize {
    if in_title {
        0
    } else {
        1 + usize::from(left > 1)
    }
}

/// What runs start from, to be made once for many.
#[derive(Clone)]
pub struct PositionsCodec(Box<Models>);

impl Default for PositionsCodec {
    fn default() -> Self {
        PositionsCodec(Box::new(Models::new()))
    }
}

impl PositionsCodec {
    /// Begins a run; with `split`, its gaps come in a stream of their own.
    #[must_use]
    pub fn encoder(&self, split: bool) -> PositionsEncoder {
        PositionsEncoder {
            coder: Encoder::new(),
            gaps: split.then(Encoder::new),
            models: self.0.clone(),
        }
    }
}

/// Writes a run.
pub struct PositionsEncoder {
    coder: Encoder,
    gaps: Option<Encoder>,
    /// Six kilobytes that are not moved about.
    models: Box<Models>,
}

impl PositionsEncoder {
    /// Begins the next posting, whose frequency is known, and whether its part is the title's. Its
    /// places follow: those in the title, then those in the abstract.
    pub fn posting(&mut self, frequency: u8, in_title: bool, counts: Counts) {
        let Models {
            title_count,
            as_expected,
            body_count,
            ..
        } = &mut *self.models;
        if in_title {
            title_count.encode(&mut self.coder, counts.title);
        }
        let expected = counts.body == Counts::expected(counts.title, frequency);
        self.coder.bit(as_expected, !expected);
        if !expected {
            body_count.encode(&mut self.coder, counts.body);
        }
    }

    /// Adds a place: how many words were passed over since the last one, or since the beginning;
    /// and how many places of the text are left, this one among them.
    pub fn place(&mut self, in_title: bool, left: u32, gap: u32, form: u32, beside: &[Chain; 2]) {
        if let Some(model) = self.models.gaps.get_mut(gap_model(in_title, left)) {
            model.encode(self.gaps.as_mut().unwrap_or(&mut self.coder), gap);
        }
        self.models.form.encode(&mut self.coder, form);
        for (models, ranks) in self.models.beside.iter_mut().zip(beside) {
            outwards(models, |at, model| {
                let rank = ranks.get(at).copied().flatten();
                model.encode(&mut self.coder, rank);
                rank.is_some()
            });
        }
    }

    /// The run's bytes, and those of its gaps if they are apart.
    #[must_use]
    pub fn finish(self) -> (Vec<u8>, Option<Vec<u8>>) {
        (self.coder.finish(), self.gaps.map(Encoder::finish))
    }
}

/// The gaps of a run.
enum Gaps<'a> {
    Among,
    Apart(Decoder<'a>),
    Unread,
}

/// Reads a run, posting by posting.
pub struct PositionsDecoder<'a> {
    coder: Decoder<'a>,
    gaps: Gaps<'a>,
    models: Models,
    /// Places that may still come.
    left: u32,
}

impl<'a> PositionsDecoder<'a> {
    /// Begins to read a run. Where its gaps are apart, they come as `gaps`, or go unread: then
    /// positions only count a text's places.
    #[must_use]
    pub fn new(bytes: &'a [u8], apart: bool, gaps: Option<&'a [u8]>) -> Self {
        PositionsDecoder {
            coder: Decoder::new(bytes),
            gaps: match gaps {
                _ if !apart => Gaps::Among,
                Some(gaps) => Gaps::Apart(Decoder::new(gaps)),
                None => Gaps::Unread,
            },
            models: Models::new(),
            left: limits::RUN_PLACES,
        }
    }

    /// Reads the next posting, whose frequency and part are known; hands its places to `sink`, and
    /// whether each is in the title.
    ///
    /// # Errors
    /// [`Fault::Value`] if there are more places than a run or a text may have.
    pub fn posting(
        &mut self,
        frequency: u8,
        in_title: bool,
        sink: &mut dyn FnMut(bool, Occurrence),
    ) -> Result<(), Fault> {
        let PositionsDecoder {
            coder,
            gaps,
            models,
            left,
        } = self;
        let title = match in_title {
            true => models.title_count.decode(coder),
            false => 0,
        };
        let body = match coder.bit(&mut models.as_expected) {
            true => models.body_count.decode(coder),
            false => Counts::expected(title, frequency),
        };
        let all = title.checked_add(body);
        let rest = all.and_then(|all| left.checked_sub(all));
        *left = rest.ok_or(Fault::value("number of places"))?;
        for (in_title, count) in [(true, title), (false, body)] {
            let mut next = 0u32;
            for left in (1..=count).rev() {
                let model = models.gaps.get_mut(gap_model(in_title, left));
                let gap = match (model, &mut *gaps) {
                    (Some(model), Gaps::Among) => model.decode(coder),
                    (Some(model), Gaps::Apart(coder)) => model.decode(coder),
                    _ => 0,
                };
                let position = next.saturating_add(gap);
                if position >= limits::TEXT_WORDS {
                    return Err(Fault::value("position"));
                }
                next = position + 1;
                let form = models.form.decode(coder);
                let mut beside = [Chain::default(); 2];
                for (models, ranks) in models.beside.iter_mut().zip(&mut beside) {
                    outwards(models, |at, model| {
                        let rank = model.decode(coder);
                        if let Some(known) = ranks.get_mut(at) {
                            *known = rank;
                        }
                        rank.is_some()
                    });
                }
                let place = Occurrence {
                    position,
                    form,
                    beside,
                };
                sink(in_title, place);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    /// Frequency, whether the part is the title's, places in the title and in the abstract.
    type Paper = (u8, bool, Vec<Occurrence>, Vec<Occurrence>);

    fn text(most: usize) -> impl Strategy<Value = Vec<Occurrence>> {
        let rank = || any::<(u8, u8, u8)>();
        let chain = || {
            (rank(), 0..=CHAIN).prop_map(|((a, b, c), count)| {
                let mut chain = [Some(a % 128), Some(b % 32), Some(c % 32)];
                chain.iter_mut().skip(count).for_each(|rank| *rank = None);
                chain
            })
        };
        let place = (0u32..300, 0u32..40, chain(), chain());
        prop::collection::vec(place, 0..most).prop_map(|places| {
            let mut next = 0;
            let place = |(gap, form, before, after)| {
                let position = next + gap;
                next = position + 1;
                Occurrence {
                    position,
                    form,
                    beside: [before, after],
                }
            };
            places.into_iter().map(place).collect()
        })
    }

    fn papers() -> impl Strategy<Value = Vec<Paper>> {
        let paper = (1u8..32, any::<bool>(), text(3), text(12));
        let paper = paper.prop_map(|(frequency, in_title, title, body)| {
            let title = if in_title { title } else { Vec::new() };
            (frequency, in_title, title, body)
        });
        prop::collection::vec(paper, 0..40)
    }

    fn encode(papers: &[Paper], split: bool) -> (Vec<u8>, Option<Vec<u8>>) {
        let mut encoder = PositionsCodec::default().encoder(split);
        for (frequency, in_title, title, body) in papers {
            let counts = Counts {
                title: title.len() as u32,
                body: body.len() as u32,
            };
            encoder.posting(*frequency, *in_title, counts);
            for (in_title, places) in [(true, title), (false, body)] {
                let mut next = 0;
                for (left, place) in (1..=places.len() as u32).rev().zip(places) {
                    let gap = place.position - next;
                    encoder.place(in_title, left, gap, place.form, &place.beside);
                    next = place.position + 1;
                }
            }
        }
        encoder.finish()
    }

    proptest! {
        #[test]
        fn runs_come_back(papers in papers(), apart in any::<bool>()) {
            let (run, gaps) = encode(&papers, apart);
            let mut decoder = PositionsDecoder::new(&run, apart, gaps.as_deref());
            let mut short = PositionsDecoder::new(&run, true, None);
            for (frequency, part, title, body) in papers {
                let mut read = [Vec::new(), Vec::new()];
                decoder
                    .posting(frequency, part, &mut |in_title, place| {
                        read[usize::from(!in_title)].push(place);
                    })
                    .unwrap();
                if apart {
                    let mut forms = Vec::new();
                    short.posting(frequency, part, &mut |_, place| forms.push(place.form)).unwrap();
                    let places = read.iter().flatten();
                    prop_assert_eq!(forms, places.map(|place| place.form).collect::<Vec<_>>());
                }
                prop_assert_eq!(read, [title, body]);
            }
        }

        #[test]
        fn any_bytes_give_places_within_the_limits(
            bytes in prop::collection::vec(any::<u8>(), 0..100),
            postings in prop::collection::vec((0u8..32, any::<bool>()), 0..50),
        ) {
            let mut decoder = PositionsDecoder::new(&bytes, false, None);
            for (frequency, in_title) in postings {
                let mut before = [None, None];
                let read = decoder.posting(frequency, in_title, &mut |in_title, place| {
                    let before = &mut before[usize::from(in_title)];
                    assert!(before.is_none_or(|before| before < place.position));
                    assert!(place.position < limits::TEXT_WORDS);
                    *before = Some(place.position);
                });
                if read.is_err() {
                    break;
                }
            }
        }
    }

    #[test]
    fn frequent_words_are_likely_before_they_are_seen() {
        let cost = |rank: u8| {
            let mut encoder = PositionsCodec::default().encoder(false);
            // Many runs of one place each would be rounded to bytes: one run forgets too little to
            // matter over so few.
            for _ in 0..4 {
                encoder.place(false, 1, 0, 0, &[[Some(rank), None, None], [None; 3]]);
            }
            encoder.finish().0.len()
        };
        assert!(cost(0) < cost(120), "{} {}", cost(0), cost(120));
    }
}
