//! Table of the contract's variables.

use super::monitors::{EVERY_MONITOR, WITH_BASELINE, WITH_GROUND_TRUTH, WITH_PREDICTIONS};
use crate::names::{Monitor, variable};

/// What the program does with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It takes part in the job.
    Honoured,
    /// It changes nothing that is computed; the log names it.
    Recorded,
    /// A job that sets it is refused; the text says what the job would need.
    Refused(&'static str),
}

/// A variable of the contract. The flag of the same name has dashes for underscores.
#[derive(Debug)]
pub struct Variable {
    pub name: &'static str,
    /// What its value is, in the help.
    pub value_name: &'static str,
    pub help: &'static str,
    /// The monitors that it means something to.
    pub monitors: &'static [Monitor],
    pub support: Support,
}

/// Every variable, in the order of the help text.
pub static VARIABLES: &[Variable] = &[
    Variable {
        name: variable::DATASET_FORMAT,
        value_name: "JSON",
        help: "How the data is written, as JSON: {\"csv\":{\"header\":true}}, {\"json\":{\"lines\":true}}, {\"parquet\":{}}, {\"sagemakerCaptureJson\":{…}}, {\"sagemakerMergeJson\":{…}}",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::DATASET_SOURCE,
        value_name: "PLACE",
        help: "Folder, file, or s3://bucket/prefix of the data",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::OUTPUT_PATH,
        value_name: "PLACE",
        help: "Folder or s3://bucket/prefix of the results",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::BASELINE_CONSTRAINTS,
        value_name: "FILE",
        help: "constraints.json of a baseline, which the run is held against",
        monitors: WITH_BASELINE,
        support: Support::Honoured,
    },
    Variable {
        name: variable::BASELINE_STATISTICS,
        value_name: "FILE",
        help: "statistics.json of a baseline, needed for drift",
        monitors: &[Monitor::DataQuality],
        support: Support::Honoured,
    },
    Variable {
        name: variable::START_TIME,
        value_name: "TIME",
        help: "Start of the window (inclusive), as 2019-12-01T15:20:00Z or 2019-12-01",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::END_TIME,
        value_name: "TIME",
        help: "End of the window (exclusive)",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::METRIC_TIME,
        value_name: "TIME",
        help: "Time stamp of the metrics; by default the start of the window",
        monitors: WITH_BASELINE,
        support: Support::Honoured,
    },
    Variable {
        name: variable::PUBLISH_CLOUDWATCH_METRICS,
        value_name: "Enabled|Disabled",
        help: "Enabled or Disabled; by default Enabled for jobs of a monitoring schedule",
        monitors: WITH_BASELINE,
        support: Support::Honoured,
    },
    Variable {
        name: variable::ENDPOINT_NAME,
        value_name: "NAME",
        help: "Endpoint, a dimension of the metrics",
        monitors: WITH_BASELINE,
        support: Support::Honoured,
    },
    Variable {
        name: variable::MONITORING_SCHEDULE_NAME,
        value_name: "NAME",
        help: "Monitoring schedule, a dimension of the metrics",
        monitors: WITH_BASELINE,
        support: Support::Honoured,
    },
    Variable {
        name: variable::ENDPOINT_DATACAPTURE_PREFIX,
        value_name: "PREFIX",
        help: "Where the endpoint captures to; logged only",
        monitors: EVERY_MONITOR,
        support: Support::Recorded,
    },
    Variable {
        name: variable::CATEGORICAL_DRIFT_METHOD,
        value_name: "METHOD",
        help: "LInfinity or ChiSquared; overrides the constraints",
        monitors: &[Monitor::DataQuality],
        support: Support::Honoured,
    },
    Variable {
        name: variable::ANALYSIS_TYPE,
        value_name: "TYPE",
        help: "DATA_QUALITY, MODEL_QUALITY, MODEL_BIAS or MODEL_EXPLAINABILITY; unset: bias or feature attribution, as its methods say, if there is an analysis_config.json, model quality if problem_type is set, the merge if only ground_truth_source is, else data quality",
        monitors: EVERY_MONITOR,
        support: Support::Honoured,
    },
    Variable {
        name: variable::PROBLEM_TYPE,
        value_name: "TYPE",
        help: "Model quality: Regression, BinaryClassification or MulticlassClassification",
        monitors: &[Monitor::ModelQuality],
        support: Support::Honoured,
    },
    Variable {
        name: variable::INFERENCE_ATTRIBUTE,
        value_name: "ATTRIBUTE",
        help: "Model quality: the prediction, by name, by position from 0, or as JMESPath",
        monitors: WITH_PREDICTIONS,
        support: Support::Honoured,
    },
    Variable {
        name: variable::PROBABILITY_ATTRIBUTE,
        value_name: "ATTRIBUTE",
        help: "Model quality: the score of the positive class; several, joined by commas, for several classes",
        monitors: WITH_PREDICTIONS,
        support: Support::Honoured,
    },
    Variable {
        name: variable::PROBABILITY_THRESHOLD_ATTRIBUTE,
        value_name: "NUMBER",
        help: "Model quality: scores above it predict the positive class",
        monitors: &[Monitor::ModelQuality, Monitor::Bias],
        support: Support::Honoured,
    },
    Variable {
        name: variable::POSITIVE_LABEL,
        value_name: "LABEL",
        help: "The label that high scores predict. Model quality: by default the baseline's, else 1; bias: 1",
        monitors: &[Monitor::ModelQuality, Monitor::Bias],
        support: Support::Honoured,
    },
    Variable {
        name: variable::GROUND_TRUTH_ATTRIBUTE,
        value_name: "ATTRIBUTE",
        help: "Model quality: the label, by name, by position, or as JMESPath; captures have it in their ground truth",
        monitors: &[Monitor::ModelQuality, Monitor::Bias, Monitor::Attribution, Monitor::Merge],
        support: Support::Honoured,
    },
    Variable {
        name: variable::GROUND_TRUTH_SOURCE,
        value_name: "PLACE",
        help: "Folder, file, or s3://bucket/prefix of the ground truth that captures are joined with",
        monitors: WITH_GROUND_TRUTH,
        support: Support::Honoured,
    },
    Variable {
        name: variable::RECORD_PREPROCESSOR_SCRIPT,
        value_name: "PLACE",
        help: "Not supported",
        monitors: EVERY_MONITOR,
        support: Support::Refused("Python scripts are not run"),
    },
    Variable {
        name: variable::POST_ANALYTICS_PROCESSOR_SCRIPT,
        value_name: "PLACE",
        help: "Not supported",
        monitors: EVERY_MONITOR,
        support: Support::Refused("Python scripts are not run"),
    },
];
