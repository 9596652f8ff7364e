//! Texts and their tokens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Owned {
    term: String,
    source: String,
    start: usize,
    end: usize,
    position: u32,
    kind: TokenKind,
}

fn collect(text: &str, tokenize: impl FnOnce(&mut dyn FnMut(Token<'_>))) -> Vec<Owned> {
    let mut tokens = Vec::new();
    tokenize(&mut |token| {
        tokens.push(Owned {
            term: token.term.into(),
            source: text[token.start..token.end].into(),
            start: token.start,
            end: token.end,
            position: token.position,
            kind: token.kind,
        });
    });
    tokens
}

fn tokens(text: &str) -> Vec<Owned> {
    collect(text, |sink| tokenize(text, &mut |token| sink(token)))
}

/// As the client does, which takes no letters at once.
fn tokens_closely(text: &str) -> Vec<Owned> {
    collect(text, |sink| {
        let mut scanner = Scanner::new(text, sink, Buffers::default());
        scanner.closely = true;
        scanner.run();
    })
}

/// The words of a text, each with a space after it; then its variants, each as
/// `position:term`.
fn shown(text: &str) -> String {
    let tokens = tokens(text);
    let (words, variants): (Vec<_>, Vec<_>) = tokens
        .into_iter()
        .partition(|token| token.kind == TokenKind::Word);
    let words = words.into_iter().map(|word| word.term + " ");
    let variants = variants
        .into_iter()
        .map(|variant| format!("{}={} ", variant.position, variant.term));
    words
        .chain(variants)
        .collect::<String>()
        .trim_end()
        .to_string()
}

#[track_caller]
fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

#[test]
fn words() {
    check(&[
        ("", ""),
        (" \n … — !? ", ""),
        ("Graphs, trees & heaps.", "graphs trees heaps"),
        ("word2vec beats GPT4", "word2vec beats gpt4"),
        ("ＧＰＴ４ ﬁts", "gpt4 fits"),
        ("Ωμέγα Ёлка", "ωμεγα елка"),
        (
            "decompose\u{301}d infor\u{AD}mation",
            "decomposed information",
        ),
        ("\u{301} \u{AD}", ""),
        ("图神经 network網路", "图 神 经 network 網 路"),
        ("カタ ひら 한국어 처리", "カ タ ひ ら 한국어 처리"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("x² ℓ₂", "x2 l2 0=x^2"),
    ]);
}

#[test]
fn apostrophes() {
    check(&[
        ("Rubik's cube", "rubik cube"),
        ("RUBIK’S", "rubik"),
        ("don't can’t", "dont cant"),
        ("we're they've I'll she'd I'm", "we they i she i"),
        ("shouldn't've", "shouldnt"),
        ("students' work", "students work"),
        ("l'Hôpital", "l hopital 0=lhopital"),
        ("O'Neil's rule", "o neil rule 0=oneil"),
        ("van 't Hooft", "van t hooft"),
        ("d'Alembert's", "d alembert 0=dalembert"),
        ("'quoted' words", "quoted words"),
        ("VENUE'21", "venue 21 0=venue21"),
        ("rubik's-cube", "rubik cube 0=rubikcube"),
        ("it'start", "it start 0=itstart"),
    ]);
}

#[test]
fn joined_words() {
    check(&[
        ("a byte-pair code", "a byte pair code 1=bytepair"),
        (
            "byte‑pair byte‐pair",
            "byte pair byte pair 0=bytepair 2=bytepair",
        ),
        ("state-of-the-art", "state of the art 0=stateoftheart"),
        ("one-two-three-four-five", "one two three four five"),
        (
            "snake_case e.g. this",
            "snake case e g this 0=snakecase 2=eg",
        ),
        (
            "and/or input:output R&D",
            "and or input output r d 2=input:output 4=r&d",
        ),
        ("a-b/c-d", "a b c d 0=ab 2=cd"),
        ("page--break end- -start", "page break end start"),
        ("well- known", "well known"),
        ("GPT-3.5-turbo", "gpt 3 5 turbo 1=3.5 0=gpt35turbo"),
        ("3.5 1.2.3", "3 5 1 2 3 0=3.5 2=1.2.3"),
        ("2010-2020", "2010 2020"),
        ("4-bit", "4 bit 0=4bit"),
        (
            "extraordinarilylongword-anotherextraordinaryword",
            "extraordinarilylongword anotherextraordinaryword",
        ),
    ]);
}

#[test]
fn umlauts() {
    check(&[
        ("Schrödinger", "schrodinger 0=schroedinger"),
        ("Ångström Übung", "angstrom ubung 0=aangstroem 1=uebung"),
        (
            "Sørensen-Lüders",
            "sorensen luders 0=soerensen 1=lueders 0=sorensenluders",
        ),
        ("Æsir naïve Erdős", "aesir naive erdos"),
    ]);
}

#[test]
fn symbols() {
    check(&[
        ("LoRA+ wins", "lora wins 0=lora+"),
        ("in C++, C# or F*.", "in c c or f 1=c++ 2=c# 4=f*"),
        ("C/C++", "c c 0=c/c++ 1=c++"),
        ("‘C++’ (see [x+]) f(a))", "c see x f a 0=c++ 2=x+ 3=f(a)"),
        ("(a)+(b) <a+> a->b >2", "a b a a b 2 2=a+ 3=a->b"),
        ("*PO and *emphasis*", "po and emphasis 0=*po"),
        ("**bold**", "bold"),
        ("2:4 sparsity, n:m", "2 4 sparsity n m 0=2:4 3=n:m"),
        ("eff@k", "eff k 0=eff@k"),
        (
            "E(3)-equivariant",
            "e 3 equivariant 0=e(3)-equivariant 0=e(3)",
        ),
        ("(E(3)) [C++] (foo", "e 3 c foo 0=e(3) 2=c++"),
        ("0.1% of", "0 1 of 0=0.1 0=0.1%"),
        ("2+3=?", "2 3 0=2+3="),
        (
            "$O(k^{-3})$ O(k^-3) O(k⁻³)",
            "o k 3 o k 3 o k 3 0=o(k^-3) 3=o(k^-3) 6=o(k^-3)",
        ),
        ("$\\ell_p$ $L^2$", "ell p l 2 0=lp 2=l^2"),
        ("SWE+: a", "swe a 0=swe+"),
        // Indexes mark keys that are no words by this character.
        ("\u{10ffff}<s \u{10ffff}c++", "s c"),
        ("5\\% of 'x+'", "5 of x 0=5% 2=x+"),
        (
            "see https://some.host/path?x=1#y",
            "see https some host path x 1 y 2=somehost",
        ),
        (".net + - = ?", "net"),
        ("Title: subtitle; `code`", "title subtitle code"),
        ("a+b+c+d+e+f+g+h+i+j+k+l+m", "a b c d e f g h i j k l m"),
        ("≤5 x≤5", "5 x 5 0=≤5 1=x≤5"),
    ]);
}

#[test]
fn variants_cover_their_words() {
    for text in ["(C/C++)", "the O'Neil-type 0.1% of", "$x^{2}$ Müller-C++"] {
        let tokens = tokens(text);
        for variant in tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Variant)
        {
            let first = tokens
                .iter()
                .find(|token| token.kind == TokenKind::Word && token.start >= variant.start);
            let first = first.expect("a word within");
            assert!(first.end <= variant.end, "{variant:?}");
            assert_eq!(first.position, variant.position, "{variant:?}");
        }
    }
}

#[test]
fn offsets_cover_the_source() {
    let sources: Vec<_> = tokens("Poincare\u{301}'s (byte-pair) 0.1%!")
        .into_iter()
        .map(|token| token.source)
        .collect();
    let expected = [
        "Poincare\u{301}",
        "byte",
        "pair",
        "byte-pair",
        "0",
        "1",
        "0.1",
        "0.1%",
    ];
    assert_eq!(sources, expected);
}

#[test]
fn long_words_are_cut_at_a_character() {
    let long = "é中ö".repeat(50) + &"жщ".repeat(100) + &"a".repeat(3_000_000);
    for token in tokens(&long) {
        assert!(token.term.len() <= MAX_TERM_BYTES);
    }
    assert_eq!(tokens(&"x-".repeat(100_000)).len(), 100_000);
    assert_eq!(tokens(&"1.".repeat(100_000)).len(), 100_000);
    assert_eq!(tokens(&"(".repeat(100_000)).len(), 0);
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z0-9]{1,8}",
        "[-‐_.'’/+:&@*()$%{}^,;!? ~]{1,3}",
        "[äÖüøÅéßñŁﬁ²₂ⁿ𝔸ΣЁй中か한\u{301}\u{AD}\u{200D}]{1,3}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn tokens_are_sane(text in texts()) {
        let mut words = 0;
        let mut last = 0;
        for token in tokens(&text) {
            prop_assert!(!token.term.is_empty() && token.term.len() <= MAX_TERM_BYTES);
            prop_assert!(token.start < token.end);
            if token.kind == TokenKind::Word {
                prop_assert!(token.start >= last);
                prop_assert_eq!(token.position, words);
                last = token.end;
                words += 1;
            } else {
                prop_assert!(token.position < words);
            }
        }
    }

    #[test]
    fn the_client_finds_the_same_tokens(text in texts()) {
        prop_assert_eq!(tokens(&text), tokens_closely(&text));
    }

    #[test]
    fn what_was_read_before_changes_nothing(texts in proptest::collection::vec(texts(), 1..5)) {
        let mut used = Tokenizer::default();
        for text in &texts {
            let again = collect(text, |sink| used.tokenize(text, &mut |token| sink(token)));
            prop_assert_eq!(again, tokens(text));
        }
    }

    #[test]
    fn a_word_is_that_word_again(text in texts()) {
        for token in tokens(&text) {
            if token.kind == TokenKind::Word {
                let again = tokens(&token.term);
                prop_assert_eq!(again.len(), 1);
                prop_assert_eq!(&again[0].term, &token.term);
                prop_assert_eq!(again[0].kind, TokenKind::Word);
            }
        }
    }

    #[test]
    fn folding_first_changes_no_word_of_ascii(text in "[ -~\n]{0,60}") {
        let mut folded = String::new();
        crate::fold_into(&text, &mut folded);
        let bare = |text: &str| -> Vec<_> {
            tokens(text).into_iter().map(|token| (token.term, token.start, token.kind)).collect()
        };
        prop_assert_eq!(bare(&text), bare(&folded));
    }
}
