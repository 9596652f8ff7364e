//! The browser edge of the engine: fetches what it asks for, and speaks JavaScript.
//!
//! The only crate that knows a browser. It holds no logic of search: a [`Client`] steps the
//! engine's tasks, fetches the files of each round in parallel and hands answers over as plain
//! objects, whose types are generated from the engine's.

mod error;
mod fetch;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, JSON, JsString, Promise, Reflect};
use offprint_format::{Read, Section};
use offprint_search::{
    Engine, Failed, Field, PaperAnswer, PaperTask, Search, SearchRequest, SnippetAnswer,
    SnippetRequest, Snippets, Sort, Step, Task, Work, to_json,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

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

/// A task whose answer comes as JSON, with the work that it took. All tasks in one form are driven
/// by the same code: with a copy of that for each the client would be larger.
type Asking = Box<dyn FnMut(&mut Engine, Work) -> Result<Step<String>, Failed>>;

/// What begins a task, once its promise runs.
type Begin = Box<dyn FnOnce(&RefCell<Engine>) -> Result<Asking, JsValue>>;

/// A collection that can be searched.
#[wasm_bindgen]
pub struct Client {
    shared: Shared,
}

#[derive(Clone)]
struct Shared {
    engine: Rc<RefCell<Engine>>,
    /// Address of the site's folder, ending in a slash.
    base: Rc<str>,
    /// Requests that outlive the search that made them, and what they will bring.
    under_way: Rc<RefCell<Vec<(Read, Promise)>>>,
}

#[wasm_bindgen]
impl Client {
    /// Opens a collection from the bytes of its `manifest.bin`; `base` is the absolute address of
    /// the site's folder and ends in a slash.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    pub fn open(manifest: &[u8], base: &str) -> Result<Client, JsValue> {
        let engine = Engine::open(manifest).map_err(|error| error::from_engine(&error))?;
        let shared = Shared {
            engine: Rc::new(RefCell::new(engine)),
            base: base.into(),
            under_way: Rc::default(),
        };
        Ok(Client { shared })
    }

    /// What the manifest says of the collection.
    ///
    /// # Errors
    /// Throws an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Info")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        JSON::parse(&to_json(&self.shared.engine.borrow().info()))
    }

    /// Searches; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Answer>")]
    pub fn search(&self, request: Asked, signal: Option<AbortSignal>) -> Promise {
        self.shared.ask(signal, move |engine| {
            let mut task = Search::new(&mut engine.borrow_mut(), &search_request(&request)?);
            Ok(Box::new(move |engine, work| {
                Ok(match task.step(engine)? {
                    Step::Need(blocks) => Step::Need(blocks),
                    Step::Done(mut answer) => {
                        answer.work = work;
                        Step::Done(to_json(&answer))
                    }
                })
            }))
        })
    }

    /// Finds the passages of some papers that fit a query; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<SnippetAnswer>")]
    pub fn snippets(&self, request: AskedPassages, signal: Option<AbortSignal>) -> Promise {
        self.shared.ask(signal, move |engine| {
            let listed = items(&request, "docs");
            let listed =
                listed.ok_or_else(|| error::invalid("docs must be a list of document numbers"))?;
            let mut docs = Vec::new();
            for doc in listed {
                if let Some(doc) = doc.as_f64() {
                    docs.push(doc as u32);
                }
            }
            let query = text(&request)?;
            let request = SnippetRequest { query, docs };
            let mut task = Snippets::new(&mut engine.borrow_mut(), &request);
            Ok(Box::new(move |engine, work| {
                Ok(match task.step(engine)? {
                    Step::Need(blocks) => Step::Need(blocks),
                    Step::Done(snippets) => Step::Done(to_json(&SnippetAnswer { snippets, work })),
                })
            }))
        })
    }

    /// Reads a whole paper; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<PaperAnswer>")]
    pub fn paper(&self, doc: u32, signal: Option<AbortSignal>) -> Promise {
        self.shared.ask(signal, move |engine| {
            let mut task = PaperTask::new(&mut engine.borrow_mut(), doc);
            Ok(Box::new(move |engine, work| {
                Ok(match task.step(engine)? {
                    Step::Need(blocks) => Step::Need(blocks),
                    Step::Done(paper) => Step::Done(to_json(&PaperAnswer { paper, work })),
                })
            }))
        })
    }
}

impl Shared {
    /// Begins a task and steps it to its end.
    fn ask(
        &self,
        signal: Option<AbortSignal>,
        begin: impl FnOnce(&RefCell<Engine>) -> Result<Asking, JsValue> + 'static,
    ) -> Promise {
        self.promise(signal, Box::new(begin))
    }

