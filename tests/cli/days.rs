//! Days on which papers were listed: the files of the index, the start page, and what checks them.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::place::Place;

/// A page dump: a header, then titles and abstracts.
fn dump(day: &str, titles: &[&str]) -> String {
    let body =
        "It is measured how a kite of this kind flies in wind of several strengths. ".repeat(6);
    let papers: Vec<String> = titles
        .iter()
        .map(|title| format!("{title}\n\n{body}\n\n"))
        .collect();
    format!(
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\n{day}\n\n{}",
        papers.concat()
    )
}

/// What a site has of days, by the path in the segment's folder.
fn files(place: &Place) -> Vec<(String, Value)> {
    let tree = place.tree("site");
    let of_days = tree.iter().filter_map(|(path, bytes): (&PathBuf, _)| {
        let path = path.to_str()?;
        let path = path.get(path.find("/days")? + 1..)?.to_owned();
        Some((path, serde_json::from_slice(bytes).ok()?))
    });
    let mut files: Vec<(String, Value)> = of_days.collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

#[test]
fn days_of_dumps_are_files_of_the_index() {
    let place = Place::new();
    place.write(
        "a.txt",
        dump("Mar 13", &["Box kites in rain", "Delta kites in fog"]),
    );
    // The same day again, and a paper of it on another day.
    place.write(
        "b.txt",
        dump("Mar 13", &["Delta kites in fog", "Kites at night"]),
    );
    place.write("c.txt", dump("Jul 30", &["Box kites in rain"]));
    let inputs = ["a.txt", "b.txt", "c.txt"];
    place.index(&inputs).expect(0);
    let found = files(&place);
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["days.json", "days/0.json"]);
    assert_eq!(
        found[0].1,
        json!({ "per_file": 100, "days": [["Mar 13", 3, 0], ["Jul 30", 1, 3]] })
    );
    let titles: Vec<&Value> = found[1]
        .1
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["title"])
        .collect();
    assert_eq!(
        titles,
        [
            "Box kites in rain",
            "Delta kites in fog",
            "Kites at night",
            "Box kites in rain"
        ]
    );
    // Documents are those of the engine.
    let asked = place.run(&["query", "site", "kites at night", "--json"]);
    let hit = &asked.expect(0).json()["hits"][0];
    let line = &found[1].1[2];
    assert_eq!((&hit["doc"], &hit["id"]), (&line["doc"], &line["id"]));
    // Nothing but the inputs decides their bytes, and both layouts have them.
    for more in [["--threads", "1"], ["--layout", "packs"]] {
        place
            .index(&[&inputs[..], &more[..], &["--keep", "0"]].concat())
            .expect(0);
        let again = files(&place);
        assert_eq!(again, found, "{more:?}");
    }

    let sound = place.run(&["verify", "site", "--json"]).expect(0).json();
    assert_eq!(sound["ok"], true);
    let tree = place.tree("site");
    let file = tree
        .keys()
        .find(|path| path.ends_with("days/0.json"))
        .unwrap();
    fs::write(place.path("site").join(file), "[]").unwrap();
    let damaged = place.run(&["verify", "site", "--json"]);
    let problems = damaged.json()["problems"].to_string();
    assert!(problems.contains("days/0.json"), "{problems}");
}

#[test]
fn papers_without_a_day_have_no_files_of_days() {
    let place = Place::new();
    place.write("a.jsonl", crate::place::RECORDS.join("\n"));
    place.index(&["a.jsonl"]).expect(0);
    assert!(files(&place).is_empty());
}

#[test]
fn the_start_page_lists_days_where_there_are_some() {
    let place = Place::new();
    place.write(
        "a.txt",
        dump("Mar 13", &["Box kites in rain", "Delta kites in fog"]),
    );
    place.write("b.txt", dump("Mar 14", &["Kites at night"]));
    let run = place.run(&["build", "a.txt", "b.txt", "--out", "site", "--lang", "de"]);
    if run.err.contains("without the browser client") {
        return;
    }
    run.expect(0);
    let page = fs::read_to_string(place.path("site/index.html")).unwrap();
    let days = "<h2>Artikel nach Tagen</h2>\n<ul class=\"topics days\">\n\
                <li dir=\"auto\"><a href=\"#listed=Mar%2013\">Mar 13</a> (2)</li>\n\
                <li dir=\"auto\"><a href=\"#listed=Mar%2014\">Mar 14</a> (1)</li>\n</ul>";
    assert!(page.contains(days), "{page}");
    // What is kept offline is all that a segment has.
    let tree = place.tree("site");
    let (_, list) = tree
        .iter()
        .find(|(path, _)| path.ends_with("files.json"))
        .unwrap();
    let list = String::from_utf8_lossy(list);
    assert!(
        list.contains("[\"days.json\",") && list.contains("[\"days/0.json\","),
        "{list}"
    );

    place.write("offprint.toml", "[home]\nlist = [\"days\"]\ndays = 1\n");
    place
        .run(&["build", "a.txt", "b.txt", "--out", "site", "--force"])
        .expect(0);
    let page = fs::read_to_string(place.path("site/index.html")).unwrap();
    let all = "(2)</li>\n<li><a href=\"#listed=\">All days</a> (2)</li>\n</ul>";
    assert!(
        page.contains(all) && !page.contains("Some of the papers"),
        "{page}"
    );
}
