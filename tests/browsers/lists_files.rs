//! What leaves lists and comes to them: citations of a selection, files.

use crate::support::page::Page;
use crate::support::runner::{Case, Test};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::tests::lists::{
    heading, open_lists, reload, sample, shelf, star, starred_page, wait_kept, wait_message, write,
};
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::sync::Arc;

pub fn cases() -> Vec<Case> {
    vec![
        case!(lists_files::citations_of_a_selection).needs(build::client),
        case!(lists_files::there_and_back).needs(build::client),
        case!(lists_files::merged_not_overwritten).needs(build::client),
        case!(lists_files::hostile_files).needs(build::client),
    ]
}

/// A site of some papers; every one of them has the keyword `listable`.
pub fn site(name: &str, papers: &[Value]) -> Res<Arc<Site>> {
    let folder = program::sites();
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.jsonl"));
    let mut text = String::new();
    for paper in papers {
        let mut paper = paper.clone();
        if let Some(fields) = paper.as_object_mut() {
            fields.insert("keywords".to_owned(), json!(["listable"]));
        }
        text.push_str(&format!("{paper}\n"));
    }
    if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
        std::fs::write(&file, text)?;
    }
    build::built(name, &[file], &[])
}

pub async fn star_all(page: &Page, ids: &[&str]) -> Res {
    for id in ids {
        star(page, id).await?;
    }
    Ok(())
}

pub async fn citations_of_a_selection(test: Test) -> Res {
    // Three whose keys would be the same.
    let many: Vec<String> = (0..14).map(|n| format!("Given{n} Family{n}")).collect();
    let papers = [
        json!({ "id": "2001.00003", "title": "Graphs at large", "authors": ["Ann Smith"], "date": "2020-01", "categories": ["cs.LG"] }),
        json!({ "id": "2001.00001", "title": "Graphs at rest", "authors": ["Bo Smith"], "date": "2020-01", "venue": "NeurIPS" }),
        json!({ "id": "2001.00002", "title": "Graphs in motion & more", "authors": ["Cy Smith"], "date": "2020-01" }),
        json!({ "id": "2001.00004", "title": "Of many hands", "authors": many, "date": "2021" }),
    ];
    let host = test.host(&site("lists-citations", &papers)?).await?;
    let page = starred_page(&test, &host.url("?q=listable")).await?;
    // The last one starred stands first.
    star_all(
        &page,
        &["2001.00004", "2001.00002", "2001.00001", "2001.00003"],
    )
    .await?;
    open_lists(&page, "Starred").await?;
    wait_kept(
        &page,
        &["2001.00003", "2001.00001", "2001.00002", "2001.00004"],
    )
    .await?;
    let tick = "const boxes = [...root.querySelectorAll('.kept [type=checkbox]')]; for (const n of args[0]) boxes[n].click(); return null";
    page.js::<Value>(tick, vec![json!([0, 1, 2])]).await?;
    page.click_text("cite").await?;
    let shown = "const area = one('.lists [part=citation] textarea'); return area?.value.includes(args[0]) ?? false";
    page.wait("citations", shown, vec![json!("Cy")]).await?;
    let text = "return one('.lists [part=citation] textarea').value";
    let entry = |kind: &str, key: &str, author: &str, title: &str, more: &str, id: &str| {
        format!(
            "@{kind}{{{key},\n  author = {{{author}}},\n  title = {{{title}}},\n{more}  year = {{2020}},\n{}  eprint = {{{id}}},\n  archivePrefix = {{arXiv}},\n{}  url = {{https://arxiv.org/abs/{id}}}\n}}",
            if kind == "misc" {
                "  month = jan,\n"
            } else {
                ""
            },
            if id == "2001.00003" {
                "  primaryClass = {cs.LG},\n"
            } else {
                ""
            }
        )
    };
    let expected = [
        // By their ids the first keeps its key.
        entry(
            "misc",
            "smith2020graphsc",
            "Smith, Ann",
            "Graphs at large",
            "",
            "2001.00003",
        ),
        entry(
            "inproceedings",
            "smith2020graphs",
            "Smith, Bo",
            "Graphs at rest",
            "  booktitle = {NeurIPS},\n",
            "2001.00001",
        ),
        entry(
            "misc",
            "smith2020graphsb",
            "Smith, Cy",
            "Graphs in motion \\& more",
            "",
            "2001.00002",
        ),
    ];
    same!(
        page.js::<String>(text, vec![]).await?,
        expected.join("\n\n"),
        "BibTeX"
    );
    test.screenshot("lists-cite").await?;
    page.click_text("csl-json").await?;
    let ids: Vec<String> = page
        .js(
            "return JSON.parse(one('.lists [part=citation] textarea').value).map((it) => it.id)",
            vec![],
        )
        .await?;
    same!(
        ids,
        ["smith2020graphsc", "smith2020graphs", "smith2020graphsb"],
        "CSL ids"
    );
    page.click_text("ris").await?;
    let records: usize = page
        .js(
            "return one('.lists [part=citation] textarea').value.match(/^TY {2}- /gm).length",
            vec![],
        )
        .await?;
    same!(records, 3, "records of RIS");
    // Without a selection it is the whole list; authors that a result line leaves out are cited too.
    page.js::<Value>(tick, vec![json!([0, 1, 2])]).await?;
    page.click_text("bibtex").await?;
    page.wait("all citations", shown, vec![json!("Given13 Family13")])
        .await?;
    // What the filter hides is neither shown nor meant.
    write(&page, ".lists [type=search]", "graphs").await?;
    page.wait(
        "citations of what is shown",
        "const { value } = one('.lists [part=citation] textarea'); return value.includes('Smith') && !value.includes('Family13')",
        vec![],
    )
    .await?;
    let file: String = page
        .js_async(
            "let name; HTMLAnchorElement.prototype.click = function () { name = this.download; };\
             [...root.querySelectorAll('[part=citation] button')].find((it) => it.textContent.startsWith('Download')).click(); return name",
            vec![],
        )
        .await?;
    same!(file, "Starred.bib", "name of the file");
    Ok(())
}

