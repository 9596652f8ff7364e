//! `offprint.toml`: where it is found, what goes before it, how its errors read.

use std::fs;

use serde_json::Value;

use crate::place::{Place, RECORDS};

/// A folder with papers and settings, and a folder beside it.
fn place(settings: &str) -> Place {
    let place = Place::new();
    place.write("group/papers.jsonl", RECORDS[..3].join("\n"));
    place.write("group/more/one.jsonl", RECORDS[3]);
    place.write("group/offprint.toml", settings);
    place.write("else/other.jsonl", RECORDS[0]);
    place
}

#[test]
fn what_the_command_line_leaves_open_is_read_from_the_file() {
    let place = place(
        "title = \"Kites\"\ninputs = [\"papers.jsonl\", \"more\"]\nout = \"../site\"\n\
         keep = 0\nneighbours = false\ntopics = 2\nlayout = \"packs\"\n",
    );
    // From another folder: paths begin where the file lies.
    let config = [
        "build",
        "--index-only",
        "--json",
        "--config",
        "group/offprint.toml",
    ];
    let json = place.run(&config).expect(0).json();
    assert_eq!(
        (&json["papers"], &json["out"]),
        (&Value::from(4), &"group/../site".into())
    );
    let title =
        |site: &str| place.run(&["inspect", site, "--json"]).expect(0).json()["title"].clone();
    assert_eq!(title("site"), "Kites");
    let tree = place.tree("site");
    assert!(
        tree.keys().any(|path| path.ends_with("d/0.bin")),
        "packs have a directory"
    );

    let mut given = config.to_vec();
    given.extend([
        "else/other.jsonl",
        "--title",
        "Owls",
        "--out",
        "other",
        "--layout",
        "chunks",
    ]);
    let json = place.run(&given).expect(0).json();
    assert_eq!(
        (&json["papers"], &json["out"]),
        (&Value::from(1), &"other".into())
    );
    assert_eq!(title("other"), "Owls");
    assert!(
        !place
            .tree("other")
            .keys()
            .any(|path| path.ends_with("d/0.bin"))
    );

    // `keep = 0` of the file: the build before does not stay.
    place.write("group/more/one.jsonl", RECORDS[2].replace("k3", "k9"));
    let json = place.run(&config).expect(0).json();
    assert_eq!(
        (&json["kept"], &json["removed"]),
        (&Value::from(0), &Value::from(1))
    );
}

#[test]
fn the_file_of_the_current_folder_is_read() {
    let place = Place::new();
    place.write("papers.jsonl", format!("{}\nrubbish", RECORDS[0]));
    place.write(
        "offprint.toml",
        "inputs = \"papers.jsonl\"\nout = \"site\"\nstrict = true\n",
    );
    let run = place.run(&["build", "--index-only", "--json"]).expect(3);
    assert_eq!(run.json()["skipped"], 1);
    place.write("papers.jsonl", RECORDS[0]);
    place.run(&["build", "--index-only"]).expect(0);
    place.run(&["verify", "site"]).expect(0);
}

#[test]
fn errors_name_file_line_and_remedy() {
    let place = Place::new();
    for (text, said) in [
        (
            "title = \"x\"\n\naccnt = \"red\"\n",
            "error: offprint.toml:3: there is no key `accnt` here\nhelp: did you mean `accent`?\n",
        ),
        ("title = \"x\nkeep = 1", "error: offprint.toml:1: "),
        ("logo = \"missing.svg\"", "error: cannot read missing.svg: "),
        (
            "accent = \"red;}\"",
            "error: offprint.toml:1: this is no colour of CSS\nhelp: give a colour such as \"#9a3324\" or \"rebeccapurple\"\n",
        ),
    ] {
        place.write("offprint.toml", text);
        for command in ["build", "serve"] {
            let run = place.run(&[command]).expect(1);
            assert!(run.err.starts_with(said), "{}", run.err);
            assert_eq!(run.out, "");
        }
    }
    let run = place.run(&["build", "--config", "other.toml"]).expect(1);
    assert!(run.err.contains("cannot read other.toml"), "{}", run.err);
}

