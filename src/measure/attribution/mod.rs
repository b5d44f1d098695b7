//! How much each feature moves a model's outputs, and how that differs from a baseline.

mod compare;
mod ndcg;
mod pairs;
mod rank_correlation;
mod result;
mod shares;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
pub use compare::compare;
pub use ndcg::ndcg;
pub use pairs::{FeaturePair, OutputPair, pairs};
pub use result::{
    AttributionComparison, AttributionDrift, BaselineAttributions, BaselineFeature, Coverage, Explanations,
    FeatureDrift, Method, PartialDependence,
};
