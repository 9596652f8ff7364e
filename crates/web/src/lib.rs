//! The browser edge of the engine: takes requests apart, steps the engine's tasks, and says what
//! files they need.
//!
//! The only crate that knows a browser. It holds no logic of search and fetches nothing itself:
//! `www/parts.js` fetches the files of each round in parallel and supplies them. (With promises on
//! this side the client is 3.6 KB larger.) Answers go over as JSON of the types generated from the
//! engine's.

mod error;

use js_sys::{Array, JsString, Reflect};
use offprint_format::{Read, Section};
use offprint_search::{
    Engine, Failed, Field, PaperAnswer, PaperTask, Search, SearchRequest, SnippetAnswer,
    SnippetRequest, Snippets, Sort, Step, Suggest, SuggestAnswer, Task, Work, to_json,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// An allocator that weighs less than the standard library's.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("../../search/types.d.ts");

// The two small objects that come in are read property by property: a general deserializer would
// weigh more in the client than the whole of folding and stemming.
#[wasm_bindgen]
extern "C" {
    /// A `SearchRequest`.
    #[wasm_bindgen(typescript_type = "SearchRequest")]
    pub type Asked;

    /// A `SnippetRequest`.
    #[wasm_bindgen(typescript_type = "SnippetRequest")]
    pub type AskedPassages;
}

/// A task whose answer comes as JSON, with the work that it took. All tasks in one form are stepped
/// by the same code: with a copy of that for each the client would be larger.
type Asking = Box<dyn FnMut(&mut Engine, Work) -> Result<Step<String>, Failed>>;

/// A task under way.
struct Begun {
    number: u32,
    task: Asking,
    work: Work,
}

/// A request that is to be made, as JavaScript is told.
#[derive(Serialize)]
struct Wanted {
    /// By which it is supplied. Of a request that another task waits for already, the same.
    number: u32,
    /// Of the file, in the site's folder.
    path: String,
    /// The first byte.
    start: u32,
    /// One past the last; 0 for the whole file.
    end: u32,
    /// Whether only the task that asked has use for it. Words and lists are fetched to the end even
    /// where the search is overtaken, as it is with every key: the next one wants most of them too.
    own: bool,
}

/// A collection that can be searched.
#[wasm_bindgen]
pub struct Client {
    engine: Engine,
    tasks: Vec<Begun>,
    /// Requests that were not yet given up or supplied.
    reads: Vec<(u32, Read)>,
    last: u32,
}

#[wasm_bindgen]
impl Client {
    /// Opens a collection from the bytes of its `manifest.bin`.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    pub fn open(manifest: &[u8]) -> Result<Client, JsValue> {
        let engine = Engine::open(manifest).map_err(|error| error::from_engine(&error))?;
        Ok(Client {
            engine,
            tasks: Vec::new(),
            reads: Vec::new(),
            last: 0,
        })
    }

    /// What the manifest says of the collection: an `Info`, as JSON.
    #[must_use]
    pub fn info(&self) -> String {
        to_json(&self.engine.info())
    }

    /// Begins a search, whose answer is an `Answer`; gives the task's number.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    pub fn search(&mut self, request: &Asked) -> Result<u32, JsValue> {
        let mut task = Search::new(&mut self.engine, &search_request(request)?);
        Ok(self.begin(Box::new(move |engine, work| {
            Ok(match task.step(engine)? {
                Step::Need(blocks) => Step::Need(blocks),
                Step::Done(mut answer) => {
                    answer.work = work;
                    Step::Done(to_json(&answer))
                }
            })
        })))
    }

    /// Begins to look for the passages of some papers that fit a query, a `SnippetAnswer`; gives the
    /// task's number.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    pub fn snippets(&mut self, request: &AskedPassages) -> Result<u32, JsValue> {
        let listed = items(request, "docs");
        let listed =
            listed.ok_or_else(|| error::invalid("docs must be a list of document numbers"))?;
        let mut docs = Vec::new();
        for doc in listed {
            if let Some(doc) = doc.as_f64() {
                docs.push(doc as u32);
            }
        }
        let query = text(request)?;
        let mut task = Snippets::new(&mut self.engine, &SnippetRequest { query, docs });
        Ok(self.begin(Box::new(move |engine, work| {
            Ok(match task.step(engine)? {
                Step::Need(blocks) => Step::Need(blocks),
                Step::Done(snippets) => Step::Done(to_json(&SnippetAnswer { snippets, work })),
            })
        })))
    }

    /// Begins to look for what the last word of a query may become, a `SuggestAnswer`; gives the
    /// task's number.
    pub fn suggest(&mut self, query: JsString) -> u32 {
        let mut task = Suggest::new(&mut self.engine, &normal(&query));
        self.begin(Box::new(move |engine, work| {
            Ok(match task.step(engine)? {
                Step::Need(blocks) => Step::Need(blocks),
                Step::Done(words) => Step::Done(to_json(&SuggestAnswer { words, work })),
            })
        }))
    }

    /// Begins to read a whole paper, a `PaperAnswer`; gives the task's number.
    pub fn paper(&mut self, doc: u32) -> u32 {
        let mut task = PaperTask::new(&mut self.engine, doc);
        self.begin(Box::new(move |engine, work| {
            Ok(match task.step(engine)? {
                Step::Need(blocks) => Step::Need(blocks),
                Step::Done(paper) => Step::Done(to_json(&PaperAnswer { paper, work })),
            })
        }))
    }

    /// Steps a task: its answer, or else the list of the requests that are to be made and supplied
    /// before the next step, as JSON. `bytes` is how many the last step's requests brought.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    pub fn step(&mut self, number: u32, bytes: u32) -> Result<String, JsValue> {
        let begun = self.tasks.iter_mut().find(|begun| begun.number == number);
        let Some(Begun { task, work, .. }) = begun else {
            return Ok(String::new());
        };
        work.bytes = work.bytes.saturating_add(bytes);
        let step = task(&mut self.engine, *work);
        let blocks = match step.map_err(|error| error::from_engine(&error))? {
            Step::Done(answer) => return Ok(answer),
            Step::Need(blocks) => blocks,
        };
        let reads = self.engine.reads(&blocks);
        let reads = reads.map_err(|error| error::from_engine(&error))?;
        work.rounds += 1;
        work.blocks += blocks.len() as u32;
        work.files += reads.len() as u32;
        let mut wanted = Vec::with_capacity(reads.len());
        for read in reads {
            let own = matches!(read.file.section, Section::Cards | Section::Records);
            let (start, end) = match &read.range {
                Some(range) => (range.start, range.end),
                None => (0, 0),
            };
            let path = self.engine.path_of(read.file);
            let same = |(_, other): &&(u32, Read)| !own && *other == read;
            let number = match self.reads.iter().find(same) {
                Some((number, _)) => *number,
                None => {
                    self.last += 1;
                    self.reads.push((self.last, read));
                    self.last
                }
            };
            wanted.push(Wanted {
                number,
                path,
                start,
                end,
                own,
            });
        }
        Ok(to_json(&wanted))
    }

    /// Hands over what a request brought.
    ///
    /// # Errors
    /// Throws an `OffprintError` if any of it is damaged: nothing of it is then kept.
    pub fn supply(&mut self, number: u32, bytes: &[u8]) -> Result<(), JsValue> {
        let read = self.reads.iter().find(|(known, _)| *known == number);
        let Some((_, read)) = read else {
            return Ok(());
        };
        let supplied = self.engine.supply(read, bytes);
        supplied.map_err(|error| error::from_engine(&error))
    }

    /// Forgets a task or a request.
    pub fn end(&mut self, number: u32) {
        self.tasks.retain(|begun| begun.number != number);
        self.reads.retain(|(known, _)| *known != number);
    }
}

