//! Limits for a model's quality, and what is found when it is held against them.

use crate::profile::Problem;

/// On which side of its threshold a metric is a violation; AWS's word for it is also the type of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    LessThanThreshold,
    GreaterThanThreshold,
}

impl Operator {
    /// AWS's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::LessThanThreshold => "LessThanThreshold",
            Self::GreaterThanThreshold => "GreaterThanThreshold",
        }
    }
}

/// The limit of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityLimit {
    /// As in the constraints file: `true_positive_rate`.
    pub metric: String,
    /// `None` where the baseline's value is undefined: nothing is judged then.
    pub threshold: Option<f64>,
    pub operator: Operator,
}

/// Limits for a model, suggested from a baseline or read from its file.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityConstraints {
    pub problem: Problem,
    /// In the order of the file.
    pub limits: Vec<QualityLimit>,
}

/// One violated limit.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityFinding {
    /// AWS's word for the operator.
    pub check: &'static str,
    /// As in the constraints file: `true_positive_rate`.
    pub metric: String,
    /// As in the violations file: `truePositiveRate`.
    pub metric_name: String,
    pub description: String,
    pub value: f64,
    pub threshold: f64,
    /// Rows behind `value`.
    pub n: u64,
}

/// The statistical verdict on one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct QualityTest {
    pub metric: String,
    pub operator: Operator,
    pub value: f64,
    /// As the test took it; `None` where there is none.
    pub standard_error: Option<f64>,
    pub n: u64,
    /// The limit's threshold, which is the baseline's value unless someone changed it.
    pub baseline_value: f64,
    /// `None` where the threshold is not the value of a known baseline: then it is taken as exact, and
    /// the test has one sample.
    pub baseline_standard_error: Option<f64>,
    pub baseline_n: Option<u64>,
    /// How much worse than the baseline; negative when better. In the metric's own unit.
    pub effect: f64,
    /// One-sided; `None` where it cannot be computed.
    pub p: Option<f64>,
    /// Holm's correction over all tested metrics.
    pub p_adjusted: Option<f64>,
    pub outcome: TestOutcome,
}

/// What a test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// Worse than the baseline beyond chance.
    Violated,
    Held,
    /// Too few rows, or no error to compare with.
    InsufficientData,
}

impl TestOutcome {
    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::Held => "held",
            Self::InsufficientData => "insufficient_data",
        }
    }
}
