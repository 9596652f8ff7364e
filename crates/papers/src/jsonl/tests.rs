#![allow(clippy::unwrap_used)]
use crate::{
    CodeState, InputReport, Limits, LinkKind, Listing, Paper, Reason, Severity, read_input,
};

fn read_with(input: &[u8], limits: &Limits) -> (Vec<Paper>, InputReport) {
    let mut papers = Vec::new();
    let report = read_input("a.jsonl", input, limits, &mut |record| {
        papers.push(record.paper)
    });
    (papers, report)
}

fn read(input: &str) -> (Vec<Paper>, InputReport) {
    read_with(input.as_bytes(), &Limits::default())
}

/// One record, and the reasons given.
fn one(input: &str) -> (Paper, Vec<Reason>) {
    let (mut papers, report) = read(input);
    assert_eq!(papers.len(), 1, "{:?}", report.diagnostics);
    (
        papers.remove(0),
        report.diagnostics.into_iter().map(|d| d.reason).collect(),
    )
}

fn urls(paper: &Paper) -> Vec<(LinkKind, &str)> {
    paper
        .links
        .iter()
        .map(|link| (link.kind, link.url.as_str()))
        .collect()
}

#[test]
fn every_field() {
    let (paper, reasons) = one(concat!(
        r#"{"id": 17, "title": "Na\u00efve  Kites", "abstract": "They 5\\% fly.", "#,
        r#""authors": [{"name": "Ann L\\'ee"}, "Bo Chen", null], "date": "2021-03-04T05:06:07Z", "#,
        r#""year": 1999, "venue": " Kites ", "categories": "b.c a, b.c", "keywords": ["x y", "z"], "#,
        r#""url": "https://kites.example/1", "pdf": "https://kites.example/1.pdf", "#,
        r#""doi": "10.1000/1", "code": "https://github.com/kites/fly", "#,
        r#""links": [{"kind": "data", "url": "https://kites.example/d"}, {"url": "https://kites.github.io"}], "#,
        r#""listings": [{"source": "feed", "listed_on": "Mar 4", "rank": 3}], "extra": [[{}]]}"#,
    ));
    assert_eq!(reasons, []);
    assert_eq!(paper.id, "17");
    assert_eq!(paper.title.clean, "Naïve Kites");
    assert_eq!(paper.abstract_.clean, "They 5% fly.");
    assert_eq!(paper.authors, ["Ann Lée", "Bo Chen"]);
    assert_eq!(paper.date.unwrap().to_string(), "2021-03-04");
    assert_eq!(paper.venue.as_deref(), Some("Kites"));
    assert_eq!(paper.categories, ["b.c", "a"]);
    assert_eq!(paper.keywords, ["x y", "z"]);
    assert_eq!(paper.code, CodeState::Linked);
    assert_eq!(
        urls(&paper),
        [
            (LinkKind::Page, "https://kites.example/1"),
            (LinkKind::Pdf, "https://kites.example/1.pdf"),
            (LinkKind::Doi, "https://doi.org/10.1000/1"),
            (LinkKind::Code, "https://github.com/kites/fly"),
            (LinkKind::Data, "https://kites.example/d"),
            (LinkKind::Project, "https://kites.github.io"),
        ]
    );
    let listing = Listing {
        source: "feed".to_owned(),
        listed_on: Some("Mar 4".to_owned()),
        rank: 3,
    };
    assert_eq!(paper.listings, [listing]);
}

