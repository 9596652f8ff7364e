//! Where words stand, on their way from papers to runs of positions.
//!
//! While chunks are gathered and merged, the places of a stem are pieces, one for each chunk: a
//! varint, the number of its postings; which words its forms are, see [`put_forms`]; then the
//! postings in document order. Each has varints, the number of places in the title (where the stem
//! stands there at all) and in the abstract, and those places: a varint, the words passed over; a
//! byte of what else there is; and that.

use offprint_format::{CHAIN, COMMON_WORDS, Chain, Counts, PositionsCodec, Posting, limits};

use crate::varint::{put, take, take_byte};

/// A word of a title or abstract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its number among those of its stem in the chunk.
    pub(crate) form: u32,
    pub(crate) position: u32,
    /// Its rank, or [`crate::frequent::RARE`].
    pub(crate) rank: u16,
    /// The next place of its stem in the paper.
    pub(crate) next: u32,
}

/// The places of a stem in a paper: how many, and the first and last of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Placed {
    pub(crate) counts: Counts,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// In the byte of a place: how many ranks of words before follow, two bits; of words after, two
/// bits; above these the form, or this where it comes first as a varint.
const COUNT_BITS: u32 = 2;
const FORM_SHIFT: u32 = 2 * COUNT_BITS;
const LONG_FORM: u32 = 15;

/// Appends the places of a stem in a paper, whose places these are.
pub(crate) fn write(places: &[Place], placed: Placed, in_title: bool, out: &mut Vec<u8>) {
    if in_title {
        put(out, placed.counts.title);
    }
    put(out, placed.counts.body);
    let mut at = placed.first as usize;
    for count in [placed.counts.title, placed.counts.body] {
        let mut next = 0;
        for _ in 0..count {
            let Some(place) = places.get(at) else {
                continue;
            };
            put(out, place.position - next);
            next = place.position + 1;
            put_rest(out, places, at);
            at = place.next as usize;
        }
    }
}

/// Ranks of the words on one side of a place, nearest first, as far as a run tells of them.
fn chain(place: &Place, beside: impl Iterator<Item = (u32, u16)>) -> ([u8; CHAIN], usize) {
    let mut chain = [0; CHAIN];
    let mut count = 0;
    for (slot, (position, rank)) in chain.iter_mut().zip(beside) {
        // Where another text begins or ends, positions do not go on.
        if position.abs_diff(place.position) != count as u32 + 1
            || rank >= place.rank
            || count > 0 && rank >= u16::from(COMMON_WORDS)
        {
            break;
        }
        *slot = rank as u8;
        count += 1;
    }
    (chain, count)
}

