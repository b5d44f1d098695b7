//! The statistical verdict: less fair than the baseline beyond chance.
//!
//! AWS's rule compares two noisy numbers: without any drift half of the metrics alarm, and nearly
//! every run does. Here the unfairness of both sides is weighed with the errors of both, on a scale
//! whose zero is perfect fairness, and corrected for the number of tests. A baseline without counts,
//! such as AWS's, is taken as exact: its own chance goes unseen, and false alarms are more frequent
//! than they should be.

use super::baseline_index::BaselineIndex;
use super::evaluate::{group_of, n_rows, value_of};
use crate::judge::chance::{holm, told, told_p, upper_tail};
use crate::judge::hypothesis_test::{correct, decide};
use crate::judge::{Alternative, Finding, Scale, Test, TestOutcome};
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, Form, GroupBias, named};
use crate::names::check;

/// How much less fair than the baseline still passes, unless something else is asked for.
pub const DEFAULT_MARGIN: f64 = 0.0;

/// Fewest rows of the group, and of the rest, for which a test is made.
pub const MIN_GROUP: u64 = 30;

/// Fewest positive labels of the group, and of the rest.
pub const MIN_POSITIVES: u64 = 5;

/// Values that differ by rounding only are the same.
const TOLERANCE: f64 = 1e-9;

/// One test for every tested metric that has a value on both sides, in the order of
/// [`super::evaluate`]. The `margin` is on each test's scale.
pub fn test(baseline: &[BaselineGroup], bias: &Bias, margin: f64) -> Vec<Test> {
    let index = BaselineIndex::of(baseline);
    let mut tests = Vec::new();
    for (is_post_training, groups) in [(true, &bias.post_training), (false, &bias.pre_training)] {
        for group in groups {
            let Some(base) = index.group(is_post_training, group) else { continue };
            tests.extend(group.metrics.iter().filter_map(|metric| single(base, group, metric, margin)));
        }
    }
    correct(&mut tests, holm);
    decide(&mut tests, finding);
    tests
}

/// One side of the comparison.
#[derive(Clone, Copy)]
struct Side {
    unfairness: f64,
    /// `None` where the value is taken as exact.
    error: Option<f64>,
}

fn single(baseline: &BaselineGroup, group: &GroupBias, metric: &BiasMetric, margin: f64) -> Option<Test> {
    let form = named(metric.name)?.form.as_ref()?;
    let (value, baseline_value) = (*metric.value.as_ref().ok()?, value_of(baseline, metric.name)?);
    let current = current(form, group, metric, value);
    let base = base(form, baseline, baseline_value, current, n_rows(&group.counts));
    let is_enough = has_rows(&group.counts) && baseline.counts.as_ref().is_none_or(has_rows);
    let sides = current.zip(base).filter(|_| is_enough);
    let p = sides.and_then(|(current, base)| p_value(current, base, margin));
    Some(Test {
        subject: group_of(baseline.is_post_training, group),
        metric: metric.name,
        value: Some(value),
        baseline_value: Some(baseline_value),
        scale: if form.is_logarithmic() { Scale::LogQuotient } else { Scale::Value },
        scaled: current.map(|side| side.unfairness),
        baseline_scaled: base.map(|side| side.unfairness),
        standard_error: current.and_then(|side| side.error),
        n: n_rows(&group.counts),
        baseline_standard_error: base.and_then(|side| side.error),
        baseline_n: baseline.counts.as_ref().map(n_rows),
        effect: current.zip(base).map(|(current, base)| current.unfairness - base.unfairness),
        margin,
        alternative: Alternative::Greater,
        p,
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    })
}

fn current(form: &Form, group: &GroupBias, metric: &BiasMetric, value: f64) -> Option<Side> {
    match form {
        Form::Other => {
            let error = metric.standard_error.filter(|error| error.is_finite() && *error > 0.0)?;
            Some(Side { unfairness: form.distance(value)?, error: Some(error) })
        }
        form => form.unfairness(&group.counts).map(|of| Side { unfairness: of.distance, error: Some(of.error) }),
    }
}

/// The baseline by its counts, where these are known and lead to its value: someone may have edited
/// the value, and then it is what is meant. Otherwise the value alone, as exact.
fn base(form: &Form, baseline: &BaselineGroup, value: f64, current: Option<Side>, n: u64) -> Option<Side> {
    let exact = || form.distance(value).map(|unfairness| Side { unfairness, error: None });
    let Some(counts) = &baseline.counts else { return exact() };
    if let Form::Other = form {
        // The counts do not tell this error; that of the other side, with this side's rows.
        let error = current?.error? * (n as f64 / n_rows(counts) as f64).sqrt();
        return Some(Side { error: Some(error).filter(|error| error.is_finite()), ..exact()? });
    }
    let of = form.unfairness(counts)?;
    match (of.magnitude - value.abs()).abs() <= TOLERANCE * value.abs().max(1.0) {
        true => Some(Side { unfairness: of.distance, error: Some(of.error) }),
        false => exact(),
    }
}

/// The chance of an unfairness this far above the baseline's, when there is none beyond the margin.
/// Both tails count, since unfairness has no direction: a metric that is truly fair strays to both
/// sides.
fn p_value(current: Side, base: Side, margin: f64) -> Option<f64> {
    let error = current.error?.hypot(base.error.unwrap_or(0.0));
    let allowed = base.unfairness + margin;
    let p = upper_tail((current.unfairness - allowed) / error) + upper_tail((current.unfairness + allowed) / error);
    p.is_finite().then(|| p.min(1.0))
}

fn has_rows(counts: &EightCounts) -> bool {
    counts.n.iter().all(|[negatives, positives]| {
        let sum = |pair: &[u64; 2]| pair[0].saturating_add(pair[1]);
        sum(positives) >= MIN_POSITIVES && sum(positives).saturating_add(sum(negatives)) >= MIN_GROUP
    })
}

fn finding(test: &Test) -> Option<Finding> {
    let (value, baseline_value, effect, n) = (test.value?, test.baseline_value?, test.effect?, test.n);
    let (now, before) = (told(value), told(baseline_value));
    let seen = match test.baseline_n {
        Some(baseline_n) => format!("moved from {before} (n {baseline_n}) to {now} (n {n})"),
        None => format!("is {now} (n {n}) where the baseline, whose n is not known, has {before}"),
    };
    let scale = match test.scale {
        Scale::Value => "",
        Scale::LogQuotient => " in logarithms",
    };
    let (by, p) = (told(effect), told_p(test.p_adjusted));
    Some(Finding {
        check: check::BIAS_DRIFT,
        subject: test.subject.clone(),
        metric: test.metric,
        description: format!("Metric {} {seen}: less fair by {by}{scale}, adjusted p-value {p}", test.metric),
        value,
        threshold: baseline_value,
        n,
    })
}
