//! Metric names of AWS's violations: camel case in place of underscores.

/// The metric as AWS's violations call it: `true_positive_rate` is `truePositiveRate`.
///
/// An underscore before a digit stays, since only that leads back to `f0_5` by the rule that turns
/// capitals into underscores; so `weighted_f0_5`, of which no published file is known, becomes
/// `weightedF0_5`.
pub fn camel_case(metric: &str) -> String {
    let mut parts = metric.split('_');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.chars().next() {
            Some(first) if first.is_alphabetic() => {
                name.extend(first.to_uppercase());
                name.push_str(&part[first.len_utf8()..]);
            }
            _ => {
                name.push('_');
                name.push_str(part);
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_violations_are_in_camel_case() {
        for (metric, expected) in [
            ("auc", "auc"),
            ("true_positive_rate", "truePositiveRate"),
            ("f0_5", "f0_5"),
            ("f1", "f1"),
            ("weighted_f0_5", "weightedF0_5"),
            ("weighted_precision", "weightedPrecision"),
            ("", ""),
            ("_é__", "É__"),
        ] {
            assert_eq!(camel_case(metric), expected);
        }
    }
}