/// Lets the page's exports be read in place of being kept as files.
async fn exported(page: &Page) -> Res<String> {
    let script = "let blob; URL.createObjectURL = (made) => (blob = made, 'blob:kept'); URL.revokeObjectURL = () => {};\
        HTMLAnchorElement.prototype.click = () => {};\
        [...root.querySelectorAll('.lists button')].find((it) => it.textContent === 'Export everything').click();\
        return blob.text()";
    page.js_async(script, vec![]).await
}

/// Chooses a file to import.
pub async fn import(page: &Page, text: &str) -> Res {
    let script = "const input = one('.lists [type=file]'); const files = new DataTransfer();\
        files.items.add(new File([args[0]], 'lists.json', { type: 'application/json' })); input.files = files.files;\
        input.dispatchEvent(new Event('change')); return null";
    page.js::<Value>(script, vec![json!(text)]).await.map(drop)
}

/// What was exported, without its time.
fn timeless(text: &str) -> Res<Value> {
    let mut value: Value = serde_json::from_str(text)?;
    if let Some(fields) = value.as_object_mut() {
        fields.remove("exported");
    }
    Ok(value)
}

/// Clears what the browser keeps, and loads the page anew.
async fn clear(page: &Page) -> Res {
    let script = "for (const { name } of await indexedDB.databases()) await new Promise((ok, no) => { const it = indexedDB.deleteDatabase(name); it.onsuccess = ok; it.onerror = no; });\
        return null";
    page.js_async::<Value>(script, vec![]).await?;
    reload(page).await?;
    page.wait_started().await
}

