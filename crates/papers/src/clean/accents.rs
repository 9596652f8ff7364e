//! Accented letters behind LaTeX's macros.

use unicode_normalization::char::compose;

/// The combining character of an accent macro named by a mark: `\'`, `\"`...
pub(super) fn of_mark(mark: char) -> Option<char> {
    Some(match mark {
        '`' => '\u{300}',
        '\'' => '\u{301}',
        '^' => '\u{302}',
        '~' => '\u{303}',
        '=' => '\u{304}',
        '.' => '\u{307}',
        '"' => '\u{308}',
        _ => return None,
    })
}

/// The combining character of an accent macro named by a letter: `\c`, `\v`...
pub(super) fn of_letter(name: &str) -> Option<char> {
    Some(match name {
        "u" => '\u{306}',
        "r" => '\u{30a}',
        "H" => '\u{30b}',
        "v" => '\u{30c}',
        "d" => '\u{323}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "b" => '\u{331}',
        _ => return None,
    })
}

/// Reads an accent's argument at the start of `text`: `o`, ` o`, `{o}`, `{\i}`, `\i`.
/// Gives the accented letter and how many bytes were read; `None` where no such letter exists.
pub(super) fn argument(text: &str, accent: char) -> Option<(char, usize)> {
    // `\"w` is an escaped quotation mark, though a letter of that shape exists.
    let compose = |letter: char, accent| {
        let vowel = matches!(
            letter.to_ascii_lowercase(),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y'
        );
        (accent != '\u{308}' || vowel)
            .then(|| compose(letter, accent))
            .flatten()
    };
    let inner = text.trim_start_matches(' ');
    let blanks = text.len() - inner.len();
    if blanks > 1 {
        return None;
    }
    if let Some(inner) = inner.strip_prefix('{') {
        let (letter, read) = base(inner.trim_start_matches(' '))?;
        let padding = inner.len() - inner.trim_start_matches(' ').len();
        let rest = inner.get(padding + read..)?;
        let closing = rest.trim_start_matches(' ');
        closing.starts_with('}').then_some(())?;
        let read = blanks + 1 + padding + read + (rest.len() - closing.len()) + 1;
        return Some((compose(letter, accent)?, read));
    }
    let (letter, read) = base(inner)?;
    Some((compose(letter, accent)?, blanks + read))
}

/// A letter, or a dotless i or j, which takes the accent as i or j does.
fn base(text: &str) -> Option<(char, usize)> {
    for (name, letter) in [("\\i", 'i'), ("\\j", 'j')] {
        if let Some(rest) = text.strip_prefix(name)
            && !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            // TeX takes one blank, or an empty group, as the end of a command's name.
            let end = ["{}", " "].iter().find(|end| rest.starts_with(**end));
            return Some((letter, name.len() + end.map_or(0, |end| end.len())));
        }
    }
    text.chars()
        .next()
        .filter(|c| c.is_alphabetic())
        .map(|c| (c, c.len_utf8()))
}

/// Letters that have a command of their own.
pub(super) fn letter(name: &str) -> Option<&'static str> {
    Some(match name {
        "L" => "Ł",
        "l" => "ł",
        "O" => "Ø",
        "o" => "ø",
        "aa" => "å",
        "AA" => "Å",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "ss" => "ß",
        "i" => "ı",
        "j" => "ȷ",
        "dh" => "ð",
        "DH" => "Ð",
        "dj" => "đ",
        "DJ" => "Đ",
        "th" => "þ",
        "TH" => "Þ",
        "ng" => "ŋ",
        "NG" => "Ŋ",
        _ => return None,
    })
}
