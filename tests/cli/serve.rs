//! `serve`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::place::{Place, RECORDS, built, program};

/// A running server; stopped when dropped.
struct Server {
    child: std::process::Child,
    address: String,
    base: String,
}

impl Server {
    fn start(place: &Place, args: &[&str]) -> Self {
        // Standard input is at its end from the start, which must not stop the server.
        let mut child = program(&place.path(""))
            .args(["serve", "--port", "0"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let rest = line.trim_end().strip_prefix("http://").expect("an address");
        let (address, base) = rest.split_at(rest.find('/').unwrap());
        Self {
            child,
            address: address.to_owned(),
            base: base.to_owned(),
        }
    }

    /// Head and body of an answer.
    fn get(&self, path: &str, more: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, base) = (&self.address, &self.base);
        write!(
            stream,
            "GET {base}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let body = answer.split_off(end + 4);
        (
            String::from_utf8(answer).unwrap().to_ascii_lowercase(),
            body,
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serve_sends_what_a_careful_host_sends() {
    let place = built();
    place.write(
        "site/index.html",
        "<!doctype html><head></head><p>hello hello hello hello hello hello hello</p>",
    );
    let server = Server::start(&place, &["site", "--base", "/kites/"]);
    assert_eq!(server.base, "/kites/");

    let (head, body) = server.get("", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("content-type: text/html"), "{head}");
    assert!(head.contains("cache-control: no-cache"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    assert!(
        head.contains(
            "content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
        ),
        "{head}"
    );
    assert_eq!(
        body,
        fs::read(place.path("site/index.html")).unwrap(),
        "a site is served as it is"
    );
    assert!(
        server
            .get("", "Accept-Encoding: gzip\r\n")
            .0
            .contains("content-encoding: gzip")
    );

    let (head, body) = server.get("manifest.bin", "Accept-Encoding: gzip\r\n");
    assert!(head.contains("cache-control: no-cache"), "{head}");
    assert!(
        head.contains("content-type: application/octet-stream"),
        "{head}"
    );
    assert!(!head.contains("content-encoding"), "{head}");
    assert_eq!(body, fs::read(place.path("site/manifest.bin")).unwrap());
    let tag = head
        .lines()
        .find(|line| line.starts_with("etag: "))
        .expect("an etag");
    let tag = tag.trim_start_matches("etag: ").trim();
    let (head, _) = server.get("manifest.bin", &format!("If-None-Match: {tag}\r\n"));
    assert!(head.starts_with("http/1.1 304"), "{head}");

    let cards = place
        .tree("site")
        .into_keys()
        .find(|path| path.ends_with("c/0.bin"))
        .unwrap();
    let (head, body) = server.get(cards.to_str().unwrap(), "Range: bytes=2-5\r\n");
    assert!(head.starts_with("http/1.1 206"), "{head}");
    assert!(
        head.contains("cache-control: public, max-age=31536000, immutable"),
        "{head}"
    );
    assert_eq!(
        body,
        fs::read(place.path("site").join(cards)).unwrap()[2..6]
    );

    let (head, _) = server.get("segments/0123/t/0.bin", "");
    assert!(
        head.starts_with("http/1.1 404") && head.contains("no-cache"),
        "{head}"
    );
    let (head, _) = server.get("..%2f..%2fpapers.jsonl", "");
    assert!(head.starts_with("http/1.1 404"), "{head}");
}

#[test]
fn serve_without_a_policy_for_other_origins_and_without_a_client() {
    let place = built();
    let server = Server::start(&place, &["site", "--no-csp"]);
    let (head, _) = server.get("manifest.bin", "");
    assert!(
        head.starts_with("http/1.1 200") && !head.contains("content-security"),
        "{head}"
    );
    assert!(!head.contains("access-control"), "{head}");
    let server = Server::start(&place, &["site", "--cors"]);
    let (head, _) = server.get("manifest.bin", "");
    assert!(
        head.contains("access-control-allow-origin: *\r\n")
            && head.contains("access-control-expose-headers: content-range\r\n"),
        "{head}"
    );
    let whole = place.run(&["build", "papers.jsonl", "--out", "whole"]).code == 0;
    if !whole {
        let run = place.run(&["serve", "--port", "0"]).expect(1);
        assert!(
            run.err.contains("without the browser client"),
            "{}",
            run.err
        );
        return;
    }
    let sample = Server::start(&place, &[]);
    let (head, body) = sample.get("", "");
    assert!(
        head.starts_with("http/1.1 200") && !body.is_empty(),
        "{head}"
    );
    let page = String::from_utf8_lossy(&body);
    assert!(!page.contains("__offprint"));
    for (path, kind) in [
        ("sw.js", "text/javascript"),
        ("site.webmanifest", "application/manifest+json"),
        ("offline.json", "application/json"),
    ] {
        let (head, body) = sample.get(path, "");
        assert!(
            head.contains(&format!("content-type: {kind}"))
                && head.contains("cache-control: no-cache"),
            "{path}: {head}"
        );
        assert!(!String::from_utf8_lossy(&body).contains("__OFFPRINT"));
    }
    let list: serde_json::Value =
        serde_json::from_slice(&sample.get("offline.json", "").1).unwrap();
    let build = list["build"].as_str().unwrap();
    assert!(page.contains(&format!("offprint.js?{build}")), "{page}");
    let segment = &list["segments"][0];
    let files = format!("segments/{}/files.json", segment["name"].as_str().unwrap());
    let files: serde_json::Value = serde_json::from_slice(&sample.get(&files, "").1).unwrap();
    let files = files.as_array().unwrap();
    assert_eq!(files.len() as u64, segment["files"].as_u64().unwrap());
    let bytes: u64 = files.iter().map(|file| file[1].as_u64().unwrap()).sum();
    assert_eq!(bytes, segment["bytes"].as_u64().unwrap());
}

#[test]
fn serve_builds_papers_again_when_they_change() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[..2].join("\n"));
    if place.run(&["build", "papers.jsonl", "--out", "whole"]).code != 0 {
        // Without the client there is nothing to serve; the test above holds that to its message.
        return;
    }
    let server = Server::start(&place, &["papers.jsonl", "--base", "/a"]);
    let (_, page) = server.get("", "");
    let page = String::from_utf8(page).unwrap();
    assert!(
        page.contains("<script src=\"/a/__offprint/reload.js\"></script>"),
        "{page}"
    );
    let (_, stored) = server.get("", "Sec-Fetch-Dest: empty\r\n");
    assert!(
        !String::from_utf8(stored).unwrap().contains("__offprint"),
        "what a service worker stores reloads nothing"
    );
    let (head, script) = server.get("__offprint/reload.js", "");
    assert!(
        head.contains("content-type: text/javascript") && !script.is_empty(),
        "{head}"
    );

    let mut stream = TcpStream::connect(&server.address).unwrap();
    write!(
        stream,
        "GET /a/__offprint/events HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address
    )
    .unwrap();
    let mut events = BufReader::new(stream).lines().map(Result::unwrap);
    let mut next = || events.find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let first = next().unwrap();
    let (_, before) = server.get("manifest.bin", "");
    place.write("papers.jsonl", RECORDS.join("\n"));
    assert_ne!(next().unwrap(), first);
    assert_ne!(server.get("manifest.bin", "").1, before);
}

#[test]
fn serve_reads_settings_and_templates_again() {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS[..2].join("\n"));
    place.write("templates/footer.html", "<p>First</p>");
    let settings = "inputs = [\"papers.jsonl\"]\nout = \"site\"\ntitle = ";
    place.write("offprint.toml", format!("{settings}\"Kites\"\n"));
    if place.run(&["build"]).code != 0 {
        return;
    }
    let server = Server::start(&place, &[]);
    let shown = |words: &str| {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let page = String::from_utf8(server.get("", "").1).unwrap();
            if page.contains(words) {
                return;
            }
            assert!(Instant::now() < end, "no {words} in {page}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    shown("<title>Kites</title>");
    shown("<p>First</p>");
    place.write("templates/footer.html", "<p>Second</p>");
    shown("<p>Second</p>");
    // Settings that make no sense leave the site as it is.
    place.write("offprint.toml", "titel = \"x\"\n");
    place.write("offprint.toml", format!("{settings}\"Owls\"\n"));
    shown("<title>Owls</title>");
}
