//! Files of the model-quality monitor.

pub mod baseline;
mod concept;
pub mod constraints;
mod keys;
pub mod statistics;
