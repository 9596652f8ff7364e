//! `build`: what it counts, what it writes, what it leaves alone.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::place::{Place, RECORDS, built, keys};

#[test]
fn build_counts_what_it_met() {
    let place = Place::new();
    place.write(
        "a.jsonl",
        [RECORDS[0], RECORDS[1], "{\"abstract\": 7}", RECORDS[0]].join("\n"),
    );
    place.write("b.jsonl", [RECORDS[2], RECORDS[1], "not json"].join("\n"));
    let run = place.index(&["a.jsonl", "b.jsonl"]).expect(0);
    let json = run.json();
    for (key, count) in [
        ("rows", 7),
        ("papers", 3),
        ("duplicates", 2),
        ("skipped", 2),
    ] {
        assert_eq!(json[key], count, "{key}");
    }
    assert_eq!(json["recurring_titles"], 2);
    assert_eq!(
        json["per_input"],
        serde_json::json!([
            {"input": "a.jsonl", "rows": 4, "papers": 2, "duplicates": 1, "skipped": 1},
            {"input": "b.jsonl", "rows": 3, "papers": 1, "duplicates": 1, "skipped": 1},
        ])
    );
    assert_eq!(
        keys(&json["sections"]),
        [
            "cards",
            "columns",
            "identifiers",
            "manifest",
            "positions",
            "records",
            "related",
            "spelling",
            "terms"
        ]
    );
    assert_eq!(json["out"], "site");
    assert!(json["seconds"].is_f64());
    let tree = place.tree("site");
    let files = tree.len() - usize::from(tree.contains_key(Path::new(".nojekyll")));
    assert_eq!(json["files"], files);
    let bytes: usize = tree.values().map(Vec::len).sum();
    assert_eq!(json["bytes"], bytes);
    assert!(run.err.contains("a.jsonl:3: "), "{}", run.err);
    assert!(
        run.err.contains("b.jsonl:3: the line is not JSON"),
        "{}",
        run.err
    );
    let listed = json["diagnostics"].as_array().unwrap();
    assert!(
        listed
            .iter()
            .any(|said| said["file"] == "b.jsonl" && said["line"] == 3)
    );
}

#[test]
fn many_diagnostics_are_cut_for_people_and_all_listed_for_programs() {
    let place = Place::new();
    place.write(
        "a.jsonl",
        format!("{}\n{}", RECORDS[0], "rubbish\n".repeat(30)),
    );
    let run = place.index(&["a.jsonl"]).expect(0);
    assert_eq!(
        run.err
            .lines()
            .filter(|line| line.starts_with("error: a.jsonl:"))
            .count(),
        20
    );
    assert!(
        run.err.contains("and 10 more; --json lists all"),
        "{}",
        run.err
    );
    assert_eq!(run.json()["diagnostics"].as_array().unwrap().len(), 30);
}

#[test]
fn strict_writes_nothing_when_a_record_is_skipped() {
    let place = Place::new();
    place.write("a.jsonl", format!("{}\nrubbish", RECORDS[0]));
    let run = place.run(&[
        "build",
        "--index-only",
        "--strict",
        "--json",
        "--out",
        "s",
        "a.jsonl",
    ]);
    let json = run.expect(3).json();
    assert_eq!(
        (&json["written"], &json["skipped"]),
        (&Value::Bool(false), &Value::from(1))
    );
    assert!(!place.path("s").exists());
    place.write("a.jsonl", RECORDS[0]);
    place
        .run(&["build", "--index-only", "--strict", "--out", "s", "a.jsonl"])
        .expect(0);
}

