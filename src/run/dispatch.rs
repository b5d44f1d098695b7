//! From a contract to the job that it describes.

use super::{Finished, attribution, bias, data_quality, merge, model_quality};
use crate::contract::{Analysis, Contract};
use crate::engine::Session;
use crate::error::Result;
use crate::predict::ShadowEndpoints;

/// Does what the contract asks for and writes the results. Endpoints that it makes are noted in `shadows`, so that
/// they can be deleted should it be stopped.
pub async fn run(contract: &Contract, session: &Session, shadows: &ShadowEndpoints) -> Result<Finished> {
    match &contract.analysis {
        Analysis::DataQuality => data_quality::run(contract, session).await,
        Analysis::ModelQuality(quality) => model_quality::run(contract, quality, session).await,
        Analysis::Bias(job) => bias::run(contract, job, session).await,
        Analysis::Attribution(job) => attribution::run(contract, job, session, shadows).await,
        Analysis::Merge(ground_truth) => merge::run(contract, ground_truth, session).await,
    }
}
