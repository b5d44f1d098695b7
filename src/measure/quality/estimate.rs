//! Confidence-based performance estimation: metrics without labels; and the drift of predictions.
//!
//! Estimates are those of confidence-based performance estimation: a calibrated score is the chance
//! that a label is positive, so sums of scores are expected counts, of which the metrics' own
//! formulas are taken (NannyML's documentation, "Confidence-based Performance Estimation"). They
//! hold as long as the labels still depend on the inputs as they did in the baseline.

use std::sync::Arc;

use super::baseline::{BaselineMetric, QualityBaseline};
use super::calibration::calibrate;
use super::metric::Needs;
use super::prediction_drift::{PredictionDrift, between};
use super::result::{Metric, Predictions, Quality};
use super::sample::{Areas, BinarySample, MulticlassSample, Sample};
use super::table::ALL;
use crate::measure::concept;
use crate::profile::{
    Distribution, ExpectedBin, ExpectedClass, ExpectedCounts, OutcomeSettings, OutcomeStatistics, PredictionSettings,
    PredictionStatistics, Problem, Undefined,
};

/// What the predictions say, beside what a baseline remembers.
pub fn predictions(seen: &PredictionStatistics, baseline: Option<&QualityBaseline>) -> Predictions {
    let estimated = seen.expected.as_ref().map(|expected| estimate(expected, seen.n)).unwrap_or_default();
    let reason = match (seen.problem, baseline) {
        (Problem::Regression, _) => "regression",
        (_, None) => "no_baseline",
        _ if seen.scores.is_empty() => "no_scores",
        _ => "no_calibration",
    };
    let not_estimated = estimated.is_empty().then_some(reason);
    Predictions { n: seen.n, drift: drifts(seen, baseline), estimated, not_estimated }
}

/// How predictions are to be counted so that they can be held against the baseline.
pub fn watch(outcomes: Arc<OutcomeSettings>, baseline: Option<&QualityBaseline>) -> PredictionSettings {
    let Some(baseline) = baseline.filter(|baseline| baseline.problem == outcomes.problem) else {
        return PredictionSettings::new(outcomes);
    };
    let edges = |distribution: &Distribution| match distribution {
        Distribution::Numbers { edges, .. } => Some(edges.clone()),
        Distribution::Classes(_) => None,
    };
    PredictionSettings {
        outcomes,
        calibration: baseline.calibration.clone(),
        prediction_edges: edges(&baseline.predictions),
        score_edges: baseline.scores.iter().map(edges).collect(),
    }
}

/// What later runs need to know of this one.
pub fn remember(
    quality: &Quality,
    outcomes: &OutcomeStatistics,
    predictions: &PredictionStatistics,
) -> QualityBaseline {
    let remembered = |metric: &Metric| {
        let value = metric.value.ok()?;
        let Metric { name, standard_error, n, .. } = metric;
        Some(BaselineMetric { name: (*name).to_owned(), value, standard_error: *standard_error, n: *n })
    };
    QualityBaseline {
        problem: quality.problem,
        positive_label: None,
        n: quality.n,
        metrics: quality.metrics.iter().chain(&quality.more_metrics).filter_map(remembered).collect(),
        predictions: predictions.predictions.clone(),
        scores: predictions.scores.clone(),
        calibration: calibrate(outcomes),
        concept: concept::remember(&outcomes.rows, quality.problem),
    }
}

fn plain(name: &'static str, value: Result<f64, Undefined>, n: u64) -> Metric {
    Metric { name, value, standard_deviation: None, standard_error: None, interval: None, n }
}

/// The metrics that can be estimated, in the order of the table.
fn estimate(expected: &ExpectedCounts, n: u64) -> Vec<Metric> {
    let (problem, sample) = match expected {
        ExpectedCounts::Binary(bins) => (Problem::BinaryClassification, Sample::Binary(binary(bins))),
        ExpectedCounts::Multiclass(classes) => {
            (Problem::MulticlassClassification, Sample::Multiclass(multiclass(classes)))
        }
    };
    let kinds = ALL.iter().filter(|kind| kind.problem() == problem && kind.is_estimated);
    debug_assert!(kinds.clone().all(|kind| kind.needs != Needs::Scores));
    kinds.map(|kind| plain(kind.name, kind.of(&sample), n)).collect()
}

fn binary(bins: &[ExpectedBin]) -> BinarySample {
    let sum = |of: fn(&ExpectedBin) -> f64| bins.iter().map(of).sum::<f64>();
    let sides = |bin: &ExpectedBin| {
        let positives = bin.positives[0] + bin.positives[1];
        (positives, (bin.n[0] + bin.n[1]) as f64 - positives)
    };
    let falling: Vec<(f64, f64)> = bins.iter().rev().map(sides).collect();
    BinarySample {
        true_positives: sum(|bin| bin.positives[1]),
        false_positives: sum(|bin| bin.n[1] as f64 - bin.positives[1]),
        false_negatives: sum(|bin| bin.positives[0]),
        true_negatives: sum(|bin| bin.n[0] as f64 - bin.positives[0]),
        areas: Areas::of(&falling),
        ..BinarySample::default()
    }
}

fn multiclass(classes: &[ExpectedClass]) -> MulticlassSample {
    MulticlassSample {
        actual: classes.iter().map(|class| class.actual).collect(),
        predicted: classes.iter().map(|class| class.n_predicted as f64).collect(),
        hits: classes.iter().map(|class| class.hits).collect(),
        ..MulticlassSample::default()
    }
}

/// Distance and p-value of predictions, then of scores. Of several columns of scores the largest
/// distance, and the smallest p-value times their number (Bonferroni).
fn drifts(seen: &PredictionStatistics, baseline: Option<&QualityBaseline>) -> Vec<Metric> {
    let absent = PredictionDrift { distance: Err(Undefined::Absent), p_value: Err(Undefined::Absent) };
    let predictions = baseline.map_or(absent, |baseline| between(&baseline.predictions, &seen.predictions));
    let mut metrics = vec![
        plain("prediction_drift", predictions.distance, seen.n),
        plain("prediction_drift_p_value", predictions.p_value, seen.n),
    ];
    if seen.scores.is_empty() {
        return metrics;
    }
    let known = baseline.map_or(&[][..], |baseline| &baseline.scores);
    let columns: Vec<PredictionDrift> =
        known.iter().zip(&seen.scores).map(|(known, seen)| between(known, seen)).collect();
    let is_complete = columns.len() == seen.scores.len();
    let most = |of: fn(&PredictionDrift) -> Result<f64, Undefined>, better: fn(f64, f64) -> f64| {
        let values = columns.iter().map(of).filter(|_| is_complete);
        let found: Result<Vec<f64>, Undefined> = values.collect();
        found?.into_iter().reduce(better).ok_or(Undefined::Absent)
    };
    let p_value = most(|drift| drift.p_value, f64::min).map(|p| (p * columns.len() as f64).min(1.0));
    metrics.push(plain("score_drift", most(|drift| drift.distance, f64::max), seen.n));
    metrics.push(plain("score_drift_p_value", p_value, seen.n));
    metrics
}
