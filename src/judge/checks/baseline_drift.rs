//! A distribution far from the baseline's.

use super::table::{Case, Check, finding};
use super::threshold::{categorical_distance, numeric_distance, threshold_for};
use crate::judge::{FeatureConstraints, Finding};
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
            let chosen = [numeric_distance(feature), categorical_distance(feature)];
            let measurement = chosen.into_iter().find_map(|name| measured.get(name))?;
            let threshold = threshold_for(feature, measurement.measure)?;
            let (value, description) = violation(measurement, threshold)?;
            Some(finding(self.name(), feature, measurement, (value, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
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
