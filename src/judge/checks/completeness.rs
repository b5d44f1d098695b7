//! Completeness check: more nulls than in the baseline.

use super::check::{Case, Check, finding};
use super::threshold::threshold_for;
use crate::judge::{FeatureConstraints, Finding};
use crate::measure::{FeatureMeasurements, column};
use crate::names;
use crate::profile::java_double;

/// The share of cells that are not null is below the constraint.
pub(super) struct Completeness;

impl Check for Completeness {
    fn name(&self) -> &'static str {
        names::check::COMPLETENESS
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let judge = |(feature, measured): (&FeatureConstraints, &FeatureMeasurements)| {
            let measurement = measured.get(column::COMPLETENESS)?;
            let threshold = threshold_for(feature, measurement.measure)?;
            let share = measurement.value.ok().filter(|share| *share < threshold)?;
            let description = format!(
                "Data completeness requirement is not met. Expected: {}%. Observed: Only {}%.",
                java_double(threshold * 100.0),
                java_double(share * 100.0)
            );
            Some(finding(self.name(), feature, measurement, (share, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
}