pub async fn there_and_back(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = starred_page(&test, &host.url("?q=attention%20")).await?;
    let ids = page.ids().await?;
    let [first, second, third, ..] = &ids[..] else {
        crate::fail!("too few lines");
    };
    star_all(&page, &[first, second, third]).await?;
    open_lists(&page, "").await?;
    write(&page, ".lists .naming input", "To read <b>soon</b>").await?;
    page.click_text("make list").await?;
    heading(&page, "To read <b>soon</b>").await?;
    page.click_text("all lists").await?;
    open_lists(&page, "Starred").await?;
    page.js::<Value>(
        "root.querySelectorAll('.kept [type=checkbox]')[1].click(); return null",
        vec![],
    )
    .await?;
    page.click_text("add").await?;
    wait_message(&page, "1 paper is in “To read <b>soon</b>” now.").await?;
    page.js::<Value>("[...root.querySelectorAll('.kept .link')].find((it) => it.textContent === 'Add note').click(); return null", vec![])
        .await?;
    write(
        &page,
        ".kept textarea",
        "</textarea><script>globalThis.offprintHostile=1</script> \u{202e}x",
    )
    .await?;
    page.wait(
        "the note",
        "return one('.said').textContent === 'Saved'",
        vec![],
    )
    .await?;
    page.click_text("all lists").await?;
    heading(&page, "Lists").await?;
    let file = exported(&page).await?;
    let before = shelf(&page).await?;
    same!(
        before,
        [
            "All papers: 3 papers",
            "Starred: 3 papers",
            "To read <b>soon</b>: 1 paper"
        ],
        "lists"
    );
    clear(&page).await?;
    heading(&page, "Lists").await?;
    same!(
        shelf(&page).await?,
        ["All papers: 0 papers", "Starred: 0 papers"],
        "nothing is left"
    );
    test.screenshot("lists-empty").await?;
    import(&page, &file).await?;
    wait_message(&page, "3 new papers were imported").await?;
    same!(shelf(&page).await?, before, "lists that came back");
    same!(
        timeless(&exported(&page).await?)?,
        timeless(&file)?,
        "what is exported again"
    );
    let flag: bool = page
        .js(
            "return 'offprintHostile' in globalThis || one('.lists b, .lists script') != null",
            vec![],
        )
        .await?;
    holds!(!flag, "a note or a name is more than text");
    Ok(())
}

/// A file of one list and one paper.
pub fn file(id: &str, note: &str, list: &str) -> Value {
    let time = "2024-05-01T10:00:00.000Z";
    json!({
        "format": "offprint-lists", "version": 1, "collection": "https://example.org/", "title": "Elsewhere", "exported": time,
        "lists": [{ "key": "k", "name": list, "made": time, "papers": [{ "id": id, "added": time }] }],
        "papers": [{ "id": id, "title": "A title of the file", "authors": ["Ann Author"], "date": "2024", "venue": "", "categories": [],
            "links": [{ "kind": "page", "url": "https://example.org/paper" }], "whole": true, "note": note }],
    })
}

pub async fn merged_not_overwritten(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("#lists=")).await?;
    heading(&page, "Lists").await?;
    import(&page, &file("1706.03762", "Mine", "Reading").to_string()).await?;
    wait_message(&page, "1 new paper was imported; what you had stays. The file is of another collection: Elsewhere.").await?;
    // The same again, then another note, then another paper in a list of that name.
    import(&page, &file("1706.03762", "Mine", "Reading").to_string()).await?;
    wait_message(&page, "0 new papers").await?;
    import(&page, &file("1706.03762", "Theirs", "Reading").to_string()).await?;
    let mut other = file("gone-for-good", "", "Reading");
    if let Some(key) = other.pointer_mut("/lists/0/key") {
        *key = json!("another");
    }
    import(&page, &other.to_string()).await?;
    wait_message(&page, "1 new paper was imported").await?;
    same!(
        shelf(&page).await?,
        [
            "All papers: 2 papers",
            "Starred: 0 papers",
            "Reading: 2 papers"
        ],
        "lists"
    );
    open_lists(&page, "Reading").await?;
    wait_kept(&page, &["1706.03762", "gone-for-good"]).await?;
    let note: String = page
        .js("return one('.kept textarea').value", vec![])
        .await?;
    same!(note, "Mine\n\nTheirs", "both notes");
    // A paper that the collection lacks still reads.
    page.js::<Value>(
        "[...root.querySelectorAll('.kept .more')].at(-1).click(); return null",
        vec![],
    )
    .await?;
    page.wait(
        "word of it",
        "return [...root.querySelectorAll('[data-kept-id]')].at(-1).textContent.includes('This paper is no longer in the collection.')",
        vec![],
    )
    .await?;
    let text: String = page
        .js(
            "return [...root.querySelectorAll('[data-kept-id]')].at(-1).textContent",
            vec![],
        )
        .await?;
    holds!(
        text.contains("A title of the file") && text.contains("Ann Author"),
        "{text:?}"
    );
    // The other is shown as the collection has it by now.
    page.js::<Value>("one('.kept .more').click(); return null", vec![])
        .await?;
    page.wait(
        "its title",
        "return one('.kept .name').textContent === 'Attention Is All You Need'",
        vec![],
    )
    .await
}

