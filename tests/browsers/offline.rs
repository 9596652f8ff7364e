//! A collection without a network: kept, interrupted, updated, beside another on its host.

use crate::support::fault::{Fault, Harm};
use crate::support::golden::root;
use crate::support::host::Host;
use crate::support::page::{Answer, Line, Page};
use crate::support::runner::{Case, Test, screenshots};
use crate::support::site::Site;
use crate::support::{Res, build, program};
use crate::tests::accessible;
use crate::{case, holds, same};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::{IpAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    let case = |case: Case| case.needs(build::client).minutes(4);
    vec![
        case(case!(offline::kept_and_cut_off)),
        case(case!(offline::packs_kept_and_cut_off)),
        case(case!(offline::interrupted_it_goes_on)),
        case(case!(offline::an_update_is_the_readers)),
        case(case!(offline::visitors_see_the_newest)),
        case(case!(offline::a_widget_begins_again)),
        case(case!(offline::two_sites_on_one_host)),
        case(case!(offline::plain_http_says_why)).needs(|| address().map(drop)),
    ]
}

const QUERY: &str = "random forests ";
const FIRST: &str = "10.1023/A:1010933404324";

/// The page's line about keeping, and its news; empty where there is nothing.
const LINE: &str = "document.querySelector('offprint-offline')?.shadowRoot?.querySelector('.line')";
const NEWS: &str = "document.querySelector('offprint-offline')?.shadowRoot?.querySelector('.news')";

/// The first papers of the sample, as a site in a layout.
fn first(papers: usize, layout: &str) -> Res<Arc<Site>> {
    let text = std::fs::read_to_string(root().join("papers/landmarks.jsonl"))?;
    let lines: Vec<&str> = text.lines().take(papers).collect();
    let name = format!("first-{papers}-{layout}");
    std::fs::create_dir_all(program::sites())?;
    let input = program::sites().join(format!("{name}.jsonl"));
    std::fs::write(&input, lines.join("\n"))?;
    build::built(
        &name,
        &[input],
        &["--layout", layout, "--title", "Kept papers"],
    )
}

async fn keeping(test: &Test, site: &Arc<Site>) -> Res<Arc<Host>> {
    let host = test.host(site).await?;
    host.allow_workers();
    Ok(host)
}

/// What browsers log of a host that is not there.
fn allow_absence(test: &Test) {
    for words in [
        "err_connection",
        "err_failed",
        "err_empty",
        "offline.json",
        "sw.js",
    ] {
        test.allow(words);
    }
}

async fn says(page: &Page, part: &str, words: &str) -> Res {
    let script = format!("return ({part}?.innerText ?? '').includes(args[0])");
    let shown = page.wait(words, &script, vec![json!(words)]).await;
    if shown.is_err() {
        let script = format!("return `${{{LINE}?.innerText}} | ${{{NEWS}?.innerText}}`");
        let said: String = page.js(&script, vec![]).await?;
        crate::fail!("{words:?} is not said, but {said:?}");
    }
    Ok(())
}

async fn press(page: &Page, part: &str, words: &str) -> Res {
    says(page, part, words).await?;
    let script = format!(
        "const button = [...{part}.querySelectorAll('button')].find((it) => it.textContent.includes(args[0]));\
         button.click(); return null"
    );
    page.js::<Value>(&script, vec![json!(words)])
        .await
        .map(drop)
}

/// A screenshot of the page's foot.
async fn picture(test: &Test, page: &Page, name: &str) -> Res {
    page.js::<Value>("scrollTo(0, 1e6); return null", vec![])
        .await?;
    test.screenshot(name).await
}

async fn keep(page: &Page) -> Res {
    press(page, LINE, "Keep this collection offline (").await?;
    says(page, LINE, "Kept offline (").await
}

/// Paths that lie in caches of the site, from its folder on.
async fn cached(page: &Page, home: &str) -> Res<BTreeSet<String>> {
    let script = "const found = [];\
        for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys())\
          if (url.startsWith(args[0])) found.push(url.slice(args[0].length));\
        return found;";
    page.js_async(script, vec![json!(home)]).await
}

