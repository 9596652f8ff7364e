//! The topics of a collection: clusters of papers, each named by its telling words.
//!
//! Of a large collection a sample is clustered, its papers at equal distances in the order of
//! documents; then every paper goes to the medoid that it and its neighbours are nearest to. A topic is represented by
//! its medoid, which is one of its papers.

mod medoids;
mod names;
mod profiles;

use std::cmp::Reverse;

use offprint_format::{NONE, OTHER};
use rayon::prelude::*;
use serde::Serialize;

use crate::neighbours::{Related, Vectors};
use crate::papers::{CARD_TITLE, cut, page};
use crate::{Error, Source};
use profiles::{CUT, Inverted, OWN};

/// How many topics a build finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topics {
    /// As many as suit the collection's size; none where papers are not compared.
    #[default]
    Auto,
    /// None.
    Off,
    /// So many, if there are papers enough; at most [`MOST_TOPICS`].
    Count(u16),
}

/// The most topics that a build finds.
pub const MOST_TOPICS: u16 = 200;

/// Where the list of topics stands in a segment's folder.
pub(crate) const LIST: &str = "topics.json";

/// Papers that are clustered.
const SAMPLE: usize = 3000;
/// Collections below so many papers have no topics unless they are asked for.
const FEWEST: usize = 60;
/// Topics where nothing is said.
const AUTO: std::ops::RangeInclusive<usize> = 6..=40;

impl Topics {
    /// How many to look for in so many papers.
    pub(crate) fn wanted(self, papers: usize, compared: bool) -> usize {
        match self {
            Topics::Count(count) => usize::from(count.min(MOST_TOPICS)),
            Topics::Auto if compared && papers >= FEWEST => {
                (papers.isqrt() / 2).clamp(*AUTO.start(), *AUTO.end())
            }
            _ => 0,
        }
    }
}

/// A topic.
struct Topic {
    name: String,
    words: Vec<String>,
    papers: u32,
    /// The document of its medoid.
    medoid: u32,
}

/// The topics that were found.
#[derive(Default)]
pub(crate) struct Found {
    /// By name.
    topics: Vec<Topic>,
    /// For each document the code of its topic.
    codes: Vec<u16>,
}

/// Finds at most so many topics; `places` says which paper each document is.
pub(crate) fn find(
    vectors: &Vectors,
    related: &Related,
    papers: &(impl Source + ?Sized),
    places: &[u32],
    wanted: usize,
) -> Result<Found, Error> {
    let docs = sample(vectors, SAMPLE);
    if docs.is_empty() || wanted == 0 {
        return Ok(Found::default());
    }
    let profiles = profiles::profiles(vectors, &docs);
    let distances = profiles::distances(&profiles, vectors.stems());
    let medoids = medoids::find(&distances, wanted);
    drop(distances);
    let chosen: Vec<_> = medoids
        .iter()
        .filter_map(|&medoid| profiles.get(medoid).cloned())
        .collect();
    let medoids: Vec<u32> = medoids
        .iter()
        .filter_map(|&medoid| docs.get(medoid).copied())
        .collect();
    let topic_of = assign(vectors, related, &chosen, &medoids);
    let named = names::names(papers, places, &topic_of, &medoids)?;
    let mut topics: Vec<(usize, Topic)> = medoids
        .into_iter()
        .zip(named)
        .enumerate()
        .map(|(number, (medoid, words))| {
            let of = |topic: &&Option<u16>| **topic == Some(number as u16);
            let topic = Topic {
                name: words.join(" "),
                words,
                papers: topic_of.iter().filter(of).count() as u32,
                medoid,
            };
            (number, topic)
        })
        .collect();
    topics.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let mut codes = vec![NONE; topics.len()];
    for (code, (number, _)) in (OTHER + 1..).zip(&topics) {
        if let Some(slot) = codes.get_mut(*number) {
            *slot = code;
        }
    }
    let code = |topic: u16| codes.get(usize::from(topic)).copied();
    let codes = topic_of
        .iter()
        .map(|topic| topic.and_then(code).unwrap_or(NONE));
    Ok(Found {
        codes: codes.collect(),
        topics: topics.into_iter().map(|(_, topic)| topic).collect(),
    })
}

