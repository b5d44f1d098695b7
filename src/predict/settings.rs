//! Model settings: where a model is, and how it is asked.

use std::time::Duration;

use crate::decode::Attribute;

/// Everything that is needed to ask a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSettings {
    pub target: Target,
    pub request: RequestFormat,
    pub answer: AnswerFormat,
    pub limits: Limits,
}

/// Where the model answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A server with SageMaker's hosting contract (DG:your-algorithms-inference-code): the address of the server, to
    /// which `/invocations` and `/ping` are added, or of its `/invocations` itself.
    Http { url: String },
    /// An endpoint of SageMaker that exists.
    Endpoint { name: String, target_model: Option<String> },
    /// An endpoint that is made for this job and deleted afterwards.
    Shadow(ShadowSettings),
}

/// An endpoint that is made for a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowSettings {
    pub of: ShadowOf,
    /// `None`: as the endpoint has it whose model is taken.
    pub instance_type: Option<String>,
    pub initial_instance_count: Option<u32>,
    pub accelerator_type: Option<String>,
    /// Beginning of its name, 23 characters at most (DG:clarify-processing-job-configure-analysis).
    pub name_prefix: String,
    pub target_model: Option<String>,
}

/// Which model a shadow endpoint serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShadowOf {
    Model(String),
    /// The model of the first production variant of this endpoint.
    Endpoint(String),
}

/// How rows are written for the model (DG:clarify-processing-job-configure-analysis, DG:cdf-inference).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestFormat {
    pub content_type: ContentType,
    /// With `$features` (JSON Lines), `$record` or `$records` (JSON).
    pub content_template: Option<String>,
    /// With `$features`, `$feature_names`, `$features_kvp` or `"${name}"`.
    pub record_template: Option<String>,
    /// Sent as the header of the same name.
    pub custom_attributes: Option<String>,
    pub feature_names: Vec<String>,
    /// How the cells of each feature are written in JSON ([`super::cell_kinds`]); as texts where it is not said.
    pub kinds: Vec<CellKind>,
}

/// How answers are read.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerFormat {
    pub accept: ContentType,
    /// A column, or a JMESPath expression.
    pub label: Option<Attribute>,
    /// As `label`; scores come before labels.
    pub probability: Option<Attribute>,
    /// Names of the scores, in their order.
    pub label_headers: Vec<String>,
}

/// What a payload is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentType {
    #[default]
    Csv,
    JsonLines,
    Json,
}

impl ContentType {
    pub const ALL: [Self; 3] = [Self::Csv, Self::JsonLines, Self::Json];

    /// The media type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::JsonLines => "application/jsonlines",
            Self::Json => "application/json",
        }
    }
}

/// How a cell is written in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    Number,
    Boolean,
    Text,
}

/// How hard a model may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows that may be sent in all.
    pub max_predictions: u64,
    /// Requests under way at once.
    pub concurrency: usize,
    /// Rows in a request.
    pub max_batch_rows: usize,
    /// For one request.
    pub timeout: Duration,
    /// How often a request is tried that fails for a reason that may pass.
    pub max_attempts: u32,
}

/// The hosting contract gives a request 60 s (DG:your-algorithms-inference-code); the rest is a choice: a model
/// with a few workers is kept busy, and a request of wide rows stays below its 6 MB.
impl Default for Limits {
    fn default() -> Self {
        Self {
            max_predictions: 1_000_000,
            concurrency: 4,
            max_batch_rows: 1_000,
            timeout: Duration::from_secs(60),
            max_attempts: 5,
        }
    }
}
