//! Tests of the tests: the host counts and fails as told, and no complaint of a page is missed.

use crate::support::Res;
use crate::support::fault::{Fault, Harm};
use crate::support::golden::root;
use crate::support::ledger::{self, Kind, cost};
use crate::support::page::Page;
use crate::support::ranges::Ranges;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    vec![
        case!(harness::counts_bytes_and_steps),
        case!(harness::fails_as_told),
        case!(harness::sends_parts_as_told),
        case!(harness::hears_every_complaint),
        case!(harness::types_and_reads_lines),
        case!(harness::frames_are_narrow),
        case!(harness::dark_is_dark).dark(),
    ]
}

fn mini() -> Arc<Site> {
    Site::new(root().join("tests/browsers/mini"))
}

pub async fn counts_bytes_and_steps(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    host.delay("", Duration::from_millis(60));
    let page = test.open(&host.url("")).await?;
    let start = host.take().await;
    let mut paths: Vec<&str> = start.iter().map(|r| r.path.as_str()).collect();
    paths.sort_unstable();
    same!(
        paths,
        ["", "mini.css", "mini.js"],
        "requests of an empty page"
    );
    let total = cost(&start, |_| true);
    let stored: u64 = ["index.html", "mini.css", "mini.js"]
        .iter()
        .map(|file| {
            std::fs::metadata(root().join("tests/browsers/mini").join(file)).map(|m| m.len())
        })
        .sum::<Result<u64, _>>()?;
    same!(total.raw, stored, "stored bytes");
    holds!(total.counted < total.raw, "text counts compressed");
    same!(
        ledger::steps(&start, |_| true),
        2,
        "page, then styles and script together"
    );

    page.ask("x").await?;
    let later = host.take().await;
    let bytes = cost(&later, |r| r.kind() == Kind::Index);
    same!(
        (bytes.requests, bytes.counted, bytes.raw),
        (2, 1500, 1500),
        "binary files count as stored"
    );
    same!(
        ledger::steps(&later, |_| true),
        2,
        "one waits for the other"
    );
    Ok(())
}

/// What `fetch` makes of an address: status and body length, or the failure.
async fn fetch(page: &Page, path: &str) -> Res<String> {
    let script = "try { const r = await fetch(args[0], { cache: 'reload' }); const b = new Uint8Array(await r.arrayBuffer());\
                  let sum = 0; for (const x of b) sum += x; return `${r.status} ${b.length} ${sum}`; }\
                  catch (e) { return 'failed'; }";
    page.js_async(script, vec![json!(path)]).await
}

pub async fn fails_as_told(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.open(&host.url("")).await?;
    let file = "segments/0/t/0.bin";
    let sound = fetch(&page, file).await?;
    holds!(sound.starts_with("200 1000 "), "{sound}");

    host.fail(Fault::new(Harm::Status(500), file).times(2));
    for _ in 0..2 {
        let answer = fetch(&page, file).await?;
        holds!(answer.starts_with("500 "), "{answer}");
    }
    same!(fetch(&page, file).await?, sound, "two failures, then none");

    for harm in [Harm::Cut, Harm::Truncate] {
        host.fail(Fault::new(harm.clone(), file));
        same!(fetch(&page, file).await?, "failed", "{harm:?}");
        host.heal();
    }
    host.fail(Fault::new(Harm::Flip, file));
    let flipped = fetch(&page, file).await?;
    holds!(
        flipped.starts_with("200 1000 ") && flipped != sound,
        "{flipped} and {sound}"
    );
    host.heal();
    host.fail(Fault::new(Harm::replace(vec![1, 2, 3]), file));
    same!(fetch(&page, file).await?, "200 3 6", "replaced");
    host.heal();
    same!(fetch(&page, file).await?, sound, "healed");
    Ok(())
}

