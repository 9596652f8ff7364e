//! Filters, orders by date and counts of values against a scan of every paper.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "support/memory.rs"]
mod memory;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/selection.rs"]
mod selection;

use std::collections::BTreeMap;

use memory::{Memory, paper, tiny_packs, tiny_sizes};
use naive::Naive;
use offprint_format::{Column, Manifest, NONE, OTHER, Values, open_block};
use offprint_index::{Layout, Options, Sizes, Topics};
use offprint_papers::{CodeState, Date, Paper};
use offprint_search::{Answer, Field, Filters, SearchRequest, Sort};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use selection::{Known, Selected};

const WORDS: [&str; 6] = ["graph", "graphs", "model", "modern", "kernel", "the"];
const NAMES: [&str; 4] = ["Ada Lovelace", "Li Wei", "Émilie Graph", "Li Lovelace"];
const CATEGORIES: [&str; 5] = ["cs.AI", "cs.LG", "cs.LO", "math", "q-bio"];
const VENUES: [&str; 3] = ["ICML", "Journal of Graphs", "Ωmega"];
/// A filter names a topic by its place among those that there are.
const TOPICS: [&str; 4] = ["0", "1", "2", "99"];
const FIELDS: [Field; 7] = [
    Field::Year,
    Field::Category,
    Field::Primary,
    Field::Venue,
    Field::Code,
    Field::Topic,
    Field::Author,
];

fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), words).prop_map(|words| words.join(" "))
}

fn date() -> impl Strategy<Value = Option<Date>> {
    let date = |(year, month, day): (u16, u8, u8)| Date {
        year,
        month,
        day: if month == 0 { 0 } else { day },
    };
    prop::option::weighted(0.9, (2018u16..2021, 0u8..4, 0u8..4).prop_map(date))
}

prop_compose! {
    fn one()(
        title in text(1..4),
        abstract_ in text(0..9),
        authors in prop::collection::vec(select(&NAMES[..]), 0..3),
        date in date(),
        categories in prop::collection::vec(select(&CATEGORIES[..]), 0..4),
        venue in prop::option::of(select(&VENUES[..])),
        code in select(vec![CodeState::Unknown, CodeState::Linked, CodeState::Stated, CodeState::Promised]),
    ) -> Paper {
        Paper {
            date,
            categories: categories.into_iter().map(str::to_owned).collect(),
            venue: venue.map(str::to_owned),
            code,
            ..paper("", &title, &abstract_, &authors)
        }
    }
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    prop::collection::vec(one(), 0..32).prop_map(|papers| {
        let named = |(at, paper)| Paper {
            id: format!("p{at}"),
            ..paper
        };
        papers.into_iter().enumerate().map(named).collect()
    })
}

/// No, one or two of some names.
fn some(names: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let some =
        subsequence(names, 1..3).prop_map(|names| names.into_iter().map(str::to_owned).collect());
    prop_oneof![3 => Just(Vec::new()), 1 => some]
}

fn bound() -> impl Strategy<Value = String> {
    const DATES: [&str; 8] = [
        "2018",
        "2019",
        "2019-02",
        "2019-02-03",
        "2020-01",
        "2020",
        "2017-05",
        "2021-01-01",
    ];
    prop_oneof![2 => Just(String::new()), 1 => select(&DATES[..]).prop_map(str::to_owned)]
}

prop_compose! {
    fn filters()(
        from in bound(),
        to in bound(),
        categories in some(&["cs.AI", "cs.LG", "math", "unheard of", ""]),
        primary in some(&CATEGORIES),
        venues in some(&["ICML", "Ωmega", "unheard of"]),
        authors in some(&["lovelace", "Wei Li", "Émilie", "nobody at all"]),
        code in some(&["unknown", "linked", "stated", "promised"]),
        topics in some(&TOPICS),
    ) -> Filters {
        Filters { from, to, categories, primary, venues, authors, code, topics }
    }
}

