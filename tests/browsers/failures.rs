//! A host that fails: what readers are told, and that trying again works once it is well.

use crate::support::fault::{Fault, Harm};
use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, fail, holds, same};
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    vec![
        case!(failures::damaged_block).needs(build::client),
        case!(failures::damaged_manifest).needs(build::client),
        case!(failures::missing_block).needs(build::client),
        case!(failures::cut_and_truncated).needs(build::client),
        case!(failures::short_trouble_goes_unnoticed).needs(build::client),
        case!(failures::missing_engine).needs(build::client),
        case!(failures::damaged_engine).needs(build::client),
        case!(failures::worker_fails_to_load).needs(build::client),
        case!(failures::trap_restarts_the_engine).needs(build::client),
        case!(failures::trap_every_time_is_an_error).needs(build::client),
        case!(failures::slow_host).needs(build::client),
    ]
}

pub const QUERY: &str = "random forests ";
pub const FIRST: &str = "10.1023/A:1010933404324";

pub async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

pub fn with_query(host: &Host) -> String {
    host.url("?q=random%20forests%20")
}

/// The page shows an error that says all of `words`, and a way to try again.
pub async fn shows_error(page: &Page, words: &[&str]) -> Res {
    page.wait_state(&["error"]).await?;
    let text = page.text().await?;
    for word in words {
        holds!(
            text.contains(word),
            "the error does not say {word:?}: {text}"
        );
    }
    let script = "return root.querySelector('[role=alert]')?.textContent.trim().length > 0";
    holds!(
        page.js::<bool>(script, vec![]).await?,
        "the error is no alert: {text}"
    );
    Ok(())
}

/// After the host is well again, the button brings the results.
pub async fn retry_works(host: &Host, page: &Page) -> Res {
    host.heal();
    page.click_text("retry").await?;
    let lines = page.wait_answer_in(QUERY, &["done"]).await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "first result after trying again"
    );
    let script = "return [...root.querySelectorAll('[role=alert]')].filter((it) => it.checkVisibility()).map((it) => it.textContent.trim()).join('')";
    same!(
        page.js::<String>(script, vec![]).await?,
        "",
        "the alert is gone"
    );
    Ok(())
}

pub async fn damaged_block(test: Test) -> Res {
    for section in ["t", "c"] {
        let host = sample(&test).await?;
        host.fail(Fault::new(Harm::Flip, &format!("/{section}/")));
        let page = test.open(&with_query(&host)).await?;
        shows_error(&page, &[".bin", "segments/"]).await?;
        let text = page.text().await?;
        let named = host
            .requests()
            .into_iter()
            .any(|r| r.fault && text.contains(&r.path));
        holds!(named, "the error names no damaged file: {text}");
        test.screenshot("error").await?;
        retry_works(&host, &page).await?;
    }
    Ok(())
}

pub async fn damaged_manifest(test: Test) -> Res {
    for harm in [
        Harm::Flip,
        Harm::replace(Vec::new()),
        Harm::replace(b"<!doctype html><title>Sign in</title>".to_vec()),
    ] {
        let host = sample(&test).await?;
        host.fail(Fault::new(harm, "manifest.bin"));
        let page = test.open(&with_query(&host)).await?;
        shows_error(&page, &["manifest.bin"]).await?;
        retry_works(&host, &page).await?;
    }
    Ok(())
}

pub async fn missing_block(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(Harm::Status(404), "segments/"));
    let page = test.open(&with_query(&host)).await?;
    shows_error(&page, &["404", "segments/"]).await?;
    retry_works(&host, &page).await
}

pub async fn cut_and_truncated(test: Test) -> Res {
    for harm in [Harm::Cut, Harm::Truncate] {
        let host = sample(&test).await?;
        host.fail(Fault::new(harm, "segments/"));
        let page = test.open(&with_query(&host)).await?;
        shows_error(&page, &["segments/"]).await?;
        retry_works(&host, &page).await?;
    }
    Ok(())
}

