//! Where words stand, on their way from papers to runs of positions.
//!
//! While chunks are gathered and merged, the places of a stem are pieces, one for each chunk: a
//! varint, the number of its postings; which words its forms are, see [`put_forms`]; then the
//! postings in document order. Each has varints, the number of places in the title (where the stem
//! stands there at all) and in the abstract, and those places: a varint, the words passed over; a
//! byte of what else there is; and that.

use offprint_format::{CHAIN, COMMON_WORDS, Chain, Counts, PositionsCodec, Posting, limits};

use crate::chunk::Grouped;
use crate::postings::Occurrence;
use crate::varint::{put, take, take_byte};

/// A word of a title or abstract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its stem's number, and its own, in the chunk.
    pub(crate) stem: u32,
    pub(crate) word: u32,
    pub(crate) position: u32,
    /// Its rank, or [`crate::frequent::RARE`].
    pub(crate) rank: u16,
}

/// How many places a posting has.
pub(crate) type Posted = (u32, u32, Occurrence, Counts);

/// In the byte of a place: how many ranks of words before follow, two bits; of words after, two
/// bits; above these the form, or this where it comes first as a varint.
const COUNT_BITS: u32 = 2;
const FORM_SHIFT: u32 = 2 * COUNT_BITS;
const LONG_FORM: u32 = 15;

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
                    put_rest(out, form, places, at as usize);
                }
            }
        }
        ends.push(out.len() as u32);
    }
    ends
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

fn put_rest(out: &mut Vec<u8>, form: u32, places: &[Place], at: usize) {
    let Some((before, [place, after @ ..])) = places.split_at_checked(at) else {
        return;
    };
    let told = |other: &Place| (other.position, other.rank);
    let earlier = before.iter().rev().map(told);
    let (before, many_before) = chain(place, earlier.take_while(|other| other.0 < place.position));
    let later = after.iter().map(told);
    let (after, many_after) = chain(place, later.take_while(|other| other.0 > place.position));
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
            skip_place(&mut rest);
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
    (run.len() <= limits::LIST as usize).then_some(run)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use offprint_format::PositionsDecoder;

    const FORMS: u32 = 40;

    /// A chunk in which one paper's abstract has every word of stem 0, the words numbered from
    /// `shift` on, each between two of stem 1.
    fn piece(shift: u32) -> Vec<u8> {
        let mut places = Vec::new();
        for at in 0..FORMS {
            let place = |stem, word, position, rank| Place {
                stem,
                word,
                position,
                rank,
            };
            places.push(place(1, FORMS, 2 * at, 7));
            places.push(place(0, at, 2 * at + 1, 50));
        }
        let counts = Counts {
            title: 0,
            body: FORMS,
        };
        let occurrence = Occurrence::new(0, FORMS);
        let postings = [(0, 0, occurrence, counts), (1, 0, occurrence, counts)];
        let stem_of: Vec<u32> = (0..=FORMS).map(|word| word / FORMS).collect();
        let forms = forms(&stem_of, 2);
        assert_eq!(forms[FORMS as usize - 1..], [FORMS - 1, 0]);
        let stems = Grouped::new(2, &postings, |posting| posting.0);
        let mut bytes = Vec::new();
        let ends = write(&stems, &postings, &places, &forms, &mut bytes);
        let mut piece = Vec::new();
        put_forms(&mut piece, 1, (0..FORMS).map(|form| (form + shift) % FORMS));
        piece.extend_from_slice(&bytes[..ends[0] as usize]);
        piece
    }

    #[test]
    fn forms_of_chunks_become_those_of_all() {
        let bytes = [piece(0), piece(3)].concat();
        let posting = |doc| Occurrence::new(0, FORMS).posting(doc);
        let postings = [(posting(4), false), (posting(9), false)];
        let codec = PositionsCodec::default();
        let run = code(postings.into_iter(), &bytes, false, &codec).unwrap();
        let mut decoder = PositionsDecoder::new(&run);
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
            stem: 0,
            word: 0,
            position,
            rank,
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
        put_rest(&mut out, 0, &places, 3);
        // Before: a common word; then one that is not, which is not told beyond the nearest.
        assert_eq!(out, [1, 9]);
        out.clear();
        put_rest(&mut out, 2, &places, 1);
        assert_eq!(out, [2 << FORM_SHIFT | 1 << COUNT_BITS | 1, 3, 9]);
    }
}
