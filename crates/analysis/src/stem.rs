//! One form for the forms of a word: spelling first, then the English Snowball stemmer.
//!
//! The stemmer is the crate `frostem`, the Snowball project's own English algorithm (Porter2) as
//! its compiler writes it, kept at upstream's pace. Before it, British spellings become American
//! ones, so that both meet (the stemmer knows nothing of spelling), and the Latin and Greek
//! plurals of mathematics become singulars (`matrices`, `vertices`, `hypotheses`). Doubled
//! consonants (`modelling`) are the stemmer's own business.

use std::borrow::Cow;

use frostem::{Algorithm, Stemmer};

/// Pieces of words and what they become, by first letter: `^` says that the piece must stand at the
/// start of a word, `$` at its end.
pub(crate) const SPELLINGS: [&str; 16] = [
    "aemi=emi;aluminium=aluminum;anaesth=anesth;artefact=artifact;appendices$=appendix;automata$=automaton",
    "calibre=caliber;centred=centered;centre=center;centring=centering;counsellor=counselor;corpora^$=corpus;crises^$=crisis;criteria$=criterion",
    "defence=defense;diall=dial;diarrhoea=diarrhea;duell=duel",
    "foet^=fet;fibre=fiber;fuell=fuel;formulae$=formula",
    "grey^=gray;gynaec=gynec",
    "haem^=hem;hedra$=hedron",
    "indices^$=index",
    "judgement=judgment",
    "learnt^$=learned;licence=license;litre=liter;logue$=log;logues$=logs;lyses$=lysis",
    "manoeuvred=maneuvered;manoeuvre=maneuver;manoeuvring=maneuvering;metre=meter;mould=mold;matrices$=matrix;maxima$=maximum;minima$=minimum",
    "neurone$=neuron;neurones$=neurons",
    "oedem=edem;oesoph=esoph;oestr^=estr;offence=offense;optima$=optimum",
    "paed=ped;plough=plow;practis=practic;pretence=pretense;programme$=program;programmes$=programs;phenomena$=phenomenon",
    "sceptic=skeptic;sulph=sulf;simplices$=simplex;spectra$=spectrum",
    "theatre=theater;theses$=thesis",
    "vertices$=vertex;vortices$=vortex",
];

/// What stands before `-our` where Americans write `-or`.
pub(crate) const OUR: &str = "ard arm behavi cand clam col demean endeav fav ferv flav harb hon \
    hum lab neighb od parl ranc rig rum sav savi splend succ tum val vap vig";

/// What may follow `-is` and `-ys` where Americans write `-iz` and `-yz`.
pub(crate) const ENDINGS: &str =
    "e ed es er ers ing ings ation ations ational ationally able ability";

/// Words in `-is(e)` that keep their s.
pub(crate) const KEPT: &str = "advertis chastis circumcis concis despis exercis expertis franchis \
    merchandis paradis precis premis pris promis sunris surmis treatis";

/// Shortest beginning of a word up to its s: `realis`, but not `advis`.
const SHORTEST: usize = 6;

/// The stem of a folded word. Words with digits or with letters beyond `a` to `z` stay as they
/// are. A stem is a key, not a word: the stem of a stem may be another.
pub fn stem(word: &str) -> Cow<'_, str> {
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    let stemmer = Stemmer::new(Algorithm::English);
    match american(word) {
        None => stemmer.stem(word),
        Some(word) => Cow::Owned(stemmer.stem(&word).into_owned()),
    }
}

/// Puts `new` in the place of `length` bytes of `word` from `at` on.
fn splice(word: &mut Vec<u8>, at: usize, length: usize, new: &[u8]) {
    let rest = word.split_off(at);
    word.extend_from_slice(new);
    word.extend_from_slice(rest.get(length..).unwrap_or_default());
}

/// Where `part` first stands in `word`. Words are short: a searcher of the standard library would
/// be many times the code.
fn find(word: &[u8], part: &[u8]) -> Option<usize> {
    let first = part.first();
    (0..word.len()).find(|&at| {
        word.get(at) == first && word.get(at..).is_some_and(|rest| rest.starts_with(part))
    })
}

/// Bits by a hash of four letters: set are those that pieces of [`SPELLINGS`] begin with, so that
/// most words need not be searched for each of these.
static OPENINGS: [u64; OPENING_WORDS] = openings();
const OPENING_WORDS: usize = 16;

/// The last four letters after one more.
const fn roll(hash: u32, letter: u8) -> u32 {
    hash << 8 | letter as u32
}

/// Which bit of which number stands for four letters.
const fn bit(letters: u32) -> (usize, u64) {
    let hash = letters.wrapping_mul(0x9e37_79b1) >> 22;
    (hash as usize / 64, 1 << (hash % 64))
}

