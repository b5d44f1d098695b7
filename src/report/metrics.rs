//! CloudWatch metrics of a run (DG:model-monitor-interpreting-cloudwatch).

use super::monitor_results::Metric;
use super::{Account, Artifact, MonitorResults};
use crate::names::{file, metric};
use crate::pairing::JoinCounts;
use crate::wire::cloudwatch::{self, Unpublishable};
use crate::wire::time;

/// When metrics were measured, and on what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dimensions<'a> {
    /// Time of the metrics in milliseconds since 1970 (UTC).
    pub time: i64,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
}

/// A metric that CloudWatch would refuse, and so is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub metric: String,
    pub reason: Unpublishable,
}

/// The metrics' file, or none when there is nothing to publish or the time is beyond the calendar; and what had to
/// be left out of it.
pub fn cloudwatch_artifact<R: MonitorResults>(
    of: Dimensions<'_>,
    account: &Account,
    results: &R,
    n_violations: usize,
) -> (Option<Artifact>, Vec<Skipped>) {
    let n_violations = results.has_baseline().then_some(n_violations as u64);
    let metrics = run_metrics(n_violations, account).into_iter().chain(results.metrics());
    let Some(timestamp) = time::utc(of.time) else { return (None, Vec::new()) };
    let known = [(metric::DIMENSION_ENDPOINT, of.endpoint), (metric::DIMENSION_SCHEDULE, of.schedule)];
    let (mut lines, mut skipped) = (Vec::new(), Vec::new());
    for Metric { name, value, unit, dimensions } in metrics {
        let known = known.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
        let dimensions = known.chain(dimensions.into_iter().map(|(name, value)| (name.to_owned(), value))).collect();
        let metric = cloudwatch::Metric { name, timestamp: timestamp.clone(), dimensions, value, unit };
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

/// What every run publishes; violations only where they were looked for, and the labelled share where labels were.
fn run_metrics(n_violations: Option<u64>, account: &Account) -> Vec<Metric> {
    let ledger = &account.dataset.ledger;
    let counts = [
        (metric::VIOLATIONS, n_violations),
        (metric::RECORDS_USED, Some(ledger.n_records_used)),
        (metric::RECORDS_REJECTED, Some(ledger.n_records_rejected())),
    ];
    let count = |(name, n): (&str, Option<u64>)| Some(Metric::count(name, n?));
    let pairs = account.labels.as_ref().map(|labels| &labels.pairs);
    let share = pairs.and_then(JoinCounts::labelled_share).map(|share| Metric::single(metric::LABELLED_SHARE, share));
    counts.into_iter().filter_map(count).chain(share).collect()
}
