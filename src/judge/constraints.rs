//! Constraints: the limits that checks hold measurements against.

use crate::names::{categorical_drift_method, comparison_method};
use crate::profile::Kind;

/// Limits for a table, suggested from a baseline or read from its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraints {
    /// In the order of the baseline's columns.
    pub features: Vec<FeatureConstraints>,
    pub config: MonitoringConfig,
    /// Whether the last features are the model's outputs, not the first.
    pub outputs_are_last: bool,
}

/// Limits for one column.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureConstraints {
    pub name: String,
    pub kind: Kind,
    /// Smallest share of non-null cells that is accepted, in 0…1. `None` when the file has none.
    pub completeness: Option<f64>,
    /// Written and kept; never judged, since AWS publishes no check of it.
    pub is_non_negative: Option<bool>,
    /// The known categories.
    pub domain: Option<Vec<String>>,
    /// The settings for this column: the table's, with the column's own overrides on top.
    pub config: MonitoringConfig,
}

/// Settings of the checks, for the table or (with overrides applied) for one column.
#[derive(Clone, Debug, PartialEq)]
pub struct MonitoringConfig {
    pub evaluate_constraints: bool,
    pub emit_metrics: bool,
    /// Smallest accepted share of non-null cells of the expected kind, in 0…1.
    pub datatype_check_threshold: f64,
    /// Smallest accepted share of non-null cells inside the domain, in 0…1.
    pub domain_content_threshold: f64,
    pub perform_comparison: bool,
    /// Largest accepted distance of a numeric column.
    pub comparison_threshold: f64,
    /// One of [`crate::measure::drift::comparison_methods`].
    pub comparison_method: &'static str,
    /// Limit for the distance of a categorical column.
    pub categorical_comparison_threshold: f64,
    /// One of [`crate::measure::drift::categorical_drift_methods`].
    pub categorical_drift_method: &'static str,
    /// Ours: the measure of [`crate::measure::drift::ALL`] that decides instead of the one that the methods choose, where
    /// it suits the column.
    pub drift_measure: Option<&'static str>,
    /// Ours: its limit; without a measure that of the statistical verdict's own.
    pub drift_threshold: Option<f64>,
}

/// The values that AWS's containers write into a suggested constraints file.
impl Default for MonitoringConfig {
    fn default() -> Self {
        Self {
            evaluate_constraints: true,
            emit_metrics: true,
            datatype_check_threshold: 1.0,
            domain_content_threshold: 1.0,
            perform_comparison: true,
            comparison_threshold: 0.1,
            comparison_method: comparison_method::ROBUST,
            categorical_comparison_threshold: 0.1,
            categorical_drift_method: categorical_drift_method::L_INFINITY,
            drift_measure: None,
            drift_threshold: None,
        }
    }
}
