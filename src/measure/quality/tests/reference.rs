//! Every metric of generated data beside scikit-learn's.

use serde_json::Value;

use crate::measure::quality::{ALL, Quality, measure};
use crate::profile::outcome_rows::{Table, curves, outcomes, words};
use crate::profile::{OutcomeSettings, Problem};

const EXPECTED: &str = include_str!("../../../../tests/expected_values/quality.json");

/// Relative, and absolute below 1. Labels far from 0 cost digits in the errors themselves.
const TOLERANCE: f64 = 1e-12;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|values| values.iter().map(text).collect()).unwrap_or_default()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|values| values.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

fn settings(case: &Value) -> OutcomeSettings {
    OutcomeSettings {
        problem: Problem::ALL.into_iter().find(|problem| problem.name() == case["problem"]).expect("a problem"),
        positive_label: text(&case["positive"]),
        threshold: case["threshold"].as_f64(),
        largest_score_predicts: false,
        n_scores: texts(&case["scores"]).len(),
        score_classes: texts(&case["score_classes"]),
    }
}

fn quality(case: &Value) -> Quality {
    let table = Table {
        prediction: words(&text(&case["prediction"])),
        label: words(&text(&case["label"])),
        scores: texts(&case["scores"]).iter().map(|column| words(column)).collect(),
        ..Table::default()
    };
    let settings = settings(case);
    measure(&outcomes(&table, &settings), curves(&table, &settings).as_ref())
}

fn assert_near(found: f64, expected: f64, place: &str) {
    assert!((found - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{place}: {found} is not {expected}");
}

#[test]
fn metrics_agree_with_scikit_learn() {
    let cases: Vec<Value> = serde_json::from_str(EXPECTED).expect("the expected values");
    assert!(cases.len() > 15);
    for case in &cases {
        let name = text(&case["name"]);
        let quality = quality(case);
        for (metric, expected) in case["metrics"].as_object().expect("metrics") {
            let found = quality.metric(metric).unwrap_or_else(|| panic!("{name}: no {metric}"));
            let found = found.value.unwrap_or_else(|reason| panic!("{name}: {metric} is undefined: {reason:?}"));
            assert_near(found, expected.as_f64().expect("a number"), &format!("{name}: {metric}"));
        }
    }
}

#[test]
fn every_metric_but_those_of_aws_s_own_making_is_compared_somewhere() {
    let cases: Vec<Value> = serde_json::from_str(EXPECTED).expect("the expected values");
    let is_compared = |problem: Problem, metric: &str| {
        cases.iter().any(|case| case["problem"] == problem.name() && case["metrics"].get(metric).is_some())
    };
    let left: Vec<_> =
        ALL.iter().filter(|kind| !is_compared(kind.problem(), kind.name)).map(|kind| kind.name).collect();
    let is_known = |name: &&str| {
        let ends = ["_best_constant_classifier", "_rate", "majority_class_accuracy", "expected_calibration_error"];
        !ends.iter().any(|end| name.ends_with(end))
    };
    assert_eq!(left.into_iter().filter(is_known).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn matrices_and_curves_agree_with_scikit_learn() {
    let cases: Vec<Value> = serde_json::from_str(EXPECTED).expect("the expected values");
    let mut n_curves = 0;
    for case in cases.iter().filter(|case| case.get("confusion").is_some()) {
        let name = text(&case["name"]);
        let quality = quality(case);
        let matrix = quality.confusion.expect("a matrix");
        assert_eq!(matrix.classes, texts(&case["confusion"]["classes"]), "{name}");
        assert_eq!(serde_json::to_value(&matrix.counts).expect("a matrix"), case["confusion"]["counts"], "{name}");
        let Some(curves) = quality.curves.filter(|_| case.get("roc").is_some()) else { continue };
        n_curves += 1;
        for (found, expected) in [
            (&curves.false_positive_rates, &case["roc"][0]),
            (&curves.true_positive_rates, &case["roc"][1]),
            (&curves.precisions, &case["pr"][0]),
            (&curves.recalls, &case["pr"][1]),
        ] {
            let expected = numbers(expected);
            assert_eq!(found.len(), expected.len(), "{name}");
            found.iter().zip(expected).for_each(|(found, expected)| assert_near(*found, expected, &name));
        }
    }
    assert!(n_curves >= 4);
}

#[test]
fn values_do_not_depend_on_whether_they_come_from_rows_or_from_bins() {
    let cases: Vec<Value> = serde_json::from_str(EXPECTED).expect("the expected values");
    let case = cases.iter().find(|case| case["name"] == "1,000 rows, scores without ties").expect("the case");
    let quality = quality(case);
    for name in ["auc", "au_prc", "average_precision", "log_loss", "brier_score"] {
        let metric = quality.metric(name).expect("the metric");
        let value = metric.value.expect("a value");
        let (lower, upper) = metric.interval.expect("an interval");
        let error = metric.standard_error.expect("an error");
        assert!(lower < value && value < upper && upper - lower < 6.0 * error, "{metric:?}");
        assert!(metric.standard_deviation.expect("a deviation") < error, "{metric:?}");
    }
}
