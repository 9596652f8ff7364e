//! Author names where an input gives them otherwise than one by one.

use serde_json::{Map, Value};

/// Splits a string of authors, as far as it is plain where one ends.
///
/// `;` and ` and ` always stand between names. A comma does where the parts on both sides are
/// names of two words or more; `Smith, John` stays one name.
pub(crate) fn split(text: &str) -> Vec<String> {
    // The comma in ", and" belongs to the "and".
    let parts: Vec<&str> = text
        .split(';')
        .flat_map(|part| part.split(" and "))
        .map(|part| part.trim().trim_end_matches(',').trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    let is_name = |part: &str| part.split_whitespace().nth(1).is_some();
    parts
        .into_iter()
        .flat_map(|part| {
            let names: Vec<&str> = part.split(',').map(str::trim).collect();
            match names.iter().all(|name| is_name(name)) {
                true => names,
                false => vec![part],
            }
        })
        .map(ToOwned::to_owned)
        .collect()
}

/// `{"name": …}`, or a given and a family name under the names usual for them.
pub(crate) fn from_object(fields: &Map<String, Value>) -> Option<String> {
    let word = |keys: [&str; 3]| {
        keys.iter()
            .find_map(|key| fields.get(*key)?.as_str())
            .filter(|text| !text.is_empty())
    };
    if let Some(name) = fields.get("name").and_then(Value::as_str) {
        return Some(name.to_owned());
    }
    match (
        word(["given", "first", "firstname"]),
        word(["family", "last", "lastname"]),
    ) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => given.or(family).map(ToOwned::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_where_it_is_plain() {
        for (text, names) in [
            ("Ann Lee", vec!["Ann Lee"]),
            ("Ann Lee and Bo Chen", vec!["Ann Lee", "Bo Chen"]),
            ("Ann Lee; Bo Chen;", vec!["Ann Lee", "Bo Chen"]),
            ("Ann Lee, Bo Chen", vec!["Ann Lee", "Bo Chen"]),
            (
                "A. Lee, B. Chen, and C. Dal",
                vec!["A. Lee", "B. Chen", "C. Dal"],
            ),
            ("Lee, Ann", vec!["Lee, Ann"]),
            ("Lee, Ann and Chen, Bo", vec!["Lee, Ann", "Chen, Bo"]),
            ("Lee, Ann; Chen, Bo", vec!["Lee, Ann", "Chen, Bo"]),
            ("Plato, Aristotle", vec!["Plato, Aristotle"]),
            (" and ;, ", vec![]),
        ] {
            assert_eq!(split(text), names, "{text}");
        }
    }

    #[test]
    fn names_in_objects() {
        for (text, name) in [
            (r#"{"name": "Ann Lee", "given": "X"}"#, Some("Ann Lee")),
            (r#"{"given": "Ann", "family": "Lee"}"#, Some("Ann Lee")),
            (r#"{"last": "Lee"}"#, Some("Lee")),
            (r#"{"name": 3}"#, None),
        ] {
            let fields = serde_json::from_str(text).unwrap_or_default();
            assert_eq!(from_object(&fields).as_deref(), name, "{text}");
        }
    }
}
