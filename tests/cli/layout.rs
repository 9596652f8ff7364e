//! `--layout`: where the index lies, and that every command reads it there.

use std::fs;

use serde_json::Value;

use crate::place::{Place, RECORDS};

/// Papers enough for lists outside the term shards to be a matter of the layout alone.
fn place() -> Place {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    place
}

fn build(place: &Place, layout: &str) {
    place.index(&["papers.jsonl", "--layout", layout]).expect(0);
}

/// Problems that `verify` finds, as paths and words.
fn problems(place: &Place) -> Vec<(String, String)> {
    let json = place.run(&["verify", "site", "--json"]).expect(4).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let problems = json["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| {
            assert!(text(&problem["remedy"]).contains("build the site again"));
            (text(&problem["path"]), text(&problem["problem"]))
        })
        .collect()
}

#[test]
fn the_layout_is_chosen_and_shown() {
    let place = place();
    for (asked, made) in [("chunks", "chunks"), ("packs", "packs"), ("auto", "chunks")] {
        build(&place, asked);
        let json = place.run(&["inspect", "site", "--json"]).expect(0).json();
        assert_eq!(json["layout"], made, "--layout {asked}");
        let sections = json["sections"].as_object().unwrap();
        assert_eq!(sections.contains_key("directory"), made == "packs");
        let text = place.run(&["inspect", "site"]).expect(0).out;
        assert!(text.contains(&format!("layout       {made}")), "{text}");
        let verified = place.run(&["verify", "site", "--json"]).expect(0).json();
        assert_eq!(verified["blocks"], json["blocks"], "{made}");
    }
    let refused = place.run(&["build", "papers.jsonl", "--out", "s", "--layout", "tapes"]);
    assert!(refused.expect(2).err.contains("packs"));
}

#[test]
fn both_layouts_answer_alike() {
    let place = place();
    let ask = |query: &str| {
        let args = ["query", "site", query, "--json"];
        place.run(&args).expect(0).json()
    };
    for query in ["kites wind", "kite", "l", "ada lund", "nothing of it"] {
        build(&place, "chunks");
        let chunks = ask(query);
        build(&place, "packs");
        let packs = ask(query);
        for key in ["query", "total", "total_any", "exact", "hits"] {
            assert_eq!(chunks[key], packs[key], "{query:?}: {key}");
        }
    }
}

#[test]
fn verify_comes_to_every_block_of_a_pack_without_the_list_of_files() {
    let place = place();
    build(&place, "packs");
    let sound = place.tree("site");
    let lists: Vec<_> = sound
        .keys()
        .filter(|path| path.starts_with("builds"))
        .collect();
    for list in lists {
        fs::remove_file(place.path("site").join(list)).unwrap();
    }
    let list = "builds".to_owned();
    let packs: Vec<_> = sound
        .iter()
        .filter(|(path, _)| path.starts_with("segments"))
        .collect();
    assert_eq!(packs.len(), 9, "a file of every section but postings");
    for (path, bytes) in packs {
        let full = place.path("site").join(path);
        let name = path.to_str().unwrap().to_owned();
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            fs::write(&full, flipped).unwrap();
            let found = problems(&place);
            let said = found.iter().find(|(path, _)| *path == name);
            let said = &said
                .unwrap_or_else(|| panic!("flip at {at} of {name}: {found:?}"))
                .1;
            assert!(said.contains("checksum"), "{said}");
        }
        fs::write(&full, &bytes[..bytes.len() - 1]).unwrap();
        assert!(problems(&place).contains(&(name.clone(), "it ends early".to_owned())));
        fs::write(&full, [bytes.as_slice(), b"more"].concat()).unwrap();
        let found = problems(&place);
        // Nothing reads what follows the last block; the manifest tells that it is too much.
        assert!(
            found.iter().any(|(path, _)| *path != list),
            "{name}: {found:?}"
        );
        fs::remove_file(&full).unwrap();
        let missing = "the manifest needs it and it is missing".to_owned();
        assert!(problems(&place).contains(&(name, missing)));
        fs::write(&full, bytes).unwrap();
    }
    assert_eq!(problems(&place).len(), 1, "the list alone is missing");
}