fn put_rest(out: &mut Vec<u8>, places: &[Place], at: usize) {
    let Some((before, [place, after @ ..])) = places.split_at_checked(at) else {
        return;
    };
    let told = |other: &Place| (other.position, other.rank);
    let earlier = before.iter().rev().map(told);
    let (before, many_before) = chain(place, earlier.take_while(|other| other.0 < place.position));
    let later = after.iter().map(told);
    let (after, many_after) = chain(place, later.take_while(|other| other.0 > place.position));
    let form = place.form;
    let short = form.min(LONG_FORM);
    out.push((short << FORM_SHIFT) as u8 | (many_after << COUNT_BITS | many_before) as u8);
    if short == LONG_FORM {
        put(out, form);
    }
    out.extend_from_slice(before.get(..many_before).unwrap_or_default());
    out.extend_from_slice(after.get(..many_after).unwrap_or_default());
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
fn take_place(bytes: &mut &[u8]) -> (u32, u32, [Chain; 2]) {
    let gap = take(bytes);
    let what = take_byte(bytes);
    let form = match u32::from(what >> FORM_SHIFT) {
        LONG_FORM => take(bytes),
        form => form,
    };
    let mut chain = |counts: u8| {
        let mut chain = Chain::default();
        let count = usize::from(counts & ((1 << COUNT_BITS) - 1));
        for slot in chain.iter_mut().take(count) {
            *slot = Some(take_byte(bytes));
        }
        chain
    };
    let beside = [chain(what), chain(what >> COUNT_BITS)];
    (gap, form, beside)
}

/// Passes over a place.
fn skip_place(bytes: &mut &[u8]) {
    take(bytes);
    let what = take_byte(bytes);
    if u32::from(what >> FORM_SHIFT) == LONG_FORM {
        take(bytes);
    }
    let mask = (1 << COUNT_BITS) - 1;
    let ranks = usize::from((what & mask) + (what >> COUNT_BITS & mask));
    *bytes = bytes.get(ranks..).unwrap_or_default();
}

fn take_counts(bytes: &mut &[u8], in_title: bool) -> Counts {
    let title = if in_title { take(bytes) } else { 0 };
    let body = take(bytes);
    Counts { title, body }
}

/// The run of a stem, and the bytes of its gaps where it has more than `apart_over` places: its
/// postings come in document order, with the bytes of its places. `split` says whether its list is
/// in two parts. Gives nothing where it would be over a limit.
pub(crate) fn code(
    postings: impl Iterator<Item = (Posting, bool)>,
    bytes: &[u8],
    split: bool,
    apart_over: u64,
    codec: &PositionsCodec,
) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
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
            skip_place(&mut rest);
        }
    }
    if all > u64::from(limits::RUN_PLACES) {
        return None;
    }
    let mut encoder = codec.encoder(all > apart_over);
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
                encoder.place(in_title, left, gap, form, &beside);
            }
        }
    };
    let late = |spot: &&Spot| split && spot.posting.frequency == 1;
    spots.iter().filter(|spot| spot.in_title).for_each(&mut put);
    let body = || spots.iter().filter(|spot| !spot.in_title);
    body().filter(|spot| !late(spot)).for_each(&mut put);
    body().filter(late).for_each(&mut put);
    let run = encoder.finish();
    let bytes = run.0.len() + run.1.as_ref().map_or(0, Vec::len);
    (bytes <= limits::LIST as usize).then_some(run)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::postings::Occurrence;
    use offprint_format::PositionsDecoder;

    const FORMS: u32 = 40;

    /// A chunk in which one paper's abstract has every word of a stem, the words numbered from
    /// `shift` on, each between two of a frequent word.
    fn piece(shift: u32) -> Vec<u8> {
        let mut places = Vec::new();
        for form in 0..FORMS {
            for (position, rank) in [(2 * form, 7), (2 * form + 1, 50)] {
                let next = position + 2;
                places.push(Place {
                    form,
                    position,
                    rank,
                    next,
                });
            }
        }
        let placed = Placed {
            counts: Counts {
                title: 0,
                body: FORMS,
            },
            first: 1,
            last: 2 * FORMS - 1,
        };
        let mut piece = Vec::new();
        put_forms(&mut piece, 1, (0..FORMS).map(|form| (form + shift) % FORMS));
        write(&places, placed, false, &mut piece);
        piece
    }

    #[test]
    fn forms_of_chunks_become_those_of_all() {
        let bytes = [piece(0), piece(3)].concat();
        let posting = |doc| Occurrence::new(0, FORMS).posting(doc);
        let postings = [(posting(4), false), (posting(9), false)];
        let codec = PositionsCodec::default();
        let run = code(postings.into_iter(), &bytes, false, 10, &codec).unwrap();
        let mut decoder = PositionsDecoder::new(&run.0, true, run.1.as_deref());
        for shift in [0, 3] {
            let mut next = 0;
            let frequency = posting(0).frequency;
            let read = decoder.posting(frequency, false, &mut |in_title, place| {
                assert_eq!((in_title, place.position), (false, 2 * next + 1));
                assert_eq!(place.form, (next + shift) % FORMS);
                assert_eq!(place.beside[0], [Some(7), None, None]);
                let last = next + 1 == FORMS;
                assert_eq!(place.beside[1], [(!last).then_some(7), None, None]);
                next += 1;
            });
            read.unwrap();
            assert_eq!(next, FORMS);
        }
    }

    #[test]
    fn chains_end_with_rare_words_and_with_their_text() {
        let place = |position, rank| Place {
            form: position,
            position,
            rank,
            next: 0,
        };
        // Two texts: the second begins anew.
        let places = [
            place(0, 3),
            place(1, 60),
            place(2, 9),
            place(3, 128),
            place(0, 5),
        ];
        let mut out = Vec::new();
        put_rest(&mut out, &places, 3);
        // Before: a common word; then one that is not, which is not told beyond the nearest.
        assert_eq!(out, [3 << FORM_SHIFT | 1, 9]);
        out.clear();
        put_rest(&mut out, &places, 1);
        assert_eq!(out, [1 << FORM_SHIFT | 1 << COUNT_BITS | 1, 3, 9]);
    }
}
