//! Endpoints of SageMaker: asking one, and making one that lives as long as the job.

mod answer_limit;
mod client;
mod closing;
mod control;
#[cfg_attr(not(test), expect(dead_code, reason = "used once a model is opened from its settings"))]
mod endpoint;
mod failure;
mod name;
mod pace;
mod plan;
mod shadows;
#[cfg(test)]
mod tests;

pub use client::SageMaker;
#[cfg_attr(not(test), expect(unused_imports, reason = "used once a model is opened from its settings"))]
pub(in crate::predict) use endpoint::endpoint;
pub use shadows::{Leftover, LeftoverKind, Shadows};
