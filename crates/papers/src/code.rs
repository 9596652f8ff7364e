//! What an abstract says of its code, in words.

use crate::paper::CodeState;

/// Reads from an abstract without a link to code whether code is said to be there or to come.
///
/// Looks for a word for code near one for giving it out, in one sentence. Made to be right
/// rather than complete: "the code is available", "we will release our code" and their kin.
pub fn code_state(text: &str) -> CodeState {
    // Most abstracts end here.
    if !may_say_code(text) {
        return CodeState::Unknown;
    }
    let mut state = CodeState::Unknown;
    for sentence in sentences(text) {
        match sentence_state(&sentence.to_lowercase()) {
            CodeState::Promised => return CodeState::Promised,
            CodeState::Stated => state = CodeState::Stated,
            _ => {}
        }
    }
    state
}

/// Whether a piece of a sentence names code.
pub(crate) fn says_code(text: &str) -> bool {
    let text = text.to_lowercase();
    words(&text)
        .iter()
        .any(|word| NOUNS.contains(word) || *word == "repository")
}

const NOUNS: [&str; 11] = [
    "code",
    "codes",
    "codebase",
    "codebases",
    "implementation",
    "implementations",
    "software",
    "toolbox",
    "toolkit",
    "framework",
    "package",
];

/// Nouns that papers also use for ideas: "we provide a framework" gives no code away.
const ABSTRACT_NOUNS: [&str; 3] = ["framework", "implementation", "implementations"];

/// Whether a noun for code stands anywhere, be it within a word. This runs over every abstract, so
/// it looks out for two letters of each noun that seldom stand together.
fn may_say_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    let around = |at: usize, before: usize, noun: &str| {
        at.checked_sub(before)
            .and_then(|start| bytes.get(start..start + noun.len()))
            .is_some_and(|part| part.eq_ignore_ascii_case(noun.as_bytes()))
    };
    let pair = |&byte: &u8| PAIRS.get(usize::from(byte)).copied().unwrap_or(0);
    let mut first = 0;
    bytes.iter().enumerate().any(|(at, byte)| {
        let bits = pair(byte);
        let met = first & bits >> 4;
        first = bits;
        met > 0
            && (around(at, 2, "code")
                || around(at, 8, "framework")
                || around(at, 3, "package")
                || around(at, 4, "toolkit")
                || around(at, 2, "implementation")
                || around(at, 4, "software")
                || around(at, 6, "toolbox"))
    })
}

/// By letter: in the lower half the pairs it begins, in the upper half those it ends.
static PAIRS: [u8; 256] = pairs();

#[allow(clippy::indexing_slicing, reason = "runs while this is compiled")]
const fn pairs() -> [u8; 256] {
    let mut pairs = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = match (byte as u8).to_ascii_lowercase() {
            b'o' => 1,               // c-od-e, toolb-ox
            b'm' => 2,               // i-mp-lementation
            b'r' | b'c' | b'l' => 4, // framewo-rk, pa-ck-age, too-lk-it
            b't' => 8,               // sof-tw-are
            b'd' | b'x' => 1 << 4,
            b'p' => 2 << 4,
            b'k' => 4 << 4,
            b'w' => 8 << 4,
            _ => 0,
        };
        byte += 1;
    }
    pairs
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ")
        .flat_map(|part| part.split(['!', '?', ';']))
}

