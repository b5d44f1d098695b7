//! Tests that were violated, as findings.

use super::types::{AttributionFinding, AttributionTest, TestSubject};
use crate::judge::chance::{told, told_p};
use crate::judge::quality::TestOutcome;
use crate::names::{analysis, check};

/// Below this NDCG AWS's container reports a drift, fixed
/// (DG:clarify-model-monitor-model-attribution-drift-violations).
pub const NDCG_THRESHOLD: f64 = 0.9;

/// The tests that were violated, as findings.
pub fn findings_of(tests: &[AttributionTest]) -> Vec<AttributionFinding> {
    tests.iter().filter(|test| test.outcome == TestOutcome::Violated).map(finding).collect()
}

fn finding(test: &AttributionTest) -> AttributionFinding {
    let number = |value: Option<f64>| told(value.unwrap_or(f64::NAN));
    let (value, n, baseline_value) = (number(test.value), test.n, number(test.baseline_value));
    let seen = match test.baseline_n {
        Some(baseline_n) => format!("moved from {baseline_value} (n {baseline_n}) to {value} (n {n})"),
        None => format!("is {value} (n {n}) where the baseline, whose n is not known, has {baseline_value}"),
    };
    let (subject, by, feature) = match &test.subject {
        TestSubject::Feature(name) => {
            (format!("Attribution of {name}"), "of the baseline's total magnitude", Some(name.clone()))
        }
        TestSubject::TotalMagnitude => ("Total magnitude of the attributions".to_owned(), "in logarithms", None),
    };
    AttributionFinding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        output: test.output.clone(),
        metric: analysis::SHAP,
        feature,
        description: format!(
            "{subject} {seen}: by {} {by}, adjusted p-value {}",
            number(test.effect),
            told_p(test.p_adjusted)
        ),
        value: test.value.unwrap_or(f64::NAN),
        threshold: test.baseline_value.unwrap_or(f64::NAN),
        n,
    }
}
