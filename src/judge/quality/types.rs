//! Limits for a model's quality.

use crate::judge::Alternative;
use crate::profile::Problem;

/// Fewest rows on either side for which a test is made.
pub const MIN_ROWS: u64 = 30;

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

    /// The change of the metric that leads to a violation.
    pub fn worse(self) -> Alternative {
        match self {
            Self::LessThanThreshold => Alternative::Less,
            Self::GreaterThanThreshold => Alternative::Greater,
        }
    }

    /// The operator of the limit that this change violates.
    pub fn where_worse(alternative: Alternative) -> Option<Self> {
        [Self::LessThanThreshold, Self::GreaterThanThreshold]
            .into_iter()
            .find(|operator| operator.worse() == alternative)
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
