//! `offprint verify`.

mod blocks;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use offprint_format::Manifest;
use serde::Serialize;

use crate::args::SiteArgs;
use crate::error::{Failure, Result, exit};
use crate::files;
use crate::history::{self, HASHED_FOLDERS, History, MANIFEST, keeps_name};
use crate::open;
use crate::report::{self, BAD, BOLD, GOOD, count, size};
use crate::site::TEMPORARY;
use crate::sums::{self, Sums};

const AGAIN: &str = "build the site again into this folder, or copy the file again from where the \
                     site was built";
const DELETE: &str = "delete it; no build made it";

/// What `verify --json` prints.
#[derive(Debug, Default, Serialize)]
struct Findings {
    /// Whether nothing is damaged.
    ok: bool,
    /// Builds whose files were looked for.
    builds: usize,
    /// Files read.
    files: u64,
    /// Their bytes.
    bytes: u64,
    /// Blocks of the index whose checksums were computed.
    blocks: u64,
    /// Damaged, missing and unexpected files.
    problems: Vec<Problem>,
    /// What is no damage but may be cleared up.
    notes: Vec<String>,
}

/// One damaged file.
#[derive(Debug, Serialize)]
struct Problem {
    path: String,
    problem: String,
    remedy: String,
}

/// Runs the command and gives its exit code.
pub fn run(args: &SiteArgs) -> Result<u8> {
    let findings = verify(&args.site)?;
    if args.json {
        report::show_json(&findings)?;
    } else {
        report::show(&describe(&args.site, &findings))?;
    }
    Ok(if findings.ok { 0 } else { exit::DAMAGE })
}

fn verify(site: &Path) -> Result<Findings> {
    let mut check = Check {
        site,
        findings: Findings::default(),
        read: BTreeMap::new(),
    };
    let history = History::read(site)?;
    if history.is_empty() {
        // Without a manifest this is no site at all, which is another matter than damage.
        open::manifest_bytes(site)?;
        check.problem(
            sums::FOLDER,
            "the list of the build's files is missing",
            AGAIN,
        );
    }
    for (path, error) in &history.damaged {
        check.problem(path, &error.to_string(), AGAIN);
    }
    check.lists(&history)?;
    check.unexpected(&history)?;
    check.index(history.builds.first())?;
    check.leftovers()?;
    let mut findings = check.findings;
    findings.builds = history.builds.len();
    findings.ok = findings.problems.is_empty();
    Ok(findings)
}

struct Check<'a> {
    site: &'a Path,
    findings: Findings,
    // Digests of files read so far: builds share files.
    read: BTreeMap<String, Option<String>>,
}

