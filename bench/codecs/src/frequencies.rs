//! Frequencies in the place of impacts, where the order of documents tells their lengths.

use std::io::{self, Write};

use crate::clock::Clock;
use crate::range_coder::{Decoder, Encoder};
use crate::terms::Count;
use crate::unary::{Tally, Unary};

/// The models of a list.
#[derive(Clone)]
pub(crate) struct Models {
    title: Unary,
    beside: Unary,
    body: Unary,
}

impl Models {
    /// Models that start from how often each frequency comes in all lists.
    pub(crate) fn new<'a>(counts: impl Iterator<Item = &'a Count>) -> Models {
        let [mut title, mut beside, mut body] = [const { Tally::new() }; 3];
        for count in counts {
            if count.title > 0 {
                title.see(u32::from(count.title) - 1);
                beside.see(u32::from(count.body));
            } else {
                body.see(u32::from(count.body).saturating_sub(1));
            }
        }
        Models {
            title: title.model(),
            beside: beside.model(),
            body: body.model(),
        }
    }

    /// Bytes of the frequencies of a title part: those in the title, and those beside it.
    pub(crate) fn title_part(&self, counts: &[Count]) -> Vec<u8> {
        let (mut coder, mut models) = (Encoder::new(), self.clone());
        for count in counts {
            models.title.put(&mut coder, u32::from(count.title) - 1);
            models.beside.put(&mut coder, u32::from(count.body));
        }
        coder.finish()
    }

    /// Bytes of the frequencies of a body part; each is at least and at most what `within` says.
    pub(crate) fn body_part(
        &self,
        counts: &[Count],
        within: impl Fn(&Count) -> (u32, u32),
    ) -> Vec<u8> {
        let (mut coder, mut models) = (Encoder::new(), self.clone());
        for count in counts {
            let (least, most) = within(count);
            let more = u32::from(count.body).saturating_sub(1);
            models
                .body
                .put_within(&mut coder, more, least - 1, most - 1);
        }
        coder.finish()
    }

    fn read(&self, bytes: &[u8], count: usize, title: bool) -> Vec<(u16, u16)> {
        let (mut coder, mut models) = (Decoder::new(bytes), self.clone());
        let each = |_| {
            if title {
                let title = models.title.get(&mut coder) as u16 + 1;
                (title, models.beside.get(&mut coder) as u16)
            } else {
                (0, models.body.get(&mut coder) as u16 + 1)
            }
        };
        (0..count).map(each).collect()
    }
}

/// No bounds.
pub(crate) fn any(_: &Count) -> (u32, u32) {
    (1, u32::MAX)
}

/// Weighs and times the frequencies of title parts and body parts.
pub(crate) fn weigh(parts: &[Vec<Vec<Count>>; 2], out: &mut dyn Write) -> io::Result<()> {
    let models = Models::new(parts.iter().flatten().flatten());
    let [titles, bodies] = parts;
    let coded: Vec<(&Vec<Count>, bool, Vec<u8>)> = titles
        .iter()
        .map(|list| (list, true, models.title_part(list)))
        .chain(
            bodies
                .iter()
                .map(|list| (list, false, models.body_part(list, any))),
        )
        .collect();
    let bytes: usize = coded.iter().map(|(_, _, bytes)| bytes.len()).sum();
    let postings: usize = coded.iter().map(|(list, _, _)| list.len()).sum();
    let mut least = f64::INFINITY;
    for run in 0..5 {
        let start = Clock::new();
        let mut wrong = 0;
        for (list, title, bytes) in &coded {
            let read = models.read(bytes, list.len(), *title);
            let told = list.iter().map(|count| (count.title, count.body));
            wrong += usize::from(if run == 0 {
                !told.eq(read)
            } else {
                read.len() != list.len()
            });
        }
        if wrong > 0 {
            writeln!(out, "{wrong} lists do not come back.")?;
        }
        if run > 0 {
            least = least.min(start.nanoseconds());
        }
    }
    let each = |bytes: f64| bytes / postings.max(1) as f64;
    writeln!(
        out,
        "| frequencies in title and body, adaptive | {bytes} | {:.3} | | {:.1} |",
        each(bytes as f64),
        each(least)
    )
}
