//! `model_monitor_report.json`: everything that a run looked at, measured and found.
//!
//! Ours. Every measurement stands here, violated or not, with the number of observations behind
//! it; what was not computed is null and has a reason. No number is ever `NaN` or infinite.

mod attribution;
mod bias;
mod join;
mod quality;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::from_json;
use super::{WireError, jackson};
use crate::names::monitor;

pub use attribution::{
    Attribution, AttributionCoverage, AttributionDrift, AttributionFeature, AttributionMeasure, AttributionOutput,
    AttributionTest, ModelCalls, NoiseFloor,
};
pub use bias::{
    Bias, BiasGroup, BiasIntersection, BiasMetric, BiasRate, BiasSideTable, BiasTest, GroupCounts, MatchedRows,
    UsedRows,
};
pub use join::{Delay, Join, JoinedCaptures, JoinedLabels, JoinedRows};
pub use quality::{
    Account, CalibrationBin, Class, Confusion, Drift, Estimate, Level, Predictions, Quality, QualityMetric, Test,
};

/// The file's bytes.
pub fn write(report: &Report) -> Vec<u8> {
    jackson::to_bytes(report)
}

/// The report that the file holds.
pub fn read(bytes: &[u8]) -> Result<Report, WireError> {
    from_json(bytes)
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Report {
    pub tool: Tool,
    /// `data_quality`, `model_quality`, `bias`, `attribution` or `merge`.
    #[serde(default = "data_quality")]
    pub monitor: String,
    pub window: Window,
    /// `Completed`, `CompletedWithViolations`, `NoData` or `Failed`.
    pub outcome: String,
    /// Whose decisions fill the violations file: `aws` or `statistical`.
    pub verdict: String,
    /// Null unless the outcome is `Failed`.
    pub error: Option<Failure>,
    pub job: Job,
    pub inputs: Inputs,
    pub ledger: Ledger,
    /// What was read of the ground truth, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_inputs: Option<Inputs>,
    /// Every object and record of it accounted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_ledger: Option<Ledger>,
    /// What was joined with the ground truth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
    /// Model quality only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The bias monitor only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<Bias>,
    /// The attribution monitor only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Attribution>,
    /// What needs attention, though the results stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// In the order of the input's columns; then baseline columns that did not arrive.
    pub features: Vec<Feature>,
    pub findings: Findings,
}

/// The program that wrote the report.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// Times in UTC, the start included and the end not; null where the window is open.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Window {
    pub start: Option<String>,
    pub end: Option<String>,
}

/// Why the run failed.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Stable code, as `model-monitor explain` takes it.
    pub code: String,
    pub place: String,
    pub cause: String,
}

/// What the job is called and where it reads and writes; null where unknown.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Job {
    pub name: Option<String>,
    pub endpoint: Option<String>,
    pub schedule: Option<String>,
    pub dataset_source: Option<String>,
    /// Absent where the job has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground_truth_source: Option<String>,
    pub output_path: Option<String>,
}

/// What was read, so that a run can be repeated on the same bytes.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Inputs {
    /// SHA-256 over the list of objects; null when none was listed.
    pub manifest_sha256: Option<String>,
    pub n_objects: u64,
    pub n_bytes: u64,
}

/// Every object and every record accounted for.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Ledger {
    pub objects: Objects,
    pub records: Records,
    /// Rows in the statistics; a record may hold several.
    pub rows: u64,
    /// Cells beyond the width of their table; their records are used without them.
    #[serde(default)]
    pub cells_dropped: u64,
    /// The first few rejected records of each reason.
    pub samples: Vec<Sample>,
}

/// `listed` = `opened` + all of `skipped`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Objects {
    pub listed: u64,
    pub opened: u64,
    pub skipped: BTreeMap<String, u64>,
}

/// `seen` = `used` + `outside_window` + all of `rejected`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Records {
    pub seen: u64,
    pub used: u64,
    pub outside_window: u64,
    /// Those of the used records that carry no time.
    pub without_time: u64,
    pub rejected: BTreeMap<String, u64>,
}

/// A rejected record.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Sample {
    pub object: String,
    /// One-based.
    pub line: u64,
    pub reason: String,
}

/// One of the codes that are warnings.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// As `model-monitor explain` takes it.
    pub code: String,
    pub title: String,
    /// What was seen in this run.
    pub detail: String,
    /// What is to be compared, such as the predictions' and the labels' values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Values>,
}

/// Values under the name of what they are.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Values {
    pub name: String,
    pub values: Vec<String>,
}

/// One column.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Feature {
    pub name: String,
    /// `Integral`, `Fractional`, `String` or `Unknown`; null when the column did not arrive.
    pub kind: Option<String>,
    /// Cells that are not null.
    pub n: u64,
    /// Null cells.
    pub missing: u64,
    pub measurements: Vec<Measurement>,
}

/// One measured number of one column.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Measurement {
    pub measure: String,
    pub value: Option<f64>,
    /// Why `value` is null, as one stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    /// The limit that it was held against; null when there is none.
    pub threshold: Option<f64>,
    /// `None` where nothing was judged: no limit, or no value.
    pub violated: Option<bool>,
    /// Observations behind the value.
    pub n: u64,
}

/// What the checks found, by verdict.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Findings {
    pub aws: Vec<Finding>,
    /// Absent where no statistical verdict is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistical: Option<Vec<Finding>>,
}

/// One violated limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Finding {
    /// Empty where it concerns the model.
    pub feature: String,
    /// The group that the feature splits off, of bias; the model's output, of attribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    pub check: String,
    /// The measurement or metric that it is about; empty where it concerns the table.
    pub measure: String,
    pub description: String,
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub n: u64,
}

/// The monitor of reports that do not name it.
fn data_quality() -> String {
    monitor::DATA_QUALITY.to_owned()
}
