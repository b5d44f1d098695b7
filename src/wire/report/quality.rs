//! The quality of a model's predictions.

use serde::{Deserialize, Serialize};

/// Everything that was measured and how it was judged.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Quality {
    /// `Regression`, `BinaryClassification` or `MulticlassClassification`.
    pub problem_type: String,
    /// Rows with a usable prediction and label.
    pub n: u64,
    /// Null when no row was seen.
    pub account: Option<Account>,
    /// AWS's metrics in the order of its file, then ours.
    pub metrics: Vec<QualityMetric>,
    /// Null for a regression.
    pub confusion: Option<Confusion>,
    /// Each class against all others; empty for a regression.
    pub classes: Vec<Class>,
    /// Mean score against share of positives; empty without scores.
    pub calibration: Vec<CalibrationBin>,
    /// Of prediction − label; empty for a classifier.
    pub residual_quantiles: Vec<Level>,
    /// What the predictions alone say; null where that was not looked at.
    pub predictions: Option<Predictions>,
}

/// `rows` = `used` + `without_prediction` + `without_label` + `not_numbers`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Account {
    pub rows: u64,
    pub used: u64,
    pub without_prediction: u64,
    pub without_label: u64,
    pub not_numbers: u64,
    /// Used, but for what needs scores in 0…1.
    pub scores_outside: u64,
    /// Prediction and label match though their texts differ.
    pub labels_normalised: u64,
}

/// One metric, its limit and both verdicts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct QualityMetric {
    pub metric: String,
    pub value: Option<f64>,
    /// Why `value` is null, as one stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    /// Of the value, by bootstrap; null where there is none.
    pub standard_error: Option<f64>,
    /// 95 %.
    pub interval: Option<[f64; 2]>,
    /// Rows behind the value.
    pub n: u64,
    /// The limit; null where there is none.
    pub threshold: Option<f64>,
    /// On which side of the threshold it is violated; null without a limit.
    pub operator: Option<String>,
    /// AWS's verdict; null where nothing was judged.
    pub violated: Option<bool>,
    /// The statistical verdict; null where nothing was tested.
    pub test: Option<Test>,
}

/// The statistical verdict on one metric.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Test {
    /// `violated`, `held` or `insufficient_data`.
    pub outcome: String,
    /// How much worse than the baseline, in the metric's unit; negative when better.
    pub effect: Option<f64>,
    /// One-sided.
    pub p: Option<f64>,
    /// Corrected for the number of metrics tested.
    pub p_adjusted: Option<f64>,
    pub baseline_value: Option<f64>,
    /// Null where the baseline's value was taken as exact.
    pub baseline_standard_error: Option<f64>,
    pub baseline_n: Option<u64>,
}

/// `counts[actual][predicted]`, both by place in `classes`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Confusion {
    pub classes: Vec<String>,
    pub counts: Vec<Vec<u64>>,
}

/// One class against all others; null where the class never occurs on the side that counts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Class {
    pub class: String,
    pub actual: u64,
    pub predicted: u64,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

/// Rows whose score lies between `lower` and `upper`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct CalibrationBin {
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    pub n: u64,
    pub mean_score: Option<f64>,
    pub share_of_positives: Option<f64>,
}

/// A quantile.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Level {
    /// In 0…1.
    pub level: Option<f64>,
    pub value: Option<f64>,
}

/// What the predictions alone say, labelled or not.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Predictions {
    pub n: u64,
    /// Distances from the baseline's predictions; empty without a baseline.
    pub drift: Vec<Drift>,
    /// Metrics estimated without labels, beside what the labels say.
    pub estimated: Vec<Estimate>,
    /// Why nothing was estimated, as one stable word; null where something was.
    pub not_estimated: Option<String>,
}

/// One distance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Drift {
    pub measure: String,
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    pub n: u64,
}

/// A metric as it was estimated and as it came out.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Estimate {
    pub metric: String,
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
    pub standard_error: Option<f64>,
    /// 95 %.
    pub interval: Option<[f64; 2]>,
    pub n: u64,
    /// The metric of the labelled rows; null where there is none.
    pub realised: Option<f64>,
}
