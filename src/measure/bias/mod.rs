//! How differently a model treats groups.

mod binomial;
mod certainty;
mod companions;
mod conditional;
mod intersections;
mod labels;
mod predictions;
mod region;
mod result;
mod sides;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use crate::profile::{BiasFault, EightCounts};
pub use companions::{GroupShares, PerformanceRate, performance, shares};
pub use intersections::{Intersection, MIN_ROWS_OF_INTERSECTION, intersections};
pub use result::{BaselineGroup, Bias, BiasMetric, GroupBias};
pub use table::{ALL, BiasMetricKind, Stage};
pub use value::{measure, measure_labels};
