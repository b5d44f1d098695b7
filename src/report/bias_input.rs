//! Everything that the artifacts of a bias run are made from, borrowed.

use super::{Inputs, Job, Labels, Warning, Window};
use crate::judge::Verdict;
use crate::judge::bias::{BiasFinding, BiasTest};
use crate::measure::bias::{BaselineGroup, Bias, Intersection, PerformanceRate};
use crate::profile::Ledger;

/// A finished run of the bias monitor.
pub struct BiasInput<'a> {
    pub window: Window,
    pub job: Job<'a>,
    pub inputs: Inputs<'a>,
    /// Of the dataset.
    pub ledger: &'a Ledger,
    /// `None` where labels came with the dataset.
    pub labels: Option<Labels<'a>>,
    /// Datasets that were joined.
    pub joined: Vec<SideTable<'a>>,
    /// `None`, or a bias of no rows, when no labelled row was used.
    pub bias: Option<&'a Bias>,
    /// Rows of two groups at once.
    pub intersections: &'a [Intersection],
    /// Rates of the model over all rows; empty without predictions.
    pub performance: &'a [PerformanceRate],
    /// `None` in a baseline job, which writes no violations files.
    pub monitoring: Option<BiasMonitoring<'a>>,
    /// Whose findings fill the violations files.
    pub verdict: Verdict,
    pub warnings: &'a [Warning],
}

/// A side table that was joined.
#[derive(Clone, Copy, Debug)]
pub struct SideTable<'a> {
    /// `facets` or `predicted_labels`.
    pub holds: &'a str,
    /// `identifier` or `position`.
    pub by: &'a str,
    pub source: &'a str,
    pub inputs: Inputs<'a>,
    pub ledger: &'a Ledger,
    /// Rows of the main dataset: those below add up to it.
    pub n: u64,
    pub n_matched: u64,
    pub n_without_row: u64,
    pub n_without_id: u64,
    /// Rows of the joined dataset.
    pub n_joined: u64,
    /// Those that belong to a row of the main dataset.
    pub n_joined_used: u64,
    pub n_joined_without_id: u64,
}

/// The baseline, and what was found against it.
#[derive(Clone, Copy)]
pub struct BiasMonitoring<'a> {
    pub baseline: &'a [BaselineGroup],
    /// AWS's.
    pub findings: &'a [BiasFinding],
    pub tests: &'a [BiasTest],
}
