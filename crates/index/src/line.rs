//! Papers as lines of a list that pages show without asking the engine.

use offprint_papers::{CodeState, Paper};
use serde::Serialize;

use crate::papers::card;

/// Authors of a line: as many as pages name.
const AUTHORS: usize = 5;

/// A line of a list of papers, as pages show it: what a card says, but for what it does not know.
#[derive(Serialize)]
pub(crate) struct Line {
    doc: u32,
    id: String,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    /// How many there are in all, where that is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    author_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    venue: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    code_url: String,
}

/// The line of a document.
pub(crate) fn line(doc: u32, paper: &Paper) -> Line {
    let mut card = card(paper);
    card.authors.truncate(AUTHORS);
    let more = card.author_count as usize > card.authors.len();
    Line {
        doc,
        id: card.id,
        title: card.title,
        author_count: more.then_some(card.author_count),
        authors: card.authors,
        date: paper.date.map(|date| date.to_string()),
        venue: card.venue,
        url: card.url,
        code: match paper.code {
            CodeState::Unknown => None,
            CodeState::Linked => Some("linked"),
            CodeState::Stated => Some("stated"),
            CodeState::Promised => Some("promised"),
        },
        code_url: card.code_url,
    }
}
