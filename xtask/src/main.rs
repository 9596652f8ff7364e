//! Sets a machine up and drives the build: `cargo xtask help`.

mod args;
mod bench;
mod client;
mod eval;
mod examples;
mod install;
mod lighthouse;
mod lint;
mod npm;
mod process;
mod program;
mod steps;
mod test;
mod texts;
mod toolchain;
mod trunk;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::args::Command;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let command = args::parse(std::env::args_os().skip(1))?;
    if let Command::Help = command {
        print!("{}", args::HELP);
        return Ok(());
    }
    let workspace = Workspace::find()?;
    match command {
        Command::Help => Ok(()),
        Command::Client(options) => client::build(&workspace, &options),
        Command::Build(options) => program::build_small(&workspace, &options),
        Command::Examples => examples::build(&workspace),
        Command::Npm(options) => npm::build(&workspace, &options),
        Command::Serve(arguments) => program::serve(&workspace, &arguments),
        Command::Site(out) => program::site(&workspace, out.as_deref()),
        Command::Test(options) => test::run(&workspace, &options),
        Command::Lint => lint::run(&workspace),
        Command::Trunk => trunk::run(&workspace),
        Command::Bench(options) => bench::run(&workspace, &options),
        Command::Lighthouse => lighthouse::run(&workspace),
        Command::Eval(options) => eval::run(&workspace, &options),
    }
}
