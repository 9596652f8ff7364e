//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use offprint_index::{Compare, Layout, MOST_TOPICS, Topics};
use url::Url;

use crate::language::Tongue;
use crate::page::base_url;
use crate::selection::SelectionArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0  all went well
  1  an error
  2  the command line makes no sense
  3  build --strict: at least one record was skipped, nothing was written
  4  verify: at least one file is damaged

With --json, standard output holds JSON and nothing else. Progress, warnings and errors go to \
standard error. Colour is for terminals only, and off if NO_COLOR is set.";

/// Compiles a collection of papers into a static search site.
#[derive(Debug, Parser)]
#[command(name = "offprint", version, after_help = EXIT_CODES, propagate_version = false)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build a search site from papers
    Build(Box<BuildArgs>),
    /// Serve a site, or papers, on this machine
    Serve(Box<ServeArgs>),
    /// Search a site on the command line
    Query(Box<QueryArgs>),
    /// Show what a site consists of
    Inspect(SiteArgs),
    /// Check every file of a site
    Verify(SiteArgs),
    /// Begin a site: write offprint.toml, a few example papers and a workflow for GitHub Pages
    Init(InitArgs),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Files, folders, or `-` for standard input: JSON Lines, lists of JSON, BibTeX or Daily Papers
    /// page dumps, plain or packed with gzip or zstd
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder of the site
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Instead of a folder, write one HTML file that holds the whole site and searches without any
    /// host, opened from a disk
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "index_only", "layout", "keep"])]
    pub single_file: Option<PathBuf>,
    /// The largest index that --single-file takes, since readers load all of it into memory
    // Chromium, Firefox and WebKit show results out of a file of this size in one to three seconds.
    #[arg(long, value_name = "SIZE", default_value = "50M", requires = "single_file",
          conflicts_with = "out", value_parser = size)]
    pub single_file_limit: usize,
    #[command(flatten)]
    pub about: AboutArgs,
    /// Fail, and write nothing, if any record is skipped
    #[arg(long)]
    pub strict: bool,
    /// Earlier builds whose files stay, for pages that are open while the site changes
    /// [default: 1]
    #[arg(long, value_name = "N")]
    pub keep: Option<usize>,
    /// Write into a folder that is not empty and holds no Offprint site
    #[arg(long)]
    pub force: bool,
    /// Write only the index, without the page and the browser client
    #[arg(long)]
    pub index_only: bool,
    /// Whether papers are compared with each other, which finds related papers and puts better hits
    /// first; without, a large build is faster and its index smaller [default: on]
    #[arg(long, value_enum)]
    pub neighbours: Option<Neighbours>,
    /// Topics to find among the papers: a number, `off`, or `auto` for as many as suit the
    /// collection (none where papers are not compared) [default: auto]
    #[arg(long, value_name = "auto|off|N", value_parser = topics)]
    pub topics: Option<Topics>,
    /// Weights of terms that another program made, such as a learned sparse encoder: JSON Lines of
    /// {"id": "…", "terms": {"word": 1.5}}, plain or packed with gzip or zstd. They put better hits
    /// first, and find no further ones
    #[arg(long, value_name = "FILE")]
    pub expansions: Option<PathBuf>,
    /// How the index lies in files [default: auto]
    #[arg(long, value_enum)]
    pub layout: Option<LayoutArg>,
    /// Memory to keep to, such as 512M or 2G, at least 128M. The words of the collection and some
    /// hundred bytes a paper are held whatever it says
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = memory)]
    pub memory: usize,
    /// Threads to work on [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print a summary as JSON
    #[arg(long)]
    pub json: bool,
}

/// Choices of `--layout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayoutArg {
    /// Small files, each fetched whole: works on every host
    Chunks,
    /// Files of up to 20 MiB, read by HTTP ranges: for hosts that answer them, such as S3 and nginx
    Packs,
    /// Chunks up to 100 000 papers, packs above
    Auto,
}

/// Whether papers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Neighbours {
    /// They are
    On,
    /// They are not
    Off,
}

impl From<Neighbours> for Compare {
    fn from(neighbours: Neighbours) -> Self {
        match neighbours {
            Neighbours::On => Self::On,
            Neighbours::Off => Self::Off,
        }
    }
}

impl From<LayoutArg> for Layout {
    fn from(layout: LayoutArg) -> Self {
        match layout {
            LayoutArg::Chunks => Self::Chunks,
            LayoutArg::Packs => Self::Packs,
            LayoutArg::Auto => Self::Auto,
        }
    }
}

/// Reads a number of topics.
pub fn topics(text: &str) -> Result<Topics, String> {
    match text {
        "auto" => Ok(Topics::Auto),
        "off" => Ok(Topics::Off),
        _ => match text.parse() {
            Ok(count) if (1..=MOST_TOPICS).contains(&count) => Ok(Topics::Count(count)),
            _ => Err(format!(
                "give auto, off, or a number from 1 to {MOST_TOPICS}"
            )),
        },
    }
}

