//! CloudWatch metrics of a model-quality run (DG:model-monitor-model-quality-metrics).

use super::metrics::{Named, lines, run_metrics};
use super::{Artifact, Skipped};
use crate::measure::quality::{Metric, Quality};
use crate::names::metric;
use crate::pairing::JoinCounts;
use crate::profile::Ledger;
use crate::wire::cloudwatch::{MetricValue, Unit};

/// What the metrics are made from.
pub struct QualityMetricsInput<'a> {
    /// Time of the metrics in milliseconds since 1970 (UTC).
    pub time: i64,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
    /// `None` when no labelled row was used.
    pub quality: Option<&'a Quality>,
    /// `None` where labels came with the dataset.
    pub pairs: Option<&'a JoinCounts>,
    /// `None` in a baseline job.
    pub n_violations: Option<u64>,
    pub ledger: &'a Ledger,
}

/// The metrics' file, or none when `time` is beyond the calendar; and what had to be left out of it.
/// AWS's metrics are called like their keys in the statistics; those without a value are absent.
pub fn quality_cloudwatch_artifact(input: &QualityMetricsInput<'_>) -> (Option<Artifact>, Vec<Skipped>) {
    let single = |name: &str, value| (name.to_owned(), MetricValue::Single(value), Unit::None);
    let labelled_share = input.pairs.and_then(JoinCounts::labelled_share);
    let measured = input.quality.iter().flat_map(|quality| &quality.metrics);
    let of_metric = |metric: &Metric| Some(single(metric.name, metric.value.ok()?));
    let metrics: Vec<Named> = run_metrics(input.n_violations, input.ledger)
        .into_iter()
        .chain(labelled_share.map(|share| single(metric::LABELLED_SHARE, share)))
        .chain(measured.filter_map(of_metric))
        .collect();
    lines(input.time, input.endpoint, input.schedule, metrics.into_iter())
}
