//! Names as BibTeX writes them, several with `and` between.

/// The people of a field, given names first. `and others` is left out.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut people = Vec::new();
    for word in split(text, char::is_whitespace) {
        if word.eq_ignore_ascii_case("and") {
            people.extend(person(&words.join(" ")));
            words.clear();
        } else {
            words.push(word);
        }
    }
    people.extend(person(&words.join(" ")));
    people
}

fn person(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(',').trim();
    if text.is_empty() || text.eq_ignore_ascii_case("others") {
        return None;
    }
    let parts: Vec<&str> = split(text, |c| c == ',')
        .into_iter()
        .map(str::trim)
        .collect();
    // biblatex: family=Lee, given=Ann, prefix=van
    if parts.len() > 1 && parts.iter().all(|part| part.contains('=')) {
        let of = |name: &str| {
            let found = parts.iter().find_map(|part| {
                let (key, value) = part.split_once('=')?;
                (key.trim() == name).then(|| value.trim())
            });
            found.unwrap_or_default()
        };
        return joined(&[of("given"), of("prefix"), of("family"), of("suffix")]);
    }
    match parts.as_slice() {
        [last, first] => joined(&[first, last]),
        [last, junior, first] => joined(&[first, last, junior]),
        _ => Some(text.to_owned()),
    }
}

fn joined(parts: &[&str]) -> Option<String> {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Parts between characters that stand outside of braces; none is empty.
fn split(text: &str, between: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && between(c) => {
                parts.extend(text.get(start..at));
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_come_first() {
        for (text, people) in [
            ("Ann Lee", vec!["Ann Lee"]),
            ("Lee, Ann and Chen, Bo", vec!["Ann Lee", "Bo Chen"]),
            (
                "Lee, Ann\n  and\tBo Chen and others",
                vec!["Ann Lee", "Bo Chen"],
            ),
            (
                "van der Berg, Jan AND {Kite and Owl Society}",
                vec!["Jan van der Berg", "{Kite and Owl Society}"],
            ),
            ("King, Jr., Martin", vec!["Martin King Jr."]),
            ("{Lee, Ann}", vec!["{Lee, Ann}"]),
            ("family=Berg, given=Jan, prefix=van", vec!["Jan van Berg"]),
            ("Alexander and Andrews, Bo", vec!["Alexander", "Bo Andrews"]),
            ("and and ,", vec![]),
            ("Lee, and Chen, B", vec!["Lee", "B Chen"]),
        ] {
            assert_eq!(names(text), people, "{text}");
        }
    }
}