    fn promise(&self, signal: Option<AbortSignal>, begin: Begin) -> Promise {
        let shared = self.clone();
        future_to_promise(async move {
            let task = begin(&shared.engine)?;
            shared.drive(task, signal.as_ref()).await
        })
    }

    /// Steps a task to its end, fetching the files of each round in parallel.
    async fn drive(
        &self,
        mut task: Asking,
        signal: Option<&AbortSignal>,
    ) -> Result<JsValue, JsValue> {
        let mut work = Work::default();
        loop {
            let reads = match self.step(&mut task, &mut work)? {
                Ok(answer) => return Ok(answer),
                Err(reads) => reads,
            };
            let fetches = Array::new();
            for read in reads {
                fetches.push(&self.request(read, signal));
            }
            let sizes = JsFuture::from(Promise::all(&fetches)).await?;
            for size in Array::from(&sizes).iter() {
                let size = size.as_f64().map_or(0, |size| size as u32);
                work.bytes = work.bytes.saturating_add(size);
            }
            if signal.is_some_and(AbortSignal::aborted) {
                return Err(error::aborted());
            }
        }
    }

    /// A step of a task: its answer, or else the requests that are to be made before the next.
    fn step(
        &self,
        task: &mut Asking,
        work: &mut Work,
    ) -> Result<Result<JsValue, Vec<Read>>, JsValue> {
        let mut engine = self.engine.borrow_mut();
        let reads = task(&mut engine, *work).and_then(|step| match step {
            Step::Done(answer) => Ok(Ok(answer)),
            Step::Need(blocks) => {
                work.rounds += 1;
                work.blocks += blocks.len() as u32;
                Ok(Err(engine.reads(&blocks)?))
            }
        });
        match reads.map_err(|error| error::from_engine(&error))? {
            Ok(answer) => {
                drop(engine);
                JSON::parse(&answer).map(Ok)
            }
            Err(reads) => {
                work.files += reads.len() as u32;
                Ok(Err(reads))
            }
        }
    }

    /// Begins a request, or joins one that is under way. Words and lists are fetched to the end
    /// even where the search is overtaken, as it is with every key: the next one wants most of them
    /// too. What only the overtaken search would show is not.
    fn request(&self, read: Read, signal: Option<&AbortSignal>) -> Promise {
        let shown = matches!(read.file.section, Section::Cards | Section::Records);
        for (other, promise) in self.under_way.borrow().iter() {
            if !shown && *other == read {
                return promise.clone();
            }
        }
        let shared = self.clone();
        let signal = signal.cloned().filter(|_| shown);
        let key = read.clone();
        let promise = future_to_promise(async move {
            let size = shared.take(&read, signal.as_ref()).await;
            let mut under_way = shared.under_way.borrow_mut();
            under_way.retain(|(other, _)| *other != read);
            size.map(JsValue::from)
        });
        if !shown {
            self.under_way.borrow_mut().push((key, promise.clone()));
        }
        promise
    }

    /// Makes a request and supplies what it brings to the engine; what fails or is damaged is
    /// asked for again, past any cache, and where a range failed twice the whole file is. Gives
    /// the number of bytes that were wanted.
    async fn take(&self, read: &Read, signal: Option<&AbortSignal>) -> Result<f64, JsValue> {
        let path = self.engine.borrow().path_of(read.file);
        let url = [&self.base, path.as_str()].concat();
        let attempts = fetch::ATTEMPTS - u32::from(read.range.is_none());
        let mut attempt = 0;
        loop {
            let body = fetch::request(&url, read, attempt, signal).await;
            let error = match self.supply(read, fetch::bytes(body, &path, signal)) {
                Ok(size) => return Ok(size),
                Err(error) => error,
            };
            attempt += 1;
            if attempt == attempts || signal.is_some_and(AbortSignal::aborted) {
                return Err(error);
            }
        }
    }
}

impl Shared {
    /// Hands over what a request brought; gives its size.
    fn supply(&self, read: &Read, bytes: Result<Vec<u8>, JsValue>) -> Result<f64, JsValue> {
        let bytes = bytes?;
        let supplied = self.engine.borrow_mut().supply(read, &bytes);
        supplied.map_err(|error| error::from_engine(&error))?;
        Ok(bytes.len() as f64)
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
    if let Some(doc) = get(request, "related").as_f64() {
        asked.related = Some(doc as u32);
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
    Ok(query.normalize("NFC").into())
}
