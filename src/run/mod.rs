//! The jobs: from a contract to results, one monitor a file.

mod attribution;
mod bias;
mod companions;
mod data_quality;
mod dispatch;
mod finished;
mod merge;
mod model_quality;
mod seen;
mod shared;
mod warnings;

pub use dispatch::run;
pub use finished::{Finished, Violation};
