//! The commands that read a site: `query`, `inspect`, `verify`; and what all commands share.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::place::{Place, RECORDS, built};

#[test]
fn usage_errors_have_their_own_code() {
    let place = Place::new();
    place.run(&["build"]).expect(2);
    place.run(&["fold"]).expect(2);
    place.run(&["query", "site"]).expect(2);
    place.run(&["query", "site", "x", "--limit", "0"]).expect(2);
    place.run(&["serve", "--base", "a b"]).expect(2);
    let help = place.run(&["--help"]).expect(0);
    assert!(help.out.contains("Exit codes:"), "{}", help.out);
}

#[test]
fn papers_are_filtered_ordered_and_counted() {
    let place = built();
    let all = place.run(&["query", "site", "--sort", "newest", "--json"]);
    let all = all.expect(0).json();
    let total = all["total"].as_u64().unwrap();
    assert!(total > 1 && all.get("facets").is_none(), "{all}");
    let counted = place.run(&["query", "site", "--facet", "code", "--facet=year", "--json"]);
    let counted = counted.expect(0).json();
    let values = counted["facets"][0]["values"].as_array().unwrap();
    let sum: u64 = values
        .iter()
        .map(|value| value["count"].as_u64().unwrap())
        .sum();
    assert_eq!((sum, counted["hits"] == all["hits"]), (total, true));
    let text = place.run(&["query", "site", "--facet", "code"]).expect(0);
    assert!(text.out.contains("\ncode\n"), "{}", text.out);
    let none = place.run(&[
        "query", "site", "kites", "--venue", "Nowhere", "--code", "--json",
    ]);
    assert_eq!(none.expect(0).json()["total"], 0);
    place.run(&["query", "site", "--year", "soon"]).expect(2);
    place
        .run(&["query", "site", "kites", "--code=lost"])
        .expect(2);
}

#[test]
fn topics_are_listed_counted_and_filtered() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    // So few papers have none unless they are asked for.
    place.index(&["papers.jsonl"]).expect(0);
    let is_list = |path: &PathBuf| path.ends_with("topics.json");
    assert!(!place.tree("site").keys().any(is_list));
    place
        .index(&["papers.jsonl", "--topics", "2", "--keep", "0"])
        .expect(0);
    let tree = place.tree("site");
    let (_, list) = tree.iter().find(|(path, _)| is_list(path)).unwrap();
    let list: Value = serde_json::from_slice(list).unwrap();
    let counted = place.run(&["query", "site", "--facet", "topic", "--json"]);
    let counted = counted.expect(0).json();
    let values = counted["facets"][0]["values"].as_array().unwrap();
    assert_eq!(values.len(), 2);
    for (value, topic) in values.iter().zip(list["topics"].as_array().unwrap()) {
        assert_eq!(
            (&value["value"], &value["count"]),
            (&topic["name"], &topic["papers"])
        );
        let name = topic["name"].as_str().unwrap();
        let found = place.run(&["query", "site", "--topic", name, "--json"]);
        assert_eq!(found.expect(0).json()["total"], topic["papers"]);
    }
    for bad in ["0", "201", "many"] {
        place.index(&["papers.jsonl", "--topics", bad]).expect(2);
    }
}

#[test]
fn query_answers_people_and_programs() {
    let place = built();
    let json = place
        .run(&["query", "site", "kites wind", "--json"])
        .expect(0)
        .json();
    assert_eq!(json["query"], "kites wind");
    assert_eq!(
        (&json["total"], &json["total_any"]),
        (&Value::from(1), &Value::from(4))
    );
    assert_eq!(json["hits"][0]["id"], "k1");
    assert_eq!(json["hits"][0]["authors"], serde_json::json!(["Ada Lund"]));
    for key in ["rounds", "files", "bytes", "blocks"] {
        assert!(json[key].as_u64().unwrap() > 0, "{key}");
    }
    let text = place.run(&["query", "site", "lanterns"]).expect(0);
    assert!(
        text.out.contains("  1. Lanterns for Night Kites\n"),
        "{}",
        text.out
    );
    let rest = place.run(&[
        "query",
        "site",
        "kites wind",
        "--offset",
        "1",
        "--limit",
        "2",
        "--json",
    ]);
    let rest = rest.expect(0).json();
    assert_eq!(rest["hits"].as_array().unwrap().len(), 2);
    assert_eq!(rest["hits"][0]["id"], json["hits"][1]["id"]);
    let none = place.run(&["query", "site", "submarine"]).expect(0);
    assert!(none.out.starts_with("Nothing found"), "{}", none.out);
    // Typed with a combining accent, as some keyboards do.
    assert_eq!(
        place
            .run(&["query", "site", "e\u{301}k", "--json"])
            .expect(0)
            .json()["query"],
        "\u{e9}k"
    );
}

#[test]
fn a_batch_gives_a_run() {
    let place = built();
    place.write(
        "queries.jsonl",
        "{\"id\": 1, \"text\": \"lanterns\"}\n{\"query\": \"tunnels wind\"}\n",
    );
    let run = place
        .run(&["query", "site", "--batch", "queries.jsonl", "--limit", "1"])
        .expect(0);
    let lines: Vec<Vec<&str>> = run
        .out
        .lines()
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert_eq!(lines[0][..4], ["1", "Q0", "k2", "1"]);
    assert_eq!(lines[1][..4], ["2", "Q0", "k4", "1"]);
    assert!(
        lines
            .iter()
            .all(|line| line[4].parse::<u32>().is_ok() && line[5] == "offprint")
    );
    let args = [
        "query", "site", "--batch", "-", "--trec", "run.txt", "--json", "--limit", "1",
    ];
    let json = place
        .run_with(&args, b"{\"text\": \"lanterns\"}\n")
        .expect(0);
    let answer: Value = serde_json::from_str(json.out.trim_end()).unwrap();
    assert_eq!(
        (&answer["id"], &answer["hits"][0]["id"]),
        (&"1".into(), &"k2".into())
    );
    assert!(
        fs::read_to_string(place.path("run.txt"))
            .unwrap()
            .starts_with("1 Q0 k2 1 ")
    );
}

