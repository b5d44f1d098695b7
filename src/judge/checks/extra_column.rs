//! Extra columns check: columns that the constraints do not know.

use std::collections::HashSet;

use super::check::{Case, Check, columns_finding};
use crate::judge::Finding;
use crate::measure::FeatureMeasurements;
use crate::names;

/// One finding for the whole table.
pub(super) struct ExtraColumn;

impl Check for ExtraColumn {
    fn name(&self) -> &'static str {
        names::check::EXTRA_COLUMN
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let features = &case.constraints.features;
        let known: HashSet<&str> = features.iter().map(|feature| feature.name.as_str()).collect();
        let is_extra = |measured: &&FeatureMeasurements| !known.contains(measured.feature.as_str());
        let n_extra = case.measurements.iter().filter(is_extra).count();
        let of = (self.name(), names::check::EXTRA_COLUMNS_FEATURE, "extra_columns");
        columns_finding(of, "extra", n_extra, case)
    }
}
