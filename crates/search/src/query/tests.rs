use super::*;
use crate::limits;

fn words(text: &str) -> Vec<(String, u32, bool)> {
    let query = Query::parse(text);
    query
        .words
        .into_iter()
        .map(|word| (word.text, word.times, word.prefix))
        .collect()
}

fn word(text: &str, times: u32, prefix: bool) -> (String, u32, bool) {
    (text.into(), times, prefix)
}

/// A query's condition and its plain words, written out.
fn meaning(text: &str) -> (String, String) {
    let query = Query::parse(text);
    let name = |bits: u64| {
        let words = query.words.iter().enumerate();
        let words = words.filter(|(at, _)| bits & 1 << at != 0);
        let mut names: Vec<String> = words
            .map(|(_, word)| {
                let field = match word.field {
                    Field::Any => "",
                    Field::Title => "title:",
                    Field::Abstract => "abstract:",
                    Field::Author => "author:",
                };
                let star = if word.prefix { "*" } else { "" };
                format!("{field}{}{star}", word.text)
            })
            .collect();
        let phrases = query.phrases.iter().filter(|known| bits & known.bit != 0);
        names.extend(phrases.map(|known| format!("\"{}\"", known.phrase.words.join(" "))));
        names.join("+")
    };
    let mut stack: Vec<String> = Vec::new();
    for op in &query.must {
        let step = match *op {
            Op::Has(bits) => name(bits),
            Op::Not => format!("not {}", stack.pop().unwrap_or_default()),
            Op::And | Op::Or => {
                let right = stack.pop().unwrap_or_default();
                let left = stack.pop().unwrap_or_default();
                let op = if *op == Op::And { "and" } else { "or" };
                format!("({left} {op} {right})")
            }
        };
        stack.push(step);
    }
    assert!(stack.len() <= 1, "{text}: {stack:?}");
    (stack.pop().unwrap_or_default(), name(query.soft))
}

fn means(text: &str, must: &str, soft: &str) {
    assert_eq!(meaning(text), (must.to_owned(), soft.to_owned()), "{text}");
}

#[test]
fn the_last_word_is_a_prefix_while_it_is_typed() {
    assert_eq!(
        words("Graph neur"),
        [word("graph", 1, false), word("neur", 1, true)]
    );
    assert_eq!(words("graph "), [word("graph", 1, false)]);
    assert_eq!(words("graph graph"), [word("graph", 2, false)]);
}

#[test]
fn function_words_count_only_alone_or_while_typed() {
    assert_eq!(
        words("the art of war "),
        [word("art", 1, false), word("war", 1, false)]
    );
    assert_eq!(
        words("art of"),
        [word("art", 1, false), word("of", 1, true)]
    );
    assert_eq!(
        words("to be "),
        [word("to", 1, false), word("be", 1, false)]
    );
    let hollow = |text| Query::parse(text).words.last().map(|word| word.hollow);
    assert_eq!(hollow("art of"), Some(true));
    assert_eq!(hollow("of"), Some(false));
    assert_eq!(hollow("art off"), Some(false));
}

#[test]
fn neighbours_may_stand_as_one_word() {
    let query = Query::parse("fast page rank");
    let forms: Vec<(&str, u64)> = query
        .variants
        .iter()
        .map(|form| (form.text.as_str(), form.words))
        .collect();
    assert_eq!(forms, [("fastpage", 0b11), ("pagerank", 0b110)]);
}

#[test]
fn plain_words_are_no_condition() {
    means("graph models ", "", "graph+models");
    means("Title: a subtitle - and more ", "", "title+subtitle+more");
    means("5\" screens ", "", "5+screens");
    means("state-of-the-art (survey) ", "", "state+art+survey");
    means("E(3)-equivariant nets ", "", "e+3+equivariant+nets");
    means("TO BE OR NOT TO BE ", "", "to+be+or+not");
}

#[test]
fn operators_are_conditions() {
    means("cat -dog ", "not dog", "cat");
    means("cat NOT dog ", "not dog", "cat");
    means("cat ANDNOT dog ", "not dog", "cat");
    means("cat OR dog ", "(cat or dog)", "");
    means(
        "small cat OR dog | cow house ",
        "((cat or dog) or cow)",
        "small+house",
    );
    means(
        "pets (cat OR (dog bark)) -(cow OR hen) ",
        "((cat or (dog and bark)) and not (cow or hen))",
        "pets",
    );
    means("-5 degrees ", "", "5+degrees");
    means("OR cat OR ", "", "cat");
    means("cat OR", "", "cat+or*");
}

