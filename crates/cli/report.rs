//! What people and programs read.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use offprint_index::Progress;
use offprint_papers::{Diagnostic, Severity};
use serde::Serialize;

use crate::error::{Failure, Result};

/// For what stands out.
pub const BOLD: Style = Style::new().bold();
/// For what may be passed over.
pub const FAINT: Style = Style::new().dimmed();
/// For what was lost or is damaged.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// For what was mended.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// For what is well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Diagnostics that are shown to people; all are in the JSON.
const SHOWN: usize = 20;

/// Prints to standard output, without colours where they do not belong.
pub fn show(text: &str) -> Result<()> {
    written(anstream::stdout().lock().write_all(text.as_bytes()))
}

/// Prints a value as JSON over several lines.
pub fn show_json(value: &impl Serialize) -> Result<()> {
    let mut text = to_json(serde_json::to_string_pretty(value))?;
    text.push('\n');
    written(io::stdout().lock().write_all(text.as_bytes()))
}

/// Prints a value as one line of JSON.
pub fn show_json_line(value: &impl Serialize) -> Result<()> {
    let mut text = to_json(serde_json::to_string(value))?;
    text.push('\n');
    written(io::stdout().lock().write_all(text.as_bytes()))
}

fn to_json(result: serde_json::Result<String>) -> Result<String> {
    result.map_err(|error| {
        Failure::advice(
            format!("the answer has no form in JSON: {error}"),
            "please report this",
        )
    })
}

fn written(result: io::Result<()>) -> Result<()> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::Closed),
        Err(error) => Err(Failure::io("write to", Path::new("standard output"))(error)),
    }
}

/// Prints a line to standard error. If that is gone there is nobody to tell.
pub fn tell(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints what a host may want to know.
pub fn tell_notes(notes: &[String]) {
    for note in notes {
        tell(&format!("{WARNING}note{WARNING:#}: {}", printable(note)));
    }
}

/// Prints what there is to say about inputs: losses first.
pub fn tell_diagnostics(diagnostics: &[Diagnostic], omitted: u64) {
    let mut ordered: Vec<&Diagnostic> = diagnostics.iter().collect();
    ordered.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    for diagnostic in ordered.iter().take(SHOWN) {
        let (style, word) = match diagnostic.severity {
            Severity::Error => (BAD, "error"),
            Severity::Warning => (WARNING, "warning"),
        };
        tell(&format!(
            "{style}{word}{style:#}: {}",
            printable(&diagnostic.to_string())
        ));
    }
    let more = ordered.len().saturating_sub(SHOWN) as u64 + omitted;
    if more > 0 {
        tell(&format!("and {more} more; --json lists all"));
    }
}

/// Text from outside without anything that a terminal could act on.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// A bar of bytes on standard error, if that is a terminal.
pub fn bytes_bar(hidden: bool) -> ProgressBar {
    let template =
        "{spinner} reading {wide_msg} {bytes}/{total_bytes} {bytes_per_sec:>12} {eta:>4}";
    bar(hidden, template)
}

/// A bar of steps on standard error, if that is a terminal: one phase after the other. It is gone
/// once dropped.
pub struct Steps(ProgressBar);

impl Steps {
    /// Nothing done yet.
    pub fn new(hidden: bool) -> Self {
        let template = "{spinner} {msg:24} {wide_bar} {percent:>3} % {per_sec:>12} {eta:>4}";
        Steps(bar(hidden, template))
    }

    /// Shows how far a phase is.
    pub fn show(&self, progress: Progress) {
        if self.0.message() != progress.phase {
            // Rate and time left are of this phase.
            self.0.reset();
            self.0.set_message(progress.phase);
        }
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
    }

    /// Shows a last phase without steps.
    pub fn last(&self, phase: &'static str) {
        self.0.set_style(style("{spinner} {msg} {elapsed}"));
        self.0.reset();
        self.0.set_message(phase);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn bar(hidden: bool, template: &str) -> ProgressBar {
    let bar = match hidden {
        true => ProgressBar::hidden(),
        false => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10)),
    };
    bar.set_style(style(template));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// `1 paper`, `2 papers`, with thousands set apart.
pub fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{} {noun}s", grouped(number)),
    }
}

/// A number with thousands set apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Bytes for people, in powers of 1000.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(count(1, "paper"), "1 paper");
        assert_eq!(count(0, "file"), "0 files");
        assert_eq!(count(1_234_567, "paper"), "1\u{202f}234\u{202f}567 papers");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_000), "1.0 kB");
        assert_eq!(size(12_345_678), "12.3 MB");
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_gets_through() {
        assert_eq!(printable("a\u{1b}[2Jb\r"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
