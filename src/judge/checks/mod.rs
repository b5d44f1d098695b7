//! The checks: one rule, one file.

mod baseline_drift;
mod categorical_values;
mod completeness;
mod data_type;
mod extra_column;
mod missing_column;
mod table;
mod threshold;

#[cfg(test)]
mod tests;

pub use baseline_drift::drift_distances;
pub use table::{ALL, Case, Check, evaluate};
pub use threshold::threshold_for;
