//! Papers cited from their opened abstracts. What is to be shown stands in `tests/citations.toml`.

use crate::support::fault::{Fault, Harm};
use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, bib, build, program};
use crate::{case, holds, same};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use thirtyfour::Key;

pub fn cases() -> Vec<Case> {
    vec![
        case!(citations::forms).needs(build::client),
        case!(citations::hostile_papers).needs(build::client),
        case!(citations::by_keyboard).needs(build::client),
        case!(citations::copying).needs(build::client),
        case!(citations::files).needs(build::client),
        case!(citations::only_when_asked).needs(build::client),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    why: String,
    json: String,
    /// Name of its files, without ending.
    file: String,
    bibtex: String,
    ris: String,
    csl: String,
    text: String,
}

/// The papers of `tests/citations.toml`.
fn expected() -> Res<Vec<Expected>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        paper: Vec<Expected>,
    }
    let path = crate::support::golden::root().join("tests/citations.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path)?)?;
    Ok(file.paper)
}

/// A site of some papers; every one of them has the keyword `citable`.
fn site(name: &str, lines: &[String]) -> Res<Arc<Site>> {
    let folder = program::sites();
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.jsonl"));
    let text = lines.join("\n") + "\n";
    if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
        std::fs::write(&file, text)?;
    }
    build::built(name, &[file], &[])
}

fn sample() -> Res<Arc<Site>> {
    let lines: Vec<String> = expected()?.into_iter().map(|it| it.json).collect();
    site("citations", &lines)
}

/// Opens the page with every paper of the site on it.
pub async fn open(test: &Test, host: &Host) -> Res<Page> {
    let page = test.open(&host.url("")).await?;
    page.js::<Value>("host.setAttribute('limit', '50'); return null", vec![])
        .await?;
    page.ask("citable ").await?;
    Ok(page)
}

/// Opens a paper's abstract, and its citations.
pub async fn show(page: &Page, id: &str) -> Res {
    page.open_abstract(id).await?;
    let click = "const line = lines().find((line) => line.dataset.paperId === args[0]);\
                 [...line.querySelectorAll('button')].find((it) => it.textContent === 'Cite').click(); return null";
    page.js::<Value>(click, vec![json!(id)]).await?;
    let there = "const at = lines().find((line) => line.dataset.paperId === args[0]).querySelector('[part=citation]');\
                 return at.querySelector('textarea')?.value.length > 0 || at.querySelector('[role=alert]') != null";
    page.wait(&format!("citations of {id}"), there, vec![json!(id)])
        .await?;
    let alert = "return one('[part=citation] [role=alert]')?.textContent ?? ''";
    same!(page.js::<String>(alert, vec![]).await?, "", "citing {id}");
    Ok(())
}

/// The texts of all forms of a paper, by the names of their tabs.
async fn texts(page: &Page, id: &str) -> Res<BTreeMap<String, String>> {
    show(page, id).await?;
    let script = "const line = lines().find((line) => line.dataset.paperId === args[0]);\
        return Object.fromEntries([...line.querySelectorAll('[role=tab]')].map((tab) =>\
            (tab.click(), [tab.textContent, line.querySelector('textarea').value])))";
    page.js(script, vec![json!(id)]).await
}

fn form<'a>(texts: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    texts.get(name).map_or("", String::as_str)
}

/// What holds of every paper's texts, whatever the paper says.
fn sound(texts: &BTreeMap<String, String>, id: &str) -> Res {
    let entry = bib::parse(form(texts, "BibTeX"))
        .map_err(|e| format!("BibTeX of {id}: {}", e.message().unwrap_or("")))?;
    holds!(
        entry
            .key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            && !entry.key.is_empty(),
        "key {:?} of {id}",
        entry.key
    );
    let ris: Vec<&str> = form(texts, "RIS").split('\n').collect();
    let (first, last) = (ris.first().copied(), ris.last().copied());
    holds!(
        first.is_some_and(|line| line.starts_with("TY  - ")),
        "first line {first:?} of {id}"
    );
    same!(last, Some("ER  - "), "last line of {id}");
    for (at, line) in ris.iter().enumerate() {
        let tag = line.get(..2).unwrap_or("");
        holds!(
            tag.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && line.get(2..6) == Some("  - ")
                && (tag == "TY") == (at == 0)
                && (tag == "ER") == (at + 1 == ris.len()),
            "line {line:?} of {id}"
        );
    }
    let csl: Value = serde_json::from_str(form(texts, "CSL-JSON"))?;
    same!(
        csl.pointer("/0/id"),
        Some(&json!(entry.key)),
        "CSL id of {id}"
    );
    holds!(
        csl.get(1).is_none() && csl.pointer("/0/title").is_some(),
        "CSL of {id} is {csl}"
    );
    let text = form(texts, "Text");
    holds!(
        !text.is_empty() && !text.contains('\n'),
        "text {text:?} of {id}"
    );
    for (name, text) in texts {
        let turns = |c: char| {
            matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || (c.is_control() && c != '\n')
        };
        holds!(
            !text.contains(turns),
            "{name} of {id} holds {:?}",
            text.find(turns)
        );
    }
    Ok(())
}

