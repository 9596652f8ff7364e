//! The page that a host's settings and templates make. Without the browser client there is none.

use std::fs;

use crate::place::{Place, RECORDS};

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// Builds the site of these settings; none where the program carries no client.
fn built(place: &Place, settings: &str) -> Option<String> {
    place.write("papers.jsonl", RECORDS.join("\n"));
    let settings = format!("inputs = [\"papers.jsonl\"]\nout = \"site\"\n{settings}");
    place.write("offprint.toml", settings);
    let run = place.run(&["build"]);
    if run.code == 1 && run.err.contains("without the browser client") {
        return None;
    }
    run.expect(0);
    place.run(&["verify", "site"]).expect(0);
    Some(fs::read_to_string(place.path("site/index.html")).unwrap())
}

/// The page's style sheet.
fn style(place: &Place, html: &str) -> String {
    let (_, rest) = html.split_once("<link rel=\"stylesheet\" href=\"").unwrap();
    let (path, _) = rest.split_once('"').unwrap();
    fs::read_to_string(place.path("site").join(path)).unwrap()
}

#[track_caller]
fn holds(html: &str, parts: &[&str]) {
    for part in parts {
        assert!(html.contains(part), "no {part} in\n{html}");
    }
}

#[test]
fn a_page_without_wishes_has_no_address_and_no_colour() {
    let place = Place::new();
    let Some(html) = built(&place, "") else {
        return;
    };
    holds(
        &html,
        &[
            "<html lang=\"en\" dir=\"ltr\">",
            "<title>Papers</title>",
            "<offprint-search url-sync placeholder=\"Search titles, abstracts and authors\">",
            "<h2>Some of the papers</h2>\n<ol>\n<li dir=\"auto\"><a href=\"./?q=Kites+in+Steady+Wind\"",
        ],
    );
    for word in [
        "__OFFPRINT_",
        "canonical",
        "og:",
        "class=\"logo\"",
        "https://offprint",
    ] {
        assert!(!html.contains(word), "{word} in\n{html}");
    }
    assert!(!style(&place, &html).contains("--offprint-link"));
    assert_eq!(fs::read_dir(place.path("site/client")).unwrap().count(), 1);
}

#[test]
fn wishes_stand_in_the_page() {
    let place = Place::new();
    place.write("art/logo.png", PNG);
    place.write(
        "art/dark.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    let html = built(
        &place,
        "title = '\"><script>alert(1)</script> __OFFPRINT_LIST__'\n\
         description = \"Kites & <owls>\"\nbase-url = \"https://example.org/kites\"\nlang = \"ar\"\n\
         accent = \"#06623b\"\nlogo = { src = \"art/logo.png\", dark = \"art/dark.svg\", alt = \"K\\\">\" }\n\
         fields = [\"authors\", \"date\"]\nfacets = [\"year\", \"venue\"]\n\
         [home]\nlist = [\"newest\", \"listed\"]\npapers = 2\n",
    );
    let Some(html) = html else { return };
    holds(
        &html,
        &[
            "<html lang=\"ar\" dir=\"rtl\">",
            "<title>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; __OFFPRINT_LIST__</title>",
            "<link rel=\"canonical\" href=\"https://example.org/kites/\">",
            "<meta property=\"og:description\" content=\"Kites &amp; &lt;owls&gt;\">",
            "filters=\"year venue\" fields=\"authors date\">",
            // The newest of the four, then those without a year last.
            "<h2>أحدث الأبحاث</h2>\n<ol>\n<li dir=\"auto\"><a href=\"./?q=Lanterns",
            "alt=\"K&quot;&gt;\"",
            "media=\"(prefers-color-scheme: dark)\"",
        ],
    );
    assert!(!html.contains("<script>alert"), "{html}");
    assert_eq!(html.matches("<li dir").count(), 4, "{html}");
    let css = style(&place, &html);
    assert!(
        css.contains("--offprint-link:#06623b") && css.contains(".logo{"),
        "{css}"
    );
    assert!(css.contains("light-dark(#06623b,#"), "{css}");
    // The picture lies where the page and its preview say.
    let paths: Vec<String> = place
        .tree("site")
        .into_keys()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let logo = paths
        .iter()
        .find(|path| path.ends_with("/logo.png"))
        .unwrap();
    assert!(html.contains(&format!("src=\"{logo}\"")), "{html}");
    assert!(
        html.contains(&format!("content=\"https://example.org/kites/{logo}\"")),
        "{html}"
    );
    // The same wishes give the same site; other ones another style sheet beside the old one.
    let before = place.tree("site");
    place.run(&["build"]).expect(0);
    assert_eq!(place.tree("site"), before);
}

