//! A static host for tests: one site below `/group/papers/`, served as a real host would serve it, counting what it
//! is asked and failing when told to.

use super::Res;
use super::fault::{Fault, Harm};
use super::ledger::Request;
use super::ranges::{self, Asked, Ranges};
use super::response::{
    Body, Cache, dripping, error_page, flipped, plain, portal, stalled, truncated, whole,
};
use super::site::{Site, Stored};
use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue, InvalidHeaderValue};
use hyper::{Method, Response, StatusCode};
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Where the site lies on its host: never the root, as on project pages of real hosts.
pub const SITE: &str = "/group/papers/";

/// Files of the tests themselves lie here; they are never counted.
pub const TEST: &str = "/group/papers/__test__/";

const WATCH: &str = include_str!("watch.js");

/// As in browsers that have no service workers.
const NO_WORKERS: &str = "delete Navigator.prototype.serviceWorker;";

#[derive(Default)]
struct State {
    requests: Vec<Request>,
    faults: Vec<Fault>,
    delays: Vec<(String, Duration)>,
    extra: HashMap<String, Arc<Stored>>,
    /// Other sites, by the paths that they lie below.
    mounted: Vec<(String, Arc<Site>)>,
    /// Whether pages may have a service worker.
    workers: bool,
    planned: Vec<String>,
    ranges: Ranges,
    shared: bool,
    policy: Option<String>,
    open: usize,
}

impl State {
    /// What this host says of itself in every answer.
    fn head(&self, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
        if self.shared {
            headers.insert(
                header::ACCESS_CONTROL_ALLOW_ORIGIN,
                HeaderValue::from_static("*"),
            );
        }
        if let Some(policy) = &self.policy
            && headers.remove(header::CONTENT_SECURITY_POLICY).is_some()
            && !policy.is_empty()
        {
            headers.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_str(policy)?,
            );
        }
        Ok(())
    }
}

struct Shared {
    site: Mutex<Arc<Site>>,
    state: Mutex<State>,
}

impl Shared {
    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running host. It stops when dropped.
pub struct Host {
    shared: Arc<Shared>,
    address: SocketAddr,
    task: Mutex<JoinHandle<()>>,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Takes a port that no host of this run has had: browsers keep what they loaded from it.
async fn bind(at: IpAddr) -> Res<TcpListener> {
    static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind((at, 0)).await?;
        let port = listener.local_addr()?.port();
        if TAKEN
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(port)
        {
            return Ok(listener);
        }
    }
}

impl Host {
    /// Serves `site` on a free port. A new port is a new origin, so each host meets a cold cache.
    pub async fn start(site: &Arc<Site>) -> Res<Self> {
        Self::start_at(site, Ipv4Addr::LOCALHOST.into()).await
    }

