//! The monitors, and which of them a contract asks for.

mod attribution;
mod bias;
mod data_quality;
mod merge;
mod model_quality;
mod model_quality_warnings;
mod outcomes;

use self::attribution::Attribution;
use self::bias::Bias;
use self::data_quality::DataQuality;
use self::model_quality::ModelQuality;
use super::Finished;
use super::carry_out::carry_out;
use super::monitor::Job;
use crate::contract::{Analysis, Contract};
use crate::engine::Session;
use crate::error::Result;
use crate::predict::ShadowEndpoints;

/// Does what the contract asks for and writes the results. Endpoints that it makes are noted in `shadows`, so that
/// they can be deleted should it be stopped.
pub async fn run(contract: &Contract, session: &Session, shadows: &ShadowEndpoints) -> Result<Finished> {
    let job = Job { contract, session };
    match &contract.analysis {
        Analysis::DataQuality => carry_out(&DataQuality, &job).await,
        Analysis::ModelQuality(settings) => carry_out(&ModelQuality { settings }, &job).await,
        Analysis::Bias(settings) => carry_out(&Bias { settings, shadows }, &job).await,
        Analysis::Attribution(settings) => carry_out(&Attribution { settings, shadows }, &job).await,
        Analysis::Merge(ground_truth) => merge::run(&job, ground_truth).await,
    }
}
