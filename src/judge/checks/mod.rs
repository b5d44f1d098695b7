//! The checks: one rule, one file.

mod baseline_drift;
mod blind_distance;
mod calibrate;
mod categorical_values;
mod check;
mod completeness;
mod data_type;
mod evaluate;
mod extra_column;
mod missing_column;
mod significance;
mod threshold;

#[cfg(test)]
mod tests;

pub use baseline_drift::drift_distances;
pub use blind_distance::{BlindDistance, blind_distances};
pub use calibrate::{Budget, CalibratedLimit, MIN_WINDOWS, SmallestChange, calibrate, with_limits};
pub use check::{Case, Check};
pub use evaluate::{ALL, evaluate};
pub use significance::{
    ColumnTest, MIN_ROWS, Sides, TESTS, is_of_distribution, other_kinds, strange_columns, test, test_together,
};
pub use threshold::threshold_for;
