//! A distribution far from the baseline's.

use std::collections::HashMap;

use super::table::{Case, Check, finding};
use super::threshold::{categorical_distance, numeric_distance, threshold_for};
use crate::judge::{Constraints, FeatureConstraints, Finding};
use crate::measure::{FeatureMeasurements, Measurement, drift};
use crate::names;
use crate::profile::java_double;

/// The distance that the column's settings choose is above its limit, or the p-value below it.
/// Only columns that could be compared are judged.
pub(super) struct BaselineDrift;

impl Check for BaselineDrift {
    fn name(&self) -> &'static str {
        names::check::BASELINE_DRIFT
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let judge = |(feature, measured): (&FeatureConstraints, &FeatureMeasurements)| {
            let measurement = chosen_distance(feature, measured)?;
            let threshold = threshold_for(feature, measurement.measure)?;
            let (value, description) = violation(measurement, threshold)?;
            Some(finding(self.name(), feature, measurement, (value, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
}

/// The distance that the column's settings choose, of those that suit its kind.
fn chosen_distance<'a>(feature: &FeatureConstraints, measured: &'a FeatureMeasurements) -> Option<&'a Measurement> {
    [numeric_distance(feature), categorical_distance(feature)].into_iter().find_map(|name| measured.get(name))
}

/// The distance of every constrained column that was to be compared and could be, violated or not.
pub fn drift_distances(constraints: &Constraints, measurements: &[FeatureMeasurements]) -> HashMap<String, f64> {
    let case = Case { constraints, measurements, n_rows: 0 };
    let compared = case.judged().into_iter().filter(|(feature, _)| feature.config.perform_comparison);
    compared
        .filter_map(|(feature, measured)| Some((feature.name.clone(), chosen_distance(feature, measured)?.value.ok()?)))
        .collect()
}

/// The value beyond its limit, and the sentence about it.
fn violation(measurement: &Measurement, threshold: f64) -> Option<(f64, String)> {
    let value = measurement.value.ok()?;
    let limit = java_double(threshold);
    if measurement.measure == drift::CHI_SQUARED_P_VALUE {
        let text = || format!("Baseline drift p-value: {} is below threshold: {limit}", java_double(value));
        return (value < threshold).then(|| (value, text()));
    }
    let text = || format!("Baseline drift distance: {} exceeds threshold: {limit}", java_double(value));
    (value > threshold).then(|| (value, text()))
}
