//! Quality of little, odd and hostile data.

use std::sync::Arc;

use proptest::prelude::*;

use crate::measure::quality::{ALL, Metric, Quality, measure, named, predictions, remember, watch};
use crate::profile::outcome_rows::{self, Table, curves, outcomes, settings};
use crate::profile::{OutcomeSettings, PredictionSettings, Problem, Undefined};

fn quality(table: &Table, settings: &OutcomeSettings) -> Quality {
    measure(&outcomes(table, settings), curves(table, settings).as_ref())
}

fn value(quality: &Quality, metric: &str) -> Result<f64, Undefined> {
    quality.metric(metric).unwrap_or_else(|| panic!("no {metric}")).value
}

#[test]
fn nothing_has_no_quality() {
    for problem in Problem::ALL {
        let quality = quality(&Table::default(), &settings(problem, 0));
        let metrics = || quality.metrics.iter().chain(&quality.more_metrics);
        assert!(metrics().count() > 4);
        for metric in metrics() {
            let without = (metric.standard_deviation, metric.standard_error, metric.interval);
            assert_eq!((metric.value, without, metric.n), (Err(Undefined::Empty), (None, None, None), 0));
        }
    }
}

#[test]
fn metrics_stand_in_the_order_of_the_table() {
    let table = Table::of("1 0 1", "1 0 0", &["0.9 0.1 0.6"]);
    let quality = quality(&table, &settings(Problem::BinaryClassification, 1));
    let names: Vec<_> = quality.metrics.iter().chain(&quality.more_metrics).map(|metric| metric.name).collect();
    let expected: Vec<_> =
        ALL.iter().filter(|kind| kind.problem() == Problem::BinaryClassification).map(|kind| kind.name).collect();
    assert_eq!(names, expected);
}

#[test]
fn without_scores_there_are_no_areas_and_no_losses() {
    let quality = quality(&Table::of("1 0 1", "1 0 0", &[]), &settings(Problem::BinaryClassification, 0));
    for metric in ["auc", "au_prc", "average_precision", "log_loss", "brier_score", "expected_calibration_error"] {
        assert!(quality.metric(metric).is_none(), "{metric}");
    }
    assert!(quality.curves.is_none() && quality.calibration.is_empty());
}

#[test]
fn rates_of_nothing_are_undefined_and_precision_of_nothing_is_zero() {
    let quality = quality(&Table::of("0 0", "1 1", &["0.5 0.25"]), &settings(Problem::BinaryClassification, 1));
    for (metric, expected) in [
        ("recall", Ok(0.0)),
        ("precision", Ok(0.0)),
        ("f1", Ok(0.0)),
        ("true_negative_rate", Err(Undefined::Empty)),
        ("false_positive_rate", Err(Undefined::Empty)),
        ("auc", Ok(1.0)),
        ("au_prc", Ok(1.0)),
        ("matthews_correlation", Err(Undefined::Empty)),
        ("accuracy_best_constant_classifier", Ok(0.0)),
        ("majority_class_accuracy", Ok(1.0)),
    ] {
        assert_eq!(value(&quality, metric), expected, "{metric}");
    }
    let precision = quality.metric("precision").map(|metric| (metric.n, metric.standard_error));
    assert_eq!(precision, Some((0, None)));
}

#[test]
fn an_hour_without_positives_leaves_what_needs_them_undefined() {
    let quality = quality(&Table::of("0 0 0", "0 0 0", &["0.5 0.25 0.1"]), &settings(Problem::BinaryClassification, 1));
    for metric in ["recall", "precision", "f1", "true_positive_rate", "auc", "au_prc", "average_precision"] {
        assert_eq!(value(&quality, metric), Err(Undefined::Empty), "{metric}");
    }
    assert_eq!((value(&quality, "accuracy"), value(&quality, "false_positive_rate")), (Ok(1.0), Ok(0.0)));
}

#[test]
fn perfect_ranks_of_few_positives_are_not_certain() {
    let place = |row: usize| if row < 4 { "1" } else { "0" }.to_owned();
    let labels: Vec<String> = (0..500).map(place).collect();
    let table = Table { prediction: labels.clone(), scores: vec![labels.clone()], label: labels, ..Table::default() };
    let quality = quality(&table, &settings(Problem::BinaryClassification, 1));
    for (metric, n_evidence) in [("auc", 4.0), ("f1", 4.0), ("recall", 4.0), ("accuracy", 500.0)] {
        let found = quality.metric(metric).expect("the metric");
        let lower = 0.025f64.powf(1.0 / n_evidence);
        assert_eq!((found.value, found.interval), (Ok(1.0), Some((lower, 1.0))), "{metric}");
    }
    let constant = quality.metric("recall_best_constant_classifier").map(|metric| metric.standard_error);
    assert_eq!(constant, Some(None));
}

