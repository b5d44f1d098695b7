//! Data type check: cells of another kind than the baseline's column.

use super::check::{Case, Check, finding};
use super::threshold::{kind_share, threshold_for};
use crate::judge::{FeatureConstraints, Finding};
use crate::measure::FeatureMeasurements;
use crate::names;
use crate::profile::java_double;

/// Too small a share of the non-null cells is of exactly the expected kind. Integers among
/// fractional numbers count against these, as in AWS's containers.
pub(super) struct DataType;

impl Check for DataType {
    fn name(&self) -> &'static str {
        names::check::DATA_TYPE
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let judge = |(feature, measured): (&FeatureConstraints, &FeatureMeasurements)| {
            let measurement = measured.get(kind_share(feature.kind)?)?;
            let threshold = threshold_for(feature, measurement.measure)?;
            let share = measurement.value.ok().filter(|share| *share < threshold)?;
            let kind = feature.kind.name();
            let description = format!(
                "Data type match requirement is not met. Expected data type: {kind}, Expected match: {}%. \
                 Observed: Only {}% of data is {kind}.",
                java_double(threshold * 100.0),
                java_double(share * 100.0)
            );
            Some(finding(self.name(), feature, measurement, (share, threshold), description))
        };
        case.judged().into_iter().filter_map(judge).collect()
    }
}
