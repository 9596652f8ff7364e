//! Anything typed into the box: an answer, never a panic, and never much work.
#![no_main]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use offprint_index::{Options, build};
use offprint_papers::{Collection, Limits};
use offprint_search::{Engine, Search, SearchRequest, SnippetRequest, Snippets, drive};

/// Files of an index by path, and its manifest.
type Index = (BTreeMap<String, Vec<u8>>, Vec<u8>);

/// The sample collection's index, in memory.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut collection = Collection::new(Limits::default());
    collection.add_input("landmarks.jsonl", &include_bytes!("../../papers/landmarks.jsonl")[..]);
    let (papers, ..) = collection.finish();
    let mut files = Vec::new();
    let mut sink = |path: &str, bytes: &[u8]| {
        files.push((path.to_owned(), bytes.to_vec()));
        Ok(())
    };
    let built = build(&papers, &Options::default(), &mut sink, &mut |_| {}).expect("the sample builds");
    let files = files
        .into_iter()
        .map(|(path, bytes)| (format!("segments/{}/{path}", built.segment), bytes))
        .collect();
    (files, built.manifest)
});

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::new(Engine::open(&INDEX.1).expect("the sample opens"));
}

fuzz_target!(|query: &str| {
    ENGINE.with_borrow_mut(|engine| {
        let mut get = |path: &str, _: Option<std::ops::Range<u32>>| {
            INDEX.0.get(path).cloned().ok_or("no such file")
        };
        let search = Search::new(engine, &SearchRequest::new(query));
        let (answer, work) = drive(engine, search, &mut get).expect("an answer");
        assert!(answer.settled && answer.total <= answer.total_any && work.rounds <= 5);
        assert!(answer.hits.len() as u32 == answer.total_any.min(10));
        let docs = answer.hits.iter().map(|hit| hit.doc).collect();
        let query = query.to_owned();
        let passages = Snippets::new(engine, &SnippetRequest { query, docs });
        drive(engine, passages, &mut get).expect("passages");
    });
});