pub async fn short_trouble_goes_unnoticed(test: Test) -> Res {
    for harm in [Harm::Status(500), Harm::Cut, Harm::Truncate, Harm::Flip] {
        let host = sample(&test).await?;
        host.fail(Fault::new(harm.clone(), "segments/").times(1));
        let page = test.open(&with_query(&host)).await?;
        let lines = page.wait_answer(QUERY).await?;
        same!(page.state().await?, "done", "state after one {harm:?}");
        same!(
            lines.first().map(|line| line.id.as_str()),
            Some(FIRST),
            "first result after one {harm:?}"
        );
        holds!(host.requests().iter().any(|r| r.fault), "nothing failed");
    }
    Ok(())
}

pub async fn missing_engine(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(Harm::Status(503), "engine.wasm.bin"));
    let page = test.open(&with_query(&host)).await?;
    shows_error(&page, &["503", "engine.wasm.bin"]).await?;
    retry_works(&host, &page).await
}

pub async fn damaged_engine(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(
        Harm::replace(vec![0x55; 4000]),
        "engine.wasm.bin",
    ));
    let page = test.open(&with_query(&host)).await?;
    shows_error(&page, &["engine.wasm.bin"]).await?;
    retry_works(&host, &page).await
}

pub async fn worker_fails_to_load(test: Test) -> Res {
    let host = sample(&test).await?;
    // The watch reports every worker's error; this one is planned.
    test.allow("worker: ");
    // The preload brings the script, but leaves nothing in the cache for the worker to start from.
    let path = host.file_ending("engine.js").ok_or("no engine.js")?;
    let script = host.site().file(&path).ok_or("no engine.js")?.bytes.clone();
    host.fail(Fault::new(Harm::replace_once(script), "engine.js").only_for("script"));
    host.fail(Fault::new(Harm::Status(500), "engine.js").only_for("worker"));
    let page = test.open(&with_query(&host)).await?;
    let lines = page.wait_answer(QUERY).await?;
    same!(page.state().await?, "done", "state");
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "first result"
    );
    holds!(
        host.requests().iter().any(|r| r.status == 500),
        "no worker was tried"
    );
    Ok(())
}

/// The engine's own script with tasks that trap as broken wasm does: `unreachable`.
fn trapping(host: &Host) -> Res<Harm> {
    let path = host.file_ending("engine.js").ok_or("no engine.js")?;
    let mut script = host.site().file(&path).ok_or("no engine.js")?.bytes.clone();
    // (module (func (export "t") unreachable))
    let wasm = "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,116,0,0,10,5,1,3,0,0,11";
    // Minified, its class is called otherwise.
    let text = String::from_utf8_lossy(&script).into_owned();
    let before = text.split_once("static open(").ok_or("no class")?.0;
    let name = before.rsplit("class ").next().unwrap_or_default();
    let inside = name.split(['{', ' ']).next().unwrap_or_default();
    let patch = format!(
        "\n;{inside}.prototype.step = \
         new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([{wasm}]))).exports.t;\n"
    );
    script.extend_from_slice(patch.as_bytes());
    Ok(Harm::replace_once(script))
}

pub async fn trap_restarts_the_engine(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(trapping(&host)?, "engine.js").times(1));
    let page = test.open(&with_query(&host)).await?;
    let lines = page.wait_answer(QUERY).await?;
    same!(page.state().await?, "done", "state after one trap");
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "first result after one trap"
    );
    let loads = host
        .requests()
        .iter()
        .filter(|r| r.path.ends_with("engine.js"))
        .count();
    holds!(loads >= 2, "the engine was not started anew: {loads} loads");
    Ok(())
}

pub async fn trap_every_time_is_an_error(test: Test) -> Res {
    let host = sample(&test).await?;
    host.fail(Fault::new(trapping(&host)?, "engine.js"));
    let page = test.open(&with_query(&host)).await?;
    shows_error(&page, &[]).await?;
    let loads = host
        .requests()
        .iter()
        .filter(|r| r.path.ends_with("engine.js"))
        .count();
    if loads > 20 {
        fail!("the engine was started {loads} times");
    }
    retry_works(&host, &page).await
}

pub async fn slow_host(test: Test) -> Res {
    let host = sample(&test).await?;
    host.delay("", Duration::from_millis(500));
    let page = test.goto(&with_query(&host)).await?;
    // Something must tell the reader that work is under way.
    let state = page.wait_state(&["loading", "searching"]).await?;
    holds!(!state.is_empty(), "no state");
    let lines = page.wait_answer(QUERY).await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "first result"
    );
    Ok(())
}
