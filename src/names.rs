//! Every word shared with AWS: variables, paths, file names, metric names, check types.
//!
//! Each group names the page of the Amazon SageMaker developer guide it comes from
//! ("DG:" and the page's name), or the public client that shows it.

mod aws_api;
mod aws_clients;

pub use aws_api::{aws_json, endpoint_api, partition, production_variant};
pub use aws_clients::{s3_answer, sagemaker_answer, sdk};

/// Root of everything SageMaker mounts (DG:build-your-own-processing-container).
pub const OPT_ML: &str = "/opt/ml";

/// Paths below [`OPT_ML`] (DG:build-your-own-processing-container, DG:model-monitor-byoc-cloudwatch).
pub mod path {
    pub const PROCESSING_JOB_CONFIG: &str = "config/processingjobconfig.json";
    pub const RESOURCE_CONFIG: &str = "config/resourceconfig.json";
    pub const INPUT: &str = "processing/input";
    /// Where jobs of SageMaker Clarify find their configuration and data (DG:clarify-processing-job-configure-parameters).
    pub const ANALYSIS_CONFIG: &str = "processing/input/config/analysis_config.json";
    pub const ANALYSIS_DATA: &str = "processing/input/data";
    pub const OUTPUT: &str = "processing/output";
    pub const MESSAGE: &str = "output/message";
    pub const METRICS: &str = "output/metrics/cloudwatch";
}

/// Files written and read (DG:model-monitor-byoc-contract-outputs, DG:model-monitor-interpreting-violations).
pub mod file {
    pub const STATISTICS: &str = "statistics.json";
    pub const CONSTRAINTS: &str = "constraints.json";
    /// The name that the service writes and its client reads (sagemaker `monitoring_files.py`).
    pub const CONSTRAINT_VIOLATIONS: &str = "constraint_violations.json";
    /// The name in the container contract's page.
    pub const CONSTRAINTS_VIOLATIONS: &str = "constraints_violations.json";
    pub const CLOUDWATCH_METRICS: &str = "cloudwatch_metrics.jsonl";
    /// Ours.
    pub const REPORT: &str = "model_monitor_report.json";
    /// Ours: what a window leaves for the next one.
    pub const STATE: &str = "model_monitor_state.json";
    /// Ours: what a model-quality baseline remembers beside its constraints.
    pub const QUALITY_BASELINE: &str = "model_quality_baseline.json";
    /// Bias and attributions, of a baseline as of a run (DG:clarify-processing-job-analysis-results).
    pub const ANALYSIS: &str = "analysis.json";
    /// The attributions of every explained row, and the rows that stood for absent features
    /// (DG:clarify-processing-job-analysis-results).
    pub const LOCAL_SHAP_VALUES: &str = "explanations_shap/out.csv";
    /// See [`LOCAL_SHAP_VALUES`].
    pub const SHAP_BASELINE: &str = "explanations_shap/baseline.csv";
    /// What a bias or attribution job is asked for (DG:clarify-processing-job-configure-analysis).
    pub const ANALYSIS_CONFIG: &str = "analysis_config.json";
    /// Everything that monitors write into the folder of their results, with the folders below it.
    pub const RESULTS: [&str; 10] = [
        STATISTICS,
        CONSTRAINTS,
        CONSTRAINT_VIOLATIONS,
        CONSTRAINTS_VIOLATIONS,
        REPORT,
        STATE,
        QUALITY_BASELINE,
        ANALYSIS,
        LOCAL_SHAP_VALUES,
        SHAP_BASELINE,
    ];
}

