//! Measurements of a table: every measure applied to every column.

use std::collections::HashMap;

use super::drift::Comparison;
use super::{FeatureMeasurements, Measurement, column, drift};
use crate::profile::{ColumnStatistics, TableStatistics, Undefined};

/// Measures every current column, in the order of the current columns: its own measures, then,
/// if there is a baseline, the distances that suit its kind.
pub fn measure(current: &TableStatistics, baseline: Option<&TableStatistics>) -> Vec<FeatureMeasurements> {
    let base_columns: HashMap<&str, &ColumnStatistics> =
        baseline.iter().flat_map(|table| &table.columns).map(|column| (column.name.as_str(), column)).collect();
    let of_column = |column: &ColumnStatistics| {
        let mut measurements: Vec<Measurement> = column::ALL.iter().map(|measure| measure.of(column)).collect();
        if baseline.is_some() {
            let base = base_columns.get(column.name.as_str()).copied();
            let sides = base.map(|base| Comparison::new(base, column)).ok_or(Undefined::Absent);
            let suiting = drift::ALL.iter().filter(|measure| measure.columns.include(column.kind));
            measurements.extend(suiting.map(|measure| Measurement {
                measure: measure.name,
                value: sides.as_ref().map_err(|reason| *reason).and_then(|sides| measure.of(sides)),
                n: measure.n(column),
            }));
        }
        FeatureMeasurements { feature: column.name.clone(), measurements }
    };
    current.columns.iter().map(of_column).collect()
}