fn words(sentence: &str) -> Vec<&str> {
    sentence
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Words that may stand between code and what is done with it.
const NEAR: usize = 8;

fn sentence_state(sentence: &str) -> CodeState {
    let words = words(sentence);
    let mut stated = false;
    for (at, noun) in words.iter().enumerate() {
        if !NOUNS.contains(noun) {
            continue;
        }
        let after = words.get(at + 1..).unwrap_or_default();
        let before = words.get(..at).unwrap_or_default();
        match (given_after(after), gives_before(before, noun)) {
            (CodeState::Promised, _) | (_, CodeState::Promised) => return CodeState::Promised,
            (CodeState::Stated, _) | (_, CodeState::Stated) => stated = true,
            _ => {}
        }
    }
    if stated {
        CodeState::Stated
    } else {
        CodeState::Unknown
    }
}

/// "code ... is available", "code ... will be released", "code and data available".
fn given_after(words: &[&str]) -> CodeState {
    const GIVEN: [&str; 9] = [
        "available",
        "released",
        "open-sourced",
        "open-source",
        "opensourced",
        "public",
        "published",
        "accessible",
        "downloaded",
    ];
    const ASIDE: [&str; 8] = [
        "and", "data", "dataset", "datasets", "models", "demo", "publicly", "freely",
    ];
    let given = |(at, word): (usize, &&str)| {
        GIVEN.contains(word)
            || *word == "open"
                && words
                    .get(at + 1)
                    .is_some_and(|next| matches!(*next, "source" | "sourced"))
    };
    let Some(at) = words.iter().take(NEAR + 1).enumerate().position(given) else {
        return CodeState::Unknown;
    };
    let between = words.get(..at).unwrap_or_default();
    let has = |list: &[&str]| between.iter().any(|word| list.contains(word));
    if has(&[
        "not", "no", "never", "without", "that", "using", "from", "when", "if", "on",
    ]) {
        return CodeState::Unknown;
    }
    let late = words.contains(&"soon")
        || words
            .windows(2)
            .any(|pair| matches!(pair, ["upon" | "after", "acceptance" | "publication"]));
    if has(&["will", "shall"]) {
        return CodeState::Promised;
    }
    let verb = has(&[
        "is", "are", "was", "were", "has", "have", "been", "be", "made",
    ]);
    // "Code available."
    let bare = words.get(at) == Some(&"available") && between.iter().all(|w| ASIDE.contains(w));
    match (verb || bare, late) {
        (true, true) => CodeState::Promised,
        (true, false) => CodeState::Stated,
        (false, _) => CodeState::Unknown,
    }
}

/// "we release the code", "we will open-source our implementation", "we provide code".
fn gives_before(words: &[&str], noun: &str) -> CodeState {
    const GIVE: [&str; 10] = [
        "release",
        "released",
        "releasing",
        "open-source",
        "open-sourced",
        "opensource",
        "publish",
        "provide",
        "share",
        "open",
    ];
    // The last few words before the noun, back to what starts another thought.
    let start = words
        .iter()
        .rposition(|word| matches!(*word, "that" | "which" | "where" | "of" | "for" | "to"))
        .map_or(0, |at| at + 1)
        .max(words.len().saturating_sub(NEAR));
    let words = words.get(start..).unwrap_or_default();
    let Some(we) = words
        .iter()
        .rposition(|word| matches!(*word, "we" | "authors"))
    else {
        return CodeState::Unknown;
    };
    let Some(give) = words.iter().skip(we).position(|word| GIVE.contains(word)) else {
        return CodeState::Unknown;
    };
    let weak = matches!(words.get(we + give), Some(&"provide" | &"share"));
    // "we additionally release", not "we study how firms release".
    if give > 3 || weak && ABSTRACT_NOUNS.contains(&noun) {
        return CodeState::Unknown;
    }
    let between = words.get(we..we + give).unwrap_or_default();
    if between
        .iter()
        .any(|word| matches!(*word, "will" | "plan" | "shall" | "intend"))
    {
        CodeState::Promised
    } else {
        CodeState::Stated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_noun_is_noticed_wherever_it_stands() {
        for noun in NOUNS {
            let upper = noun.to_uppercase();
            for text in [
                noun.to_owned(),
                format!("our {noun}"),
                format!("{upper}s, é"),
            ] {
                assert!(may_say_code(&text), "{text}");
            }
        }
        assert!(!may_say_code("cod ode framewor k packag e"));
    }

    #[test]
    fn states() {
        use CodeState::{Promised, Stated, Unknown};
        for (text, state) in [
            ("Kites fly. Code is available.", Stated),
            ("Our code and data are publicly available online.", Stated),
            ("Code and models available.", Stated),
            ("We release all code, kites and strings.", Stated),
            ("We also open-source our implementation.", Stated),
            ("The kite framework is fully open sourced.", Stated),
            ("We provide source code.", Stated),
            ("Code will be made available.", Promised),
            ("The software will soon be released.", Promised),
            ("Our code is available upon acceptance.", Promised),
            ("We will release our code.", Promised),
            ("We provide a framework for kites.", Unknown),
            ("We provide a faster implementation.", Unknown),
            ("The source code is unavailable.", Unknown),
            ("The code is not available.", Unknown),
            ("We decode codes. Kites are available.", Unknown),
            (
                "Code that runs on publicly available kites is slow.",
                Unknown,
            ),
            ("Kites are released on weekdays, as code shows.", Unknown),
            ("", Unknown),
        ] {
            assert_eq!(code_state(text), state, "{text}");
        }
    }
}
