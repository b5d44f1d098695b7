//! How much each feature moves a model's outputs, and how that differs from the baseline.

use serde::{Deserialize, Serialize};

/// Everything that was explained and how it was judged.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Attribution {
    /// Null when no row was used.
    pub coverage: Option<AttributionCoverage>,
    /// Null where no model was asked.
    pub calls: Option<ModelCalls>,
    /// How the attributions of all rows become one value: `mean_abs`, `mean_sq` or `median`; null when no row
    /// was used.
    pub aggregation: Option<String>,
    /// In the order of the model's answers; then those that only the baseline has.
    pub outputs: Vec<AttributionOutput>,
}

/// How the attributions came about.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AttributionCoverage {
    /// Rows that could have been explained.
    pub rows: u64,
    pub explained: u64,
    /// Rows that the model refused.
    pub refused: u64,
    /// `kernel_shap`, or `captured` where they stood in the answers; then nothing more is known.
    pub method: String,
    pub reference_rows: Option<u64>,
    /// Of a row, at most.
    pub coalitions: Option<u64>,
    /// Whether these are all there are, of every row.
    pub is_exact: Option<bool>,
    pub seed: Option<u64>,
    /// Whether attributions are on the scale of log-odds.
    pub is_logit: Option<bool>,
}

/// What was asked of the model.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct ModelCalls {
    /// Rows that an answer was needed for.
    pub wanted: u64,
    /// Rows that were sent: of equal ones, one.
    pub predictions: u64,
    pub requests: u64,
    /// Requests that were repeated.
    pub retries: u64,
    /// Batches that were sent again row by row.
    pub fallbacks: u64,
}

/// One output of the model.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttributionOutput {
    /// A label header, else `label0`, `label1`, …
    pub output: String,
    /// False where only the baseline has it.
    pub in_current: bool,
    /// Null in a baseline job.
    pub in_baseline: Option<bool>,
    /// Explained rows.
    pub n: u64,
    /// Mean prediction over the reference rows; null where it is not known.
    pub expected_value: Option<f64>,
    pub baseline_expected_value: Option<f64>,
    /// Of this run; null where it was not measured.
    pub noise_floor: Option<NoiseFloor>,
    /// Null where there is no baseline to compare with.
    pub drift: Option<AttributionDrift>,
    /// The statistical verdict on the sum of mean |φ|; null where nothing was tested.
    pub magnitude_test: Option<AttributionTest>,
    /// In the order of the input's columns; then those that only the baseline has.
    pub features: Vec<AttributionFeature>,
}

/// NDCG between the attributions of two seeds on the same rows: what drawing coalitions alone does to it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct NoiseFloor {
    pub ndcg: Option<f64>,
    /// Rows that were explained twice.
    pub n: u64,
}

/// One output held against its baseline.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttributionDrift {
    /// Explained rows of the baseline; null where it does not tell.
    pub baseline_n: Option<u64>,
    /// Which AWS's verdict is about.
    pub ndcg: AttributionMeasure,
    /// 95 %, over the current rows.
    pub ndcg_interval: Option<[f64; 2]>,
    /// Below it, AWS's verdict is a violation.
    pub threshold: f64,
    /// AWS's verdict; null where there is no NDCG.
    pub violated: Option<bool>,
    /// Of the baseline; null where it does not tell.
    pub baseline_noise_floor: Option<NoiseFloor>,
    /// Weighted Kendall rank correlation, in -1…1.
    pub rank_correlation: AttributionMeasure,
    /// Jensen-Shannon distance of the features' shares, in 0…1.
    pub share_distance: AttributionMeasure,
    /// Total |φ| by total |φ| of the baseline.
    pub magnitude_ratio: AttributionMeasure,
}

/// One number.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttributionMeasure {
    pub value: Option<f64>,
    /// Why `value` is null, as one stable word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_computed: Option<String>,
}

/// One feature of one output.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttributionFeature {
    pub name: String,
    /// False where only the baseline has it; then this run's numbers are null.
    pub in_current: bool,
    /// Null in a baseline job.
    pub in_baseline: Option<bool>,
    /// Aggregated over the rows.
    pub value: Option<f64>,
    /// Signed.
    pub mean: Option<f64>,
    pub mean_abs: Option<f64>,
    /// Of `mean_abs`; null of fewer than two rows.
    pub standard_error: Option<f64>,
    /// Root mean square over the rows of what drawing coalitions does to an attribution; null where it is not
    /// known.
    pub sampling_error: Option<f64>,
    /// Aggregated as the baseline did.
    pub baseline_value: Option<f64>,
    /// The statistical verdict; null where nothing was tested.
    pub test: Option<AttributionTest>,
}

/// The statistical verdict on one number.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AttributionTest {
    /// `violated`, `held` or `insufficient_data`.
    pub outcome: String,
    /// Mean |φ|, or the sum of it.
    pub value: Option<f64>,
    pub standard_error: Option<f64>,
    pub n: u64,
    pub baseline_value: Option<f64>,
    /// Null where the baseline's value was taken as exact.
    pub baseline_standard_error: Option<f64>,
    /// Null where the baseline does not tell.
    pub baseline_n: Option<u64>,
    /// How far the two are apart, as a share of the baseline's total magnitude; of the total, |ln ratio|.
    pub effect: Option<f64>,
    /// Effects up to this count as none.
    pub margin: f64,
    pub p: Option<f64>,
    /// Corrected for the number of tests.
    pub p_adjusted: Option<f64>,
}
