//! Turns test functions into named trials, one per engine, and runs them.

use super::Res;
use super::driver::Style;
use super::engine::{self, Engine};
use super::host::Host;
use super::page::Page;
use super::process;
use super::session::{Lease, Pool};
use super::site::Site;
use libtest_mimic::{Arguments, Failed, Trial};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use thirtyfour::By;
use tokio::runtime::Runtime;

/// A test's future.
pub type Run = Pin<Box<dyn Future<Output = Res> + Send>>;

/// Says whether a test can run here; the error is the reason why not.
pub type Need = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// A browser test, not yet tied to an engine.
#[derive(Clone)]
pub struct Case {
    name: String,
    run: Arc<dyn Fn(Test) -> Run + Send + Sync>,
    needs: Vec<Need>,
    style: Style,
    engines: Vec<Engine>,
    limit: Duration,
    apart: bool,
}

/// Tests that run at once: one in each engine, mostly.
const THREADS: usize = 3;

impl Case {
    /// A test of that name (`module::what`) for every engine.
    pub fn new(name: impl Into<String>, run: impl Fn(Test) -> Run + Send + Sync + 'static) -> Self {
        Self {
            name: name.into(),
            run: Arc::new(run),
            needs: Vec::new(),
            style: Style::default(),
            engines: Engine::ALL.to_vec(),
            limit: Duration::from_secs(120),
            apart: false,
        }
    }

    /// Runs only where `need` is met.
    pub fn needs(mut self, need: impl Fn() -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.needs.push(Arc::new(need));
        self
    }

    /// Runs in a browser that prefers dark pages.
    pub fn dark(mut self) -> Self {
        self.style.dark = true;
        self
    }

    /// Runs in a browser that forces its own colours on pages; WebKit does not know that.
    pub fn forced(mut self) -> Self {
        self.style.forced = true;
        self.engines.retain(|engine| *engine != Engine::WebKit);
        self
    }

    /// Runs in one engine only.
    pub fn only(mut self, engine: Engine) -> Self {
        self.engines = vec![engine];
        self
    }

    /// Waits more than it works: runs in a browser of its own, beside the others.
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// Takes longer than others.
    pub fn minutes(mut self, minutes: u64) -> Self {
        self.limit = Duration::from_secs(60 * minutes);
        self
    }
}

/// Makes a [`Case`] of an async function `module::name(Test) -> Res`.
#[macro_export]
macro_rules! case {
    ($module:ident :: $name:ident) => {
        $crate::support::runner::Case::new(
            concat!(stringify!($module), "::", stringify!($name)),
            |test| Box::pin($crate::$module::$name(test)),
        )
    };
}

/// What a running test holds.
#[derive(Clone)]
pub struct Test {
    /// The engine it runs in.
    pub engine: Engine,
    /// Its full name.
    pub name: String,
    lease: Arc<Lease>,
    hosts: Arc<Mutex<Vec<Arc<Host>>>>,
    allowed: Arc<Mutex<Vec<String>>>,
}

impl Test {
    /// Starts a host for `site`; it is watched until the test ends.
    pub async fn host(&self, site: &Arc<Site>) -> Res<Arc<Host>> {
        self.watched(Host::start(site).await?)
    }

    /// Watches a host until the test ends.
    pub fn watched(&self, host: Host) -> Res<Arc<Host>> {
        let host = Arc::new(host);
        self.hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&host));
        Ok(host)
    }

    /// Opens an address and waits for the page's own start.
    pub async fn open(&self, url: &str) -> Res<Page> {
        let page = self.goto(url).await?;
        page.wait_started().await?;
        Ok(page)
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) -> Res<Page> {
        // Messages of the page before belong to this test too.
        let driver = self.lease.session()?.driver.handle().clone();
        driver.goto(url).await?;
        Ok(Page::new(driver))
    }

    /// Accepts console messages that contain `text`: the test provokes them.
    pub fn allow(&self, text: &str) {
        self.allowed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text.to_owned());
    }

    /// Everything the page or its host has complained about and no rule accepts. Empties the lists.
    pub async fn complaints(&self) -> Res<Vec<String>> {
        let session = self.lease.session()?;
        let mut all: Vec<String> = Vec::new();
        // One origin a host: the list of the origin now shown, the rest ended with their pages.
        let script = "const key = 'offprint-test-watch'; const list = sessionStorage.getItem(key);\
                      sessionStorage.removeItem(key); return JSON.parse(list ?? '[]');";
        let watched: Vec<String> = session
            .driver
            .execute(script, Vec::new())
            .await?
            .convert()?;
        all.extend(watched);
        for entry in session.log().await? {
            let source = entry.source.unwrap_or_default();
            all.push(format!("{} {source}: {}", entry.level, entry.message));
        }
        let hosts = self
            .hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let allowed = self
            .allowed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let planned = |text: &String| {
            allowed
                .iter()
                .any(|rule| text.to_lowercase().contains(&rule.to_lowercase()))
        };
        all.retain(|text| !planned(text));
        // Chromium logs every failed load; those the test planned are no complaint.
        all.retain(|text| {
            !((text.contains(" network: ") || text.starts_with("load: "))
                && hosts.iter().any(|host| host.planned(text)))
        });
        for host in &hosts {
            all.extend(host.surprises().into_iter().filter(|text| !planned(text)));
        }
        Ok(all)
    }

    /// Saves what the window shows as `<name>.png`, where `OFFPRINT_SCREENSHOTS` names a folder;
    /// not in WebKit.
    pub async fn screenshot(&self, name: &str) -> Res {
        // WebKitWebDriver never answers some of these requests.
        if let Some(folder) = screenshots().filter(|_| self.engine != Engine::WebKit) {
            std::fs::create_dir_all(&folder)?;
            let file = folder.join(format!("{}-{name}.png", self.engine));
            let driver = &self.lease.session()?.driver;
            // A framed page is shown without what is around it.
            let png = match driver.find(By::Tag("iframe")).await {
                Ok(frame) => frame.screenshot_as_png().await?,
                Err(_) => driver.screenshot_as_png().await?,
            };
            std::fs::write(file, png)?;
        }
        Ok(())
    }
}

