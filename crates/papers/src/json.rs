//! A list in JSON: native records, or those of CSL-JSON.
//!
//! Elements are read one by one, so memory is that of the largest. What is wrong inside an element
//! costs that one; what is no JSON ends the list, since nothing tells where the next begins.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use crate::diagnostic::Reason;
use crate::input::Out;
use crate::jsonl::{Fields, paper_of};

/// What reading has come to.
#[derive(Default)]
struct Place {
    line: Cell<u64>,
    /// Bytes of the element that is being read.
    bytes: Cell<usize>,
}

/// Counts lines, and ends where an element is too long.
struct Counted<R> {
    reader: R,
    place: Rc<Place>,
    limit: usize,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte at a time is what is asked for, so the count is that of the byte before.
        let read = self.reader.read(buffer)?;
        let lines = buffer.iter().take(read).filter(|b| **b == b'\n').count();
        self.place.line.set(self.place.line.get() + lines as u64);
        self.place.bytes.set(self.place.bytes.get() + read);
        if self.place.bytes.get() > self.limit {
            return Err(io::Error::other(format!(
                "an element is longer than {} bytes",
                self.limit
            )));
        }
        Ok(read)
    }
}

pub(crate) fn read<T>(reader: impl Read, out: &mut Out<'_, T>) {
    let place = Rc::new(Place::default());
    place.line.set(1);
    let counted = Counted {
        reader,
        place: Rc::clone(&place),
        limit: out.limits.line_bytes,
    };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let list = List { place: &place, out };
    let ended = json.deserialize_seq(list).and_then(|()| json.end());
    if let Err(error) = ended
        && !out.stopped
    {
        out.log
            .add(place.line.get(), Reason::BrokenList(error.to_string()));
    }
}

struct List<'a, 'o, T> {
    place: &'a Place,
    out: &'a mut Out<'o, T>,
}

impl<'de, T> Visitor<'de> for List<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let List { place, out } = self;
        while let Some((line, value)) = list.next_element_seed(Element(place))? {
            place.bytes.set(0);
            let mut warnings = Vec::new();
            let result = match value {
                Value::Object(object) => paper_of(fields(object), out.limits, &mut |reason| {
                    warnings.push(reason)
                }),
                _ => Err(Reason::NotAnObject),
            };
            for warning in warnings {
                out.log.add(line, warning);
            }
            match result {
                Ok(paper) => out.record(line, paper),
                Err(reason) => out.skip(line, reason),
            }
            if out.stopped {
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// An element, and the line where it begins.
struct Element<'a>(&'a Place);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = (u64, Value);

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(u64, Value), D::Error> {
        // Its first byte has been looked at by now.
        let line = self.0.line.get();
        Ok((line, serde::Deserialize::deserialize(json)?))
    }
}

/// The fields of a native record, or of CSL-JSON under the names it has for them.
fn fields(mut object: Map<String, Value>) -> Fields {
    let mut take = |names: &[&str]| {
        let found = names
            .iter()
            .find_map(|name| object.remove(*name).filter(|it| !it.is_null()));
        found.unwrap_or_default()
    };
    let date = match take(&["issued"]) {
        Value::Null => Value::Null,
        issued => date(&issued),
    };
    let authors = match take(&["authors", "author"]) {
        Value::Array(people) => people.into_iter().map(person).collect(),
        other => other,
    };
    Fields {
        id: take(&["id"]),
        title: take(&["title"]),
        abstract_: take(&["abstract"]),
        authors,
        date: match take(&["date"]) {
            Value::Null => date,
            date => date,
        },
        year: take(&["year"]),
        venue: take(&["venue", "container-title", "event-title"]),
        categories: take(&["categories"]),
        keywords: take(&["keywords", "keyword"]),
        url: take(&["url", "URL"]),
        pdf: take(&["pdf"]),
        doi: take(&["doi", "DOI"]),
        code: take(&["code"]),
        links: take(&["links"]),
        listings: take(&["listings"]),
    }
}

