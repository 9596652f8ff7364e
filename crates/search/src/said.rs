//! Titles that say a query as it stands.
//!
//! Scores know nothing of the places of words, and function words are left out of a query that has
//! others, so `to prune or not to prune` finds what every paper on pruning has. The titles of the
//! first hits are read anyway: those that say all of it, word for word, come first. How many are
//! looked at does not hang on the page that is asked for, so an order holds across pages.

use offprint_analysis::{TokenKind, tokenize};
use offprint_format::Card;

use crate::score::Ranked;

/// Hits whose titles are looked at: as many as a page has.
pub(crate) const LOOKED_AT: usize = 10;

/// The words of a text, each between blanks, and where the last ends.
fn words(text: &str) -> (Vec<u8>, usize) {
    let mut words = Vec::new();
    words.push(b' ');
    let mut end = 0;
    tokenize(text, &mut |token| {
        if token.kind == TokenKind::Word {
            words.extend_from_slice(token.term.as_bytes());
            words.push(b' ');
            end = token.end;
        }
    });
    (words, end)
}

/// What titles are to say; nothing where the query is a single word. A last word that is still being
/// typed may be the beginning of theirs.
pub(crate) fn wanted(query: &str) -> Vec<u8> {
    let (mut words, end) = words(query);
    // Blanks stand around and between words.
    let blanks = words.iter().filter(|&&byte| byte == b' ').count();
    if blanks < 3 {
        words.clear();
    } else if end == query.len() {
        words.pop();
    }
    words
}

/// Gives the score of the first hit, on top of their own, to those of the first that say what is
/// wanted.
pub(crate) fn lift(wanted: &[u8], hits: &mut [Ranked], cards: &[Card]) {
    let best = hits.first().map_or(0, |hit| hit.score);
    for (hit, card) in hits.iter_mut().zip(cards).take(LOOKED_AT) {
        let said = words(&card.title).0;
        let mut rest = said.as_slice();
        while hit.all_words && !rest.is_empty() {
            if rest.starts_with(wanted) {
                hit.score = hit.score.saturating_add(best);
                break;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }
}
