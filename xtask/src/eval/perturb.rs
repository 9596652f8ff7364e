//! Titles as readers mistype them: each is changed mechanically, with a fixed seed, and asked for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use offprint_analysis::{fold_into, is_stop_word};
use serde::Deserialize;

use super::seeds::papers;
use crate::process;
use crate::workspace::Workspace;

/// Hits among which the paper must be.
const PLACES: usize = 3;
/// Letters of the shortest word that is mistyped.
const LETTERS: usize = 4;
/// Words of a short query.
const SHORT: std::ops::RangeInclusive<usize> = 3..=4;

/// Numbers that look random and are the same in every run (splitmix64: Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % count.max(1) as u64) as usize
    }

    fn letter(&mut self) -> char {
        char::from(b'a' + self.below(26) as u8)
    }
}

/// A change of a text; nothing where it does not apply.
type Change = fn(&str, &mut Dice) -> Option<String>;

/// Changes of whole titles.
const CHANGES: [(&str, Change); 13] = [
    ("as it stands", |text, _| Some(text.to_owned())),
    ("capitals", |text, _| Some(text.to_uppercase())),
    ("letter replaced", |text, dice| typo(text, dice, replace)),
    ("letter added", |text, dice| typo(text, dice, add)),
    ("letter left out", |text, dice| typo(text, dice, leave_out)),
    ("letters swapped", |text, dice| typo(text, dice, swap)),
    ("hyphens left out", |text, _| hyphens(text, "")),
    ("hyphens to blanks", |text, _| hyphens(text, " ")),
    ("words joined", joined),
    ("plural", |text, dice| change_word(text, dice, plural)),
    ("words in another order", shuffled),
    ("without accents", |text, _| plain(text)),
    ("British spelling", |text, _| british(text)),
];

/// Changes of a few words of a title.
const SHORT_CHANGES: [(&str, Change); 6] = [
    ("as it stands", |text, _| Some(text.to_owned())),
    ("letter replaced", |text, dice| typo(text, dice, replace)),
    ("letter added", |text, dice| typo(text, dice, add)),
    ("letter left out", |text, dice| typo(text, dice, leave_out)),
    ("letters swapped", |text, dice| typo(text, dice, swap)),
    ("words joined", joined),
];

fn is_word(word: &str) -> bool {
    word.len() >= LETTERS && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Changes one of the words that have only letters, and enough of them.
fn change_word(
    text: &str,
    dice: &mut Dice,
    change: impl Fn(&str, &mut Dice) -> Option<String>,
) -> Option<String> {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let able: Vec<usize> = (0..words.len())
        .filter(|&at| words.get(at).is_some_and(|word| is_word(word)))
        .collect();
    let at = *able.get(dice.below(able.len()))?;
    let word = words.get_mut(at)?;
    *word = change(word, dice)?;
    Some(words.join(" "))
}

fn typo(text: &str, dice: &mut Dice, edit: fn(&mut Vec<char>, &mut Dice)) -> Option<String> {
    change_word(text, dice, |word, dice| {
        let mut letters: Vec<char> = word.chars().collect();
        edit(&mut letters, dice);
        let changed: String = letters.into_iter().collect();
        (changed != word).then_some(changed)
    })
}

#[allow(clippy::ptr_arg, reason = "one kind of function for every edit")]
fn replace(letters: &mut Vec<char>, dice: &mut Dice) {
    let (at, letter) = (dice.below(letters.len()), dice.letter());
    if let Some(slot) = letters.get_mut(at) {
        *slot = letter;
    }
}

fn add(letters: &mut Vec<char>, dice: &mut Dice) {
    let at = dice.below(letters.len() + 1);
    letters.insert(at, dice.letter());
}

fn leave_out(letters: &mut Vec<char>, dice: &mut Dice) {
    letters.remove(dice.below(letters.len()));
}

#[allow(clippy::ptr_arg, reason = "one kind of function for every edit")]
fn swap(letters: &mut Vec<char>, dice: &mut Dice) {
    let at = dice.below(letters.len() - 1);
    letters.swap(at, at + 1);
}

fn plural(word: &str, _: &mut Dice) -> Option<String> {
    Some(match word {
        _ if word.ends_with("ss") || word.ends_with("us") => return None,
        _ if word.ends_with('s') => word.strip_suffix('s')?.to_owned(),
        _ if word.ends_with("ch") || word.ends_with('x') => format!("{word}es"),
        _ => match word.strip_suffix('y') {
            Some(start) if !start.ends_with(['a', 'e', 'o', 'u']) => format!("{start}ies"),
            _ => format!("{word}s"),
        },
    })
}

fn hyphens(text: &str, with: &str) -> Option<String> {
    let mut out = String::new();
    let mut changed = false;
    let mut letters = text.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let joins = before.is_alphabetic() && letters.peek().is_some_and(|c| c.is_alphabetic());
        if letter == '-' && joins {
            out.push_str(with);
            changed = true;
        } else {
            out.push(letter);
        }
        before = letter;
    }
    changed.then_some(out)
}

fn joined(text: &str, dice: &mut Dice) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let able: Vec<usize> = (1..words.len())
        .filter(|&at| {
            let long = |word: Option<&&str>| word.is_some_and(|word| is_word(word));
            long(words.get(at - 1)) && long(words.get(at))
        })
        .collect();
    let at = *able.get(dice.below(able.len()))?;
    let (before, after) = words.split_at(at);
    Some(before.join(" ") + &after.join(" "))
}

