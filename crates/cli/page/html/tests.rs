#![allow(clippy::unwrap_used)]

use super::*;
use crate::page::{Accent, Logo, base_url, colour};

const OURS: &str = "<html lang=\"__OFFPRINT_LANG__\" dir=\"__OFFPRINT_DIR__\">\n\
    __OFFPRINT_HEAD__<title>__OFFPRINT_TITLE__</title>\n\
    <link rel=\"stylesheet\" href=\"__OFFPRINT_STYLE__\">\n__OFFPRINT_META____OFFPRINT_END__|\
    __OFFPRINT_HEADER__<h1>__OFFPRINT_LOGO____OFFPRINT_TITLE__</h1>\n__OFFPRINT_END__|\
    __OFFPRINT_SEARCH__<offprint-search__OFFPRINT_ATTRIBUTES__></offprint-search>__OFFPRINT_END__";

fn made(about: &About<'_>) -> String {
    let assets = about.page.assets("0f", b"p{}");
    let sheet = Sheet {
        client: "0f",
        about,
        assets: &assets,
    };
    sheet.page(OURS).unwrap()
}

fn about(page: &Page) -> About<'_> {
    About {
        title: "A <b> & \"__OFFPRINT_PAPERS__\"",
        description: "it's",
        papers: 7,
        list: "<ol></ol>",
        build: "1a2b",
        page,
    }
}

#[test]
fn a_page_without_wishes_holds_nothing_of_them() {
    assert_eq!(
        made(&about(&Page::default())),
        "<html lang=\"en\" dir=\"ltr\">\n\
         <title>A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;</title>\n\
         <link rel=\"stylesheet\" href=\"client/0f/page.css\">\n|\
         <h1>A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;</h1>\n|\
         <offprint-search></offprint-search>"
    );
}

#[test]
fn wishes_stand_in_their_places() {
    let green = colour("#06623b").unwrap();
    let logo = Picture::File {
        path: "logo.png".into(),
        ending: "png",
        bytes: b"\x89PNG".to_vec(),
    };
    let page = Page {
        lang: "ar-EG".parse().unwrap(),
        base_url: Some(base_url("https://example.org/a&b").unwrap()),
        accent: Some(Accent::new(&green, &green)),
        logo: Some(Logo {
            light: logo,
            dark: None,
            alt: "Owls \"&\" <kites>".to_owned(),
        }),
        fields: Some(vec!["authors", "date"]),
        facets: Some(vec!["year"]),
        ..Page::default()
    };
    let assets = page.assets("0f", b"p{}");
    let folder = assets.style.strip_suffix("/page.css").unwrap();
    assert_ne!(folder, "client/0f");
    let paths: Vec<&str> = assets.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [format!("{folder}/page.css"), format!("{folder}/logo.png")]
    );
    assert_eq!(
        made(&about(&page)),
        format!(
            "<html lang=\"ar-EG\" dir=\"rtl\">\n\
             <title>A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;</title>\n\
             <link rel=\"stylesheet\" href=\"{folder}/page.css\">\n\
             <link rel=\"canonical\" href=\"https://example.org/a&amp;b/\">\n\
             <meta property=\"og:type\" content=\"website\">\n\
             <meta property=\"og:title\" content=\"A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;\">\n\
             <meta property=\"og:description\" content=\"it&#x27;s\">\n\
             <meta property=\"og:url\" content=\"https://example.org/a&amp;b/\">\n\
             <meta property=\"og:image\" content=\"https://example.org/a&amp;b/{folder}/logo.png\">\n\
             <meta property=\"og:image:alt\" content=\"Owls &quot;&amp;&quot; &lt;kites&gt;\">\n|\
             <h1><img class=\"logo\" src=\"{folder}/logo.png\" alt=\"Owls &quot;&amp;&quot; &lt;kites&gt;\">\
             A &lt;b&gt; &amp; &quot;__OFFPRINT_PAPERS__&quot;</h1>\n|\
             <offprint-search filters=\"year\" fields=\"authors date\"></offprint-search>"
        )
    );
}

#[test]
fn addresses_of_sites() {
    for (text, url) in [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/papers", "https://example.org/papers/"),
        ("http://localhost:8080/x/", "http://localhost:8080/x/"),
        (
            "https://example.org/a b\"c",
            "https://example.org/a%20b%22c/",
        ),
    ] {
        assert_eq!(base_url(text).unwrap().as_str(), url);
    }
    for text in [
        "",
        "/papers/",
        "example.org",
        "javascript:alert(1)",
        "https://me:secret@example.org/",
        "https://example.org/?q=1",
        "https://example.org/#top",
        "ftp://example.org/",
    ] {
        assert!(base_url(text).is_err(), "{text}");
    }
}

#[test]
fn no_facets_mean_no_button() {
    let page = Page {
        facets: Some(Vec::new()),
        fields: Some(Vec::new()),
        ..Page::default()
    };
    assert_eq!(attributes(&page), " filters=\"off\" fields=\"\"");
}

#[test]
fn a_page_is_in_its_language() {
    let text = "__OFFPRINT_TEXTS____(How to search)__ __(__OFFPRINT_TITLE__ __(unknown)__|__OFFPRINT_LIST__";
    let made = |lang: &str| {
        let page = Page {
            lang: lang.parse().unwrap(),
            ..Page::default()
        };
        let assets = page.assets("0f", b"");
        let about = About {
            list: "<h2>Newest papers</h2>\n<h2>Topics</h2><li>&lt;h2>Topics&lt;/h2></li>",
            ..about(&page)
        };
        let sheet = Sheet {
            client: "0f",
            about: &about,
            assets: &assets,
        };
        sheet.page(text).unwrap()
    };
    let english = made("en");
    assert!(english.starts_with("How to search "), "{english}");
    let german = made("de-AT");
    assert!(
        german.starts_with(
            "<link rel=\"modulepreload\" href=\"client/0f/lang-de.js\">\nSo wird gesucht "
        ),
        "{german}"
    );
    assert!(
        german
            .ends_with("|<h2>Neueste Artikel</h2>\n<h2>Themen</h2><li>&lt;h2>Topics&lt;/h2></li>"),
        "{german}"
    );
}
