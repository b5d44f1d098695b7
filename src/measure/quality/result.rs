//! Quality of a model: the closed thing that is judged and written.

use crate::profile::{OutcomeAccount, Problem, Undefined};

/// The quality of a model's predictions, measured against their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    pub problem: Problem,
    /// Rows with a usable prediction and label.
    pub n: u64,
    /// What became of every row.
    pub account: OutcomeAccount,
    /// AWS's metrics, in the order of AWS's statistics file.
    pub metrics: Vec<Metric>,
    /// Metrics that AWS does not give, in the order of [`super::ALL`].
    pub more_metrics: Vec<Metric>,
    /// Classification only.
    pub confusion: Option<Confusion>,
    /// Binary classification with scores only.
    pub curves: Option<Curves>,
    /// Mean score against share of positives, by score; empty without scores.
    pub calibration: Vec<CalibrationBin>,
    /// One for each class, in the order of the confusion matrix; empty for regression.
    pub classes: Vec<ClassQuality>,
    /// Level in 0…1 and quantile of prediction − label; empty for classification.
    pub residual_quantiles: Vec<(f64, f64)>,
}

impl Quality {
    /// The metric called `name`, AWS's or ours.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.metrics.iter().chain(&self.more_metrics).find(|metric| metric.name == name)
    }
}

/// One number and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Stable name; AWS's key where AWS has the metric.
    pub name: &'static str,
    pub value: Result<f64, Undefined>,
    /// Deviation over five samples of 80 %, as AWS's files have it; not an error bar. `None` below 200 rows.
    pub standard_deviation: Option<f64>,
    /// Standard deviation over the bootstrap replicates.
    pub standard_error: Option<f64>,
    /// 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Rows behind the value.
    pub n: u64,
}

/// How often which class was predicted for which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Classes as they are written: those that occur as labels first, then those only predicted.
    pub classes: Vec<String>,
    /// `counts[actual][predicted]`, both by place in `classes`.
    pub counts: Vec<Vec<u64>>,
}

/// The curves of a binary classifier, one point per distinct score, falling.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Starts at 0 and ends at 1.
    pub false_positive_rates: Vec<f64>,
    pub true_positive_rates: Vec<f64>,
    pub precisions: Vec<f64>,
    /// Starts at 0 with the first precision.
    pub recalls: Vec<f64>,
    /// Distinct scores.
    pub n_scores: u64,
    /// Whether points were left out, since there are more distinct scores than a file should hold.
    pub is_thinned: bool,
}

/// Rows whose score lies in one interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    pub lower: f64,
    pub upper: f64,
    pub n: u64,
    pub mean_score: f64,
    pub share_of_positives: f64,
}

/// One class against all others.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassQuality {
    pub class: String,
    /// Rows whose label it is.
    pub n_actual: u64,
    /// Rows for which it was predicted.
    pub n_predicted: u64,
    pub precision: Result<f64, Undefined>,
    pub recall: Result<f64, Undefined>,
    pub f1: Result<f64, Undefined>,
}

/// What the predictions alone say, labelled or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// Rows with a usable prediction.
    pub n: u64,
    /// Distance between the distribution of predictions and the baseline's; no baseline, no value.
    pub drift: Vec<Metric>,
    /// Metrics estimated from calibrated scores (confidence-based performance estimation), under the
    /// names of the metrics that they estimate. Empty where scores or a calibration are missing.
    pub estimated: Vec<Metric>,
    /// Why nothing was estimated, as one stable word.
    pub not_estimated: Option<&'static str>,
}
