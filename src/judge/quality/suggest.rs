//! Suggested constraints of model quality: the limits that a baseline itself meets.

use super::types::{Operator, QualityConstraints, QualityLimit};
use crate::measure::quality::{ALL, MetricKind, Quality};

/// Limits that this `quality` itself meets. A metric that was not measured has none, and one that
/// is undefined has a limit without a threshold.
pub fn suggest(quality: &Quality) -> QualityConstraints {
    let limited = ALL.iter().filter(|kind| kind.problem() == quality.problem && kind.limit.is_some());
    let limit = |kind: &MetricKind| {
        let metric = quality.metric(kind.name)?;
        Some(QualityLimit { metric: kind.name.to_owned(), threshold: metric.value.ok(), operator: operator(kind) })
    };
    QualityConstraints { problem: quality.problem, limits: limited.filter_map(limit).collect() }
}

/// The side on which a metric is worse.
fn operator(kind: &MetricKind) -> Operator {
    match kind.larger_is_better {
        Some(false) => Operator::GreaterThanThreshold,
        _ => Operator::LessThanThreshold,
    }
}
