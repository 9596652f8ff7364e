//! Networks that answer without being the site's host, and hosts that are slow or lose files: what
//! readers are told, and that trying again works.

use crate::support::fault::{Fault, Harm};
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::failures::{FIRST, QUERY, retry_works, sample, shows_error, with_query};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    vec![
        case!(networks::a_login_in_between).needs(build::client),
        case!(networks::a_login_when_modules_load).needs(build::client),
        case!(networks::files_lost_in_the_middle).needs(build::client),
        case!(networks::a_slow_drip).needs(build::client),
        case!(networks::silence).needs(build::client),
        case!(networks::another_query_while_waiting).needs(build::client),
    ]
}

/// What is said of a page in place of a file.
const PAGE: &str = "a web page came instead";

/// Nothing that came instead of a file has run.
async fn nothing_ran(page: &Page) -> Res {
    let script = "return 'offprintHostile' in globalThis";
    same!(
        page.js::<bool>(script, vec![]).await?,
        false,
        "whether a login page ran"
    );
    Ok(())
}

/// A network that wants a login answers everything with its page, and status 200.
pub async fn a_login_in_between(test: Test) -> Res {
    for file in ["manifest.bin", "engine.wasm.bin", "segments/"] {
        let host = sample(&test).await?;
        host.fail(Fault::new(Harm::Portal, file));
        let page = test.open(&with_query(&host)).await?;
        shows_error(&page, &[PAGE, file]).await?;
        if file == "segments/" {
            test.screenshot("login").await?;
        }
        nothing_ran(&page).await?;
        retry_works(&host, &page).await?;
    }
    Ok(())
}

/// The same while a page is open: what is loaded on demand says so where it would stand.
pub async fn a_login_when_modules_load(test: Test) -> Res {
    // Browsers say that what came is no script, each in words of its own.
    test.allow("filters.js");
    test.allow("cite.js");
    test.allow("mime");
    let host = sample(&test).await?;
    let page = test.open(&with_query(&host)).await?;
    page.wait_answer(QUERY).await?;
    page.open_abstract(FIRST).await?;
    host.fail(Fault::new(Harm::Portal, "client/"));
    page.click_text("cite").await?;
    let told = "return one('[part=citation]').textContent";
    page.wait(
        "a message",
        "return one('[part=citation] [role=alert]') != null",
        vec![],
    )
    .await?;
    let text: String = page.js(told, vec![]).await?;
    holds!(
        text.contains(PAGE) && text.contains("cite.js"),
        "told: {text}"
    );
    page.click_text("filters").await?;
    shows_error(&page, &[PAGE, "filters.js"]).await?;
    nothing_ran(&page).await?;
    host.heal();
    // Closed and opened, it tries again.
    page.click_text("cite").await?;
    page.click_text("cite").await?;
    page.wait("a citation", "return one('textarea') != null", vec![])
        .await?;
    page.click_text("filters").await?;
    page.wait("the panel", "return one('fieldset') != null", vec![])
        .await?;
    page.wait_state(&["done"]).await.map(drop)
}

/// A query went well, and what the next one needs is gone.
pub async fn files_lost_in_the_middle(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("?q=chess")).await?;
    page.wait_answer("chess").await?;
    // Lists and lines come, but no abstracts: the lines stay.
    host.fail(Fault::new(Harm::Status(404), "/r/"));
    page.ask(QUERY).await?;
    shows_error(&page, &["404", "/r/"]).await?;
    let first = page.ids().await?.first().cloned().unwrap_or_default();
    same!(first, FIRST, "the first line without abstracts");
    retry_works(&host, &page).await?;
    // Nothing comes: lines of another query go.
    host.fail(Fault::new(Harm::Status(404), "segments/"));
    page.ask("support vector ").await?;
    shows_error(&page, &["404"]).await?;
    same!(page.lines().await?.len(), 0, "lines of another query");
    // Another query is another try, without a press.
    host.heal();
    let lines = page.ask(QUERY).await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "the first"
    );
    Ok(())
}

