//! CloudWatch metrics of a run (DG:model-monitor-interpreting-cloudwatch).

use std::collections::HashMap;

use super::Artifact;
use crate::judge::Constraints;
use crate::names::{file, metric};
use crate::profile::{ColumnStatistics, Detail, Ledger, NumericStatistics, TableStatistics};
use crate::wire::cloudwatch::{Metric, MetricValue, Unit, Unpublishable};
use crate::wire::time;

/// What the metrics are made from.
pub struct MetricsInput<'a> {
    /// Time of the metrics in milliseconds since 1970 (UTC).
    pub time: i64,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
    pub statistics: &'a TableStatistics,
    /// Whose settings say which features have metrics. Without a baseline all have.
    pub baseline: Option<&'a Constraints>,
    /// A feature's distance from the baseline, where it was computed.
    pub drift: &'a dyn Fn(&str) -> Option<f64>,
    /// `None` in a baseline job.
    pub n_violations: Option<u64>,
    pub ledger: &'a Ledger,
}

/// A metric that CloudWatch would refuse, and so is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub metric: String,
    pub reason: Unpublishable,
}

/// The metrics' file, or none when there is nothing to publish or `time` is beyond the calendar;
/// and what had to be left out of it.
pub fn cloudwatch_artifact(input: &MetricsInput<'_>) -> (Option<Artifact>, Vec<Skipped>) {
    let metrics = run_metrics(input.n_violations, input.ledger).into_iter().chain(feature_metrics(input));
    lines(input.time, input.endpoint, input.schedule, metrics)
}

/// The lines of metrics at a time, with the dimensions that are known.
pub(super) fn lines(
    time: i64,
    endpoint: Option<&str>,
    schedule: Option<&str>,
    metrics: impl Iterator<Item = Named>,
) -> (Option<Artifact>, Vec<Skipped>) {
    lines_in_dimensions(time, endpoint, schedule, metrics.map(|metric| (metric, Vec::new())))
}

/// As [`lines`], each metric with more dimensions.
pub(super) fn lines_in_dimensions(
    time: i64,
    endpoint: Option<&str>,
    schedule: Option<&str>,
    metrics: impl Iterator<Item = (Named, Vec<(String, String)>)>,
) -> (Option<Artifact>, Vec<Skipped>) {
    let Some(timestamp) = time::utc(time) else { return (None, Vec::new()) };
    let known: Vec<(String, String)> = [(metric::DIMENSION_ENDPOINT, endpoint), (metric::DIMENSION_SCHEDULE, schedule)]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    let (mut lines, mut skipped) = (Vec::new(), Vec::new());
    for ((name, value, unit), more) in metrics {
        let dimensions = known.iter().cloned().chain(more).collect();
        let metric = Metric { name, timestamp: timestamp.clone(), dimensions, value, unit };
        match metric.line() {
            Ok(line) => {
                lines.extend(line);
                lines.push(b'\n');
            }
            Err(reason) => skipped.push(Skipped { metric: metric.name, reason }),
        }
    }
    let artifact = (!lines.is_empty()).then(|| Artifact::new(file::CLOUDWATCH_METRICS, lines));
    (artifact, skipped)
}

pub(super) type Named = (String, MetricValue, Unit);

/// What every run publishes; violations only where they were looked for.
pub(super) fn run_metrics(n_violations: Option<u64>, ledger: &Ledger) -> Vec<Named> {
    let counts = [
        (metric::VIOLATIONS, n_violations),
        (metric::RECORDS_USED, Some(ledger.n_records_used)),
        (metric::RECORDS_REJECTED, Some(ledger.n_records_rejected())),
    ];
    counts
        .into_iter()
        .filter_map(|(name, n)| Some((name.to_owned(), MetricValue::Single(n? as f64), Unit::Count)))
        .collect()
}

fn feature_metrics<'a>(input: &'a MetricsInput<'_>) -> impl Iterator<Item = Named> + use<'a> {
    let known: HashMap<&str, bool> = input
        .baseline
        .iter()
        .flat_map(|baseline| &baseline.features)
        .map(|feature| (feature.name.as_str(), feature.config.emit_metrics))
        .collect();
    let otherwise = input.baseline.is_none_or(|baseline| baseline.config.emit_metrics);
    let columns = &input.statistics.columns;
    columns
        .iter()
        .filter(move |column| known.get(column.name.as_str()).copied().unwrap_or(otherwise))
        .flat_map(|column| column_metrics(column, (input.drift)(&column.name)))
}

fn column_metrics(column: &ColumnStatistics, drift: Option<f64>) -> Vec<Named> {
    let named = |prefix: &str, value| (format!("{prefix}{}", column.name), value, Unit::None);
    let mut metrics = Vec::new();
    if let Detail::Numeric(Ok(numbers)) = &column.detail {
        let value = MetricValue::Statistics {
            sample_count: n_numbers(numbers, column.n_present),
            sum: numbers.sum,
            minimum: numbers.min,
            maximum: numbers.max,
        };
        metrics.push(named(metric::FEATURE_DATA, value));
    }
    if let Ok(completeness) = column.completeness() {
        metrics.push(named(metric::FEATURE_NON_NULL, MetricValue::Single(completeness)));
    }
    if let Some(distance) = drift {
        metrics.push(named(metric::FEATURE_BASELINE_DRIFT, MetricValue::Single(distance)));
    }
    metrics
}

/// How many numbers the sums are over: the weight of the sketch, which takes in all of them;
/// cells that could not be cast are present, but in neither.
fn n_numbers(numbers: &NumericStatistics, n_present: u64) -> f64 {
    let mut weight = 1.0;
    let mut total = 0.0;
    for level in &numbers.quantiles.levels {
        total += level.len() as f64 * weight;
        weight *= 2.0;
    }
    if total > 0.0 { total } else { n_present as f64 }
}
