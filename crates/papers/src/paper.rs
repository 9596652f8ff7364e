//! The paper model.

use serde::{Deserialize, Serialize};

/// A piece of text in two forms: as a reader should see it and, where that differs, as it came in.
///
/// Both forms are indexed; only [`Text::clean`] is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// What a reader sees: NFC, no control characters, single spaces.
    pub clean: String,
    /// What the input held, where cleaning changed more than white space and normal form.
    pub raw: Option<String>,
}

/// A calendar date that may stop at the year or the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year of the common era, 1000 to 9999.
    pub year: u16,
    /// 1 to 12; 0 where only the year is known.
    pub month: u8,
    /// 1 to 31; 0 where only the month is known.
    pub day: u8,
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// The paper's own landing page.
    Page,
    /// The full text.
    Pdf,
    /// A digital object identifier, as an https link.
    Doi,
    /// Source code.
    Code,
    /// Data.
    Data,
    /// The project's page or a demonstration.
    Project,
    /// Anything else.
    Other,
}

/// A link of a paper. Only `http` and `https` addresses get this far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it leads to.
    pub kind: LinkKind,
    /// An absolute `http` or `https` address.
    pub url: String,
}

/// What a paper says of its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeState {
    /// Nothing is said.
    #[default]
    Unknown,
    /// There is a link.
    Linked,
    /// Said to be available, without a link.
    Stated,
    /// Said to be coming.
    Promised,
}

/// One place where a paper was listed: a page dump, a feed, a reading list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Name of the list, such as the file's name without folder.
    pub source: String,
    /// The list's date as given, which may lack a year ("Mar 13").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_on: Option<String>,
    /// Place in the list, counted from 1.
    pub rank: u32,
}

/// A paper, as every parser gives it and the index takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// Unique within a collection; made from the title where the input gave none.
    pub id: String,
    /// The title. Never empty.
    pub title: Text,
    /// The abstract. May be empty.
    pub abstract_: Text,
    /// Authors in the paper's order, as display names.
    pub authors: Vec<String>,
    /// When it was published.
    pub date: Option<Date>,
    /// Where it was published.
    pub venue: Option<String>,
    /// Categories, the primary one first.
    pub categories: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Links, the paper's own page first.
    pub links: Vec<Link>,
    /// What it says of its code.
    pub code: CodeState,
    /// Where it was listed.
    pub listings: Vec<Listing>,
}