#[test]
fn null_and_absent_are_one() {
    let (paper, reasons) = one(concat!(
        r#"{"id": null, "title": "Kites", "abstract": null, "authors": null, "date": null, "#,
        r#""year": null, "venue": null, "categories": null, "keywords": null, "url": null, "#,
        r#""pdf": null, "doi": null, "code": null, "links": null, "listings": null}"#,
    ));
    assert_eq!(reasons, []);
    assert_eq!(paper, one(r#"{"title": "Kites"}"#).0);
    assert_eq!(paper.abstract_.clean, "");
}

#[test]
fn one_bad_line_costs_only_itself() {
    let mut input = b"\xef\xbb\xbf{\"title\": \"One\"}\r\n\r\n".to_vec();
    input.extend_from_slice(b"{\"title\": \"\xff\"}\n");
    input.extend_from_slice(b"{\"title\": \"cut\n");
    input.extend_from_slice(b"[1, 2]\n7\n{}\n{\"title\": \" \"}\n{\"title\": 7}\n");
    input.extend_from_slice(b"{\"title\": \"x\", \"authors\": [[[[\n");
    input.extend_from_slice(format!("{{\"title\": \"{}\"}}\n", "x".repeat(300)).as_bytes());
    input.extend_from_slice(b"{\"title\": \"Two\"} trailing\n{\"title\": \"Three\"}");
    let limits = Limits {
        line_bytes: 200,
        ..Limits::default()
    };
    let (papers, report) = read_with(&input, &limits);
    let titles: Vec<&str> = papers
        .iter()
        .map(|paper| paper.title.clean.as_str())
        .collect();
    assert_eq!(titles, ["One", "Three"]);
    assert_eq!((report.rows, report.skipped), (12, 10));
    let said: Vec<(u64, &str)> = report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            assert_eq!(diagnostic.severity, Severity::Error);
            let reason = match diagnostic.reason {
                Reason::InvalidUtf8 => "utf-8",
                Reason::NotJson(_) => "json",
                Reason::NotAnObject => "object",
                Reason::NoTitle => "title",
                Reason::WrongType { field: "title", .. } => "type",
                Reason::LineTooLong(200) => "long",
                _ => "?",
            };
            (diagnostic.line, reason)
        })
        .collect();
    assert_eq!(
        said,
        [
            (3, "utf-8"),
            (4, "json"),
            (5, "object"),
            (6, "object"),
            (7, "title"),
            (8, "title"),
            (9, "type"),
            (10, "json"),
            (11, "long"),
            (12, "json"),
        ]
    );
}

#[test]
fn wrong_types_cost_only_the_field() {
    let (paper, reasons) = one(concat!(
        r#"{"title": "Kites", "id": 1.5, "abstract": 3, "authors": [1, "Ann Lee", 2], "date": [], "#,
        r#""year": {}, "venue": true, "categories": 7, "keywords": ["a", 1], "url": 4, "#,
        r#""doi": false, "code": [], "links": [3, {"kind": "code"}], "listings": "x"}"#,
    ));
    assert_eq!(paper.id, "");
    assert_eq!(paper.authors, ["Ann Lee"]);
    assert_eq!(paper.keywords, ["a"]);
    assert_eq!((paper.links.len(), paper.date), (0, None));
    let fields: Vec<&str> = reasons
        .iter()
        .map(|reason| match reason {
            Reason::WrongType { field, .. } => *field,
            _ => "?",
        })
        .collect();
    let mut expected = vec![
        "abstract",
        "id",
        "authors",
        "date",
        "year",
        "venue",
        "categories",
        "keywords",
        "listings",
        "url",
        "doi",
        "code",
        "links",
        "links",
    ];
    let mut fields = fields;
    fields.sort_unstable();
    expected.sort_unstable();
    assert_eq!(fields, expected);
}

