//! Closed things to artifacts. Nothing is written here.

mod artifacts;
mod attribution_artifacts;
mod attribution_input;
mod attribution_metrics;
mod attribution_page;
mod bias_artifacts;
mod bias_input;
mod bias_metrics;
mod bias_page;
mod input;
mod join_page;
mod message;
mod metrics;
mod outcome;
mod page;
mod quality_artifacts;
mod quality_input;
mod quality_metrics;
mod quality_page;

pub use artifacts::{Artifact, artifacts, failure_artifact};
pub use attribution_artifacts::{attribution_artifacts, attribution_outcome, chosen_attribution_findings};
pub use attribution_input::{AttributionInput, AttributionMonitoring, LocalAttributions, ModelCalls};
pub use attribution_metrics::{AttributionMetricsInput, attribution_cloudwatch_artifact};
pub use bias_artifacts::{bias_artifacts, bias_outcome, chosen_bias_findings};
pub use bias_input::{BiasInput, BiasMonitoring, SideTable};
pub use bias_metrics::{BiasMetricsInput, bias_cloudwatch_artifact};
pub use input::{Failure, Inputs, Job, ReportInput, Window};
pub use message::{MAX_MESSAGE, cut, looked_at, looked_at_labels, message};
pub use metrics::{MetricsInput, Skipped, cloudwatch_artifact};
pub use outcome::Outcome;
pub use quality_artifacts::{chosen_findings, merge_report, quality_artifacts, quality_outcome};
pub use quality_input::{Account, Labels, MergeInput, Monitor, QualityInput, QualityMonitoring, Warning};
pub use quality_metrics::{QualityMetricsInput, quality_cloudwatch_artifact};

#[cfg(test)]
mod tests;