/// How many files of the index are kept.
async fn stored(page: &Page) -> Res<usize> {
    let script = "let files = 0; for (const name of await caches.keys()) if (name.includes(' kept '))\
                  files += (await (await caches.open(name)).keys()).length; return files;";
    page.js_async(script, vec![]).await
}

async fn titles(page: &Page) -> Res<Vec<Line>> {
    let shown = page.wait_answer_in(QUERY, &["done"]).await;
    with_caches(page, shown).await
}

/// Tells, of what failed, what is kept.
async fn with_caches<T>(page: &Page, result: Res<T>) -> Res<T> {
    match result {
        Ok(it) => Ok(it),
        Err(e) => crate::fail!(
            "{}; in caches: {}",
            e.message().unwrap_or_default(),
            caches(page).await?
        ),
    }
}

/// How many files lie in each cache, and what the records say: told where something is missing.
async fn caches(page: &Page) -> Res<String> {
    let script = "const { held = [] } = await navigator.locks.query();\
        const said = [`${host.info?.papers} papers at ${location.href}`, `controlled: ${!!navigator.serviceWorker?.controller}`,\
          `locks: ${held.map(({ name }) => name.split(' ').slice(2).join(' '))}`];\
        for (const name of await caches.keys()) { const cache = await caches.open(name); const keys = await cache.keys();\
          said.push(`${name.split(' ').slice(2).join(' ')}: ${keys.length}`);\
          if (name.includes(' records ')) for (const key of keys) said.push(await (await cache.match(key)).text()); }\
        return said.join('; ');";
    page.js_async(script, vec![]).await
}

/// Everything that a reader does works with the host gone.
async fn works_cut_off(test: Test, layout: &str) -> Res {
    let site = first(150, layout)?;
    let host = keeping(&test, &site).await?;
    let url = host.url("?q=random%20forests%20");
    let page = test.open(&url).await?;
    let lines = titles(&page).await?;
    same!(
        lines.first().map(|line| line.id.as_str()),
        Some(FIRST),
        "first result"
    );
    let paths: Vec<String> = host.requests().into_iter().map(|r| r.path).collect();
    let results = paths.iter().rposition(|path| path.starts_with("segments/"));
    for late in ["offline.js", "sw.js", "offline.json", "cite.js"] {
        let asked = paths.iter().position(|path| path.ends_with(late));
        holds!(
            asked.is_none_or(|asked| Some(asked) > results),
            "{late} before results: {paths:?}"
        );
    }
    says(&page, LINE, "Keep this collection offline (").await?;
    picture(&test, &page, &format!("offline-{layout}-offered")).await?;
    let related = "return (await host.related((await host.search(args[0])).hits[0].doc)).hits.map((hit) => hit.id)";
    let online: Vec<String> = page.js_async(related, vec![json!(QUERY)]).await?;
    keep(&page).await?;
    picture(&test, &page, &format!("offline-{layout}-kept")).await?;

    allow_absence(&test);
    host.take().await;
    host.stop();
    let page = test.open(&url).await?;
    same!(titles(&page).await?, lines, "the same without a host");
    says(&page, LINE, "without a network").await?;
    let answer: Answer = page.search("neural networks", 10, 0).await?;
    let asks = [crate::support::golden::plain("neural networks", 10)];
    let native: Vec<Answer> = program::query(site.root(), &asks)?;
    same!(Some(&answer), native.first(), "the program's answer");
    same!(
        page.js_async::<Vec<String>>(related, vec![json!(QUERY)])
            .await?,
        online,
        "related"
    );
    let words = "return (await host.suggest('neur')).words.length > 0";
    holds!(
        page.js_async::<bool>(words, vec![]).await?,
        "no suggestions"
    );
    page.open_abstract(FIRST).await?;
    page.click_text("cite").await?;
    let cited = "return one('[part=citation] textarea')?.value.includes('Breiman') === true";
    page.wait("a citation", cited, vec![]).await?;
    page.click_text("filters").await?;
    page.wait("years", "return one('.bars')?.children.length > 5", vec![])
        .await?;
    let filtered = "return (await host.search('', { filters: { from: '1995' }, sort: 'newest' })).total_any > 0";
    holds!(
        page.js_async::<bool>(filtered, vec![]).await?,
        "no filtered answer"
    );
    test.screenshot(&format!("offline-{layout}-away")).await?;
    same!(page.state().await?, "done", "state in the end");
    Ok(())
}

