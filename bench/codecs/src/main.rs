//! Measures ways to code postings, and what the first bytes of a list are worth.
//!
//! `offprint-codecs COMMAND FILE [SEED]`, where `FILE` holds papers in any format that the builder reads,
//! the queries depend on `SEED`, and `COMMAND` is one of
//!
//! * `codecs`: codes for documents and for what stands beside them, and orders of documents;
//! * `first-part`: parts of a list that could be read first, of lists with impacts;
//! * `tiers`: the same where lists hold frequencies, cut into tiers.

mod bits;
mod clock;
mod documents;
mod first_part;
mod frequencies;
mod gaps;
mod impact;
mod impacts;
mod layers;
mod lists;
mod orders;
mod policies;
mod quality;
mod queries;
mod random;
#[path = "../../../crates/format/src/range_coder.rs"]
mod range_coder;
mod rank;
mod stop;
mod terms;
mod tiers;
mod tree;
mod unary;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use lists::Grown;
use offprint_papers::Paper;
use queries::Word;
use terms::{Count, Terms};

/// Queries drawn.
const QUERIES: usize = 300;
/// What they are drawn with where nothing else is said.
const SEED: u64 = 20_261_121;
/// Classes of length where frequencies are kept.
const CLASSES: u32 = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, file, seed) = match arguments.as_slice() {
        [command, file] => (command, file, SEED),
        [command, file, seed] => (command, file, seed.parse()?),
        _ => return Err("say `codecs`, `first-part` or `tiers`, and a file".into()),
    };
    let papers = terms::read_papers(Path::new(file))?;
    let ordered = orders::by_category(&papers);
    let terms = Terms::new(&ordered);
    let mut out = io::stdout().lock();
    let queries = |terms: &Terms| queries::draw(&ordered, terms, QUERIES, seed);
    match command.as_str() {
        "first-part" => {
            for copies in [1, 5] {
                let grown = Grown {
                    terms: &terms,
                    copies,
                };
                first_part::compare(&grown, &queries(&terms), &mut out)?;
                first_part::weigh(&grown, &mut out)?;
            }
        }
        "tiers" => {
            let papers = orders::by_length(&ordered, &terms, CLASSES);
            let terms = Terms::new(&papers);
            for copies in [1, 5] {
                let grown = Grown {
                    terms: &terms,
                    copies,
                };
                let model = tiers::Model::new(&grown, CLASSES);
                stop::compare(&model, &queries(&terms), &mut out)?;
                stop::weigh(&model, &mut out)?;
            }
        }
        "codecs" => codecs(&ordered, &terms, &queries(&terms), &mut out)?,
        _ => return Err(format!("`{command}` is not known").into()),
    }
    out.flush()?;
    Ok(())
}

/// Lists of title parts and of body parts.
type Parts<T> = [Vec<Vec<T>>; 2];

fn parts<T>(terms: &Terms, each: impl Fn(Count) -> T) -> Parts<T> {
    [true, false].map(|title| {
        let part = |stem| -> Vec<T> {
            let counts = terms.counts(stem).iter().copied();
            counts
                .filter(|count| (count.title > 0) == title)
                .map(&each)
                .collect()
        };
        let lists = (0..terms.len()).map(part);
        lists.filter(|list| !list.is_empty()).collect()
    })
}

fn codecs(
    papers: &[&Paper],
    terms: &Terms,
    queries: &[Vec<Word>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let lists = parts(terms, |count| count.doc).concat();
    documents::compare(&lists, terms.papers, out)?;
    drop(lists);
    writeln!(
        out,
        "| beside documents | bytes | bytes a posting | to the entropy | ns a posting |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for bits in [5, 4] {
        let codes = parts(terms, |count| quality::code(terms.saturated(count), bits));
        impacts::compare(&codes, bits, out)?;
    }
    frequencies::weigh(&parts(terms, |count| count), out)?;
    writeln!(out)?;
    quality::compare(terms, queries, out)?;
    orders::compare(papers, terms, out)
}
