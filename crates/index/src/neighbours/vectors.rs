//! Papers as vectors of weighted terms.

use offprint_analysis::is_stop_word;
use offprint_format::{LengthClass, impact, term_weight};

use crate::Error;
use crate::postings::Postings;
use crate::vocabulary::Vocabulary;

/// Bits of a term below the stem's number.
const FREQUENCY_BITS: u32 = 5;
/// A weight of a vector's whole length.
const WHOLE: u64 = 1 << 14;
/// Frequencies that postings tell apart.
const FREQUENCIES: usize = 1 << FREQUENCY_BITS;

/// A term of a paper: its stem and its weighted frequency, in one number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Term(u32);

impl Term {
    pub(crate) fn stem(self) -> u32 {
        self.0 >> FREQUENCY_BITS
    }
}

/// What frequencies are worth in the papers of one class.
struct Class {
    /// As scores count them.
    impacts: [u32; FREQUENCIES],
    /// With less saturation, for comparing papers: k1 is 4.
    weights: [u32; FREQUENCIES],
}

impl Class {
    fn new(norm: u16) -> Self {
        let softer = (u32::from(norm) * 10 / 3).min(u32::from(u16::MAX)) as u16;
        Class {
            impacts: std::array::from_fn(|frequency| impact(frequency as u32, norm)),
            weights: std::array::from_fn(|frequency| impact(frequency as u32, softer)),
        }
    }
}

/// Every paper's terms that another holds too, function words left out, by document.
pub(crate) struct Vectors {
    /// Those of document `d` are `starts[d]..starts[d + 1]`.
    starts: Vec<usize>,
    terms: Vec<Term>,
    /// What they weigh: of a vector's squares [`WHOLE`]² is the sum.
    weights: Vec<u16>,
    /// Of each stem the square root of its weight among all terms, against half of the most there
    /// is.
    rarity: Vec<f32>,
    classes: Vec<Class>,
    class_of: Vec<u8>,
}

/// The stems of words that are no function words.
fn content(vocabulary: &Vocabulary) -> Vec<bool> {
    let mut content = vec![false; vocabulary.stems];
    for (word, &stem) in (0..).zip(&vocabulary.stem_of) {
        if !is_stop_word(vocabulary.words.get(word))
            && let Some(content) = content.get_mut(stem as usize)
        {
            *content = true;
        }
    }
    content
}

impl Vectors {
    pub(crate) fn new(
        vocabulary: &Vocabulary,
        postings: &Postings,
        classes: &[LengthClass],
    ) -> Result<Vectors, Error> {
        let papers = postings.papers as usize;
        let mut class_of = Vec::with_capacity(papers);
        for (at, class) in classes.iter().enumerate() {
            class_of.resize(class_of.len() + class.papers as usize, at as u8);
        }
        let classes: Vec<Class> = classes.iter().map(|class| Class::new(class.norm)).collect();
        let content = content(vocabulary);
        let each = |visit: &mut dyn FnMut(u32, u32, usize, u32)| -> Result<(), Error> {
            for (stem, _) in (0..).zip(&content).filter(|(_, content)| **content) {
                let place = postings.stem(stem);
                postings.each_posting(place, |posting, _| {
                    let frequency = u32::from(posting.frequency);
                    visit(stem, place.count(), posting.doc as usize, frequency);
                })?;
            }
            Ok(())
        };
        let mut starts = vec![0usize; papers + 1];
        let mut squares = vec![0u64; papers];
        let weigh = |doc: usize, frequency: u32, count: u32| -> u64 {
            let class = class_of
                .get(doc)
                .and_then(|&class: &u8| classes.get(usize::from(class)));
            let weight = class.and_then(|class| class.weights.get(frequency as usize));
            u64::from(weight.copied().unwrap_or(0)) * u64::from(term_weight(count, postings.papers))
        };
        each(&mut |_, count, doc, frequency| {
            if let Some(square) = squares.get_mut(doc) {
                *square += weigh(doc, frequency, count).pow(2);
            }
            if count > 1
                && let Some(start) = starts.get_mut(doc + 1)
            {
                *start += 1;
            }
        })?;
        let norms: Vec<u64> = squares.iter().map(|square| square.isqrt().max(1)).collect();
        drop(squares);
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let half = term_weight(postings.papers.isqrt(), postings.papers) as f32;
        let rarity = (0..content.len() as u32).map(|stem| {
            let weight = term_weight(postings.stem(stem).count(), postings.papers) as f32;
            (weight / half).sqrt()
        });
        let rarity = rarity.collect();
        let mut next = starts.clone();
        let (mut terms, mut weights) = (vec![Term::default(); sum], vec![0u16; sum]);
        each(&mut |stem, count, doc, frequency| {
            let (Some(next), Some(&norm)) = (next.get_mut(doc), norms.get(doc)) else {
                return;
            };
            if count > 1
                && let (Some(term), Some(weight)) = (terms.get_mut(*next), weights.get_mut(*next))
            {
                *term = Term(stem << FREQUENCY_BITS | frequency);
                *weight = (weigh(doc, frequency, count) * WHOLE / norm) as u16;
                *next += 1;
            }
        })?;
        Ok(Vectors {
            starts,
            terms,
            weights,
            rarity,
            classes,
            class_of,
        })
    }

    pub(crate) fn papers(&self) -> u32 {
        self.class_of.len() as u32
    }

    pub(crate) fn stems(&self) -> usize {
        self.rarity.len()
    }

    /// How rare a stem is: 1 where the papers that hold it are the square root of all.
    pub(crate) fn rarity(&self, stem: u32) -> f32 {
        self.rarity.get(stem as usize).copied().unwrap_or(0.0)
    }

    /// A paper's terms and their weights.
    pub(crate) fn of(&self, doc: u32) -> impl Iterator<Item = (Term, u16)> + '_ {
        let doc = doc as usize;
        let range = match self.starts.get(doc..doc + 2) {
            Some(&[from, to]) => from..to,
            _ => 0..0,
        };
        let terms = self.terms.get(range.clone()).unwrap_or_default();
        let weights = self.weights.get(range).unwrap_or_default();
        terms.iter().copied().zip(weights.iter().copied())
    }

    /// What a term is worth in a paper, as scores count it.
    pub(crate) fn impact(&self, doc: u32, term: Term) -> u32 {
        let class = self.class_of.get(doc as usize);
        let class = class.and_then(|&class| self.classes.get(usize::from(class)));
        let frequency = term.0 as usize & (FREQUENCIES - 1);
        class
            .and_then(|class| class.impacts.get(frequency))
            .map_or(0, |&impact| impact.max(1))
    }
}
