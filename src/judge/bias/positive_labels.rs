//! Positive labels of a baseline that are others than those of the run.

use super::baseline_index::{number, values};
use crate::measure::bias::BaselineGroup;

/// The positive labels as the baseline's file writes them, where they are others than the configured ones.
pub fn other_positive_labels<'a>(baseline: &'a [BaselineGroup], configured: &[String]) -> Option<&'a str> {
    let mut labels = baseline.iter().filter_map(|group| group.label_value_or_threshold.as_deref());
    labels.find(|text| !are_same(text, configured))
}

/// Whether the text of a file, values or the interval that a threshold bounds, is of what is configured. Nothing is
/// written where no label was above the threshold.
fn are_same(text: &str, configured: &[String]) -> bool {
    if text.is_empty() || values(text) == values(&configured.join(",")) {
        return true;
    }
    let bounds = text.strip_prefix('(').and_then(|text| text.strip_suffix(']')?.split_once(", "));
    match (bounds, configured) {
        (Some((lower, upper)), [threshold]) => {
            let threshold = number(threshold.trim());
            threshold.is_some() && [number(lower), number(upper)].contains(&threshold)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_same_by_value_or_by_their_threshold() {
        let are_same = |text: &str, configured: &[&str]| {
            are_same(text, &configured.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
        };
        for (text, configured) in [
            ("1", &["1"][..]),
            ("1.0", &["1"]),
            ("b,a", &["a", "b"]),
            ("(3.0, 6.0]", &["3"]),
            ("(2, 3]", &["3"]),
            ("", &["1"]),
        ] {
            assert!(are_same(text, configured), "{text} {configured:?}");
        }
        for (text, configured) in [("1", &["0"][..]), ("yes", &["no"]), ("a", &["a", "b"]), ("(3, 6]", &["4"])] {
            assert!(!are_same(text, configured), "{text} {configured:?}");
        }
    }
}