pub async fn forms(test: Test) -> Res {
    let host = test.host(&sample()?).await?;
    let page = open(&test, &host).await?;
    for paper in expected()? {
        let id = serde_json::from_str::<Value>(&paper.json)?;
        let id = id.get("id").and_then(Value::as_str).unwrap_or("");
        let texts = texts(&page, id).await?;
        for (name, want) in [
            ("BibTeX", &paper.bibtex),
            ("RIS", &paper.ris),
            ("CSL-JSON", &paper.csl),
            ("Text", &paper.text),
        ] {
            let (is, want) = (form(&texts, name).trim_end(), want.as_str());
            holds!(
                is == want,
                "{}: {name}\n   is:\n{is}\n want:\n{want}",
                paper.why
            );
        }
        same!(
            bib::parse(form(&texts, "BibTeX"))?.key,
            paper.file,
            "{}",
            paper.why
        );
        sound(&texts, id)?;
    }
    test.screenshot("citations").await
}

/// Papers that try to be more than a title and names.
fn hostile() -> Vec<(&'static str, Value)> {
    let commands = "\\input{/etc/passwd} \\write18{x} $\\input{x}$ $^^5cinput$ $\\catcode`\\{=1$ %\n& #1 _ ^^41 ~ \"|<>` \\";
    let braces = "}} @article{x, title = {{ {{{ } \\{ \\} }, note = {";
    let names: Vec<String> = (0..500)
        .map(|n| format!("Given{n} and {{Family}} \\x{n}% & Co"))
        .collect();
    vec![
        (
            "commands",
            json!({ "title": commands, "authors": [commands, "Ann \\def\\x{} Smith"], "venue": commands, "date": "2020" }),
        ),
        (
            "braces",
            json!({ "title": braces, "authors": [braces, "{", "}{ }{", "A }, B"], "venue": braces }),
        ),
        (
            "lines",
            json!({ "title": "One\nER  - \nTY  - BOOK\r\nTI  - Two\u{2028}AU  - Three\u{85}x", "authors": ["A\nER  - ", "B\r\nC"], "venue": "V\n\nTY  - JOUR" }),
        ),
        (
            "markup",
            json!({ "title": "</textarea><script>globalThis.offprintHostile=1</script>", "authors": ["<img src=x onerror=alert(1)>"], "venue": "\"><b>" }),
        ),
        (
            "turned",
            json!({ "title": "شبكات \u{202e}عصبية\u{2066} abc", "authors": ["محمد علي", "\u{202e}moc.live \u{2067}x"], "venue": "مجلة" }),
        ),
        (
            "many",
            json!({ "title": "Of many hands", "authors": names, "date": "2021-02" }),
        ),
        (
            "addresses",
            json!({ "title": "Addresses", "authors": ["A B"], "links": [
            { "kind": "doi", "url": "https://doi.org/10.1000/a{b}%5C%7B%7D%22%0aER" },
            { "kind": "page", "url": "https://example.org/?q={}}}%&x=\\input{y}^|`" },
        ] }),
        ),
        (
            "$^{{}}\\",
            json!({ "title": "$", "authors": [",", ",,,,", "$ $", "et al."] }),
        ),
        (
            "10.1000/}{\\x%&_$",
            json!({ "title": "$}${$ \u{0301}\u{0301}e\u{0301}\u{0302} $a}b{c$ $\\frac{1}{2}$5", "authors": ["\u{0301}", "__proto__ constructor"], "categories": ["}{"] }),
        ),
    ]
}