/// Variables of the contract (DG:model-monitor-byoc-contract-inputs; the sagemaker client for the rest).
pub mod variable {
    pub const DATASET_FORMAT: &str = "dataset_format";
    pub const DATASET_SOURCE: &str = "dataset_source";
    pub const START_TIME: &str = "start_time";
    pub const END_TIME: &str = "end_time";
    pub const METRIC_TIME: &str = "metric_time";
    pub const OUTPUT_PATH: &str = "output_path";
    pub const PUBLISH_CLOUDWATCH_METRICS: &str = "publish_cloudwatch_metrics";
    pub const ENDPOINT_NAME: &str = "sagemaker_endpoint_name";
    pub const MONITORING_SCHEDULE_NAME: &str = "sagemaker_monitoring_schedule_name";
    pub const ENDPOINT_DATACAPTURE_PREFIX: &str = "sagemaker_endpoint_datacapture_prefix";
    pub const BASELINE_CONSTRAINTS: &str = "baseline_constraints";
    pub const BASELINE_STATISTICS: &str = "baseline_statistics";
    pub const CATEGORICAL_DRIFT_METHOD: &str = "categorical_drift_method";
    pub const RECORD_PREPROCESSOR_SCRIPT: &str = "record_preprocessor_script";
    pub const POST_ANALYTICS_PROCESSOR_SCRIPT: &str = "post_analytics_processor_script";
    pub const ANALYSIS_TYPE: &str = "analysis_type";
    pub const PROBLEM_TYPE: &str = "problem_type";
    pub const INFERENCE_ATTRIBUTE: &str = "inference_attribute";
    pub const PROBABILITY_ATTRIBUTE: &str = "probability_attribute";
    pub const PROBABILITY_THRESHOLD_ATTRIBUTE: &str = "probability_threshold_attribute";
    pub const GROUND_TRUTH_ATTRIBUTE: &str = "ground_truth_attribute";
    pub const GROUND_TRUTH_SOURCE: &str = "ground_truth_source";
    /// Shown among the parsed input of a model-quality job's log.
    pub const POSITIVE_LABEL: &str = "positive_label";
}

/// Keys of the variable `dataset_format` (DG:model-monitor-byoc-contract-inputs); matched in any case.
pub mod dataset_format {
    pub const CAPTURE: &str = "sagemakerCaptureJson";
    pub const MERGE: &str = "sagemakerMergeJson";
    pub const CSV: &str = "csv";
    pub const JSON: &str = "json";
    pub const PARQUET: &str = "parquet";
    pub const ALL: [&str; 5] = [CAPTURE, MERGE, CSV, JSON, PARQUET];
    /// Where the columns of the model's outputs are in a table: [`START`] or [`END`].
    pub const OUTPUT_COLUMNS_POSITION: &str = "output_columns_position";
    pub const START: &str = "START";
    pub const END: &str = "END";
}

/// Whether a distance is corrected for sample size (DG:model-monitor-byoc-constraints).
pub mod comparison_method {
    /// The distance as it is.
    pub const SIMPLE: &str = "Simple";
    /// The distance less its two-sample margin.
    pub const ROBUST: &str = "Robust";
}

/// How categorical columns are compared (DG:model-monitor-byoc-constraints).
pub mod categorical_drift_method {
    pub const L_INFINITY: &str = "LInfinity";
    pub const CHI_SQUARED: &str = "ChiSquared";
}

/// Payloads of captured and merged records (DG:model-monitor-data-capture-endpoint,
/// DG:model-monitor-model-quality-merge).
pub mod side {
    pub const ENDPOINT_INPUT: &str = "endpointInput";
    pub const ENDPOINT_OUTPUT: &str = "endpointOutput";
    pub const BATCH_TRANSFORM_OUTPUT: &str = "batchTransformOutput";
    pub const BATCH_TRANSFORM_INPUT: &str = "batchTransformInput";
    pub const GROUND_TRUTH: &str = "groundTruthData";
    pub const ALL: [&str; 5] =
        [ENDPOINT_INPUT, ENDPOINT_OUTPUT, BATCH_TRANSFORM_OUTPUT, BATCH_TRANSFORM_INPUT, GROUND_TRUTH];
}

