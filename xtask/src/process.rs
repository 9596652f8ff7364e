//! Running other programs.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a command with this program's own input and output.
///
/// # Errors
///
/// When it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    succeeded(command, status)
}

/// Runs a command and takes what it writes to standard output; its errors go to the terminal.
///
/// # Errors
///
/// When it cannot be started, does not succeed, or writes something else than UTF-8.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    succeeded(command, done.status)?;
    String::from_utf8(done.stdout).with_context(|| format!("{} wrote no UTF-8", shown(command)))
}

/// Runs a command quietly. What it wrote is shown when it fails.
///
/// # Errors
///
/// When it cannot be started or does not succeed.
pub fn quiet(command: &mut Command) -> Result<()> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    if !done.status.success() {
        let mut err = std::io::stderr().lock();
        err.write_all(&done.stdout)?;
        err.write_all(&done.stderr)?;
    }
    succeeded(command, done.status)
}

/// Sends `input` through a command and takes what comes out.
///
/// # Errors
///
/// When it cannot be started or does not succeed.
pub fn filter(command: &mut Command, input: &[u8]) -> Result<Vec<u8>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    let mut to_child = child.stdin.take().context("no way into the command")?;
    let mut from_child = child.stdout.take().context("no way out of the command")?;
    let mut out = Vec::new();
    // A thread writes, so that neither side can wait for the other with a full pipe.
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || to_child.write_all(input));
        from_child.read_to_end(&mut out)?;
        // A command that stops reading has failed; its status tells more than the broken pipe.
        writer
            .join()
            .map(drop)
            .map_err(|_| std::io::Error::other("the writing thread failed"))
    })?;
    let status = child.wait()?;
    succeeded(command, status)?;
    Ok(out)
}

/// Runs a command for at most `limit`, then ends it.
///
/// # Errors
///
/// When it cannot be started, does not succeed, or is not done in time.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {}", shown(command)))?;
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return succeeded(command, status);
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            bail!(
                "{} was not done after {} s",
                shown(command),
                limit.as_secs()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Looks a program up on the `PATH`.
#[must_use]
pub fn which(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// Asks before something is installed, where somebody is there to answer.
///
/// # Errors
///
/// When the answer is not yes.
pub fn consent(what: &str) -> Result<()> {
    println!("{what}");
    if !std::io::stdin().is_terminal() {
        return Ok(());
    }
    print!("Go on? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim().eq_ignore_ascii_case("y") || answer.trim().eq_ignore_ascii_case("yes") {
        Ok(())
    } else {
        bail!("stopped, nothing was installed");
    }
}

/// A command line for messages.
#[must_use]
pub fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status})", shown(command))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;

    #[test]
    #[cfg(unix)]
    fn filters_more_than_a_pipe_holds() {
        let input = vec![b'x'; 1 << 20];
        let mut upper = Command::new("tr");
        upper.args(["x", "y"]);
        assert_eq!(filter(&mut upper, &input).unwrap(), vec![b'y'; 1 << 20]);
    }

    #[test]
    #[cfg(unix)]
    fn ends_what_takes_too_long() {
        let mut slow = Command::new("sleep");
        slow.arg("60");
        let error = run_within(&mut slow, Duration::from_millis(100)).unwrap_err();
        assert!(error.to_string().contains("was not done"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_failure_names_the_command() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "exit 3"]);
        let error = quiet(&mut failing).unwrap_err().to_string();
        assert!(
            error.contains("sh -c exit 3") && error.contains('3'),
            "{error}"
        );
    }
}
