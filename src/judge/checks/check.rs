//! Check: a rule that data must keep, and what it looks at.

use std::collections::HashMap;

use crate::judge::{Constraints, FeatureConstraints, Finding, Subject};
use crate::measure::{FeatureMeasurements, Measurement};

/// Everything that a check looks at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub constraints: &'a Constraints,
    /// Of every current column, in the order of the current columns.
    pub measurements: &'a [FeatureMeasurements],
    /// Rows of the current data.
    pub n_rows: u64,
}

impl<'a> Case<'a> {
    /// The names of the columns that are judged, in the order of the constraints.
    pub fn judged_names(&self) -> Vec<&'a str> {
        self.judged().into_iter().map(|(feature, _)| feature.name.as_str()).collect()
    }

    /// The constrained columns that are to be judged and are there, with what was measured of them.
    /// Nothing when constraints are not to be evaluated.
    pub(super) fn judged(&self) -> Vec<(&'a FeatureConstraints, &'a FeatureMeasurements)> {
        if !self.constraints.config.evaluate_constraints {
            return Vec::new();
        }
        let measured: HashMap<&str, &FeatureMeasurements> =
            self.measurements.iter().map(|measured| (measured.feature.as_str(), measured)).collect();
        let features = self.constraints.features.iter().filter(|feature| feature.config.evaluate_constraints);
        features.filter_map(|feature| Some((feature, *measured.get(feature.name.as_str())?))).collect()
    }
}

/// A rule that data must keep.
pub trait Check: Sync {
    /// One of [`crate::names::check`].
    fn name(&self) -> &'static str;
    /// The violations, in the order of the constraints' columns.
    fn judge(&self, case: &Case<'_>) -> Vec<Finding>;
}

/// The finding about one measurement of one column.
pub(super) fn finding(
    check: &'static str,
    feature: &FeatureConstraints,
    measurement: &Measurement,
    (value, threshold): (f64, f64),
    description: String,
) -> Finding {
    Finding {
        check,
        subject: Subject::Feature(feature.name.clone()),
        metric: measurement.measure,
        description,
        value,
        threshold,
        n: measurement.n,
    }
}

/// The finding about so many columns of the table: `what` of them is AWS's word, `extra` or `missing`.
pub(super) fn columns_finding(
    (check, feature, metric): (&'static str, &str, &'static str),
    what: &str,
    n_columns: usize,
    case: &Case<'_>,
) -> Vec<Finding> {
    if n_columns == 0 || !case.constraints.config.evaluate_constraints {
        return Vec::new();
    }
    let (n_current, n_baseline) = (case.measurements.len(), case.constraints.features.len());
    vec![Finding {
        check,
        subject: Subject::Feature(feature.to_owned()),
        metric,
        description: format!(
            "There are {what} columns in current dataset. Number of columns in current dataset: {n_current}, \
             Number of columns in baseline constraints: {n_baseline}"
        ),
        value: n_columns as f64,
        threshold: 0.0,
        n: case.n_rows,
    }]
}