/// Constraint checks of the data-quality monitor (DG:model-monitor-interpreting-violations).
pub mod check {
    pub const DATA_TYPE: &str = "data_type_check";
    pub const COMPLETENESS: &str = "completeness_check";
    pub const BASELINE_DRIFT: &str = "baseline_drift_check";
    pub const MISSING_COLUMN: &str = "missing_column_check";
    pub const EXTRA_COLUMN: &str = "extra_column_check";
    pub const CATEGORICAL_VALUES: &str = "categorical_values_check";
    /// Of the bias monitor (DG:clarify-model-monitor-bias-drift-violations).
    pub const BIAS_DRIFT: &str = "bias_drift_check";
    /// Of the attribution monitor (DG:clarify-model-monitor-model-attribution-drift-violations).
    pub const FEATURE_ATTRIBUTION_DRIFT: &str = "feature_attribution_drift_check";
    /// `feature_name` of the two checks that concern no single feature.
    pub const EXTRA_COLUMNS_FEATURE: &str = "Extra columns";
    pub const MISSING_COLUMNS_FEATURE: &str = "Missing columns";
}

/// Keys of analysis.json (DG:clarify-processing-job-analysis-results).
pub mod analysis {
    pub const POST_TRAINING: &str = "post_training_bias_metrics";
    pub const PRE_TRAINING: &str = "pre_training_bias_metrics";
    pub const EXPLANATIONS: &str = "explanations";
    pub const KERNEL_SHAP: &str = "kernel_shap";
    /// The metric that violations of the attribution monitor name.
    pub const SHAP: &str = "shap";
    /// Before the number of an output of the model that has no header.
    pub const LABEL: &str = "label";
}

/// The monitors, and the merge of captures with their ground truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Monitor {
    DataQuality,
    ModelQuality,
    Bias,
    Attribution,
    Merge,
}

impl Monitor {
    pub const ALL: [Self; 5] = [Self::DataQuality, Self::ModelQuality, Self::Bias, Self::Attribution, Self::Merge];

    /// The stable word that stands in reports. Ours.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DataQuality => "data_quality",
            Self::ModelQuality => "model_quality",
            Self::Bias => "bias",
            Self::Attribution => "attribution",
            Self::Merge => "merge",
        }
    }

    /// The value of `analysis_type` that asks for it; AWS's jobs of the merge have none.
    pub const fn analysis_type(self) -> Option<&'static str> {
        match self {
            Self::DataQuality => Some("DATA_QUALITY"),
            Self::ModelQuality => Some("MODEL_QUALITY"),
            Self::Bias => Some("MODEL_BIAS"),
            Self::Attribution => Some("MODEL_EXPLAINABILITY"),
            Self::Merge => None,
        }
    }
}

/// Keys of the model-quality monitor's files (DG:model-monitor-model-quality-metrics).
pub mod quality {
    pub const BINARY_METRICS: &str = "binary_classification_metrics";
    pub const MULTICLASS_METRICS: &str = "multiclass_classification_metrics";
    pub const REGRESSION_METRICS: &str = "regression_metrics";
    pub const BINARY_CONSTRAINTS: &str = "binary_classification_constraints";
    pub const MULTICLASS_CONSTRAINTS: &str = "multiclass_classification_constraints";
    pub const REGRESSION_CONSTRAINTS: &str = "regression_constraints";
    /// The metrics that follow from the curves; the second is missing in files before 2024.
    pub const AUC: &str = "auc";
    /// See [`AUC`].
    pub const AU_PRC: &str = "au_prc";
}

