#![allow(clippy::unwrap_used, clippy::panic)]

use miette::Diagnostic;

use super::*;
use crate::listing::List;

fn parse(text: &str) -> Result<Config> {
    Config::parse(Path::new("group/offprint.toml"), text)
}

/// Line, message and help.
fn error(text: &str) -> (usize, String, String) {
    let error = parse(text).unwrap_err();
    let span = *error.labels().unwrap().next().unwrap().inner();
    let contents = error.source_code().unwrap().read_span(&span, 0, 0).unwrap();
    assert_eq!(contents.name(), Some("group/offprint.toml"));
    let help = error.help().map(|help| help.to_string());
    (
        contents.line() + 1,
        error.to_string(),
        help.unwrap_or_default(),
    )
}

#[test]
fn everything_that_can_be_said() {
    let config = parse(
        r##"
title = "Kites"
description = "All of them"
base-url = "https://example.org/kites"
lang = "de-AT"
inputs = ["a.jsonl", "/dumps"]
out = "../site"
accent = { light = "#17456f", dark = "#a3c8ea" }
fields = ["date", "authors", "date"]
facets = false
layout = "packs"
keep = 3
neighbours = false
topics = 12
expansions = "w.jsonl"
strict = true
[home]
list = ["topics", "newest", "days"]
papers = 1000
topics = 3
days = 4
"##,
    )
    .unwrap();
    assert_eq!(config.title.as_deref(), Some("Kites"));
    assert_eq!(config.description.as_deref(), Some("All of them"));
    assert_eq!(
        config.inputs,
        [Path::new("group/a.jsonl"), Path::new("/dumps")]
    );
    assert_eq!(config.out.as_deref(), Some(Path::new("group/../site")));
    assert_eq!(
        config.expansions.as_deref(),
        Some(Path::new("group/w.jsonl"))
    );
    assert_eq!(config.layout, Some(Layout::Packs));
    assert_eq!(config.keep, Some(3));
    assert_eq!(config.neighbours, Some(Compare::Off));
    assert_eq!(config.topics, Some(Topics::Count(12)));
    assert!(config.strict);
    let Page {
        lang,
        base_url,
        accent,
        fields,
        facets,
        home,
        ..
    } = config.page;
    assert_eq!(lang.tag, "de-AT");
    assert_eq!(base_url.unwrap().as_str(), "https://example.org/kites/");
    let accent = accent.unwrap();
    assert_eq!(
        (accent.light.as_str(), accent.dark.as_str()),
        ("#17456f", "#a3c8ea")
    );
    assert_eq!(fields.unwrap(), ["date", "authors"]);
    assert!(facets.unwrap().is_empty());
    assert_eq!(home.lists, [List::Topics, List::Newest, List::Days]);
    assert_eq!((home.papers, home.topics, home.days), (MOST, 3, 4));
    assert_eq!(config.notes, ["the start page lists 100 papers at most"]);
}

#[test]
fn an_empty_file_says_nothing() {
    let config = parse("# nothing\n").unwrap();
    assert!(config.title.is_none() && config.inputs.is_empty() && !config.strict);
    assert_eq!(config.page.home, Home::default());
}

#[test]
fn what_is_wrong_is_shown_where_it_is() {
    for (text, line, message, help) in [
        (
            "titel = \"x\"",
            1,
            "there is no key `titel` here",
            "did you mean `title`?",
        ),
        (
            "title = \"x\"\n\nBase_URL = 1",
            3,
            "there is no key `Base_URL` here",
            "did you mean `base-url`?",
        ),
        (
            "\n[home]\nlists = []",
            3,
            "there is no key `lists` here",
            "did you mean `list`?",
        ),
        (
            "title = 7",
            1,
            "`title` is a number where a text was expected",
            "give a text, or leave `title` out",
        ),
        (
            "keep = -1",
            1,
            "`keep` is a number where a whole number from 0 on was expected",
            "give a whole number from 0 on, or leave `keep` out",
        ),
        (
            "facets = [\n\"year\",\n\"venues\"]",
            3,
            "`facets` cannot hold \"venues\"",
            "did you mean `venue`?",
        ),
        (
            "accent = \"red;}\"",
            1,
            "this is no colour of CSS",
            "give a colour such as \"#9a3324\" or \"rebeccapurple\"",
        ),
        (
            "accent = { light = \"#fff\", dark = \"</style>\" }",
            1,
            "this is no colour of CSS",
            "give a colour such as \"#9a3324\" or \"rebeccapurple\"",
        ),
        (
            "lang = 'en\" onload=\"x'",
            1,
            "`lang` cannot be \"en\\\" onload=\\\"x\"",
            "the page has no texts in it: choose one of en, de, ar",
        ),
        (
            "base-url = \"javascript:x\"",
            1,
            "`base-url` cannot be \"javascript:x\"",
            "give the whole address of the site’s folder, such as https://example.org/papers/",
        ),
        (
            "topics = 999",
            1,
            "`topics` cannot be \"999\"",
            "give auto, off, or a number from 1 to 200",
        ),
        (
            "layout = \"chunk\"",
            1,
            "`layout` cannot be \"chunk\"",
            "give \"auto\", \"chunks\" or \"packs\"",
        ),
        (
            "inputs = [\"-\"]",
            1,
            "standard input cannot be named in a file",
            "give `-` on the command line",
        ),
    ] {
        assert_eq!(
            error(text),
            (line, message.to_owned(), help.to_owned()),
            "{text}"
        );
    }
    // What TOML itself makes of a file.
    for text in ["title = \"x", "title = x", "a = 1\na = 2", "[home", "title"] {
        assert!(matches!(parse(text), Err(Failure::Misread(_))), "{text}");
    }
}

#[test]
fn a_pale_accent_is_told() {
    let config = parse("accent = \"#ffcc00\"").unwrap();
    let light = config.page.accent.unwrap().light;
    assert_eq!(
        config.notes,
        [format!(
            "the accent #ffcc00 is too pale to be read on light pages; {light} takes its place there"
        )]
    );
    assert!(parse("accent = \"#17456f\"").unwrap().notes.is_empty());
}
