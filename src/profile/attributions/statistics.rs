//! Closed attribution statistics: what the attributions of many rows say together.

use std::collections::BTreeMap;

/// How the attributions of all rows become one number for each feature
/// (DG:clarify-processing-job-configure-analysis).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aggregation {
    #[default]
    MeanAbs,
    MeanSq,
    /// Of the signed attributions.
    Median,
}

impl Aggregation {
    pub const ALL: [Self; 3] = [Self::MeanAbs, Self::MeanSq, Self::Median];

    /// The word that stands in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanAbs => "mean_abs",
            Self::MeanSq => "mean_sq",
            Self::Median => "median",
        }
    }
}

/// Attributions over all explained rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionStatistics {
    /// Names, in the order of the input's columns.
    pub features: Vec<String>,
    pub outputs: Vec<OutputAttributions>,
    /// Rows that were left out, by the words of their reasons.
    pub n_unusable: BTreeMap<&'static str, u64>,
}

/// Why a row's attributions are not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unusable {
    /// It has none.
    None,
    /// One of them is no number, or too large for its square to be summed.
    NotNumbers,
    /// It has not the features or not the outputs of the other rows.
    OtherFeatures,
    /// It has more of them than are kept, or one more set of features.
    TooMany,
}

impl Unusable {
    /// The reason as one stable word for files.
    pub fn reason(self) -> &'static str {
        match self {
            Self::None => "no_attributions",
            Self::NotNumbers => "not_numbers",
            Self::OtherFeatures => "other_features",
            Self::TooMany => "too_many",
        }
    }
}

/// Attributions of one output of the model, mostly one class's score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutputAttributions {
    /// A label header, else `label0`, `label1`, …
    pub output: String,
    /// Explained rows.
    pub n: u64,
    /// Mean prediction over the reference rows, on the scale of the attributions; `None` where it is not known.
    pub expected_value: Option<f64>,
    /// In the order of [`AttributionStatistics::features`].
    pub features: Vec<FeatureAttribution>,
    /// Mean |φ| by replicate of the bootstrap over rows, by feature. Replicates that draw no row are left out.
    pub replicates: Vec<Vec<f64>>,
    /// Whether medians come from a sketch, because there were too many rows to keep all values: their ranks are
    /// then off by 0.6 % of the rows at most, 99 times in 100.
    pub medians_are_estimated: bool,
}

/// Attributions of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FeatureAttribution {
    /// Signed.
    pub mean: f64,
    pub mean_abs: f64,
    pub mean_sq: f64,
    /// Signed.
    pub median: f64,
    /// Sample variance of |φ| over the rows; `None` of fewer than two.
    pub variance_abs: Option<f64>,
    /// Root mean square over the rows of the standard errors that come from drawing coalitions: 0 where all
    /// were looked at, `None` where it is not known.
    pub sampling_error: Option<f64>,
}

impl FeatureAttribution {
    /// The one number that stands for the feature.
    pub fn aggregated(&self, aggregation: Aggregation) -> f64 {
        match aggregation {
            Aggregation::MeanAbs => self.mean_abs,
            Aggregation::MeanSq => self.mean_sq,
            Aggregation::Median => self.median,
        }
    }
}