#[test]
fn the_best_constant_is_the_most_frequent_prediction_and_of_equals_the_first() {
    let settings = settings(Problem::MulticlassClassification, 0);
    for (predictions, expected) in [("a b b c", 0.25), ("b b a a", 0.75), ("c c x x", 0.0)] {
        let quality = quality(&Table::of(predictions, "a a a b", &[]), &settings);
        assert_eq!(value(&quality, "accuracy_best_constant_classifier"), Ok(expected), "{predictions}");
    }
}

#[test]
fn each_class_is_held_against_all_others() {
    let mut table = Table::default();
    for (label, prediction, n) in [("0", "0", 3), ("0", "1", 1), ("1", "0", 1), ("1", "1", 2), ("2", "0", 1)] {
        table.label.extend(vec![label.to_owned(); n]);
        table.prediction.extend(vec![prediction.to_owned(); n]);
    }
    let quality = quality(&table, &settings(Problem::MulticlassClassification, 0));
    assert_eq!(value(&quality, "accuracy"), value(&quality, "weighted_recall"));
    let classes: Vec<_> = quality.classes.iter().map(|class| (class.n_actual, class.n_predicted)).collect();
    assert_eq!(classes, [(4, 5), (3, 3), (1, 0)]);
    assert_eq!(quality.classes[2].precision, Err(Undefined::Empty));
    assert_eq!(quality.classes[2].recall, Ok(0.0));
}

#[test]
fn errors_beyond_all_numbers_are_undefined() {
    let table = Table::of("1e308 1", "-1e308 1", &[]);
    let quality = quality(&table, &settings(Problem::Regression, 0));
    for metric in ["mae", "mse", "rmse", "r2", "bias"] {
        assert_eq!(value(&quality, metric), Err(Undefined::NotFinite), "{metric}");
    }
}

#[test]
fn a_constant_label_has_no_r2() {
    let quality = quality(&Table::of("1 2 3", "2 2 2", &[]), &settings(Problem::Regression, 0));
    assert_eq!(value(&quality, "r2"), Err(Undefined::Empty));
    assert_eq!(quality.residual_quantiles[3], (0.5, 0.0));
}

#[test]
fn a_regression_without_errors_has_no_share_to_be_sure_of() {
    let quality = quality(&Table::of("1 2 3", "1 2 3", &[]), &settings(Problem::Regression, 0));
    let mae = quality.metric("mae").map(|metric| (metric.value, metric.standard_error, metric.interval));
    assert_eq!(mae, Some((Ok(0.0), None, None)));
}

fn cell() -> impl Strategy<Value = String> {
    let texts = vec!["1", "0", "yes", "", "1e308", "-1e308", "0.5", "-0", "nan", "1e-300", "7"];
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn assert_sound(metric: &Metric) -> Result<(), TestCaseError> {
    let numbers = [metric.value.ok(), metric.standard_deviation, metric.standard_error];
    prop_assert!(numbers.iter().flatten().all(|x| x.is_finite()), "{:?}", metric);
    if let Some((lower, upper)) = metric.interval {
        prop_assert!(lower <= upper && lower.is_finite() && upper.is_finite(), "{:?}", metric);
    }
    if named(metric.name).is_some_and(|kind| kind.larger_is_better == Some(true))
        && !["r2", "matthews_correlation"].contains(&metric.name)
    {
        prop_assert!(
            metric.value.is_err() || metric.value.is_ok_and(|x| (-1e-12..=1.0 + 1e-12).contains(&x)),
            "{:?}",
            metric
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_arrives_all_numbers_are_numbers(rows in prop::collection::vec(prop::array::uniform4(cell()), 1..60)) {
        let column = |i: usize| rows.iter().map(|row| row[i].clone()).collect::<Vec<_>>();
        let scores = vec![column(2), column(3)];
        let table = Table { prediction: column(0), label: column(1), scores, ..Table::default() };
        for problem in Problem::ALL {
            let settings = OutcomeSettings { score_classes: vec!["1".into(), "yes".into()], ..settings(problem, 2) };
            let seen = outcomes(&table, &settings);
            let quality = measure(&seen, curves(&table, &settings).as_ref());
            for metric in quality.metrics.iter().chain(&quality.more_metrics) {
                assert_sound(metric)?;
            }
            let settings = Arc::new(settings);
            let free = outcome_rows::predictions(&table, PredictionSettings::new(settings.clone()));
            let baseline = remember(&quality, &seen, &free);
            let watched = outcome_rows::predictions(&table, watch(settings, Some(&baseline)));
            let found = predictions(&watched, Some(&baseline));
            for metric in found.estimated.iter().chain(&found.drift) {
                assert_sound(metric)?;
            }
            for map in baseline.calibration.iter().flat_map(|calibration| &calibration.maps) {
                prop_assert!(map.points.iter().all(|(x, y)| x.is_finite() && (0.0..=1.0).contains(y)));
                prop_assert!(map.raw_error.is_finite() && map.mapped_error.is_finite());
            }
        }
    }
}
