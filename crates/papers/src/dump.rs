//! The text of a Daily Papers page: a header, then titles and abstracts by turns.
//!
//! Two layouts are met. In one, blank lines stand between and the header ends with the page's
//! date; in the other there are no blank lines, and the first title is glued to the header's
//! last word, `Subscribe`. Blank lines say nothing more than the turns do, so they are ignored.

use std::collections::VecDeque;
use std::io::BufRead;

use crate::clean::{clean, clean_text};
use crate::code::code_state;
use crate::date::is_day_line;
use crate::detect::{HEADER_LINES, LONG_LINE};
use crate::diagnostic::{Reason, quote};
use crate::input::Out;
use crate::lines::{LineKind, Lines};
use crate::links::abstract_links;
use crate::paper::{CodeState, LinkKind, Listing, Paper};

/// A line this long (in bytes) is no title: the longest titles have half of it.
const NO_TITLE: usize = 400;

/// A line that is not blank.
struct Line {
    number: u64,
    /// Why it cannot be read, where it cannot.
    text: Result<String, Reason>,
}

impl Line {
    /// A line that cannot be read may be either, and is taken for what is due.
    fn is_short(&self) -> bool {
        self.text.as_ref().is_ok_and(|text| text.len() < LONG_LINE)
    }

    fn is_long(&self) -> bool {
        self.text.as_ref().is_ok_and(|text| text.len() >= LONG_LINE)
    }

    fn is_no_title(&self) -> bool {
        self.text.as_ref().is_ok_and(|text| text.len() >= NO_TITLE)
    }

    fn quoted(&self) -> String {
        quote(self.text.as_deref().unwrap_or("…"))
    }
}

struct Source<R> {
    lines: Lines<R>,
    ahead: VecDeque<Line>,
    /// Set once reading has ended, well or not.
    ended: bool,
}

impl<R: BufRead> Source<R> {
    /// Reads on until `count` lines are ahead, or the end.
    fn look<T>(&mut self, count: usize, out: &mut Out<'_, T>) {
        while self.ahead.len() < count && !self.ended {
            let kind = match self.lines.advance() {
                Ok(Some(kind)) => kind,
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    out.broken(self.lines.number(), &error);
                    break;
                }
            };
            let number = self.lines.number();
            let text = match kind {
                LineKind::Text => match self.lines.text().trim() {
                    "" => continue,
                    text => Ok(text.to_owned()),
                },
                LineKind::Invalid => Err(Reason::InvalidUtf8),
                LineKind::TooLong => Err(Reason::LineTooLong(out.limits.line_bytes)),
            };
            self.ahead.push_back(Line { number, text });
        }
    }
}

pub(crate) fn read<T>(name: &str, reader: impl BufRead, out: &mut Out<'_, T>) {
    let lines = Lines::new(reader, out.limits.line_bytes);
    let mut source = Source {
        lines,
        ahead: VecDeque::new(),
        ended: false,
    };
    let listed_on = header(&mut source, out);
    let list = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut rank = 0;
    while let Some(step) = next_row(&mut source, out) {
        rank += 1;
        match step {
            Ok((line, title, abstract_)) => {
                let listing = Listing {
                    source: list.to_owned(),
                    listed_on: listed_on.clone(),
                    rank,
                };
                match paper(&title, &abstract_, listing, line, out) {
                    Some(paper) => out.record(line, paper),
                    None => out.skip(line, Reason::NoTitle),
                }
            }
            Err((line, reason)) => out.skip(line, reason),
        }
        if out.stopped {
            return;
        }
    }
    if out.rows == 0 && out.log.kept.is_empty() {
        out.log.add(0, Reason::HeaderOnly);
    }
}

