//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::bench;
use crate::client;
use crate::eval;
use crate::test;

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
Sets a machine up and drives the build.

cargo xtask serve [ARGUMENTS...]   build everything, then run `offprint serve ARGUMENTS...`
cargo xtask build                  the browser client, then the program that carries it
cargo xtask client                 the browser client alone
cargo xtask npm                    the package for npm, into target/offprint-npm
cargo xtask examples               the examples with that package, into target/examples
cargo xtask site --out DIR         the sample collection's site into DIR
cargo xtask test [FILTER]          all tests, in three browser engines too
cargo xtask lint                   formatting, clippy, documentation, licences, types
cargo xtask trunk                  the site that trunk.toml describes, into dist/
cargo xtask eval [FOLDER...]       how good the order of hits is, on judged queries
cargo xtask bench                  Offprint measured beside other engines, see bench/README.md
cargo xtask lighthouse             what Lighthouse says of the sample's page on a phone

build, client, npm:
    --profile NAME     cargo profile of the client [client]
    --release-tools    fail where wasm-opt or esbuild is missing
test:
    --no-browsers      leave the browser tests out
site:
    --staging          into the folder that trunk names in TRUNK_STAGING_DIR
bench:
    --papers N         numbers of papers, repeated or with commas [1000,10000,50000,200000]
    --queries N        queries of title words [300]
    --engines A,B      only these
    --smoke            whether every measure comes out, on the sample; writes nothing

What a machine lacks is announced, then installed; questions are asked only at a terminal.
";

/// A parsed command line.
#[derive(Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Build the browser client.
    Client(client::Options),
    /// Build the client and the program.
    Build(client::Options),
    /// Build the examples.
    Examples,
    /// Build the client and the package for npm.
    Npm(client::Options),
    /// Build, then serve with these arguments.
    Serve(Vec<OsString>),
    /// Write the sample's site, into trunk's staging folder without a path.
    Site(Option<PathBuf>),
    /// Run the tests.
    Test(test::Options),
    /// Run the checks.
    Lint,
    /// Build with trunk.
    Trunk,
    /// Measure.
    Bench(bench::Options),
    /// Ask Lighthouse.
    Lighthouse,
    /// Evaluate.
    Eval(eval::Options),
}

/// Reads the command line, without the program's name.
///
/// # Errors
///
/// When it makes no sense; the message says how.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let name = match parser.next()? {
        Some(Value(name)) => name.string()?,
        None | Some(Long("help") | Short('h')) => return Ok(Command::Help),
        Some(other) => return Err(other.unexpected().into()),
    };
    // All of its arguments are the program's.
    if name == "serve" {
        return Ok(Command::Serve(parser.raw_args()?.collect()));
    }
    if name == "bench" {
        let rest: Vec<OsString> = parser.raw_args()?.collect();
        if rest.iter().any(|word| word == "--help" || word == "-h") {
            return Ok(Command::Help);
        }
        return Ok(Command::Bench(bench::Options::new(rest)));
    }
    let mut client = client::Options::default();
    let mut test = test::Options::default();
    let mut eval = eval::Options::default();
    let mut out = None;
    let mut staging = false;
    while let Some(argument) = parser.next()? {
        match (name.as_str(), argument) {
            (_, Long("help") | Short('h')) => return Ok(Command::Help),
            ("client" | "build" | "npm", Long("profile")) => {
                client.profile = parser.value()?.string()?
            }
            ("client" | "build" | "npm", Long("release-tools")) => client.release_tools = true,
            ("test", Long("no-browsers")) => test.browsers = false,
            ("test", Value(filter)) if test.filter.is_none() => {
                test.filter = Some(filter.string()?);
            }
            ("eval", Value(folder)) => eval.folders.push(PathBuf::from(folder)),
            ("site", Long("out")) => out = Some(PathBuf::from(parser.value()?)),
            ("site", Long("staging")) => staging = true,
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    Ok(match name.as_str() {
        "help" => Command::Help,
        "client" => Command::Client(client),
        "build" => Command::Build(client),
        "npm" => Command::Npm(client),
        "examples" => Command::Examples,
        "site" if out.is_some() != staging => Command::Site(out),
        "site" => bail!("site needs either --out DIR or --staging"),
        "test" => Command::Test(test),
        "lint" => Command::Lint,
        "eval" => Command::Eval(eval),
        "trunk" => Command::Trunk,
        "lighthouse" => Command::Lighthouse,
        other => bail!("there is no command {other:?}; see `cargo xtask help`"),
    })
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

    fn parsed(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn serve_hands_everything_on() {
        let Command::Serve(rest) = parsed("serve papers --port 80 --help").unwrap() else {
            panic!()
        };
        assert_eq!(rest, ["papers", "--port", "80", "--help"]);
    }

    #[test]
    fn test_takes_a_filter() {
        let Command::Test(options) = parsed("test --no-browsers golden").unwrap() else {
            panic!()
        };
        assert!(!options.browsers);
        assert_eq!(options.filter.as_deref(), Some("golden"));
        let Command::Test(options) = parsed("test").unwrap() else {
            panic!()
        };
        assert!(options.browsers && options.filter.is_none());
    }

    #[test]
    fn client_takes_a_profile() {
        let Command::Client(options) = parsed("client --profile dev").unwrap() else {
            panic!()
        };
        assert_eq!(options.profile, "dev");
        assert!(!options.release_tools);
    }

    #[test]
    fn site_needs_one_place() {
        assert!(matches!(
            parsed("site --staging").unwrap(),
            Command::Site(None)
        ));
        assert!(matches!(
            parsed("site --out x").unwrap(),
            Command::Site(Some(_))
        ));
        assert!(parsed("site").is_err());
        assert!(parsed("site --staging --out x").is_err());
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(parsed("bild").is_err());
        assert!(parsed("lint --fast").is_err());
        assert!(parsed("client --no-browsers").is_err());
        assert!(matches!(parsed("").unwrap(), Command::Help));
        assert!(matches!(parsed("lint --help").unwrap(), Command::Help));
    }
}
