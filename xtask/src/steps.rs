//! Named steps with their wall time, and the table of them at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Passed,
    /// With the reason.
    Failed(String),
    /// With the reason. A skipped step is shown, but fails nothing.
    Skipped(String),
}

/// The steps of one command, in order.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<(String, Duration, Outcome)>,
}

impl Steps {
    /// Runs a step. A failure is kept for the end, so that one run shows all that is wrong.
    /// Answers with what the step made, if it passed.
    pub fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let made = step();
        let time = start.elapsed();
        let (outcome, made) = match made {
            Ok(made) => (Outcome::Passed, Some(made)),
            Err(error) => (Outcome::Failed(format!("{error:#}")), None),
        };
        if let Outcome::Failed(reason) = &outcome {
            eprintln!("failed: {reason}");
        }
        println!("-- {name}: {:.1} s", time.as_secs_f64());
        self.done.push((name.to_owned(), time, outcome));
        made
    }

    /// Notes a step that was not run.
    pub fn skip(&mut self, name: &str, reason: impl Into<String>) {
        let reason = reason.into();
        println!("\n== {name}: skipped, {reason}");
        self.done
            .push((name.to_owned(), Duration::ZERO, Outcome::Skipped(reason)));
    }

    /// Prints the table of all steps.
    ///
    /// # Errors
    ///
    /// When a step failed.
    pub fn finish(self, what: &str) -> Result<()> {
        println!("\n{}", self.table(what));
        let failed = self
            .done
            .iter()
            .filter(|step| matches!(step.2, Outcome::Failed(_)))
            .count();
        if failed > 0 {
            bail!("{what}: {failed} of {} steps failed", self.done.len());
        }
        Ok(())
    }

    fn table(&self, what: &str) -> String {
        let total: f64 = self.done.iter().map(|step| step.1.as_secs_f64()).sum();
        let mut text = format!("{what}, {total:.1} s");
        for (name, time, outcome) in &self.done {
            let (word, reason) = match outcome {
                Outcome::Passed => ("ok", ""),
                Outcome::Failed(reason) => ("FAILED", reason.as_str()),
                Outcome::Skipped(reason) => ("skipped", reason.as_str()),
            };
            let line = reason.lines().next().unwrap_or_default();
            text.push_str(&format!(
                "\n  {word:<8}{:>8.1} s  {name}",
                time.as_secs_f64()
            ));
            if !line.is_empty() {
                text.push_str(&format!("  ({line})"));
            }
        }
        text
    }
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
    fn a_failure_is_kept_to_the_end_and_counted() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("one", || Ok(1)), Some(1));
        assert_eq!(steps.run::<()>("two", || bail!("went wrong")), None);
        steps.skip("three", "no browser");
        let table = steps.table("all");
        assert!(table.contains("ok") && table.contains("one"), "{table}");
        assert!(
            table.contains("FAILED") && table.contains("(went wrong)"),
            "{table}"
        );
        assert!(
            table.contains("skipped") && table.contains("(no browser)"),
            "{table}"
        );
        assert_eq!(
            steps.finish("all").unwrap_err().to_string(),
            "all: 1 of 3 steps failed"
        );
    }

    #[test]
    fn a_skipped_step_fails_nothing() {
        let mut steps = Steps::default();
        steps.skip("three", "no browser");
        steps.finish("all").unwrap();
    }
}
