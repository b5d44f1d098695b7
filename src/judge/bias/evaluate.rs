//! AWS's decisions: further from zero than the baseline.

use super::baseline_index::BaselineIndex;
use crate::judge::{Finding, Subject};
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
use crate::names::check;
use crate::profile::java_double;

/// What AWS's container reports, in its order and words: every metric whose magnitude is above the
/// baseline's, disparate impact included, though its fairest value is 1. What has no value on
/// either side is not judged. Post-training first; no published file shows a pre-training violation.
pub fn evaluate(baseline: &[BaselineGroup], bias: &Bias) -> Vec<Finding> {
    let index = BaselineIndex::of(baseline);
    let judged = |is_post_training: bool, group: &GroupBias| -> Vec<Finding> {
        let Some(base) = index.group(is_post_training, group) else { return Vec::new() };
        group.metrics.iter().filter_map(|metric| judge(is_post_training, group, base, metric)).collect()
    };
    let post_training = bias.post_training.iter().flat_map(|group| judged(true, group));
    post_training.chain(bias.pre_training.iter().flat_map(|group| judged(false, group))).collect()
}

fn judge(is_post_training: bool, group: &GroupBias, baseline: &BaselineGroup, metric: &BiasMetric) -> Option<Finding> {
    let (value, baseline_value) = (*metric.value.as_ref().ok()?, value_of(baseline, metric.name)?);
    (value.abs() > baseline_value.abs()).then(|| Finding {
        check: check::BIAS_DRIFT,
        subject: group_of(is_post_training, group),
        metric: metric.name,
        description: format!(
            "Metric value {} doesn't meet the baseline constraint requirement {}",
            java_double(value),
            java_double(baseline_value)
        ),
        value,
        threshold: baseline_value,
        n: n_rows(&group.counts),
    })
}

/// What a finding about a metric of this group is about.
pub(super) fn group_of(is_post_training: bool, group: &GroupBias) -> Subject {
    let (facet, facet_value) = (group.facet.clone(), group.facet_value.clone());
    Subject::Group { is_post_training, facet, facet_value }
}

/// What the baseline's metric of this name was.
pub(super) fn value_of(baseline: &BaselineGroup, metric: &str) -> Option<f64> {
    baseline.metrics.iter().find(|(name, _)| name == metric)?.1
}

/// All rows; as many as can be counted, should a file tell more.
pub(super) fn n_rows(counts: &EightCounts) -> u64 {
    counts.n.iter().flatten().flatten().fold(0, |sum: u64, n| sum.saturating_add(*n))
}