#[allow(clippy::indexing_slicing, reason = "runs while this is compiled")]
const fn openings() -> [u64; OPENING_WORDS] {
    let mut bits = [0; OPENING_WORDS];
    let mut list = 0;
    while list < SPELLINGS.len() {
        let bytes = SPELLINGS[list].as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if at == 0 || bytes[at - 1] == b';' {
                let (mut letters, mut end) = (0, at);
                while end < at + 4 {
                    assert!(bytes[end].is_ascii_lowercase(), "a piece has four letters");
                    letters = roll(letters, bytes[end]);
                    end += 1;
                }
                let (number, bit) = bit(letters);
                bits[number] |= bit;
            }
            at += 1;
        }
        list += 1;
    }
    bits
}

/// Whether a piece may stand in `word`: wrongly yes at times, never wrongly no.
///
/// The client stems a few words at a time, and does without the bits.
fn may_hold_piece(word: &[u8]) -> bool {
    if cfg!(target_arch = "wasm32") {
        return true;
    }
    let mut letters = 0;
    word.iter().any(|&letter| {
        letters = roll(letters, letter);
        let (number, bit) = bit(letters);
        OPENINGS.get(number).is_some_and(|bits| bits & bit > 0)
    })
}

/// The items of a list.
fn items(list: &'static str, by: u8) -> impl Iterator<Item = &'static [u8]> {
    list.as_bytes().split(move |&byte| byte == by)
}

/// Puts new spellings in the place of the pieces that `word` has.
fn respell(word: &mut Vec<u8>, pieces: &'static str) {
    for pair in items(pieces, b';') {
        let mut sides = pair.split(|&byte| byte == b'=');
        let (Some(from), Some(to)) = (sides.next(), sides.next()) else {
            continue;
        };
        let end = from.strip_suffix(b"$");
        let from = end.unwrap_or(from);
        let start = from.strip_suffix(b"^");
        let from = start.unwrap_or(from);
        if let Some(at) = find(word, from)
            && (start.is_none() || at == 0)
            && (end.is_none() || at + from.len() == word.len())
        {
            splice(word, at, from.len(), to);
        }
    }
}

/// The American spelling of a word of `a` to `z`, if it is another.
fn american(original: &str) -> Option<String> {
    let mut word = original.as_bytes().to_vec();
    let has = |letter: u8| original.bytes().any(|known| known == letter);
    if may_hold_piece(original.as_bytes()) {
        for pieces in SPELLINGS {
            if pieces.bytes().next().is_some_and(has) {
                respell(&mut word, pieces);
            }
        }
    }
    if let Some(at) = find(&word, b"our")
        && let Some(before) = word.get(..at)
        && items(OUR, b' ').any(|family| before.ends_with(family))
    {
        splice(&mut word, at, 3, b"or");
    }
    let may_have_z = has(b's');
    let z = items(ENDINGS, b' ')
        .filter(|_| may_have_z)
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|before| has_z(before))
        .map(|before| before.len() - 1);
    if let Some(letter) = z.and_then(|at| word.get_mut(at)) {
        *letter = b'z';
    }
    if word == original.as_bytes() {
        return None;
    }
    String::from_utf8(word).ok()
}

