//! Lists that are sent as a link.

use crate::support::runner::{Case, Test};
use crate::support::{Res, build};
use crate::tests::lists::{
    heading, open_lists, sample, shelf, star, starred_page, wait_kept, wait_message, wait_stars,
    write,
};
use crate::tests::lists_files::{file, import, site, star_all};
use crate::{case, same};
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    vec![
        case!(lists_links::long_lists_have_no_link).needs(build::client),
        case!(lists_links::a_shared_list).needs(build::client),
        case!(lists_links::odd_ids_are_shared).needs(build::client),
    ]
}

pub async fn long_lists_have_no_link(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = test.open(&host.url("#lists=")).await?;
    heading(&page, "Lists").await?;
    let mut long = file("1706.03762", "", "Long");
    let one = long.pointer("/papers/0").cloned().ok_or("no paper")?;
    for n in 0..800 {
        let id = json!(format!("9001.{n:05}"));
        let mut paper = one.clone();
        if let Some(fields) = paper.as_object_mut() {
            fields.insert("id".to_owned(), id.clone());
        }
        for (pointer, item) in [
            ("/papers", paper),
            (
                "/lists/0/papers",
                json!({ "id": id, "added": "2024-01-01" }),
            ),
        ] {
            if let Some(items) = long.pointer_mut(pointer).and_then(Value::as_array_mut) {
                items.push(item);
            }
        }
    }
    import(&page, &long.to_string()).await?;
    wait_message(&page, "801 new papers were imported").await?;
    open_lists(&page, "Long").await?;
    page.click_text("share").await?;
    let said = "return one('.sharing .small').textContent.startsWith(args[0]) && one('.sharing input').checkVisibility() === args[1]";
    page.wait(
        "no link",
        said,
        vec![
            json!("A link holds 8\u{202f}000 characters; this list would take "),
            json!(false),
        ],
    )
    .await?;
    write(&page, ".lists [type=search]", "9001.00123").await?;
    page.wait(
        "a link to what is left",
        said,
        vec![json!("1 paper, "), json!(true)],
    )
    .await
}

pub async fn a_shared_list(test: Test) -> Res {
    let host = sample(&test).await?;
    let page = starred_page(&test, &host.url("?q=attention%20is%20all%20you%20need")).await?;
    star(&page, "1706.03762").await?;
    page.ask("random forests ").await?;
    wait_stars(&page).await?;
    star(&page, "10.1023/A:1010933404324").await?;
    open_lists(&page, "Starred").await?;
    page.click_text("share").await?;
    let link: String = page
        .js("return one('.sharing input').value", vec![])
        .await?;
    same!(
        link,
        host.url("#list=&10.1023/A:1010933404324&1706.03762"),
        "link"
    );
    // Somebody else, who has nothing yet, gets it with two more.
    let theirs = sample(&test).await?;
    let fragment = link.split_once('#').map_or("", |(_, rest)| rest);
    let url = theirs.url(&format!(
        "#{}&0000.00000&%3Cb%3E%",
        fragment.replace("list=", "list=Of%20trees%20%26%20heads")
    ));
    let page = test.open(&url).await?;
    heading(&page, "Of trees & heads").await?;
    wait_kept(&page, &["10.1023/A:1010933404324", "1706.03762"]).await?;
    let missing: Vec<String> = page
        .js("return [...root.querySelectorAll('.missing > *, .missing li')].map((it) => it.textContent)", vec![])
        .await?;
    same!(
        missing,
        [
            "2 papers of it are not in this collection:",
            "0000.00000%3Cb%3E%",
            "0000.00000",
            "%3Cb%3E%"
        ],
        "papers that are not there"
    );
    let asked: Vec<String> = theirs
        .requests()
        .iter()
        .map(|it| it.path.clone())
        .filter(|path| path.contains("1706"))
        .collect();
    same!(
        asked,
        Vec::<String>::new(),
        "what the host learns of the list"
    );
    test.screenshot("lists-shared").await?;
    page.click_text("save to my lists").await?;
    wait_message(&page, "Saved to your lists.").await?;
    page.click_text("all lists").await?;
    heading(&page, "Lists").await?;
    same!(
        shelf(&page).await?,
        [
            "All papers: 2 papers",
            "Starred: 0 papers",
            "Of trees & heads: 2 papers"
        ],
        "lists"
    );
    // From a result of the same page, too.
    page.js::<Value>(
        "location.hash = args[0]; return null",
        vec![json!("#list=&1706.03762")],
    )
    .await?;
    heading(&page, "A shared list").await?;
    wait_kept(&page, &["1706.03762"]).await
}

/// Ids that the engine does not know for ids are found by words of their titles.
pub async fn odd_ids_are_shared(test: Test) -> Res {
    let papers = [
        json!({ "id": "a b~c&d=e", "title": "On the \"naming\" of -things (a survey) OR not", "authors": ["Ann Smith"] }),
        json!({ "id": "7", "title": "Seven", "authors": ["Ann Smith"] }),
        json!({ "title": "Made of its title: an id", "authors": ["Ann Smith"] }),
    ];
    let host = test.host(&site("lists-odd", &papers)?).await?;
    let page = starred_page(&test, &host.url("?q=listable")).await?;
    let ids = page.ids().await?;
    same!(ids.len(), 3, "papers");
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    star_all(&page, &ids).await?;
    open_lists(&page, "Starred").await?;
    page.click_text("share").await?;
    let link: String = page
        .js("return one('.sharing input').value", vec![])
        .await?;
    let fresh = test.host(&site("lists-odd", &papers)?).await?;
    let fragment = link.split_once('#').map_or("", |(_, rest)| rest);
    let page = test.open(&fresh.url(&format!("#{fragment}"))).await?;
    let mut shown = ids.clone();
    shown.reverse();
    wait_kept(&page, &shown).await
}
