//! Extra columns check: columns that the constraints do not know.

use std::collections::HashSet;

use super::check::{Case, Check};
use crate::judge::{Finding, Subject};
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
        if n_extra == 0 || !case.constraints.config.evaluate_constraints {
            return Vec::new();
        }
        let (n_current, n_baseline) = (case.measurements.len(), features.len());
        vec![Finding {
            check: self.name(),
            subject: Subject::Feature(names::check::EXTRA_COLUMNS_FEATURE.to_owned()),
            metric: "extra_columns",
            description: format!(
                "There are extra columns in current dataset. Number of columns in current dataset: {n_current}, \
                 Number of columns in baseline constraints: {n_baseline}"
            ),
            value: n_extra as f64,
            threshold: 0.0,
            n: case.n_rows,
        }]
    }
}
