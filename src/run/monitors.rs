//! The monitors, and which of them a contract asks for.

mod attribution;
mod bias;
mod data_quality;
mod merge;
mod model_quality;
mod model_quality_warnings;
mod outcomes;
mod positive_label;

use self::attribution::Attribution;
use self::bias::Bias;
pub(super) use self::data_quality::{DataQuality, results_of_windows};
use self::model_quality::ModelQuality;
use super::Finished;
use super::carry_out::carry_out;
use super::monitor::Job;
use crate::contract::{Analysis, Contract};
use crate::engine::Session;
use crate::error::Result;
use crate::predict::ShadowEndpoints;
use crate::store::{self, Claim, Location, Place};

/// Does what the contract asks for and writes the results. Endpoints that it makes are noted in `shadows`, so that
/// they can be deleted should it be stopped.
pub async fn run(contract: &Contract, session: &Session, shadows: &ShadowEndpoints) -> Result<Finished> {
    let job = Job { contract, session };
    let _claim = claim(contract).await?;
    match &contract.analysis {
        Analysis::DataQuality => carry_out(&DataQuality, &job).await,
        Analysis::ModelQuality(settings) => carry_out(&ModelQuality { settings }, &job).await,
        Analysis::Bias(settings) => carry_out(&Bias { settings, shadows }, &job).await,
        Analysis::Attribution(settings) => carry_out(&Attribution { settings, shadows }, &job).await,
        Analysis::Merge(ground_truth) => merge::run(&job, ground_truth).await,
    }
}

/// Takes the folder of the results for this run. A folder is not made where it would make the dataset's, which then would
/// look as if it were empty.
pub(super) async fn claim(contract: &Contract) -> Result<Option<Claim>> {
    let is_there = |location: &Location| matches!(location, Location::Local(path) if path.exists());
    if !is_there(&contract.output) && Place::of(&contract.output).is_inside(&Place::of(&contract.source)) {
        return Ok(None);
    }
    store::claim(&contract.output).await
}
