//! RFC 3339 timestamps in UTC, as files hold them.

use chrono::{DateTime, SecondsFormat};

/// `ms` milliseconds since 1970 as `2019-11-26T03:00:00Z`, with a fraction of three digits only
/// where it is not zero. `None` beyond some 260,000 years.
pub fn utc(ms: i64) -> Option<String> {
    let time = DateTime::from_timestamp_millis(ms)?;
    let precision = if ms.rem_euclid(1000) == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    Some(time.to_rfc3339_opts(precision, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact() {
        let cases = [
            (1_574_737_200_000, Some("2019-11-26T03:00:00Z")),
            (1_574_737_200_007, Some("2019-11-26T03:00:00.007Z")),
            (0, Some("1970-01-01T00:00:00Z")),
            (-1, Some("1969-12-31T23:59:59.999Z")),
            (951_782_400_000, Some("2000-02-29T00:00:00Z")),
            (i64::MAX, None),
            (i64::MIN, None),
        ];
        for (ms, expected) in cases {
            assert_eq!(utc(ms).as_deref(), expected, "{ms}");
        }
    }
}
