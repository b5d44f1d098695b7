//! The jobs: from a contract to results, one monitor a file.

mod attribution;
mod bias;
mod data_quality;
mod dispatch;
mod finished;
mod merge;
mod model_quality;
mod seen;
mod shared;
mod side_tables;
mod warnings;

pub use dispatch::run;
pub use finished::{Finished, Violation};
