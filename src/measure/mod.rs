//! Numbers about the current data, and between it and a baseline. A measure knows no threshold.

pub mod attribution;
pub mod bias;
pub mod column;
pub mod drift;
mod measurement;
pub mod quality;

pub use measurement::{FeatureMeasurements, Measurement, measure};