impl Client {
    fn begin(&mut self, task: Asking) -> u32 {
        self.last += 1;
        self.tasks.push(Begun {
            number: self.last,
            task,
            work: Work::default(),
        });
        self.last
    }
}

/// What is asked of a search. `as` takes what is no number, or out of range, to the nearest that is.
fn search_request(request: &JsValue) -> Result<SearchRequest, JsValue> {
    let mut asked = SearchRequest::new(&text(request)?);
    for (name, number) in [("limit", &mut asked.limit), ("offset", &mut asked.offset)] {
        if let Some(value) = get(request, name).as_f64() {
            *number = value as u32;
        }
    }
    for (name, flag) in [
        ("settled", &mut asked.settled),
        ("literal", &mut asked.literal),
    ] {
        if let Some(value) = get(request, name).as_bool() {
            *flag = value;
        }
    }
    for (name, doc) in [
        ("related", &mut asked.related),
        ("explain", &mut asked.explain),
    ] {
        *doc = get(request, name).as_f64().map(|doc| doc as u32);
    }
    let filters = get(request, "filters");
    let into = &mut asked.filters;
    for (name, text) in [("from", &mut into.from), ("to", &mut into.to)] {
        *text = string(&filters, name);
    }
    for (name, list) in [
        ("categories", &mut into.categories),
        ("primary", &mut into.primary),
        ("venues", &mut into.venues),
        ("authors", &mut into.authors),
        ("code", &mut into.code),
        ("topics", &mut into.topics),
    ] {
        *list = strings(&filters, name);
    }
    asked.sort = Sort::named(&string(request, "sort"));
    for name in strings(request, "facets") {
        asked.facets.extend(Field::named(&name));
    }
    Ok(asked)
}

/// A property of an object; undefined where there is none.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn string(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// The items of a property, if it is a list.
fn items(object: &JsValue, name: &str) -> Option<Array> {
    let list = get(object, name);
    Array::is_array(&list).then(|| Array::from(&list))
}

fn strings(object: &JsValue, name: &str) -> Vec<String> {
    let mut strings = Vec::new();
    for item in items(object, name).unwrap_or_default() {
        strings.extend(item.as_string());
    }
    strings
}

/// A query's text in normal form C, in which the index was made.
fn text(request: &JsValue) -> Result<String, JsValue> {
    let query = get(request, "query");
    let query = query.dyn_ref::<JsString>();
    let query = query.ok_or_else(|| error::invalid("query must be a string"))?;
    Ok(normal(query))
}

fn normal(text: &JsString) -> String {
    text.normalize("NFC").into()
}
