//! Papers of many inputs, each once.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place, Reason, Severity, quote};
use crate::fold::{Folder, hash, slug};
use crate::input::{InputReport, read_rows};
use crate::limits::Limits;
use crate::links::{own_first, push_link};
use crate::packed::{pack, unpack};
use crate::paper::{CodeState, Date, LinkKind, Paper, Text};
use crate::scratch::{MemoryScratch, Scratch, Spool, garbled};
use crate::stored::{self, NO_CATEGORY, Stored, StoredPapers};

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
/// ones, and links, keywords and listings are joined.
///
/// The papers themselves lie in scratch storage. In memory stay, for each, its place, what it is
/// sorted by, and two hashes: about a hundred bytes.
pub struct Collection {
    limits: Limits,
    measure: Option<Measure>,
    keep_ids: bool,
    spool: Spool,
    held: Vec<Held>,
    /// By hash of an id (tagged) or of title and abstract.
    known: HashMap<Key, u32>,
    categories: Categories,
    inputs: Vec<Arc<str>>,
    totals: Totals,
    diagnostics: Vec<Diagnostic>,
    /// What scratch storage failed with; nothing is taken in after it.
    failure: Option<io::Error>,
}

/// The better part of a hash: 96 bits do not meet by chance, and pack without a gap.
pub(crate) type Key = [u32; 3];

fn key(hash: u128) -> Key {
    [hash as u32, (hash >> 32) as u32, (hash >> 64) as u32]
}

/// The tag keeps an id from ever being taken for a text.
pub(crate) fn id_key(id: &str) -> Key {
    key(hash(id) ^ 1)
}

/// How long a paper is, to whoever puts papers in order.
pub type Measure = fn(&Paper) -> u32;

struct Held {
    place: Stored,
    /// As measured, if it is.
    length: u32,
    /// Index into `Collection::inputs`.
    input: u32,
    line: u64,
    has_id: bool,
    again: bool,
}

/// Names of primary categories, numbered.
#[derive(Default)]
struct Categories {
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Categories {
    fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else {
            return NO_CATEGORY;
        };
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }
}

/// A paper as it comes from a reading thread.
struct Prepared {
    packed: Vec<u8>,
    length: u32,
    category: Option<String>,
    date: Option<Date>,
    id: Option<Key>,
    content: Key,
}

fn prepare(mut paper: Paper, measure: Option<Measure>) -> Prepared {
    thread_local! {
        static FOLDER: RefCell<Folder> = RefCell::default();
    }
    let content =
        FOLDER.with_borrow_mut(|folder| folder.both(&paper.title.clean, &paper.abstract_.clean));
    let mut packed = Vec::new();
    pack(&paper, &mut packed);
    Prepared {
        packed,
        length: measure.map_or(0, |measure| measure(&paper)),
        date: paper.date,
        id: (!paper.id.is_empty()).then(|| id_key(&paper.id)),
        content: key(content),
        category: match paper.categories.is_empty() {
            true => None,
            false => Some(paper.categories.swap_remove(0)),
        },
    }
}

impl Collection {
    /// An empty collection in memory; the limits hold for each input.
    pub fn new(limits: Limits) -> Self {
        Collection::with_scratch(limits, Arc::new(MemoryScratch))
    }

    /// An empty collection in scratch storage.
    pub fn with_scratch(limits: Limits, scratch: Arc<dyn Scratch>) -> Self {
        Collection {
            limits,
            measure: None,
            keep_ids: false,
            spool: Spool::new(scratch),
            held: Vec::new(),
            known: HashMap::new(),
            categories: Categories::default(),
            inputs: Vec::new(),
            totals: Totals::default(),
            diagnostics: Vec::new(),
            failure: None,
        }
    }

    /// Measures papers while they are at hand, so that nobody need read them again for that.
    #[must_use]
    pub fn measured_by(mut self, measure: Measure) -> Self {
        self.measure = Some(measure);
        self
    }

