//! The browser edge of the engine: fetches what it asks for, and speaks JavaScript.
//!
//! The only crate that knows a browser. It holds no logic of search: a [`Client`] steps the
//! engine's tasks, fetches the files of each round in parallel and hands answers over as plain
//! objects, whose types are generated from the engine's.

mod error;
mod fetch;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, JsString, Promise, Reflect};
use offprint_format::{Read, Section};
use offprint_search::{
    Engine, Field, Filters, PaperAnswer, PaperTask, Search, SearchRequest, SnippetAnswer,
    SnippetRequest, Snippets, Sort, Step, Task, Work,
};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// An allocator that weighs less than the standard library's.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("../../search/types.d.ts");

// The two small objects that come in are read field by field: a general deserializer would weigh
// more in the client than the whole of folding and stemming.
#[wasm_bindgen]
extern "C" {
    /// A `SearchRequest`.
    #[wasm_bindgen(typescript_type = "SearchRequest")]
    pub type Asked;
    #[wasm_bindgen(method, getter, structural)]
    fn query(this: &Asked) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn limit(this: &Asked) -> Option<f64>;
    #[wasm_bindgen(method, getter, structural)]
    fn offset(this: &Asked) -> Option<f64>;
    #[wasm_bindgen(method, getter, structural)]
    fn settled(this: &Asked) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural)]
    fn literal(this: &Asked) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural)]
    fn related(this: &Asked) -> Option<f64>;

    /// A `SnippetRequest`.
    #[wasm_bindgen(typescript_type = "SnippetRequest")]
    pub type AskedPassages;
    #[wasm_bindgen(method, getter, structural, js_name = query)]
    fn passages_query(this: &AskedPassages) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn docs(this: &AskedPassages) -> JsValue;
}

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
        to_js(&self.shared.engine.borrow().info())
    }

    /// Searches; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Answer>")]
    pub fn search(&self, request: Asked, signal: Option<AbortSignal>) -> Promise {
        let shared = self.shared.clone();
        future_to_promise(async move {
            let mut asked = SearchRequest::new(&text(&request.query())?);
            // `as` takes what is no number, or out of range, to the nearest that is.
            asked.limit = request.limit().map_or(asked.limit, |limit| limit as u32);
            asked.offset = request.offset().map_or(0, |offset| offset as u32);
            asked.settled = request.settled().unwrap_or(true);
            asked.literal = request.literal().unwrap_or(false);
            asked.related = request.related().map(|doc| doc as u32);
            let filters = get(&request, "filters");
            asked.filters = Filters {
                from: string(&filters, "from"),
                to: string(&filters, "to"),
                categories: strings(&filters, "categories"),
                primary: strings(&filters, "primary"),
                venues: strings(&filters, "venues"),
                authors: strings(&filters, "authors"),
                code: strings(&filters, "code"),
            };
            asked.sort = Sort::named(&string(&request, "sort"));
            let facets = strings(&request, "facets");
            asked.facets = facets
                .iter()
                .filter_map(|name| Field::named(name))
                .collect();
            let request = asked;
            let task = Search::new(&mut shared.engine.borrow_mut(), &request);
            let (mut answer, work) = shared.drive(task, signal.as_ref()).await?;
            answer.work = work;
            to_js(&answer)
        })
    }

    /// Finds the passages of some papers that fit a query; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<SnippetAnswer>")]
    pub fn snippets(&self, request: AskedPassages, signal: Option<AbortSignal>) -> Promise {
        let shared = self.shared.clone();
        future_to_promise(async move {
            let docs = request.docs();
            if !Array::is_array(&docs) {
                return Err(error::invalid("docs must be a list of document numbers"));
            }
            let docs = Array::from(&docs);
            let request = SnippetRequest {
                query: text(&request.passages_query())?,
                docs: docs
                    .iter()
                    .filter_map(|doc| Some(doc.as_f64()? as u32))
                    .collect(),
            };
            let task = Snippets::new(&mut shared.engine.borrow_mut(), &request);
            let (snippets, work) = shared.drive(task, signal.as_ref()).await?;
            to_js(&SnippetAnswer { snippets, work })
        })
    }

    /// Reads a whole paper; rejects with an `OffprintError`.
    #[wasm_bindgen(unchecked_return_type = "Promise<PaperAnswer>")]
    pub fn paper(&self, doc: u32, signal: Option<AbortSignal>) -> Promise {
        let shared = self.shared.clone();
        future_to_promise(async move {
            let task = PaperTask::new(&mut shared.engine.borrow_mut(), doc);
            let (paper, work) = shared.drive(task, signal.as_ref()).await?;
            to_js(&PaperAnswer { paper, work })
        })
    }
}

impl Shared {
    /// Steps a task to its end, fetching the files of each round in parallel.
    async fn drive<T: Task>(
        &self,
        mut task: T,
        signal: Option<&AbortSignal>,
    ) -> Result<(T::Output, Work), JsValue> {
        let mut work = Work::default();
        loop {
            let step = task.step(&mut self.engine.borrow_mut());
            let blocks = match step.map_err(|error| error::from_engine(&error))? {
                Step::Done(output) => return Ok((output, work)),
                Step::Need(blocks) => blocks,
            };
            work.rounds += 1;
            work.blocks += blocks.len() as u32;
            let reads = self.engine.borrow().reads(&blocks);
            let reads = reads.map_err(|error| error::from_engine(&error))?;
            work.files += reads.len() as u32;
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

    /// Begins a request, or joins one that is under way. Words and lists are fetched to the end
    /// even where the search is overtaken, as it is with every key: the next one wants most of them
    /// too. What only the overtaken search would show is not.
    fn request(&self, read: Read, signal: Option<&AbortSignal>) -> Promise {
        let shared = self.clone();
        if matches!(read.file.section, Section::Cards | Section::Records) {
            let signal = signal.cloned();
            return future_to_promise(async move {
                let size = shared.take(&read, signal.as_ref()).await;
                size.map(JsValue::from)
            });
        }
        if let Some((_, known)) = self
            .under_way
            .borrow()
            .iter()
            .find(|(other, _)| *other == read)
        {
            return known.clone();
        }
        let key = read.clone();
        let promise = future_to_promise(async move {
            let size = shared.take(&read, None).await;
            shared
                .under_way
                .borrow_mut()
                .retain(|(other, _)| *other != read);
            size.map(JsValue::from)
        });
        self.under_way.borrow_mut().push((key, promise.clone()));
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
            let error = match fetch::bytes(&url, &path, read, attempt, signal).await {
                Ok(bytes) => match self.engine.borrow_mut().supply(read, &bytes) {
                    Ok(()) => return Ok(bytes.len() as f64),
                    Err(error) => error::from_engine(&error),
                },
                Err(error) => error,
            };
            attempt += 1;
            if attempt == attempts || signal.is_some_and(AbortSignal::aborted) {
                return Err(error);
            }
        }
    }
}

/// A property of an object; undefined where there is none.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn string(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn strings(object: &JsValue, name: &str) -> Vec<String> {
    let list = get(object, name);
    if !Array::is_array(&list) {
        return Vec::new();
    }
    let list = Array::from(&list);
    list.iter().filter_map(|item| item.as_string()).collect()
}

/// A query's text in normal form C, in which the index was made.
fn text(value: &JsValue) -> Result<String, JsValue> {
    let text = value.dyn_ref::<JsString>();
    let text = text.ok_or_else(|| error::invalid("query must be a string"))?;
    Ok(text.normalize("NFC").into())
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(value)
        .map_err(|_| error::invalid("an answer has no JavaScript form"))
}