/// A name that is whole goes under the word that native records have for it.
fn person(mut person: Value) -> Value {
    match person.get_mut("literal").map(Value::take) {
        Some(name) => json!({ "name": name }),
        None => {
            let particle = person.get("non-dropping-particle").and_then(Value::as_str);
            let family = person.get("family").and_then(Value::as_str);
            if let (Some(particle), Some(family)) = (particle, family) {
                let whole = format!("{particle} {family}");
                if let Some(object) = person.as_object_mut() {
                    object.insert("family".to_owned(), whole.into());
                }
            }
            person
        }
    }
}

/// `{"date-parts": [[2017, 6, 12]]}`, or a date in words.
fn date(issued: &Value) -> Value {
    let parts = issued.get("date-parts").and_then(|dates| dates.get(0));
    let Some(parts) = parts.and_then(Value::as_array) else {
        let words = issued.get("raw").or_else(|| issued.get("literal"));
        return words.cloned().unwrap_or_default();
    };
    // Numbers, though some write them as text.
    let numbers = parts.iter().map_while(|part| match part {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    });
    let text: Vec<String> = numbers
        .take(3)
        .map(|number| format!("{number:02}"))
        .collect();
    match text.is_empty() {
        true => Value::Null,
        false => Value::String(text.join("-")),
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::paper::Paper;
    use crate::{InputReport, read_input};

    fn read(text: &str) -> (Vec<(u64, Paper)>, InputReport) {
        let mut papers = Vec::new();
        let report = read_input(
            "list.json",
            text.as_bytes(),
            &Limits::default(),
            &mut |record| {
                papers.push((record.line, record.paper));
            },
        );
        (papers, report)
    }

    fn said(report: &InputReport) -> Vec<String> {
        report.diagnostics.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn native_records_and_csl() {
        let (papers, report) = read(
            r#"[
  {"title": "On Kites", "authors": ["Ann Lee"], "year": 2001},
  {"id": "x", "type": "article-journal", "title": "On Owls", "DOI": "10.1000/182", "URL": "https://example.org/owls",
   "container-title": "Journal of Owls", "issued": {"date-parts": [[2017, 6, 12]]},
   "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van"}, {"literal": "Owl Society"}], "keyword": "owls, night"}
]"#,
        );
        assert_eq!(said(&report), Vec::<String>::new());
        let shown: Vec<_> = papers
            .iter()
            .map(|(line, paper)| {
                let date = paper.date.map(|date| date.to_string());
                (
                    *line,
                    paper.title.clean.as_str(),
                    paper.authors.join("; "),
                    date,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (2, "On Kites", "Ann Lee".to_owned(), Some("2001".to_owned())),
                (
                    3,
                    "On Owls",
                    "Jan van Berg; Owl Society".to_owned(),
                    Some("2017-06-12".to_owned())
                ),
            ]
        );
        let owls = papers
            .get(1)
            .map(|(_, paper)| paper.clone())
            .unwrap_or_default();
        assert_eq!(owls.venue.as_deref(), Some("Journal of Owls"));
        assert_eq!(owls.keywords, ["owls", "night"]);
        let urls: Vec<_> = owls.links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(
            urls,
            ["https://example.org/owls", "https://doi.org/10.1000/182"]
        );
    }

    #[test]
    fn a_bad_element_costs_itself_and_a_bad_list_its_rest() {
        let (papers, report) = read(
            "[{\"title\": \"a\"},\n7,\n{\"title\": [1]},\n{\"title\": \"b\"},\n{\"title\": \"c\"",
        );
        let titles: Vec<_> = papers
            .iter()
            .map(|(_, paper)| paper.title.clean.as_str())
            .collect();
        assert_eq!(titles, ["a", "b"]);
        assert_eq!((report.rows, report.skipped), (4, 2));
        let lines: Vec<_> = report.diagnostics.iter().map(|said| said.line).collect();
        assert_eq!(lines, [2, 3, 5]);
        assert!(
            said(&report)
                .iter()
                .any(|text| text.contains("not JSON from here on")),
            "{:?}",
            said(&report)
        );
    }
}
