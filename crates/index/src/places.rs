//! Where words stand, on their way from papers to runs of positions.
//!
//! While chunks are gathered and merged, the places of a stem are pieces, one for each chunk: a
//! varint, the number of its postings; which words its forms are, see [`put_forms`]; then the
//! postings in document order. Each has varints, the number of places in the title (where the stem
//! stands there at all) and in the abstract, and those places: a varint, the words passed over; a
//! byte of what else there is; and that.

use offprint_format::{Counts, PositionsCodec, Posting, limits};

use crate::chunk::Grouped;
use crate::frequent::RARE;
use crate::postings::Occurrence;
use crate::varint::{put, take, take_byte};

/// A word of a title or abstract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its stem's number, and its own, in the chunk.
    pub(crate) stem: u32,
    pub(crate) word: u32,
    pub(crate) position: u32,
    /// Ranks of the words before and after, where they are more frequent; else [`RARE`].
    pub(crate) beside: [u16; 2],
}

/// How many places a posting has.
pub(crate) type Posted = (u32, u32, Occurrence, Counts);

/// In the byte of a place: ranks of the words beside follow.
const BEFORE: u8 = 1;
const AFTER: u8 = 2;
/// Above these bits stands the form, or this where it follows as a varint.
const FORM_SHIFT: u32 = 2;
const LONG_FORM: u32 = 63;

/// The number of each word of a chunk among those of its stem.
pub(crate) fn forms(stem_of: &[u32], stems: usize) -> Vec<u32> {
    let mut next = vec![0u32; stems];
    let mut number = |&stem: &u32| {
        let next = next.get_mut(stem as usize)?;
        *next += 1;
        Some(*next - 1)
    };
    stem_of
        .iter()
        .map(|stem| number(stem).unwrap_or(0))
        .collect()
}

/// Appends the places of each stem's postings; gives where each stem's end.
pub(crate) fn write(
    stems: &Grouped,
    postings: &[Posted],
    places: &[Place],
    forms: &[u32],
    out: &mut Vec<u8>,
) -> Vec<u32> {
    let placed = Grouped::new(stems.len(), places, |place| place.stem);
    let mut ends = Vec::with_capacity(stems.len());
    for stem in 0..stems.len() {
        let mut own = placed.of(stem).iter();
        for &at in stems.of(stem) {
            let Some((_, _, occurrence, counts)) = postings.get(at as usize) else {
                continue;
            };
            if occurrence.in_title() {
                put(out, counts.title);
            }
            put(out, counts.body);
            for count in [counts.title, counts.body] {
                let mut next = 0;
                for &at in own.by_ref().take(count as usize) {
                    let Some(place) = places.get(at as usize) else {
                        continue;
                    };
                    put(out, place.position - next);
                    next = place.position + 1;
                    let form = forms.get(place.word as usize).copied().unwrap_or(0);
                    put_rest(out, form, place.beside);
                }
            }
        }
        ends.push(out.len() as u32);
    }
    ends
}

fn put_rest(out: &mut Vec<u8>, form: u32, beside: [u16; 2]) {
    let [before, after] = beside.map(|rank| rank < RARE);
    let short = form.min(LONG_FORM);
    let known = if before { BEFORE } else { 0 } | if after { AFTER } else { 0 };
    out.push((short << FORM_SHIFT) as u8 | known);
    if short == LONG_FORM {
        put(out, form);
    }
    let ranks = beside.into_iter().filter(|&rank| rank < RARE);
    out.extend(ranks.map(|rank| rank as u8));
}

/// Appends the front of a piece: the number of its postings, and the numbers that a stem's words
/// have in all, in the order that the chunk saw them: how many, then each; or 0 where they are
/// those of the chunk.
pub(crate) fn put_forms(
    out: &mut Vec<u8>,
    postings: u32,
    forms: impl Iterator<Item = u32> + Clone,
) {
    put(out, postings);
    if forms.clone().zip(0..).all(|(form, own)| form == own) {
        put(out, 0);
        return;
    }
    put(out, forms.clone().count() as u32);
    forms.for_each(|form| put(out, form));
}

/// A posting's places among a group's bytes.
struct Spot {
    /// Where they start.
    at: u32,
    /// Where the forms of their piece start, or [`SAME`].
    forms: u32,
    posting: Posting,
    in_title: bool,
}

const SAME: u32 = u32::MAX;

/// Reads a place: words passed over, form in the chunk, words beside.
fn take_place(bytes: &mut &[u8]) -> (u32, u32, [Option<u8>; 2]) {
    let gap = take(bytes);
    let what = take_byte(bytes);
    let form = match u32::from(what >> FORM_SHIFT) {
        LONG_FORM => take(bytes),
        form => form,
    };
    let before = (what & BEFORE > 0).then(|| take_byte(bytes));
    let after = (what & AFTER > 0).then(|| take_byte(bytes));
    (gap, form, [before, after])
}

fn take_counts(bytes: &mut &[u8], in_title: bool) -> Counts {
    let title = if in_title { take(bytes) } else { 0 };
    let body = take(bytes);
    Counts { title, body }
}

/// The run of a stem: its postings in document order, and the bytes of its places. `split` says
/// whether its list is in two parts. Gives nothing where it would be over a limit.
pub(crate) fn code(
    postings: impl Iterator<Item = (Posting, bool)>,
    bytes: &[u8],
    split: bool,
    codec: &PositionsCodec,
) -> Option<Vec<u8>> {
    let mut spots = Vec::new();
    let mut maps: Vec<u32> = Vec::new();
    let mut rest = bytes;
    let (mut left, mut forms, mut all) = (0, SAME, 0u64);
    for (posting, in_title) in postings {
        if left == 0 {
            left = take(&mut rest);
            let many = take(&mut rest);
            forms = if many == 0 { SAME } else { maps.len() as u32 };
            maps.extend((0..many).map(|_| take(&mut rest)));
        }
        left = left.saturating_sub(1);
        spots.push(Spot {
            at: (bytes.len() - rest.len()) as u32,
            forms,
            posting,
            in_title,
        });
        let counts = take_counts(&mut rest, in_title);
        let count = u64::from(counts.title) + u64::from(counts.body);
        all += count;
        for _ in 0..count {
            take_place(&mut rest);
        }
    }
    if all > u64::from(limits::RUN_PLACES) {
        return None;
    }
    let mut encoder = codec.encoder();
    let mut put = |spot: &Spot| {
        let mut rest = bytes.get(spot.at as usize..).unwrap_or_default();
        let counts = take_counts(&mut rest, spot.in_title);
        encoder.posting(spot.posting.frequency, spot.in_title, counts);
        for (in_title, count) in [(true, counts.title), (false, counts.body)] {
            for left in (1..=count).rev() {
                let (gap, mut form, beside) = take_place(&mut rest);
                if spot.forms != SAME {
                    let known = maps.get((spot.forms + form) as usize);
                    form = known.copied().unwrap_or(0);
                }
                encoder.place(in_title, left, gap, form, beside);
            }
        }
    };
    let late = |spot: &&Spot| split && spot.posting.frequency == 1;
    spots.iter().filter(|spot| spot.in_title).for_each(&mut put);
    let body = || spots.iter().filter(|spot| !spot.in_title);
    body().filter(|spot| !late(spot)).for_each(&mut put);
    body().filter(late).for_each(&mut put);
    let run = encoder.finish();
    (run.len() <= limits::LIST as usize).then_some(run)
}
