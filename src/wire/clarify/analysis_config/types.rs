//! Types of `analysis_config.json`: what an analysis configuration says.

use crate::profile::Aggregation;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnalysisConfig {
    pub version: Option<String>,
    /// `None` in monitors' files.
    pub dataset_type: Option<DatasetType>,
    pub dataset_uri: Option<String>,
    /// Names of the columns; of JSON, of the features, the label and the predicted label.
    pub headers: Option<Vec<String>>,
    /// A column, or a JMESPath expression.
    pub label: Option<NameOrIndex>,
    /// As `label`, where the dataset holds predictions.
    pub predicted_label: Option<NameOrIndex>,
    /// A JMESPath expression.
    pub features: Option<String>,
    pub excluded_columns: Vec<NameOrIndex>,
    /// As the file writes them.
    pub label_values_or_threshold: Vec<String>,
    pub probability_threshold: Option<f64>,
    pub group_variable: Option<NameOrIndex>,
    pub facets: Vec<FacetConfig>,
    pub facet_dataset_uri: Option<String>,
    pub facet_headers: Option<Vec<String>>,
    pub predicted_label_dataset_uri: Option<String>,
    pub predicted_label_headers: Option<Vec<String>>,
    pub joinsource_name_or_index: Option<NameOrIndex>,
    pub segments: Vec<SegmentConfig>,
    pub pre_training_bias: Option<Metrics>,
    pub post_training_bias: Option<Metrics>,
    pub report: Option<ReportConfig>,
    pub shap: Option<ShapConfig>,
    pub pdp: Option<PdpConfig>,
    pub predictor: Option<PredictorConfig>,
}

/// How attributions are computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapConfig {
    pub baseline: Option<ShapBaseline>,
    /// Rows to make where there is no baseline.
    pub num_clusters: Option<usize>,
    pub num_samples: Option<usize>,
    pub seed: Option<u64>,
    pub use_logit: bool,
    pub aggregation: Aggregation,
    pub save_local_shap_values: bool,
    /// `None` where all are.
    pub features_to_explain: Option<Vec<NameOrIndex>>,
}

/// The rows that stand for absent features.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapBaseline {
    Uri(String),
    Rows(Vec<BaselineRow>),
}

/// One such row as the file writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum BaselineRow {
    /// In the order of the features; `None` where missing.
    Cells(Vec<Option<String>>),
    /// A JSON value as text, in the form of the dataset's records.
    Record(String),
}

/// For which features partial dependence is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct PdpConfig {
    /// Parts that the range of a number is divided into.
    pub grid_resolution: Option<usize>,
    /// `None`: those of the largest attributions.
    pub features: Option<Vec<NameOrIndex>>,
    pub top_k_features: usize,
}

/// Features whose partial dependence is computed where none are named
/// (DG:clarify-processing-job-configure-analysis).
const TOP_K_FEATURES: usize = 10;

impl Default for PdpConfig {
    fn default() -> Self {
        Self { grid_resolution: None, features: None, top_k_features: TOP_K_FEATURES }
    }
}

/// Where the model is, and how it is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictorConfig {
    pub endpoint_name: Option<String>,
    pub model_name: Option<String>,
    pub instance_type: Option<String>,
    pub initial_instance_count: Option<u32>,
    pub endpoint_name_prefix: Option<String>,
    pub target_model: Option<String>,
    pub accelerator_type: Option<String>,
    pub custom_attributes: Option<String>,
    pub label: Option<NameOrIndex>,
    pub probability: Option<NameOrIndex>,
    pub label_headers: Option<Vec<String>>,
    pub content_template: Option<String>,
    pub record_template: Option<String>,
    pub content_type: Option<PayloadType>,
    pub accept_type: Option<PayloadType>,
}

/// What the model takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadType {
    Csv,
    JsonLines,
    Json,
}

/// What the dataset's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetType {
    Csv,
    JsonLines,
    Json,
    Capture,
    Parquet,
}

/// A column by its name, which may be an expression, or by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrIndex {
    Name(String),
    /// From zero.
    Index(usize),
}

/// A facet and its sensitive group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetConfig {
    pub name_or_index: NameOrIndex,
    /// As the file writes them; empty where each value in turn is the group.
    pub value_or_threshold: Vec<String>,
}

/// Rows of which everything is analysed once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentConfig {
    pub config_name: Option<String>,
    pub name_or_index: NameOrIndex,
    pub segments: Vec<Vec<String>>,
    pub display_aliases: Vec<String>,
}

/// Which metrics of a stage are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metrics {
    All,
    /// By their short names.
    Named(Vec<&'static str>),
}

impl Metrics {
    /// Whether none is asked for.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Named(names) if names.is_empty())
    }

    /// Whether this metric is asked for.
    pub fn contains(&self, metric: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(&metric),
        }
    }
}

/// The report for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportConfig {
    pub name: String,
    pub title: Option<String>,
}
