//! Results of the data-quality monitor: what is measured of a table against a baseline.

use std::sync::Arc;

use crate::judge::Constraints;
use crate::measure;
use crate::profile::TableStatistics;
use crate::report::DataQualityResults;

/// A baseline, as far as it was given.
#[derive(Clone)]
pub(in crate::run) struct Baseline {
    pub constraints: Arc<Constraints>,
    pub statistics: Option<Arc<TableStatistics>>,
}

/// What was measured of a table, beside the constraints that it suggests.
pub(super) fn results(
    baseline: Option<Baseline>,
    suggested: Constraints,
    statistics: TableStatistics,
    is_empty: bool,
) -> DataQualityResults {
    let (constraints, known) = baseline.map(|baseline| (baseline.constraints, baseline.statistics)).unzip();
    let known = known.flatten();
    DataQualityResults {
        suggested,
        measurements: measure::measure(&statistics, known.as_deref()),
        statistics,
        baseline: constraints,
        baseline_statistics: known,
        incidents: None,
        segments: None,
        is_empty,
        redact: false,
    }
}
