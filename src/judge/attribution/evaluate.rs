//! AWS's decisions: too far from the baseline's order.

use crate::judge::{Finding, Subject};
use crate::measure::attribution::AttributionDrift;
use crate::names::{analysis, check};
use crate::profile::java_double;

/// Below it the order of features is another one (DG:clarify-model-monitor-feature-attribution-drift). Nothing
/// can set it.
pub const NDCG_LIMIT: f64 = 0.9;

/// What AWS's monitor reports, in its words: every output whose NDCG is below the limit. They say "exceeds" of
/// a value below. What has no NDCG is not judged.
pub fn evaluate(drifts: &[AttributionDrift]) -> Vec<Finding> {
    drifts.iter().filter_map(judge).collect()
}

fn judge(drift: &AttributionDrift) -> Option<Finding> {
    let value = drift.ndcg.ok().filter(|value| *value < NDCG_LIMIT)?;
    Some(Finding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        subject: Subject::Output { output: drift.output.clone(), feature: None },
        metric: analysis::SHAP,
        description: format!(
            "Feature attribution drift {} exceeds threshold {}",
            java_double(value),
            java_double(NDCG_LIMIT)
        ),
        value,
        threshold: NDCG_LIMIT,
        n: drift.n,
    })
}
