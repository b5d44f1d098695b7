//! ISO 8601 durations that move a window's bounds (DG:model-monitor-model-quality-schedule): `-PT1H`, `-P8D`.

const MILLIS_PER_SECOND: i64 = 1_000;
/// Longest offset that is read: what the service accepts is shorter (15 characters).
const MAX_CHARACTERS: usize = 32;

/// Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds with a sign before it.
/// Days after the `T`, as the documentation prints them, are read too. `None` where it is none.
pub fn parse_offset(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > MAX_CHARACTERS {
        return None;
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let parts = rest.strip_prefix('P')?;
    let (mut total, mut digits, mut is_time, mut n_parts) = (0_i64, String::new(), false, 0);
    for c in parts.chars() {
        match c {
            '0'..='9' => digits.push(c),
            'T' if !is_time && digits.is_empty() => is_time = true,
            _ => {
                let seconds = match c {
                    'W' if !is_time => 7 * 86_400,
                    'D' => 86_400,
                    'H' if is_time => 3_600,
                    'M' if is_time => 60,
                    'S' if is_time => 1,
                    _ => return None,
                };
                let part = digits.parse::<i64>().ok()?.checked_mul(seconds * MILLIS_PER_SECOND)?;
                total = total.checked_add(part)?;
                digits.clear();
                n_parts += 1;
            }
        }
    }
    (n_parts > 0 && digits.is_empty()).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_as_documented() {
        const HOUR: i64 = 3_600_000;
        let cases = [
            ("-PT1H", Some(-HOUR)),
            ("-PT0H", Some(0)),
            ("-P8D", Some(-8 * 24 * HOUR)),
            ("-PT2D", Some(-48 * HOUR)),
            ("-P1W", Some(-168 * HOUR)),
            (" PT30M ", Some(HOUR / 2)),
            ("+P1DT2H3M4S", Some(26 * HOUR + 184_000)),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_offset(text), millis, "{text}");
        }
        for text in ["", "-", "P", "-PT", "1H", "-P1H", "-P1M", "PT1", "-PT99999999999999999999H", "PT1HX", "P-1D"] {
            assert_eq!(parse_offset(text), None, "{text}");
        }
    }
}