fn shuffled(text: &str, dice: &mut Dice) -> Option<String> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    for at in (1..words.len()).rev() {
        words.swap(at, dice.below(at + 1));
    }
    Some(words.join(" "))
}

fn plain(text: &str) -> Option<String> {
    let mut plain = String::new();
    fold_into(text, &mut plain);
    let letters = text.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    letters.then_some(plain)
}

fn british(text: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 7] = [
        ("ization", "isation"),
        ("izing", "ising"),
        ("ized", "ised"),
        ("color", "colour"),
        ("behavior", "behaviour"),
        ("neighbor", "neighbour"),
        ("modeling", "modelling"),
    ];
    let lower = text.to_lowercase();
    let pairs = PAIRS.iter();
    let changed = pairs.fold(lower.clone(), |text, (from, to)| text.replace(from, to));
    (changed != lower).then_some(changed)
}

/// Three or four words of a title that stand together, function words left out.
fn few(title: &str, dice: &mut Dice) -> Option<String> {
    let content: Vec<&str> = title
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty() && !is_stop_word(&word.to_lowercase()))
        .collect();
    let count = SHORT.start() + dice.below(2);
    let first = dice.below((content.len() + 1).checked_sub(count)?);
    Some(content.get(first..first + count)?.join(" "))
}

#[derive(Deserialize)]
struct Answer {
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    id: String,
    title: String,
}

/// For each kind of change how many titles it applies to, and the share of those that find their
/// paper, or one of the same title, among the first three hits.
pub fn evaluate(
    workspace: &Workspace,
    name: &str,
    inputs: &[PathBuf],
    work: &Path,
) -> Result<Vec<(String, usize, f64)>> {
    let papers = papers(inputs)?;
    let site = work.join(format!("{name}-mistyped"));
    super::build(workspace, inputs, &site)?;

    let mut asked: Vec<(String, usize)> = Vec::new();
    let path = work.join(format!("{name}-mistyped.jsonl"));
    let mut file = File::create(&path).with_context(|| path.display().to_string())?;
    let whole = CHANGES.iter().map(|change| (false, change));
    let short = SHORT_CHANGES.iter().map(|change| (true, change));
    for (number, (is_short, (kind, change))) in whole.chain(short).enumerate() {
        for (at, paper) in papers.iter().enumerate() {
            let mut dice = Dice((number as u64) << 32 | at as u64);
            let title = &paper.title.clean;
            // The same words of a title for every change.
            let text = match is_short {
                true => few(title, &mut Dice(at as u64)),
                false => Some(title.clone()),
            };
            if let Some(query) = text.and_then(|text| change(&text, &mut dice)) {
                let of = if is_short { "few words of " } else { "" };
                asked.push((format!("mistyped {of}{name}: {kind}"), at));
                let line = serde_json::json!({ "text": query });
                writeln!(file, "{line}")?;
            }
        }
    }
    drop(file);
    let printed = process::output(
        Command::new(workspace.program())
            .arg("query")
            .arg(&site)
            .args(["--json", "--limit", "3", "--batch"])
            .arg(&path),
    )?;
    let mut found: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for ((kind, at), line) in asked.into_iter().zip(printed.lines()) {
        let answer: Answer = serde_json::from_str(line).context("`offprint query --json`")?;
        let Some(paper) = papers.get(at) else {
            continue;
        };
        let mut first = answer.hits.iter().take(PLACES);
        let is_there = first.any(|hit| hit.id == paper.id || hit.title == paper.title.clean);
        let (count, hits) = found.entry(kind).or_default();
        *count += 1;
        *hits += usize::from(is_there);
        if !is_there && std::env::var_os("OFFPRINT_SHOW_MISSED").is_some() {
            println!("MISSED {line}");
        }
    }
    let share =
        |(kind, (count, hits)): (String, (usize, usize))| (kind, count, hits as f64 / count as f64);
    Ok(found.into_iter().map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_do_what_they_say() {
        let dice = || Dice(7);
        let title = "A Color-coded map of noise";
        assert_eq!(
            hyphens(title, "").as_deref(),
            Some("A Colorcoded map of noise")
        );
        assert_eq!(hyphens("1-2", " "), None);
        assert_eq!(
            british(title).as_deref(),
            Some("a colour-coded map of noise")
        );
        assert_eq!(joined("deep of sets", &mut dice()), None);
        assert_eq!(
            joined("deep sets", &mut dice()).as_deref(),
            Some("deepsets")
        );
        let changed = typo("a to gradient", &mut dice(), swap);
        assert!(changed.is_some_and(|text| text.len() == "a to gradient".len()));
        assert_eq!(plural("theory", &mut dice()).as_deref(), Some("theories"));
        assert_eq!(plain("no accents"), None);
        assert_eq!(plain("Poincaré map").as_deref(), Some("poincare map"));
    }

    #[test]
    fn few_words_stand_together() {
        let words = few("On the Complexity of Some Hard Problems", &mut Dice(1));
        let words = words.unwrap_or_default();
        assert!(words.split(' ').count() >= 3, "{words}");
        assert!(!words.contains("the"), "{words}");
    }
}
