//! Baseline of model quality: what a baseline job remembers beside its constraints, so that later runs can compare and estimate.

use crate::measure::concept::ConceptBaseline;
use crate::profile::{Calibration, Distribution, Problem};

/// The model on its baseline data.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityBaseline {
    pub problem: Problem,
    /// The label that counts as positive; `None` where none does, and in files of earlier versions.
    pub positive_label: Option<String>,
    /// Rows in the metrics.
    pub n: u64,
    /// Every metric that was computed, in the order in which it was reported.
    pub metrics: Vec<BaselineMetric>,
    pub predictions: Distribution,
    /// One for each column of scores.
    pub scores: Vec<Distribution>,
    /// From scores to probabilities; `None` without scores.
    pub calibration: Option<Calibration>,
    /// What labels mean beside each feature; `None` where rows have no features.
    pub concept: Option<ConceptBaseline>,
}

/// One metric of the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineMetric {
    pub name: String,
    pub value: f64,
    pub standard_error: Option<f64>,
    /// Rows behind the value.
    pub n: u64,
}