#[test]
fn folders_and_standard_input_are_read() {
    let place = Place::new();
    place.write("papers/2.jsonl", RECORDS[1]);
    place.write("papers/1.jsonl", RECORDS[0]);
    place.write("papers/.hidden.jsonl", RECORDS[3]);
    place.write("papers/picture.png", b"\x89PNG\r\n\x1a\n");
    let args = [
        "build",
        "--index-only",
        "--json",
        "--out",
        "papers/site",
        "papers",
        "-",
    ];
    // The second time the site lies in the folder that is read.
    for _ in 0..2 {
        let run = place.run_with(&args, RECORDS[2].as_bytes()).expect(0);
        let json = run.json();
        assert_eq!(json["papers"], 3);
        let inputs: Vec<_> = json["per_input"]
            .as_array()
            .unwrap()
            .iter()
            .map(|input| &input["input"])
            .collect();
        assert_eq!(
            inputs,
            [
                "papers/1.jsonl",
                "papers/2.jsonl",
                "papers/picture.png",
                "<stdin>"
            ]
        );
        assert!(
            run.err
                .contains("papers/picture.png: the format is not known"),
            "{}",
            run.err
        );
    }
}

#[test]
fn packed_inputs_are_told_by_content() {
    let place = Place::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(RECORDS[0].as_bytes()).unwrap();
    place.write("packed", encoder.finish().unwrap());
    assert_eq!(place.index(&["packed"]).expect(0).json()["papers"], 1);
}

#[test]
fn bibtex_and_lists_of_json_are_told_by_content() {
    let place = Place::new();
    place.write(
        "refs",
        "% mine\n@article{a,\n  title = {Kites of {B}ergen},\n  author = {Lund, Ada}\n}\n\
         @article{b, author = {Ek, Bo}}\n@misc{c, title = {Owls}}\n",
    );
    place.write("list", format!("[\n{},\n{}\n]\n", RECORDS[0], RECORDS[1]));
    let run = place.index(&["refs", "list"]).expect(0);
    let json = run.json();
    assert_eq!(
        (&json["papers"], &json["skipped"]),
        (&Value::from(4), &Value::from(1))
    );
    assert!(
        run.err
            .contains("refs:6: the record has neither a title nor an abstract"),
        "{}",
        run.err
    );
    let found = place.run(&[
        "query",
        "site",
        "author:\"ada lund\" kites bergen",
        "--json",
    ]);
    assert_eq!(
        found.expect(0).json()["hits"][0]["title"],
        "Kites of Bergen"
    );
}

#[test]
fn what_cannot_be_read_is_an_error_and_writes_nothing() {
    let place = Place::new();
    place.write("picture.png", b"\x89PNG\r\n\x1a\n");
    place.write("empty.jsonl", "");
    place.write("rubbish.jsonl", "{\"a\": 1}\n");
    for (input, said) in [
        ("picture.png", "picture.png: the format is not known"),
        ("empty.jsonl", "empty.jsonl: the input is empty"),
        ("missing.jsonl", "cannot read missing.jsonl"),
        ("rubbish.jsonl", "there is no paper"),
    ] {
        let run = place.index(&[input]).expect(1);
        assert!(run.err.contains(said), "{input}: {}", run.err);
        assert!(
            run.err.contains("help: ") || input == "missing.jsonl",
            "{}",
            run.err
        );
        assert_eq!(run.out, "", "{input}");
        assert!(!place.path("site/manifest.bin").exists());
    }
}

#[test]
fn a_whole_site_or_the_reason_why_not() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    let args = [
        "build",
        "papers.jsonl",
        "--out",
        "site",
        "--title",
        "Kites & <Co>",
    ];
    let run = place.run(&args);
    if run.code == 1 {
        assert!(
            run.err.contains("without the browser client"),
            "{}",
            run.err
        );
        assert!(run.err.contains("cargo xtask build"), "{}", run.err);
        assert!(!place.path("site").exists());
        return;
    }
    run.expect(0);
    for name in ["index.html", "offprint.js", "manifest.bin", ".nojekyll"] {
        assert!(place.path("site").join(name).is_file(), "{name}");
    }
    let html = fs::read_to_string(place.path("site/index.html")).unwrap();
    assert!(
        html.contains("Kites &amp; &lt;Co&gt;") && !html.contains("__OFFPRINT_"),
        "{html}"
    );
    place.run(&["verify", "site"]).expect(0);
}

