//! Everything that the artifacts of a run are made from, borrowed.

use crate::judge::{Constraints, FeatureConstraints, Finding};
use crate::measure::FeatureMeasurements;
use crate::profile::{Ledger, TableStatistics};
use crate::wire::Layout;

/// A finished run.
pub struct ReportInput<'a> {
    pub window: Window,
    pub job: Job<'a>,
    pub inputs: Inputs<'a>,
    pub ledger: &'a Ledger,
    pub statistics: &'a TableStatistics,
    /// The constraints that are written: those that the current data suggest.
    pub suggested: &'a Constraints,
    /// The baseline's constraints and what was found against them. `None` in a baseline job, which
    /// writes no violations files.
    pub monitoring: Option<(&'a Constraints, &'a [Finding])>,
    pub measurements: &'a [FeatureMeasurements],
    /// The limit that a feature's constraints set for the measure of this name.
    pub threshold: &'a (dyn Fn(&FeatureConstraints, &str) -> Option<f64> + Sync),
    pub layout: Layout,
}

/// Bounds in milliseconds since 1970 (UTC), the start included and the end not; `None` where open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub start: Option<i64>,
    pub end: Option<i64>,
}

/// What the job is called and where it reads and writes, as far as known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Job<'a> {
    pub name: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub schedule: Option<&'a str>,
    pub dataset_source: Option<&'a str>,
    pub output_path: Option<&'a str>,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inputs<'a> {
    /// SHA-256 over the list of objects, in hexadecimal digits.
    pub manifest_sha256: Option<&'a str>,
    pub n_objects: u64,
    pub n_bytes: u64,
}

/// Why a run failed.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// Stable code of the error.
    pub code: &'a str,
    pub place: &'a str,
    pub cause: &'a str,
}
