//! The one table of the contract's variables.

use crate::names::variable;

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
    pub help: &'static str,
    pub support: Support,
}

const MODEL_QUALITY: Support =
    Support::Refused("it belongs to the model-quality monitor, which this version does not have");

/// Every variable, in the order of the help text.
pub static VARIABLES: &[Variable] = &[
    Variable {
        name: variable::DATASET_FORMAT,
        help: "How the data is written, as JSON: {\"csv\":{\"header\":true}}, {\"json\":{\"lines\":true}}, {\"parquet\":{}}, {\"sagemakerCaptureJson\":{…}}, {\"sagemakerMergeJson\":{…}}",
        support: Support::Honoured,
    },
    Variable {
        name: variable::DATASET_SOURCE,
        help: "Folder, file, or s3://bucket/prefix of the data",
        support: Support::Honoured,
    },
    Variable {
        name: variable::OUTPUT_PATH,
        help: "Folder or s3://bucket/prefix of the results",
        support: Support::Honoured,
    },
    Variable {
        name: variable::BASELINE_CONSTRAINTS,
        help: "constraints.json of a baseline; with it the run monitors, without it suggests a baseline",
        support: Support::Honoured,
    },
    Variable {
        name: variable::BASELINE_STATISTICS,
        help: "statistics.json of a baseline, needed for drift",
        support: Support::Honoured,
    },
    Variable {
        name: variable::START_TIME,
        help: "Start of the window (inclusive), as 2019-12-01T15:20:00Z",
        support: Support::Honoured,
    },
    Variable { name: variable::END_TIME, help: "End of the window (exclusive)", support: Support::Honoured },
    Variable {
        name: variable::METRIC_TIME,
        help: "Time stamp of the metrics; by default the start of the window",
        support: Support::Honoured,
    },
    Variable {
        name: variable::PUBLISH_CLOUDWATCH_METRICS,
        help: "Enabled or Disabled; by default Enabled for jobs of a monitoring schedule",
        support: Support::Honoured,
    },
    Variable {
        name: variable::ENDPOINT_NAME,
        help: "Endpoint, a dimension of the metrics",
        support: Support::Honoured,
    },
    Variable {
        name: variable::MONITORING_SCHEDULE_NAME,
        help: "Monitoring schedule, a dimension of the metrics",
        support: Support::Honoured,
    },
    Variable {
        name: variable::ENDPOINT_DATACAPTURE_PREFIX,
        help: "Where the endpoint captures to; logged only",
        support: Support::Recorded,
    },
    Variable {
        name: variable::CATEGORICAL_DRIFT_METHOD,
        help: "LInfinity or ChiSquared; overrides the constraints",
        support: Support::Honoured,
    },
    Variable {
        name: variable::ANALYSIS_TYPE,
        help: "Kind of analysis; unset means data quality, the only one of this version",
        support: Support::Honoured,
    },
    Variable {
        name: variable::RECORD_PREPROCESSOR_SCRIPT,
        help: "Not supported",
        support: Support::Refused("Python scripts are not run"),
    },
    Variable {
        name: variable::POST_ANALYTICS_PROCESSOR_SCRIPT,
        help: "Not supported",
        support: Support::Refused("Python scripts are not run"),
    },
    Variable { name: variable::PROBLEM_TYPE, help: "Not supported", support: MODEL_QUALITY },
    Variable { name: variable::INFERENCE_ATTRIBUTE, help: "Not supported", support: MODEL_QUALITY },
    Variable { name: variable::PROBABILITY_ATTRIBUTE, help: "Not supported", support: MODEL_QUALITY },
    Variable { name: variable::PROBABILITY_THRESHOLD_ATTRIBUTE, help: "Not supported", support: MODEL_QUALITY },
    Variable { name: variable::GROUND_TRUTH_ATTRIBUTE, help: "Not supported", support: MODEL_QUALITY },
    Variable {
        name: variable::GROUND_TRUTH_SOURCE,
        help: "Not supported",
        support: Support::Refused("it belongs to the merge job, which this version does not have"),
    },
];
