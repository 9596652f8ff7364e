#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use proptest::prelude::*;

#[track_caller]
fn cleans(cases: &[(&str, &str)]) {
    for (text, cleaned) in cases {
        assert_eq!(clean_text(text).clean, *cleaned, "{text}");
        assert_eq!(clean_text(cleaned).clean, *cleaned, "again: {text}");
    }
}

#[test]
fn accents_behind_macros() {
    cleans(&[
        (
            r#"Schr\"odinger, Nystr\"{o}m, Poincar\'e, Mat\'ern"#,
            "Schrödinger, Nyström, Poincaré, Matérn",
        ),
        (
            r"\L ojasiewicz, {\L}ukasiewicz, \L{}ukasz, Stanis\l aw",
            "Łojasiewicz, Łukasiewicz, Łukasz, Stanisław",
        ),
        (
            r"Monge-Amp\`ere, Fran\c{c}ois, Gar\c con",
            "Monge-Ampère, François, Garçon",
        ),
        (
            r"Fu\v{c}ik, Ho\v rava, Erd\H{o}s, Br{\o}ndsted",
            "Fučik, Hořava, Erdős, Brøndsted",
        ),
        (
            r#"na\"{\i}ve, na\"\i ve, Mart{\'\i}, {\'e}t{\'{e}}"#,
            "naïve, naïve, Martí, été",
        ),
        (
            r"{\AA}ngstr\o m, Gau{\ss}, \oe uvre, Br\aa then",
            "Ångstrøm, Gauß, œuvre, Bråthen",
        ),
        (
            r"S\~ao, Vi\^et, \=a, \.z, Uzna\'{n}ski",
            "São, Viêt, ā, ż, Uznański",
        ),
        (
            r"20~\AA wide, 20~\AA\ wide, 3 \AA.",
            "20 Å wide, 20 Å wide, 3 Å.",
        ),
        // No such letter, or no accent.
        (r"\'{} \'1 \=q", r"\'{} \'1 \=q"),
        (r#"a user\'s \"word\""#, r#"a user's \"word\""#),
    ]);
}

#[test]
fn plain_commands() {
    cleans(&[
        (r"90\%, R\&D, a\_b, \#1", "90%, R&D, a_b, #1"),
        (
            r"{\em two words}, {\it one}, {\sc Small-Caps}: x",
            "two words, one, Small-Caps: x",
        ),
        (
            r"Evo\textbf{lved}, \emph{so}, \textit{so}, \texttt{so_so}",
            "Evolved, so, so, so_so",
        ),
        (
            r"\emph{nested {\bf and \textit{deep}} text}",
            "nested and deep text",
        ),
        (
            r"{it misaligned} {em very much so}",
            "misaligned very much so",
        ),
        (r"Double{-}Barrelled", "Double-Barrelled"),
        (
            r"called\kite (soaring), \kite{} and \kite",
            "called kite (soaring), kite and kite",
        ),
        (
            r"fields \eg chess, \ie, games",
            "fields e.g. chess, i.e., games",
        ),
        (
            r"as shown \cite{a,b}. By \citet[p.~3]{c} too",
            "as shown. By too",
        ),
        (r"line\\ break\newline here\ldots", "line break here…"),
        (r"text\footnote{a note} goes on", "text (a note) goes on"),
        (
            r"\begin{itemize} \item one \item two \end{itemize}",
            "one two",
        ),
        (
            r"run \verb|a_b| in \textcolor[rgb]{1,0,0}{red}",
            "run a_b in red",
        ),
        (r"\section*{Aims} We \revised{fly}", "Aims We fly"),
        // An unclosed group costs nothing but its command.
        (r"\emph{open and {\em wide", "{open and {wide"),
    ]);
}

#[test]
fn mathematics_stays() {
    for text in [
        r"at $x--y$ and $a~b$ with $\'x$ of $``z''$",
        r"\(a--b\) and \[ \frac{1}{2} -- \epsilon \]",
        r"$$ \alpha~\beta $$",
        r"drawn from \pi_0 with \alpha \le \beta and \mathcal{O}(n)",
        r"\begin{equation} a~b \end{equation}",
        r"a field \R or \foo_i and \{x\}",
        "O(n^{1/2}) and mathcal{O}(n) in R^{n times m}",
        "Sigma(<R) of <kite>, A&B, f*, HACL*",
    ] {
        let cleaned = clean_text(text);
        assert_eq!(
            cleaned,
            Text {
                clean: text.to_owned(),
                raw: None
            }
        );
    }
    // Money is no mathematics.
    cleans(&[("from $5 -- so -- to $10~each", "from $5 – so – to $10 each")]);
}

#[test]
fn quotes_dashes_ties() {
    cleans(&[
        (
            "``a kite'', ``two\", ``three``, ''four''",
            "“a kite”, “two”, “three”, “four”",
        ),
        (
            "a `kind of' kite, don't, `why' not, 'plain'",
            "a ‘kind of’ kite, don't, ‘why’ not, 'plain'",
        ),
        ("the kites' ``x", "the kites' “x"),
        ("5\" and \"a kite''. b''", "5\" and \"a kite''. b''"),
        ("\"a kite.'' b''", "\"a kite.\" b''"),
        ("f'' and ''' and ```code```", "f'' and ''' and ```code```"),
        ("a--b, c -- d, e---f, 1--2", "a–b, c – d, e—f, 1–2"),
        (
            "run --fast, a --> b, <!-- c -->, ----",
            "run --fast, a --> b, <!-- c -->, ----",
        ),
        (
            "Figure~2, e.g.,~kites, model~(MO)",
            "Figure 2, e.g., kites, model (MO)",
        ),
        (
            "about ~10 in ~/bin, x ~ y, 5~10",
            "about ~10 in ~/bin, x ~ y, 5~10",
        ),
        (
            "partsx2013such as x2013 and max2014",
            "parts–such as x2013 and max2014",
        ),
        ("runx2014each", "run—each"),
    ]);
}

#[test]
fn citation_keys() {
    cleans(&[
        (
            "as shown~doe2021kites, by Roe~roe19 and Poe~poe20b.",
            "as shown, by Roe and Poe.",
        ),
        ("many~doe2021kites,roe2019strings have", "many have"),
        ("Kite-4~kite4 but Kite~mark4", "Kite-4 but Kite mark4"),
        ("as in doe2021kites", "as in doe2021kites"),
    ]);
}

#[test]
fn entities_and_characters() {
    cleans(&[
        (
            "A &amp; B &lt; C &amp;gt; D &#8211; E&nbsp;F",
            "A & B < C > D – E F",
        ),
        (" a\u{a0}\t b\n\u{200b}c\u{202e}d\u{0}e\u{feff} ", "a b cde"),
        ("e\u{301} \u{fb01} \u{212b}", "é \u{fb01} Å"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("&#x202e;x", "x"),
    ]);
}

#[test]
fn raw_is_kept_only_where_more_than_blanks_changed() {
    assert_eq!(clean_text("a  b\u{200b}e\u{301}").raw, None);
    assert_eq!(clean_text("R&D, x-y, it's 2x2 {x}").raw, None);
    assert_eq!(
        clean_text(" 5\\%  of\n it").raw.as_deref(),
        Some("5\\% of it")
    );
}

#[test]
fn addresses_are_not_cleaned_as_text() {
    let text = "at https://kites.example/~a/b--c_d/x''y";
    let cleaned = clean(text);
    assert_eq!(cleaned.text.clean, text);
    assert_eq!(cleaned.links, ["https://kites.example/~a/b--c_d/x''y"]);
}

#[test]
fn work_grows_with_the_text_alone() {
    // Each of these would take minutes if a rule looked ahead without bound.
    for piece in [
        "{\\em ", "$a ", "``", "\\emph{", "`x ", "&amp", "https://", "~a2020b,", "url{", "\\[ ",
        "~/",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        let cleaned = clean(&text);
        assert!(cleaned.text.clean.len() <= 2 * text.len(), "{piece}");
    }
    let text = format!("https://kites.example/{}", ")".repeat(100_000));
    assert_eq!(clean(&text).links, ["https://kites.example/"]);
}

/// Text made of what the rules look for.
fn residue() -> impl Strategy<Value = String> {
    const PIECES: [&str; 64] = [
        "\\",
        "{",
        "}",
        "$",
        "~",
        "`",
        "``",
        "'",
        "''",
        "\"",
        "-",
        "--",
        "---",
        "&",
        ";",
        "amp;",
        "&amp;",
        "&lt;",
        "&#36;",
        "&#92;",
        "x2013",
        "x2014",
        " ",
        " ",
        " ",
        "a",
        "b",
        "word",
        "O",
        "1",
        "20",
        "doe2021kites",
        "gpt4",
        "GPT-4",
        "\\em ",
        "{\\em ",
        "\\emph{",
        "\\cite{",
        "\\url{",
        "url{",
        "\\href{",
        "{URL}",
        "http://",
        "https://",
        "www.",
        "kites.example",
        "github.com/a/b",
        "/",
        "/~a",
        ".",
        ",",
        " .",
        "\\'",
        "\\\"",
        "\\c ",
        "\\o",
        "\\i",
        "{e}",
        "\\foo",
        "\\alpha",
        "\\%",
        "\\$",
        "\u{301}",
        "\u{202e}",
    ];
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_is_idempotent(text in prop_oneof![residue(), any::<String>()]) {
        let once = clean(&text);
        let twice = clean(&once.text.clean);
        prop_assert_eq!(&twice.text.clean, &once.text.clean);
        prop_assert_eq!(&twice.text.raw, &None);
        prop_assert_eq!(&twice.links, &once.links);
    }

    #[test]
    fn links_are_safe_and_stand_in_the_text(text in residue()) {
        let cleaned = clean(&text);
        for link in &cleaned.links {
            prop_assert!(cleaned.text.clean.contains(link.as_str()));
            prop_assert_eq!(crate::safe_link(link), Some(link.clone()));
        }
    }

    #[test]
    fn cleaned_text_is_normal(text in any::<String>()) {
        let cleaned = clean_text(&text).clean;
        prop_assert!(!cleaned.chars().any(|c| c.is_control() || is_invisible(c)));
        prop_assert!(!cleaned.contains("  ") && cleaned.trim() == cleaned);
        prop_assert!(unicode_normalization::is_nfc(&cleaned));
    }
}