/// CloudWatch metrics (DG:model-monitor-interpreting-cloudwatch, DG:model-monitor-model-quality-metrics)
/// and ours. A model-quality metric is called like its key in statistics.json. The namespace is
/// SageMaker's choice: `aws/sagemaker/Endpoints/` or, for batch transform,
/// `aws/sagemaker/ModelMonitoring/`, with `data-metrics` (data quality) or `model-metrics` (model
/// quality); the metrics of a container of one's own may land in `data-metrics` whatever they are.
pub mod metric {
    pub const FEATURE_DATA: &str = "feature_data_";
    pub const FEATURE_NON_NULL: &str = "feature_non_null_";
    pub const FEATURE_BASELINE_DRIFT: &str = "feature_baseline_drift_";
    pub const VIOLATIONS: &str = "model_monitor_violations";
    pub const RECORDS_USED: &str = "model_monitor_records_used";
    pub const RECORDS_REJECTED: &str = "model_monitor_records_rejected";
    /// Features that the statistical verdict finds changed in the window alone.
    pub const FEATURES_DRIFTED: &str = "model_monitor_features_drifted";
    /// Incidents that the report names.
    pub const INCIDENTS: &str = "model_monitor_incidents";
    /// Share of the captured records that have ground truth, in 0…1.
    pub const LABELLED_SHARE: &str = "model_monitor_labelled_share";
    /// Before the short name of a metric of bias (DG:clarify-model-monitor-bias-drift-cw).
    pub const BIAS: &str = "bias_metric_";
    /// Before the name of a feature, whose attribution it is (DG:clarify-feature-attribute-drift-cw).
    pub const ATTRIBUTION: &str = "feature_";
    /// The mean prediction over the baseline rows.
    pub const EXPECTED_VALUE: &str = "ExpectedValue";
    /// The dimensions of attributions, and their values.
    pub const DIMENSION_EXPLAINABILITY_METHOD: &str = "ExplainabilityMethod";
    /// See [`DIMENSION_EXPLAINABILITY_METHOD`].
    pub const KERNEL_SHAP: &str = "KernelShap";
    /// See [`DIMENSION_EXPLAINABILITY_METHOD`].
    pub const DIMENSION_VALUE_TYPE: &str = "ValueType";
    /// See [`DIMENSION_EXPLAINABILITY_METHOD`].
    pub const GLOBAL_SHAP_VALUES: &str = "GlobalShapValues";
    pub const DIMENSION_ENDPOINT: &str = "Endpoint";
    pub const DIMENSION_SCHEDULE: &str = "MonitoringSchedule";
    /// The dimensions of bias, and the words for its two stages.
    pub const DIMENSION_BIAS_STAGE: &str = "BiasStage";
    /// See [`DIMENSION_BIAS_STAGE`].
    pub const PRE_TRAINING: &str = "Pre-training";
    /// See [`DIMENSION_BIAS_STAGE`].
    pub const POST_TRAINING: &str = "Post-Training";
    pub const DIMENSION_LABEL: &str = "Label";
    pub const DIMENSION_LABEL_VALUE: &str = "LabelValue";
    pub const DIMENSION_FACET: &str = "Facet";
    pub const DIMENSION_FACET_VALUE: &str = "FacetValue";
}

/// The category under which AWS counts nulls in a column of low cardinality.
pub const NULL_VALUE: &str = "NullValue";

/// Values of switches in constraints and variables.
pub const ENABLED: &str = "Enabled";
/// See [`ENABLED`].
pub const DISABLED: &str = "Disabled";

/// Keys of captured records (DG:model-monitor-data-capture-endpoint).
pub mod capture {
    pub const CAPTURE_DATA: &str = "captureData";
    pub const ENDPOINT_INPUT: &str = "endpointInput";
    pub const ENDPOINT_OUTPUT: &str = "endpointOutput";
    pub const BATCH_TRANSFORM_INPUT: &str = "batchTransformInput";
    pub const BATCH_TRANSFORM_OUTPUT: &str = "batchTransformOutput";
    pub const DATA: &str = "data";
    pub const ENCODING: &str = "encoding";
    pub const OBSERVED_CONTENT_TYPE: &str = "observedContentType";
    pub const EVENT_METADATA: &str = "eventMetadata";
    pub const INFERENCE_TIME: &str = "inferenceTime";
    pub const EVENT_ID: &str = "eventId";
    /// What the caller of the endpoint named the request; ground truth refers to it where there is one.
    pub const INFERENCE_ID: &str = "inferenceId";
    pub const CUSTOM_ATTRIBUTES: &str = "customAttributes";
    /// Key of the first entry of a batch transform's manifest (DG:model-monitor-data-capture-batch).
    pub const MANIFEST_PREFIX: &str = "prefix";
}

