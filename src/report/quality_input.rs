//! Everything that the artifacts of a model-quality run and of a merge are made from, borrowed.

use super::{Inputs, Job, Window};
use crate::judge::Verdict;
use crate::judge::quality::{QualityConstraints, QualityFinding, QualityTest};
use crate::measure::quality::{Predictions, Quality, QualityBaseline};
use crate::names::monitor;
use crate::pairing::JoinCounts;
use crate::profile::{Ledger, Problem};
use crate::wire::Layout;

/// Which job a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitor {
    DataQuality,
    ModelQuality,
    Bias,
    Attribution,
    Merge,
}

impl Monitor {
    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::DataQuality => monitor::DATA_QUALITY,
            Self::ModelQuality => monitor::MODEL_QUALITY,
            Self::Bias => monitor::BIAS,
            Self::Attribution => monitor::ATTRIBUTION,
            Self::Merge => monitor::MERGE,
        }
    }
}

/// A finished run of the model-quality monitor.
pub struct QualityInput<'a> {
    pub window: Window,
    pub job: Job<'a>,
    pub inputs: Inputs<'a>,
    /// Of the dataset.
    pub ledger: &'a Ledger,
    /// `None` where labels came with the dataset.
    pub labels: Option<Labels<'a>>,
    pub problem: Problem,
    /// `None`, or a quality of no rows, when no labelled row was used; the latter keeps the account.
    pub quality: Option<&'a Quality>,
    pub predictions: Option<&'a Predictions>,
    /// The constraints that are written: those that the current data suggest.
    pub suggested: &'a QualityConstraints,
    /// What later runs compare with; written in a baseline job.
    pub baseline: Option<&'a QualityBaseline>,
    /// `None` in a baseline job, which writes no violations files.
    pub monitoring: Option<QualityMonitoring<'a>>,
    /// Whose findings fill the violations files.
    pub verdict: Verdict,
    pub warnings: &'a [Warning],
    /// When the run was, in milliseconds since 1970 (UTC).
    pub evaluation_time: i64,
    pub layout: Layout,
}

/// The baseline's limits, and what was found against them.
#[derive(Clone, Copy)]
pub struct QualityMonitoring<'a> {
    pub constraints: &'a QualityConstraints,
    /// AWS's.
    pub findings: &'a [QualityFinding],
    pub tests: &'a [QualityTest],
}

/// The ground truth that was read and joined.
#[derive(Clone, Copy)]
pub struct Labels<'a> {
    pub source: Option<&'a str>,
    pub inputs: Inputs<'a>,
    pub ledger: &'a Ledger,
    pub pairs: &'a JoinCounts,
}

/// What became of everything that a job read.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// Of the dataset.
    pub ledger: &'a Ledger,
    /// `None` where no ground truth was joined.
    pub labels: Option<Labels<'a>>,
}

/// A finished merge.
pub struct MergeInput<'a> {
    pub window: Window,
    pub job: Job<'a>,
    pub inputs: Inputs<'a>,
    /// Of the captures.
    pub ledger: &'a Ledger,
    pub labels: Labels<'a>,
    pub warnings: &'a [Warning],
}

/// Something that needs attention, though the results stand.
#[derive(Clone, Debug)]
pub struct Warning {
    /// Stable code of the warning, and its title.
    pub code: &'static str,
    pub title: &'static str,
    /// What was seen in this run, as a sentence.
    pub detail: String,
    /// Values under the name of what they are.
    pub values: Vec<(String, Vec<String>)>,
}