pub async fn hostile_papers(test: Test) -> Res {
    let lines: Vec<String> = hostile()
        .into_iter()
        .map(|(id, mut paper)| {
            if let Some(fields) = paper.as_object_mut() {
                fields.insert("id".to_owned(), json!(id));
                fields.insert("keywords".to_owned(), json!(["citable"]));
            }
            paper.to_string()
        })
        .collect();
    let host = test.host(&site("citations-hostile", &lines)?).await?;
    let page = open(&test, &host).await?;
    let ids = page.ids().await?;
    same!(ids.len(), lines.len(), "papers");
    for id in &ids {
        let texts = texts(&page, id).await?;
        sound(&texts, id)?;
        if id == "many" {
            let entry = bib::parse(form(&texts, "BibTeX"))?;
            let authors = entry.fields.get("author").map_or("", String::as_str);
            same!(authors.split("} and {").count(), 500, "authors");
        }
    }
    let flag: bool = page
        .js("return 'offprintHostile' in globalThis", vec![])
        .await?;
    holds!(!flag, "a paper ran a script");
    let made: usize = page
        .js(
            "return root.querySelectorAll('script, img, b').length",
            vec![],
        )
        .await?;
    same!(made, 0, "elements that a paper made");
    Ok(())
}

/// The label or text of what has the focus.
async fn focus(page: &Page) -> Res<String> {
    page.js(
        "const at = root.activeElement; return at ? (at.ariaLabel ?? at.textContent) : ''",
        vec![],
    )
    .await
}

pub async fn by_keyboard(test: Test) -> Res {
    let host = test.host(&sample()?).await?;
    let page = open(&test, &host).await?;
    page.open_abstract("1706.03762").await?;
    let at = "const cite = [...root.querySelectorAll('.panel button')].find((it) => it.textContent === 'Cite');";
    page.js::<Value>(&format!("{at} cite.focus(); return null"), vec![])
        .await?;
    page.press(Key::Enter).await?;
    page.wait("citations", "return one('textarea') != null", vec![])
        .await?;
    same!(focus(&page).await?, "Cite", "focus where it was");
    let open: String = page
        .js(&format!("{at} return cite.ariaExpanded"), vec![])
        .await?;
    same!(open, "true", "aria-expanded");
    page.press(Key::Tab).await?;
    // Lists stand beside it once they are there.
    if focus(&page).await? == "Lists and note" {
        page.press(Key::Tab).await?;
    }
    same!(focus(&page).await?, "BibTeX", "the chosen tab");
    // Round once, one back, and to both ends.
    let mut seen = Vec::new();
    for key in [
        Key::Right,
        Key::Right,
        Key::Right,
        Key::Right,
        Key::Left,
        Key::Home,
        Key::End,
    ] {
        page.press(key).await?;
        let chosen: Vec<String> = page
            .js("return [...root.querySelectorAll('[role=tab][aria-selected=true]')].map((it) => it.textContent)", vec![])
            .await?;
        same!(
            chosen,
            [focus(&page).await?],
            "the tab with the focus is the chosen one"
        );
        seen.extend(chosen);
    }
    same!(
        seen,
        [
            "RIS", "CSL-JSON", "Text", "BibTeX", "Text", "BibTeX", "Text"
        ],
        "tabs"
    );
    let labelled: String = page
        .js("return root.getElementById(one('[role=tabpanel]').getAttribute('aria-labelledby')).textContent", vec![])
        .await?;
    same!(labelled, "Text", "label of the panel");
    page.press(Key::Tab).await?;
    same!(focus(&page).await?, "Citation", "the text");
    page.press(Key::Tab).await?;
    same!(focus(&page).await?, "Copy", "its first button");
    page.js::<Value>(&format!("{at} cite.focus(); return null"), vec![])
        .await?;
    page.press(Key::Enter).await?;
    let shown: bool = page
        .js("return one('textarea').checkVisibility()", vec![])
        .await?;
    holds!(!shown, "a second press closes");
    Ok(())
}

