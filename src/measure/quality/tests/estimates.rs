//! Metrics estimated without labels, and distances from the baseline.

use std::sync::Arc;

use super::coverage::{Draw, binary_table, multiclass_table};
use crate::measure::quality::{Predictions, QualityBaseline, measure, predictions, remember, watch};
use crate::profile::outcome_rows::{self, Table, curves, outcomes, settings};
use crate::profile::{OutcomeSettings, PredictionSettings, Problem};

fn baseline(table: &Table, settings: &OutcomeSettings) -> QualityBaseline {
    let seen = outcomes(table, settings);
    let quality = measure(&seen, curves(table, settings).as_ref());
    let predicted = outcome_rows::predictions(table, PredictionSettings::new(Arc::new(settings.clone())));
    remember(&quality, &seen, &predicted)
}

fn run(table: &Table, settings: &OutcomeSettings, baseline: Option<&QualityBaseline>) -> Predictions {
    let watched = watch(Arc::new(settings.clone()), baseline);
    predictions(&outcome_rows::predictions(table, watched), baseline)
}

fn value(predictions: &Predictions, name: &str) -> f64 {
    let mut metrics = predictions.estimated.iter().chain(&predictions.drift);
    let metric = metrics.find(|metric| metric.name == name).unwrap_or_else(|| panic!("no {name}"));
    metric.value.unwrap_or_else(|reason| panic!("{name} is undefined: {reason:?}"))
}

/// Estimates of new rows beside what their labels then say.
fn assert_estimates_hold(make: fn(&mut Draw, usize) -> (Table, OutcomeSettings), names: &[&str]) {
    let (table, settings) = make(&mut Draw(1), 20_000);
    let baseline = baseline(&table, &settings);
    let (fresh, _) = make(&mut Draw(2), 20_000);
    let truth = measure(&outcomes(&fresh, &settings), curves(&fresh, &settings).as_ref());
    let unlabelled = Table { label: Vec::new(), ..fresh };
    let found = run(&unlabelled, &settings, Some(&baseline));
    assert_eq!(found.not_estimated, None);
    assert_eq!(found.estimated.iter().map(|metric| metric.name).collect::<Vec<_>>(), names);
    for name in names {
        let expected = truth.metric(name).expect("the metric").value.expect("a value");
        assert!((value(&found, name) - expected).abs() < 0.02, "{name}: {} {expected}", value(&found, name));
    }
}

#[test]
fn estimates_of_a_binary_model_come_true() {
    assert_estimates_hold(binary_table, &["recall", "precision", "accuracy", "auc", "f0_5", "f1", "f2"]);
}

#[test]
fn estimates_of_several_classes_come_true() {
    let names = ["accuracy", "weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2"];
    assert_estimates_hold(multiclass_table, &names);
}

#[test]
fn an_overconfident_model_is_calibrated_first() {
    let (mut table, settings) = binary_table(&mut Draw(3), 20_000);
    // Scores twice as sure as they should be, in log-odds.
    for score in &mut table.scores[0] {
        let odds = score.parse::<f64>().map(|p| (p / (1.0 - p)).powi(2)).expect("a score");
        *score = (odds / (1.0 + odds)).to_string();
    }
    let baseline = baseline(&table, &settings);
    let map = &baseline.calibration.as_ref().expect("a calibration").maps[0];
    assert!(map.is_kept && map.mapped_error < map.raw_error, "{} {}", map.raw_error, map.mapped_error);
    let truth = measure(&outcomes(&table, &settings), None).metric("f1").expect("f1").value.expect("a value");
    let found = run(&table, &settings, Some(&baseline));
    assert!((value(&found, "f1") - truth).abs() < 0.01);
}

#[test]
fn what_cannot_be_estimated_has_its_reason() {
    let (table, with_scores) = binary_table(&mut Draw(4), 300);
    let known = baseline(&table, &with_scores);
    assert_eq!(run(&table, &with_scores, None).not_estimated, Some("no_baseline"));
    let without = QualityBaseline { calibration: None, ..known.clone() };
    assert_eq!(run(&table, &with_scores, Some(&without)).not_estimated, Some("no_calibration"));
    let labels_only = settings(Problem::BinaryClassification, 0);
    assert_eq!(run(&table, &labels_only, Some(&known)).not_estimated, Some("no_scores"));
    let numbers = Table::of("1 2 3", "1 2 3", &[]);
    let regression = settings(Problem::Regression, 0);
    let known = baseline(&numbers, &regression);
    assert_eq!(run(&numbers, &regression, Some(&known)).not_estimated, Some("regression"));
}

#[test]
fn predictions_of_the_same_model_on_the_same_inputs_have_not_drifted() {
    let (table, settings) = binary_table(&mut Draw(5), 5_000);
    let baseline = baseline(&table, &settings);
    let (fresh, _) = binary_table(&mut Draw(6), 5_000);
    let found = run(&fresh, &settings, Some(&baseline));
    for (distance, p_value) in
        [("prediction_drift", "prediction_drift_p_value"), ("score_drift", "score_drift_p_value")]
    {
        assert!(value(&found, distance) < 0.05 && value(&found, p_value) > 0.001, "{distance} {found:?}");
    }
    let high: Vec<usize> = (0..5_000).filter(|row| fresh.scores[0][*row].as_str() > "0.4").collect();
    let found = run(&fresh.pick(&high), &settings, Some(&baseline));
    for (distance, p_value) in
        [("prediction_drift", "prediction_drift_p_value"), ("score_drift", "score_drift_p_value")]
    {
        assert!(value(&found, distance) > 0.2 && value(&found, p_value) < 1e-9, "{distance} {found:?}");
    }
}

#[test]
fn the_p_value_of_drift_is_as_likely_small_as_it_says() {
    let mut draw = Draw(7);
    let (regression, n_runs) = (settings(Problem::Regression, 0), 300);
    let mut n_small = 0;
    for _ in 0..n_runs {
        let table = |draw: &mut Draw| {
            let numbers: Vec<String> = (0..500).map(|_| draw.normal().to_string()).collect();
            Table { prediction: numbers.clone(), label: numbers, ..Table::default() }
        };
        let known = baseline(&table(&mut draw), &regression);
        let found = run(&table(&mut draw), &regression, Some(&known));
        n_small += usize::from(value(&found, "prediction_drift_p_value") < 0.05);
    }
    // Binomial with mean 15 and deviation 3.8; quantile edges make the baseline's parts a little too even.
    assert!((2..30).contains(&n_small), "{n_small}");
}
