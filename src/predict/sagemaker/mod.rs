//! SageMaker endpoints as models: InvokeEndpoint, and shadow endpoints that live as long as the job.

mod client;
mod control_plane;
mod deletion;
mod endpoint_config;
mod endpoint_name;
mod failure;
mod invoke_endpoint;
mod polling;
mod response_limit;
mod service_address;
mod service_client;
mod service_error;
mod shadow_endpoints;
#[cfg(test)]
mod tests;

pub use client::SageMaker;
pub(in crate::predict) use invoke_endpoint::endpoint;
pub use shadow_endpoints::{Leftover, LeftoverKind, ShadowEndpoints};
