//! Golden queries: what must be found, written as data in `tests/queries/*.toml` and checked natively and in browsers.
//!
//! ```toml
//! collection = "sample"        # or "seeds" or "crowd"
//!
//! [[query]]
//! text = "random forest"
//! why = "a title found by all its words"   # shown when it fails
//! total = 1                    # papers with all words, exactly
//! min_total = 1                # or at least so many
//! total_any = 7                # papers with any word, exactly
//! first = ["id", ...]          # the first results, in this order
//! contains = ["id", ...]       # among the results shown
//! excludes = ["id", ...]       # not among them
//! all_words = ["id", ...]      # among the results, and marked as having every word
//! some_words = ["id", ...]     # among the results, and marked as lacking one
//! same_as = "random forests"   # the same papers in the same order
//! covers = "random forests"    # at least the papers that the other query finds (with all words)
//! limit = 10
//! filters = { from = "2019", categories = ["cs.CL"] }   # as in the engine's request
//! sort = "newest"
//! facets = ["year"]
//! counts = { year = [["2019", 3], ["2018", 1]] }   # the first values of facets, in this order
//! complete = true              # whether the most frequent values are among those that facets count
//! words = ["forest", ...]      # what the last word may become, in this order
//! related = ["id", ...]        # the papers nearest to the first result, in this order
//! reasons = [["forest", 20]]   # all that earned the first result's score: words, with papers behind each;
//!                              # "" is papers like it, "(title)" a title that says the query
//! ```

use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A file of golden queries.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The file's name without ending.
    #[serde(skip)]
    pub name: String,
    /// What is searched.
    pub collection: Collection,
    /// The queries.
    #[serde(rename = "query")]
    pub queries: Vec<Query>,
}

/// A collection golden queries are asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Collection {
    /// `papers/landmarks.jsonl`.
    Sample,
    /// The seed dumps, which are no part of this project.
    Seeds,
    /// Made papers of more authors than a column names.
    Crowd,
}

/// One golden query; see the module's page for the fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub text: String,
    #[serde(default)]
    pub why: String,
    pub total: Option<u64>,
    pub min_total: Option<u64>,
    pub total_any: Option<u64>,
    #[serde(default)]
    pub first: Vec<String>,
    #[serde(default)]
    pub contains: Vec<String>,
    #[serde(default)]
    pub excludes: Vec<String>,
    #[serde(default)]
    pub all_words: Vec<String>,
    #[serde(default)]
    pub some_words: Vec<String>,
    pub same_as: Option<String>,
    pub covers: Option<String>,
    #[serde(default = "ten")]
    pub limit: usize,
    /// Passed on as they are.
    pub filters: Option<serde_json::Value>,
    pub sort: Option<String>,
    #[serde(default)]
    pub facets: Vec<String>,
    #[serde(default)]
    pub counts: BTreeMap<String, Vec<(String, u64)>>,
    pub complete: Option<bool>,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub related: Vec<String>,
    #[serde(default)]
    pub reasons: Vec<(String, u64)>,
}

fn ten() -> usize {
    10
}

/// What is looked at in an answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Found {
    /// Papers with all words.
    pub total: u64,
    /// Papers with any word.
    pub total_any: u64,
    /// The best papers: id, and whether every word is in it.
    pub hits: Vec<FoundHit>,
    /// Counts of values.
    #[serde(default)]
    pub facets: Vec<FoundFacet>,
}

/// A field's values of [`Found`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FoundFacet {
    /// The field.
    pub field: String,
    /// Its values, in their order.
    pub values: Vec<FoundValue>,
    /// Whether their counts are exact.
    pub exact: bool,
    /// Whether the most frequent ones are among them.
    pub complete: bool,
}

/// A value and its count.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundValue {
    /// The value.
    pub value: String,
    /// Papers with it.
    pub count: u64,
}

/// One paper of [`Found`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundHit {
    /// The paper's id.
    pub id: String,
    /// Whether every word of the query is in it.
    pub all_words: bool,
}

