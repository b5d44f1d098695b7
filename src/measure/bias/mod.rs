//! Bias metrics: how differently a model treats groups.

mod bootstrap;
mod column_kinds;
mod conditional;
mod confusion_matrix;
mod group_shares;
mod intersections;
mod labels;
mod likelihood_interval;
mod metric;
mod performance;
mod predictions;
mod result;
mod table;
mod unfairness;
mod value;

#[cfg(test)]
mod tests;

pub use crate::profile::{BiasFault, EightCounts};
pub use column_kinds::as_in_baseline;
pub use group_shares::{GroupShares, shares};
pub use intersections::{Intersection, MIN_ROWS_OF_INTERSECTION, intersections};
pub use metric::{BiasMetricKind, Stage};
pub use performance::{PerformanceRate, performance};
pub use result::{BaselineGroup, Bias, BiasMetric, GroupBias, lower_bound};
pub use table::{ALL, named};
pub use unfairness::{Form, Unfairness};
pub use value::{measure, measure_labels, measure_window};