/// Documents with words, at equal distances, at most so many.
fn sample(vectors: &Vectors, most: usize) -> Vec<u32> {
    let worded = |doc: &u32| vectors.of(*doc).next().is_some();
    let docs: Vec<u32> = (0..vectors.papers()).filter(worded).collect();
    let count = docs.len().min(most);
    let at = |place: usize| docs.get(place * docs.len() / count).copied();
    (0..count).filter_map(at).collect()
}

/// The topic whose medoid each document and those related to it are nearest to, the first among
/// equals; none where none of them shares a word with any. A medoid is of its own topic.
fn assign(
    vectors: &Vectors,
    related: &Related,
    profiles: &[profiles::Profile],
    medoids: &[u32],
) -> Vec<Option<u16>> {
    let inverted = Inverted::new(profiles, vectors.stems());
    let topics = profiles.len();
    let docs = vectors.papers();
    // How near each document is to each medoid.
    let mut near = vec![0u16; docs as usize * topics];
    let measure = |sums: &mut Vec<u32>, (doc, row): (usize, &mut [u16])| {
        inverted.products(profiles::words(vectors, doc as u32), sums);
        for (slot, sum) in row.iter_mut().zip(sums.iter()) {
            *slot = (sum >> CUT).min(u32::from(u16::MAX)) as u16;
        }
    };
    near.par_chunks_mut(topics.max(1))
        .enumerate()
        .for_each_init(|| vec![0; topics], measure);
    let row = |doc: u32| {
        let start = doc as usize * topics;
        near.get(start..start + topics).unwrap_or_default()
    };
    let nearest = |sums: &mut Vec<u32>, doc: u32| {
        sums.clear();
        sums.extend(row(doc).iter().map(|&near| u32::from(near) * OWN));
        for &other in related.of(doc) {
            for (sum, &near) in sums.iter_mut().zip(row(other)) {
                *sum += u32::from(near);
            }
        }
        let best = (0u16..).zip(sums.iter()).filter(|&(_, &near)| near > 0);
        best.max_by_key(|&(topic, near)| (near, Reverse(topic)))
            .map(|(topic, _)| topic)
    };
    let mut topic_of: Vec<Option<u16>> = (0..docs)
        .into_par_iter()
        .map_init(Vec::new, nearest)
        .collect();
    for (topic, &medoid) in (0..).zip(medoids) {
        if let Some(own) = topic_of.get_mut(medoid as usize) {
            *own = Some(topic);
        }
    }
    topic_of
}

/// `topics.json`.
#[derive(Serialize)]
struct List<'a> {
    topics: Vec<Listed<'a>>,
}

/// A topic in `topics.json`.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    words: &'a [String],
    papers: u32,
    paper: Representative,
}

/// The paper that stands for a topic.
#[derive(Serialize)]
struct Representative {
    doc: u32,
    id: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
}

impl Found {
    /// Names, rising, and the code of each document.
    pub(crate) fn column(&self) -> (Vec<String>, Vec<u16>) {
        let names = self.topics.iter().map(|topic| topic.name.clone());
        (names.collect(), self.codes.clone())
    }

    /// The list of topics as JSON, the largest first; none where there is no topic.
    pub(crate) fn list(
        &self,
        papers: &(impl Source + ?Sized),
        places: &[u32],
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut topics = Vec::with_capacity(self.topics.len());
        for topic in &self.topics {
            let place = places.get(topic.medoid as usize).copied().unwrap_or(0);
            let paper = papers.paper(place as usize).map_err(Error::Scratch)?;
            topics.push(Listed {
                name: &topic.name,
                words: &topic.words,
                papers: topic.papers,
                paper: Representative {
                    doc: topic.medoid,
                    id: paper.id.clone(),
                    title: cut(&paper.title.clean, CARD_TITLE),
                    url: page(&paper),
                },
            });
        }
        topics.sort_by_key(|topic| Reverse(topic.papers));
        if topics.is_empty() {
            return Ok(None);
        }
        let json = serde_json::to_vec(&List { topics });
        json.map(Some)
            .map_err(|error| Error::Scratch(std::io::Error::other(error)))
    }
}
