//! `offprint query`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use offprint_format::{CardBlock, Section, open_block};
use offprint_search::{
    Answer, Engine, Facet, Field, Filters, Hit, Search, SearchRequest, Share, Sort, Suggest,
    SuggestAnswer, Task, Work, drive,
};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::args::QueryArgs;
use crate::error::{Failure, Result};
use crate::files;
use crate::open;
use crate::report::{self, BOLD, FAINT, count, printable, size};
use crate::selection;

/// Names this program in TREC runs.
const RUN: &str = "offprint";
/// Authors named on a result line.
const AUTHORS: usize = 3;

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    /// Of the query in a batch; the paper that others are related to.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    query: &'a str,
    searched: &'a str,
    missing: &'a [String],
    without: &'a str,
    total: u32,
    total_any: u32,
    exact: bool,
    hits: &'a [Hit],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    facets: &'a [Facet],
    /// For each hit what its score consists of, where that was asked.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    shares: &'a [Vec<Share>],
    rounds: u32,
    blocks: u32,
    files: u32,
    bytes: u32,
}

impl<'a> Printed<'a> {
    fn new(id: Option<&'a str>, answer: &'a Answer) -> Self {
        let Work {
            rounds,
            blocks,
            files,
            bytes,
        } = answer.work;
        Self {
            id,
            query: &answer.query,
            searched: &answer.searched,
            missing: &answer.missing,
            without: &answer.without,
            total: answer.total,
            total_any: answer.total_any,
            exact: answer.exact,
            hits: &answer.hits,
            facets: &answer.facets,
            shares: &[],
            rounds,
            blocks,
            files,
            bytes,
        }
    }
}

/// Runs the command and gives its exit code.
pub fn run(args: &QueryArgs) -> Result<u8> {
    let manifest = open::manifest_bytes(&args.site)?;
    let site = Searcher {
        site: &args.site,
        manifest,
    };
    if let Some(batch) = &args.batch {
        return run_batch(args, &site, batch);
    }
    if let Some(id) = &args.related {
        return related(&site, id, args.json);
    }
    let text = args.text.as_deref().unwrap_or_default();
    if args.suggest {
        return suggest(&site, text, args.json);
    }
    let request = request(text, args);
    let mut engine = site.open()?;
    let answer = site.ask(&mut engine, &request)?;
    let mut shares = Vec::new();
    for hit in answer.hits.iter().filter(|_| args.explain) {
        let explained = SearchRequest {
            explain: Some(hit.doc),
            limit: 0,
            ..request.clone()
        };
        shares.push(site.ask(&mut engine, &explained)?.shares);
    }
    if args.json {
        let printed = Printed {
            shares: &shares,
            ..Printed::new(None, &answer)
        };
        report::show_json(&printed)?;
    } else {
        report::show(&describe(&answer, args.offset, &shares))?;
    }
    Ok(0)
}

/// Shows what the last word of a text may become.
fn suggest(site: &Searcher<'_>, text: &str, json: bool) -> Result<u8> {
    let text: String = text.nfc().collect();
    let mut engine = site.open()?;
    let task = Suggest::new(&mut engine, &text);
    let (words, work) = site.drive(&mut engine, task)?;
    if json {
        report::show_json(&SuggestAnswer { words, work })?;
    } else {
        let lines: String = words.iter().map(|word| printable(word) + "\n").collect();
        report::show(&lines)?;
    }
    Ok(0)
}

struct Searcher<'a> {
    site: &'a Path,
    manifest: Vec<u8>,
}

impl Searcher<'_> {
    /// Searches as a reader does who has just come to the page: nothing but the manifest is at
    /// hand, so what it took does not hang on what was searched before.
    fn search(&self, request: SearchRequest) -> Result<Answer> {
        self.ask(&mut self.open()?, &request)
    }

    fn open(&self) -> Result<Engine> {
        Engine::open(&self.manifest).map_err(|error| open::explain(self.site, &error))
    }

    fn ask(&self, engine: &mut Engine, request: &SearchRequest) -> Result<Answer> {
        let task = Search::new(engine, request);
        let (mut answer, work) = self.drive(engine, task)?;
        answer.work = work;
        Ok(answer)
    }

    fn drive<T: Task>(&self, engine: &mut Engine, task: T) -> Result<(T::Output, Work)> {
        let mut get = |path: &str, range| files::read(&self.site.join(path), range);
        drive(engine, task, &mut get).map_err(|error| open::explain_drive(self.site, error))
    }
}

