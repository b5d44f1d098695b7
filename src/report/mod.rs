//! Closed things to artifacts. Nothing is written here.

mod artifacts;
mod input;
mod message;
mod metrics;
mod outcome;
mod page;

pub use artifacts::{Artifact, artifacts, failure_artifact};
pub use input::{Failure, Inputs, Job, ReportInput, Window};
pub use message::{MAX_MESSAGE, cut, looked_at, message};
pub use metrics::{MetricsInput, Skipped, cloudwatch_artifact};
pub use outcome::Outcome;

#[cfg(test)]
mod tests;
