//! Filters, order and facets of `offprint query`.

use clap::{Args, ValueEnum};
use offprint_search::{Facet, Field, Filters, SearchRequest, Sort};
use unicode_normalization::UnicodeNormalization;

use crate::report::{BOLD, FAINT, grouped, printable};

/// Values of a facet that are printed.
const SHOWN: usize = 10;

/// Arguments that choose among papers, order and count them.
#[derive(Clone, Debug, Default, Args)]
pub struct SelectionArgs {
    /// Only papers of these years, such as 2020, 2019..2024 or 2019.. (also days: 2019-05..2020-02-29)
    #[arg(long, value_name = "RANGE", visible_alias = "date", value_parser = range)]
    pub year: Option<(String, String)>,
    /// Only papers in this category; several are alternatives, as with all filters
    #[arg(long, value_name = "NAME")]
    pub category: Vec<String>,
    /// Only papers with this primary category
    #[arg(long, value_name = "NAME")]
    pub primary: Vec<String>,
    /// Only papers of this venue
    #[arg(long, value_name = "NAME")]
    pub venue: Vec<String>,
    /// Only papers with all words of this name among their authors
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// Only papers with a link to their code, or in a state that is given
    #[arg(long, value_name = "STATE", num_args = 0..=1, require_equals = true,
          default_missing_value = "linked", value_delimiter = ',')]
    pub code: Vec<State>,
    /// Only papers of this topic
    #[arg(long, value_name = "NAME")]
    pub topic: Vec<String>,
    /// The order of hits
    #[arg(long, value_enum)]
    pub sort: Option<Order>,
    /// Count the values of a field among the papers with all words
    #[arg(long, value_name = "FIELD")]
    pub facet: Vec<Counted>,
}

/// Choices of `--code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// There is a link
    Linked,
    /// Said to be available, without a link
    Stated,
    /// Said to be coming
    Promised,
    /// Nothing is said
    Unknown,
}

/// Choices of `--sort`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// The best first
    Relevance,
    /// The newest first
    Newest,
    /// The oldest first
    Oldest,
}

/// Choices of `--facet`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Counted {
    /// Years
    Year,
    /// Categories, all of each paper
    Category,
    /// Primary categories
    Primary,
    /// Venues
    Venue,
    /// What papers say of their code
    Code,
    /// Topics
    Topic,
    /// Authors with most papers
    Author,
}

/// Reads a range of dates.
fn range(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let digits = |part: &str, most| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let date = |text: &str| {
        let mut parts = text.split('-');
        let year = parts.next().is_some_and(|year| digits(year, 4));
        text.is_empty() || year && text.split('-').count() <= 3 && parts.all(|part| digits(part, 2))
    };
    if date(from) && date(to) && !(from.is_empty() && to.is_empty()) {
        Ok((from.to_owned(), to.to_owned()))
    } else {
        Err("give a year, or a range such as 2019..2024 or 2019-05..2020".to_owned())
    }
}

impl SelectionArgs {
    /// Puts them into a request.
    pub fn apply(&self, request: &mut SearchRequest) {
        let names = |names: &[String]| names.iter().map(|name| name.nfc().collect()).collect();
        let (from, to) = self.year.clone().unwrap_or_default();
        request.filters = Filters {
            from,
            to,
            categories: names(&self.category),
            primary: names(&self.primary),
            venues: names(&self.venue),
            authors: names(&self.author),
            code: self.code.iter().map(|state| state.name()).collect(),
            topics: names(&self.topic),
        };
        request.sort = match self.sort {
            None | Some(Order::Relevance) => Sort::Relevance,
            Some(Order::Newest) => Sort::Newest,
            Some(Order::Oldest) => Sort::Oldest,
        };
        let field = |counted: &Counted| match counted {
            Counted::Year => Field::Year,
            Counted::Category => Field::Category,
            Counted::Primary => Field::Primary,
            Counted::Venue => Field::Venue,
            Counted::Code => Field::Code,
            Counted::Topic => Field::Topic,
            Counted::Author => Field::Author,
        };
        request.facets = self.facet.iter().map(field).collect();
    }
}

impl State {
    fn name(self) -> String {
        match self {
            State::Linked => "linked",
            State::Stated => "stated",
            State::Promised => "promised",
            State::Unknown => "unknown",
        }
        .to_owned()
    }
}

/// Facets for people.
pub fn describe(facets: &[Facet]) -> String {
    let mut text = String::new();
    for facet in facets {
        let name = match facet.field {
            Field::Year => "year",
            Field::Category => "category",
            Field::Primary => "primary category",
            Field::Venue => "venue",
            Field::Code => "code",
            Field::Topic => "topic",
            Field::Author => "author",
        };
        let about = match (facet.exact, facet.complete) {
            (false, _) => ", about",
            (_, true) => "",
            _ => ", of those with most papers in the collection",
        };
        text.push_str(&format!("{BOLD}{name}{BOLD:#}{FAINT}{about}{FAINT:#}\n"));
        let mut line = |count: u32, value: &str| {
            let count = grouped(u64::from(count));
            text.push_str(&format!("{count:>9}  {}\n", printable(value)));
        };
        for value in facet.values.iter().take(SHOWN) {
            line(value.count, &value.value);
        }
        let hidden = facet.values.len().saturating_sub(SHOWN);
        if facet.other > 0 {
            line(facet.other, "with a rare value");
        }
        if hidden > 0 {
            text.push_str(&format!(
                "{:>9}  {FAINT}{hidden} more values{FAINT:#}\n",
                ""
            ));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_dates() {
        let both = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
        assert_eq!(range("2020"), both("2020", "2020"));
        assert_eq!(range("2019..2024"), both("2019", "2024"));
        assert_eq!(range("2019.."), both("2019", ""));
        assert_eq!(range("..2019-05-07"), both("", "2019-05-07"));
        for bad in [
            "",
            "..",
            "x",
            "2019-2020",
            "20199",
            "2019-05-07-1",
            "2019-",
            "-5",
        ] {
            assert!(range(bad).is_err(), "{bad}");
        }
    }
}
