//! `build --single-file`: what it writes, what it refuses.
//!
//! What the file does in a browser stands in `tests/browsers/single.rs`.

use std::fs;

use crate::place::{Place, RECORDS, Run};

fn place() -> Place {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    place
}

fn build(place: &Place, file: &str, more: &[&str]) -> Run {
    let mut args = vec!["build", "papers.jsonl", "--single-file", file];
    args.extend(more);
    place.run(&args)
}

/// Builds a file; `None` where the program carries no client and says so.
fn built(place: &Place, file: &str, more: &[&str]) -> Option<Run> {
    let run = build(place, file, more);
    if run.code == 1 && run.err.contains("without the browser client") {
        assert!(!place.path(file).exists());
        return None;
    }
    Some(run.expect(0))
}

/// The text of a file, which has to be UTF-16 with its mark.
fn text(place: &Place, file: &str) -> String {
    let bytes = fs::read(place.path(file)).unwrap();
    assert_eq!(bytes[..2], [0xff, 0xfe]);
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).unwrap()
}

#[test]
fn one_file_holds_everything() {
    let place = place();
    let about = [
        "--title",
        "Kites & <Co>",
        "--description",
        "“Über”</script>",
    ];
    let Some(run) = built(&place, "out/kites.html", &about) else {
        return;
    };
    assert!(
        run.out.contains("open out/kites.html in a browser"),
        "{}",
        run.out
    );
    let names: Vec<_> = place.tree("out").into_keys().collect();
    assert_eq!(names, [std::path::Path::new("kites.html")]);
    let html = text(&place, "out/kites.html");
    for said in [
        "<title>Kites &amp; &lt;Co&gt;</title>",
        "“Über”&lt;/script&gt;",
        "<style>",
    ] {
        assert!(html.contains(said), "{said}");
    }
    // Nothing else is loaded, and no script ends early.
    for gone in [
        " src=",
        "stylesheet",
        "preload",
        "href=\"client/",
        "href=\"./",
    ] {
        assert!(!html.contains(gone), "{gone}");
    }
    assert_eq!(
        html.matches("<script").count(),
        html.matches("</script>").count()
    );
}

#[test]
fn the_same_papers_give_the_same_bytes() {
    let place = place();
    if built(&place, "a.html", &[]).is_none() {
        return;
    }
    build(&place, "b.html", &["--threads", "1"]).expect(0);
    let [a, b] = ["a.html", "b.html"].map(|file| fs::read(place.path(file)).unwrap());
    assert!(a == b, "the files differ");
    // A file of an earlier build is replaced, and is no input of its own folder.
    place.write("papers/papers.jsonl", RECORDS.join("\n"));
    let args = ["build", "papers", "--single-file", "papers/site.html"];
    for _ in 0..2 {
        place.run(&args).expect(0);
    }
    let again = fs::read(place.path("papers/site.html")).unwrap();
    assert!(a == again, "the file differs");
}

#[test]
fn another_file_is_not_replaced() {
    let place = place();
    if built(&place, "a.html", &[]).is_none() {
        return;
    }
    for other in ["<!doctype html>mine", "", "\u{feff}"] {
        place.write("mine.html", other);
        let run = build(&place, "mine.html", &[]).expect(1);
        assert!(run.err.contains("not made by offprint"), "{}", run.err);
        assert!(run.err.contains("--force"), "{}", run.err);
        assert_eq!(fs::read(place.path("mine.html")).unwrap(), other.as_bytes());
    }
    build(&place, "mine.html", &["--force"]).expect(0);
    assert!(text(&place, "mine.html").contains("<offprint-search"));
}

#[test]
fn a_large_index_is_refused_with_advice() {
    let place = place();
    if built(&place, "a.html", &[]).is_none() {
        return;
    }
    let run = build(&place, "b.html", &["--single-file-limit", "500"]).expect(1);
    for said in [
        "at most 500 B",
        "the index takes ",
        "--out",
        "--single-file-limit",
    ] {
        assert!(run.err.contains(said), "{said} in {}", run.err);
    }
    assert!(!place.path("b.html").exists());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = place();
    for more in [
        &["--out", "site"][..],
        &["--index-only"],
        &["--layout", "packs"],
        &["--keep", "2"],
    ] {
        let run = build(&place, "a.html", more).expect(2);
        assert!(run.err.contains("--single-file"), "{}", run.err);
        assert!(!place.path("a.html").exists());
    }
    for args in [
        &["build", "papers.jsonl"][..],
        &[
            "build",
            "papers.jsonl",
            "--out",
            "s",
            "--single-file-limit",
            "1M",
        ],
    ] {
        place.run(args).expect(2);
    }
    let run = build(&place, "a.html", &["--single-file-limit", "much"]).expect(2);
    assert!(run.err.contains("512M"), "{}", run.err);
}