/// Serves a script of the client with another number: `thousands` of one it has become as many as
/// `instead` says.
fn patient(host: &Host, end: &str, numbers: &[(&str, &str)]) -> Res {
    let path = host.file_ending(end).ok_or("no script")?;
    let bytes = host.site().file(&path).ok_or("no script")?.bytes.clone();
    let mut text = String::from_utf8(bytes)?;
    for (thousands, instead) in numbers {
        // As the sources have it, or minified.
        let forms = [format!("= {thousands}000;"), format!("={thousands}e3")];
        let form = forms.iter().find(|form| text.contains(*form));
        let form = form.ok_or_else(|| format!("no {thousands}000 in {end}"))?;
        let end = if form.ends_with(';') { ";" } else { "" };
        text = text.replacen(form.as_str(), &format!("= {instead}e3{end}"), 1);
    }
    host.add(&format!("/group/papers/{path}"), &text);
    Ok(())
}

/// Two seconds of silence are too long.
fn hurry(host: &Host) -> Res {
    patient(host, "engine.js", &[("15", "2")])?;
    patient(host, "offprint.js", &[("15", "2")])
}

/// Requests for files of the index.
fn asked(host: &Host) -> usize {
    let requests = host.requests();
    requests
        .iter()
        .filter(|r| r.path.contains("segments/"))
        .count()
}

/// Bytes that come slowly are waited for, and asked for once.
pub async fn a_slow_drip(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&with_query(&host)).await?;
    page.wait_answer(QUERY).await?;
    let once = asked(&host);

    let host = sample(&test).await?;
    hurry(&host)?;
    let slow = Harm::Drip(8, Duration::from_millis(300));
    host.fail(Fault::new(slow, "segments/"));
    let page = test.open(&with_query(&host)).await?;
    let lines = page.wait_answer(QUERY).await?;
    same!(page.state().await?, "done", "state");
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "the first"
    );
    same!(asked(&host), once, "requests");
    Ok(())
}

/// A host that falls silent is asked again, and given up if that does not help.
pub async fn silence(test: Test) -> Res {
    let host = sample(&test).await?;
    hurry(&host)?;
    host.fail(Fault::new(Harm::Stall, "segments/").times(1));
    host.fail(Fault::new(Harm::Stall, "manifest.bin").times(1));
    let page = test.open(&with_query(&host)).await?;
    let lines = page.wait_answer(QUERY).await?;
    same!(page.state().await?, "done", "state after silence");
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "the first"
    );

    let host = sample(&test).await?;
    hurry(&host)?;
    host.fail(Fault::new(Harm::Stall, "segments/"));
    let page = test.open(&with_query(&host)).await?;
    shows_error(&page, &["the host sent nothing for", "segments/"]).await?;
    retry_works(&host, &page).await
}

/// While a search waits, it says so, and another one can be typed.
pub async fn another_query_while_waiting(test: Test) -> Res {
    let host = sample(&test).await?;
    // Half a second's search is told of.
    patient(&host, "offprint.js", &[("4", ".5")])?;
    let page = test.open(&host.url("?q=chess")).await?;
    let chess = page.wait_answer("chess").await?;
    host.fail(Fault::new(Harm::Stall, "segments/"));
    let script = "const field = one('input'); field.value = args[0];\
                  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));";
    page.js::<Value>(script, vec![json!(QUERY)]).await?;
    let waiting = "return one('[part=count]').textContent.includes('waiting')";
    page.wait("word of the host", waiting, vec![]).await?;
    same!(page.state().await?, "searching", "state");
    test.screenshot("waiting").await?;
    let again = page.ask("chess").await?;
    same!(again, chess, "lines of what is known");
    same!(page.state().await?, "done", "state");
    same!(
        page.js::<bool>(waiting, vec![]).await?,
        false,
        "whether it still waits"
    );
    Ok(())
}
