//! Models behind a server with SageMaker's hosting contract.

mod address;
mod client;
mod failures;
mod model_server;
mod readiness;

pub(super) use model_server::HttpModel;
#[cfg(test)]
pub(super) use readiness::ReadinessLimits;
