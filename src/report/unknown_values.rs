//! Values outside the baseline's domain, as the report and people are told of them.

use serde_json::{Value, json};

use super::json::without_empty;
use crate::measure::UnknownValue;

/// Longest value that is shown, in characters.
const MAX_CHARACTERS: usize = 100;
/// Most values in a line for people.
const MAX_SHOWN: usize = 3;

/// As members of the report; without the values themselves where they are redacted.
pub(super) fn to_json(values: &[UnknownValue<'_>], is_redacted: bool) -> Vec<Value> {
    let told = |text: &str| (!is_redacted).then(|| shown(text));
    let member = |seen: &UnknownValue<'_>| {
        let object = json!({
            "value": told(seen.value),
            "count": seen.count,
            "likely_cause": seen.resembles.map(|(_, difference)| difference.name()),
            "known_value": seen.resembles.and_then(|(known, _)| told(known)),
        });
        without_empty(object, &["value", "likely_cause", "known_value"])
    };
    values.iter().map(member).collect()
}

/// As a line for people; `None` where there is nothing to tell.
pub(super) fn line(values: &[UnknownValue<'_>], is_redacted: bool) -> Option<String> {
    let part = |seen: &UnknownValue<'_>| {
        let value = if is_redacted { "a value".to_owned() } else { format!("{:?}", shown(seen.value)) };
        let cause = seen.resembles.map(|(known, difference)| match is_redacted {
            true => format!(", a known value but for {}", difference.text()),
            false => format!(", {:?} but for {}", shown(known), difference.text()),
        });
        format!("{value} ({} cells{})", seen.count, cause.unwrap_or_default())
    };
    let parts: Vec<String> = values.iter().take(MAX_SHOWN).map(part).collect();
    let more = if values.len() > MAX_SHOWN { ", …" } else { "" };
    (!parts.is_empty()).then(|| format!("      not in the baseline: {}{more}", parts.join(", ")))
}

/// A value as far as it is shown.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(MAX_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Difference;

    #[test]
    fn values_are_named_unless_they_are_redacted() {
        let of = |value, count, resembles| UnknownValue { value, count, resembles };
        let values = [of("true", 50, Some(("True", Difference::LetterCase))), of("x", 1, None)];
        let named = json!([
            {"value": "true", "count": 50, "likely_cause": "letter_case", "known_value": "True"},
            {"value": "x", "count": 1},
        ]);
        assert_eq!(Value::from(to_json(&values, false)), named);
        let redacted = json!([{"count": 50, "likely_cause": "letter_case"}, {"count": 1}]);
        assert_eq!(Value::from(to_json(&values, true)), redacted);
        let lines = [false, true].map(|is_redacted| line(&values, is_redacted).unwrap_or_default());
        let expected = [
            "not in the baseline: \"true\" (50 cells, \"True\" but for letter case), \"x\" (1 cells)",
            "not in the baseline: a value (50 cells, a known value but for letter case), a value (1 cells)",
        ];
        assert_eq!(lines.each_ref().map(|line| line.trim()), expected);
        assert_eq!(line(&[], false), None);
    }
}
