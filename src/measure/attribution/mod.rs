//! How much each feature moves a model's outputs, and how that differs from a baseline.

mod result;

pub use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
pub use result::{
    AttributionDrift, BaselineAttributions, BaselineFeature, Coverage, Explanations, FeatureDrift, Method,
    PartialDependence,
};
