//! Endpoints of SageMaker: asking one, and making one that lives as long as the job.

mod answer_limit;
mod client;
mod closing;
mod control;
mod endpoint;
mod failure;
mod name;
mod pace;
mod plan;
mod shadows;
#[cfg(test)]
mod tests;

pub use client::SageMaker;
pub(in crate::predict) use endpoint::endpoint;
pub use shadows::{Leftover, LeftoverKind, Shadows};
