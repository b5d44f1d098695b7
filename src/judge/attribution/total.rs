//! Test of the total attribution: whether there is more or less of it in all than in the baseline.

use super::means::{Means, Spread, has_rows, spread_before};
use crate::judge::{Alternative, Scale, Subject, Test, TestOutcome};
use crate::measure::attribution::OutputPair;
use crate::measure::{MIN_DEFINED, deviation};
use crate::names::analysis;
use crate::profile::N_REPLICATES;

/// ln 1.25: how far the logarithm of the sum may be from that of the baseline's. Attributions of a row add up to how
/// far its prediction is from the mean one: a quarter more of them are predictions that are a quarter further apart,
/// when features do not cancel each other more than before.
const TOTAL_MARGIN: f64 = 0.223_143_551_314_209_76;

/// The test of the sum of mean |φ| over all features. `whole` is that of the baseline.
///
/// The error of a logarithm is the relative error (delta method: A. W. van der Vaart, "Asymptotic Statistics", 1998,
/// ch. 3): of the current sum it is the spread of its bootstrap replicates, which know how features go together. A
/// baseline knows the features' variances alone; there features are taken to go together as they do now.
pub(super) fn total(pair: &OutputPair<'_>, whole: Option<f64>) -> Test {
    let value: f64 = pair.current.features.iter().map(|feature| feature.mean_abs).sum();
    let error = deviation_of_sums(&pair.current.replicates);
    let now = error.and_then(|error| relative(error, value, pair.current.n));
    let before = error.zip(whole).and_then(|(error, whole)| {
        let error = error_before(pair, error)?;
        relative(error, whole, pair.baseline.n?)
    });
    let means = Means::of(now, before);
    let effect = whole.map(|whole| (value / whole).ln().abs()).filter(|effect| effect.is_finite());
    let p = effect.filter(|_| now.is_some() && has_rows(pair));
    Test {
        subject: Subject::Output { output: pair.current.output.clone(), feature: None },
        metric: analysis::SHAP,
        value: Some(value),
        baseline_value: whole,
        scale: Scale::LogQuotient,
        scaled: Some(value.ln()),
        baseline_scaled: whole.map(f64::ln),
        standard_error: means.error_now(),
        n: pair.current.n,
        baseline_standard_error: means.error_before(),
        baseline_n: pair.baseline.n,
        effect,
        margin: TOTAL_MARGIN,
        alternative: Alternative::TwoSided,
        p: p.and_then(|effect| means.p_value(effect, TOTAL_MARGIN)),
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    }
}

/// The relative spread of one row that leads to this error of the mean of `n`.
fn relative(error: f64, mean: f64, n: u64) -> Option<Spread> {
    Spread::of(Some((error / mean).powi(2) * n as f64), n)
}

/// The sample standard deviation of the replicates' sums; infinite where sums are.
fn deviation_of_sums(replicates: &[Vec<f64>]) -> Option<f64> {
    if (replicates.len() as f64) < MIN_DEFINED * N_REPLICATES as f64 {
        return None;
    }
    let sums: Vec<f64> = replicates.iter().map(|means| means.iter().sum()).collect();
    Some(deviation(&sums).unwrap_or(f64::INFINITY))
}

/// The error of the baseline's sum. It lies below the sum of its features' errors by as much as that of the current
/// sum does; `None` where a feature's error is not known.
fn error_before(pair: &OutputPair<'_>, error_now: f64) -> Option<f64> {
    let error = |spread: Spread| (spread.variance / spread.n as f64).sqrt();
    let now = pair.current.features.iter().map(|feature| Spread::of(feature.variance_abs, pair.current.n).map(error));
    let before = pair.features.iter().filter_map(|feature| feature.before);
    let now: f64 = now.sum::<Option<f64>>()?;
    let before: f64 = before.map(|before| spread_before(pair, before).map(error)).sum::<Option<f64>>()?;
    Some(before * if now > 0.0 { (error_now / now).min(1.0) } else { 1.0 })
}