prop_compose! {
    fn request()(
        query in select(vec!["graph ", "model graph ", "mod", "", " ", "unsaid ", "the kernel graphs"]),
        filters in prop_oneof![1 => Just(Filters::default()), 4 => filters()],
        sort in select(vec![Sort::Relevance, Sort::Newest, Sort::Oldest]),
        facets in subsequence(&FIELDS[..], 0..=7),
        (offset, limit) in select(vec![(0u32, 1000u32), (0, 3), (2, 4), (5, 1)]),
        settled in any::<bool>(),
    ) -> SearchRequest {
        SearchRequest { offset, limit, settled, filters, sort, facets, ..SearchRequest::new(query) }
    }
}

/// The topics' names, and what the column says of each paper.
fn topics(index: &Memory, naive: &Naive) -> (Vec<String>, BTreeMap<String, String>) {
    let manifest = Manifest::from_bytes(&index.manifest).unwrap();
    let segment = &manifest.segments[0];
    let mut blocks = Vec::new();
    segment.column_blocks(Column::Topic, 0..u32::MAX, &mut blocks);
    let mut bytes = Vec::new();
    for read in segment.reads(&blocks).unwrap() {
        let file = index.get(&segment.file_path(read.file), read.range.clone());
        for (id, stored) in segment.split(&read, &file.unwrap()).unwrap() {
            if blocks.contains(&id.whole()) {
                bytes.extend_from_slice(open_block(stored, id, segment.seed).unwrap());
            }
        }
    }
    let values = Values::read(&bytes, segment.papers).unwrap();
    let named = naive
        .ids()
        .zip(&values.codes)
        .filter(|(_, code)| **code != NONE);
    let name = |code: u16| values.names[usize::from(code - OTHER - 1)].clone();
    let of = named
        .map(|(id, &code)| (id.to_owned(), name(code)))
        .collect();
    (values.names.clone(), of)
}