/// The folder screenshots go to, if they are wanted.
pub fn screenshots() -> Option<PathBuf> {
    std::env::var_os("OFFPRINT_SCREENSHOTS")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// Runs the cases as the command line asks and ends every program started.
pub fn main(cases: Vec<Case>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    if let Some(name) = engine::unknown_names().first() {
        eprintln!("OFFPRINT_BROWSERS: {name:?} is none of chromium, firefox, webkit");
        return ExitCode::FAILURE;
    }
    let (runtime, pool) = match (Runtime::new(), Pool::new()) {
        (Ok(runtime), Ok(pool)) => (Arc::new(runtime), Arc::new(pool)),
        (Err(e), _) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
        (_, Err(e)) => {
            eprintln!("{}", e.message().unwrap_or_default());
            return ExitCode::FAILURE;
        }
    };
    let folder = pool.folder();
    runtime.spawn(async move {
        interrupted().await;
        process::kill_marked();
        let _ = std::fs::remove_dir_all(folder);
        std::process::exit(130);
    });
    let _guard = KillGuard;
    let found: Vec<(Engine, Result<(), String>)> = Engine::ALL
        .into_iter()
        .filter(|engine| engine.wanted())
        .map(|engine| (engine, engine.find().map(|_| ())))
        .collect();
    let mut trials = Vec::new();
    // Engines alternate, so that test threads rarely wait for the same browser.
    for case in &cases {
        for (engine, found) in &found {
            if case.engines.contains(engine) {
                trials.push(trial(case, *engine, found, &runtime, &pool));
            }
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    runtime.block_on(pool.close());
    conclusion.exit_code()
}

/// Ends when the run is told to stop: drivers and browsers would live on otherwise.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut stop) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = stop.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Kills what is left when `main` ends, in whatever way.
struct KillGuard;

impl Drop for KillGuard {
    fn drop(&mut self) {
        process::kill_marked();
    }
}

fn trial(
    case: &Case,
    engine: Engine,
    found: &Result<(), String>,
    runtime: &Arc<Runtime>,
    pool: &Arc<Pool>,
) -> Trial {
    let mut name = format!("{engine}::{}", case.name);
    let needs = case.needs.iter().map(|need| need());
    let missing = std::iter::once(found.clone())
        .chain(needs)
        .find_map(Result::err);
    if let Some(reason) = missing {
        if !engine::required() {
            name = format!("{name} ({reason})");
        }
        return Trial::test(name, move || Err(Failed::from(reason)))
            .with_ignored_flag(!engine::required());
    }
    let (case, runtime, pool) = (case.clone(), Arc::clone(runtime), Arc::clone(pool));
    let full = name.clone();
    Trial::test(name, move || {
        runtime.block_on(run(&case, engine, full, &pool))
    })
}

async fn run(case: &Case, engine: Engine, name: String, pool: &Pool) -> Res {
    let lease = Arc::new(pool.lease(engine, case.style, case.apart).await?);
    let test = Test {
        engine,
        name,
        lease: Arc::clone(&lease),
        hosts: Arc::default(),
        allowed: Arc::default(),
    };
    let mut outcome = body(case, &test).await;
    if outcome.is_ok() {
        outcome = finish(&test).await;
    }
    if outcome.is_err() {
        let _ = test
            .screenshot(&format!("failed-{}", test.name.replace("::", "-")))
            .await;
    }
    drop(test);
    // A body that panicked or ran out of time may still hold the lease for a moment.
    match (Arc::try_unwrap(lease), &outcome) {
        (Ok(lease), Ok(())) => {
            if lease.reset().await.is_err() {
                lease.discard().await;
            }
        }
        (Ok(lease), Err(_)) => lease.discard().await,
        (Err(_), _) => {}
    }
    outcome
}

/// Runs the test itself; a panic or the end of its time is a failure.
async fn body(case: &Case, test: &Test) -> Res {
    let mut task = tokio::spawn((case.run)(test.clone()));
    match tokio::time::timeout(case.limit, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(e)) => match e.try_into_panic() {
            Ok(payload) => Err(panic_text(payload.as_ref()).into()),
            Err(e) => Err(e.into()),
        },
        Err(_) => {
            task.abort();
            let _ = task.await;
            Err(format!("not done after {} s", case.limit.as_secs()).into())
        }
    }
}

fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".to_owned())
}

/// Nothing may have been said on the console, nothing may have failed unplanned.
async fn finish(test: &Test) -> Res {
    let complaints = test.complaints().await?;
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!("the page was not silent:\n  {}", complaints.join("\n  ")).into())
}