#[test]
fn fields_hold_what_follows_at_once() {
    means("title:graph nets ", "title:graph", "nets");
    means("ti:graph AU:kipf ", "(title:graph and author:kipf)", "");
    means("author:\"y. lecun\" ", "author:lecun", "");
    means("abs:(cat dog) ", "(abstract:cat and abstract:dog)", "");
    means("-title:cat dog ", "not title:cat", "dog");
    means("title: cat ", "", "title+cat");
    means("(title:cat) dog ", "title:cat", "dog");
    means("(see: cat) dog ", "", "see+cat+dog");
    means("author:hin", "author:hin", "");
    means("author:hint", "author:hint*", "");
}

#[test]
fn quotes_and_dollars_are_exact() {
    means("\"the art of war\" cat ", "\"the art of war\"", "cat");
    means("“deep nets” ", "\"deep nets\"", "");
    means("models$ of cats ", "\"models\"", "models+cats");
    means("cats$ dogs$ ", "\"cats\"+\"dogs\"", "cats+dogs");
    means("$k$-means ", "", "k+means");
    means("maps in $R^n$ ", "", "maps+r+n");
    means("-\"deep nets\" cat ", "not \"deep nets\"", "cat");
    means("\"not closed ", "", "closed");
    means("(\"deep nets\") cat ", "\"deep nets\"", "cat");
    means("\"C++\" ", "c++", "");
    means("\"\" cat ", "", "cat");
    let scored: Vec<String> = words("\"the art of war\" ")
        .into_iter()
        .map(|(text, ..)| text)
        .collect();
    assert_eq!(scored, ["art", "war"]);
}

#[test]
fn a_star_asks_for_every_ending() {
    assert_eq!(
        words("neur* nets "),
        [word("neur", 1, true), word("nets", 1, false)]
    );
    assert_eq!(words("A* search "), [word("search", 1, false)]);
}

#[test]
fn conditions_hold_as_they_read() {
    let query = Query::parse("(cat OR dog) -cow pig ");
    let bit = |text: &str| {
        let at = query.words.iter().position(|word| word.text == text);
        1u64 << at.unwrap_or(63)
    };
    let admits = |texts: &[&str]| query.admits(texts.iter().fold(0, |bits, text| bits | bit(text)));
    assert!(admits(&["cat"]));
    assert!(admits(&["dog", "pig"]));
    assert!(!admits(&["dog", "cow"]));
    assert!(!admits(&["pig"]));
    assert_eq!(query.wanted(), bit("cat") | bit("dog") | bit("pig"));
    assert!(Query::parse("cat").admits(0));
}

#[test]
fn titles_need_not_say_filters() {
    for (text, expected) in [
        ("cat dog ", "cat dog "),
        ("cat year:2019..2020 dog cat:(cs.AI OR math)", "cat  dog "),
        ("venue:\"a place\" the cat", " the cat"),
    ] {
        assert_eq!(Query::parse(text).sayable, expected, "{text}");
    }
}

#[test]
fn nothing_is_too_long_or_too_odd() {
    assert_eq!(Query::parse(""), Query::default());
    let odd = Query::parse("  \u{0} …");
    assert!(odd.words.is_empty() && odd.must.is_empty());
    let long: String = (0..5000).map(|at| format!("w{at} ")).collect();
    let query = Query::parse(&long);
    assert_eq!(query.words.len(), limits::WORDS);
    assert_eq!(query.soft.count_ones() as usize, limits::WORDS);
    assert_eq!(Query::parse(&"é".repeat(100_000)).words.len(), 1);
    for hostile in [
        "(", ")", "-(", "NOT ", "ti:", "a OR ", "\"", "-\"", "(a OR ", "x|", "au:(", "| ",
    ] {
        let query = Query::parse(&hostile.repeat(9000));
        assert!(query.must.len() < 1000, "{hostile}: {}", query.must.len());
        query.admits(u64::MAX);
    }
}
