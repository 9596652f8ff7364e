//! Filters, orders and counts by reading every paper.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use offprint_analysis::tokenize;
use offprint_papers::{CodeState, Paper};
use offprint_search::{Field, Filters, SearchRequest, Sort};

use crate::naive::{Hit, Naive};

/// What a selection leaves of a search.
#[derive(Debug, PartialEq)]
pub struct Selected {
    pub total: u32,
    pub total_any: u32,
    /// Hits of the page asked for.
    pub hits: Vec<Hit>,
    /// For each facet its values in order, and how many papers have others and were counted.
    pub facets: Vec<Counted>,
}

/// A field, its values, papers with others and papers in all.
pub type Counted = (Field, Vec<(String, u32)>, u32, u32);

/// What the collection says of its papers.
#[derive(Default)]
pub struct Known {
    /// The topic of each paper that has one, by id: what a build finds.
    pub topics: BTreeMap<String, String>,
    /// Authors who are counted, those of two papers at least, and how many they have.
    authors: BTreeMap<String, u32>,
    /// Whether they are counted paper by paper.
    pub bylines: bool,
}

impl Known {
    pub fn new(papers: &[Paper], topics: BTreeMap<String, String>) -> Known {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let each = |paper: &Paper| BTreeSet::from_iter(paper.authors.clone());
        for name in papers.iter().flat_map(each) {
            *counts.entry(name).or_default() += 1;
        }
        counts.retain(|_, count| *count > 1);
        Known {
            topics,
            authors: counts,
            bylines: false,
        }
    }
}

/// Everything that a paper has of a field.
fn values(paper: &Paper, field: Field, known: &Known) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    match field {
        Field::Year => values.extend(paper.date.map(|date| format!("{:04}", date.year))),
        Field::Category => values.extend(paper.categories.iter().cloned()),
        Field::Primary => values.extend(paper.categories.first().cloned()),
        Field::Venue => values.extend(paper.venue.clone()),
        Field::Code => {
            let state = match paper.code {
                CodeState::Unknown => "unknown",
                CodeState::Linked => "linked",
                CodeState::Stated => "stated",
                CodeState::Promised => "promised",
            };
            values.insert(state.to_owned());
        }
        Field::Topic => values.extend(known.topics.get(&paper.id).cloned()),
        Field::Author => {
            let counted = |name: &&String| known.authors.contains_key(*name);
            values.extend(paper.authors.iter().filter(counted).cloned());
        }
    }
    values
}

fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    tokenize(text, &mut |token| {
        words.insert(token.term.to_owned());
    });
    words
}

/// Year, month and day of a bound; what is missing is `fill`.
fn bound(text: &str, fill: u16) -> [u16; 3] {
    let mut parts = [fill; 3];
    for (part, said) in parts.iter_mut().zip(text.split('-')) {
        *part = said.parse().unwrap();
    }
    parts
}

/// What a field's filters filter: categories in two ways.
fn filtered(field: Field) -> Field {
    match field {
        Field::Primary => Field::Category,
        field => field,
    }
}

/// Whether a paper passes all filters but those of a field.
fn passes(paper: &Paper, filters: &Filters, but: Option<Field>, known: &Known) -> bool {
    let any = |field: Field, wanted: &[String]| {
        let has = values(paper, field, known);
        but == Some(filtered(field))
            || wanted.is_empty()
            || wanted.iter().any(|name| has.contains(name))
    };
    let date = paper
        .date
        .map(|date| [date.year, date.month.into(), date.day.into()]);
    let from = filters.from.is_empty() || date.is_some_and(|date| date >= bound(&filters.from, 0));
    let to = filters.to.is_empty() || date.is_some_and(|date| date <= bound(&filters.to, 99));
    let names: BTreeSet<String> = paper.authors.iter().flat_map(|name| words(name)).collect();
    let mut authors = filters.authors.iter();
    (but == Some(Field::Year) || from && to)
        && any(Field::Category, &filters.categories)
        && any(Field::Primary, &filters.primary)
        && any(Field::Venue, &filters.venues)
        && any(Field::Code, &filters.code)
        && any(Field::Topic, &filters.topics)
        && (but == Some(Field::Author)
            || filters.authors.is_empty()
            || authors.any(|name| words(name).is_subset(&names)))
}

/// Answers a request.
pub fn select(papers: &[Paper], known: &Known, naive: &Naive, request: &SearchRequest) -> Selected {
    let by_id: BTreeMap<&str, &Paper> = papers
        .iter()
        .map(|paper| (paper.id.as_str(), paper))
        .collect();
    let place: BTreeMap<&str, usize> = naive.ids().zip(0..).collect();
    let filters = &request.filters;
    let free = papers
        .iter()
        .all(|paper| passes(paper, &Filters::default(), None, known));
    assert!(free);
    let set = format!("{filters:?}") != format!("{:?}", Filters::default());
    let browse = request.query.trim().is_empty()
        && (set || request.sort != Sort::Relevance || !request.facets.is_empty());
    let found: Vec<Hit> = if browse {
        naive.ids().map(|id| (id.to_owned(), 0, true)).collect()
    } else {
        naive.scored(&request.query)
    };
    let sort = match request.sort {
        Sort::Relevance if browse => Sort::Newest,
        sort => sort,
    };
    let paper = |hit: &Hit| by_id[hit.0.as_str()];
    let mut hits: Vec<Hit> = found
        .iter()
        .filter(|hit| passes(paper(hit), filters, None, known))
        .cloned()
        .collect();
    let at = |hit: &Hit| place[hit.0.as_str()];
    match sort {
        Sort::Relevance => hits = naive.lift(&request.query, hits),
        Sort::Newest => hits.sort_by_key(|hit| (!hit.2, Reverse(paper(hit).date), at(hit))),
        Sort::Oldest => hits.sort_by_key(|hit| {
            let date = paper(hit).date;
            (!hit.2, date.is_none(), date, at(hit))
        }),
    }
    let count = |&field: &Field| {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let (mut total, mut other) = (0, 0);
        for hit in found.iter().filter(|hit| hit.2) {
            if passes(paper(hit), filters, Some(filtered(field)), known) {
                total += 1;
                let values = values(paper(hit), field, known);
                let some = field == Field::Author && !paper(hit).authors.is_empty();
                other += u32::from(some && values.is_empty());
                for value in values {
                    *counts.entry(value).or_default() += 1;
                }
            }
        }
        let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
        match field {
            Field::Year => counts.reverse(),
            Field::Author if known.bylines && !known.authors.is_empty() => {
                other = 0;
                let in_all = |name: &str| known.authors.get(name).copied();
                counts.sort_by_key(|(name, count)| (Reverse(*count), Reverse(in_all(name))));
                counts.truncate(20);
            }
            _ => counts.sort_by_key(|(_, count)| Reverse(*count)),
        }
        (field, counts, other, total)
    };
    Selected {
        total: hits.iter().filter(|hit| hit.2).count() as u32,
        total_any: hits.len() as u32,
        facets: request.facets.iter().map(count).collect(),
        hits: hits
            .into_iter()
            .skip(request.offset as usize)
            .take(request.limit as usize)
            .collect(),
    }
}