pub async fn copying(test: Test) -> Res {
    let host = test.host(&sample()?).await?;
    let page = open(&test, &host).await?;
    show(&page, "1706.03762").await?;
    let allow = "host.copied = [];\
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => void host.copied.push(text) } }); return null";
    page.js::<Value>(allow, vec![]).await?;
    page.click_text("copy").await?;
    let said = "return one('[part=citation] [role=status]').textContent === args[0]";
    page.wait("word of it", said, vec![json!("Copied.")])
        .await?;
    let same_text: bool = page
        .js(
            "return host.copied.length === 1 && host.copied[0].trimEnd() === one('textarea').value",
            vec![],
        )
        .await?;
    holds!(same_text, "something else was copied");
    for clipboard in [
        "undefined",
        "{ writeText: async () => { throw new DOMException('', 'NotAllowedError') } }",
    ] {
        let forbid = format!(
            "root.activeElement?.blur(); getSelection().removeAllRanges();\
             Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }}); return null"
        );
        page.js::<Value>(&forbid, vec![]).await?;
        page.click_text("copy").await?;
        let words = "Copying is not allowed here. The text is selected.";
        page.wait("word of it", said, vec![json!(words)]).await?;
        let selected: bool = page
            .js("const area = one('textarea'); return root.activeElement === area && area.selectionStart === 0 && area.selectionEnd === area.value.length", vec![])
            .await?;
        holds!(selected, "the text is not selected");
        page.click_text("ris").await?;
        page.wait("no word of another form", said, vec![json!("")])
            .await?;
    }
    Ok(())
}

pub async fn files(test: Test) -> Res {
    let host = test.host(&sample()?).await?;
    let page = open(&test, &host).await?;
    show(&page, "1706.03762").await?;
    // What the browser would keep, in place of keeping it.
    let script = "const made = []; const kept = [];\
        URL.createObjectURL = (blob) => (made.push(blob), 'blob:kept'); URL.revokeObjectURL = () => {};\
        HTMLAnchorElement.prototype.click = function () { kept.push([this.download, this.href]); };\
        const offered = [];\
        for (const tab of root.querySelectorAll('[role=tab]')) {\
            tab.click();\
            const button = [...root.querySelectorAll('[role=tabpanel] button')].find((it) => it.textContent.startsWith('Download'));\
            if (!button.hidden) { offered.push(button.textContent); button.click(); }\
        }\
        return { offered, kept, texts: await Promise.all(made.map((blob) => blob.text())), types: made.map((blob) => blob.type) }";
    let got: Value = page.js_async(script, vec![]).await?;
    same!(
        got.get("offered"),
        Some(&json!(["Download .bib", "Download .ris", "Download .json"])),
        "buttons"
    );
    let name = "vaswani2017attention";
    let kept = json!([
        [format!("{name}.bib"), "blob:kept"],
        [format!("{name}.ris"), "blob:kept"],
        [format!("{name}.json"), "blob:kept"],
    ]);
    same!(got.get("kept"), Some(&kept), "files");
    let papers = expected()?;
    let paper = papers.first().ok_or("no paper")?;
    let texts: Vec<String> = serde_json::from_value(got.get("texts").cloned().unwrap_or_default())?;
    let want = [
        format!("{}\n", paper.bibtex),
        format!("{} \r\n", paper.ris.replace('\n', "\r\n")),
        format!("{}\n", paper.csl),
    ];
    same!(texts, want, "texts");
    Ok(())
}

/// What shows citations is no part of the first load, and where it does not come the page goes on.
pub async fn only_when_asked(test: Test) -> Res {
    let host = test.host(&sample()?).await?;
    host.fail(Fault::new(Harm::Status(404), "cite.js"));
    let page = open(&test, &host).await?;
    page.open_abstract("1706.03762").await?;
    let asked = |path: &str| path.ends_with("cite.js");
    holds!(
        !host.requests().iter().any(|it| asked(&it.path)),
        "cite.js came before it was asked for"
    );
    page.click_text("cite").await?;
    let failed = "return one('[part=citation] [role=alert]')?.textContent.includes('cite.js')";
    page.wait(
        "word of what is missing",
        &format!("{failed} === true"),
        vec![],
    )
    .await?;
    same!(page.state().await?, "done", "the page");
    host.heal();
    page.click_text("cite").await?;
    page.click_text("cite").await?;
    page.wait("citations", "return one('textarea') != null", vec![])
        .await
}
