//! An attribution job, from its analysis configuration and the variables that go with it.

use crate::decode::Instances;
use crate::predict::{AnswerFormat, ContentType, Limits, Target};
use crate::profile::Aggregation;
use crate::store::Location;

/// How attributions are computed and what of.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionJob {
    /// Where features stand. Rows have no label, and outcomes in tables are no features.
    pub instances: Instances,
    pub shap: Shap,
    pub partial_dependence: Option<PartialDependenceJob>,
    /// `None` where nothing says where the model is: then captures must hold attributions.
    pub target: Option<Target>,
    pub request: RequestSettings,
    pub answer: AnswerFormat,
    pub limits: Limits,
}

/// How rows are written for the model, before the features are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestSettings {
    pub content_type: ContentType,
    pub content_template: Option<String>,
    pub record_template: Option<String>,
    pub custom_attributes: Option<String>,
}

/// How KernelSHAP is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Shap {
    pub reference: Reference,
    /// Coalitions of a row; `None`: as many as AWS's rule says, or all where that is not much more.
    pub n_samples: Option<usize>,
    pub seed: u64,
    pub use_logit: bool,
    pub aggregation: Aggregation,
    pub saves_local_values: bool,
    /// Features whose attributions are reported, by name; `None` where all are.
    pub features_to_explain: Option<Vec<String>>,
}

/// Where the rows come from that stand for absent features.
#[derive(Clone, Debug, PartialEq)]
pub enum Reference {
    /// Given in the configuration, in the order of the features.
    Rows(Vec<Vec<Option<String>>>),
    /// A dataset without header or with one, in the format of the job's dataset.
    Dataset(Location),
    /// Those of the monitor's baseline where it holds them, else centres of so many clusters of the data;
    /// `None`: as many as suit it, 12 at most.
    Clusters(Option<usize>),
}

/// For which features partial dependence is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDependenceJob {
    /// Parts that the range of a number is divided into.
    pub grid_resolution: usize,
    /// By name; `None`: those of the largest attributions, so many.
    pub features: Option<Vec<String>>,
    pub top_k_features: usize,
}
