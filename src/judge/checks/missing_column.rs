//! Missing columns check: columns of the constraints that the data lack.

use std::collections::HashSet;

use super::check::{Case, Check};
use crate::judge::{FeatureConstraints, Finding, Subject};
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
        if n_missing == 0 || !case.constraints.config.evaluate_constraints {
            return Vec::new();
        }
        let (n_current, n_baseline) = (case.measurements.len(), features.len());
        vec![Finding {
            check: self.name(),
            subject: Subject::Feature(names::check::MISSING_COLUMNS_FEATURE.to_owned()),
            metric: "missing_columns",
            description: format!(
                "There are missing columns in current dataset. Number of columns in current dataset: {n_current}, \
                 Number of columns in baseline constraints: {n_baseline}"
            ),
            value: n_missing as f64,
            threshold: 0.0,
            n: case.n_rows,
        }]
    }
}
