//! Drift measures: distances between a column's baseline and its current statistics. One formula, one file.

mod categorical_chi_squared;
mod categorical_l_infinity;
mod distributions;
mod margin;
mod measure;
mod numeric_l_infinity;
mod table;

pub use distributions::n_compared;
pub use measure::{Columns, DriftMeasure, Quantity};
pub use table::{ALL, categorical_drift_methods, chosen, comparison_methods};