#[test]
fn the_same_papers_give_the_same_site_wherever_they_lie() {
    let (one, two) = (built(), Place::new());
    two.write("deep/down/papers.jsonl", RECORDS.join("\n"));
    let input = two.path("deep/down/papers.jsonl");
    let out = two.path("else/where");
    let args = [
        "build",
        "--index-only",
        input.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    two.run(&args).expect(0);
    assert_eq!(one.tree("site"), two.tree("else/where"));
    let before = one.tree("site");
    one.index(&["papers.jsonl"]).expect(0);
    assert_eq!(one.tree("site"), before);
}

#[test]
fn builds_are_kept_and_leftovers_removed() {
    let place = built();
    place.write("site/CNAME", "papers.example.org");
    place.write("site/.offprint-tmp-killed/segments/x/0.bin", "half");
    place.write("site/.offprint-lock", "");
    place.write("more.jsonl", RECORDS[..2].join("\n"));
    let json = place.index(&["more.jsonl"]).expect(0).json();
    assert_eq!(
        (&json["kept"], &json["removed"]),
        (&Value::from(1), &Value::from(0))
    );
    assert!(!place.path("site/.offprint-tmp-killed").exists());
    assert!(!place.path("site/.offprint-lock").exists());
    let segments = || fs::read_dir(place.path("site/segments")).unwrap().count();
    assert_eq!(segments(), 2);
    place.run(&["verify", "site"]).expect(0);
    place
        .run(&[
            "build",
            "--index-only",
            "--keep",
            "0",
            "--out",
            "site",
            "more.jsonl",
        ])
        .expect(0);
    assert_eq!(segments(), 1);
    assert_eq!(
        fs::read_to_string(place.path("site/CNAME")).unwrap(),
        "papers.example.org"
    );
    place.run(&["verify", "site"]).expect(0);
}

#[test]
fn a_folder_with_other_things_needs_force() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[0]);
    place.write("site/thesis.tex", "years of work");
    let run = place.index(&["papers.jsonl"]).expect(1);
    assert!(
        run.err.contains("thesis.tex") && run.err.contains("--force"),
        "{}",
        run.err
    );
    place.index(&["papers.jsonl", "--force"]).expect(0);
    assert_eq!(
        fs::read_to_string(place.path("site/thesis.tex")).unwrap(),
        "years of work"
    );
}

#[test]
fn two_builds_into_one_folder_do_not_mix() {
    let place = built();
    let lock = fs::File::create(place.path("site/.offprint-lock")).unwrap();
    lock.lock().unwrap();
    let before = place.tree("site");
    let run = place.index(&["papers.jsonl"]).expect(1);
    assert!(run.err.contains("another build is writing"), "{}", run.err);
    assert_eq!(place.tree("site"), before);
    drop(lock);
    place.index(&["papers.jsonl"]).expect(0);
}

#[test]
fn threads_and_memory_change_nothing_that_is_written() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    for (threads, memory) in [("1", "128M"), ("2", "1GiB"), ("3", "2G")] {
        let args = ["--threads", threads, "--memory", memory, "--out", threads];
        let mut all = vec!["build", "--index-only", "papers.jsonl"];
        all.extend(args);
        place.run(&all).expect(0);
    }
    assert_eq!(place.tree("1"), place.tree("2"));
    assert_eq!(place.tree("1"), place.tree("3"));
}

#[test]
fn too_little_memory_is_refused_with_what_is_needed() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[0]);
    for memory in ["64M", "some"] {
        let run = place.index(&["papers.jsonl", "--memory", memory]).expect(2);
        let advice = match memory {
            "64M" => "at least 128M",
            _ => "such as 512M or 2G",
        };
        assert!(run.err.contains(advice), "{}", run.err);
        assert!(!place.path("site").exists());
    }
}
