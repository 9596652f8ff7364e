#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use crate::limits::Limits;
use crate::paper::{LinkKind, Paper};
use crate::{Format, InputReport, read_input};

fn read(text: &[u8]) -> (Vec<(u64, Paper)>, InputReport) {
    let mut papers = Vec::new();
    let report = read_input("list.bib", text, &Limits::default(), &mut |record| {
        papers.push((record.line, record.paper));
    });
    (papers, report)
}

fn said(report: &InputReport) -> Vec<String> {
    let shown = |said: &crate::Diagnostic| format!("{}: {}", said.line, said.reason);
    report.diagnostics.iter().map(shown).collect()
}

fn titles(papers: &[(u64, Paper)]) -> Vec<&str> {
    papers
        .iter()
        .map(|(_, paper)| paper.title.clean.as_str())
        .collect()
}

#[test]
fn a_clean_entry() {
    let (papers, report) = read(
        br#"
% A reading list.
@string{jok = "Journal of " # {Kites}}

@article{lee2017kites,
  author    = {Lee, Ann and van der Berg, Jan and {Kite Society} and others},
  title     = "{Kites} in the {W}ind: an $O(n^2)$ Study of {\'E}cole G{\"o}del --- part 2",
  journal   = jok,
  year      = 2017,
  month     = jun # "~12",
  doi       = {10.1000/abc\_1},
  url       = {\url{https://example.org/kites}},
  eprint    = {1706.03762v5},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  keywords  = {kites; wind, string},
  abstract  = {We fly kites.
               100\% of them.},
  code      = {github.com/kites/fly},
  year      = 1999
}
"#,
    );
    assert_eq!(report.format, Format::Bibtex);
    assert_eq!(said(&report), Vec::<String>::new());
    let (line, paper) = papers.first().unwrap();
    assert_eq!((*line, papers.len()), (5, 1));
    assert_eq!(paper.id, "1706.03762");
    assert_eq!(
        paper.title.clean,
        "Kites in the Wind: an $O(n^2)$ Study of École Gödel — part 2"
    );
    assert_eq!(
        paper.authors,
        ["Ann Lee", "Jan van der Berg", "Kite Society"]
    );
    assert_eq!(paper.venue.as_deref(), Some("Journal of Kites"));
    assert_eq!(paper.date.unwrap().to_string(), "2017-06");
    assert_eq!(paper.categories, ["cs.CL"]);
    assert_eq!(paper.keywords, ["kites", "wind", "string"]);
    assert_eq!(paper.abstract_.clean, "We fly kites. 100% of them.");
    let links: Vec<_> = paper
        .links
        .iter()
        .map(|link| (link.kind, link.url.as_str()))
        .collect();
    assert_eq!(
        links,
        [
            (LinkKind::Page, "https://example.org/kites"),
            (LinkKind::Page, "https://arxiv.org/abs/1706.03762"),
            (LinkKind::Pdf, "https://arxiv.org/pdf/1706.03762"),
            (LinkKind::Doi, "https://doi.org/10.1000/abc_1"),
            (LinkKind::Code, "https://github.com/kites/fly"),
        ]
    );
}

#[test]
fn a_bad_entry_costs_no_other() {
    let (papers, report) = read(
        b"Notes, not entries: title = x.
@article{one, title = {One} author = {A}, year = 2001}
@article{two, title = {Two}, note = {open {wide, year = 2002}
@article{three,
  title = {Three},
  year = {in press}
@misc{four, title = {Four}}}
@book{five, title = {Five}}, author = {Lee, Ann},
  publisher = {Kites}
}
@article{empty}
@article{, title = \"Six\", month = undefined, year = 2006}
@article(seven, title = {Seven (and a half)}, year = 2007)
@inproceedings{eight, author = {No Title}}
@article{nine, title = {N\xefne}}
@comment{@article{ten, title = {Ten}}}
%@article{eleven, title = {Eleven}}
@article{one, title = {Another One}} @misc{twelve, title = {Twelve}}
@article{thirteen, title = {Thirteen}, year = 2013
",
    );
    assert_eq!(
        titles(&papers),
        [
            "One",
            "Three",
            "Four",
            "Five",
            "Six",
            "Seven (and a half)",
            "Another One",
            "Twelve",
            "Thirteen"
        ]
    );
    assert_eq!(
        said(&report),
        [
            "3: a brace of the entry is not closed before the next entry begins",
            "4: `year` cannot be \"in press\"",
            "4: the entry's last brace is missing",
            "9: a field stands outside of any entry: \"publisher = {Kites}\"",
            "11: the entry has no field: \"@article{empty\"",
            "12: no @string gives \"undefined\"",
            "14: the record has neither a title nor an abstract",
            "15: the line is not valid UTF-8",
            "19: the entry's last brace is missing",
        ]
    );
    assert_eq!(report.skipped, 4);
    assert_eq!(papers[0].1.date.unwrap().to_string(), "2001");
    assert_eq!(papers[0].1.authors, ["A"]);
}

#[test]
fn a_volume_lends_and_is_no_paper() {
    let (papers, report) = read(
        b"@inproceedings{a, title = {First}, crossref = {Vol}, pages = {1--2}}
@inproceedings{b, title = {Second}, crossref = {none}, year = 1999}
@misc{c, title = {Third}}
@proceedings{vol, title = {Proceedings of Kites}, year = 2003, editor = {Lee, Ann}}
",
    );
    assert_eq!(said(&report), Vec::<String>::new());
    // What waits for its volume comes last.
    assert_eq!(titles(&papers), ["Third", "First", "Second"]);
    let first = &papers[1].1;
    assert_eq!(first.venue.as_deref(), Some("Proceedings of Kites"));
    assert_eq!(first.date.unwrap().to_string(), "2003");
    assert_eq!(first.authors, ["Ann Lee"]);
    assert_eq!(papers[2].1.date.unwrap().to_string(), "1999");
    assert_eq!(report.rows, 3);
}

#[test]
fn one_doi_of_two_titles_is_an_id_once() {
    let (papers, _) = read(
        b"@article{a, title = {First}, doi = {https://doi.org/10.1/Vol}}
@article{a, title = {Second}, doi = {10.1/vol}}
@article{b, title = {The {First}}, journal = {arXiv preprint arXiv:2001.00001}, date = {2020-01-02/2020-02}}
@article{c, title = {First}, doi = {10.1/VOL}}
",
    );
    let ids: Vec<&str> = papers.iter().map(|(_, paper)| paper.id.as_str()).collect();
    assert_eq!(ids, ["10.1/Vol", "", "2001.00001", "10.1/VOL"]);
    assert_eq!(papers[2].1.date.unwrap().to_string(), "2020-01-02");
}

#[test]
fn addresses_are_only_those_of_the_web() {
    let (papers, report) = read(
        b"@misc{a, title = {<script>alert(1)</script>}, url = {javascript:alert(1)}, pdf = {data:text/html,x}, code = {file:///etc/passwd}}",
    );
    assert!(
        papers[0]
            .1
            .links
            .iter()
            .all(|link| link.url.starts_with("https://")),
        "{:?}",
        papers[0].1.links
    );
    assert!(
        report
            .diagnostics
            .iter()
            .all(|said| said.severity == crate::Severity::Warning)
    );
}

#[test]
fn what_is_made_to_be_dear_is_not() {
    // Many entries on one line, abbreviations of abbreviations, thousands of things wrong.
    let many = "@misc{a, title = {Kites}}".repeat(5_000);
    let mut doubling = String::from("@string{s0 = {kites kites kites kites kites}}\n");
    for number in 1..60 {
        doubling += &format!("@string{{s{number} = s{0} # s{0}}}\n", number - 1);
    }
    let note = "s12 # ".repeat(1000) + "s1";
    doubling += &format!("@misc{{b, title = {{Owls}}, note = {note}}}\n");
    let wrong = "?\n".repeat(20_000);
    let wrong = format!("@misc{{c, title = {{Geese}}, {wrong}}}\n");
    let fields: String = (0..100_000)
        .map(|number| format!("f{number} = 1, "))
        .collect();
    let fields = format!("@misc{{d, title = {{Larks}}, {fields}}}\n");
    let (papers, report) = read([many, doubling, wrong, fields].join("\n").as_bytes());
    assert_eq!(titles(&papers)[5_000..], ["Owls", "Geese", "Larks"]);
    assert!(
        report.diagnostics.len() < 200,
        "{}",
        report.diagnostics.len()
    );
}

#[test]
fn whatever_comes_is_read_to_its_end() {
    // Pieces that break grammars, in every order of three.
    let pieces = [
        "@a{", "}", "{", "\"", "x = ", ",", "#", "%", "\n", "\\", "(", "é",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                let text = format!(
                    "@article{{k, title = {{A}},{a}{b}{c}\n@article{{l, title = {{Last}}}}\n"
                );
                let (papers, _) = read(text.as_bytes());
                assert!(
                    titles(&papers).contains(&"Last")
                        || a.contains('@')
                        || b.contains('@')
                        || c.contains('@'),
                    "{text}"
                );
            }
        }
    }
}
