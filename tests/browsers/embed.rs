//! The search in somebody else's page: one script, one element.

use crate::support::golden::Collection;
use crate::support::page::Answer;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    vec![
        case!(embed::one_script_one_element).needs(build::client),
        case!(embed::two_elements_share_an_engine).needs(build::client),
        case!(embed::does_not_touch_the_page).needs(build::client),
        case!(embed::moved_and_removed).needs(build::client),
    ]
}

fn page_with(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Somebody's page</title>\
         <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head>\
         <body><h1>Reading list</h1>{body}<p id=\"own\">Own words.</p></body></html>"
    )
}

const ONE: &str = "<offprint-search src=\"/group/papers/\"></offprint-search>";

pub async fn one_script_one_element(test: Test) -> Res {
    let host = test.host(&build::collection(Collection::Sample)?).await?;
    host.add("/people/reading/", &page_with(ONE));
    let page = test.open(&host.root_url("/people/reading/")).await?;
    let lines = page.ask("attention is all you need").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("1706.03762"),
        "first result"
    );
    page.open_abstract("1706.03762").await?;
    test.screenshot("embed").await?;

    let embedded: Answer = page.search("neural networks", 10, 0).await?;
    let hosted = test.open(&host.url("")).await?;
    let own: Answer = hosted.search("neural networks", 10, 0).await?;
    same!(embedded, own, "the hosted page's answer");
    Ok(())
}

pub async fn two_elements_share_an_engine(test: Test) -> Res {
    let host = test.host(&build::collection(Collection::Sample)?).await?;
    host.add("/two.html", &page_with(&format!("{ONE}{ONE}")));
    let page = test.open(&host.root_url("/two.html")).await?;
    let script = "const both = [...document.querySelectorAll('offprint-search')];\
                  const answers = await Promise.all(both.map((element, n) => element.search(args[n])));\
                  return answers.map((answer) => answer.hits[0].id);";
    let first: Vec<String> = page
        .js_async(
            script,
            vec![json!("wasserstein gan"), json!("random forests ")],
        )
        .await?;
    same!(
        first,
        ["1701.07875", "10.1023/A:1010933404324"],
        "each its own answer"
    );
    let requests = host.take().await;
    for file in ["manifest.bin", "engine.wasm.bin"] {
        let times = requests.iter().filter(|r| r.path.ends_with(file)).count();
        same!(times, 1, "fetches of {file}");
    }
    Ok(())
}

pub async fn does_not_touch_the_page(test: Test) -> Res {
    let host = test.host(&build::collection(Collection::Sample)?).await?;
    // A file: the test host's policy forbids styles in the page itself.
    let style = host.test_file(
        "own.css",
        "h1, p, input, button, li { color: rgb(255, 0, 0); letter-spacing: 9px; }",
    );
    let body = format!("<link rel=\"stylesheet\" href=\"{style}\">{ONE}");
    host.add("/styled/", &page_with(&body));
    let page = test.open(&host.root_url("/styled/")).await?;
    let before: String = page.js("return location.href", vec![]).await?;
    page.ask("random forests ").await?;
    let inside: String = page
        .js(
            "return getComputedStyle(one('input')).letterSpacing",
            vec![],
        )
        .await?;
    holds!(inside != "9px", "the page's styles reach into the element");
    let own: String = page
        .js(
            "return getComputedStyle(document.querySelector('#own')).letterSpacing",
            vec![],
        )
        .await?;
    same!(own, "9px", "the page's own styles");
    // Keys belong to the page: `/` typed in its own field is a letter.
    page.js::<Value>("const field = document.createElement('input'); field.id = 'theirs'; document.body.append(field); field.focus(); return null", vec![]).await?;
    page.press_char("/").await?;
    let typed: String = page
        .js("return document.querySelector('#theirs').value", vec![])
        .await?;
    same!(typed, "/", "a slash in the page's own field");
    let after: String = page.js("return location.href", vec![]).await?;
    holds!(
        after == before || after.contains("q="),
        "the address went from {before} to {after}"
    );
    Ok(())
}

pub async fn moved_and_removed(test: Test) -> Res {
    let host = test.host(&build::collection(Collection::Sample)?).await?;
    host.add("/moved/", &page_with(ONE));
    let page = test.open(&host.root_url("/moved/")).await?;
    page.ask("wasserstein gan").await?;
    let script = "document.body.append(host); return null";
    page.js::<Value>(script, vec![]).await?;
    page.ask("random forests ").await?;
    let script = "const it = host; it.remove(); await new Promise((r) => setTimeout(r, 50));\
                  document.body.prepend(it); return null";
    page.js_async::<Value>(script, vec![]).await?;
    let lines = page.ask("attention is all you need").await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some("1706.03762"),
        "first result"
    );
    Ok(())
}