/// Answers of endpoints that explain what they predict (DG:clarify-online-explainability-invoke-endpoint).
pub mod explained {
    pub const EXPLANATIONS: &str = "explanations";
    pub const KERNEL_SHAP: &str = "kernel_shap";
    pub const FEATURE_HEADER: &str = "feature_header";
    pub const ATTRIBUTIONS: &str = "attributions";
    pub const ATTRIBUTION: &str = "attribution";
    /// Only of parts of texts.
    pub const DESCRIPTION: &str = "description";
}

/// Endpoints that are asked, and those that are made for a job (DG:clarify-processing-job-configure-analysis).
pub mod endpoint {
    /// Where the analysis configuration names an endpoint, and the beginning of the name of one that is made.
    pub const NAME_KEY: &str = "predictor.endpoint_name";
    /// See [`NAME_KEY`].
    pub const NAME_PREFIX_KEY: &str = "predictor.endpoint_name_prefix";
    /// Beginning of their names where the configuration gives none.
    pub const NAME_PREFIX: &str = "sm-clarify";
    /// The one variant of an endpoint, as the sagemaker client calls it.
    pub const VARIANT: &str = "AllTraffic";
}

/// What batch transforms add to their rows (DG:model-monitor-data-capture-batch, DG:batch-transform-data-processing).
pub mod transform {
    pub const INFERENCE_ID: &str = "SageMakerInferenceId";
    pub const INFERENCE_TIME: &str = "SageMakerInferenceTime";
    /// The model's answer, where it was joined with its input.
    pub const OUTPUT: &str = "SageMakerOutput";
}

/// Encodings of payloads (DG:model-monitor-data-capture-endpoint).
pub mod encoding {
    pub const CSV: &str = "CSV";
    pub const JSON: &str = "JSON";
    pub const BASE64: &str = "BASE64";
}

/// Merged records and their files (DG:model-monitor-model-quality-merge; merge jobs of the service).
pub mod merged {
    /// What stands before the ground truth of a merged record.
    pub const BEFORE_LABEL: &str = "{\"eventVersion\":\"0\",\"groundTruthData\":";
    pub const FILE_BEGINNING: &str = "part-";
    pub const FILE_ENDING: &str = ".c000.jsonl";
}

/// Prefix of places on S3, and of local ones where the sagemaker client runs locally.
pub const S3_SCHEME: &str = "s3://";
/// See [`S3_SCHEME`].
pub const FILE_SCHEME: &str = "file://";

/// What servers of models are asked (DG:your-algorithms-inference-code; InvokeEndpoint's request syntax).
pub mod hosting {
    pub const PING: &str = "/ping";
    pub const INVOCATIONS: &str = "/invocations";
    pub const CUSTOM_ATTRIBUTES: &str = "X-Amzn-SageMaker-Custom-Attributes";
    /// One model of several behind one endpoint.
    pub const TARGET_MODEL: &str = "X-Amzn-SageMaker-Target-Model";
}

/// Placeholders of templates for requests, without their dollar (DG:clarify-processing-job-configure-analysis).
pub mod placeholder {
    pub const FEATURES: &str = "features";
    pub const FEATURE_NAMES: &str = "feature_names";
    pub const FEATURES_KVP: &str = "features_kvp";
    pub const RECORD: &str = "record";
    pub const RECORDS: &str = "records";
}