pub async fn sends_parts_as_told(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.open(&host.url("")).await?;
    let script = "const r = await fetch('segments/0/t/0.bin', { cache: 'no-store', headers: { range: args[0] } });\
                  return `${r.status} ${r.headers.get('content-range')} ${(await r.arrayBuffer()).byteLength}`";
    let cases = [
        (Ranges::Sound, "bytes=0-9", "206 bytes 0-9/1000 10"),
        (Ranges::Sound, "bytes=990-2000", "206 bytes 990-999/1000 10"),
        (Ranges::Sound, "bytes=990-", "206 bytes 990-999/1000 10"),
        (Ranges::Sound, "bytes=1000-1000", "416 bytes */1000 0"),
        (Ranges::Ignored, "bytes=0-9", "200 null 1000"),
        (Ranges::Elsewhere, "bytes=0-9", "206 bytes 10-19/1000 10"),
        (Ranges::Elsewhere, "bytes=5-999", "206 bytes 4-998/1000 995"),
        (Ranges::Wrong, "bytes=0-9", "206 bytes 0-9/1000 10"),
        (Ranges::Empty, "bytes=0-9", "206 bytes 0-9/1000 0"),
    ];
    test.allow("416");
    for (ranges, asked, expected) in cases {
        host.ranges(ranges);
        let answer: String = page.js_async(script, vec![json!(asked)]).await?;
        same!(answer, expected, "{asked}, {ranges:?}");
    }
    let parts = host.take().await;
    holds!(
        parts.iter().filter(|r| r.part).count() == cases.len(),
        "{parts:?}"
    );
    Ok(())
}

pub async fn hears_every_complaint(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.open(&host.url("")).await?;
    same!(
        test.complaints().await?,
        Vec::<String>::new(),
        "a quiet page"
    );
    let noises = [
        ("console.warn('careful')", "careful"),
        ("console.error(new TypeError('broken'))", "broken"),
        ("Promise.reject(new Error('left alone'))", "left alone"),
        ("setTimeout(() => { throw new Error('thrown'); })", "thrown"),
        (
            "document.body.append(Object.assign(new Image(), { src: 'missing.png' }))",
            "missing.png",
        ),
        (
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = 1' }))",
            "script-src",
        ),
        ("new Worker('mini.css')", "worker"),
    ];
    for (number, (script, words)) in noises.into_iter().enumerate() {
        // As a script of the page: what the driver runs itself does not count as the page's everywhere.
        let path = host.test_file(&format!("noise-{number}.js"), &format!("{script};"));
        let script = "document.head.append(Object.assign(document.createElement('script'), { src: args[0] })); return null";
        page.js::<Value>(script, vec![json!(path)]).await?;
        let mut heard = Vec::new();
        for _ in 0..40 {
            heard.extend(test.complaints().await?);
            if heard.iter().any(|text| text.to_lowercase().contains(words)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        holds!(
            heard.iter().any(|text| text.to_lowercase().contains(words)),
            "{words:?} not in {heard:?}"
        );
        // The last noise may be told in more ways than one.
        tokio::time::sleep(Duration::from_millis(200)).await;
        test.complaints().await?;
    }
    test.allow("missing.png");
    same!(
        page.js::<Option<u8>>("return globalThis.ran ?? null", vec![])
            .await?,
        None,
        "the policy holds"
    );
    Ok(())
}

pub async fn types_and_reads_lines(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.open(&host.url("?q=1")).await?;
    page.type_text("ab").await?;
    let lines = page.wait_answer("ab").await?;
    let shown: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| (line.id.as_str(), line.text.as_str()))
        .collect();
    same!(
        shown,
        [("ab-0", "Paper 0 about ab"), ("ab-1", "Paper 1 about ab")],
        "lines"
    );
    host.fail(Fault::new(Harm::Status(404), "segments/"));
    page.js::<Value>("setTimeout(() => location.reload())", vec![])
        .await?;
    page.wait(
        "the page again",
        "return lines().length === 0 && host?.dataset.state === 'ready'",
        vec![],
    )
    .await?;
    Ok(())
}

pub async fn frames_are_narrow(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.goto(&host.framed(&host.url(""), 320, 640)).await?;
    page.driver().enter_frame(0).await?;
    page.wait_started().await?;
    same!(
        page.js::<u32>("return innerWidth", vec![]).await?,
        320,
        "width of the frame"
    );
    page.driver().enter_default_frame().await?;
    Ok(())
}

pub async fn dark_is_dark(test: Test) -> Res {
    let host = test.host(&mini()).await?;
    let page = test.open(&host.url("")).await?;
    let dark: bool = page
        .js(
            "return matchMedia('(prefers-color-scheme: dark)').matches",
            vec![],
        )
        .await?;
    holds!(dark, "the page does not see a dark scheme");
    Ok(())
}
