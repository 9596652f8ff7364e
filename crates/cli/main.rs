//! The command line: all file access of the product is here.
//!
//! The crates it drives are pure; this program finds and opens files for them, writes what they
//! make so that a site is never half there, and tells people and programs how it went.

mod args;
mod build_command;
mod client;
mod compile;
mod config;
mod error;
mod expansions;
mod files;
mod history;
mod init;
mod input;
mod inspect;
mod language;
mod listing;
mod lock;
mod offline;
mod open;
mod page;
mod query;
mod report;
mod scratch;
mod selection;
mod serve;
mod server;
mod settings;
mod single;
mod site;
mod sums;
mod verify;
mod watch;

use std::fmt;
use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use miette::{Diagnostic, MietteHandlerOpts, ReportHandler};

use crate::args::{Cli, Command};
use crate::error::{Failure, Result};

fn main() -> ExitCode {
    let terminal = std::io::stderr().is_terminal();
    // Fails only if a handler is set already, and then that one does as well.
    let _ = miette::set_hook(Box::new(move |_| match terminal {
        true => Box::new(MietteHandlerOpts::new().terminal_links(false).build()),
        false => Box::new(Plain),
    }));
    match run(&Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(failure) => {
            let code = failure.exit_code();
            report::tell(format!("{:?}", miette::Report::new(failure)).trim_end());
            ExitCode::from(code)
        }
    }
}

/// Errors for a log or a program: whole lines, no colour, no frame.
struct Plain;

impl ReportHandler for Plain {
    fn debug(&self, error: &dyn Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: ")?;
        if let Some(place) = place(error) {
            write!(f, "{}: ", report::printable(&place))?;
        }
        write!(f, "{}", report::printable(&error.to_string()))?;
        match error.help() {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

/// File and line of an error that has them.
fn place(error: &dyn Diagnostic) -> Option<String> {
    let span = *error.labels()?.next()?.inner();
    let contents = error.source_code()?.read_span(&span, 0, 0).ok()?;
    Some(format!("{}:{}", contents.name()?, contents.line() + 1))
}

fn run(cli: &Cli) -> Result<u8> {
    match &cli.command {
        Command::Build(args) => build_command::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Query(args) => query::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Init(args) => init::run(args),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "offprint", &mut text);
            report::show(&String::from_utf8_lossy(&text))?;
            Ok(0)
        }
    }
}
