//! The search in pages of other origins: policies, workers by blob, digests of what comes from elsewhere.

use crate::support::fault::{Fault, Harm};
use crate::support::host::Host;
use crate::support::ledger::Kind;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::widget::{FIRST, THEIRS, page_with, sample, scripted, workers};
use crate::{case, holds, same};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub fn cases() -> Vec<Case> {
    let needs = |case: Case| case.needs(build::client);
    vec![
        needs(case!(origins::another_origin_under_a_policy)),
        needs(case!(origins::another_origin_by_a_blob)),
        needs(case!(origins::a_copy_with_a_digest)),
        needs(case!(origins::a_wrong_hash_has_a_code)),
    ]
}

/// A page of another origin than the collection's, with the policy; "" for none.
async fn elsewhere(test: &Test, papers: &Host, policy: &str, attributes: &str) -> Res<Page> {
    papers.share();
    let theirs = sample(test).await?;
    theirs.policy(policy);
    theirs.add("/theirs.css", THEIRS);
    let script = format!(
        "<script type=\"module\" src=\"{}\"></script>",
        papers.url("offprint.js")
    );
    let body = format!(
        "<offprint-search src=\"{}\" {attributes}></offprint-search>",
        papers.url("")
    );
    theirs.add("/group/", &page_with(&script, &body));
    let page = test.open(&theirs.root_url("/group/")).await?;
    page.ask("random forests ").await?;
    same!(page.state().await?, "done", "state");
    same!(
        page.ids().await?.first().map(String::as_str),
        Some(FIRST),
        "first result"
    );
    // Modules of later come from there too.
    page.open_abstract(FIRST).await?;
    page.click_text("cite").await?;
    page.wait(
        "a citation",
        "return one('textarea')?.value.includes('@') ?? false",
        vec![],
    )
    .await?;
    let asked = theirs.take().await;
    holds!(
        asked
            .iter()
            .all(|r| r.kind() != Kind::Index && !r.path.contains("client/")),
        "the page's own host was asked for parts of the search: {asked:?}"
    );
    Ok(page)
}

pub async fn another_origin_under_a_policy(test: Test) -> Res {
    let papers = sample(&test).await?;
    let host = papers.origin();
    // Nothing more is needed than the two; what stands before them takes the rest away. The style
    // and the watch are of the page itself.
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self' {host} 'wasm-unsafe-eval'; connect-src {host}"
    );
    let page = elsewhere(&test, &papers, &policy, "").await?;
    same!(workers(&page).await?, Vec::<String>::new(), "workers");
    // The same policy in the page itself.
    let page = elsewhere(&test, &papers, "", "worker=\"off\"").await?;
    same!(workers(&page).await?, Vec::<String>::new(), "workers, off");
    Ok(())
}

pub async fn another_origin_by_a_blob(test: Test) -> Res {
    let papers = sample(&test).await?;
    let blob = |workers: Vec<String>| {
        workers.len() == 1 && workers.iter().all(|it| it.starts_with("blob:"))
    };
    let page = elsewhere(&test, &papers, "", "").await?;
    holds!(
        blob(workers(&page).await?),
        "no blob where nothing forbids it"
    );
    let host = papers.origin();
    let policy = format!(
        "script-src 'self' {host} 'wasm-unsafe-eval'; connect-src {host}; worker-src blob: {host}"
    );
    let page = elsewhere(&test, &papers, &policy, "worker=\"blob\"").await?;
    holds!(
        blob(workers(&page).await?),
        "no blob where the policy allows it"
    );
    Ok(())
}

/// SHA-256 in base64, as `integrity` takes it.
fn integrity(bytes: &[u8]) -> String {
    use base64::Engine as _;
    let digest = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(bytes));
    format!("sha256-{digest}")
}

pub async fn a_copy_with_a_digest(test: Test) -> Res {
    let papers = sample(&test).await?;
    let path = papers
        .site()
        .paths()
        .into_iter()
        .find(|path| path.starts_with("client/") && path.ends_with("/offprint.js"))
        .ok_or("no copy of the entry script")?;
    let copy = papers.site().file(&path).ok_or("no copy")?.bytes.clone();
    let named = papers
        .site()
        .file("offprint.js")
        .ok_or("no script")?
        .bytes
        .clone();
    holds!(copy == named, "the copy differs");
    papers.share();
    let theirs = sample(&test).await?;
    theirs.policy("");
    theirs.add("/theirs.css", THEIRS);
    // Without `src` it searches the site it comes from, wherever in that it lies.
    let script = |digest: &str| {
        format!(
            "<script type=\"module\" src=\"{}\" integrity=\"{digest}\" crossorigin></script>",
            papers.url(&path)
        )
    };
    let body = "<offprint-search></offprint-search>";
    theirs.add("/right/", &page_with(&script(&integrity(&copy)), body));
    let page = test.open(&theirs.root_url("/right/")).await?;
    page.ask("random forests ").await?;
    same!(
        page.ids().await?.first().map(String::as_str),
        Some(FIRST),
        "first result"
    );

    for complaint in ["integrity", "load: ", "error: "] {
        test.allow(complaint);
    }
    theirs.add("/wrong/", &page_with(&script(&integrity(b"other")), body));
    let page = test.goto(&theirs.root_url("/wrong/")).await?;
    page.wait(
        "the page",
        "return document.readyState === 'complete'",
        vec![],
    )
    .await?;
    holds!(
        page.js::<bool>("return root == null", vec![]).await?,
        "a script with another digest ran"
    );
    Ok(())
}

pub async fn a_wrong_hash_has_a_code(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = scripted(&test, &host).await?;
    let opened = "return await window.headless.open().then((papers) => papers.info.papers > 0, ({ code, message, advice }) => ({ code, message, advice }))";
    // A whole module of another build, and a page that stands in the way.
    for harm in [
        Harm::Flip,
        Harm::replace(b"<!doctype html><title>Sign in</title>".to_vec()),
    ] {
        host.fail(Fault::new(harm, "engine.wasm.bin"));
        let error: Value = page.js_async(opened, vec![]).await?;
        same!(
            error.get("code"),
            Some(&json!("integrity")),
            "code of {error}"
        );
        holds!(
            error
                .get("message")
                .and_then(Value::as_str)
                .is_some_and(|text| text.contains("engine.wasm.bin")),
            "{error} names no file"
        );
        host.heal();
    }
    // What was damaged may lie in the browser's cache: the next try passes it.
    same!(
        page.js_async::<Value>(opened, vec![]).await?,
        json!(true),
        "after it"
    );
    Ok(())
}
