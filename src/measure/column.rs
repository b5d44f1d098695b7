//! Column measures, without a baseline: shares of its cells.

use super::Measurement;
use crate::profile::{ColumnStatistics, KindCounts, Undefined};

/// Cells that are not null, of all rows.
pub const COMPLETENESS: &str = "completeness";
/// Cells that look like integers, of those not null.
pub const SHARE_INTEGRAL: &str = "share_integral";
/// Cells that look like numbers with a fraction or an exponent, of those not null. Integers do not count.
pub const SHARE_FRACTIONAL: &str = "share_fractional";
/// Cells that are no numbers (Booleans included), of those not null.
pub const SHARE_STRING: &str = "share_string";
/// Cells inside the watched domain, of those not null. Undefined where none was watched.
pub const SHARE_IN_DOMAIN: &str = "share_in_domain";

/// A share of a column's cells, in 0…1.
pub struct ColumnMeasure {
    pub name: &'static str,
    /// Cells counted, where they were.
    counted: fn(&ColumnStatistics) -> Option<u64>,
    /// Cells that the share is of.
    among: fn(&ColumnStatistics) -> u64,
}

/// Every measure of one column, in the order of reports.
pub static ALL: &[ColumnMeasure] = &[
    ColumnMeasure { name: COMPLETENESS, counted: |column| Some(column.n_present), among: n_rows },
    ColumnMeasure { name: SHARE_INTEGRAL, counted: |column| by_kind(column, |n| n.integral), among: n_present },
    ColumnMeasure { name: SHARE_FRACTIONAL, counted: |column| by_kind(column, |n| n.fractional), among: n_present },
    ColumnMeasure { name: SHARE_STRING, counted: |column| by_kind(column, |n| n.string + n.boolean), among: n_present },
    ColumnMeasure { name: SHARE_IN_DOMAIN, counted: |column| column.n_in_domain, among: n_present },
];

impl ColumnMeasure {
    /// Measures `column`.
    pub fn of(&self, column: &ColumnStatistics) -> Measurement {
        let n = (self.among)(column);
        let value = match (self.counted)(column) {
            Some(counted) if n > 0 => Ok(counted as f64 / n as f64),
            Some(_) => Err(Undefined::Empty),
            None => Err(Undefined::NotCounted),
        };
        Measurement { measure: self.name, value, n }
    }
}

fn n_rows(column: &ColumnStatistics) -> u64 {
    column.n_present + column.n_missing
}

fn n_present(column: &ColumnStatistics) -> u64 {
    column.n_present
}

fn by_kind(column: &ColumnStatistics, count: fn(&KindCounts) -> u64) -> Option<u64> {
    column.kind_counts.as_ref().map(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Detail, Kind};

    fn column(n_present: u64, n_missing: u64) -> ColumnStatistics {
        ColumnStatistics {
            name: "x".into(),
            kind: Kind::String,
            n_present,
            n_missing,
            n_distinct: Some(3),
            kind_counts: Some(KindCounts { integral: 1, fractional: 2, boolean: 3, string: 2 }),
            n_in_domain: Some(6),
            unknown: Vec::new(),
            detail: Detail::Text(None),
        }
    }

    fn shares(column: &ColumnStatistics) -> Vec<(&'static str, Result<f64, Undefined>, u64)> {
        let measured = ALL.iter().map(|measure| measure.of(column));
        measured.map(|measurement| (measurement.measure, measurement.value, measurement.n)).collect()
    }

    #[test]
    fn shares_are_of_cells_that_are_not_null() {
        let expected = [
            ("completeness", Ok(0.8), 10),
            ("share_integral", Ok(0.125), 8),
            ("share_fractional", Ok(0.25), 8),
            ("share_string", Ok(0.625), 8),
            ("share_in_domain", Ok(0.75), 8),
        ];
        assert_eq!(shares(&column(8, 2)), expected);
    }

    #[test]
    fn shares_of_nothing_are_undefined() {
        assert!(shares(&column(0, 0)).iter().all(|(_, value, _)| *value == Err(Undefined::Empty)));
        assert_eq!(shares(&column(0, 5))[0].1, Ok(0.0));
        let unwatched = ColumnStatistics { n_in_domain: None, ..column(8, 0) };
        assert_eq!(shares(&unwatched)[4].1, Err(Undefined::NotCounted));
    }
}
