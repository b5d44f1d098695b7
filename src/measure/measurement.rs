//! Measurement: one measured number of a column, and what it is of.

use crate::profile::Undefined;

/// One measured number of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The measure's stable name.
    pub measure: &'static str,
    pub value: Result<f64, Undefined>,
    /// Number of current observations behind the value: cells, not sketch items.
    pub n: u64,
}

/// Everything measured about one column.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMeasurements {
    /// The column's name.
    pub feature: String,
    pub measurements: Vec<Measurement>,
}

impl FeatureMeasurements {
    /// The measurement called `measure`.
    pub fn get(&self, measure: &str) -> Option<&Measurement> {
        self.measurements.iter().find(|measurement| measurement.measure == measure)
    }
}
