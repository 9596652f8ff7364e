//! The few papers, topics and days that a site's page names before anything is searched, for readers who
//! look around and for those without JavaScript. Also part of the build script, for the sample.

use html_escape::encode_quoted_attribute as escape;
use offprint_papers::{LinkKind, Paper};
use url::form_urlencoded::byte_serialize;

/// Papers, topics and days that are named where nothing else is said: few, so that the page does not
/// grow with the collection.
const PAPERS: usize = 6;
const TOPICS: usize = 12;
const DAYS: usize = 12;
/// The most of each.
pub const MOST: usize = 100;
/// Characters of a title.
const TITLE: usize = 300;

/// What the start page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The papers that were published last.
    Newest,
    /// The first papers of the inputs.
    Listed,
    /// The largest topics.
    Topics,
    /// The first days on which papers were listed.
    Days,
}

impl List {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Newest, Self::Listed, Self::Topics, Self::Days];
    /// What they are called by.
    pub const NAMES: [&str; 4] = ["newest", "listed", "topics", "days"];

    /// The list of that name.
    pub fn named(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name)?;
        Self::ALL.get(at).copied()
    }

    /// Its heading as markup. No title holds this: there it is escaped.
    pub fn head(self) -> String {
        format!("<h2>{}</h2>", self.heading())
    }

    /// What stands above it, in English.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Newest => "Newest papers",
            Self::Listed => "Some of the papers",
            Self::Topics => "Topics",
            Self::Days => "Papers by day",
        }
    }
}

/// What the link to all days says, in English.
pub const ALL_DAYS: &str = "All days";

/// That link as markup, up to the number of days. No title holds this.
pub fn all_days(said: &str) -> String {
    format!("<li><a href=\"#listed=\">{said}</a>")
}

/// What the start page lists, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The lists, in this order.
    pub lists: Vec<List>,
    /// Papers in each.
    pub papers: usize,
    /// Topics.
    pub topics: usize,
    /// Days.
    pub days: usize,
}

impl Default for Home {
    fn default() -> Self {
        Self {
            lists: vec![List::Days, List::Listed, List::Topics],
            papers: PAPERS,
            topics: TOPICS,
            days: DAYS,
        }
    }
}

/// The lists in HTML; those that hold nothing are left out. `papers` gives a list's papers, and may
/// give too many. A title leads to the paper where its address is known, and otherwise to a search
/// for it; a topic, and a day, to its papers.
pub fn html<'a>(
    home: &Home,
    papers: impl Fn(List) -> &'a [Paper],
    topics: &[(String, u32)],
    days: &[(String, u32)],
) -> String {
    let mut html = String::new();
    for list in &home.lists {
        let items: Vec<String> = match list {
            List::Topics => topics.iter().take(home.topics).map(topic).collect(),
            List::Days => some_days(days, home.days),
            _ => papers(*list).iter().take(home.papers).map(item).collect(),
        };
        if items.is_empty() {
            continue;
        }
        if !html.is_empty() {
            html.push('\n');
        }
        let (open, close) = match list {
            // Both lead nowhere without scripts, and are not shown there.
            List::Topics => ("<ul class=\"topics\">", "</ul>"),
            List::Days => ("<ul class=\"topics days\">", "</ul>"),
            _ => ("<ol>", "</ol>"),
        };
        html.push_str(&format!("{}\n{open}\n", list.head()));
        html.extend(items);
        html.push_str(close);
    }
    html
}

fn item(paper: &Paper) -> String {
    let title: String = paper.title.clean.chars().take(TITLE).collect();
    let href = address(paper).map_or_else(|| search(&title), str::to_owned);
    let (href, title) = (escape(&href), escape(&title));
    format!("<li dir=\"auto\"><a href=\"{href}\" rel=\"noopener\">{title}</a></li>\n")
}

fn topic((name, papers): &(String, u32)) -> String {
    let href = format!("./?topic={}", encoded(name));
    let (href, name) = (escape(&href), escape(name));
    format!("<li dir=\"auto\"><a href=\"{href}\">{name}</a> {papers}</li>\n")
}

/// The first days, and a link to all if there are more.
fn some_days(days: &[(String, u32)], most: usize) -> Vec<String> {
    let mut items: Vec<String> = days.iter().take(most).map(day).collect();
    if !items.is_empty() && days.len() > most {
        items.push(format!("{} ({})</li>\n", all_days(ALL_DAYS), days.len()));
    }
    items
}

