//! Timestamps of records, and the window that they have to lie in.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

/// A half-open stretch of time in milliseconds since 1970 (UTC). An absent bound is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub start: Option<i64>,
    pub end: Option<i64>,
}

impl Window {
    /// Whether `start <= time < end`.
    pub fn contains(self, time: i64) -> bool {
        self.start.is_none_or(|start| start <= time) && self.end.is_none_or(|end| time < end)
    }
}

/// Milliseconds since 1970 (UTC) of a time as SageMaker writes it (`2019-11-20T23:33:12Z`), or in
/// another form of ISO 8601: with a fraction of a second, an offset, a space in place of the `T`,
/// without any zone (then UTC). White space is ignored, since the documentation prints some.
pub fn parse(text: &str) -> Option<i64> {
    if let Some(time) = parse_usual(text.as_bytes()) {
        return Some(time);
    }
    if text.len() > 64 {
        return None;
    }
    let mut compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.len() >= 11 && compact.is_char_boundary(10) && !compact[10..].starts_with(['T', 't']) {
        compact.insert(10, 'T');
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(&compact) {
        return Some(time.timestamp_millis());
    }
    if let Ok(time) = DateTime::parse_from_str(&compact, "%Y-%m-%dT%H:%M:%S%.f%#z") {
        return Some(time.timestamp_millis());
    }
    let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    naive
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&compact, form).ok())
        .map(|t| t.and_utc().timestamp_millis())
}

/// The first moment (UTC) of a day such as `2019-11-20`, as [`parse`] tells times.
pub fn parse_day(text: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}

/// The form that SageMaker writes, to the letter.
fn parse_usual(text: &[u8]) -> Option<i64> {
    let text: &[u8; 20] = text.try_into().ok()?;
    let punctuation = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if punctuation.iter().any(|&(at, byte)| text[at] != byte) {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0_i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000)
}

/// Days between 1970-01-01 and a date of the Gregorian calendar (H. Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", 2021, `days_from_civil`).
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form_that_was_seen() {
        let expected = Some(1_575_213_600_000);
        let forms = [
            "2019-12-01T15:20:00Z",
            "2019-12-01T15: 20: 00Z",
            " 2019-12-01T15:20:00Z ",
            "2019-12-01 15:20:00Z",
            "2019-12-01 15:20:00",
            "2019-12-01T15:20:00.000Z",
            "2019-12-01T15:20:00+00:00",
            "2019-12-01T16:20:00+01:00",
            "2019-12-01T16:20:00+0100",
            "2019-12-01T15:20",
        ];
        for form in forms {
            assert_eq!(parse(form), expected, "{form}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "2019", "2019-13-01T00:00:00Z", "2019-02-30T00:00:00Z", "yesterday", "2019-12-01T25:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_no_time_but_has_a_first_moment() {
        for (text, moment) in [("1970-01-02", Some(86_400_000)), (" 2019-12-01 ", parse("2019-12-01T00:00:00Z"))] {
            assert_eq!((parse(text), parse_day(text)), (None, moment), "{text}");
        }
        for text in ["", "2019-02-30", "2019-12", "2019-12-01T15:20:00Z", "2019-12-01Z"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn the_quick_way_agrees_with_the_calendar() {
        for text in ["1970-01-01T00:00:00Z", "2000-02-28T23:59:59Z", "2024-03-01T12:00:01Z", "1969-12-28T00:00:00Z"] {
            let expected = DateTime::parse_from_rfc3339(text).map(|t| t.timestamp_millis()).ok();
            assert_eq!(parse_usual(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_window_is_half_open() {
        let window = Window { start: Some(10), end: Some(20) };
        assert_eq!([9, 10, 19, 20].map(|time| window.contains(time)), [false, true, true, false]);
        assert!(Window::default().contains(i64::MIN));
    }
}
