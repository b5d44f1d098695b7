//! Changes that AWS's distance does not show.

use std::collections::HashMap;

use super::baseline_drift::chosen_distance;
use super::check::Case;
use super::significance::is_of_distribution;
use super::threshold::threshold_for;
use crate::judge::{Test, TestOutcome};
use crate::measure::drift::Quantity;

/// A column that drifted beyond chance and beyond its limit, but not by AWS's distance.
#[derive(Clone, Debug, PartialEq)]
pub struct BlindDistance {
    pub feature: String,
    /// The distance that the settings choose; below the limit.
    pub aws: f64,
    /// The effect of the test of its distribution; above the limit.
    pub exact: f64,
    pub threshold: f64,
}

/// Every such column, in the order of the constraints. Where a p-value decides, there is no limit to compare with.
pub fn blind_distances(case: &Case<'_>, tests: &[Test]) -> Vec<BlindDistance> {
    let has_drifted = |test: &&Test| test.outcome == TestOutcome::Violated && is_of_distribution(test);
    let effects = tests.iter().filter(has_drifted);
    let effects: HashMap<&str, f64> =
        effects.filter_map(|test| Some((test.subject.feature()?, test.effect?))).collect();
    let blind = |(feature, measured)| {
        let (measure, measurement) = chosen_distance(feature, measured)?;
        let (aws, threshold) = (measurement.value.ok()?, threshold_for(feature, measure.name)?);
        let exact = *effects.get(feature.name.as_str())?;
        let is_blind =
            measure.quantity == Quantity::Distance && exact > threshold && !measure.quantity.is_beyond(aws, threshold);
        is_blind.then(|| BlindDistance { feature: feature.name.clone(), aws, exact, threshold })
    };
    case.judged().into_iter().filter_map(blind).collect()
}
