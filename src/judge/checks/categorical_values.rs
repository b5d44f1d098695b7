//! Domain check: texts outside the baseline's categories.

use super::check::{Case, Check, finding};
use super::threshold::threshold_for;
use crate::judge::{FeatureConstraints, Finding};
use crate::measure::{FeatureMeasurements, column};
use crate::names;
use crate::profile::java_double;

/// Too small a share of the non-null cells is inside the domain.
pub(super) struct CategoricalValues;

impl Check for CategoricalValues {
    fn name(&self) -> &'static str {
        names::check::CATEGORICAL_VALUES
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let judge = |(feature, measured): (&FeatureConstraints, &FeatureMeasurements)| {
            let measurement = measured.get(column::SHARE_IN_DOMAIN)?;
            let threshold = threshold_for(feature, measurement.measure)?;
            let share = measurement.value.ok().filter(|share| *share < threshold)?;
            let description = format!("Value: {} does not meet the constraint requirement! ", java_double(share));
            Some(finding(self.name(), feature, measurement, (share, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
}
