//! The report's page of a model-quality run.

use super::QualityInput;
use super::page::finite;
use crate::judge::quality::{QualityFinding, QualityLimit, QualityTest};
use crate::measure::quality::{CalibrationBin, ClassQuality, Metric, Predictions, Quality};
use crate::profile::{OutcomeAccount, Undefined};
use crate::wire::report;

/// What was measured and judged.
pub(super) fn quality(input: &QualityInput<'_>) -> report::Quality {
    let measured = input.quality;
    report::Quality {
        problem_type: input.problem.name().to_owned(),
        n: measured.map_or(0, |quality| quality.n),
        account: measured.map(|quality| account(&quality.account)),
        metrics: measured.map(|quality| metrics(quality, input)).unwrap_or_default(),
        confusion: measured.and_then(|quality| quality.confusion.as_ref()).map(|confusion| report::Confusion {
            classes: confusion.classes.clone(),
            counts: confusion.counts.clone(),
        }),
        classes: measured.map(classes).unwrap_or_default(),
        calibration: measured.map(calibration).unwrap_or_default(),
        residual_quantiles: measured.map(residual_quantiles).unwrap_or_default(),
        predictions: input.predictions.map(|predictions| of_predictions(predictions, measured)),
    }
}

/// A finding as the report has it.
pub(super) fn finding(finding: &QualityFinding) -> report::Finding {
    report::Finding {
        feature: String::new(),
        group: None,
        check: finding.check.to_owned(),
        measure: finding.metric.clone(),
        description: finding.description.clone(),
        value: finite(finding.value),
        threshold: finite(finding.threshold),
        n: finding.n,
    }
}

fn account(account: &OutcomeAccount) -> report::Account {
    report::Account {
        rows: account.n_rows,
        used: account.n_used,
        without_prediction: account.n_without_prediction,
        without_label: account.n_without_label,
        not_numbers: account.n_not_numbers,
        scores_outside: account.n_scores_outside,
        labels_normalised: account.n_labels_normalised,
    }
}

fn metrics(quality: &Quality, input: &QualityInput<'_>) -> Vec<report::QualityMetric> {
    let limits = input.monitoring.map_or(&[][..], |monitoring| &monitoring.constraints.limits);
    let findings = input.monitoring.map_or(&[][..], |monitoring| monitoring.findings);
    let tests = input.monitoring.map_or(&[][..], |monitoring| monitoring.tests);
    let of_metric = |metric: &Metric| {
        let limit = limits.iter().find(|limit| limit.metric == metric.name);
        let (value, not_computed) = known(metric.value);
        let is_judged = value.is_some() && limit.is_some_and(|limit: &QualityLimit| limit.threshold.is_some());
        report::QualityMetric {
            metric: metric.name.to_owned(),
            value,
            not_computed,
            standard_error: metric.standard_error.and_then(finite),
            interval: metric.interval.and_then(interval),
            n: metric.n,
            threshold: limit.and_then(|limit| limit.threshold).and_then(finite),
            operator: limit.map(|limit| limit.operator.name().to_owned()),
            violated: is_judged.then(|| findings.iter().any(|found| found.metric == metric.name)),
            test: tests.iter().find(|test| test.metric == metric.name).map(of_test),
        }
    };
    quality.metrics.iter().chain(&quality.more_metrics).map(of_metric).collect()
}

fn of_test(test: &QualityTest) -> report::Test {
    report::Test {
        outcome: test.outcome.name().to_owned(),
        effect: finite(test.effect),
        p: test.p,
        p_adjusted: test.p_adjusted,
        baseline_value: finite(test.baseline_value),
        baseline_standard_error: test.baseline_standard_error.and_then(finite),
        baseline_n: test.baseline_n,
    }
}

fn classes(quality: &Quality) -> Vec<report::Class> {
    let of_class = |class: &ClassQuality| report::Class {
        class: class.class.clone(),
        actual: class.n_actual,
        predicted: class.n_predicted,
        precision: known(class.precision).0,
        recall: known(class.recall).0,
        f1: known(class.f1).0,
    };
    quality.classes.iter().map(of_class).collect()
}

fn calibration(quality: &Quality) -> Vec<report::CalibrationBin> {
    let of_bin = |bin: &CalibrationBin| report::CalibrationBin {
        lower: finite(bin.lower),
        upper: finite(bin.upper),
        n: bin.n,
        mean_score: finite(bin.mean_score),
        share_of_positives: finite(bin.share_of_positives),
    };
    quality.calibration.iter().map(of_bin).collect()
}

fn residual_quantiles(quality: &Quality) -> Vec<report::Level> {
    let of_level = |&(level, value): &(f64, f64)| report::Level { level: finite(level), value: finite(value) };
    quality.residual_quantiles.iter().map(of_level).collect()
}

fn of_predictions(predictions: &Predictions, realised: Option<&Quality>) -> report::Predictions {
    let drift = |metric: &Metric| {
        let (value, not_computed) = known(metric.value);
        report::Drift { measure: metric.name.to_owned(), value, not_computed, n: metric.n }
    };
    let estimate = |metric: &Metric| {
        let (value, not_computed) = known(metric.value);
        report::Estimate {
            metric: metric.name.to_owned(),
            value,
            not_computed,
            standard_error: metric.standard_error.and_then(finite),
            interval: metric.interval.and_then(interval),
            n: metric.n,
            realised: realised.and_then(|quality| known(quality.metric(metric.name)?.value).0),
        }
    };
    report::Predictions {
        n: predictions.n,
        drift: predictions.drift.iter().map(drift).collect(),
        estimated: predictions.estimated.iter().map(estimate).collect(),
        not_estimated: predictions.not_estimated.map(str::to_owned),
    }
}

/// A value, or why there is none.
fn known(value: Result<f64, Undefined>) -> (Option<f64>, Option<String>) {
    match value.and_then(|value| finite(value).ok_or(Undefined::NotFinite)) {
        Ok(value) => (Some(value), None),
        Err(undefined) => (None, Some(undefined.reason().to_owned())),
    }
}

fn interval((lower, upper): (f64, f64)) -> Option<[f64; 2]> {
    Some([finite(lower)?, finite(upper)?])
}
