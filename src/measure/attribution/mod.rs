//! Feature attribution: how much each feature moves a model's outputs, and how that differs from a baseline.

mod cell;
mod clusters;
mod compare;
mod magnitudes;
mod ndcg;
mod pairs;
mod partial_dependence;
mod rank_correlation;
mod result;
mod shap;

#[cfg(test)]
pub(crate) mod tests;

pub use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions};
pub use cell::Cell;
pub use clusters::reference_rows;
pub use compare::compare;
pub use ndcg::ndcg;
pub use pairs::{FeaturePair, OutputPair, pairs};
pub use partial_dependence::{Grid, MeanPredictions};
pub use result::{
    AttributionComparison, AttributionDrift, BaselineAttributions, BaselineFeature, Coverage, Explanations,
    FeatureDrift, Method, PartialDependence,
};
pub use shap::{Coalition, Design, DesignFault, DesignSize, Explained, Link, mixed, varying};
