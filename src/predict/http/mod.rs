//! Models behind a server with SageMaker's hosting contract.

mod address;
mod client;
mod failures;
mod ready;
mod way;

#[cfg(test)]
pub(super) use ready::Patience;
pub(super) use way::HttpModel;