impl Check<'_> {
    /// Notes what is wrong with a file. One reason a file is enough.
    fn problem(&mut self, path: &str, problem: &str, remedy: &str) {
        if self
            .findings
            .problems
            .iter()
            .any(|known| known.path == path)
        {
            return;
        }
        self.findings.problems.push(Problem {
            path: path.to_owned(),
            problem: problem.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    /// A file's SHA-256; none if it is not there.
    fn digest(&mut self, path: &str) -> Result<Option<String>> {
        if let Some(known) = self.read.get(path) {
            return Ok(known.clone());
        }
        let full = self.site.join(path);
        let digest = match fs::read(&full) {
            Ok(bytes) => {
                self.findings.files += 1;
                self.findings.bytes += bytes.len() as u64;
                Some(sums::digest(&bytes))
            }
            Err(error) if is_absence(&error) => None,
            Err(error) => return Err(Failure::io("read", &full)(error)),
        };
        self.read.insert(path.to_owned(), digest.clone());
        Ok(digest)
    }

    /// Every file that a list names. What keeps its name is the newest build's; of the builds
    /// before it, only the content-addressed files are still there.
    fn lists(&mut self, history: &History) -> Result<()> {
        let mut seen = std::collections::BTreeSet::new();
        for (age, sums) in history.builds.iter().enumerate() {
            self.digest(&sums.path())?;
            for (path, expected) in &sums.files {
                if (age > 0 && keeps_name(path)) || !seen.insert((path, expected)) {
                    continue;
                }
                match self.digest(path)? {
                    Some(found) if found == *expected => {}
                    Some(found) => {
                        let (problem, remedy) = explain_difference(history, path, &found);
                        self.problem(path, &problem, remedy);
                    }
                    None => self.problem(path, "it is missing", AGAIN),
                }
            }
        }
        Ok(())
    }

    /// Files in the folders of builds that no list names. Where no list is left, nothing tells
    /// what belongs there.
    fn unexpected(&mut self, history: &History) -> Result<()> {
        if history.builds.is_empty() {
            return Ok(());
        }
        let mut expected = history::paths(&history.builds);
        expected.extend(history.damaged.iter().map(|(path, _)| path.clone()));
        for folder in HASHED_FOLDERS.iter().chain(&[sums::FOLDER]) {
            for path in files::list(self.site, folder)? {
                if !expected.contains(&path) {
                    self.problem(&path, "no list of a build names it", DELETE);
                }
            }
        }
        Ok(())
    }

    /// The index as its reader sees it: manifest, then every block.
    fn index(&mut self, newest: Option<&Sums>) -> Result<()> {
        let full = self.site.join(MANIFEST);
        let bytes = match fs::read(&full) {
            Ok(bytes) => bytes,
            Err(error) if is_absence(&error) => {
                if newest.is_none_or(|sums| !sums.files.contains_key(MANIFEST)) {
                    self.problem(MANIFEST, "it is missing", AGAIN);
                }
                return Ok(());
            }
            Err(error) => return Err(Failure::io("read", &full)(error)),
        };
        let manifest = match Manifest::from_bytes(&bytes) {
            Ok(manifest) => manifest,
            Err(error) => {
                self.problem(MANIFEST, &error.to_string(), AGAIN);
                return Ok(());
            }
        };
        for segment in &manifest.segments {
            self.segment(segment, newest)?;
        }
        Ok(())
    }

    /// What a killed build left.
    fn leftovers(&mut self) -> Result<()> {
        for entry in fs::read_dir(self.site).map_err(Failure::io("list", self.site))? {
            let entry = entry.map_err(Failure::io("list", self.site))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(TEMPORARY) {
                self.findings.notes.push(format!(
                    "{name} is left from a build that was interrupted or is running; the next \
                     build removes it"
                ));
            }
        }
        Ok(())
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
    )
}

/// Why a file is not what the newest list says.
fn explain_difference(history: &History, path: &str, found: &str) -> (String, &'static str) {
    let earlier = history.builds.iter().skip(1).find(|sums| {
        keeps_name(path) && sums.files.get(path).is_some_and(|digest| digest == found)
    });
    match earlier {
        Some(sums) => (
            format!(
                "it is that of the earlier build {}: the newest was not finished",
                sums.id()
            ),
            AGAIN,
        ),
        None => ("its content is not what was built".to_owned(), AGAIN),
    }
}

fn describe(site: &Path, findings: &Findings) -> String {
    let mut text = String::new();
    for note in &findings.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    for problem in &findings.problems {
        text.push_str(&format!(
            "{BAD}{}{BAD:#}: {}; {}\n",
            report::printable(&problem.path),
            problem.problem,
            problem.remedy
        ));
    }
    let (style, verdict) = match findings.problems.len() as u64 {
        0 => (GOOD, "is sound".to_owned()),
        damaged => (BAD, format!("has {}", count(damaged, "problem"))),
    };
    text.push_str(&format!(
        "{BOLD}{}{BOLD:#} {style}{verdict}{style:#}: {}, {} and {} checked\n",
        site.display(),
        count(findings.files, "file"),
        size(findings.bytes),
        count(findings.blocks, "block")
    ));
    text
}
