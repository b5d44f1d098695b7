//! Missing columns check: columns of the constraints that the data lack.

use std::collections::HashSet;

use super::check::{Case, Check, columns_finding};
use crate::judge::{FeatureConstraints, Finding};
use crate::names;

/// One finding for the whole table. A column whose own constraints are not evaluated may be absent.
pub(super) struct MissingColumn;

impl Check for MissingColumn {
    fn name(&self) -> &'static str {
        names::check::MISSING_COLUMN
    }

    fn judge(&self, case: &Case<'_>) -> Vec<Finding> {
        let present: HashSet<&str> = case.measurements.iter().map(|measured| measured.feature.as_str()).collect();
        let is_missing = |feature: &&FeatureConstraints| {
            feature.config.evaluate_constraints && !present.contains(feature.name.as_str())
        };
        let features = &case.constraints.features;
        let n_missing = features.iter().filter(is_missing).count();
        let of = (self.name(), names::check::MISSING_COLUMNS_FEATURE, "missing_columns");
        columns_finding(of, "missing", n_missing, case)
    }
}
