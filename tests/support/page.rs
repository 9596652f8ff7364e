//! An open page: what a reader does on it and sees of it.

use super::Res;
use super::golden::{self, Ask, Beyond};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thirtyfour::session::handle::SessionHandle;
use thirtyfour::{Key, WebElement};

/// Longest wait for something to show on a page.
const PATIENCE: Duration = Duration::from_secs(30);

/// In front of every script: the element, its shadow root, and its result lines.
const PRELUDE: &str = "\
    const host = document.querySelector('offprint-search');\
    const root = host?.shadowRoot;\
    const lines = () => [...(root?.querySelectorAll('[data-paper-id]') ?? [])];\
    const one = (selector) => root?.querySelector(selector);";

/// The first visible button or link with some words.
const FIND: &str = "[...(root?.querySelectorAll('button, a') ?? [])].find((it) => it.checkVisibility()\
    && `${it.textContent} ${it.ariaLabel ?? ''}`.toLowerCase().includes(args[0].toLowerCase()))";

/// One result line as shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// The paper's id.
    pub id: String,
    /// All text of the line, white space collapsed.
    pub text: String,
}

/// What the engine answered, as far as tests look at it. The CLI's `query --json` and the page's own client both
/// give this shape.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Answer {
    /// The query.
    pub query: String,
    /// Papers with all words.
    pub total: u64,
    /// Papers with any word.
    pub total_any: u64,
    /// The best papers.
    pub hits: Vec<Hit>,
}

/// One paper of an [`Answer`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Hit {
    /// The paper's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its score, an integer.
    pub score: i64,
    /// Whether it has every word of the query.
    pub all_words: bool,
}

impl Answer {
    /// The ids in order.
    pub fn ids(&self) -> Vec<&str> {
        self.hits.iter().map(|hit| hit.id.as_str()).collect()
    }
}

/// The page shown in a browser.
#[derive(Clone)]
pub struct Page {
    driver: Arc<SessionHandle>,
}

impl Page {
    /// The page `driver` shows.
    pub fn new(driver: Arc<SessionHandle>) -> Self {
        Self { driver }
    }

    /// The browser's remote control.
    pub fn driver(&self) -> &Arc<SessionHandle> {
        &self.driver
    }

    /// Runs a script and returns what it returns. `host`, `root`, `lines()` and `one(selector)` are at hand, and
    /// `args` are the arguments.
    pub async fn js<T: DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> Res<T> {
        let script = format!("{PRELUDE} const args = [...arguments]; {script}");
        Ok(self.driver.execute(script, args).await?.convert()?)
    }

    /// Runs the body of an async function and returns what it resolves to; a rejection is an error.
    pub async fn js_async<T: DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> Res<T> {
        let script = format!(
            "{PRELUDE} const args = [...arguments]; const finish = args.pop();\
             (async () => {{ {script} }})().then((ok) => finish({{ ok }}), \
             (e) => finish({{ error: `${{e?.name}} ${{e?.code ?? ''}}: ${{e?.message ?? e}}` }}));"
        );
        let value: Value = self.driver.execute_async(script, args).await?.convert()?;
        if let Some(error) = value.get("error").and_then(Value::as_str) {
            return Err(error.into());
        }
        Ok(serde_json::from_value(
            value.get("ok").cloned().unwrap_or(Value::Null),
        )?)
    }

    /// An element of the search, by CSS selector inside its shadow root.
    pub async fn element(&self, selector: &str) -> Res<WebElement> {
        self.wait(
            &format!("an element {selector}"),
            "return one(args[0]) != null",
            vec![json!(selector)],
        )
        .await?;
        let script = format!("{PRELUDE} return one(arguments[0])");
        Ok(self
            .driver
            .execute(script, vec![json!(selector)])
            .await?
            .element()?)
    }