pub async fn hostile_files(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("#lists=")).await?;
    heading(&page, "Lists").await?;
    let with = |pointer: &str, value: Value| {
        let mut file = file("a", "", "L");
        match pointer.rsplit_once('/') {
            Some((parent, key)) => {
                if let Some(fields) = file.pointer_mut(parent).and_then(Value::as_object_mut) {
                    fields.insert(key.to_owned(), value);
                }
            }
            None => file = value,
        }
        file.to_string()
    };
    let twice = json!([{ "id": "a", "added": "2024-01-01" }, { "id": "b", "added": "2024-01-01" }]);
    let files = [
        ("<html>no</html>".to_owned(), "it holds no JSON"),
        ("null".to_owned(), "It is no file of lists."),
        ("[]".to_owned(), "It is no file of lists."),
        (
            with("/version", json!(2)),
            "It is of version 2; this page reads version 1.",
        ),
        (with("/extra", json!(1)), "extra is not known."),
        (
            with("/papers/0/__proto__", json!({ "note": 1 })),
            "papers[0].__proto__ is not known.",
        ),
        (
            with("/papers/0/note", json!("x".repeat(100_001))),
            "papers[0].note should be a text of at most",
        ),
        (
            with("/papers/0/title", json!(7)),
            "papers[0].title should be a text",
        ),
        (
            with(
                "/papers/0/links",
                json!([{ "kind": "page", "url": "javascript:globalThis.offprintHostile=1" }]),
            ),
            "papers[0].links[0].url should be an address of the web.",
        ),
        (
            with("/papers/0/authors", json!("Ann")),
            "papers[0].authors should be a list",
        ),
        (
            with("/papers/0/whole", json!("yes")),
            "papers[0].whole should be true or false.",
        ),
        (
            with("/lists/0/made", json!("soon")),
            "lists[0].made should be a time.",
        ),
        (
            with("/lists/0/papers", twice),
            "lists[0].papers[1].id is a paper that the file does not hold.",
        ),
        (
            with("/lists/0/name", json!(null)),
            "lists[0].name should be a text",
        ),
    ];
    for (text, words) in files {
        import(&page, &text).await?;
        let said = "return one('.wrong').textContent.startsWith('The file was not imported; nothing has changed.') && one('.wrong').textContent.includes(args[0])";
        page.wait(&format!("{words:?}"), said, vec![json!(words)])
            .await?;
    }
    same!(
        shelf(&page).await?,
        ["All papers: 0 papers", "Starred: 0 papers"],
        "nothing was taken"
    );
    // What is well formed may still try to be more than text.
    let mut bad = file("__proto__", "<img src=x onerror=alert(1)>", "constructor");
    if let Some(paper) = bad.pointer_mut("/papers/0").and_then(Value::as_object_mut) {
        paper.insert(
            "title".to_owned(),
            json!("<img src=x onerror=globalThis.offprintHostile=1>"),
        );
    }
    import(&page, &bad.to_string()).await?;
    wait_message(&page, "1 new paper was imported").await?;
    open_lists(&page, "constructor").await?;
    wait_kept(&page, &["__proto__"]).await?;
    let ran: bool = page
        .js(
            "return 'offprintHostile' in globalThis || one('img') != null",
            vec![],
        )
        .await?;
    holds!(!ran, "a file made an element");
    let title: String = page
        .js("return one('.kept .name').textContent", vec![])
        .await?;
    holds!(title.starts_with("<img"), "{title:?}");
    Ok(())
}
