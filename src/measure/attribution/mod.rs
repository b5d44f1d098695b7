//! How much each feature moves a model's outputs, and how that differs from a baseline.

mod cell;
mod clusters;
mod partial_dependence;
mod result;
mod seeded;
mod shap;

pub use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
pub use cell::Cell;
pub use clusters::reference_rows;
pub use partial_dependence::{Grid, MeanPredictions};
pub use result::{
    AttributionDrift, BaselineAttributions, BaselineFeature, Coverage, Explanations, FeatureDrift, Method,
    PartialDependence,
};
pub use shap::{Coalition, Design, DesignFault, Explained, Link, mixed, varying};
