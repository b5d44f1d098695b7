//! The jobs: from a contract to results, one monitor a file.

mod data_quality;
mod finished;
mod merge;
mod model_quality;
mod seen;
mod shared;
mod warnings;

pub use finished::{Finished, Violation};

use crate::contract::{Analysis, Contract};
use crate::engine::Session;
use crate::error::Result;

/// Does what the contract asks for and writes the results.
pub async fn run(contract: &Contract, session: &Session) -> Result<Finished> {
    match &contract.analysis {
        Analysis::DataQuality => data_quality::run(contract, session).await,
        Analysis::ModelQuality(quality) => model_quality::run(contract, quality, session).await,
        Analysis::Merge(ground_truth) => merge::run(contract, ground_truth, session).await,
    }
}