/// Takes the header's lines off, and leaves the first title in front. Gives the page's date.
fn header<R: BufRead, T>(source: &mut Source<R>, out: &mut Out<'_, T>) -> Option<String> {
    // The header ends somewhere before the first long line, which is an abstract.
    let mut count = 0;
    loop {
        source.look(count + 1, out);
        match source.ahead.get(count) {
            Some(line) if count < HEADER_LINES && !line.is_long() => count += 1,
            _ => break,
        }
    }
    let text = |index: usize| {
        source
            .ahead
            .get(index)
            .and_then(|line| line.text.as_deref().ok())
            .unwrap_or_default()
    };
    let button = (0..count).find(|&index| text(index).starts_with("Subscribe"));
    let date = (button.unwrap_or(0)..count).find(|&index| is_day_line(text(index)));
    if let Some(date) = date {
        let listed_on = text(date).to_owned();
        source.ahead.drain(..=date);
        return Some(listed_on);
    }
    let listed_on = (0..button.unwrap_or(0)).find(|&index| is_day_line(text(index)));
    let listed_on = listed_on.map(|index| text(index).to_owned());
    match button.map(|button| {
        (
            button,
            text(button).trim_start_matches("Subscribe").to_owned(),
        )
    }) {
        Some((button, glued)) if !glued.is_empty() => {
            source.ahead.drain(..button);
            if let Some(line) = source.ahead.front_mut() {
                line.text = Ok(glued);
            }
        }
        Some((button, _)) => {
            // No date to end the header: its last line is the title of the first abstract, if
            // there is an abstract.
            let end = source
                .ahead
                .get(count)
                .map_or(count, |_| count.saturating_sub(1));
            source
                .ahead
                .drain(..end.max(button + 1).min(source.ahead.len()));
        }
        None => {}
    }
    listed_on
}

type Row = Result<(u64, String, String), (u64, Reason)>;

/// The next title with its abstract, or what is wrong with them.
fn next_row<R: BufRead, T>(source: &mut Source<R>, out: &mut Out<'_, T>) -> Option<Row> {
    source.look(3, out);
    let title = source.ahead.pop_front()?;
    if title.is_no_title() {
        return Some(Err((
            title.number,
            Reason::AbstractWithoutTitle(title.quoted()),
        )));
    }
    // Two short lines before a long one: the second belongs to the long one.
    let orphan = match (source.ahead.front(), source.ahead.get(1)) {
        (None, _) => true,
        (Some(second), Some(third)) => second.is_short() && third.is_no_title(),
        _ => false,
    };
    if orphan {
        let reason = Reason::TitleWithoutAbstract(title.quoted());
        return Some(Err((title.number, title.text.err().unwrap_or(reason))));
    }
    let abstract_ = source.ahead.pop_front()?;
    Some(match (title.text, abstract_.text) {
        (Ok(text), Ok(abstract_)) => Ok((title.number, text, abstract_)),
        (Err(reason), _) => Err((title.number, reason)),
        (_, Err(reason)) => Err((abstract_.number, reason)),
    })
}

