//! AWS's decisions: values held against thresholds as they are.

use super::types::{Operator, QualityConstraints, QualityLimit};
use super::violation_name::camel_case;
use crate::judge::{Finding, Subject};
use crate::measure::quality::{Metric, Quality, named};
use crate::profile::{Problem, java_double};
use crate::sketch::map_order;

/// What AWS's container reports, in its order and words. A limit without a threshold and a metric
/// without a value are not judged.
///
/// AWS walks a map of metric names. That of a regression has four entries, and maps of up to four
/// keep the order in which they were filled; no published file shows it.
pub fn evaluate(constraints: &QualityConstraints, quality: &Quality) -> Vec<Finding> {
    let is_reported = |limit: &&QualityLimit| named(&limit.metric).is_none_or(|kind| !kind.is_never_reported);
    let limits = constraints.limits.iter().filter(is_reported);
    let mut findings: Vec<Finding> = limits.filter_map(|limit| judge(limit, quality.metric(&limit.metric)?)).collect();
    if constraints.problem == Problem::Regression {
        return findings;
    }
    let mut names: Vec<String> = findings.iter().map(|finding| camel_case(finding.metric)).collect();
    map_order(&mut names);
    findings.sort_by_key(|finding| names.iter().position(|name| *name == camel_case(finding.metric)));
    findings
}

fn judge(limit: &QualityLimit, metric: &Metric) -> Option<Finding> {
    let (value, threshold) = (metric.value.ok()?, limit.threshold?);
    let is_violated = match limit.operator {
        Operator::LessThanThreshold => value < threshold,
        Operator::GreaterThanThreshold => value > threshold,
    };
    let (check, metric_name) = (limit.operator.name(), camel_case(&limit.metric));
    let deviation = metric.standard_deviation.map(|deviation| format!(" +/- {}", java_double(deviation)));
    is_violated.then(|| Finding {
        check,
        subject: Subject::Model,
        metric: metric.name,
        description: format!(
            "Metric {metric_name} with {}{} was {check} '{}'",
            java_double(value),
            deviation.unwrap_or_default(),
            java_double(threshold)
        ),
        value,
        threshold,
        n: metric.n,
    })
}
