//! The browser engines, and where their programs are found.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// A browser engine the tests can run in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Chromium through `chromedriver`.
    Chromium,
    /// Firefox through `geckodriver`.
    Firefox,
    /// WebKitGTK's MiniBrowser through `WebKitWebDriver`, on an Xvfb of our own.
    WebKit,
}

/// The programs one engine needs, all found on this machine.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The WebDriver server.
    pub driver: PathBuf,
    /// The browser itself; absent where the driver finds it alone.
    pub browser: Option<PathBuf>,
    /// The X server WebKit draws on.
    pub xvfb: Option<PathBuf>,
}

impl Engine {
    /// Every engine, in the order tests are listed.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The name used in test names and in `OFFPRINT_BROWSERS`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The engine's programs, or the reason why it cannot run here.
    pub fn find(self) -> Result<Programs, String> {
        match self {
            Self::Chromium => Ok(Programs {
                driver: require("chromedriver")?,
                browser: Some(require_one(&[
                    "chromium",
                    "chromium-browser",
                    "google-chrome",
                ])?),
                xvfb: None,
            }),
            Self::Firefox => Ok(Programs {
                driver: require("geckodriver")?,
                browser: Some(require_one(&["firefox", "firefox-esr"])?),
                xvfb: None,
            }),
            Self::WebKit => Ok(Programs {
                driver: require("WebKitWebDriver")?,
                browser: Some(mini_browser().ok_or("MiniBrowser not found")?),
                xvfb: Some(require("Xvfb")?),
            }),
        }
    }

    /// Whether `OFFPRINT_BROWSERS` asks for this engine; without the variable every engine is asked for.
    pub fn wanted(self) -> bool {
        match env::var("OFFPRINT_BROWSERS") {
            Ok(list) if !list.trim().is_empty() => list
                .split(',')
                .any(|name| name.trim().eq_ignore_ascii_case(self.name())),
            _ => true,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a missing engine or tool is a failure instead of an ignored test.
pub fn required() -> bool {
    env::var("OFFPRINT_REQUIRE").is_ok_and(|value| value == "1")
}

/// Names in `OFFPRINT_BROWSERS` that are no engine of ours: a typing error there would otherwise test nothing.
pub fn unknown_names() -> Vec<String> {
    env::var("OFFPRINT_BROWSERS")
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .filter(|name| {
            !Engine::ALL
                .iter()
                .any(|e| e.name().eq_ignore_ascii_case(name))
        })
        .map(str::to_owned)
        .collect()
}

/// A program of that name in `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

fn require(name: &str) -> Result<PathBuf, String> {
    program(name).ok_or_else(|| format!("{name} not found in PATH"))
}

fn require_one(names: &[&str]) -> Result<PathBuf, String> {
    names
        .iter()
        .find_map(|name| program(name))
        .ok_or_else(|| format!("no {} in PATH", names.join(" or ")))
}

/// Distributions keep MiniBrowser outside `PATH`, in a folder named by architecture and version.
fn mini_browser() -> Option<PathBuf> {
    if let Some(found) = program("MiniBrowser") {
        return Some(found);
    }
    let mut folders = vec![PathBuf::from("/usr/libexec"), PathBuf::from("/usr/lib")];
    folders.extend(subfolders(Path::new("/usr/lib")).filter(|f| ends(f, "-linux-gnu")));
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| subfolders(folder))
        .filter(|folder| {
            file_name(folder).starts_with("webkit2gtk-")
                || file_name(folder).starts_with("webkitgtk-")
        })
        .map(|folder| folder.join("MiniBrowser"))
        .filter(|file| file.is_file())
        .collect();
    found.sort();
    found.pop()
}

fn subfolders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn ends(path: &Path, with: &str) -> bool {
    file_name(path).ends_with(with)
}
