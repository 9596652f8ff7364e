//! Topics that a build finds, and the list of them that pages read.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]
#![allow(dead_code, reason = "the support is shared with other tests")]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeSet;

use memory::{Memory, paper};
use offprint_index::{Compare, Options, Topics};
use offprint_papers::{Link, LinkKind, Paper};
use offprint_search::{Field, Filters, SearchRequest};
use serde_json::Value;

const SUBJECTS: [(&str, [&str; 6]); 3] = [
    (
        "sea",
        ["tide", "ocean", "harbour", "current", "wave", "coast"],
    ),
    (
        "rock",
        ["granite", "basalt", "magma", "mineral", "crystal", "lava"],
    ),
    (
        "bird",
        ["plumage", "migration", "nest", "feather", "song", "flock"],
    ),
];

/// Papers on three subjects, mixed, and some without a word.
fn papers() -> Vec<Paper> {
    let mut papers = Vec::new();
    for number in 0..90 {
        let (name, words) = SUBJECTS[number % 3];
        let word = |step: usize| words[(number / 3 * step + step) % 6];
        let title = format!("On the {} and the {}", word(1), word(5));
        let body = format!(
            "We measure {} near {} in sample {number}a. A {} is like a {}.",
            word(2),
            word(1),
            word(4),
            word(3)
        );
        let mut paper = paper(&format!("{name}{number}"), &title, &body, &[]);
        paper.links.push(Link {
            kind: LinkKind::Page,
            url: format!("https://example.org/{number}"),
        });
        papers.push(paper);
    }
    papers.extend((0..5).map(|number| paper(&format!("blank{number}"), "The", "", &[])));
    papers
}

fn build(papers: &[Paper], topics: Topics, neighbours: Compare) -> Memory {
    let options = Options {
        topics,
        neighbours,
        ..Options::default()
    };
    Memory::build_with(papers, options).0
}

/// The segment's list of topics.
fn list(index: &Memory) -> Option<Value> {
    let mut files = index.files.iter();
    let (_, bytes) = files.find(|(path, _)| path.ends_with("/topics.json"))?;
    Some(serde_json::from_slice(bytes).unwrap())
}

/// Subjects of the papers of a topic.
fn subjects(index: &Memory, topic: &str) -> Vec<String> {
    let filters = Filters {
        topics: vec![topic.to_owned()],
        ..Filters::default()
    };
    let request = SearchRequest {
        limit: 1000,
        filters,
        ..SearchRequest::new("")
    };
    let hits = index.search(&request).unwrap().hits;
    let subject = |id: &str| id.trim_end_matches(char::is_numeric).to_owned();
    hits.iter().map(|hit| subject(&hit.id)).collect()
}

#[test]
fn planted_topics_are_found_and_named_by_their_words() {
    for neighbours in [Compare::On, Compare::Off] {
        let index = build(&papers(), Topics::Count(3), neighbours);
        let list = list(&index).unwrap();
        let mut engine = index.open().unwrap();
        let mut found = BTreeSet::new();
        for topic in list["topics"].as_array().unwrap() {
            let name = topic["name"].as_str().unwrap();
            let all = subjects(&index, name);
            assert_eq!((all.len(), topic["papers"].as_u64()), (30, Some(30)));
            assert!(
                all.iter().all(|subject| *subject == all[0]),
                "{name}: {all:?}"
            );
            let (_, words) = SUBJECTS.iter().find(|(of, _)| *of == all[0]).unwrap();
            let own: Vec<&str> = name.split(' ').collect();
            assert!(
                own.len() == 3 && own.iter().all(|word| words.contains(word)),
                "{name}"
            );
            assert_eq!(topic["words"], Value::from(own));
            // The paper that stands for it is one of its own.
            let paper = &topic["paper"];
            let doc = paper["doc"].as_u64().unwrap() as u32;
            let whole = index.paper(&mut engine, doc).unwrap();
            assert_eq!(
                (&paper["id"], &paper["title"]),
                (&whole.id.clone().into(), &whole.title.into())
            );
            assert_eq!(paper["url"], whole.links[0].url);
            assert!(whole.id.starts_with(&all[0]));
            found.insert(all[0].clone());
        }
        assert_eq!(found.len(), 3);
        // Papers without text have none.
        let request = SearchRequest {
            facets: vec![Field::Topic],
            ..SearchRequest::new("")
        };
        let facet = &index.search(&request).unwrap().facets[0];
        let sum: u32 = facet.values.iter().map(|value| value.count).sum();
        assert_eq!((sum, facet.other, facet.total), (90, 0, 95));
    }
}

#[test]
fn topics_are_looked_for_where_they_say_something() {
    let all = papers();
    let count = |papers: &[Paper], topics, neighbours| {
        let list = list(&build(papers, topics, neighbours));
        list.map_or(0, |list| list["topics"].as_array().unwrap().len())
    };
    assert_eq!(count(&all, Topics::Auto, Compare::On), 6);
    assert_eq!(count(&all, Topics::Auto, Compare::Off), 0);
    assert_eq!(count(&all, Topics::Off, Compare::On), 0);
    assert_eq!(count(&all[..40], Topics::Auto, Compare::On), 0);
    assert_eq!(count(&all[..4], Topics::Count(9), Compare::On), 4);
    assert_eq!(count(&all[90..], Topics::Count(2), Compare::On), 0);
    assert_eq!(count(&[], Topics::Count(2), Compare::On), 0);
    assert_eq!(count(&all, Topics::Count(1), Compare::On), 1);
}

/// Where nothing tells topics apart, their names still differ.
#[test]
fn names_are_never_shared() {
    let alike: Vec<Paper> = (0..80)
        .map(|at| paper(&format!("p{at}"), "Tide", "", &[]))
        .collect();
    let list = list(&build(&alike, Topics::Count(8), Compare::On)).unwrap();
    let names = list["topics"].as_array().unwrap().iter();
    let names: BTreeSet<String> = names.map(|topic| topic["name"].to_string()).collect();
    assert_eq!(names.len(), 8);
}