    /// Waits until a script returns true; `what` names it in the error.
    pub async fn wait(&self, what: &str, script: &str, args: Vec<Value>) -> Res {
        let end = Instant::now() + PATIENCE;
        loop {
            // A page that is on its way out may answer null, in Firefox.
            if self.js::<Option<bool>>(script, args.clone()).await? == Some(true) {
                return Ok(());
            }
            if Instant::now() > end {
                let shown: String = self
                    .js(
                        "return root?.textContent ?? document.body?.innerText ?? ''",
                        vec![],
                    )
                    .await?;
                let shown: String = shown
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .chars()
                    .take(600)
                    .collect();
                let state = self.state().await?;
                let field: Option<String> = self
                    .js("return one('input')?.value ?? null", vec![])
                    .await?;
                crate::fail!(
                    "waited {} s for {what}; state {state:?}, field {field:?}, shown: {shown}",
                    PATIENCE.as_secs()
                );
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// The element's `data-state`.
    pub async fn state(&self) -> Res<String> {
        self.js("return host?.dataset.state ?? ''", vec![]).await
    }

    /// Waits for one of these states.
    pub async fn wait_state(&self, states: &[&str]) -> Res<String> {
        self.wait(
            &format!("state {states:?}"),
            "return args[0].includes(host?.dataset.state)",
            vec![json!(states)],
        )
        .await?;
        self.state().await
    }

    /// Waits until the page has started: it can take input, or has failed.
    pub async fn wait_started(&self) -> Res {
        self.wait_state(&["ready", "searching", "partial", "done", "error"])
            .await
            .map(drop)
    }

    /// Waits for the whole answer to `query`, snippets included (an error counts as one), and
    /// returns the result lines.
    pub async fn wait_answer(&self, query: &str) -> Res<Vec<Line>> {
        self.wait_answer_in(query, &["done", "error", "ready"])
            .await
    }

    /// The same, in some states only.
    pub async fn wait_answer_in(&self, query: &str, states: &[&str]) -> Res<Vec<Line>> {
        // The state leaves `done` in the moment the field changes, so it belongs to this text.
        let script = "return one('input')?.value === args[0] && args[1].includes(host.dataset.state)\
                      && (host.dataset.state !== 'ready' || args[0].trim() === '')";
        let what = format!("the answer to {query:?}");
        self.wait(&what, script, vec![json!(query), json!(states)])
            .await?;
        self.lines().await
    }

    /// The field the reader types in.
    pub async fn input(&self) -> Res<WebElement> {
        self.element("input").await
    }

    /// Types at the end of what is there, key by key.
    pub async fn type_text(&self, text: &str) -> Res {
        let input = self.input().await?;
        // A page that was just opened may not take the focus yet.
        let ready =
            "const field = one('input'); field.focus(); return root.activeElement === field";
        self.wait("the focus in the field", ready, vec![]).await?;
        Ok(input.send_keys(text).await?)
    }

    /// Puts `text` in the field in one step, as pasting does, and waits for its answer.
    pub async fn ask(&self, text: &str) -> Res<Vec<Line>> {
        self.input().await?;
        let script = "const field = one('input'); field.value = args[0];\
                      field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));";
        self.js::<Value>(script, vec![json!(text)]).await?;
        self.wait_answer(text).await
    }

    /// Presses a key where the focus is.
    pub async fn press(&self, key: Key) -> Res {
        Ok(self.driver.action_chain().send_keys(key).perform().await?)
    }

    /// Types a character where the focus is.
    pub async fn press_char(&self, key: &str) -> Res {
        Ok(self.driver.action_chain().send_keys(key).perform().await?)
    }

    /// The result lines shown, in order.
    pub async fn lines(&self) -> Res<Vec<Line>> {
        let script = "return lines().map((line) => ({ id: line.dataset.paperId,\
                      text: line.textContent.replace(/\\s+/g, ' ').trim() }))";
        self.js(script, vec![]).await
    }

    /// The ids of the result lines shown, in order.
    pub async fn ids(&self) -> Res<Vec<String>> {
        Ok(self
            .lines()
            .await?
            .into_iter()
            .map(|line| line.id)
            .collect())
    }

    /// Everything the search shows, white space collapsed.
    pub async fn text(&self) -> Res<String> {
        let text: String = self.js("return root?.textContent ?? ''", vec![]).await?;
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Asks the page's own client, past what is shown.
    pub async fn search<T: DeserializeOwned>(
        &self,
        query: &str,
        limit: usize,
        offset: usize,
    ) -> Res<T> {
        let script = "return await host.search(args[0], { limit: args[1], offset: args[2] })";
        self.js_async(script, vec![json!(query), json!(limit), json!(offset)])
            .await
    }

    /// Asks the page's own client many queries in turn.
    pub async fn search_all<T: DeserializeOwned>(&self, asks: &[Ask]) -> Res<Vec<T>> {
        let script = "const answers = []; for (const [query, limit, more] of args[0]) \
                      answers.push(await host.search(query, { ...JSON.parse(more), limit })); \
                      return answers;";
        self.js_async(script, vec![json!(asks)]).await
    }

    /// What a file of golden queries wants to know beyond results.
    pub async fn beyond(&self, file: &golden::File) -> Res<Vec<Beyond>> {
        let script = "const { words } = await host.suggest(args[0]);\
            const [{ doc, score } = {}] = (await host.search(args[0], { limit: 1 })).hits;\
            if (doc === undefined) return { words, related: [], score: 0, shares: [] };\
            const related = (await host.related(doc)).hits.map(({ id }) => id);\
            const { shares } = await host.search(args[0], { limit: 0, explain: doc });\
            return { words, related, score, shares };";
        let mut beyond = Vec::new();
        for query in file.beyond() {
            beyond.push(self.js_async(script, vec![json!(query.text)]).await?);
        }
        Ok(beyond)
    }

    /// Clicks the first button or link of the search whose text or label contains `words`, in any case.
    pub async fn click_text(&self, words: &str) -> Res {
        let there = format!("return {FIND} != null");
        self.wait(&format!("a button {words:?}"), &there, vec![json!(words)])
            .await?;
        self.js::<Value>(&format!("{FIND}.click(); return null"), vec![json!(words)])
            .await
            .map(drop)
    }

    /// Opens the abstract of a result line and waits until it is there.
    pub async fn open_abstract(&self, id: &str) -> Res {
        const LINE: &str = "const line = lines().find((line) => line.dataset.paperId === args[0]);\
                            const button = line?.querySelector('button[aria-expanded]');";
        let click = format!(
            "{LINE} if (button?.ariaExpanded === 'false') button.click(); return button != null"
        );
        if !self.js::<bool>(&click, vec![json!(id)]).await? {
            crate::fail!("no button opens the abstract of {id}");
        }
        let there = format!(
            "{LINE} return (line.querySelector('[part=abstract] .abstract')?.textContent ?? '') !== ''\
                             && button.ariaExpanded === 'true'"
        );
        self.wait(&format!("the abstract of {id}"), &there, vec![json!(id)])
            .await
    }
}
