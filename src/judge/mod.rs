//! Measurements held against limits.

mod constraints;
mod finding;

pub use constraints::{CategoricalDriftMethod, ComparisonMethod, Constraints, FeatureConstraints, MonitoringConfig};
pub use finding::Finding;
