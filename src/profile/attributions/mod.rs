//! Attributions of many rows: how much each feature moved the model's outputs.

mod attribution_columns;
mod captured;
mod feature;
mod layouts;
mod median;
mod row_tally;
mod statistics;
mod summary;

#[cfg(test)]
mod tests;

pub use captured::CapturedAttributionSummary;
pub use statistics::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
pub use summary::{AttributionSettings, AttributionSummary, ExplainedOutput, ExplainedRow, output_name};
