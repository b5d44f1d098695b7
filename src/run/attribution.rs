//! Feature attribution: what moves the model's answers, on one screen.

use super::Finished;
use crate::contract::{AttributionJob, Contract};
use crate::engine::Session;
use crate::error::{self, Error, Result};

/// Explains rows and writes the results.
pub(super) async fn run(contract: &Contract, _job: &AttributionJob, _session: &Session) -> Result<Finished> {
    Err(Error::new(&error::INTERNAL, contract.source.to_string(), "feature attribution is being built"))
}