    /// The same at another of this machine's addresses.
    pub async fn start_at(site: &Arc<Site>, at: IpAddr) -> Res<Self> {
        let listener = bind(at).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            site: Mutex::new(Arc::clone(site)),
            state: Mutex::default(),
        });
        let task = Mutex::new(tokio::spawn(serve(listener, Arc::clone(&shared))));
        Ok(Self {
            shared,
            address,
            task,
        })
    }

    /// Ends every connection and takes no more, as a host that cannot be reached.
    pub fn stop(&self) {
        let task = self.task.lock();
        task.unwrap_or_else(PoisonError::into_inner).abort();
    }

    /// Lets pages have a service worker. In all other tests they have none, so that what goes
    /// over the wire is what the page itself asks for.
    pub fn allow_workers(&self) {
        self.shared.state().workers = true;
    }

    /// Serves another site in place of the one before, as after an upload.
    pub fn deploy(&self, site: &Arc<Site>) {
        let mut held = self.shared.site.lock();
        **held.as_mut().unwrap_or_else(|held| held.get_mut()) = Arc::clone(site);
    }

    /// Serves a further site below `path`, which begins and ends with `/`.
    pub fn mount(&self, path: &str, site: &Arc<Site>) {
        let mounted = (path.to_owned(), Arc::clone(site));
        self.shared.state().mounted.push(mounted);
    }

    /// Address of the site with `rest` (file, query) behind it.
    pub fn url(&self, rest: &str) -> String {
        format!("http://{}{SITE}{rest}", self.address)
    }

    /// Address of any path of this host; `path` starts with `/`.
    pub fn root_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The site served.
    pub fn site(&self) -> Arc<Site> {
        self.shared.site()
    }

    /// Path below the site of the file whose name ends so, of those asked for or listed in its folders.
    pub fn file_ending(&self, end: &str) -> Option<String> {
        self.site()
            .paths()
            .into_iter()
            .find(|path| path.ends_with(end))
    }

    /// Serves `text` at `path` (which starts with `/`), anywhere on this host.
    pub fn add(&self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let name = if name.is_empty() { "index.html" } else { name };
        let stored = Arc::new(Stored::new(name, text.as_bytes().to_vec()));
        self.shared.state().extra.insert(path.to_owned(), stored);
    }

    /// Serves a file of the test's own, uncounted and beside the site; returns its path.
    pub fn test_file(&self, name: &str, text: &str) -> String {
        let path = format!("{TEST}{name}");
        self.add(&path, text);
        path
    }

    /// Serves a page that shows `target` in a frame of the given size, and returns its address. The smallest
    /// window differs between browsers; a frame is a viewport of any size in all of them.
    pub fn framed(&self, target: &str, width: u32, height: u32) -> String {
        let page = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Frame</title></head><body>\
             <iframe title=\"site\" width=\"{width}\" height=\"{height}\" frameborder=\"0\" src=\"{}\"></iframe></body></html>",
            target.replace('&', "&amp;").replace('"', "&quot;")
        );
        self.root_url(&self.test_file(&format!("frame-{width}.html"), &page))
    }

    /// Adds a planned failure.
    pub fn fail(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Says how to answer requests for parts of files.
    pub fn ranges(&self, ranges: Ranges) {
        self.shared.state().ranges = ranges;
    }

    /// Lets pages of other origins read what this host has.
    pub fn share(&self) {
        self.shared.state().shared = true;
    }

    /// Serves pages with this content security policy, or without one where it is empty.
    pub fn policy(&self, policy: &str) {
        self.shared.state().policy = Some(policy.to_owned());
    }

    /// The origin of this host.
    pub fn origin(&self) -> String {
        self.root_url("")
    }

    /// Serves every file of a folder below `path` (which starts and ends with `/`).
    pub fn add_folder(&self, path: &str, folder: &Path) {
        let site = Site::new(folder);
        let mut state = self.shared.state();
        for below in site.paths() {
            let Some(stored) = site.file(&below) else {
                continue;
            };
            if let Some(parent) = below.strip_suffix("index.html") {
                state
                    .extra
                    .insert(format!("{path}{parent}"), Arc::clone(&stored));
            }
            state.extra.insert(format!("{path}{below}"), stored);
        }
    }

    /// Forgets all planned failures.
    pub fn heal(&self) {
        let mut state = self.shared.state();
        state.faults.clear();
        state.ranges = Ranges::Sound;
    }

    /// Lets every answer whose path contains `pattern` wait that long; an empty pattern means all.
    pub fn delay(&self, pattern: &str, time: Duration) {
        let mut state = self.shared.state();
        state.delays.retain(|(known, _)| known != pattern);
        state.delays.push((pattern.to_owned(), time));
    }

    /// All answered requests so far, in order of answer.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.state().requests.clone()
    }

    /// The requests since the last call, once the host has been idle for a moment.
    pub async fn take(&self) -> Vec<Request> {
        self.idle().await;
        std::mem::take(&mut self.shared.state().requests)
    }

    /// Waits until nothing has been under way or come in for 250 ms.
    pub async fn idle(&self) {
        let mut quiet = Instant::now();
        let mut last = usize::MAX;
        while quiet.elapsed() < Duration::from_millis(250) {
            let (open, count) = {
                let state = self.shared.state();
                (state.open, state.requests.len())
            };
            if open > 0 || count != last {
                quiet = Instant::now();
                last = count;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Requests that failed though nobody planned it.
    pub fn surprises(&self) -> Vec<String> {
        let state = self.shared.state();
        let bad = state
            .requests
            .iter()
            .filter(|r| !r.fault && !(200..400).contains(&r.status));
        bad.map(|r| format!("host answered {} for {}", r.status, r.path))
            .collect()
    }

    /// Whether `text` names an address this host failed on purpose.
    pub fn planned(&self, text: &str) -> bool {
        self.shared
            .state()
            .planned
            .iter()
            .any(|path| text.contains(path))
    }
}

/// Answers on every connection until it is dropped.
async fn serve(listener: TcpListener, served: Arc<Shared>) {
    // Connections live in this set, so they end with the host.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&served);
        let _ = stream.set_nodelay(true);
        connections.spawn(async move {
            let service =
                hyper::service::service_fn(move |request| answer(Arc::clone(&shared), request));
            let io = hyper_util::rt::TokioIo::new(stream);
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(io, service)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// One request under way; counts down however it ends, also when the browser gives up and hyper drops the answer.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.state().open += 1;
        Self(Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}

/// A stored file as found for a request.
struct Found {
    stored: Arc<Stored>,
    counted: bool,
}

async fn answer(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Body>, io::Error> {
    let started = Instant::now();
    let path = request.uri().path().to_owned();
    if path == "/favicon.ico" {
        return plain(StatusCode::NO_CONTENT);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let _open = Open::new(&shared);
    let below = path.strip_prefix(SITE).unwrap_or(&path).to_owned();
    let found = find(&shared, &path);
    let wait = delay(&shared, &below);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let dest = request
        .headers()
        .get("sec-fetch-dest")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let part = request.headers().contains_key(header::RANGE);
    let harm = harm(&shared, &path, &below, dest, part);
    let mut fault = harm.is_some();
    let response = match (harm, &found) {
        (Some(Harm::Cut), _) => Err(io::Error::other("cut on purpose")),
        (Some(Harm::Status(code)), _) => {
            error_page(StatusCode::from_u16(code).map_err(io::Error::other)?)
        }
        (_, None) => error_page(StatusCode::NOT_FOUND),
        (Some(Harm::Portal), _) => portal(),
        (Some(Harm::Drip(pieces, pause)), Some(found)) => dripping(&found.stored, pieces, pause),
        (Some(Harm::Stall), Some(found)) => stalled(&found.stored),
        (Some(Harm::Truncate), Some(found)) => truncated(&found.stored),
        (Some(Harm::Flip), Some(found)) => {
            let length = found.stored.bytes.len();
            let middle = match ranges::asked(request.headers(), length) {
                Asked::Part(part) => part.start.midpoint(part.end),
                _ => length / 2,
            };
            let damaged = flipped(&found.stored, middle);
            ranges::answer(&request, &damaged, Cache::Damaged, Ranges::Sound).0
        }
        (Some(Harm::Replace { bytes, kept }), Some(found)) => {
            let stored = Stored {
                bytes,
                content_type: found.stored.content_type,
                gzip: None,
            };
            whole(
                &request,
                &stored,
                if kept { Cache::Damaged } else { Cache::Never },
            )
        }
        (None, Some(found)) => {
            let cache = if path.starts_with(TEST) {
                Cache::Never
            } else {
                Cache::Usual
            };
            let ranges = shared.state().ranges;
            let (response, broken) = ranges::answer(&request, &found.stored, cache, ranges);
            if broken {
                fault = true;
                shared.state().planned.push(path.clone());
            }
            response
        }
    };
    let response = response.and_then(|mut response| {
        let headed = shared.state().head(response.headers_mut());
        headed.map(|()| response).map_err(io::Error::other)
    });
    let status = response.as_ref().map_or(0, |r| r.status().as_u16());
    let sent = response
        .as_ref()
        .ok()
        .and_then(|r| r.body().size_hint().exact());
    let (counted, raw) = match (&found, status) {
        (Some(found), 200) if found.counted => {
            (found.stored.counted(), found.stored.bytes.len() as u64)
        }
        (_, 206) => (sent.unwrap_or(0), sent.unwrap_or(0)),
        _ => (0, 0),
    };
    if !path.starts_with(TEST) {
        let entry = Request {
            path: below,
            status,
            counted,
            raw,
            part,
            started,
            finished: Instant::now(),
            fault,
        };
        shared.state().requests.push(entry);
    }
    response
}

/// The site's own files, then what the test added. Every HTML page gets the watch in front of its scripts.
fn find(shared: &Shared, path: &str) -> Option<Found> {
    if path == format!("{TEST}watch.js") {
        let hidden = if shared.state().workers {
            ""
        } else {
            NO_WORKERS
        };
        let script = format!("{hidden}{WATCH}");
        return Some(Found {
            stored: Arc::new(Stored::new("watch.js", script.into())),
            counted: false,
        });
    }
    let extra = shared.state().extra.get(path).cloned();
    let stored = match extra {
        Some(stored) => stored,
        None => {
            let (below, site) = site_at(shared, path)?;
            site.file(if below.is_empty() {
                "index.html"
            } else {
                below
            })?
        }
    };
    Some(Found {
        stored,
        counted: true,
    })
}

/// The site that a path lies in, and the path below it.
fn site_at<'a>(shared: &Shared, path: &'a str) -> Option<(&'a str, Arc<Site>)> {
    let state = shared.state();
    let mut mounted = state.mounted.iter();
    mounted
        .find_map(|(at, site)| Some((path.strip_prefix(at.as_str())?, Arc::clone(site))))
        .or_else(|| Some((path.strip_prefix(SITE)?, shared.site())))
}

fn delay(shared: &Shared, below: &str) -> Duration {
    let state = shared.state();
    // The latest rule that fits wins.
    let rule = state
        .delays
        .iter()
        .rev()
        .find(|(pattern, _)| below.contains(pattern));
    rule.map(|(_, time)| *time).unwrap_or_default()
}

fn harm(shared: &Shared, path: &str, below: &str, dest: &str, part: bool) -> Option<Harm> {
    let mut state = shared.state();
    let fault = state
        .faults
        .iter_mut()
        .find(|fault| fault.left > 0 && fault.fits(below, dest, part))?;
    fault.left -= 1;
    let harm = fault.harm.clone();
    state.planned.push(path.to_owned());
    Some(harm)
}
