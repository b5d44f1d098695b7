//! Measures: numbers about the current data, and between it and a baseline. A measure knows no threshold.

pub mod attribution;
pub mod bias;
mod chi_squared;
pub mod column;
pub mod concept;
pub mod drift;
mod finite;
mod jensen_shannon;
mod measurement;
pub mod quality;
mod random;
mod table;
mod uncertainty;
mod unknown_values;

pub use measurement::{FeatureMeasurements, Measurement};
pub use table::measure;
pub use uncertainty::{MIN_DEFINED, deviation};
pub use unknown_values::{Difference, UnknownValue, unknown_values};