#[test]
fn what_is_not_given_at_all_is_asked_for() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[0]);
    let run = place.run(&["build", "--index-only"]).expect(2);
    assert!(
        run.err.contains("no papers are given") && run.err.contains("offprint init"),
        "{}",
        run.err
    );
    let run = place
        .run(&["build", "papers.jsonl", "--index-only"])
        .expect(2);
    assert!(run.err.contains("--out DIR"), "{}", run.err);
    place.write("offprint.toml", "title = \"Kites\"\n");
    // There are settings, so nobody means the sample.
    let run = place.run(&["serve"]).expect(2);
    assert!(run.err.contains("no papers are given"), "{}", run.err);
    let run = place
        .run(&["build", "papers.jsonl", "--base-url", "papers/"])
        .expect(2);
    assert!(
        run.err.contains("https://example.org/papers/"),
        "{}",
        run.err
    );
}

#[test]
fn init_writes_what_builds_and_overwrites_nothing() {
    let place = Place::new();
    let run = place.run(&["init", "reading"]).expect(0);
    for name in [
        "papers.jsonl",
        "offprint.toml",
        ".github/workflows/offprint-pages.yml",
    ] {
        assert!(place.path("reading").join(name).is_file(), "{name}");
        assert!(
            run.out.contains(&format!("Wrote reading/{name}")),
            "{}",
            run.out
        );
    }
    assert!(run.out.contains("offprint serve"), "{}", run.out);
    let config = [
        "build",
        "--index-only",
        "--json",
        "--config",
        "reading/offprint.toml",
    ];
    let run = place.run(&config).expect(0);
    assert_eq!(
        (&run.json()["papers"], run.err.as_str()),
        (&Value::from(4), "")
    );
    assert!(place.path("reading/site/manifest.bin").is_file());

    // Every key that the file explains is one.
    let text = fs::read_to_string(place.path("reading/offprint.toml")).unwrap();
    let said: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest)
                if rest.starts_with('[')
                    || rest
                        .split(" = ")
                        .next()
                        .is_some_and(|key| key != rest && !key.contains(' ')) =>
            {
                rest
            }
            Some(_) => "",
            None => line,
        })
        // The second of two ways to say it.
        .filter(|line| !line.starts_with("accent = {") && !line.starts_with("logo"))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write(
        "reading/all.toml",
        said.replace("expansions = ", "# ")
            .replace("templates = ", "# "),
    );
    let all = [
        "build",
        "--index-only",
        "--json",
        "--config",
        "reading/all.toml",
    ];
    place.run(&all).expect(0);

    place.write("reading/offprint.toml", "# mine\n");
    let run = place.run(&["init", "reading"]).expect(0);
    assert!(
        run.out.contains("reading/offprint.toml is there already"),
        "{}",
        run.out
    );
    assert_eq!(
        fs::read_to_string(place.path("reading/offprint.toml")).unwrap(),
        "# mine\n"
    );
}

#[test]
fn init_finds_papers_that_are_there() {
    let place = Place::new();
    place.write("list.jsonl", RECORDS[0]);
    place.write("a \"b\".jsonl", RECORDS[1]);
    place.write("package.json", "{\n  \"name\": \"x\"\n}\n");
    place.write("notes.txt", "Only notes.\n");
    let run = place
        .run(&["init", "--repository", "https://example.org/offprint.git"])
        .expect(0);
    assert!(!place.path("papers.jsonl").exists());
    assert!(
        run.out.contains("Papers found: a \"b\".jsonl, list.jsonl"),
        "{}",
        run.out
    );
    let text = fs::read_to_string(place.path("offprint.toml")).unwrap();
    assert!(
        text.contains("inputs = [\"a \\\"b\\\".jsonl\", \"list.jsonl\"]"),
        "{text}"
    );
    assert_eq!(
        place
            .run(&["build", "--index-only", "--json"])
            .expect(0)
            .json()["papers"],
        2
    );
    let workflow = fs::read_to_string(place.path(".github/workflows/offprint-pages.yml")).unwrap();
    assert!(workflow.contains("OFFPRINT_REPOSITORY: \"https://example.org/offprint.git\""));
}
