//! Files of the model-quality monitor.

pub mod baseline;
pub mod constraints;
mod keys;
pub mod statistics;
