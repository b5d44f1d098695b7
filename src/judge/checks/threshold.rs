//! Which limit a measurement is held against.

use crate::judge::{CategoricalDriftMethod, ComparisonMethod, FeatureConstraints};
use crate::measure::{column, drift};
use crate::profile::Kind;

/// The limit for a measure of a column; `None` when no enabled check of this column uses the measure.
///
/// It does not know of the table's own switch: with `evaluate_constraints` off for the whole table
/// nothing is judged.
pub fn threshold_for(feature: &FeatureConstraints, measure: &str) -> Option<f64> {
    let config = &feature.config;
    if !config.evaluate_constraints {
        return None;
    }
    if Some(measure) == kind_share(feature.kind) {
        return Some(config.datatype_check_threshold);
    }
    match measure {
        column::COMPLETENESS => feature.completeness,
        column::SHARE_IN_DOMAIN if feature.domain.is_some() => Some(config.domain_content_threshold),
        _ if !config.perform_comparison => None,
        _ if measure == numeric_distance(feature) => Some(config.comparison_threshold),
        _ if measure == categorical_distance(feature) => Some(config.categorical_comparison_threshold),
        _ => None,
    }
}

/// The share of cells of the expected kind. Nothing is expected of a column that was empty.
pub(super) fn kind_share(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integral => Some(column::SHARE_INTEGRAL),
        Kind::Fractional => Some(column::SHARE_FRACTIONAL),
        Kind::String => Some(column::SHARE_STRING),
        Kind::Unknown => None,
    }
}

/// The distance that the column's settings choose, should it be numeric.
pub(super) fn numeric_distance(feature: &FeatureConstraints) -> &'static str {
    match feature.config.comparison_method {
        ComparisonMethod::Robust => drift::NUMERIC_ROBUST,
        ComparisonMethod::Simple => drift::NUMERIC_SIMPLE,
    }
}

/// The distance that the column's settings choose, should it be of text.
pub(super) fn categorical_distance(feature: &FeatureConstraints) -> &'static str {
    match (feature.config.categorical_drift_method, feature.config.comparison_method) {
        (CategoricalDriftMethod::LInfinity, ComparisonMethod::Robust) => drift::CATEGORICAL_ROBUST,
        (CategoricalDriftMethod::LInfinity, ComparisonMethod::Simple) => drift::CATEGORICAL_SIMPLE,
        (CategoricalDriftMethod::ChiSquared, ComparisonMethod::Robust) => drift::CHI_SQUARED_P_VALUE,
        (CategoricalDriftMethod::ChiSquared, ComparisonMethod::Simple) => drift::CHI_SQUARED_STATISTIC,
    }
}
