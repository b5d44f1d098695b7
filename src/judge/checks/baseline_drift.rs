//! Drift check: a distribution far from the baseline's.

use std::collections::HashMap;

use super::check::{Case, Check, finding};
use super::threshold::{chosen_measures, threshold_for};
use crate::judge::{Constraints, FeatureConstraints, Finding};
use crate::measure::drift::{DriftMeasure, Quantity};
use crate::measure::{FeatureMeasurements, Measurement};
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
            let (measure, measurement) = chosen_distance(feature, measured)?;
            let threshold = threshold_for(feature, measure.name)?;
            let (value, description) = violation(measure, measurement, threshold)?;
            Some(finding(self.name(), feature, measurement, (value, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
}

/// The distance that the column's settings choose, of those that suit its kind.
pub(super) fn chosen_distance<'a>(
    feature: &FeatureConstraints,
    measured: &'a FeatureMeasurements,
) -> Option<(&'static DriftMeasure, &'a Measurement)> {
    chosen_measures(feature).find_map(|measure| Some((measure, measured.get(measure.name)?)))
}

/// The distance of every constrained column that was to be compared and could be, violated or not.
pub fn drift_distances(constraints: &Constraints, measurements: &[FeatureMeasurements]) -> HashMap<String, f64> {
    let case = Case { constraints, measurements, n_rows: 0 };
    let compared = case.judged().into_iter().filter(|(feature, _)| feature.config.perform_comparison);
    compared
        .filter_map(|(feature, measured)| {
            Some((feature.name.clone(), chosen_distance(feature, measured)?.1.value.ok()?))
        })
        .collect()
}

/// The value beyond its limit, and the sentence about it.
fn violation(measure: &DriftMeasure, measurement: &Measurement, threshold: f64) -> Option<(f64, String)> {
    let value = measurement.value.ok()?;
    let is_violated = measure.quantity.is_beyond(value, threshold);
    let (shown, limit) = (java_double(value), java_double(threshold));
    let sentence = || match measure.quantity {
        Quantity::Distance | Quantity::Change => format!("Baseline drift distance: {shown} exceeds threshold: {limit}"),
        Quantity::PValue => format!("Baseline drift p-value: {shown} is below threshold: {limit}"),
    };
    is_violated.then(|| (value, sentence()))
}