/// What is asked beyond the results of a query's text, without its filters and its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Beyond {
    /// What its last word may become.
    pub words: Vec<String>,
    /// Ids of the papers near to its first result, where it has one.
    pub related: Vec<String>,
    /// The first result's score.
    pub score: u64,
    /// What that consists of.
    pub shares: Vec<FoundShare>,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FoundShare {
    /// The word that earned it; empty for neighbours.
    pub word: String,
    /// Papers behind it.
    pub papers: u64,
    /// How much it is.
    pub score: u64,
}

impl Found {
    fn ids(&self) -> Vec<&str> {
        self.hits.iter().map(|hit| hit.id.as_str()).collect()
    }

    fn find(&self, id: &str) -> Option<&FoundHit> {
        self.hits.iter().find(|hit| hit.id == id)
    }
}

/// A query to ask, with the number of results wanted, and the rest of the request as JSON. `covers`
/// compares all results, hence many.
pub type Ask = (String, usize, String);

/// A query without filters, order or facets.
#[allow(dead_code, reason = "each test uses some of it")]
pub fn plain(query: &str, limit: usize) -> Ask {
    (query.to_owned(), limit, "{}".to_owned())
}

/// Enough results to hold every paper of a small collection.
pub const ALL: usize = 1000;

impl Query {
    /// What must be asked to check this query.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks = vec![self.ask(&self.text, self.limit)];
        asks.extend(self.same_as.iter().map(|other| self.ask(other, self.limit)));
        if let Some(other) = &self.covers {
            asks.push(self.ask(&self.text, ALL));
            asks.push(self.ask(other, ALL));
        }
        asks
    }

    /// A text with this query's filters, order and facets.
    fn ask(&self, text: &str, limit: usize) -> Ask {
        let mut more = serde_json::Map::new();
        let mut put = |name: &str, value| more.insert(name.to_owned(), value);
        if let Some(filters) = &self.filters {
            put("filters", filters.clone());
        }
        if let Some(sort) = &self.sort {
            put("sort", sort.as_str().into());
        }
        if !self.facets.is_empty() {
            put("facets", self.facets.clone().into());
        }
        (
            text.to_owned(),
            limit,
            serde_json::Value::Object(more).to_string(),
        )
    }

    /// Whether more than results is looked at.
    pub fn goes_beyond(&self) -> bool {
        !(self.words.is_empty() && self.related.is_empty() && self.reasons.is_empty())
    }

    fn check_beyond(&self, found: &Beyond) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, want, are) in [
            ("words", &self.words, &found.words),
            ("related", &self.related, &found.related),
        ] {
            if !are.starts_with(want) {
                wrong.push(format!("{name} are {are:?}"));
            }
        }
        let shares = found.shares.iter();
        let sum: u64 = shares.clone().map(|share| share.score).sum();
        let mut reasons: Vec<(String, u64)> = shares
            .map(|share| (share.word.clone(), share.papers))
            .collect();
        if sum < found.score {
            reasons.push(("(title)".to_owned(), 0));
        }
        if !self.reasons.is_empty() && (reasons != self.reasons || sum > found.score) {
            wrong.push(format!("reasons are {reasons:?}, {sum} of {}", found.score));
        }
        wrong
    }

    fn check_counts(&self, facets: &[FoundFacet]) -> Vec<String> {
        let mut wrong = Vec::new();
        let asked: Vec<&String> = self.facets.iter().collect();
        let given: Vec<&String> = facets.iter().map(|facet| &facet.field).collect();
        if asked != given {
            wrong.push(format!("facets are {given:?}"));
        }
        if let Some(complete) = self.complete
            && facets.iter().any(|facet| facet.complete != complete)
        {
            wrong.push(format!("not all facets have complete = {complete}"));
        }
        for (field, counts) in &self.counts {
            let facet = facets.iter().find(|facet| facet.field == *field);
            let values = facet.map_or(&[][..], |facet| &facet.values);
            let first = values.iter().take(counts.len());
            let first: Vec<(String, u64)> = first
                .map(|value| (value.value.clone(), value.count))
                .collect();
            if first != *counts || !facet.is_some_and(|facet| facet.exact) {
                wrong.push(format!("counts of {field} begin {first:?}"));
            }
        }
        wrong
    }

    /// What is wrong with the answers; nothing if all is well.
    pub fn check(&self, answers: &HashMap<Ask, Found>) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut missing = |ask: &Ask| wrong.push(format!("no answer to {ask:?}"));
        let main = self.ask(&self.text, self.limit);
        let Some(found) = answers.get(&main) else {
            missing(&main);
            return wrong;
        };
        let mut other = |text: &String, limit: usize| {
            let ask = self.ask(text, limit);
            let answer = answers.get(&ask);
            if answer.is_none() {
                missing(&ask);
            }
            answer
        };
        let same = self
            .same_as
            .as_ref()
            .map(|text| (text, other(text, self.limit)));
        let covers = self
            .covers
            .as_ref()
            .map(|text| (text, other(text, ALL), other(&self.text, ALL)));

        let ids = found.ids();
        wrong.extend(self.check_counts(&found.facets));
        let mut number = |name: &str, want: Option<u64>, is: u64| {
            if let Some(want) = want.filter(|want| *want != is) {
                wrong.push(format!("{name} is {is}, not {want}"));
            }
        };
        number("total", self.total, found.total);
        number("total_any", self.total_any, found.total_any);
        if let Some(least) = self.min_total.filter(|least| found.total < *least) {
            wrong.push(format!("total is {}, less than {least}", found.total));
        }
        if !ids.iter().zip(&self.first).all(|(is, want)| is == want) || ids.len() < self.first.len()
        {
            wrong.push(format!("first are not {:?}", self.first));
        }
        for id in self
            .contains
            .iter()
            .chain(&self.all_words)
            .chain(&self.some_words)
        {
            if found.find(id).is_none() {
                wrong.push(format!("{id} is missing"));
            }
        }
        for id in self.excludes.iter().filter(|id| found.find(id).is_some()) {
            wrong.push(format!("{id} should not be there"));
        }
        for (list, want) in [(&self.all_words, true), (&self.some_words, false)] {
            for hit in list
                .iter()
                .filter_map(|id| found.find(id))
                .filter(|hit| hit.all_words != want)
            {
                wrong.push(format!("{}: all_words is {}", hit.id, hit.all_words));
            }
        }
        if let Some((text, Some(same))) = same
            && same.ids() != ids
        {
            wrong.push(format!("{text:?} gives {:?}", same.ids()));
        }
        if let Some((text, Some(part), Some(whole))) = covers {
            let lost = part
                .hits
                .iter()
                .filter(|hit| hit.all_words && !whole.find(&hit.id).is_some_and(|h| h.all_words));
            wrong.extend(lost.map(|hit| format!("{} is found by {text:?} only", hit.id)));
        }
        if !wrong.is_empty() {
            wrong.push(format!(
                "total {}, any {}, results {ids:?}",
                found.total, found.total_any
            ));
        }
        wrong
    }
}

