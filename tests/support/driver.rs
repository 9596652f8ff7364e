//! WebDriver servers: one per engine, on a free port, with the capabilities each browser needs.

use super::Res;
use super::engine::{Engine, Programs};
use super::process::Process;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use thirtyfour::{Capabilities, WebDriver};

/// How a browser is to present itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// `prefers-color-scheme: dark`.
    pub dark: bool,
    /// `forced-colors: active`, in engines that have it.
    pub forced: bool,
}

/// The size of the window's content, in CSS pixels.
pub const WINDOW: (u32, u32) = (1280, 900);

/// A running WebDriver server, with the X server it draws on where it needs one.
pub struct Driver {
    engine: Engine,
    programs: Programs,
    port: u16,
    // Fields drop in order: the driver goes before its display.
    server: Process,
    _display: Option<Process>,
}

impl Driver {
    /// Starts the server of `engine`; logs and profiles go below `folder`.
    pub async fn start(engine: Engine, style: Style, folder: &Path) -> Res<Self> {
        let programs = engine.find()?;
        let mut display = None;
        let mut screen = String::new();
        if let Some(xvfb) = &programs.xvfb {
            let (process, name) = start_display(xvfb, folder).await?;
            display = Some(process);
            screen = name;
        }
        // The port may be taken between our look and the driver's start: look again then.
        let mut last = String::new();
        for _ in 0..3 {
            let port = free_port()?;
            let mut command = Command::new(&programs.driver);
            match engine {
                Engine::Chromium => {
                    command.arg(format!("--port={port}"));
                }
                Engine::Firefox => {
                    command.args(["--port", &port.to_string(), "--marionette-port", "0"]);
                }
                Engine::WebKit => {
                    command
                        .arg(format!("--port={port}"))
                        .env("DISPLAY", &screen)
                        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
                        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
                    if style.dark {
                        command.env("GTK_THEME", "Adwaita:dark");
                    }
                }
            }
            let mut server = Process::start(&format!("{engine}-driver"), command, folder)?;
            match wait_for_port(&mut server, port).await {
                Ok(()) => {
                    return Ok(Self {
                        engine,
                        programs,
                        port,
                        server,
                        _display: display,
                    });
                }
                Err(e) => last = e,
            }
        }
        Err(last.into())
    }

    /// Opens a browser with a fresh profile.
    pub async fn session(&mut self, style: Style) -> Res<WebDriver> {
        self.server.check()?;
        let capabilities = capabilities(self.engine, &self.programs, style);
        let capabilities: Capabilities = serde_json::from_value(capabilities)?;
        let url = format!("http://127.0.0.1:{}", self.port);
        let driver = WebDriver::builder(url, capabilities)
            .request_timeout(Duration::from_secs(90))
            .connect()
            .await;
        driver.map_err(|e| {
            format!(
                "{}: no session: {e}\n{}",
                self.engine,
                self.server.printed()
            )
            .into()
        })
    }
}

/// What each browser is asked for.
fn capabilities(engine: Engine, programs: &Programs, style: Style) -> Value {
    let browser = programs
        .browser
        .as_ref()
        .map(|path| path.to_string_lossy().into_owned());
    let (width, height) = WINDOW;
    match engine {
        Engine::Chromium => {
            let size = format!("--window-size={width},{height}");
            let args = json!([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                size,
            ]);
            json!({
                "browserName": "chrome",
                "goog:chromeOptions": { "binary": browser, "args": args },
                "goog:loggingPrefs": { "browser": "ALL" },
            })
        }
        Engine::Firefox => json!({
            "browserName": "firefox",
            "moz:firefoxOptions": {
                "binary": browser,
                "args": ["-headless", format!("--width={width}"), format!("--height={height}")],
                "prefs": {
                    "layout.css.prefers-color-scheme.content-override": if style.dark { 0 } else { 1 },
                    "browser.display.document_color_use": if style.forced { 2 } else { 0 },
                    // Neither noise on the network nor a look-up of our host names elsewhere.
                    "network.captive-portal-service.enabled": false,
                    "network.connectivity-service.enabled": false,
                    "browser.safebrowsing.downloads.enabled": false,
                    "app.update.auto": false,
                },
            },
        }),
        Engine::WebKit => json!({
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {
                "binary": browser,
                "args": ["--automation", format!("--geometry={width}x{height}")],
            },
        }),
    }
}

/// Starts an X server on a display number it picks itself; returns it with `:number`.
async fn start_display(xvfb: &Path, folder: &Path) -> Res<(Process, String)> {
    let mut command = Command::new(xvfb);
    // `-displayfd 1` prints the number once the server accepts clients.
    command.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1400x1100x24",
        "-nolisten",
        "tcp",
    ]);
    let mut process = Process::start("xvfb", command, folder)?;
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        process.check()?;
        let printed = process.printed();
        let number = printed
            .lines()
            .find(|line| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
        if let Some(number) = number {
            let name = format!(":{number}");
            return Ok((process, name));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("Xvfb did not start:\n{}", process.printed()).into())
}

/// A port nobody listens on at this moment.
fn free_port() -> Res<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}

async fn wait_for_port(server: &mut Process, port: u16) -> Result<(), String> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        server.check()?;
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
        {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!(
                "driver does not listen on port {port}:\n{}",
                server.printed()
            ));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