pub async fn kept_and_cut_off(test: Test) -> Res {
    works_cut_off(test, "chunks").await
}

pub async fn packs_kept_and_cut_off(test: Test) -> Res {
    works_cut_off(test, "packs").await
}

/// What is stored stays; what is missing is loaded; what is no file of the site is not kept.
pub async fn interrupted_it_goes_on(test: Test) -> Res {
    let site = first(150, "chunks")?;
    let host = keeping(&test, &site).await?;
    host.delay("segments/", Duration::from_millis(200));
    host.fail(Fault::new(Harm::Cut, "/t/"));
    let page = test.open(&host.url("")).await?;
    // As on a device without room, until there is some.
    for (name, script) in [
        (
            "full.js",
            "Object.defineProperty(navigator, 'storage', { configurable: true,\
             value: { estimate: async () => ({ quota: 10, usage: 9 }) } });",
        ),
        ("room.js", "delete navigator.storage;"),
    ] {
        let path = host.test_file(name, script);
        let load = "await new Promise((done) => document.head.append(Object.assign(\
            document.createElement('script'), { src: args[0], onload: done }))); return null";
        page.js_async::<Value>(load, vec![json!(path)]).await?;
        if name == "full.js" {
            press(&page, LINE, "Keep this collection offline (").await?;
            says(&page, LINE, "There is no room for").await?;
            same!(stored(&page).await?, 1, "files beside the list");
        } else {
            press(&page, LINE, "Try again").await?;
        }
    }
    says(&page, LINE, "Keeping this collection").await?;
    picture(&test, &page, "offline-loading").await?;
    accessible::check(&host, &page, "a download").await?;
    allow_absence(&test);
    test.allow("segments/");
    says(&page, LINE, "Interrupted at").await?;
    picture(&test, &page, "offline-interrupted").await?;
    let there = stored(&page).await?;
    holds!(there > 10, "{there} files were stored");

    // Another page goes on by itself, until it is told to pause.
    host.heal();
    host.delay("/t/", Duration::from_secs(8));
    host.take().await;
    let page = test.open(&host.url("")).await?;
    press(&page, LINE, "Pause").await?;
    says(&page, LINE, "Paused").await?;
    let page = test.open(&host.url("")).await?;
    says(&page, LINE, "Paused").await?;
    holds!(
        stored(&page).await? >= there,
        "what was stored is gone while paused"
    );
    host.delay("/t/", Duration::ZERO);
    // A sign-in page in the place of one file.
    let total = site
        .paths()
        .iter()
        .filter(|path| path.starts_with("segments/"))
        .count();
    let home = host.url("");
    let kept = cached(&page, &home).await?;
    // The last: others were asked for, and may have come to the browser's own cache since.
    let missing = site
        .paths()
        .into_iter()
        .rfind(|path| path.starts_with("segments/") && !kept.contains(path));
    let missing = missing.ok_or("nothing is missing")?;
    let portal = b"<!doctype html><title>Sign in</title>".to_vec();
    host.fail(Fault::new(Harm::replace_once(portal), &missing));
    press(&page, LINE, "Resume").await?;
    says(&page, LINE, "Interrupted at").await?;
    holds!(
        !cached(&page, &home).await?.contains(&missing),
        "a page was kept as a file"
    );
    host.heal();
    press(&page, LINE, "Try again").await?;
    says(&page, LINE, "Kept offline (").await?;
    same!(stored(&page).await?, total, "files kept");
    let mut again: Vec<String> = host
        .take()
        .await
        .into_iter()
        .filter(|r| r.status == 200 && !r.fault)
        .map(|r| r.path)
        .collect();
    again.retain(|path| path.starts_with("segments/"));
    holds!(
        again.len() <= total - there + 12,
        "{} of {total} again, {there} were there",
        again.len()
    );

    press(&page, LINE, "Remove").await?;
    says(&page, LINE, "Keep this collection offline (").await?;
    same!(
        cached(&page, &home)
            .await?
            .iter()
            .filter(|path| path.starts_with("segments/"))
            .count(),
        0,
        "files after removal"
    );
    Ok(())
}

