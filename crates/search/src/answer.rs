//! What is asked and answered, in the form that programs see.

use offprint_format::put_number;
use serde::{Deserialize, Serialize};

use crate::facets::{Facet, Field};
use crate::filter::{Filters, Sort};

/// A question in words.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SearchRequest {
    /// What the reader typed, in normal form C. Its last word is a prefix if the text ends with it.
    pub query: String,
    /// Hits wanted, at most 1000.
    #[serde(default = "ten")]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub limit: u32,
    /// Hits to pass over.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<u32>"))]
    pub offset: u32,
    /// Whether to read long lists to their ends. Without, an answer may come with fewer bytes:
    /// its first hits are nearly always the same, its counts are too low.
    #[serde(default = "yes")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub settled: bool,
    /// Whether every word is meant as it stands: none is corrected.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub literal: bool,
    /// What papers must be. With an order, a facet or a filter, an empty query finds every paper
    /// that passes, the newest first.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<Filters>"))]
    pub filters: Filters,
    /// The order of hits.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<Sort>"))]
    pub sort: Sort,
    /// Fields whose values are counted.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<Field>>"))]
    pub facets: Vec<Field>,
    /// A document number: in the place of hits for the query, the papers near that one are wanted,
    /// the nearest first, six at most.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub related: Option<u32>,
    /// A document number: what its score consists of is wanted too.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub explain: Option<u32>,
}

fn yes() -> bool {
    true
}

fn ten() -> u32 {
    10
}

impl SearchRequest {
    /// The first ten hits of a query.
    #[must_use]
    pub fn new(query: &str) -> Self {
        SearchRequest {
            query: query.to_owned(),
            limit: ten(),
            offset: 0,
            settled: true,
            literal: false,
            filters: Filters::default(),
            sort: Sort::Relevance,
            facets: Vec::new(),
            related: None,
            explain: None,
        }
    }
}

/// What a question took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Work {
    /// Rounds of parallel fetches.
    pub rounds: u32,
    /// Blocks asked for.
    pub blocks: u32,
    /// Requests made for them.
    pub files: u32,
    /// Bytes that came.
    pub bytes: u32,
}

/// The answer to a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Answer {
    /// The query as it was asked.
    pub query: String,
    /// The query that was answered: the one asked, or it with misspelt words corrected. Passages and
    /// further pages are to be asked for with it.
    pub searched: String,
    /// Words that no paper has, as they are folded; a correction was not found for them, or not
    /// wanted.
    pub missing: Vec<String>,
    /// `searched` without such words; blank where nothing is left.
    pub without: String,
    /// Papers with all words that pass the filters.
    pub total: u32,
    /// Papers with any of the words that pass the filters.
    pub total_any: u32,
    /// Whether the counts are exact. They are not before the answer is settled, and where the
    /// query ends in one to three letters that begin too many words to tell which papers have them.
    pub exact: bool,
    /// Whether hits and counts are final: no list was read in part.
    pub settled: bool,
    /// Papers with all words first, then by score or date, then by document number.
    pub hits: Vec<Hit>,
    /// The facets asked for, in that order.
    pub facets: Vec<Facet>,
    /// What the score of the paper to be explained consists of, but for what it may get as one of
    /// the first hits whose titles say the query.
    pub shares: Vec<Share>,
    /// What it took.
    pub work: Work,
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Share {
    /// The word or form of words that earned it, as folded; empty for what the paper gets since
    /// papers like it hold the words.
    pub word: String,
    /// Papers behind the word: the fewer, the more it weighs.
    pub papers: u32,
    /// Its part of [`Hit::score`].
    pub score: u32,
}

/// A result line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Hit {
    /// Document number, for [`SnippetRequest`] and for reading the paper.
    pub doc: u32,
    /// The paper's id.
    pub id: String,
    /// The title, cut at 300 characters.
    pub title: String,
    /// The title with what the query matched marked.
    pub title_parts: Vec<Part>,
    /// The first authors, at most ten.
    pub authors: Vec<String>,
    /// How many authors there are in all.
    pub author_count: u32,
    /// Year of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Date of publication: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// The paper's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the paper says of its code.
    pub code: Code,
    /// Where its code is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_url: Option<String>,
    /// Sum of the words' weights times their impacts.
    pub score: u32,
    /// Whether the paper has all words of the query.
    pub all_words: bool,
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether the query matched it.
    pub mark: bool,
}

/// What a paper says of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Code {
    /// Nothing is said.
    Unknown,
    /// There is a link.
    Linked,
    /// Said to be available, without a link.
    Stated,
    /// Said to be coming.
    Promised,
}

impl From<offprint_format::CodeState> for Code {
    fn from(code: offprint_format::CodeState) -> Self {
        match code {
            offprint_format::CodeState::Unknown => Code::Unknown,
            offprint_format::CodeState::Linked => Code::Linked,
            offprint_format::CodeState::Stated => Code::Stated,
            offprint_format::CodeState::Promised => Code::Promised,
        }
    }
}