/// The least memory that a build takes.
const LEAST_MEMORY: usize = 128 << 20;

/// Reads the memory of a build.
fn memory(text: &str) -> Result<usize, String> {
    match size(text)? {
        size if size < LEAST_MEMORY => Err("a build takes at least 128M".to_owned()),
        size => Ok(size),
    }
}

/// Reads a size such as `512M`, `2G`, `1GiB`: in powers of 1024.
fn size(text: &str) -> Result<usize, String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err("give a size such as 512M or 2G".to_owned()),
    };
    let number: usize = number
        .parse()
        .map_err(|_| "give a size such as 512M or 2G".to_owned())?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "that is more than a machine has".to_owned())
}

/// What a site says of itself.
#[derive(Clone, Debug, Default, Args)]
pub struct AboutArgs {
    /// File of settings; what the command line says goes before it [default: offprint.toml, if there
    /// is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Title of the collection [default: Papers]
    #[arg(long)]
    pub title: Option<String>,
    /// A sentence about the collection
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Language of the page: en, de or ar, with a region perhaps, such as de-AT [default: en]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<Tongue>,
    /// Address that the site will have, for search engines and previews of links; it works anywhere
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<Url>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder [default: this one]
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Git address of Offprint's sources, for the workflow
    #[arg(long, value_name = "URL")]
    pub repository: Option<String>,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// A site's folder, or papers as for `build`; without any, what offprint.toml names, or else a
    /// sample collection
    #[arg(value_name = "SITE|INPUT")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub about: AboutArgs,
    /// Port; 0 for any free one [default: 8080 or the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Address to listen at
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Path below which the site lies, such as /papers/
    #[arg(long, value_name = "PATH", default_value = "/")]
    pub base: String,
    /// Send the strict Content-Security-Policy that a site needs at least (the default)
    #[arg(long, overrides_with = "no_csp")]
    pub csp: bool,
    /// Send no Content-Security-Policy
    #[arg(long)]
    pub no_csp: bool,
    /// Let pages of other origins search it, as hosts of a site that is embedded do: any page that
    /// is open in a browser on this machine can then read what is served
    #[arg(long)]
    pub cors: bool,
    /// Do not build again when papers change
    #[arg(long)]
    pub no_watch: bool,
}

/// Arguments of `query`.
#[derive(Debug, Args)]
pub struct QueryArgs {
    /// Folder of the site
    pub site: PathBuf,
    /// What to search for; the last word may be the beginning of one. Without, filters, an order or
    /// facets show every paper that passes, the newest first
    #[arg(conflicts_with_all = ["batch", "related"], required_unless_present_any =
          ["batch", "related", "year", "category", "primary", "venue", "author", "code", "topic", "sort", "facet"])]
    pub text: Option<String>,
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Instead of searching, show the papers related to the one with this id
    #[arg(long, value_name = "ID", conflicts_with = "batch")]
    pub related: Option<String>,
    /// Hits to show
    #[arg(long, value_name = "N", default_value_t = 10,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Hits to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u32,
    /// Search for every word as it stands, misspelt or not
    #[arg(long)]
    pub literal: bool,
    /// Show what the score of each hit consists of
    #[arg(long, conflicts_with = "batch")]
    pub explain: bool,
    /// Instead of searching, show what the unfinished last word of the text may become
    #[arg(long, conflicts_with_all = ["batch", "related", "explain"])]
    pub suggest: bool,
    /// Search for each line of a file of JSON objects with `text` (or `query`) and maybe `id`,
    /// `filters`, `sort` and `facets` (as in an engine's request; else those of this command);
    /// `-` is standard input. Prints a TREC run, or with --json an answer a line
    #[arg(long, value_name = "QUERIES")]
    pub batch: Option<PathBuf>,
    /// Write the TREC run of --batch to a file
    #[arg(long, value_name = "FILE", requires = "batch")]
    pub trec: Option<PathBuf>,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `inspect` and `verify`.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// Folder of the site
    pub site: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn numbers_of_topics() {
        assert_eq!(topics("auto"), Ok(Topics::Auto));
        assert_eq!(topics("off"), Ok(Topics::Off));
        assert_eq!(topics("12"), Ok(Topics::Count(12)));
        for bad in ["", "0", "201", "-1", "on", "1.5"] {
            assert!(topics(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_of_memory() {
        assert_eq!(memory("128M"), Ok(128 << 20));
        assert_eq!(memory("2G"), Ok(2 << 30));
        assert_eq!(memory("1GiB"), Ok(1 << 30));
        assert_eq!(memory("1073741824"), Ok(1 << 30));
        assert_eq!(memory("64M"), Err("a build takes at least 128M".to_owned()));
        for bad in [
            "",
            "M",
            "-1G",
            "1X",
            "1.5G",
            "99999999999999999999G",
            "99999999999G",
        ] {
            assert!(memory(bad).is_err(), "{bad}");
        }
    }
}
