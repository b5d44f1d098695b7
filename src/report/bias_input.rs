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

/// The baseline, and what was found against it.
#[derive(Clone, Copy)]
pub struct BiasMonitoring<'a> {
    pub baseline: &'a [BaselineGroup],
    /// AWS's.
    pub findings: &'a [BiasFinding],
    pub tests: &'a [BiasTest],
}
