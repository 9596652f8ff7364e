//! The few papers and topics that a site's page names before anything is searched, for readers who
//! look around and for those without JavaScript. Also part of the build script, for the sample.

use html_escape::encode_quoted_attribute as escape;
use offprint_papers::{LinkKind, Paper};
use url::form_urlencoded::byte_serialize;

/// Papers that are named: few, so that the page does not grow with the collection.
pub const PAPERS: usize = 6;
/// Topics that are named.
const TOPICS: usize = 12;
/// What stands above them. No title holds this: there it is escaped.
pub const HEADING: &str = "<h2>Topics</h2>";
/// Characters of a title.
const TITLE: usize = 300;

/// The first papers as a list in HTML, and the largest topics, if there are any. A title leads to
/// the paper where its address is known, and otherwise to a search for it; a topic to its papers.
pub fn html(papers: &[Paper], topics: &[(String, u32)]) -> String {
    let mut html = String::from("<ol>\n");
    for paper in papers.iter().take(PAPERS) {
        let title: String = paper.title.clean.chars().take(TITLE).collect();
        let href = address(paper).map_or_else(|| search(&title), str::to_owned);
        let (href, title) = (escape(&href), escape(&title));
        html.push_str(&format!(
            "<li dir=\"auto\"><a href=\"{href}\" rel=\"noopener\">{title}</a></li>\n"
        ));
    }
    html.push_str("</ol>");
    if !topics.is_empty() {
        html.push_str(&format!("\n{HEADING}\n<ul class=\"topics\">\n"));
        for (name, papers) in topics.iter().take(TOPICS) {
            let href = format!("./?topic={}", encoded(name));
            let (href, name) = (escape(&href), escape(name));
            html.push_str(&format!(
                "<li dir=\"auto\"><a href=\"{href}\">{name}</a> {papers}</li>\n"
            ));
        }
        html.push_str("</ul>");
    }
    html
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
        let html = html(&papers, &[("R&D <b>".into(), 7)]);
        assert_eq!(
            html,
            "<ol>\n<li dir=\"auto\"><a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\" \
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
        assert_eq!(html(&papers, &[]).matches("<li").count(), PAPERS);
    }
}
