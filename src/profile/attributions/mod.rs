//! Attributions of many rows: how much each feature moved the model's outputs.

mod statistics;

pub use statistics::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