#[test]
fn templates_take_the_place_of_parts() {
    let place = Place::new();
    place.write(
        "templates/header.html",
        "<h1>__OFFPRINT_TITLE__</h1>\n<nav>Home</nav>",
    );
    place.write(
        "templates/footer.html",
        "<p>__OFFPRINT_PAPERS__ papers</p>\n",
    );
    place.write(
        "templates/head.html",
        "<meta name=\"author\" content=\"__OFFPRINT_TITLE__\">",
    );
    place.write("templates/page.css", "body { max-inline-size: 50rem; }\n");
    place.write("templates/README.md", "Not for the page.");
    let Some(html) = built(&place, "title = \"A & B\"\n") else {
        return;
    };
    holds(
        &html,
        &[
            "<header>\n<h1>A &amp; B</h1>\n<nav>Home</nav>\n</header>",
            "<footer>\n<offprint-offline></offprint-offline>\n<p>4 papers</p>\n</footer>",
            "<meta name=\"author\" content=\"A &amp; B\">\n</head>",
            "<summary>How to search</summary>",
        ],
    );
    assert!(style(&place, &html).ends_with("body { max-inline-size: 50rem; }\n"));

    place.write(
        "templates/index.html",
        "<!doctype html><html lang=\"__OFFPRINT_LANG__\"><head>__OFFPRINT_HEAD__</head>\
         <body>__OFFPRINT_HEADER__|__OFFPRINT_SEARCH__</body></html>",
    );
    let html = built(&place, "title = \"A & B\"\n").unwrap();
    holds(
        &html,
        &[
            "<html lang=\"en\"><head><meta charset=\"utf-8\">",
            "<meta name=\"author\"",
            "<body><h1>A &amp; B</h1>\n<nav>Home</nav>\n|<offprint-search url-sync",
            "</offprint-search>\n</body></html>",
        ],
    );
    assert!(
        !html.contains("__OFFPRINT_") && !html.contains("How to search"),
        "{html}"
    );
}

#[test]
fn templates_that_cannot_work_are_errors() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[0]);
    place.write(
        "offprint.toml",
        "inputs = [\"papers.jsonl\"]\nout = \"site\"\n",
    );
    for (name, text, said) in [
        (
            "index.html",
            "<head></head>__OFFPRINT_SEARCH__",
            "templates/index.html lacks __OFFPRINT_HEAD__\nhelp: put __OFFPRINT_HEAD__ between <head> and </head>",
        ),
        (
            "index.html",
            "<head>__OFFPRINT_HEAD__</head>",
            "templates/index.html lacks __OFFPRINT_SEARCH__\nhelp: put __OFFPRINT_SEARCH__ where",
        ),
        (
            "header.html",
            "<h1>\n__OFFPRINT_TITEL__",
            "templates/header.html:2: __OFFPRINT_TITEL__ is no word to fill in here\nhelp: did you mean __OFFPRINT_TITLE__?",
        ),
        (
            "footer.html",
            "__OFFPRINT_HEAD__",
            "templates/footer.html:1: __OFFPRINT_HEAD__ is no word to fill in here\nhelp: it belongs into index.html alone",
        ),
        (
            "foter.html",
            "x",
            "templates/foter.html takes the place of nothing\nhelp: did you mean `footer.html`?",
        ),
        (
            "style.css",
            "x",
            "templates/style.css takes the place of nothing\nhelp: known are index.html, ",
        ),
    ] {
        let _ = fs::remove_dir_all(place.path("templates"));
        place.write(&format!("templates/{name}"), text);
        let run = place.run(&["build", "--index-only"]).expect(1);
        assert!(run.err.contains(said), "{name}: {}", run.err);
        assert!(!place.path("site").exists());
    }
    let run = place
        .run(&[
            "build",
            "--index-only",
            "--config",
            "offprint.toml",
            "--force",
        ])
        .expect(1);
    assert!(run.err.contains("style.css"), "{}", run.err);
    fs::remove_dir_all(place.path("templates")).unwrap();
    for (name, bytes, said) in [
        (
            "logo.png",
            b"<svg>".as_slice(),
            "logo.png is no .png file inside",
        ),
        ("logo.svg", b"nothing", "logo.svg holds no <svg>"),
        ("logo.txt", b"nothing", "logo.txt is no picture by its name"),
        (
            "logo.gif",
            &[b'x'; (1 << 20) + 1],
            "logo.gif is larger than 1 MiB",
        ),
    ] {
        place.write(name, bytes);
        place.write(
            "offprint.toml",
            format!("inputs = [\"papers.jsonl\"]\nout = \"site\"\nlogo = \"{name}\"\n"),
        );
        let run = place.run(&["build", "--index-only"]).expect(1);
        assert!(run.err.contains(said), "{name}: {}", run.err);
    }
}
