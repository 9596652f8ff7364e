//! `build --expansions`: what it reads, what it says, what it changes.

use serde_json::json;

use crate::place::{Place, RECORDS, Run};

fn place() -> Place {
    let place = Place::new();
    place.write("a.jsonl", RECORDS.join("\n"));
    place
}

fn build(place: &Place, more: &[&str]) -> Run {
    let mut args = vec!["build", "--index-only", "--out", "site", "a.jsonl"];
    args.extend(more);
    place.run(&args)
}

fn first(place: &Place, query: &str) -> String {
    let run = place.run(&["query", "site", query, "--json"]).expect(0);
    run.json()["hits"][0]["id"].as_str().unwrap().to_owned()
}

const WEIGHTS: &str = r###"{"id": "k3", "terms": {"lanterns": 2.0, "##ing": 1.0, "the": 1.0, "zebra": 1.0}}
{"id": "nobody", "terms": {"kite": 1}}
{"id": "k2", "terms": {"wind": 0.001}}
"###;

#[test]
fn expansions_are_read_and_told() {
    let place = place();
    place.write("w.jsonl", WEIGHTS);
    let both = ["--expansions", "w.jsonl", "--neighbours", "off", "--json"];
    let json = build(&place, &both).expect(0).json();
    assert_eq!(
        json["expansions"],
        json!({
            "input": "w.jsonl", "rows": 3, "used": 2, "unknown": 1,
            "unknown_example": "\"nobody\"", "skipped": 0,
            "terms": {
                "given": 5, "used": 1, "weak": 1, "repeated": 0, "unknown": 1,
                "unknown_example": "zebra", "function_words": 1, "not_words": 1,
            },
        })
    );
    assert_eq!(json["papers"], 4);
    assert!(json["sections"].get("related").is_none());
    assert_eq!(first(&place, "lanterns steadies steady "), "k3");

    let run = build(&place, &both[..4]).expect(0);
    assert!(
        run.out
            .contains("1 record of ids that no paper has, such as \"nobody\""),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("1 of 5 terms used; 1 too weak; 1 in no paper, such as zebra; 1 function words; 1 no word"),
        "{}",
        run.out
    );
    let json = build(&place, &["--json"]).expect(0).json();
    assert!(json.get("expansions").is_none());
}

#[test]
fn bad_lines_are_errors_with_their_place() {
    let place = place();
    place.write(
        "w.jsonl",
        format!(
            "{WEIGHTS}{{\"id\": \"k1\"}}\nrubbish\n{{\"id\": \"k1\", \"terms\": {{\"air\": -1}}}}\n"
        ),
    );
    let run = build(&place, &["--expansions", "w.jsonl"]).expect(0);
    for said in [
        "error: w.jsonl:4: the line holds no term weights: `terms` is missing, or no object; skipped; write one object a line",
        "error: w.jsonl:5: the line is not JSON",
        "warning: w.jsonl:6: the weight of \"air\" is no positive number: \"-1\"; dropped",
    ] {
        assert!(run.err.contains(said), "{said}\n{}", run.err);
    }
    assert!(run.out.contains("2 skipped"), "{}", run.out);
    let before = place.tree("site");
    let run = build(&place, &["--expansions", "w.jsonl", "--strict"]).expect(3);
    assert!(
        run.err.contains("2 records could not be read"),
        "{}",
        run.err
    );
    assert_eq!(place.tree("site"), before);
}

#[test]
fn a_file_that_holds_none_is_refused() {
    let place = place();
    for (name, bytes, said) in [
        ("empty.jsonl", "", "the input is empty"),
        (
            "table.tsv",
            "k1\tkite\t2\n",
            "there are no term weights in it",
        ),
    ] {
        place.write(name, bytes);
        let run = build(&place, &["--expansions", name]).expect(1);
        assert!(
            run.err.contains(name) && run.err.contains(said),
            "{}",
            run.err
        );
        assert!(!place.path("site").exists());
    }
    let run = build(&place, &["--expansions", "missing.jsonl"]).expect(1);
    assert!(run.err.contains("missing.jsonl"), "{}", run.err);
    build(&place, &["-", "--expansions", "-"]).expect(2);
}

#[test]
fn expansions_come_from_standard_input() {
    let place = place();
    place.write("w.jsonl", WEIGHTS);
    let args = [
        "build",
        "--index-only",
        "--json",
        "--out",
        "site",
        "a.jsonl",
        "--expansions",
    ];
    let plain = place
        .run(&[&args[..], &["w.jsonl"]].concat())
        .expect(0)
        .json();
    let piped = place.run_with(&[&args[..], &["-"]].concat(), WEIGHTS.as_bytes());
    let piped = piped.expect(0).json();
    assert_eq!(piped["build"], plain["build"]);
    assert_eq!(piped["expansions"]["input"], "<stdin>");
    assert_eq!(piped["expansions"]["terms"], plain["expansions"]["terms"]);
}
