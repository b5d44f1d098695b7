//! The statistical verdict: worse than the baseline beyond chance.
//!
//! A one-sided z-test for each limit, with the bootstrap standard errors of both sides, and Holm's
//! correction over all of them and the tests of concept drift. Where the threshold is not the value of a known baseline, it is taken
//! as exact: right for a limit that someone chose, while for a baseline of which only the constraints
//! are given its own chance goes unseen, and false alarms are more frequent than they should be.

use super::concept;
use super::hypotheses::{correct, is_same};
use super::types::{MIN_ROWS, Operator, QualityConstraints, QualityLimit};
use super::violation_name::camel_case;
use crate::judge::chance::{told, told_p, upper_tail};
use crate::judge::hypothesis_test::decide;
use crate::judge::{Finding, Scale, Subject, Test, TestOutcome};
use crate::measure::concept::ConceptChange;
use crate::measure::quality::{Limit, Quality, QualityBaseline, named};

/// One test for each limit whose metric and threshold have values, in the order of the limits; then one for each feature
/// whose concept change has a value.
pub fn test(
    constraints: &QualityConstraints,
    quality: &Quality,
    changes: &[ConceptChange],
    baseline: Option<&QualityBaseline>,
) -> Vec<Test> {
    let of_limits = constraints.limits.iter().filter_map(|limit| single(limit, quality, baseline));
    let mut tests: Vec<Test> = of_limits.chain(concept::tests(changes)).collect();
    correct(&mut tests);
    decide(&mut tests, finding);
    tests
}

/// A metric on one side of the comparison.
#[derive(Clone, Copy)]
struct Side {
    value: f64,
    /// `None` where it is not known, or zero.
    error: Option<f64>,
    n: u64,
}

impl Side {
    fn of(metric: &str, value: f64, error: Option<f64>, n: u64) -> Self {
        let is_share = named(metric).is_some_and(|kind| kind.limit == Some(Limit::Share));
        let error = match is_share {
            true => error.map(|error| error.max(share_error(value, n))),
            false => error,
        };
        Self { value, error: error.filter(|error| error.is_finite() && *error > 0.0), n }
    }

    /// The error, or what the other side's would be with this side's number of rows.
    fn error_beside(&self, other: &Self) -> Option<f64> {
        self.error.or_else(|| Some(other.error? * (other.n as f64 / self.n as f64).sqrt()))
    }
}

/// The least standard error of a share of `n` rows: that of the share with two more rows on each
/// side, which is not zero where all rows or none count (A. Agresti, B. Coull, "Approximate is
/// better than 'exact' for interval estimation of binomial proportions", The American Statistician
/// 52, 1998, p. 120).
fn share_error(share: f64, n: u64) -> f64 {
    let n = n as f64;
    let centre = (share * n + 2.0) / (n + 4.0);
    (centre * (1.0 - centre) / (n + 4.0)).max(0.0).sqrt()
}

fn single(limit: &QualityLimit, quality: &Quality, baseline: Option<&QualityBaseline>) -> Option<Test> {
    let threshold = limit.threshold?;
    let metric = quality.metric(&limit.metric)?;
    let mut current = Side::of(&limit.metric, metric.value.ok()?, metric.standard_error, metric.n);
    let known = baseline.and_then(|baseline| baseline.metrics.iter().find(|known| known.name == limit.metric));
    let known = known.filter(|known| is_same(known.value, threshold));
    let mut base = known.map(|known| Side::of(&limit.metric, threshold, known.standard_error, known.n));
    if let Some(base) = &mut base {
        (current.error, base.error) = (current.error_beside(base), base.error_beside(&current));
    }
    let effect = match limit.operator {
        Operator::LessThanThreshold => threshold - current.value,
        Operator::GreaterThanThreshold => current.value - threshold,
    };
    let has_rows = current.n >= MIN_ROWS && base.is_none_or(|base| base.n >= MIN_ROWS);
    let error = current.error.map(|error| error.hypot(base.and_then(|base| base.error).unwrap_or(0.0)));
    let p = error.filter(|_| has_rows).map(|error| upper_tail(effect / error)).filter(|p| p.is_finite());
    Some(Test {
        subject: Subject::Model,
        metric: metric.name,
        value: Some(current.value),
        baseline_value: Some(threshold),
        scale: Scale::Value,
        scaled: Some(current.value),
        baseline_scaled: Some(threshold),
        standard_error: current.error,
        n: current.n,
        baseline_standard_error: base.and_then(|base| base.error),
        baseline_n: base.map(|base| base.n),
        effect: Some(effect),
        margin: 0.0,
        alternative: limit.operator.worse(),
        p,
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    })
}

pub(super) fn finding(test: &Test) -> Option<Finding> {
    if let Subject::Feature(feature) = &test.subject {
        return concept::finding(test, feature);
    }
    let (metric_name, operator) = (camel_case(test.metric), Operator::where_worse(test.alternative)?);
    let (moved, side) = match operator {
        Operator::LessThanThreshold => ("fell", "below"),
        Operator::GreaterThanThreshold => ("rose", "above"),
    };
    let (value, threshold, effect) = (test.value?, test.baseline_value?, test.effect?);
    let (now, n, before) = (told(value), test.n, told(threshold));
    let seen = match test.baseline_n {
        Some(baseline_n) => format!("{moved} from {before} (n {baseline_n}) to {now} (n {n})"),
        None => format!("with {now} (n {n}) is {side} {before}"),
    };
    let p = told_p(test.p_adjusted);
    Some(Finding {
        check: operator.name(),
        subject: Subject::Model,
        metric: test.metric,
        description: format!("Metric {metric_name} {seen}: worse by {}, adjusted p-value {p}", told(effect)),
        value,
        threshold,
        n,
    })
}
