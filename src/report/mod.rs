//! Closed things to artifacts: the files of a run, its exit message, its metrics. Nothing is written here.
//!
//! `monitor_results` says what each monitor adds; `artifacts` makes the files of any of them.

mod account;
mod artifact;
mod artifacts;
mod attribution;
mod bias;
mod calibration;
mod contributions;
mod data_quality;
mod document;
mod header;
mod incidents;
mod json;
mod message;
mod metrics;
mod model_calls;
mod model_quality;
mod monitor_results;
mod outcome;
mod replay;
mod row_segments;
mod run;
mod segment;
mod unknown_values;

pub use account::{Account, DatasetAccount, LabelAccount, SideTableAccount};
pub use artifact::Artifact;
pub use artifacts::{artifacts, failure_artifact, merge_report};
pub use attribution::AttributionResults;
pub use bias::BiasResults;
pub use calibration::Calibration;
pub use data_quality::DataQualityResults;
pub use header::{Failure, Inputs, Job, Values, Warning, Window};
pub use incidents::incidents;
pub use message::{MAX_MESSAGE, cut, looked_at, looked_at_labels, message};
pub use metrics::{Dimensions, Skipped, cloudwatch_artifact};
pub use model_calls::ModelCalls;
pub use model_quality::{ModelQualityBaseline, ModelQualityResults};
pub use monitor_results::{MonitorResults, Sections};
pub use outcome::Outcome;
pub use replay::{Replay, ReplayedWindow};
pub use row_segments::{OfColumns, RowSegment, RowSegments};
pub use run::Run;
pub use segment::{failed_segment, segment};

#[cfg(test)]
mod tests;
