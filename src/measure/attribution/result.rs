//! Attributions of a model and their drift: the closed things that are judged and written.

use crate::names::analysis;
use crate::profile::{Aggregation, AttributionStatistics, Undefined};

/// Everything that was learned by explaining rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanations {
    pub statistics: AttributionStatistics,
    pub aggregation: Aggregation,
    /// The rows that stood for absent features, by feature; empty where they are not known.
    pub reference_rows: Vec<Vec<Option<String>>>,
    /// By output: NDCG between the attributions of two seeds on the same rows, and of how many rows; `None` where
    /// it was not measured.
    pub noise_floors: Vec<Option<(f64, u64)>>,
    pub partial_dependence: Vec<PartialDependence>,
}

/// How the attributions came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// Rows that could have been explained.
    pub n_rows: u64,
    pub n_explained: u64,
    /// Rows that the model refused.
    pub n_refused: u64,
    pub method: Method,
}

/// Where attributions come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// They stood in the captured answers.
    Captured,
    /// They were computed here.
    KernelShap {
        n_reference_rows: usize,
        /// Coalitions of a row, at most.
        n_coalitions: usize,
        /// Whether these are all there are, of every row.
        is_exact: bool,
        seed: u64,
        /// Whether attributions are on the scale of log-odds.
        is_logit: bool,
    },
}

impl Method {
    /// The stable word that stands in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Captured => "captured",
            Self::KernelShap { .. } => analysis::KERNEL_SHAP,
        }
    }
}

/// How the mean prediction depends on one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialDependence {
    pub feature: String,
    pub is_numeric: bool,
    /// As the data writes them; of a number, the midpoint or the bounds of the grid's parts.
    pub values: Vec<String>,
    /// Share of the rows at each value, in 0…1.
    pub distribution: Vec<f64>,
    /// By output, by value.
    pub predictions: Vec<Vec<f64>>,
    /// By output.
    pub outputs: Vec<String>,
}

/// What a later run can compare with: one output of a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineAttributions {
    pub output: String,
    pub expected_value: Option<f64>,
    /// In the file's order.
    pub features: Vec<BaselineFeature>,
    /// What follows is only in files of ours. Explained rows.
    pub n: Option<u64>,
    /// How `value` was aggregated.
    pub aggregation: Option<Aggregation>,
    /// NDCG between two seeds, and of how many rows.
    pub noise_floor: Option<(f64, u64)>,
}

/// One feature of a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineFeature {
    pub name: String,
    /// Aggregated.
    pub value: f64,
    /// Only in files of ours: mean and sample variance of |φ| over the rows.
    pub mean_abs: Option<f64>,
    pub variance_abs: Option<f64>,
}

impl BaselineFeature {
    /// Mean |φ|: the value where it was aggregated so, else what the file tells. Someone may have edited a value,
    /// and then it is what is meant.
    pub fn magnitude(&self, aggregation: Aggregation) -> Option<f64> {
        if aggregation == Aggregation::MeanAbs { Some(self.value) } else { self.mean_abs }
    }
}

/// All outputs that are on both sides, and those that are not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionComparison {
    /// In the order of the current outputs.
    pub drifts: Vec<AttributionDrift>,
    /// Names of outputs that the model no longer has.
    pub outputs_only_in_baseline: Vec<String>,
    /// Names of outputs that the baseline does not know.
    pub outputs_only_in_current: Vec<String>,
}

/// One output of the model, held against its baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionDrift {
    pub output: String,
    /// Explained rows.
    pub n: u64,
    /// `None` where the baseline does not tell.
    pub baseline_n: Option<u64>,
    /// How the values of both sides were aggregated.
    pub aggregation: Aggregation,
    /// AWS's value, in 0…1.
    pub ndcg: Result<f64, Undefined>,
    /// 95 % interval over the current rows.
    pub ndcg_interval: Option<(f64, f64)>,
    /// NDCG between two seeds on the baseline.
    pub noise_floor: Option<(f64, u64)>,
    /// Weighted Kendall rank correlation, in -1…1.
    pub rank_correlation: Result<f64, Undefined>,
    /// Jensen-Shannon distance of the features' shares, in 0…1.
    pub share_distance: Result<f64, Undefined>,
    /// Total |φ| by total |φ| of the baseline.
    pub magnitude_ratio: Result<f64, Undefined>,
    pub features: Vec<FeatureDrift>,
}

/// One feature on both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureDrift {
    pub name: String,
    /// Aggregated; `None` where the feature is absent, which NDCG takes as 0.
    pub value: Option<f64>,
    pub baseline_value: Option<f64>,
}
