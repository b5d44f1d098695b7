//! CloudWatch metrics of a bias run (DG:clarify-model-monitor-bias-drift-cw).

use super::metrics::{Named, lines_in_dimensions, run_metrics};
use super::{Artifact, Skipped};
use crate::measure::bias::{Bias, BiasMetric, GroupBias};
use crate::names::metric;
use crate::pairing::JoinCounts;
use crate::profile::Ledger;
use crate::wire::cloudwatch::{MAX_MAGNITUDE, MetricValue, Unit};

/// What the metrics are made from.
pub struct BiasMetricsInput<'a> {
    /// Time of the metrics in milliseconds since 1970 (UTC).
    pub time: i64,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
    /// `None` when no labelled row was used.
    pub bias: Option<&'a Bias>,
    /// `None` where labels came with the dataset.
    pub pairs: Option<&'a JoinCounts>,
    /// `None` in a baseline job.
    pub n_violations: Option<u64>,
    pub ledger: &'a Ledger,
}

/// The metrics' file, or none when `time` is beyond the calendar; and what had to be left out of it.
/// Infinite values stand as the largest that CloudWatch takes, 2^360, which AWS's page rounds to
/// 2.348543e108; those without a value are absent. A group is called as the configuration writes
/// it, so that its name is the same in every run.
pub fn bias_cloudwatch_artifact(input: &BiasMetricsInput<'_>) -> (Option<Artifact>, Vec<Skipped>) {
    let labelled_share = input.pairs.and_then(JoinCounts::labelled_share);
    let share = labelled_share.map(|share| single(metric::LABELLED_SHARE.to_owned(), share));
    let of_run = run_metrics(input.n_violations, input.ledger).into_iter().chain(share);
    let of_run = of_run.map(|metric| (metric, Vec::new()));
    let of_bias = input.bias.into_iter().flat_map(|bias| {
        let post_training = bias.post_training.iter().flat_map(|group| of_group(bias, group, metric::POST_TRAINING));
        post_training.chain(bias.pre_training.iter().flat_map(|group| of_group(bias, group, metric::PRE_TRAINING)))
    });
    lines_in_dimensions(input.time, input.endpoint, input.schedule, of_run.chain(of_bias))
}

type InDimensions = (Named, Vec<(String, String)>);

fn of_group<'a>(bias: &'a Bias, group: &'a GroupBias, stage: &'static str) -> impl Iterator<Item = InDimensions> + 'a {
    let dimensions = [
        (metric::DIMENSION_BIAS_STAGE, stage),
        (metric::DIMENSION_LABEL, bias.label.as_str()),
        (metric::DIMENSION_LABEL_VALUE, bias.label_value_or_threshold.as_str()),
        (metric::DIMENSION_FACET, group.facet.as_str()),
        (metric::DIMENSION_FACET_VALUE, group.facet_value.as_str()),
    ];
    let dimensions = dimensions.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let of_metric = move |metric: &BiasMetric| {
        let value = metric.value.as_ref().ok()?.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE);
        Some((single(format!("{}{}", metric::BIAS, metric.name), value), dimensions.clone()))
    };
    group.metrics.iter().filter_map(of_metric)
}

fn single(name: String, value: f64) -> Named {
    (name, MetricValue::Single(value), Unit::None)
}