/// What a text and the arguments ask for.
fn request(text: &str, args: &QueryArgs) -> SearchRequest {
    let text: String = text.nfc().collect();
    let mut request = SearchRequest {
        limit: args.limit,
        offset: args.offset,
        literal: args.literal,
        ..SearchRequest::new(&text)
    };
    args.selection.apply(&mut request);
    request
}

/// Shows the papers related to one.
fn related(site: &Searcher<'_>, id: &str, json: bool) -> Result<u8> {
    let mut engine = site.open()?;
    let Some(doc) = document(site, &engine, id)? else {
        return Err(Failure::advice(
            format!("{} has no paper {id}", site.site.display()),
            "`offprint query` names the ids of papers with --json",
        ));
    };
    let request = SearchRequest {
        related: Some(doc),
        ..SearchRequest::new("")
    };
    let answer = site.ask(&mut engine, &request)?;
    if json {
        report::show_json(&Printed::new(Some(id), &answer))?;
    } else {
        report::show(&describe(&answer, 0, &[]))?;
    }
    Ok(0)
}

/// The document of an id: no index leads to it, so cards are read until it is found.
fn document(site: &Searcher<'_>, engine: &Engine, id: &str) -> Result<Option<u32>> {
    let damaged = |error: offprint_format::Error| open::explain(site.site, &error.into());
    let mut first = 0;
    for segment in [engine.segment()] {
        let packed = segment.is_packed(Section::Records);
        for block in segment
            .roots()
            .filter(|block| block.id.section == Section::Cards)
        {
            let reads = engine.reads(&[block]);
            for read in reads.map_err(|error| open::explain(site.site, &error))? {
                let path = site.site.join(segment.file_path(read.file));
                let bytes = files::read(&path, read.range.clone());
                let bytes = bytes.map_err(Failure::io("read", &path))?;
                for (block, stored) in segment.split(&read, &bytes).map_err(damaged)? {
                    let payload = open_block(stored, block, segment.seed).map_err(damaged)?;
                    let cards = CardBlock::read(payload, packed);
                    let cards = cards.map_err(|fault| damaged(block.damaged(fault)))?;
                    let cards = cards.cards();
                    if let Some(at) = cards.iter().position(|card| card.id == id) {
                        return Ok(Some(first + at as u32));
                    }
                    first += cards.len() as u32;
                }
            }
        }
    }
    Ok(None)
}

fn describe(answer: &Answer, offset: u32, shares: &[Vec<Share>]) -> String {
    let mut text = String::new();
    if answer.searched != answer.query {
        text.push_str(&format!(
            "Showing results for {BOLD}{}{BOLD:#}; --literal searches for {}.\n",
            printable(answer.searched.trim()),
            printable(answer.query.trim())
        ));
    }
    let about = if answer.exact { "" } else { "about " };
    if answer.hits.is_empty() {
        text.push_str(match (answer.total_any, offset) {
            (0, _) => "Nothing found. Try fewer or other words.\n",
            _ => "No more hits.\n",
        });
    }
    if !answer.missing.is_empty() {
        let missing = answer.missing.join(", ");
        text.push_str(&format!("In no paper: {}.\n", printable(&missing)));
    }
    for (at, hit) in answer.hits.iter().enumerate() {
        let rank = offset as usize + at + 1;
        text.push_str(&format!(
            "{rank:>3}. {BOLD}{}{BOLD:#}\n",
            printable(&hit.title)
        ));
        let line = about_paper(hit);
        text.push_str(&format!("     {FAINT}{}{FAINT:#}\n", printable(&line)));
        let shares = shares.get(at).map(Vec::as_slice).unwrap_or_default();
        let told: u32 = shares.iter().map(|share| share.score).sum();
        for share in shares {
            let score = report::grouped(u64::from(share.score));
            let what = match share.word.as_str() {
                "" => "by papers like it".to_owned(),
                word => format!(
                    "{} ({})",
                    printable(word),
                    count(u64::from(share.papers), "paper")
                ),
            };
            text.push_str(&format!("{score:>12}  {what}\n"));
        }
        let rest = hit.score.saturating_sub(told);
        if !shares.is_empty() && rest > 0 {
            let score = report::grouped(u64::from(rest));
            text.push_str(&format!(
                "{score:>12}  by its title, which says the query\n"
            ));
        }
    }
    text.push_str(&selection::describe(&answer.facets));
    let Work {
        rounds,
        files,
        bytes,
        ..
    } = answer.work;
    text.push_str(&format!(
        "{about}{} with all words, {} with any; {} in {}, {}\n",
        count(u64::from(answer.total), "paper"),
        report::grouped(u64::from(answer.total_any)),
        count(u64::from(files), "file"),
        count(u64::from(rounds), "round"),
        size(u64::from(bytes))
    ));
    text
}