/// How many papers the page searches.
async fn papers(page: &Page) -> Res<u64> {
    let script = "return (await host.search('', { sort: 'newest' })).total_any";
    with_caches(page, page.js_async(script, vec![]).await).await
}

/// Of what is kept the page shows what is kept; the new version comes whole, and when it is wanted.
pub async fn an_update_is_the_readers(test: Test) -> Res {
    let (before, after) = (first(60, "chunks")?, first(90, "chunks")?);
    let host = keeping(&test, &before).await?;
    let page = test.open(&host.url("")).await?;
    keep(&page).await?;
    same!(papers(&page).await?, 60, "papers before");
    let old: BTreeSet<String> = cached(&page, &host.url("")).await?;

    // The host has nothing of the old version any more.
    host.deploy(&after);
    same!(papers(&page).await?, 60, "papers of the open page");
    let page = test.open(&host.url("?q=random%20forests%20")).await?;
    titles(&page).await?;
    same!(papers(&page).await?, 60, "papers of a new page");
    says(&page, NEWS, "was updated").await?;
    test.screenshot("offline-update").await?;
    accessible::check(&host, &page, "an update").await?;
    if screenshots().is_some() {
        let framed = test.goto(&host.framed(&host.url(""), 390, 780)).await?;
        framed.driver().clone().enter_frame(0).await?;
        says(&framed, NEWS, "was updated").await?;
        framed.driver().clone().enter_default_frame().await?;
        test.screenshot("offline-update-phone").await?;
        test.open(&host.url("?q=random%20forests%20")).await?;
    }
    press(&page, NEWS, "Update").await?;
    says(&page, NEWS, "The new version is kept").await?;
    same!(papers(&page).await?, 60, "papers until it is reloaded");
    press(&page, NEWS, "Reload").await?;
    let newer = "const info = host?.info; return info?.papers === 90";
    page.wait("the new version", newer, vec![]).await?;
    same!(papers(&page).await?, 90, "papers afterwards");
    says(&page, LINE, "Kept offline (").await?;
    allow_absence(&test);
    host.stop();
    let page = test.open(&host.url("")).await?;
    // WebKit may show the first page from its memory, which then loads itself anew.
    let shown = page.wait("the new version", newer, vec![]).await;
    with_caches(&page, shown).await?;
    same!(papers(&page).await?, 90, "papers without a host");
    let left = cached(&page, &host.url("")).await?;
    let segments = |paths: &BTreeSet<String>| -> BTreeSet<String> {
        let folder = |path: &String| {
            path.strip_prefix("segments/")?
                .split('/')
                .next()
                .map(str::to_owned)
        };
        paths.iter().filter_map(folder).collect()
    };
    holds!(
        segments(&old).is_disjoint(&segments(&left)),
        "the old version lies there still"
    );
    Ok(())
}

/// Who keeps nothing gets the newest page, never parts of two, and the old one where there is no network.
pub async fn visitors_see_the_newest(test: Test) -> Res {
    let (before, after) = (first(60, "chunks")?, first(90, "chunks")?);
    let host = keeping(&test, &before).await?;
    let page = test.open(&host.url("")).await?;
    says(&page, LINE, "Keep this collection offline (").await?;
    test.allow("segments/");
    test.allow("host answered 404");
    host.deploy(&after);
    page.ask("kernel").await?;
    same!(
        page.state().await?,
        "error",
        "what the open page asks for is gone"
    );
    page.wait(
        "an explanation",
        "return one('[part=error]').innerText.includes('was updated')",
        vec![],
    )
    .await?;
    test.screenshot("offline-outdated").await?;
    page.click_text("reload").await?;
    page.wait(
        "the new version",
        "return host?.info?.papers === 90",
        vec![],
    )
    .await?;
    same!(papers(&page).await?, 90, "papers");
    says(&page, LINE, "Keep this collection offline (").await?;
    let news: String = page
        .js(&format!("return {NEWS}?.innerText ?? ''"), vec![])
        .await?;
    same!(news, "", "news on the newest page");

    // The new worker has stored the new page by now.
    let pages = "return (await caches.keys()).filter((name) => name.includes(' shell ')).length";
    while page.js_async::<usize>(pages, vec![]).await? < 2 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    allow_absence(&test);
    host.stop();
    let page = test.open(&host.url("")).await?;
    page.wait(
        "the stored page",
        "return host?.info?.papers === 90",
        vec![],
    )
    .await?;
    says(&page, NEWS, "searches need the network").await?;
    test.screenshot("offline-not-kept").await?;
    Ok(())
}

