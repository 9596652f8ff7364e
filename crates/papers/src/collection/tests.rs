#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;

fn collect(inputs: &[(&str, &str)]) -> (Vec<Paper>, Totals, Vec<Diagnostic>) {
    let mut collection = Collection::new(Limits::default());
    for (name, text) in inputs {
        collection.add_input(name, text.as_bytes());
    }
    collection.finish()
}

fn ids(papers: &[Paper]) -> Vec<&str> {
    papers.iter().map(|paper| paper.id.as_str()).collect()
}

#[test]
fn the_same_text_is_one_paper() {
    let (papers, totals, said) = collect(&[
        (
            "a.jsonl",
            r#"{"title": "On Kites", "abstract": "They fly.", "keywords": ["k"], "url": "https://kites.example/", "listings": [{"source": "a", "rank": 1}]}
               {"title": "On Geese"}
               {"title": 3}"#,
        ),
        (
            "b.jsonl",
            r#"{"id": "b7", "title": "on KITES!", "abstract": "They fl\u0079", "keywords": ["l", "k"], "year": 2020, "authors": ["Ann Lee"], "url": "http://kites.example", "code": "https://github.com/kites/fly", "listings": [{"source": "b", "rank": 2}]}
               {"title": "On Kites", "abstract": "They sink."}"#,
        ),
    ]);
    assert_eq!(said.len(), 1);
    assert_eq!(papers.len(), 3);
    let kites = &papers[0];
    assert_eq!(
        (kites.id.as_str(), kites.title.clean.as_str()),
        ("b7", "On Kites")
    );
    assert_eq!(kites.keywords, ["k", "l"]);
    assert_eq!(kites.authors, ["Ann Lee"]);
    assert_eq!(kites.date.unwrap().year, 2020);
    assert_eq!(kites.links.len(), 2);
    assert_eq!(kites.code, CodeState::Linked);
    assert_eq!(
        kites.listings.iter().map(|l| l.rank).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(
        (
            totals.rows,
            totals.papers,
            totals.duplicates,
            totals.skipped
        ),
        (5, 3, 1, 1)
    );
    assert_eq!(totals.recurring_titles, 1);
    let input = |input: &str, rows, papers_new, duplicates, skipped| InputTotals {
        input: input.to_owned(),
        rows,
        papers_new,
        duplicates,
        skipped,
    };
    assert_eq!(
        totals.per_input,
        [input("a.jsonl", 3, 2, 0, 1), input("b.jsonl", 2, 1, 1, 0)]
    );
}

#[test]
fn the_same_id_is_one_paper_and_another_title_is_said() {
    let (papers, totals, said) = collect(&[
        ("a.jsonl", r#"{"id": "x", "title": "On Kites"}"#),
        (
            "b.jsonl",
            "{\"id\": \"x\", \"title\": \"On kites\", \"abstract\": \"They fly.\"}\n{\"id\": \"x\", \"title\": \"On Geese\", \"year\": 2001}",
        ),
    ]);
    assert_eq!(ids(&papers), ["x"]);
    assert_eq!(papers[0].title.clean, "On Kites");
    assert_eq!(papers[0].abstract_.clean, "They fly.");
    assert_eq!(papers[0].date.unwrap().year, 2001);
    assert_eq!((totals.duplicates, totals.recurring_titles), (2, 1));
    assert_eq!(said.len(), 1);
    let shown = said[0].to_string();
    assert!(
        shown.contains("b.jsonl:2") && shown.contains("a.jsonl:1"),
        "{shown}"
    );
    assert_eq!(said[0].severity, Severity::Warning);
}

#[test]
fn one_paper_under_two_ids_is_said() {
    let (papers, _, said) = collect(&[(
        "a.jsonl",
        "{\"id\": \"x\", \"title\": \"On Kites\"}\n{\"id\": \"y\", \"title\": \"On kites\"}\n{\"id\": \"y\", \"title\": \"On Kites\"}",
    )]);
    assert_eq!(ids(&papers), ["x"]);
    // The third record's id is known by then.
    assert_eq!(said.iter().map(|d| d.line).collect::<Vec<_>>(), [2]);
    assert!(matches!(&said[0].reason, Reason::SecondId { first, .. } if first.line == 1));
}

#[test]
fn ids_do_not_hang_on_the_order() {
    let lines = [
        r#"{"title": "LADLE: On Kites", "abstract": "One."}"#,
        r#"{"title": "Ladle, on kites", "abstract": "Two."}"#,
        r#"{"title": "On Geese"}"#,
        r#"{"id": "on-geese", "title": "Something Else"}"#,
        r#"{"title": "On Ducks"}"#,
    ];
    let made = |order: &[usize]| {
        let text = order
            .iter()
            .map(|&at| lines[at])
            .collect::<Vec<_>>()
            .join("\n");
        let (papers, ..) = collect(&[("a.jsonl", &text)]);
        let mut pairs: Vec<(String, String)> = papers
            .into_iter()
            .map(|paper| (paper.title.clean + &paper.abstract_.clean, paper.id))
            .collect();
        pairs.sort();
        pairs
    };
    let pairs = made(&[0, 1, 2, 3, 4]);
    assert_eq!(pairs, made(&[4, 3, 2, 1, 0]));
    let ids: Vec<&str> = pairs.iter().map(|(_, id)| id.as_str()).collect();
    assert!(ids[0].starts_with("ladle-on-kites-") && ids[1].starts_with("ladle-on-kites-"));
    assert_ne!(ids[0], ids[1]);
    assert_eq!(ids[2], "on-ducks");
    assert!(
        ids[3].starts_with("on-geese-") && ids[4] == "on-geese",
        "{ids:?}"
    );
}

#[test]
fn an_input_that_cannot_be_read_leaves_the_rest() {
    let (papers, totals, said) = collect(&[
        ("a.pdf", "%PDF"),
        ("b.jsonl", r#"{"title": "On Kites"}"#),
        ("c", ""),
    ]);
    assert_eq!(ids(&papers), ["on-kites"]);
    assert_eq!(totals.per_input.len(), 3);
    let reasons: Vec<&Reason> = said.iter().map(|d| &d.reason).collect();
    assert_eq!(reasons, [&Reason::UnknownFormat, &Reason::Empty]);
}
