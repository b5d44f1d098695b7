//! AWS's files of model quality: published violations found and written again.

use model_monitor::judge::quality::{self, Operator, QualityConstraints, QualityLimit};
use model_monitor::measure::quality::{Metric, Quality};
use model_monitor::names::Monitor;
use model_monitor::profile::Problem;
use model_monitor::wire::violations;
use serde_json::Value;

use crate::data_quality_files::aws;
use crate::folder::Reference;

#[path = "../support/quality.rs"]
mod example;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [published_violations_are_found_again_byte_for_byte]];

/// Snake and camel case of the metrics that are limited.
const NAMES: [(&str, &str); 11] = [
    ("recall", "recall"),
    ("precision", "precision"),
    ("accuracy", "accuracy"),
    ("true_positive_rate", "truePositiveRate"),
    ("true_negative_rate", "trueNegativeRate"),
    ("false_positive_rate", "falsePositiveRate"),
    ("false_negative_rate", "falseNegativeRate"),
    ("auc", "auc"),
    ("f0_5", "f0_5"),
    ("f1", "f1"),
    ("f2", "f2"),
];

/// What a published sentence tells: value, deviation, threshold.
fn told(description: &str) -> Option<(f64, Option<f64>, f64)> {
    let (_, rest) = description.split_once(" with ")?;
    let (value, rest) = rest.split_once(" was ")?;
    let threshold = rest.split('\'').nth(1)?.parse().ok()?;
    match value.split_once(" +/- ") {
        Some((value, deviation)) => Some((value.parse().ok()?, Some(deviation.parse().ok()?), threshold)),
        None => Some((value.parse().ok()?, None, threshold)),
    }
}

/// The limits that the notebook displayed, in their order, with what was measured against them.
/// What the violations do not tell is as the limit has it, but for the one that is never told.
fn monitored(limits: &Value, published: &[Value]) -> (QualityConstraints, Quality) {
    let mut measured = example::example(Problem::BinaryClassification);
    measured.metrics.clear();
    let mut constraints = QualityConstraints { problem: Problem::BinaryClassification, limits: Vec::new() };
    for (key, limit) in limits.as_object().unwrap() {
        let (name, camel) = *NAMES.iter().find(|(name, _)| name == key).unwrap();
        let displayed: f64 = limit["threshold_as_displayed"].as_str().unwrap().parse().unwrap();
        let operator = match limit["comparison_operator"].as_str().unwrap() {
            "LessThanThreshold" => Operator::LessThanThreshold,
            _ => Operator::GreaterThanThreshold,
        };
        let violation = published.iter().find(|violation| violation["metric_name"] == camel);
        let (value, standard_deviation, threshold) = match violation {
            Some(violation) => told(violation["description"].as_str().unwrap()).unwrap(),
            None if name == "f0_5" => (displayed - 0.5, None, displayed),
            None => (displayed, None, displayed),
        };
        measured.metrics.push(Metric { standard_deviation, ..example::metric(name, value) });
        constraints.limits.push(QualityLimit { metric: name.to_owned(), threshold: Some(threshold), operator });
    }
    (constraints, measured)
}

fn published_violations_are_found_again_byte_for_byte(reference: &Reference) {
    for case in [
        "churn-2021-model-quality",
        "hearing-model-quality-no-probability",
        "internet-churn-2024",
        "model-quality-2024",
        "model-quality-2025",
    ] {
        let list = aws(reference, &format!("{case}/monitor.violations.first10.json"));
        let limits = reference.json(&format!("cases/aws/{case}/constraints.as_displayed.json"));
        let published: Vec<Value> = serde_json::from_slice(&list).unwrap_or_else(|error| panic!("{case}: {error}"));
        assert!(published.len() >= 7, "{case}");
        let (constraints, measured) = monitored(&limits, &published);
        let findings = quality::evaluate(&constraints, &measured);
        let found: Value = serde_json::from_slice(&violations::write(Monitor::ModelQuality, &findings)).unwrap();
        assert_eq!(found["violations"], Value::from(published), "{case}");
    }
}