/// In somebody else's page, which has no worker, the element begins again with the new version.
pub async fn a_widget_begins_again(test: Test) -> Res {
    let host = keeping(&test, &first(60, "chunks")?).await?;
    let page = "<!doctype html><html lang=\"en\"><head><title>Somebody's page</title>\
        <script type=\"module\" src=\"/group/papers/offprint.js\"></script></head>\
        <body><offprint-search></offprint-search></body></html>";
    host.add("/people/", page);
    let page = test.open(&host.root_url("/people/")).await?;
    test.allow("segments/");
    test.allow("host answered 404");
    host.deploy(&first(90, "chunks")?);
    page.ask("kernel").await?;
    let told = "return one('[part=error]').innerText.includes('was updated')";
    page.wait("an explanation", told, vec![]).await?;
    page.click_text("reload").await?;
    let lines = page.wait_answer_in("kernel", &["done"]).await?;
    holds!(!lines.is_empty(), "no lines after beginning again");
    same!(papers(&page).await?, 90, "papers");
    let workers = "return (await navigator.serviceWorker?.getRegistrations())?.length ?? 0";
    same!(page.js_async::<usize>(workers, vec![]).await?, 0, "workers");
    Ok(())
}

/// Sites of one host keep to their own: GitHub has all projects of a user on one.
pub async fn two_sites_on_one_host(test: Test) -> Res {
    let host = keeping(&test, &first(60, "chunks")?).await?;
    // Even within the folder of the other, whose worker sees its first page.
    let inner = "/group/papers/old/";
    host.mount(inner, &first(90, "chunks")?);
    let (outer, inner) = (host.url(""), host.root_url(inner));
    let page = test.open(&outer).await?;
    keep(&page).await?;
    let page = test.open(&inner).await?;
    same!(papers(&page).await?, 90, "papers of the inner one");
    keep(&page).await?;
    let whole = cached(&page, &inner).await?;
    let page = test.open(&outer).await?;
    press(&page, LINE, "Remove").await?;
    says(&page, LINE, "Keep this collection offline (").await?;
    same!(
        cached(&page, &inner).await?,
        whole,
        "what the inner one keeps"
    );
    keep(&page).await?;

    allow_absence(&test);
    host.stop();
    let page = test.open(&inner).await?;
    same!(papers(&page).await?, 90, "papers of the inner one, kept");
    let page = test.open(&outer).await?;
    same!(papers(&page).await?, 60, "papers of the outer one, kept");
    Ok(())
}

/// An address of this machine that browsers do not take for itself.
fn address() -> Result<IpAddr, String> {
    // Nothing is sent: the system only chooses by which way it would be.
    let socket = UdpSocket::bind("0.0.0.0:0").map_err(|e| e.to_string())?;
    socket.connect("192.0.2.1:9").map_err(|e| e.to_string())?;
    let address = socket.local_addr().map_err(|e| e.to_string())?.ip();
    if address.is_loopback() {
        return Err("no address but the machine's own".to_owned());
    }
    Ok(address)
}

/// Over plain http everything works but keeping, and the page says why.
pub async fn plain_http_says_why(test: Test) -> Res {
    let host = Host::start_at(&first(60, "chunks")?, address()?).await?;
    let host = test.watched(host)?;
    host.allow_workers();
    let page = test.open(&host.url("?q=random%20forests%20")).await?;
    holds!(
        !page.js::<bool>("return isSecureContext", vec![]).await?,
        "this is secure"
    );
    says(&page, LINE, "needs a secure connection").await?;
    titles(&page).await?;
    picture(&test, &page, "offline-plain-http").await?;
    same!(papers(&page).await?, 60, "papers");
    Ok(())
}