fn paper<T>(
    title: &str,
    abstract_: &str,
    listing: Listing,
    line: u64,
    out: &mut Out<'_, T>,
) -> Option<Paper> {
    let mut warn = |reason| out.log.add(line, reason);
    let limits = out.limits;
    let title = crate::jsonl::cut(title, "title", limits.title_chars, &mut warn);
    let abstract_ = crate::jsonl::cut(abstract_, "abstract", limits.abstract_chars, &mut warn);
    let title = clean_text(title);
    if title.clean.is_empty() {
        return None;
    }
    let cleaned = clean(abstract_);
    let mut links = abstract_links(&cleaned);
    if links.len() > limits.links {
        links.truncate(limits.links);
        warn(Reason::TooMany {
            field: "links",
            limit: limits.links,
        });
    }
    let code = match links.iter().any(|link| link.kind == LinkKind::Code) {
        true => CodeState::Linked,
        false => code_state(&cleaned.text.clean),
    };
    Some(Paper {
        title,
        abstract_: cleaned.text,
        links,
        code,
        listings: vec![listing],
        ..Paper::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::{InputReport, read_input};

    /// A made-up abstract, longer than any title.
    fn long(about: &str) -> String {
        format!(
            "{about} are studied here at some length. {}",
            "We look at them again. ".repeat(20)
        )
    }

    fn read(input: &[u8]) -> (Vec<Paper>, InputReport) {
        let mut papers = Vec::new();
        let report = read_input("dir/page.txt", input, &Limits::default(), &mut |record| {
            papers.push(record.paper);
        });
        (papers, report)
    }

    fn titles(papers: &[Paper]) -> Vec<&str> {
        papers
            .iter()
            .map(|paper| paper.title.clean.as_str())
            .collect()
    }

    #[test]
    fn spaced_layout() {
        let input = format!(
            "\u{feff}new\r\n\r\nInbox!\r\n\r\nSubscribe\r\n\r\nbySomebody\r\n\r\nMar 13\r\n\r\n\
             On Kites\r\n\r\n{}\r\n\r\nSubscribe and Save\r\n\r\n{}",
            long("Kites"),
            long("Subscriptions")
        );
        let (papers, report) = read(input.as_bytes());
        assert_eq!(titles(&papers), ["On Kites", "Subscribe and Save"]);
        assert_eq!(
            (report.rows, report.skipped, report.diagnostics.len()),
            (2, 0, 0)
        );
        let listing = |rank| Listing {
            source: "page.txt".to_owned(),
            listed_on: Some("Mar 13".to_owned()),
            rank,
        };
        assert_eq!(
            papers
                .iter()
                .map(|p| p.listings.clone())
                .collect::<Vec<_>>(),
            [[listing(1)], [listing(2)]]
        );
    }

    #[test]
    fn glued_layout() {
        for (glued, first) in [
            ("SubscribeOn Kites", "On Kites"),
            ("SubscribeeBPF Kites", "eBPF Kites"),
        ] {
            let input = format!(
                "Inbox once a day!\nInbox!\n{glued}\n{}\nSubscribers\n{}\n",
                long("Kites"),
                long("Readers")
            );
            let (papers, report) = read(input.as_bytes());
            assert_eq!(titles(&papers), [first, "Subscribers"]);
            assert_eq!((report.rows, report.skipped), (2, 0));
        }
    }

    #[test]
    fn a_header_without_a_date_or_with_a_short_first_abstract() {
        let input = format!("new\nSubscribe\nbySomebody\nOn Kites\n{}\n", long("Kites"));
        assert_eq!(titles(&read(input.as_bytes()).0), ["On Kites"]);
        let input = format!(
            "new\nSubscribe\nMar 13\nOn Kites\nThey fly.\nOn Geese\nThey fly too.\nOn Owls\n{}\n",
            long("Owls")
        );
        // Two short lines before the long one are the doubtful case; nothing else is lost.
        let (papers, report) = read(input.as_bytes());
        assert_eq!(titles(&papers), ["On Kites", "On Geese", "On Owls"]);
        assert_eq!(report.skipped, 0);
    }

    #[test]
    fn a_bad_row_costs_only_itself() {
        let mut input = b"Inbox!\nSubscribeOn Kites\n".to_vec();
        for line in [
            long("Kites").as_bytes(),
            b"On \xff Geese",
            long("Geese").as_bytes(),
            b"On Ducks",
            &[b"\xfe".as_slice(), long("Ducks").as_bytes()].concat(),
            b"A title that lost its abstract",
            b"On Owls",
            long("Owls").as_bytes(),
            long("An abstract that lost its title, they").as_bytes(),
            b"On Larks",
            long("Larks").as_bytes(),
            b"Cut in the midd",
        ] {
            input.extend_from_slice(line);
            input.push(b'\n');
        }
        let (papers, report) = read(&input);
        assert_eq!(titles(&papers), ["On Kites", "On Owls", "On Larks"]);
        assert_eq!((report.rows, report.skipped), (8, 5));
        let said: Vec<(u64, &str)> = report
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let word = match diagnostic.reason {
                    Reason::InvalidUtf8 => "utf-8",
                    Reason::TitleWithoutAbstract(_) => "title",
                    Reason::AbstractWithoutTitle(_) => "abstract",
                    _ => "?",
                };
                (diagnostic.line, word)
            })
            .collect();
        assert_eq!(
            said,
            [
                (4, "utf-8"),
                (7, "utf-8"),
                (8, "title"),
                (11, "abstract"),
                (14, "title")
            ]
        );
    }

    #[test]
    fn a_header_alone() {
        for input in ["new\n\nSubscribe\n\nMar 13\n", "Inbox!\nSubscribe\n"] {
            let (papers, report) = read(input.as_bytes());
            assert!(papers.is_empty());
            assert_eq!(report.rows, 0);
            let reasons: Vec<_> = report.diagnostics.iter().map(|d| &d.reason).collect();
            assert_eq!(reasons, [&Reason::HeaderOnly], "{input:?}");
        }
    }

    #[test]
    fn what_an_abstract_says_of_its_code() {
        let input = format!(
            "Inbox!\nSubscribeOn Kites\n{}Code is available at https://github.com/kites/kites.\n\
             On Geese\n{}Our code will be released.\nOn Owls\n{}\n",
            long("Kites"),
            long("Geese"),
            long("Owls")
        );
        let (papers, _) = read(input.as_bytes());
        let states: Vec<CodeState> = papers.iter().map(|paper| paper.code).collect();
        assert_eq!(
            states,
            [CodeState::Linked, CodeState::Promised, CodeState::Unknown]
        );
    }
}