#[test]
fn what_is_no_site_is_told_apart_from_a_damaged_one() {
    let place = built();
    for command in ["query", "inspect", "verify"] {
        let with = |site: &str| {
            let mut args = vec![command, site];
            args.extend((command == "query").then_some("kites"));
            place.run(&args)
        };
        for (site, said) in [
            ("nowhere", "cannot open nowhere"),
            (".", "holds no Offprint site"),
        ] {
            let run = with(site).expect(1);
            assert!(
                run.err.contains(said) && run.err.contains("help: "),
                "{command}: {}",
                run.err
            );
        }
    }
    let cards = place
        .tree("site")
        .into_keys()
        .find(|path| path.ends_with("c/0.bin"))
        .unwrap();
    let path = place.path("site").join(&cards);
    let mut bytes = fs::read(&path).unwrap();
    bytes[9] ^= 1;
    fs::write(&path, bytes).unwrap();
    let run = place.run(&["query", "site", "kites"]).expect(1);
    assert!(run.err.contains(cards.to_str().unwrap()), "{}", run.err);
    assert!(run.err.contains("offprint verify site"), "{}", run.err);
    fs::remove_file(&path).unwrap();
    let run = place.run(&["query", "site", "kites"]).expect(1);
    assert!(run.err.contains("c/0.bin is missing"), "{}", run.err);
}

#[test]
fn inspect_counts() {
    let place = built();
    let json = place.run(&["inspect", "site", "--json"]).expect(0).json();
    assert_eq!(
        (&json["papers"], &json["title"]),
        (&Value::from(4), &"Papers".into())
    );
    let sections = json["sections"].as_object().unwrap();
    let sum: u64 = sections
        .values()
        .map(|section| section["bytes"].as_u64().unwrap())
        .sum();
    assert_eq!(json["bytes"], sum + json["manifest"].as_u64().unwrap());
    assert!(json["postings"].as_u64().unwrap() > 10);
    assert!(
        place
            .run(&["inspect", "site"])
            .expect(0)
            .out
            .contains("postings")
    );
}

#[test]
fn output_has_no_colour_unless_on_a_terminal() {
    let place = built();
    place.write("bad.jsonl", format!("{}\nrubbish \u{1b}[31m", RECORDS[0]));
    for args in [
        &["build", "--index-only", "--out", "site", "bad.jsonl"][..],
        &["query", "site", "kites"],
        &["inspect", "site"],
        &["verify", "site"],
        &["verify", "nowhere"],
        &["build", "--out", "site", "nothing.jsonl"],
    ] {
        let run = place.run(args);
        assert!(
            !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
            "{args:?}"
        );
    }
}

#[test]
fn completions_are_made_for_shells() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = place.run(&["completions", shell]).expect(0);
        assert!(
            run.out.contains("offprint") && run.out.contains("verify"),
            "{shell}"
        );
    }
}

#[test]
fn verify_notices_every_kind_of_damage_and_building_again_mends_it() {
    let place = built();
    let sound = place.tree("site");
    place.run(&["verify", "site"]).expect(0);
    let damaged = |place: &Place| -> Vec<String> {
        let run = place.run(&["verify", "site", "--json"]).expect(4);
        let problems = run.json()["problems"].clone();
        problems
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["path"].as_str().unwrap().to_owned())
            .collect()
    };
    for (path, bytes) in sound.iter().filter(|(_, bytes)| !bytes.is_empty()) {
        let full = place.path("site").join(path);
        let name = path.to_str().unwrap().to_owned();
        let mut flipped = bytes.clone();
        *flipped.last_mut().unwrap() ^= 0x20;
        fs::write(&full, flipped).unwrap();
        assert!(damaged(&place).contains(&name), "flip in {name}");
        fs::write(&full, &bytes[..bytes.len() - 1]).unwrap();
        assert!(damaged(&place).contains(&name), "cut of {name}");
        fs::remove_file(&full).unwrap();
        let noticed = damaged(&place);
        assert!(
            noticed.contains(&name) || noticed.contains(&"builds".to_owned()),
            "loss of {name}"
        );
        place.index(&["papers.jsonl"]).expect(0);
        assert_eq!(place.tree("site"), sound, "after {name}");
    }
    // Two files that take each other's places.
    let blocks: Vec<_> = sound
        .keys()
        .filter(|path| path.starts_with("segments"))
        .collect();
    let (one, two) = (
        place.path("site").join(blocks[0]),
        place.path("site").join(blocks[1]),
    );
    fs::write(&one, &sound[blocks[1]]).unwrap();
    fs::write(&two, &sound[blocks[0]]).unwrap();
    let found = damaged(&place);
    let name = |path: &PathBuf| path.to_str().unwrap().to_owned();
    assert!(found.contains(&name(blocks[0])) && found.contains(&name(blocks[1])));
    place.index(&["papers.jsonl"]).expect(0);
    // A file that no build made.
    place.write("site/segments/extra.bin", "x");
    assert_eq!(damaged(&place), ["segments/extra.bin"]);
}
