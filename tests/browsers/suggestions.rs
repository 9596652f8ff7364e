//! What a query may become, and why a result stands where it does.

use crate::support::golden::Collection;
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    vec![
        case!(suggestions::words).needs(build::client),
        case!(suggestions::authors).needs(build::client),
        case!(suggestions::topics).needs(build::client),
        case!(suggestions::topics_when_asked_for).needs(build::client),
        case!(suggestions::none_without_need).needs(build::client),
        case!(suggestions::why).needs(build::client),
    ]
}

async fn sample(test: &Test) -> Res<Arc<Host>> {
    test.host(&build::collection(Collection::Sample)?).await
}

/// Waits for suggestions, and gives them.
pub async fn suggested(page: &Page) -> Res<Vec<String>> {
    let there = "return one('[part=suggestions]')?.checkVisibility()";
    page.wait("suggestions", there, vec![]).await?;
    page.js(
        "return [...root.querySelectorAll('[part=suggestions] button')].map((it) => it.textContent)",
        vec![],
    )
    .await
}

/// Asks with the focus in the box, as typing does.
pub async fn ask(page: &Page, text: &str) -> Res {
    page.js::<Value>("one('input').focus(); return null", vec![])
        .await?;
    page.ask(text).await.map(drop)
}

async fn take(page: &Page, text: &str) -> Res {
    let script = "[...root.querySelectorAll('[part=suggestions] button')].find((it) => it.textContent === args[0]).click(); return null";
    page.js::<Value>(script, vec![json!(text)]).await.map(drop)
}

async fn top_of_results(page: &Page) -> Res<f64> {
    page.js("return one('h2').getBoundingClientRect().top", vec![])
        .await
}

pub async fn words(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    ask(&page, "attention tra").await?;
    let before = top_of_results(&page).await?;
    let words = suggested(&page).await?;
    same!(
        words.first().map(String::as_str),
        Some("training"),
        "the first word"
    );
    // The words that the engine gives by itself, and nothing moves for them.
    let script = "return (await host.suggest(args[0])).words";
    let given: Vec<String> = page.js_async(script, vec![json!("attention tra")]).await?;
    holds!(given.starts_with(&words), "{words:?} of {given:?}");
    same!(
        top_of_results(&page).await?,
        before,
        "the place of the results"
    );
    // They stand on the line of what they are called, and above the results.
    let script = "const row = one('[part=suggestions]'); const name = document.createRange(); name.selectNode(row.firstChild);
        const middle = (it) => { const { top, bottom } = it.getBoundingClientRect(); return (top + bottom) / 2; };
        return [middle(name) - middle(row.querySelector('button')), one('h2').getBoundingClientRect().top - row.getBoundingClientRect().bottom]";
    let (aside, room): (f64, f64) = page.js(script, vec![]).await?;
    holds!(aside.abs() < 1.0, "{aside} px beside its name");
    holds!(room >= 4.0, "{room} px above the results");
    take(&page, "transformer").await?;
    page.wait_answer("attention transformer ").await?;
    same!(
        page.js::<String>("return root.activeElement.id", vec![])
            .await?,
        "q",
        "the focus"
    );
    Ok(())
}

pub async fn authors(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    ask(&page, "attention vaswa").await?;
    let names = suggested(&page).await?;
    holds!(
        names.iter().any(|name| name == "Ashish Vaswani"),
        "{names:?}"
    );
    take(&page, "Ashish Vaswani").await?;
    let lines = page
        .wait_answer("attention author:\"Ashish Vaswani\" ")
        .await?;
    holds!(
        lines.iter().any(|line| line.id == "1706.03762"),
        "not among the results"
    );
    Ok(())
}

pub async fn topics(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    ask(&page, "search ").await?;
    let topics = suggested(&page).await?;
    holds!(topics.len() > 1, "{topics:?}");
    let first = topics.first().ok_or("no topic")?.clone();
    take(&page, &first).await?;
    // As many papers as it said.
    let (_, count) = first.rsplit_once('(').ok_or("no count")?;
    let count = count.trim_end_matches(')');
    page.wait(
        "the topic's papers",
        "return one('.chip') && one('[part=count]').textContent.startsWith(args[0] + ' ')",
        vec![json!(count)],
    )
    .await
}

/// In a large collection their column is dear, so it is read when a reader wants it.
pub async fn topics_when_asked_for(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("")).await?;
    let large = "Object.defineProperty(host, 'info', { value: { ...host.info, papers: 50000 } }); return null";
    page.js::<Value>(large, vec![]).await?;
    ask(&page, "search ").await?;
    same!(suggested(&page).await?, ["Show"], "what is offered");
    let columns = |host: &Host| {
        let paths = host.requests().into_iter().map(|it| it.path);
        paths.filter(|path| path.contains("/f/")).count()
    };
    same!(columns(&host), 0, "columns read");
    let script =
        "const show = one('[part=suggestions] button'); show.focus(); show.click(); return null";
    page.js::<Value>(script, vec![]).await?;
    let there = "return root.querySelectorAll('[part=suggestions] button').length > 1 && root.activeElement.textContent.endsWith(')')";
    page.wait("topics, with the focus on them", there, vec![])
        .await?;
    holds!(columns(&host) > 0, "no column was read");
    // Where all papers are of one topic there is nothing to choose, and that is said.
    ask(&page, "\"object detection\" ").await?;
    same!(suggested(&page).await?, ["Show"], "what is offered then");
    take(&page, "Show").await?;
    page.wait(
        "what is said",
        "return one('[part=count]').textContent === 'No topic parts these papers.' && one('[part=suggestions]').hidden",
        vec![],
    )
    .await
}

pub async fn none_without_need(test: Test) -> Res {
    let host = sample(&test).await?;
    // Nobody types: nothing is asked for beyond the results.
    let page = test.open(&host.url("?q=attention%20tra")).await?;
    page.wait_answer("attention tra").await?;
    let spelling = |host: &Host| {
        host.requests()
            .iter()
            .filter(|it| it.path.contains("/s/"))
            .count()
    };
    page.js_async::<Value>(
        "await new Promise((done) => setTimeout(done, 1200)); return null",
        vec![],
    )
    .await?;
    same!(spelling(&host), 0, "requests for words");
    let hidden = "return one('[part=suggestions]').hidden";
    holds!(page.js::<bool>(hidden, vec![]).await?, "suggestions stand");
    Ok(())
}

pub async fn why(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test
        .open(&host.url("?q=attention%20transformer%20"))
        .await?;
    let lines = page.wait_answer("attention transformer ").await?;
    page.open_abstract(&lines.first().ok_or("no line")?.id)
        .await?;
    page.click_text("why this result?").await?;
    page.wait("the reasons", "return one('[part=why] dd') != null", vec![])
        .await?;
    let reasons: Vec<String> = page
        .js(
            "return [...root.querySelectorAll('[part=why] div')].map((it) => it.textContent)",
            vec![],
        )
        .await?;
    let text = reasons.join("; ");
    holds!(text.contains("attention, in 12 papers"), "{text}");
    let percents = reasons
        .iter()
        .filter_map(|it| it.split(' ').next()?.parse::<i32>().ok());
    let sum: i32 = percents.sum();
    holds!((99..=101).contains(&sum), "{sum} % in {text}");
    Ok(())
}
