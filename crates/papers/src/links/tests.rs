use super::*;
use crate::clean::clean;

#[track_caller]
fn mends(text: &str, mended: &str, links: &[&str]) {
    let cleaned = clean(text);
    assert_eq!(cleaned.text.clean, mended, "{text}");
    assert_eq!(cleaned.links, links, "{text}");
    assert_eq!(clean(mended).text.clean, mended, "again: {text}");
}

#[test]
fn broken_addresses_are_mended() {
    const U: &str = "https://github.com/kites/fly";
    for (text, mended) in [
        (
            "at url{https://github.com/kites/fly}.",
            "at https://github.com/kites/fly.",
        ),
        (
            r"at \url{https://github.com/kites/fly}.",
            "at https://github.com/kites/fly.",
        ),
        (
            r"at \url{github.com/kites/fly}.",
            "at https://github.com/kites/fly.",
        ),
        (
            "at https://github.com/kites/fly{https://github.com/kites/fly}.",
            "at https://github.com/kites/fly.",
        ),
        (
            r"at \href{https://github.com/kites/fly{https://github.com/kites/fly}.}. More",
            "at https://github.com/kites/fly. More",
        ),
        (
            r"\href{https://github.com/kites/fly}{https://github.com/kites/fly}",
            U,
        ),
        (
            r"\href{https://github.com/kites/fly}{our code} too",
            "our code (https://github.com/kites/fly) too",
        ),
        (
            "at https://github.com/kites/fly/{URL}.",
            "at https://github.com/kites/fly.",
        ),
        (
            "at GitHub.com/kites/fly.",
            "at https://github.com/kites/fly.",
        ),
        ("(github.com/kites/fly)", "(https://github.com/kites/fly)"),
        (
            "at https://github.com/kites/fly .",
            "at https://github.com/kites/fly.",
        ),
        (
            "at~https://github.com/kites/fly",
            "at https://github.com/kites/fly",
        ),
        (
            "here.https://github.com/kites/fly",
            "here. https://github.com/kites/fly",
        ),
        (
            "Code:HTTPS://github.com/kites/fly, too",
            "Code: https://github.com/kites/fly, too",
        ),
    ] {
        mends(text, mended, &[U]);
    }
    mends(
        r"https://kites.example/a\_b\%20c",
        "https://kites.example/a_b%20c",
        &["https://kites.example/a_b%20c"],
    );
}

#[test]
fn a_proxy_gives_way_to_its_host() {
    for host in [
        "hf-proxy.kites.workers.dev",
        "hf-proxy-7.12.workers.dev",
        "HF-mirror.com",
    ] {
        mends(
            &format!("https://{host}/datasets/kites/wind"),
            "https://huggingface.co/datasets/kites/wind",
            &["https://huggingface.co/datasets/kites/wind"],
        );
    }
    for host in [
        "hf-kites.workers.dev",
        "proxy.kites.workers.dev",
        "hf-proxy.example.org",
    ] {
        let url = format!("https://{host}/a");
        mends(&url, &url, &[&url]);
    }
}

#[test]
fn addresses_end_where_a_reader_would_end_them() {
    for (text, url) in [
        (
            "(see https://kites.example/a_(b)).",
            "https://kites.example/a_(b)",
        ),
        ("<https://kites.example/a>", "https://kites.example/a"),
        ("'https://kites.example/a'", "https://kites.example/a"),
        (
            "https://kites.example/?q=1&r=2!",
            "https://kites.example/?q=1&r=2",
        ),
        ("https://kites.example/ünder", "https://kites.example/"),
        ("www.kites.example.", "https://www.kites.example"),
        ("kites.github.io/fly,", "https://kites.github.io/fly"),
    ] {
        assert_eq!(clean(text).links, [url], "{text}");
    }
    for text in [
        "and/or, he.she/it, I/O, node.js/x, mail@github.com/x",
        "http, https:// and http://.",
        "ftp://github.com/kites/fly javascript:alert(1) www. www.x",
        "https://user:secret@kites.example/",
        "http://localhost:80:80/",
    ] {
        assert_eq!(clean(text).links, [""; 0], "{text}");
    }
}

#[test]
fn safe_links() {
    for (text, link) in [
        ("https://kites.example", Some("https://kites.example")),
        ("http://[::1]/a", Some("http://[::1]/a")),
        ("https:\\\\kites.example\\a", None),
        (
            "https://kites.example/a b\"c",
            Some("https://kites.example/a%20b%22c"),
        ),
        (
            "https://kites.example/\u{202e}",
            Some("https://kites.example/%E2%80%AE"),
        ),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//kites.example", None),
        ("kites.example", None),
        ("https://", None),
        ("https://nodots/", None),
        ("https://a@kites.example/", None),
        ("", None),
    ] {
        assert_eq!(safe_link(text).as_deref(), link, "{text}");
    }
    assert_eq!(
        safe_link(&format!("https://kites.example/{}", "a".repeat(2_000))),
        None
    );
}

#[test]
fn dois() {
    for (text, links) in [
        (
            "10.1000/Kites.7",
            Some(vec!["https://doi.org/10.1000/Kites.7"]),
        ),
        (
            "doi:10.1000/kites",
            Some(vec!["https://doi.org/10.1000/kites"]),
        ),
        (
            "http://dx.doi.org/10.1000/kites",
            Some(vec!["https://doi.org/10.1000/kites"]),
        ),
        (
            "10.1/a<b>#c",
            Some(vec!["https://doi.org/10.1/a%3Cb%3E%23c"]),
        ),
        (
            "10.1/a 10.2/b",
            Some(vec!["https://doi.org/10.1/a", "https://doi.org/10.2/b"]),
        ),
        ("11.1/a", None),
        ("10.x/a", None),
        ("10.1/", None),
        ("javascript:10.1/a", None),
    ] {
        let links = links.map(|links| links.iter().map(ToString::to_string).collect());
        assert_eq!(doi_links(text), links, "{text}");
    }
}

#[test]
fn kinds() {
    use LinkKind::{Code, Data, Other, Project};
    for (url, kind) in [
        ("https://github.com/kites/fly", Code),
        ("https://gitlab.kites.example/fly", Code),
        ("https://kites.github.io/fly", Project),
        ("https://huggingface.co/datasets/kites/wind", Data),
        ("https://huggingface.co/kites/wind", Project),
        ("https://zenodo.org/records/1", Data),
        ("https://arxiv.org/abs/1", Other),
        ("https://notgithub.com/kites", Other),
        ("https://doi.org/10.1/a", LinkKind::Doi),
    ] {
        assert_eq!(classify(url), kind, "{url}");
    }
    // Where the host is silent, the sentence speaks.
    let links = |text: &str| abstract_links(&clean(text));
    assert_eq!(
        links("Kites. Our code is at https://bit.ly/kites.")
            .first()
            .map(|l| l.kind),
        Some(Code)
    );
    assert_eq!(
        links("Code is rare. See https://bit.ly/kites.")
            .first()
            .map(|l| l.kind),
        Some(Other)
    );
}

#[test]
fn a_link_stands_once() {
    let mut links = Vec::new();
    for url in [
        "https://kites.example/a",
        "http://kites.example/a/",
        "https://kites.example/b",
    ] {
        push_link(
            &mut links,
            Link {
                kind: LinkKind::Other,
                url: url.to_owned(),
            },
        );
    }
    assert_eq!(
        links.iter().map(|l| l.url.as_str()).collect::<Vec<_>>(),
        ["https://kites.example/a", "https://kites.example/b"]
    );
}