fn day((name, papers): &(String, u32)) -> String {
    // A fragment, where a plus sign is one.
    let href = format!("#listed={}", encoded(name).replace('+', "%20"));
    let (href, name) = (escape(&href), escape(name));
    format!("<li dir=\"auto\"><a href=\"{href}\">{name}</a> ({papers})</li>\n")
}

/// Where a result's title leads.
fn address(paper: &Paper) -> Option<&str> {
    [LinkKind::Page, LinkKind::Doi, LinkKind::Pdf]
        .iter()
        .find_map(|kind| paper.links.iter().find(|link| link.kind == *kind))
        .map(|link| link.url.as_str())
}

fn search(title: &str) -> String {
    format!("./?q={}", encoded(title))
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;
    use offprint_papers::{Link, Text};

    fn paper(title: &str, url: Option<&str>) -> Paper {
        let link = |url: &str| Link {
            kind: LinkKind::Page,
            url: url.to_owned(),
        };
        Paper {
            title: Text {
                clean: title.to_owned(),
                raw: None,
            },
            links: url.map(link).into_iter().collect(),
            ..Paper::default()
        }
    }

    #[test]
    fn titles_are_text_and_addresses_stay_inside_their_quotes() {
        let papers = [
            paper(
                "Kites <script> & Co",
                Some("https://example.org/?a=1&b=\"2\""),
            ),
            paper("Wind & \"Sails\"", None),
        ];
        let home = Home::default();
        let html = html(&home, |_| &papers, &[("R&D <b>".into(), 7)], &[]);
        assert_eq!(
            html,
            "<h2>Some of the papers</h2>\n<ol>\n<li dir=\"auto\"><a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\" \
             rel=\"noopener\">Kites &lt;script&gt; &amp; Co</a></li>\n\
             <li dir=\"auto\"><a href=\"./?q=Wind+%26+%22Sails%22\" \
             rel=\"noopener\">Wind &amp; &quot;Sails&quot;</a></li>\n</ol>\n\
             <h2>Topics</h2>\n<ul class=\"topics\">\n\
             <li dir=\"auto\"><a href=\"./?topic=R%26D+%3Cb%3E\">R&amp;D &lt;b&gt;</a> 7</li>\n</ul>"
        );
    }

    #[test]
    fn the_list_does_not_grow_with_the_collection() {
        let papers = vec![paper("Kites", None); 50];
        let html = html(&Home::default(), |_| &papers, &[], &[]);
        assert_eq!(html.matches("<li").count(), PAPERS);
        assert!(!html.contains("Topics"), "{html}");
    }

    #[test]
    fn lists_stand_in_the_order_wanted() {
        let (new, old) = ([paper("New", None)], [paper("Old", None)]);
        let home = Home {
            lists: vec![List::Topics, List::Newest, List::Listed],
            papers: 3,
            topics: 1,
            days: 0,
        };
        let of = |list| -> &[Paper] { if list == List::Newest { &new } else { &old } };
        let html = html(&home, of, &[("a".into(), 7), ("b".into(), 5)], &[]);
        let at = |text: &str| {
            html.find(text)
                .unwrap_or_else(|| panic!("no {text} in {html}"))
        };
        assert!(at(">a</a> 7") < at("Newest papers") && at("Newest papers") < at(">New<"));
        assert!(at(">New<") < at("Some of the papers") && at("Some of the papers") < at(">Old<"));
        assert!(!html.contains(">b</a>"), "{html}");
        for name in List::NAMES {
            assert!(List::named(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_first_days_lead_to_their_papers() {
        let days = [
            ("Mar 13".into(), 67),
            ("<1+1>".into(), 1),
            ("Jul 30".into(), 5),
        ];
        let home = Home {
            days: 2,
            ..Home::default()
        };
        assert_eq!(
            html(&home, |_| &[], &[], &days),
            "<h2>Papers by day</h2>\n<ul class=\"topics days\">\n\
             <li dir=\"auto\"><a href=\"#listed=Mar%2013\">Mar 13</a> (67)</li>\n\
             <li dir=\"auto\"><a href=\"#listed=%3C1%2B1%3E\">&lt;1+1&gt;</a> (1)</li>\n\
             <li><a href=\"#listed=\">All days</a> (3)</li>\n</ul>"
        );
        let all = html(&Home::default(), |_| &[], &[], &days);
        assert!(!all.contains("All days"), "{all}");
        let none = Home {
            days: 0,
            ..Home::default()
        };
        assert_eq!(html(&none, |_| &[], &[], &days), "");
    }
}