#[test]
fn values_that_cannot_be() {
    let (paper, reasons) = one(concat!(
        r#"{"title": "Kites", "date": "2021-02-30", "year": "2020", "doi": "soon", "#,
        r#""url": "javascript:alert(1)", "pdf": "ftp://kites.example", "code": "linked", "#,
        r#""links": {"code": "java\tscript:x", "data": ["https://kites.example/d", "x"]}}"#,
    ));
    assert_eq!(paper.date.unwrap().to_string(), "2020");
    assert_eq!(urls(&paper), [(LinkKind::Data, "https://kites.example/d")]);
    assert_eq!(paper.code, CodeState::Stated);
    let count = |wanted: fn(&Reason) -> bool| reasons.iter().filter(|r| wanted(r)).count();
    assert_eq!(count(|r| matches!(r, Reason::BadValue { .. })), 2);
    assert_eq!(count(|r| matches!(r, Reason::BadLink { .. })), 4);
    assert_eq!(count(|r| matches!(r, Reason::NoCodeLink)), 1);
    assert_eq!(reasons.len(), 7);
    assert!(one(r#"{"title": "Kites", "year": 20200}"#).1.len() == 1);
}

#[test]
fn years_and_dates() {
    for (fields, date) in [
        (r#""year": 2020"#, "2020"),
        (r#""year": "2020""#, "2020"),
        (r#""year": 2020.0"#, "2020"),
        (r#""date": 2021"#, "2021"),
        (r#""date": "2021-05", "year": 1999"#, "2021-05"),
        (r#""date": "", "year": 1999"#, "1999"),
    ] {
        let (paper, reasons) = one(&format!(r#"{{"title": "x", {fields}}}"#));
        assert_eq!(paper.date.unwrap().to_string(), date, "{fields}");
        assert_eq!(reasons, []);
    }
}

#[test]
fn what_is_said_of_code() {
    for (fields, state) in [
        (r#""abstract": "Code is available.""#, CodeState::Stated),
        (
            r#""abstract": "Code is available.", "code": "promised""#,
            CodeState::Promised,
        ),
        (
            r#""abstract": "Code is available.", "code": "unknown""#,
            CodeState::Unknown,
        ),
        (
            r#""abstract": "Code: github.com/a/b.", "code": "stated""#,
            CodeState::Linked,
        ),
        (r#""code": true"#, CodeState::Stated),
        (r#""code": false"#, CodeState::Unknown),
        (r#""links": ["https://github.com/a/b"]"#, CodeState::Linked),
    ] {
        let (paper, reasons) = one(&format!(r#"{{"title": "x", {fields}}}"#));
        assert_eq!(paper.code, state, "{fields}");
        assert_eq!(reasons, []);
    }
}

#[test]
fn a_title_from_the_abstract() {
    for (abstract_, title) in [
        ("Kites fly. They do.", "Kites fly"),
        ("Kites fly.", "Kites fly"),
        (". . .", ". . ."),
    ] {
        let (paper, reasons) = one(&format!(r#"{{"title": null, "abstract": "{abstract_}"}}"#));
        assert_eq!(paper.title.clean, title);
        assert_eq!(reasons, [Reason::TitleFromAbstract]);
    }
    let long = "kites ".repeat(50);
    let (paper, _) = one(&format!(r#"{{"abstract": "{long}"}}"#));
    assert!(paper.title.clean.ends_with("kites…") && paper.title.clean.chars().count() <= 121);
}

#[test]
fn limits_cut_with_a_warning() {
    let limits = Limits {
        title_chars: 5,
        abstract_chars: 6,
        name_chars: 4,
        id_chars: 3,
        authors: 2,
        links: 1,
        categories: 2,
        ..Limits::default()
    };
    let input = concat!(
        r#"{"id": "1234", "title": "éééééé", "abstract": "abc def", "authors": ["a", "bbbbbb", "c"], "#,
        r#""categories": ["a", "b", "c"], "url": "https://a.example", "pdf": "https://b.example"}"#,
    );
    let (papers, report) = read_with(input.as_bytes(), &limits);
    let paper = papers.first().unwrap();
    assert_eq!(
        (paper.id.as_str(), paper.title.clean.as_str()),
        ("", "ééééé")
    );
    assert_eq!(paper.abstract_.clean, "abc de");
    assert_eq!(paper.authors, ["a", "bbbb"]);
    assert_eq!(paper.categories, ["a", "b"]);
    assert_eq!(paper.links.len(), 1);
    assert_eq!((report.skipped, report.diagnostics.len()), (0, 7));
    assert!(
        report
            .diagnostics
            .iter()
            .all(|d| d.severity == Severity::Warning)
    );
}

#[test]
fn the_last_of_two_keys_counts_unless_null() {
    let (paper, reasons) = one(r#"{"title": "A", "title": "B", "title": null, "id": 1, "id": 2}"#);
    assert_eq!((paper.title.clean.as_str(), paper.id.as_str()), ("B", "2"));
    assert_eq!(reasons, []);
}

#[test]
fn diagnostics_are_bounded_and_counted() {
    let limits = Limits {
        diagnostics: 3,
        ..Limits::default()
    };
    let (_, report) = read_with("{\n".repeat(10).as_bytes(), &limits);
    assert_eq!((report.rows, report.skipped), (10, 10));
    assert_eq!(
        (report.diagnostics.len(), report.diagnostics_omitted),
        (3, 7)
    );
}
