//! The statistical verdict: another attribution than the baseline's beyond chance.
//!
//! NDCG does not see how large attributions are, and hardly sees the order of nearly equal ones; of few rows it
//! alarms by chance. Here the mean |φ| of every feature is tested, and their sum. A baseline without numbers of rows
//! or variances, such as AWS's, is taken as exact: its own chance goes unseen, and false alarms are more frequent
//! than they should be. What drawing coalitions adds to attributions varies from row to row, so that it is part of
//! the variance over rows already.

use super::means::{Means, Spread, has_rows, spread_before};
use super::total::total;
use crate::judge::chance::{benjamini_hochberg, told, told_p};
use crate::judge::hypothesis_test::{correct, decide};
use crate::judge::{Alternative, Finding, Scale, Subject, Test, TestOutcome};
use crate::measure::attribution::{BaselineAttributions, FeaturePair, OutputPair, pairs};
use crate::names::{analysis, check};
use crate::profile::{Aggregation, AttributionStatistics};

/// How far a feature's mean |φ| may be from the baseline's, as a share of the baseline's sum over all features, unless
/// something else is asked for: half of what the outermost of ten features moves by when ten that are equal but for
/// ±10 % are put into the reverse order, which NDCG does not see.
pub const DEFAULT_MARGIN: f64 = 0.01;

/// For every output that the baseline knows, one test of every feature that is on one side at least, and one of their
/// sum. A feature that is absent has a mean of exactly 0. The baseline was aggregated by `aggregation` where it does
/// not tell; the `margin` is that of features.
pub fn test(
    baseline: &[BaselineAttributions],
    current: &AttributionStatistics,
    aggregation: Aggregation,
    margin: f64,
) -> Vec<Test> {
    let mut tests = Vec::new();
    for pair in pairs(baseline, current, aggregation) {
        let whole = baseline_total(&pair);
        tests.extend(pair.features.iter().map(|feature| single(&pair, feature, whole, margin)));
        tests.push(total(&pair, whole));
    }
    correct(&mut tests, benjamini_hochberg);
    decide(&mut tests, finding);
    tests
}

/// The sum of mean |φ| over all features of the baseline; `None` where it is not known, or nothing.
fn baseline_total(pair: &OutputPair<'_>) -> Option<f64> {
    let (before, _) = pair.magnitudes().ok()?;
    let is_magnitude = |x: &f64| x.is_finite() && *x >= 0.0;
    let total: f64 = before.iter().sum();
    (before.iter().all(is_magnitude) && total.is_finite() && total > 0.0).then_some(total)
}

fn single(pair: &OutputPair<'_>, feature: &FeaturePair<'_>, whole: Option<f64>, margin: f64) -> Test {
    let value = feature.now.map(|now| now.mean_abs);
    let baseline_value = feature.before.and_then(|before| before.magnitude(pair.aggregation));
    let now = feature.now.and_then(|now| Spread::of(now.variance_abs, pair.current.n));
    let before = feature.before.and_then(|before| spread_before(pair, before));
    let means = Means::of(now, before);
    let effect = whole.map(|whole| (value.unwrap_or(0.0) - baseline_value.unwrap_or(0.0)).abs() / whole);
    let p = effect.zip(whole).filter(|_| has_rows(pair));
    Test {
        subject: Subject::Output { output: pair.current.output.clone(), feature: Some(feature.name.to_owned()) },
        metric: analysis::SHAP,
        value,
        baseline_value,
        scale: Scale::Value,
        scaled: value,
        baseline_scaled: baseline_value,
        standard_error: means.error_now(),
        n: pair.current.n,
        baseline_standard_error: means.error_before(),
        baseline_n: pair.baseline.n,
        effect,
        margin,
        alternative: Alternative::TwoSided,
        p: p.and_then(|(effect, whole)| means.p_value(effect * whole, margin * whole)),
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    }
}

fn finding(test: &Test) -> Option<Finding> {
    let (effect, n) = (test.effect?, test.n);
    let baseline_n = test.baseline_n.map_or_else(|| "n not known".to_owned(), |n| format!("n {n}"));
    let before = told(test.baseline_value.unwrap_or(0.0));
    let seen = match (test.value, test.baseline_value) {
        (None, _) => format!("was {before} ({baseline_n}) in the baseline, and now there is none (n {n})"),
        (Some(value), None) => format!("is {} (n {n}), and the baseline has none ({baseline_n})", told(value)),
        (Some(value), Some(_)) => format!("moved from {before} ({baseline_n}) to {} (n {n})", told(value)),
    };
    let (what, by) = match test.subject.feature() {
        Some(name) => {
            let share = "of the baseline's sum over all features";
            (format!("of feature {name}"), format!("{} {share}", told(effect)))
        }
        None => ("summed over all features".to_owned(), format!("{} in logarithms", told(effect))),
    };
    let p = told_p(test.p_adjusted);
    Some(Finding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        subject: test.subject.clone(),
        metric: test.metric,
        description: format!("Mean absolute attribution {what} {seen}: by {by}, adjusted p-value {p}"),
        value: effect,
        threshold: test.margin,
        n,
    })
}
