//! A number for the analyzer's behaviour, so that an index made by another one is refused.

use crate::MAX_TERM_BYTES;
use crate::stem::{ENDINGS, KEPT, OUR, SPELLINGS};
use crate::stop::STOP_WORDS;
use crate::tables::RUNS;

/// To be raised with every change of what the analyzer does to any text. The tables count by
/// themselves; what code does is watched by a test over a probe text.
const ANALYZER_VERSION: u32 = 2;

const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;

/// FNV-1a over one more piece, with its end marked.
const fn hash(mut state: u64, mut bytes: &[u8]) -> u64 {
    while let [byte, rest @ ..] = bytes {
        state = (state ^ *byte as u64).wrapping_mul(0x0100_0000_01B3);
        bytes = rest;
    }
    (state ^ 0xFF).wrapping_mul(0x0100_0000_01B3)
}

const fn hash_all(mut state: u64, mut pieces: &[&str]) -> u64 {
    while let [piece, rest @ ..] = pieces {
        state = hash(state, piece.as_bytes());
        pieces = rest;
    }
    state
}

const fn derive() -> u64 {
    let mut state = hash(OFFSET, &ANALYZER_VERSION.to_le_bytes());
    state = hash(state, &(MAX_TERM_BYTES as u64).to_le_bytes());
    state = hash(state, &RUNS);
    state = hash_all(state, &SPELLINGS);
    state = hash_all(state, &[OUR, ENDINGS, KEPT]);
    hash_all(state, &STOP_WORDS)
}

const FINGERPRINT: u64 = derive();

/// A number that differs between analyzers that may differ in any term. It stands in an index, and
/// a client of another fingerprint refuses that index.
pub const fn fingerprint() -> u64 {
    FINGERPRINT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TokenKind, is_stop_word, stem, tokenize};

    /// Something of everything that the analyzer does.
    const PROBE: &str = "Byte-pair codes don't favour the Müller–Ørsted scheme: l'Hôpital's rule, \
        state-of-the-art C++/C# kernels, 2:4 and n:m patterns (E(3)-equivariant), O(k^{-3}) or O(k⁻³) \
        steps, 0.1% of GPT-3.5's tokens, eff@k, F*, *PO, $\\ell_p$ norms, x₁² and ½. ＦＵＬＬ width, \
        ﬁne ﬂows, 𝔸𝛃𝟗, ΣΊΣΥΦΟΣ, Ёлка и йод, Łódź, Straße, Ⅻ; 图神经 カタ 한국어 हिन्दी. Generalised \
        neighbourhoods were modelled in centres by analysing matrices; hypotheses, programmes, \
        catalogues, defences and anaemia meet. A_snake.case, e.g. this_one. See \
        https://code.host/Some-Group/repo?x=1, infor\u{AD}mation, cafe\u{301}, O'Neil'21, \
        donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverordnung.";

    #[test]
    fn the_version_is_raised_with_every_change() {
        let mut digest = OFFSET;
        tokenize(PROBE, &mut |token| {
            for piece in [token.term, &*stem(token.term)] {
                digest = hash(digest, piece.as_bytes());
            }
            for number in [
                token.start as u64,
                token.end as u64,
                u64::from(token.position),
            ] {
                digest = hash(digest, &number.to_le_bytes());
            }
            let word = token.kind == TokenKind::Word;
            digest = hash(
                digest,
                &[u8::from(word), u8::from(is_stop_word(token.term))],
            );
        });
        let pinned = (2, 0x4995_282F_6B4A_88B6);
        assert!(
            (ANALYZER_VERSION, digest) == pinned,
            "the analyzer treats the probe text otherwise than version {} did: raise \
             ANALYZER_VERSION, and pin ({ANALYZER_VERSION}, {digest:#018X}) with the new version",
            pinned.0,
        );
    }

    #[test]
    fn the_fingerprint_depends_on_every_piece() {
        assert_ne!(hash(OFFSET, b"ab"), hash(hash(OFFSET, b"a"), b"b"));
        assert_ne!(hash(OFFSET, b""), OFFSET);
        assert_eq!(fingerprint(), derive());
    }
}
