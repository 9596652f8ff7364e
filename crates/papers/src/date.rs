//! Dates as inputs write them.

use std::fmt;

use crate::paper::Date;

impl Date {
    /// A date that the calendar has, of the years 1000 to 9999; `month` and `day` 0 where unknown.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let days = match month {
            0 => 0,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if year.is_multiple_of(4)
                && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
            {
                29
            }
            2 => 28,
            _ => return None,
        };
        ((1000..=9999).contains(&year) && day <= days).then_some(Date { year, month, day })
    }

    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or an RFC 3339 timestamp, whose time is ignored.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim();
        let (day, time) = match text.find(['T', 't', ' ']) {
            Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
            None => (text, None),
        };
        let mut parts = day.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = parts.next().map(|part| digits(part, 2));
        let day = parts.next().map(|part| digits(part, 2));
        if parts.next().is_some() || time.is_some_and(|time| day.is_none() || !is_time(time)) {
            return None;
        }
        // A month or a day that is written must be one: 0 stands for "not written" in `Date`.
        let month = month.map_or(Some(0), |month| month.filter(|&month| month > 0))?;
        let day = day.map_or(Some(0), |day| day.filter(|&day| day > 0))?;
        Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

/// `YYYY[-MM[-DD]]`
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.month, self.day) {
            (0, _) => write!(f, "{:04}", self.year),
            (month, 0) => write!(f, "{:04}-{month:02}", self.year),
            (month, day) => write!(f, "{:04}-{month:02}-{day:02}", self.year),
        }
    }
}

fn digits(text: &str, count: usize) -> Option<u16> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `hh:mm[:ss[.fraction]][zone]`, as far as it takes to tell a time from anything else.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()))
        && bytes
            .iter()
            .all(|b| b.is_ascii_digit() || b":.+-Zz ".contains(b))
}

/// Whether a line is nothing but a day: "Mar 13", "March 13, 2024", "13 March", "2024-03-13".
pub(crate) fn is_day_line(line: &str) -> bool {
    if Date::parse(line).is_some_and(|date| date.day > 0) {
        return true;
    }
    let words: Vec<&str> = line
        .split([' ', ',', '.'])
        .filter(|word| !word.is_empty())
        .take(5)
        .collect();
    let day = |word: &str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
    };
    let year = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    match words.as_slice() {
        [a, b] => is_month(a) && day(b) || day(a) && is_month(b),
        [a, b, c] => year(c) && (is_month(a) && day(b) || day(a) && is_month(b)),
        _ => false,
    }
}

fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_lowercase();
    word.len() >= 3
        && MONTHS
            .iter()
            .any(|month| month.starts_with(&word) || word == "sept")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_what_the_calendar_has() {
        for (text, shown) in [
            ("1999", "1999"),
            ("2024-02", "2024-02"),
            ("2024-02-29", "2024-02-29"),
            (" 2000-02-29T23:59:60Z ", "2000-02-29"),
            ("2021-06-01T00:00:00.123+02:00", "2021-06-01"),
            ("2021-06-01 10:00", "2021-06-01"),
        ] {
            assert_eq!(Date::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in [
            "",
            "99",
            "0999",
            "2023-02-29",
            "1900-02-29",
            "2020-13",
            "2020-00",
            "2020-01-00",
            "2020-04-31",
            "2020-1-1",
            "2020-01-01-01",
            "2020-01T10:00",
            "2020-01-01 soon",
            "２０２０",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn tells_a_day_from_a_title() {
        for line in [
            "Mar 13",
            "Jul 30",
            "March 3, 2024",
            "13 Sept",
            "1st May 2025",
            "2025-03-01",
        ] {
            assert!(is_day_line(line), "{line}");
        }
        for line in [
            "Mar",
            "2024",
            "Mar 32",
            "Market 3",
            "May the force",
            "March 13 and after",
            "",
        ] {
            assert!(!is_day_line(line), "{line}");
        }
    }
}