fn selected(answer: &Answer) -> Selected {
    assert!(answer.exact && answer.settled);
    Selected {
        total: answer.total,
        total_any: answer.total_any,
        hits: answer
            .hits
            .iter()
            .map(|hit| (hit.id.clone(), hit.score, hit.all_words))
            .collect(),
        facets: answer
            .facets
            .iter()
            .map(|facet| {
                assert!(facet.exact && facet.complete);
                let values = facet.values.iter();
                let values = values.map(|value| (value.value.clone(), value.count));
                (facet.field, values.collect(), facet.other, facet.total)
            })
            .collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn selections_agree_with_a_scan(
        papers in papers(),
        requests in prop::collection::vec(request(), 1..6),
    ) {
        let build = |layout, sizes| {
            let topics = Topics::Count(3);
            let options = Options { layout, sizes, topics, ..Options::default() };
            Memory::build_with(&papers, options).0
        };
        let bylines = |sizes| Sizes { author_bytes: 0, byline_blocks: 3, ..sizes };
        let indexes = [
            ("chunks", build(Layout::Chunks, None)),
            ("packs", build(Layout::Packs, None)),
            ("small chunks", build(Layout::Chunks, Some(tiny_sizes()))),
            ("small packs", build(Layout::Packs, Some(tiny_packs()))),
            ("chunks with bylines", build(Layout::Chunks, Some(bylines(tiny_sizes())))),
            ("packs with bylines", build(Layout::Packs, Some(bylines(tiny_packs())))),
        ];
        for (name, index) in indexes {
            let naive = Naive::new(&papers, &index.classes());
            let (names, topics) = topics(&index, &naive);
            let mut known = Known::new(&papers, topics);
            known.bylines = name.ends_with("bylines");
            let mut used = index.open().unwrap();
            for request in &requests {
                let mut request = request.clone();
                for topic in &mut request.filters.topics {
                    let place: usize = topic.parse().unwrap();
                    *topic = names.get(place).unwrap_or(topic).clone();
                }
                let request = &request;
                let expected = selection::select(&papers, &known, &naive, request);
                let fresh = index.search(request).unwrap();
                prop_assert_eq!(&selected(&fresh), &expected, "{}, {:?}", name, request);
                // What was asked before changes nothing.
                let other = index.search_with(&mut used, request).unwrap();
                prop_assert_eq!(&selected(&other), &expected, "{} again, {:?}", name, request);
                let plain = index.search(&SearchRequest::new(&request.query)).unwrap();
                let authors = known.bylines && request.facets.contains(&Field::Author);
                let more = 1 + 2 * u32::from(authors);
                prop_assert!(fresh.work.rounds <= plain.work.rounds.max(2) + more, "{} rounds", fresh.work.rounds);
            }
        }
    }
}

/// What a query may ask papers to be, and the filters that ask the same.
fn written() -> impl Strategy<Value = (String, Filters)> {
    let dates = [
        ("year:2019", "2019", "2019"),
        ("year:2018..2019", "2018", "2019"),
        ("year:2018-2019", "2018", "2019"),
        ("date:..2019-02-02", "", "2019-02-02"),
        ("DATE:2019-02..", "2019-02", ""),
    ];
    let categories: [(&str, &[&str]); 4] = [
        ("cat:cs.LG", &["cs.LG"]),
        ("cat:cs", &["cs.AI", "cs.LG", "cs.LO"]),
        ("category:(cs.ai OR math)", &["cs.AI", "math"]),
        ("cat:c", &[]),
    ];
    let venues: [(&str, &[&str]); 3] = [
        ("venue:icml", &["ICML"]),
        ("venue:\"journal of Graphs\"", &["Journal of Graphs"]),
        ("venue:Journal", &["Journal of Graphs"]),
    ];
    let parts = (
        prop::option::of(select(dates.to_vec())),
        prop::option::of(select(categories.to_vec())),
        prop::option::of(select(venues.to_vec())),
        any::<bool>(),
    );
    parts.prop_map(|(date, category, venue, code)| {
        let mut filters = Filters::default();
        let mut text = String::new();
        // A filter without a name lets nothing pass.
        let names = |names: &[&str]| match names {
            [] => vec!["unheard of".to_owned()],
            names => names.iter().map(|&name| name.to_owned()).collect(),
        };
        if let Some((said, from, to)) = date {
            text.push_str(said);
            (filters.from, filters.to) = (from.into(), to.into());
        }
        if let Some((said, wanted)) = category {
            text = format!("{said} {text}");
            filters.categories = names(wanted);
        }
        if let Some((said, wanted)) = venue {
            text = format!("{text} {said} ");
            filters.venues = names(wanted);
        }
        if code {
            text = format!("has:Code {text}");
            filters.code = names(&["linked", "stated"]);
        }
        (text, filters)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn filters_may_stand_in_the_query(
        papers in papers(),
        words in select(vec!["", "graph ", "model graph ", "\"graph model\" "]),
        (text, filters) in written(),
        shut_out in select(vec!["cat:cs", "year:2019", "has:code", "(cat:math OR venue:icml)"]),
    ) {
        for index in [Memory::build(&papers, None), Memory::build(&papers, Some(tiny_packs()))] {
            let query = format!("{words}{text} ");
            let said = index.search(&SearchRequest::new(&query)).unwrap();
            // Beside words, as filters do; alone, every paper that passes, the newest first.
            if !query.trim().is_empty() {
                let asked = SearchRequest { filters: filters.clone(), ..SearchRequest::new(words) };
                prop_assert_eq!(selected(&said), selected(&index.search(&asked).unwrap()), "{}", &query);
            }
            let all = index.search(&SearchRequest::new("graph ")).unwrap();
            let with = index.search(&SearchRequest::new(&format!("graph {shut_out} "))).unwrap();
            let without = index.search(&SearchRequest::new(&format!("-{shut_out} graph "))).unwrap();
            prop_assert_eq!(with.total_any + without.total_any, all.total_any);
        }
    }
}

fn dated(at: usize, days: u32) -> Paper {
    let day = (at as u32).wrapping_mul(2_654_435_761) >> 7;
    Paper {
        date: Some(Date {
            year: 2019 + (at % 2) as u16,
            month: (day % days / 28 + 1) as u8,
            day: (day % days % 28 + 1) as u8,
        }),
        categories: vec![format!("c{}", at % 3)],
        ..paper(&format!("p{at}"), "Graph", "", &[])
    }
}

/// Days of more papers than one block holds, in both orders, page after page.
#[test]
fn pages_by_date_are_exact_where_days_take_several_blocks() {
    let papers: Vec<Paper> = (0..34_000).map(|at| dated(at, 336)).collect();
    let sizes = Sizes::of(papers.len(), 0, Layout::Packs);
    let index = Memory::build_alone(&papers, Layout::Packs, Some(sizes));
    let naive = Naive::alone(&papers, &index.classes());
    for (sort, from) in [(Sort::Newest, ""), (Sort::Oldest, "2019-11-20")] {
        let mut engine = index.open().unwrap();
        let mut request = SearchRequest {
            sort,
            filters: Filters {
                from: from.to_owned(),
                ..Filters::default()
            },
            facets: vec![Field::Year],
            ..SearchRequest::new("")
        };
        for offset in [0, 10, 15_000] {
            request.offset = offset;
            let answer = index.search_with(&mut engine, &request).unwrap();
            let expected = selection::select(&papers, &Known::default(), &naive, &request);
            assert_eq!(selected(&answer), expected, "{sort:?} from {offset}");
        }
    }
}

/// Values too rare for a name are counted together.
#[test]
fn rare_values_are_others() {
    let papers: Vec<Paper> = (0..700)
        .map(|at| {
            let name = |most: usize| format!("v{}", if at < 350 { at } else { at % most });
            Paper {
                venue: Some(name(300)),
                categories: vec![name(20), "all".into()],
                ..paper(&format!("p{at}"), "Graph", "", &[])
            }
        })
        .collect();
    let index = Memory::build(&papers, None);
    let request = SearchRequest {
        facets: vec![Field::Venue, Field::Category],
        ..SearchRequest::new("graph ")
    };
    let answer = index.search(&request).unwrap();
    let [venues, categories] = &answer.facets[..] else {
        panic!("{:?}", answer.facets);
    };
    assert_eq!(
        (venues.values.len(), venues.other, venues.total),
        (300, 50, 700)
    );
    assert_eq!((categories.values[0].count, categories.other), (700, 0));
    assert_eq!(categories.values.len(), 351);
}

/// First parts of lists give counts that are marked as not final, and filters read all at once.
#[test]
fn counts_of_a_partial_answer_are_marked() {
    let papers: Vec<Paper> = (0..3000)
        .map(|at| {
            let words = "model graph ".repeat(at % 3 + 1);
            Paper {
                id: format!("p{at}"),
                date: dated(at, 300).date,
                ..paper(
                    "",
                    if at % 9 == 0 { "Graph model" } else { "Paper" },
                    &words,
                    &[],
                )
            }
        })
        .collect();
    let sizes = Sizes {
        split_over: 64,
        ..tiny_packs()
    };
    let index = Memory::build_alone(&papers, Layout::Packs, Some(sizes));
    let mut request = SearchRequest {
        settled: false,
        facets: vec![Field::Year],
        ..SearchRequest::new("graph model ")
    };
    let early = index.search(&request).unwrap();
    assert!(!early.settled && !early.facets[0].exact);
    request.filters.from = "2020".into();
    let filtered = index.search(&request).unwrap();
    assert!(filtered.settled && filtered.facets[0].exact);
    assert_eq!((filtered.total, filtered.facets[0].total), (1500, 3000));
}
