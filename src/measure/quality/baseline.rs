//! What a baseline job remembers beside its constraints, so that later runs can compare and estimate.

use crate::profile::Problem;

/// The model on its baseline data.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityBaseline {
    pub problem: Problem,
    /// Rows in the metrics.
    pub n: u64,
    /// Every metric that was computed, in the order in which it was reported.
    pub metrics: Vec<BaselineMetric>,
    pub predictions: Distribution,
    /// One for each column of scores.
    pub scores: Vec<Distribution>,
    /// From scores to probabilities; `None` without scores.
    pub calibration: Option<Calibration>,
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

/// How often which values were seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Counts by class, in the order of the class's text.
    Classes(Vec<(String, u64)>),
    /// `counts[i]` values lie in [`edges[i]`, `edges[i + 1]`), the last interval closed. The first and
    /// last interval also take what lies outside. `edges` rises; there is one more than there are counts.
    Numbers { edges: Vec<f64>, counts: Vec<u64> },
}

/// Maps of scores to probabilities, one for each class with a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub maps: Vec<CalibrationMap>,
}

/// From the score of one class to its probability: straight lines between the points, level outside.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationMap {
    /// Empty where the column's class is not known.
    pub class: String,
    /// Whether the map is used: it is kept only if it calibrates data better that it has not seen.
    /// If not, the score itself is taken as the probability.
    pub is_kept: bool,
    /// Score and probability; both rise.
    pub points: Vec<(f64, f64)>,
    /// Expected calibration error of the raw score and of the map, on data that the map has not seen.
    pub raw_error: f64,
    pub mapped_error: f64,
}
