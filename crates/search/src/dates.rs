//! Dates and ranges of dates as people write them, packed: the year, four bits of month, five of day.

/// A date of which month and day may be left out: `fill` then stands there.
pub(crate) fn bound(text: &str, fill: u32) -> Option<u32> {
    let mut parts = [0, fill >> 5, fill & 31];
    let mut at = 0;
    let mut begun = false;
    for byte in text.bytes() {
        if byte == b'-' {
            (at, begun) = (at + 1, false);
            continue;
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let part = parts.get_mut(at).filter(|_| digit < 10)?;
        *part = *part * u32::from(begun) * 10 + digit;
        begun = true;
        if *part > 9999 {
            return None;
        }
    }
    let [year, month, day] = parts;
    (year > 0).then(|| year << 9 | month.min(15) << 5 | day.min(31))
}

/// The first and the last date of a range: `2019..2024`, `2019-05..`, `..2019`, `2019-2024`, or one
/// date.
pub(crate) fn range(text: &str) -> Option<(u32, u32)> {
    let bytes = text.as_bytes();
    let dots = bytes.windows(2).position(|two| two == b"..");
    let (end, start) = match dots {
        Some(at) => (at, at + 2),
        // Two years, and not `2019-05-7`.
        None if bytes.len() == 9 && bytes.iter().filter(|&&byte| byte == b'-').count() == 1 => {
            (4, 5)
        }
        None => (bytes.len(), 0),
    };
    let (from, to) = (text.get(..end)?, text.get(start..)?);
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let bounded = |text: &str, fill, open| match text.is_empty() {
        true => Some(open),
        false => bound(text, fill),
    };
    Some((bounded(from, 0, 1)?, bounded(to, 511, u32::MAX)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_may_stop_at_the_year_or_the_month() {
        let packed = |year: u32, month: u32, day: u32| Some(year << 9 | month << 5 | day);
        assert_eq!(bound("2019", 0), packed(2019, 0, 0));
        assert_eq!(bound("2019", 511), packed(2019, 15, 31));
        assert_eq!(bound("2019-05", 511), packed(2019, 5, 31));
        assert_eq!(bound("2019-05-07", 511), packed(2019, 5, 7));
        assert_eq!(bound("2019-5-7", 0), packed(2019, 5, 7));
        for bad in [
            "",
            "year",
            "-",
            "20199",
            "2019-05-07-1",
            "99999999999",
            "2019-x",
        ] {
            assert_eq!(bound(bad, 0), None, "{bad}");
        }
    }

    #[test]
    fn ranges_may_be_open_or_one_date() {
        let year = |year: u32| year << 9;
        for (text, expected) in [
            ("2019..2024", Some((year(2019), year(2024) | 511))),
            ("2019-2024", Some((year(2019), year(2024) | 511))),
            ("2019..", Some((year(2019), u32::MAX))),
            ("..2019", Some((1, year(2019) | 511))),
            (
                "2019-05-7",
                Some((year(2019) | 5 << 5 | 7, year(2019) | 5 << 5 | 7)),
            ),
            ("..", None),
            ("", None),
            ("soon", None),
            ("2019..soon", None),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }
}
