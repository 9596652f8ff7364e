//! Papers of many inputs, each once.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, Reason, Severity, quote};
use crate::fold::{Folder, hash, slug};
use crate::input::{InputReport, Record, read_input};
use crate::limits::Limits;
use crate::links::{own_first, push_link};
use crate::paper::{CodeState, LinkKind, Paper, Text};

/// What became of one input of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputTotals {
    /// The input's name as the caller gave it.
    pub input: String,
    /// Records met: `papers_new + duplicates + skipped`.
    pub rows: u64,
    /// Papers that were not yet in the collection.
    pub papers_new: u64,
    /// Records of papers that were.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
}

/// What became of all inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records met: `papers + duplicates + skipped`.
    pub rows: u64,
    /// Distinct papers.
    pub papers: u64,
    /// Records merged into a paper met before.
    pub duplicates: u64,
    /// Records that could not be read.
    pub skipped: u64,
    /// Papers that stood in more than one record.
    pub recurring_titles: u64,
    /// The same for each input, in the order they came.
    pub per_input: Vec<InputTotals>,
}

/// Takes inputs one after the other and merges what is the same paper.
///
/// Two records are one paper when they have the same id, or the same title and abstract up to
/// case, accents and punctuation. The first one's fields stand, empty ones are filled from later
/// ones, and links, keywords and listings are joined. For this, two hashes a paper are kept beside
/// the papers themselves.
pub struct Collection {
    limits: Limits,
    papers: Vec<Held>,
    /// By hash of an id (tagged) or of title and abstract.
    known: HashMap<u128, u32>,
    inputs: Vec<Arc<str>>,
    totals: Totals,
    diagnostics: Vec<Diagnostic>,
    folder: Folder,
}

struct Held {
    paper: Paper,
    /// Index into `Collection::inputs`.
    input: u32,
    line: u64,
    again: bool,
}

impl Collection {
    /// An empty collection; the limits hold for each input.
    pub fn new(limits: Limits) -> Self {
        Collection {
            limits,
            papers: Vec::new(),
            known: HashMap::new(),
            inputs: Vec::new(),
            totals: Totals::default(),
            diagnostics: Vec::new(),
            folder: Folder::default(),
        }
    }

    /// Reads an input and takes in its papers.
    ///
    /// The report's diagnostics also come with [`Collection::finish`].
    pub fn add_input(&mut self, name: &str, reader: impl Read) -> InputReport {
        self.inputs.push(Arc::from(name));
        let limits = self.limits.clone();
        let mut totals = InputTotals {
            input: name.to_owned(),
            ..InputTotals::default()
        };
        let (mut said, mut unsaid) = (Vec::new(), 0);
        let mut report = read_input(name, reader, &limits, &mut |record| {
            let line = record.line;
            let (new, reason) = self.add(record);
            totals.papers_new += u64::from(new);
            totals.duplicates += u64::from(!new);
            match reason {
                Some(reason) if said.len() < limits.diagnostics => said.push((line, reason)),
                Some(_) => unsaid += 1,
                None => {}
            }
        });
        report.diagnostics_omitted += unsaid;
        totals.rows = report.rows;
        totals.skipped = report.skipped;

        let file: Arc<str> = Arc::from(name);
        for (line, reason) in said {
            if report.diagnostics.len() < limits.diagnostics {
                let (file, severity) = (Arc::clone(&file), Severity::Warning);
                report.diagnostics.push(Diagnostic {
                    file,
                    line,
                    severity,
                    reason,
                });
            } else {
                report.diagnostics_omitted += 1;
            }
        }
        report.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        self.diagnostics.extend(report.diagnostics.iter().cloned());

        self.totals.rows += totals.rows;
        self.totals.duplicates += totals.duplicates;
        self.totals.skipped += totals.skipped;
        self.totals.per_input.push(totals);
        report
    }

    /// Takes in a paper; says whether it is new, and what is odd about it.
    fn add(&mut self, record: Record) -> (bool, Option<Reason>) {
        let Record { paper, line } = record;
        let content = self.folder.both(&paper.title.clean, &paper.abstract_.clean);
        // The tag keeps an id from ever being taken for a text.
        let id = (!paper.id.is_empty()).then(|| hash(&paper.id) ^ 1);
        let by_id = id.and_then(|id| self.known.get(&id).copied());
        let Some(index) = by_id.or_else(|| self.known.get(&content).copied()) else {
            let index = u32::try_from(self.papers.len()).unwrap_or(u32::MAX);
            self.known.insert(content, index);
            self.known.extend(id.map(|id| (id, index)));
            let input = u32::try_from(self.inputs.len().saturating_sub(1)).unwrap_or(u32::MAX);
            self.papers.push(Held {
                paper: compact(paper),
                input,
                line,
                again: false,
            });
            return (true, None);
        };
        // From now on either of the two leads here.
        self.known.entry(content).or_insert(index);
        if let Some(id) = id {
            self.known.entry(id).or_insert(index);
        }
        let Some(held) = self.papers.get_mut(index as usize) else {
            return (false, None);
        };
        held.again = true;
        let first = || Place {
            file: self
                .inputs
                .get(held.input as usize)
                .map_or_else(|| Arc::from(""), Arc::clone),
            line: held.line,
        };
        let reason = if by_id.is_some() {
            let same =
                self.folder.title(&paper.title.clean) == self.folder.title(&held.paper.title.clean);
            (!same).then(|| Reason::SharedId {
                id: quote(&paper.id),
                first: first(),
            })
        } else {
            let two = !paper.id.is_empty() && !held.paper.id.is_empty();
            two.then(|| Reason::SecondId {
                id: quote(&paper.id),
                first_id: quote(&held.paper.id),
                first: first(),
            })
        };
        merge(&mut held.paper, paper, &self.limits);
        (false, reason)
    }

