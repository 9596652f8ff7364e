//! Programs the tests start, and how every one of them is ended.
//!
//! A driver that is killed leaves its browser behind, so ending the direct child is not enough. Each program is
//! started with a marker of this run in its environment; at the end every process that still carries the marker
//! is killed. Nothing else on the machine can carry it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const MARKER: &str = "OFFPRINT_BROWSER_RUN";

/// The marker's value for this run of the tests.
fn marker() -> String {
    format!("{}-run", std::process::id())
}

/// A started program. Dropping it kills it.
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it prints goes to `<folder>/<name>.log`.
    pub fn start(name: &str, mut command: Command, folder: &Path) -> Result<Self, String> {
        let log = folder.join(format!("{name}.log"));
        let out = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let err = out.try_clone().map_err(|e| e.to_string())?;
        let child = command
            .env(MARKER, marker())
            // Profiles and other leavings of drivers and browsers land in a folder the run deletes.
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .map_err(|e| format!("cannot start {name}: {e}"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
            log,
        })
    }

    /// What the program has printed so far.
    pub fn printed(&self) -> String {
        let mut bytes = Vec::new();
        if let Ok(mut file) = File::open(&self.log) {
            let _ = file.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// An error with the program's own words, if it has ended.
    pub fn check(&mut self) -> Result<(), String> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!(
                "{} ended ({status}):\n{}",
                self.name,
                self.printed()
            )),
            Err(e) => Err(format!("{}: {e}", self.name)),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kills every process that carries this run's marker. Only Linux shows other processes' environments as files;
/// elsewhere the direct children have been killed and browsers close with their sessions.
pub fn kill_marked() {
    let wanted = format!("{MARKER}={}", marker());
    let own = std::process::id();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else {
            continue;
        };
        if pid != own
            && environment
                .split(|byte| *byte == 0)
                .any(|pair| pair == wanted.as_bytes())
        {
            kill(pid);
        }
    }
}

#[cfg(unix)]
fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(_pid: u32) {}