/// Asks for the passages of papers that fit a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnippetRequest {
    /// The query.
    pub query: String,
    /// Document numbers, at most 1000.
    pub docs: Vec<u32>,
}

/// What the last word of a query may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SuggestAnswer {
    /// Words that begin as it does, folded, the most frequent first.
    pub words: Vec<String>,
    /// What it took.
    pub work: Work,
}

/// Passages, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SnippetAnswer {
    /// One for each document asked.
    pub snippets: Vec<Snippet>,
    /// What it took.
    pub work: Work,
}

/// The passage of an abstract that fits a query best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Snippet {
    /// Document number.
    pub doc: u32,
    /// The passage; empty if the paper has no abstract.
    pub parts: Vec<Part>,
}

/// A whole paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PaperAnswer {
    /// The paper.
    pub paper: Paper,
    /// What it took.
    pub work: Work,
}

/// Everything that is shown of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Paper {
    /// Document number.
    pub doc: u32,
    /// The paper's id.
    pub id: String,
    /// The whole title.
    pub title: String,
    /// The abstract.
    #[serde(rename = "abstract")]
    pub abstract_: String,
    /// Every author.
    pub authors: Vec<String>,
    /// Date of publication: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// Categories, the primary one first.
    pub categories: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Links with `http` or `https` addresses.
    pub links: Vec<Link>,
    /// What it says of its code.
    pub code: Code,
    /// Where it was listed.
    pub listings: Vec<Listed>,
}

/// A link of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Link {
    /// `page`, `pdf`, `doi`, `code`, `data`, `project` or `other`.
    pub kind: String,
    /// The address.
    pub url: String,
}

/// One place where a paper was listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
pub struct Listed {
    /// Name of the list.
    pub source: String,
    /// Its date as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<String>,
    /// Place in the list, counted from 1.
    pub rank: u32,
}

/// What the manifest says of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Info {
    /// Title of the collection.
    pub title: String,
    /// A sentence about it; may be empty.
    pub description: String,
    /// Number of papers.
    pub papers: u32,
    /// Name of its segment.
    pub segment: String,
}

/// An address if it is one that a page may link to.
pub(crate) fn web_address(url: &str) -> Option<String> {
    for scheme in ["http://", "https://"] {
        let start = url.get(..scheme.len());
        if start.is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
            return Some(url.to_owned());
        }
    }
    None
}

/// A text unless it is empty.
pub(crate) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A packed date for people.
pub(crate) fn date(packed: u32) -> Option<String> {
    let (year, month, day) = offprint_format::Card::unpack_date(packed)?;
    let mut text = String::new();
    put_number(&mut text, u64::from(year), 4);
    for part in [month, day] {
        if part == 0 {
            break;
        }
        text.push('-');
        put_number(&mut text, u64::from(part), 2);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::facets::FacetValue;
    use ts_rs::TS;

    /// The types that JavaScript sees are generated from the ones above.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test may write its snapshot")]
    fn the_typescript_types_are_up_to_date() {
        let config = ts_rs::Config::default();
        let declarations = [
            SearchRequest::decl(&config),
            Filters::decl(&config),
            Sort::decl(&config),
            Field::decl(&config),
            SnippetRequest::decl(&config),
            Answer::decl(&config),
            Hit::decl(&config),
            Facet::decl(&config),
            FacetValue::decl(&config),
            Share::decl(&config),
            SuggestAnswer::decl(&config),
            Part::decl(&config),
            Code::decl(&config),
            SnippetAnswer::decl(&config),
            Snippet::decl(&config),
            PaperAnswer::decl(&config),
            Paper::decl(&config),
            Link::decl(&config),
            Listed::decl(&config),
            Work::decl(&config),
            Info::decl(&config),
        ];
        let types: String = declarations
            .iter()
            .map(|declaration| format!("export {declaration}\n"))
            .collect();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/types.d.ts");
        if std::env::var_os("OFFPRINT_UPDATE").is_some() {
            std::fs::write(path, &types).unwrap();
        }
        assert!(
            types == include_str!("../types.d.ts"),
            "crates/search/types.d.ts is stale: run the tests once with OFFPRINT_UPDATE=1"
        );
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert!(web_address("https://example.org").is_some());
        assert!(web_address("HTTP://example.org").is_some());
        for bad in [
            "javascript:alert(1)",
            "java\nscript://x",
            "data:text/html,x",
            "//x",
            "",
        ] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn dates_stop_where_knowledge_does() {
        use offprint_format::Card;
        assert_eq!(date(Card::pack_date(2020, 0, 0)).unwrap(), "2020");
        assert_eq!(date(Card::pack_date(2020, 5, 0)).unwrap(), "2020-05");
        assert_eq!(date(Card::pack_date(2020, 5, 9)).unwrap(), "2020-05-09");
        assert_eq!(date(0), None);
    }
}
