//! Orders of documents, and what each makes of documents, impacts and frequencies.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::io::{self, Write};

use offprint_format::encode_docs;
use offprint_papers::{Date, Paper};

use crate::frequencies::{Models, any};
use crate::impact::{self, Posting};
use crate::terms::{Count, Terms};
use crate::tiers::length_class;

/// The papers sorted anew; what is equal stays as it is.
fn sorted<'a, K: Ord>(papers: &[&'a Paper], key: impl Fn(usize, &'a Paper) -> K) -> Vec<u32> {
    let mut order: Vec<u32> = (0..papers.len() as u32).collect();
    order.sort_by_cached_key(|&doc| {
        let at = doc as usize;
        papers.get(at).map(|paper| key(at, paper))
    });
    order
}

/// Papers by primary category, the newest first, otherwise as they came in: the order of all that is
/// not ordered by length.
pub(crate) fn by_category(papers: &[Paper]) -> Vec<&Paper> {
    let mut ordered: Vec<&Paper> = papers.iter().collect();
    ordered.sort_by_key(|paper| (category(paper), date(paper)));
    ordered
}

/// Papers by class of length, then by primary category, then the newest first.
pub(crate) fn by_length<'a>(papers: &[&'a Paper], terms: &Terms, classes: u32) -> Vec<&'a Paper> {
    let order = sorted(papers, |at, paper| {
        let class = length_class(terms.length(at as u32), terms.mean_length(), classes);
        (class, category(paper), date(paper))
    });
    let paper = |doc: &u32| papers.get(*doc as usize).copied();
    order.iter().filter_map(paper).collect()
}

fn category(paper: &Paper) -> Option<&str> {
    paper.categories.first().map(String::as_str)
}

fn date(paper: &Paper) -> Reverse<Option<Date>> {
    Reverse(paper.date)
}

/// Bytes of all lists.
#[derive(Default)]
struct Sums {
    docs: [usize; 2],
    impacts: [usize; 2],
    frequencies: [usize; 2],
}

fn weigh(terms: &Terms, order: &[u32], models: &Models) -> Sums {
    let mut places = vec![0; order.len()];
    for (place, &doc) in (0..).zip(order) {
        if let Some(slot) = places.get_mut(doc as usize) {
            *slot = place;
        }
    }
    let mut sums = Sums::default();
    for stem in 0..terms.len() {
        let mut counts: Vec<(u32, Count)> = terms
            .counts(stem)
            .iter()
            .map(|&count| (places.get(count.doc as usize).copied().unwrap_or(0), count))
            .collect();
        counts.sort_unstable_by_key(|(place, _)| *place);
        for (part, title) in [true, false].into_iter().enumerate() {
            let (docs, counts): (Vec<u32>, Vec<Count>) = counts
                .iter()
                .filter(|(_, count)| (count.title > 0) == title)
                .copied()
                .unzip();
            let postings: Vec<Posting> = (0..)
                .zip(&counts)
                .map(|(doc, &count)| Posting {
                    doc,
                    ..terms.posting(count)
                })
                .collect();
            // Documents that are all there cost nothing, and leave the impacts.
            let impacts = impact::encode(&postings, title, postings.len() as u32, &terms.priors);
            let add = |sums: &mut [usize; 2], bytes: usize| {
                if let Some(sum) = sums.get_mut(part) {
                    *sum += bytes;
                }
            };
            add(&mut sums.docs, encode_docs(&docs, terms.papers).len());
            add(&mut sums.impacts, impacts.len());
            let frequencies = match title {
                true => models.title_part(&counts),
                false => models.body_part(&counts, any),
            };
            add(&mut sums.frequencies, frequencies.len());
        }
    }
    sums
}

/// Compares orders.
pub(crate) fn compare(papers: &[&Paper], terms: &Terms, out: &mut dyn Write) -> io::Result<()> {
    let class = |at: usize, classes: u32| {
        length_class(terms.length(at as u32), terms.mean_length(), classes)
    };
    let mut orders: Vec<(String, Vec<u32>)> = vec![
        ("by id".to_owned(), sorted(papers, |_, paper| &paper.id)),
        (
            "category, newest first".to_owned(),
            (0..terms.papers).collect(),
        ),
        (
            "category, first author, newest first".to_owned(),
            sorted(papers, |_, paper| {
                let author = paper.authors.first();
                (category(paper), author, date(paper))
            }),
        ),
        (
            "all categories, newest first".to_owned(),
            sorted(papers, |_, paper| (&paper.categories, date(paper))),
        ),
    ];
    for classes in [16, 32] {
        orders.push((
            format!("category, {classes} classes of length, newest first"),
            sorted(papers, |at, paper| {
                let category = category(paper);
                (category, class(at, classes), date(paper))
            }),
        ));
    }
    for classes in [8, 16, 32, 64, 128] {
        orders.push((
            format!("{classes} classes of length, category, newest first"),
            sorted(papers, |at, paper| {
                (class(at, classes), category(paper), date(paper))
            }),
        ));
    }
    orders.push((
        "32 classes of length, all categories, newest first".to_owned(),
        sorted(papers, |at, paper| {
            (class(at, 32), &paper.categories, date(paper))
        }),
    ));
    let models = Models::new((0..terms.len()).flat_map(|stem| terms.counts(stem)));
    writeln!(
        out,
        "| order | documents: title | body | impacts: title | body | frequencies: title | body |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for (name, order) in &orders {
        let sums = weigh(terms, order, &models);
        write!(out, "| {name} |")?;
        for bytes in [sums.docs, sums.impacts, sums.frequencies].as_flattened() {
            write!(out, " {bytes} |")?;
        }
        writeln!(out)?;
        out.flush()?;
    }
    for classes in [16, 32] {
        let runs: HashSet<_> = (0..)
            .zip(papers)
            .map(|(at, paper)| (category(paper), class(at, classes)))
            .collect();
        let runs = runs.len();
        writeln!(
            out,
            "\n{classes} classes of length in each category are {runs} runs."
        )?;
    }
    writeln!(out)
}