/// The second line of a hit: who, where, when, and its id.
fn about_paper(hit: &Hit) -> String {
    let mut names = hit
        .authors
        .iter()
        .take(AUTHORS)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if hit.author_count as usize > AUTHORS {
        names.push_str(" et al.");
    }
    let id = hit.url.as_ref().unwrap_or(&hit.id);
    [
        Some(&names),
        hit.venue.as_ref(),
        hit.date.as_ref(),
        Some(id),
    ]
    .into_iter()
    .flatten()
    .filter(|part| !part.is_empty())
    .cloned()
    .collect::<Vec<_>>()
    .join(" \u{b7} ")
}

/// A line of `--batch`.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<Id>,
    #[serde(alias = "query")]
    text: String,
    #[serde(default)]
    filters: Option<Filters>,
    #[serde(default)]
    sort: Option<Sort>,
    #[serde(default)]
    facets: Option<Vec<Field>>,
}

/// Test collections number their queries, or name them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Number(u64),
    Name(String),
}

fn run_batch(args: &QueryArgs, site: &Searcher<'_>, batch: &Path) -> Result<u8> {
    let mut run = match &args.trec {
        Some(path) => {
            let file = File::create(path).map_err(Failure::io("write", path))?;
            Some((path, BufWriter::new(file)))
        }
        None => None,
    };
    for (id, line) in read_queries(batch)? {
        let mut request = request(&line.text, args);
        request.filters = line.filters.unwrap_or(request.filters);
        request.sort = line.sort.unwrap_or(request.sort);
        request.facets = line.facets.unwrap_or(request.facets);
        let answer = site.search(request)?;
        if args.json {
            report::show_json_line(&Printed::new(Some(&id), &answer))?;
        }
        match &mut run {
            Some((path, file)) => file
                .write_all(trec(&id, &answer.hits).as_bytes())
                .map_err(Failure::io("write", path))?,
            None if !args.json => report::show(&trec(&id, &answer.hits))?,
            None => {}
        }
    }
    if let Some((path, mut file)) = run {
        file.flush().map_err(Failure::io("write", path))?;
    }
    Ok(0)
}

fn read_queries(path: &Path) -> Result<Vec<(String, Line)>> {
    let reader: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(io::stdin().lock()),
        _ => Box::new(BufReader::new(
            File::open(path).map_err(Failure::io("read", path))?,
        )),
    };
    let mut queries = Vec::new();
    for (at, line) in reader.lines().enumerate() {
        let line = line.map_err(Failure::io("read", path))?;
        if line.trim().is_empty() {
            continue;
        }
        let number = at + 1;
        let parsed: Line = serde_json::from_str(&line).map_err(|error| {
            Failure::advice(
                format!("{}:{number}: not a query: {error}", path.display()),
                "write one object a line, such as {\"id\": \"1\", \"text\": \"graph networks\"}",
            )
        })?;
        let id = match &parsed.id {
            Some(Id::Number(id)) => id.to_string(),
            Some(Id::Name(id)) => id.clone(),
            None => number.to_string(),
        };
        queries.push((id, parsed));
    }
    Ok(queries)
}

/// Lines of a TREC run. Its fields end at white space, so ids must not hold any.
fn trec(query: &str, hits: &[Hit]) -> String {
    let word = |id: &str| id.split_whitespace().collect::<Vec<_>>().join("_");
    hits.iter()
        .enumerate()
        .map(|(at, hit)| {
            format!(
                "{} Q0 {} {} {} {RUN}\n",
                word(query),
                word(&hit.id),
                at + 1,
                hit.score
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;

    #[test]
    fn queries_are_numbered_where_they_have_no_id() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queries.jsonl");
        fs::write(&path, "{\"id\": 7, \"text\": \"a\"}\n\n{\"id\": \"q\", \"query\": \"b\"}\n{\"text\": \"c\", \"kind\": 1}\n")
            .unwrap();
        let queries = read_queries(&path).unwrap();
        let queries: Vec<_> = queries
            .iter()
            .map(|(id, line)| (id.as_str(), line.text.as_str()))
            .collect();
        assert_eq!(queries, [("7", "a"), ("q", "b"), ("4", "c")]);
    }

    #[test]
    fn a_bad_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queries.jsonl");
        fs::write(&path, "{\"text\": \"a\"}\nrubbish\n").unwrap();
        let error = read_queries(&path).unwrap_err().to_string();
        assert!(error.contains("queries.jsonl:2: "), "{error}");
    }
}
