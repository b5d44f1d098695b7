//! Concept drift as the statistical verdict sees it: what labels mean beside a feature, changed beyond chance and by more
//! than a little.

use super::types::{MIN_ROWS, Operator};
use super::violation_name::camel_case;
use crate::judge::chance::{told, told_p};
use crate::judge::{Alternative, Finding, Scale, Subject, Test, TestOutcome};
use crate::measure::concept::{CONCEPT_CHANGE, ConceptChange};

/// Concept changes up to this size count as none.
pub const CONCEPT_MARGIN: f64 = 0.05;

/// One test for each feature whose concept change has a value, in their order.
pub(super) fn tests(changes: &[ConceptChange]) -> impl Iterator<Item = Test> {
    changes.iter().filter_map(|change| {
        let value = change.value.ok()?;
        let has_rows = change.n >= MIN_ROWS && change.baseline_n >= MIN_ROWS;
        Some(Test {
            subject: Subject::Feature(change.feature.clone()),
            metric: CONCEPT_CHANGE,
            value: Some(value),
            baseline_value: None,
            scale: Scale::Value,
            scaled: Some(value),
            baseline_scaled: None,
            standard_error: None,
            n: change.n,
            baseline_standard_error: None,
            baseline_n: Some(change.baseline_n),
            effect: Some(value),
            margin: CONCEPT_MARGIN,
            alternative: Alternative::Greater,
            p: change.p_value.ok().filter(|_| has_rows),
            p_adjusted: None,
            outcome: TestOutcome::InsufficientData,
            finding: None,
        })
    })
}

pub(super) fn finding(test: &Test, feature: &str) -> Option<Finding> {
    let (value, baseline_n) = (test.value?, test.baseline_n?);
    let metric_name = camel_case(test.metric);
    Some(Finding {
        check: Operator::GreaterThanThreshold.name(),
        subject: Subject::Feature(feature.to_owned()),
        metric: test.metric,
        description: format!(
            "Metric {metric_name} of feature {feature} with {} (n {}, baseline n {baseline_n}) is above {}: labels mean \
             something else there, adjusted p-value {}",
            told(value),
            test.n,
            told(test.margin),
            told_p(test.p_adjusted)
        ),
        value,
        threshold: test.margin,
        n: test.n,
    })
}