    /// The papers in the order they were first met, each with an id; the totals; and what there
    /// is to say, input by input.
    ///
    /// A paper without an id gets one made of its title. Where that would be another's too, all
    /// of these get a suffix made of their abstracts, so that ids do not hang on the order.
    pub fn finish(self) -> (Vec<Paper>, Totals, Vec<Diagnostic>) {
        let Collection {
            papers,
            mut totals,
            diagnostics,
            mut folder,
            ..
        } = self;
        totals.papers = papers.len() as u64;
        totals.recurring_titles = papers.iter().filter(|held| held.again).count() as u64;

        let slug_or_id = |held: &Held| match held.paper.id.is_empty() {
            true => slug(&held.paper.title.clean),
            false => held.paper.id.clone(),
        };
        let mut wanted: HashMap<u128, u32> = HashMap::with_capacity(papers.len());
        for held in &papers {
            *wanted.entry(hash(&slug_or_id(held))).or_default() += 1;
        }
        // Ids given stand; those made stay clear of them and of each other.
        let mut taken: HashSet<u128> = HashSet::with_capacity(papers.len());
        taken.extend(
            papers
                .iter()
                .filter(|held| !held.paper.id.is_empty())
                .map(|held| hash(&held.paper.id)),
        );
        let papers = papers
            .into_iter()
            .map(|held| {
                let mut paper = held.paper;
                if !paper.id.is_empty() {
                    return paper;
                }
                let slug = slug(&paper.title.clean);
                let mut id = slug.clone();
                if wanted.get(&hash(&slug)).is_some_and(|&count| count > 1) {
                    let content = folder.both(&paper.title.clean, &paper.abstract_.clean);
                    id = format!("{slug}-{:06x}", content as u32 & 0xff_ffff);
                }
                let stem = id.clone();
                let mut number = 2;
                while !taken.insert(hash(&id)) {
                    id = format!("{stem}-{number}");
                    number += 1;
                }
                paper.id = id;
                paper
            })
            .collect();
        (papers, totals, diagnostics)
    }
}

/// Gives back what strings and lists have reserved beyond their length.
fn compact(mut paper: Paper) -> Paper {
    for text in [&mut paper.title, &mut paper.abstract_] {
        text.clean.shrink_to_fit();
        text.raw.iter_mut().for_each(String::shrink_to_fit);
    }
    for list in [
        &mut paper.authors,
        &mut paper.categories,
        &mut paper.keywords,
    ] {
        list.iter_mut().for_each(String::shrink_to_fit);
        list.shrink_to_fit();
    }
    paper.links.shrink_to_fit();
    paper
}

/// Joins a later record of a paper into the first.
fn merge(first: &mut Paper, later: Paper, limits: &Limits) {
    fn fill<T>(first: &mut T, later: T, is_empty: impl Fn(&T) -> bool) {
        if is_empty(first) {
            *first = later;
        }
    }
    fn join<T: PartialEq>(first: &mut Vec<T>, later: Vec<T>, most: usize) {
        for item in later {
            if first.len() < most && !first.contains(&item) {
                first.push(item);
            }
        }
    }
    fill(&mut first.id, later.id, String::is_empty);
    fill(&mut first.abstract_, later.abstract_, |text: &Text| {
        text.clean.is_empty()
    });
    fill(&mut first.authors, later.authors, Vec::is_empty);
    fill(&mut first.date, later.date, Option::is_none);
    fill(&mut first.venue, later.venue, Option::is_none);
    fill(&mut first.categories, later.categories, Vec::is_empty);
    join(&mut first.keywords, later.keywords, limits.categories);
    join(&mut first.listings, later.listings, limits.listings);
    for link in later.links {
        if first.links.len() < limits.links {
            push_link(&mut first.links, link);
        }
    }
    own_first(&mut first.links);
    if first.links.iter().any(|link| link.kind == LinkKind::Code) {
        first.code = CodeState::Linked;
    } else if first.code == CodeState::Unknown {
        first.code = later.code;
    }
}

#[cfg(test)]
mod tests;
