//! Which metrics AWS limits, on which side, and what they are called in its violations.

use super::types::{Operator, QualityConstraints, QualityLimit};
use crate::measure::quality::{Quality, larger_is_better};
use crate::profile::Problem;

/// Limited metrics of a binary classifier, in the order of AWS's constraints file.
const BINARY: [&str; 11] = [
    "recall",
    "precision",
    "accuracy",
    "true_positive_rate",
    "true_negative_rate",
    "false_positive_rate",
    "false_negative_rate",
    "auc",
    "f0_5",
    "f1",
    "f2",
];

/// Those of a classifier of many classes. No complete file of AWS is known: these are its metrics,
/// in the order of its statistics.
const MULTICLASS: [&str; 6] =
    ["accuracy", "weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2"];

/// Those of a regression.
const REGRESSION: [&str; 4] = ["mae", "mse", "rmse", "r2"];

/// Limits that this `quality` itself meets. A metric that was not measured has none, and one that
/// is undefined has a limit without a threshold.
pub fn suggest(quality: &Quality) -> QualityConstraints {
    let limit = |name: &&str| {
        let metric = quality.metric(name)?;
        Some(QualityLimit { metric: (*name).to_owned(), threshold: metric.value.ok(), operator: operator(name) })
    };
    QualityConstraints { problem: quality.problem, limits: limited(quality.problem).iter().filter_map(limit).collect() }
}

/// The side on which a metric is worse.
fn operator(metric: &str) -> Operator {
    match larger_is_better(metric) {
        Some(false) => Operator::GreaterThanThreshold,
        _ => Operator::LessThanThreshold,
    }
}

fn limited(problem: Problem) -> &'static [&'static str] {
    match problem {
        Problem::BinaryClassification => &BINARY,
        Problem::MulticlassClassification => &MULTICLASS,
        Problem::Regression => &REGRESSION,
    }
}

/// Whether the metric is a share of rows or an average of such, in 0…1.
pub(super) fn is_share(metric: &str) -> bool {
    BINARY.iter().chain(&MULTICLASS).any(|name| *name == metric)
}

/// The metric as AWS's violations call it: `true_positive_rate` is `truePositiveRate`.
///
/// An underscore before a digit stays, since only that leads back to `f0_5` by the rule that turns
/// capitals into underscores; so `weighted_f0_5`, of which no published file is known, becomes
/// `weightedF0_5`.
pub(super) fn camel_case(metric: &str) -> String {
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

    #[test]
    fn shares_are_metrics_of_classifiers() {
        assert!(is_share("auc") && is_share("weighted_f2"));
        assert!(!is_share("mse") && !is_share("log_loss"));
    }
}
