//! Everything that the artifacts of an attribution run are made from, borrowed.

use super::{Inputs, Job, Warning, Window};
use crate::judge::Verdict;
use crate::judge::attribution::{AttributionFinding, AttributionTest};
use crate::measure::attribution::{AttributionDrift, BaselineAttributions, Coverage, Explanations};
use crate::profile::Ledger;

/// A finished run of the attribution monitor.
pub struct AttributionInput<'a> {
    pub window: Window,
    pub job: Job<'a>,
    pub inputs: Inputs<'a>,
    pub ledger: &'a Ledger,
    /// `None` when no row was used.
    pub explanations: Option<&'a Explanations>,
    /// `None` when no row was used.
    pub coverage: Option<Coverage>,
    /// `None` where no model was asked.
    pub calls: Option<ModelCalls>,
    /// Names of all features of the model, in the order of the reference rows' cells. Those of the attributions
    /// may be fewer: they are the ones that are asked for.
    pub reference_features: &'a [String],
    /// Whether the reference rows were made here, of the data; then they have a file of their own.
    pub made_reference_rows: bool,
    /// Written where the configuration asks for it.
    pub local: Option<LocalAttributions<'a>>,
    /// `None` in a baseline job, which writes no violations files.
    pub monitoring: Option<AttributionMonitoring<'a>>,
    /// Whose findings fill the violations files.
    pub verdict: Verdict,
    pub warnings: &'a [Warning],
}

/// What was asked of the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelCalls {
    /// Rows that an answer was needed for.
    pub n_wanted: u64,
    /// Rows that were sent: of equal ones, one.
    pub n_predictions: u64,
    pub n_requests: u64,
    /// Requests that were repeated.
    pub n_retries: u64,
    /// Batches that were sent again row by row.
    pub n_fallbacks: u64,
}

/// The attributions of every explained row: by row, by output, by feature.
#[derive(Clone, Copy)]
pub struct LocalAttributions<'a> {
    pub rows: &'a [Vec<Vec<f64>>],
}

/// The baseline, and what was found against it.
#[derive(Clone, Copy)]
pub struct AttributionMonitoring<'a> {
    pub baseline: &'a [BaselineAttributions],
    pub drifts: &'a [AttributionDrift],
    /// AWS's.
    pub findings: &'a [AttributionFinding],
    pub tests: &'a [AttributionTest],
}