impl File {
    /// Every question the file's checks need an answer to, without repetition.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks: Vec<Ask> = self.queries.iter().flat_map(Query::asks).collect();
        asks.sort();
        asks.dedup();
        asks
    }

    /// The queries that ask for more than results.
    pub fn beyond(&self) -> impl Iterator<Item = &Query> {
        self.queries.iter().filter(|query| query.goes_beyond())
    }

    /// Checks all queries; the error lists everything that is wrong. `beyond` has what was asked for
    /// each query of [`File::beyond`], in their order.
    pub fn check(&self, answers: &HashMap<Ask, Found>, beyond: &[Beyond]) -> Result<(), String> {
        let mut report = String::new();
        let mut beyond = beyond.iter();
        for query in &self.queries {
            let mut wrong = query.check(answers);
            if query.goes_beyond() {
                match beyond.next() {
                    Some(found) => wrong.extend(query.check_beyond(found)),
                    None => wrong.push("nothing was asked beyond results".to_owned()),
                }
            }
            if !wrong.is_empty() {
                report += &format!(
                    "{:?} ({}):\n    {}\n",
                    query.text,
                    query.why,
                    wrong.join("\n    ")
                );
            }
        }
        if report.is_empty() {
            Ok(())
        } else {
            Err(format!("{}.toml:\n{report}", self.name))
        }
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads every file of golden queries, in order of name.
pub fn load() -> Result<Vec<File>, String> {
    let folder = root().join("tests/queries");
    let entries = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("{}: no golden queries", folder.display()));
    }
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut file: File = toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    file.name = path
        .file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(file)
}