    /// Keeps what papers are found by for after they are stored: see [`StoredPapers::find`].
    #[must_use]
    pub fn keep_ids(mut self) -> Self {
        self.keep_ids = true;
        self
    }

    /// Reads an input and takes in its papers.
    ///
    /// The report's diagnostics also come with [`Collection::finish`]. Where scratch storage fails
    /// reading stops, and [`Collection::store`] gives the error.
    pub fn add_input(&mut self, name: &str, reader: impl Read) -> InputReport {
        self.inputs.push(Arc::from(name));
        let (limits, measure) = (self.limits.clone(), self.measure);
        let mut totals = InputTotals {
            input: name.to_owned(),
            ..InputTotals::default()
        };
        let (mut said, mut unsaid) = (Vec::new(), 0);
        let take = &mut |line, prepared| {
            let (new, reason) = match self.add(line, prepared) {
                Ok(taken) => taken,
                Err(error) => {
                    self.failure.get_or_insert(error);
                    return false;
                }
            };
            totals.papers_new += u64::from(new);
            totals.duplicates += u64::from(!new);
            match reason {
                Some(reason) if said.len() < limits.diagnostics => said.push((line, reason)),
                Some(_) => unsaid += 1,
                None => {}
            }
            true
        };
        let prepare = |paper| prepare(paper, measure);
        let mut report = read_rows(name, reader, &limits, &prepare, take);
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
    fn add(&mut self, line: u64, paper: Prepared) -> io::Result<(bool, Option<Reason>)> {
        let by_id = paper.id.and_then(|id| self.known.get(&id).copied());
        let Some(index) = by_id.or_else(|| self.known.get(&paper.content).copied()) else {
            let index = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
            self.known.insert(paper.content, index);
            self.known.extend(paper.id.map(|id| (id, index)));
            let input = u32::try_from(self.inputs.len().saturating_sub(1)).unwrap_or(u32::MAX);
            self.held.push(Held {
                place: Stored {
                    offset: self.spool.append(&paper.packed)?,
                    bytes: paper.packed.len() as u32,
                    category: self.categories.number(paper.category.as_deref()),
                    date: paper.date,
                },
                length: paper.length,
                input,
                line,
                has_id: paper.id.is_some(),
                again: false,
            });
            return Ok((true, None));
        };
        // From now on either of the two leads here.
        self.known.entry(paper.content).or_insert(index);
        if let Some(id) = paper.id {
            self.known.entry(id).or_insert(index);
        }
        let Some(held) = self.held.get_mut(index as usize) else {
            return Ok((false, None));
        };
        held.again = true;
        let mut first = stored::read(&self.spool, held.place)?;
        let later = unpack(&paper.packed).ok_or_else(garbled)?;
        let place = || Place {
            file: self
                .inputs
                .get(held.input as usize)
                .map_or_else(|| Arc::from(""), Arc::clone),
            line: held.line,
        };
        let mut folder = Folder::default();
        let reason = if by_id.is_some() {
            let same = folder.title(&later.title.clean) == folder.title(&first.title.clean);
            (!same).then(|| Reason::SharedId {
                id: quote(&later.id),
                first: place(),
            })
        } else {
            let two = !later.id.is_empty() && !first.id.is_empty();
            two.then(|| Reason::SecondId {
                id: quote(&later.id),
                first_id: quote(&first.id),
                first: place(),
            })
        };
        let before = first.clone();
        merge(&mut first, later, &self.limits);
        // A paper that is met time and again with nothing new takes no more room.
        if first != before {
            self.replace(index, &first)?;
        }
        Ok((false, reason))
    }

    /// Stores a paper anew. What it was before stays in the storage, unused.
    fn replace(&mut self, index: u32, paper: &Paper) -> io::Result<()> {
        let mut packed = Vec::new();
        pack(paper, &mut packed);
        let place = Stored {
            offset: self.spool.append(&packed)?,
            bytes: packed.len() as u32,
            category: self
                .categories
                .number(paper.categories.first().map(String::as_str)),
            date: paper.date,
        };
        if let Some(held) = self.held.get_mut(index as usize) {
            held.place = place;
            held.length = self.measure.map_or(0, |measure| measure(paper));
            held.has_id = !paper.id.is_empty();
        }
        Ok(())
    }

    /// As [`Collection::store`], with all papers in memory. For few papers.
    ///
    /// # Panics
    /// Where scratch storage fails, which storage in memory does not.
    #[allow(
        clippy::panic,
        reason = "documented, and of no concern to storage in memory"
    )]
    pub fn finish(self) -> (Vec<Paper>, Totals, Vec<Diagnostic>) {
        let read = |(stored, totals, said): (StoredPapers, _, _)| {
            let papers: io::Result<_> = (0..stored.len()).map(|at| stored.read(at)).collect();
            Ok((papers?, totals, said))
        };
        match self.store().and_then(read) {
            Ok(collected) => collected,
            Err(error) => panic!("scratch storage failed: {error}"),
        }
    }

    /// The papers in the order they were first met, each with an id; the totals; and what there
    /// is to say, input by input.
    ///
    /// A paper without an id gets one made of its title. Where that would be another's too, all
    /// of these get a suffix made of their abstracts, so that ids do not hang on the order.
    ///
    /// # Errors
    /// What scratch storage failed with, now or before.
    pub fn store(mut self) -> io::Result<(StoredPapers, Totals, Vec<Diagnostic>)> {
        if let Some(error) = self.failure.take() {
            return Err(error);
        }
        if !self.keep_ids {
            self.known = HashMap::new();
        }
        self.totals.papers = self.held.len() as u64;
        self.totals.recurring_titles = self.held.iter().filter(|held| held.again).count() as u64;
        if self.held.iter().any(|held| !held.has_id) {
            self.make_ids()?;
        }
        let lengths = match self.measure {
            Some(_) => self.held.iter().map(|held| held.length).collect(),
            None => Vec::new(),
        };
        let papers = StoredPapers {
            spool: self.spool,
            lengths,
            places: self.held.iter().map(|held| held.place).collect(),
            categories: self.categories.names,
            ids: self.known,
            weights: None,
        };
        Ok((papers, self.totals, self.diagnostics))
    }

    fn make_ids(&mut self) -> io::Result<()> {
        let mut wanted: HashMap<Key, u32> = HashMap::with_capacity(self.held.len());
        // Ids given stand; those made stay clear of them and of each other.
        let mut taken: HashSet<Key> = HashSet::with_capacity(self.held.len());
        for held in &self.held {
            let paper = stored::read(&self.spool, held.place)?;
            let id = match held.has_id {
                true => paper.id,
                false => slug(&paper.title.clean),
            };
            let id = key(hash(&id));
            *wanted.entry(id).or_default() += 1;
            if held.has_id {
                taken.insert(id);
            }
        }
        let mut folder = Folder::default();
        for index in 0..self.held.len() {
            let Some(held) = self.held.get(index).filter(|held| !held.has_id) else {
                continue;
            };
            let mut paper = stored::read(&self.spool, held.place)?;
            let slug = slug(&paper.title.clean);
            let mut id = slug.clone();
            if wanted
                .get(&key(hash(&slug)))
                .is_some_and(|&count| count > 1)
            {
                let content = folder.both(&paper.title.clean, &paper.abstract_.clean);
                id = format!("{slug}-{:06x}", content as u32 & 0xff_ffff);
            }
            let stem = id.clone();
            let mut number = 2;
            while !taken.insert(key(hash(&id))) {
                id = format!("{stem}-{number}");
                number += 1;
            }
            if self.keep_ids {
                self.known.insert(id_key(&id), index as u32);
            }
            paper.id = id;
            self.replace(index as u32, &paper)?;
        }
        Ok(())
    }
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
