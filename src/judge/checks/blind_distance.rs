//! Changes that AWS's distance does not show.

use std::collections::HashSet;

use super::baseline_drift::chosen_distance;
use super::check::Case;
use super::significance::is_of_distribution;
use super::threshold::threshold_for;
use crate::judge::{FeatureConstraints, Test, TestOutcome};
use crate::measure::FeatureMeasurements;
use crate::measure::drift::Quantity;

/// A column that drifted beyond chance and beyond its limit, but not by AWS's distance.
#[derive(Clone, Debug, PartialEq)]
pub struct BlindDistance {
    pub feature: String,
    /// The distance that the settings choose; below the limit.
    pub aws: f64,
    /// The largest difference of shares, of numbers that of the distribution functions; above the limit.
    pub exact: f64,
}

/// What AWS's distances estimate, of numbers and of categories.
const EXACT: [&str; 2] = ["ks_statistic", "categorical_l_infinity_simple"];

/// Every such column, in the order of the constraints. Where a p-value decides, there is no limit to compare with.
pub fn blind_distances(case: &Case<'_>, tests: &[Test]) -> Vec<BlindDistance> {
    let has_drifted = |test: &&Test| test.outcome == TestOutcome::Violated && is_of_distribution(test);
    let drifted: HashSet<&str> = tests.iter().filter(has_drifted).filter_map(|test| test.subject.feature()).collect();
    let blind = |(feature, measured): (&FeatureConstraints, &FeatureMeasurements)| {
        let (measure, measurement) = chosen_distance(feature, measured)?;
        let (aws, threshold) = (measurement.value.ok()?, threshold_for(feature, measure.name)?);
        let exact = EXACT.iter().find_map(|name| measured.get(name)?.value.ok())?;
        let is_blind = measure.setting.is_some()
            && measure.quantity == Quantity::Distance
            && drifted.contains(feature.name.as_str())
            && exact > threshold
            && !measure.quantity.is_beyond(aws, threshold);
        is_blind.then(|| BlindDistance { feature: feature.name.clone(), aws, exact })
    };
    case.judged().into_iter().filter_map(blind).collect()
}