/// Whether Americans end this beginning of a word, up to its s, with a z.
fn has_z(before: &[u8]) -> bool {
    if before.len() > 3 && before.ends_with(b"lys") {
        return true;
    }
    let fits = match before {
        [.., b'a' | b'e' | b'i' | b'o' | b'u' | b'w', b'i', b's'] => false,
        [.., last, b'v', b'i', b's'] => *last == b'i',
        _ => before.ends_with(b"is"),
    };
    fits && before.len() >= SHORTEST && !items(KEPT, b' ').any(|kept| before.ends_with(kept))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_a_word_meet() {
        for words in [
            "network networks networked networking",
            "generalise generalize generalised generalized generalising generalizing",
            "generalisation generalization generalisations generalizations",
            "realise realize realised realizes",
            "organise organize organiser organizers",
            "organisational organizational",
            "parallelisable parallelizable",
            "optimise optimize optimiser optimizer optimising optimizing optimisation",
            "regularise regularize",
            "passivise passivize",
            "analyse analyze analysed analyzed analysing analyzing analyser analyzers",
            "analysis analyses",
            "hypothesis hypotheses",
            "synthesise synthesize synthesised",
            "behaviour behavior behaviours behavioural behavioral",
            "neighbour neighbor neighbours neighbouring",
            "neighborhood neighbourhood",
            "colour color coloured coloring colouring",
            "discoloured discolored",
            "colourise colorize colourised",
            "favourite favorite",
            "unfavourable unfavorable",
            "labour labor",
            "tumour tumor",
            "vapour vapor",
            "rumour rumor",
            "harbour harbor",
            "honour honor",
            "humour humor",
            "flavour flavor",
            "rigour rigor",
            "armour armor",
            "model modelling modeling modelled modeled modeller modeler",
            "label labelled labeling labeller",
            "travel travelling traveler",
            "cancel cancelled canceling",
            "signalling signaling",
            "levelled leveled",
            "tunnelling tunneling",
            "channelled channeled",
            "fuelled fueled",
            "refuelling refueling",
            "dialled dialed",
            "centre center centres centred centered centring",
            "metre meter",
            "kilometres kilometers",
            "fibre fibers",
            "theatre theaters",
            "catalogue catalog",
            "analogues analogs",
            "dialogue dialog",
            "defence defense",
            "offences offenses",
            "licence license licenced licensed",
            "practise practice practising practicing",
            "programme program programmes programs",
            "grey",
            "gray",
            "greyscale",
            "grayscale",
            "artefact artifact artefacts artifacts",
            "sceptic",
            "skeptic",
            "scepticism",
            "skepticism",
            "fulfil fulfill fulfilment fulfillment",
            "judgement judgment",
            "ageing",
            "aging",
            "haemoglobin",
            "hemoglobin",
            "anaemia",
            "anemia",
            "leukaemic leukemic",
            "paediatrics",
            "pediatrics",
            "matrix matrices",
            "submatrix submatrices",
            "vertex vertices",
            "index indices",
            "criterion criteria",
            "phenomenon phenomena",
            "automaton automata",
            "minimum minima",
        ] {
            let stems: Vec<_> = words.split(' ').map(stem).collect();
            assert!(
                stems.iter().all(|stem| *stem == stems[0]),
                "{words}: {stems:?}"
            );
        }
    }

    #[test]
    fn spellings_are_rewritten() {
        for (british, expected) in [
            ("grey", "gray"),
            ("sceptical", "skeptical"),
            ("haemolysed", "hemolyzed"),
            ("oestrogen", "estrogen"),
            ("submatrices", "submatrix"),
            ("polyhedra", "polyhedron"),
            ("learnt", "learned"),
            ("colourised", "colorized"),
            ("characterisation", "characterization"),
        ] {
            assert_eq!(american(british).as_deref(), Some(expected));
        }
    }

    #[test]
    fn other_words_keep_their_spelling() {
        for word in [
            "precise",
            "concise",
            "exercise",
            "promise",
            "compromised",
            "premises",
            "surprising",
            "enterprise",
            "comprises",
            "advertising",
            "expertise",
            "supervised",
            "unsupervised",
            "improvisation",
            "revised",
            "devised",
            "advised",
            "arising",
            "raised",
            "noise",
            "denoising",
            "denoiser",
            "disguised",
            "otherwise",
            "pairwise",
            "stepwise",
            "paradise",
            "franchise",
            "rise",
            "wise",
            "basis",
            "four",
            "hour",
            "source",
            "course",
            "contour",
            "tour",
            "your",
            "journal",
            "resources",
            "detour",
            "pour",
            "court",
            "rolling",
            "controlled",
            "filling",
            "parameter",
            "geometry",
            "vogue",
            "learning",
            "greedy",
            "these",
            "bases",
            "axes",
            "data",
            "size",
            "prize",
            "lysed",
            "agrey",
            "incorporate",
        ] {
            assert_eq!(american(word), None, "{word}");
        }
    }

    #[test]
    fn names_numbers_and_other_scripts_stay() {
        for word in [
            "",
            "a",
            "is",
            "gpt4",
            "word2vec",
            "naïve",
            "графы",
            "σ",
            "c++",
            "DOGS",
        ] {
            assert_eq!(stem(word), word);
        }
    }

    #[test]
    fn words_that_differ_stay_apart() {
        for (one, other) in [
            ("organ", "organize"),
            ("university", "universe"),
            ("precise", "size"),
            ("program", "progress"),
            ("noise", "noun"),
            ("general", "generous"),
        ] {
            assert_ne!(stem(one), stem(other));
        }
    }

    proptest! {
        #[test]
        fn any_word_has_a_stem(word in "[a-z]{0,70}|\\PC{0,20}") {
            let stem = stem(&word);
            prop_assert!(stem.len() <= word.len() + 4);
            prop_assert_eq!(stem.is_empty(), word.is_empty());
        }

        #[test]
        fn both_spellings_of_a_verb_meet(
            base in "[a-z]{3,8}[bcdfghlmnrt]",
            ending in "e|ed|es|er|ers|ing|ation|ations|able",
        ) {
            let kept = KEPT.split(' ').any(|kept| format!("{base}is").ends_with(kept));
            prop_assume!(!kept);
            let british = format!("{base}is{ending}");
            let american = format!("{base}iz{ending}");
            prop_assert_eq!(stem(&british), stem(&american));
        }
    }
}
