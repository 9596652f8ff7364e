//! Browser sessions: one per engine, used by its tests in turn and replaced after a failure, and one more
//! for long tests apart.

use super::Res;
use super::driver::{Driver, Style};
use super::engine::Engine;
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::{BrowserLogEntry, WebDriver};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// An open browser with its driver.
pub struct Session {
    /// The engine.
    pub engine: Engine,
    /// The browser's remote control.
    pub driver: WebDriver,
    style: Style,
    // Dropped after the session has been quit; kills the driver.
    _server: Driver,
}

impl Session {
    /// Everything Chromium has logged since the last call; other engines' drivers keep no log.
    pub async fn log(&self) -> Res<Vec<BrowserLogEntry>> {
        match self.engine {
            Engine::Chromium => Ok(self.driver.browser_log().await?),
            Engine::Firefox | Engine::WebKit => Ok(Vec::new()),
        }
    }

    async fn quit(self) {
        // A browser that hangs is killed with everything else at the end.
        let _ = tokio::time::timeout(Duration::from_secs(10), self.driver.quit()).await;
    }
}

type Slot = Arc<Mutex<Option<Session>>>;

/// The open sessions of this run.
pub struct Pool {
    slots: HashMap<(Engine, bool), Slot>,
    folder: TempDir,
}

/// One test's hold on its engine's browser.
pub struct Lease(OwnedMutexGuard<Option<Session>>);

impl Pool {
    /// A pool without any session; browsers start with the first test that needs them.
    pub fn new() -> Res<Self> {
        let slots = Engine::ALL
            .iter()
            .flat_map(|engine| [false, true].map(|apart| ((*engine, apart), Slot::default())))
            .collect();
        let folder = tempfile::Builder::new()
            .prefix("offprint-browsers-")
            .tempdir()?;
        Ok(Self { slots, folder })
    }

    /// Where logs and profiles lie.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Waits for the engine's browser; starts one, or another where the style differs.
    pub async fn lease(&self, engine: Engine, style: Style, apart: bool) -> Res<Lease> {
        let slot = self.slots.get(&(engine, apart)).ok_or("no such engine")?;
        let mut held = Arc::clone(slot).lock_owned().await;
        if held.as_ref().is_some_and(|session| session.style != style)
            && let Some(old) = held.take()
        {
            old.quit().await;
        }
        if held.is_none() {
            // A browser's first start on a busy machine can take longer than its driver waits.
            let (server, driver) = match self.start(engine, style).await {
                Ok(started) => started,
                Err(_) => self.start(engine, style).await?,
            };
            driver.set_script_timeout(Duration::from_secs(60)).await?;
            driver
                .set_page_load_timeout(Duration::from_secs(60))
                .await?;
            if engine == Engine::Chromium {
                show_on_screen(&driver, style).await?;
            }
            *held = Some(Session {
                engine,
                driver,
                style,
                _server: server,
            });
        }
        Ok(Lease(held))
    }

    async fn start(&self, engine: Engine, style: Style) -> Res<(Driver, WebDriver)> {
        let mut server = Driver::start(engine, style, &self.subfolder()?).await?;
        let driver = server.session(style).await?;
        Ok((server, driver))
    }

    /// A new folder for logs and profiles, deleted with the pool.
    fn subfolder(&self) -> Res<PathBuf> {
        Ok(tempfile::Builder::new()
            .prefix("s")
            .tempdir_in(self.folder.path())?
            .keep())
    }

    /// Quits every browser.
    pub async fn close(&self) {
        for slot in self.slots.values() {
            if let Ok(Some(session)) = slot.try_lock().map(|mut held| held.take()) {
                session.quit().await;
            }
        }
    }
}

/// Has the style emulated, and nothing else that a test may have left, such as paper. The page is told
/// that its window is in front: else a headless one may get no events of focus.
async fn show_on_screen(driver: &WebDriver, style: Style) -> Res {
    let scheme = if style.dark { "dark" } else { "light" };
    let forced = if style.forced { "active" } else { "none" };
    let media = json!({ "media": "", "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "forced-colors", "value": forced },
    ] });
    driver
        .cdp()
        .send_raw("Emulation.setEmulatedMedia", media)
        .await?;
    driver
        .cdp()
        .send_raw(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        )
        .await?;
    Ok(())
}

impl Lease {
    /// The session held.
    pub fn session(&self) -> Res<&Session> {
        self.0.as_ref().ok_or_else(|| "session is gone".into())
    }

    /// Leaves the browser as the next test expects it.
    pub async fn reset(&self) -> Res {
        let session = self.session()?;
        session.driver.goto("about:blank").await?;
        if session.engine == Engine::Chromium {
            // Where its history is full, it drops entries that no hand has made: those of the test at hand.
            let history = "Page.resetNavigationHistory";
            session.driver.cdp().send_raw(history, json!({})).await?;
            show_on_screen(&session.driver, session.style).await?;
        }
        session.log().await?;
        Ok(())
    }

    /// Throws the browser away: whatever state it is in must not reach the next test.
    pub async fn discard(mut self) {
        if let Some(session) = self.0.take() {
            session.quit().await;
        }
    }
}
