//! Missing cells: how their share changed, and whether that is chance.

use super::bins::Bin;
use super::comparison::Comparison;
use super::homogeneity;
use crate::profile::{ColumnStatistics, Undefined};

/// The share of missing cells now less that of the baseline, in −1…1.
pub(super) fn change(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    Ok(sides.baseline.completeness()? - sides.current.completeness()?)
}

/// The chance of a change this large in either direction where nothing changed, 0…1: the test of
/// [`homogeneity::p_value`] of missing and present cells.
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    change(sides)?;
    let bin =
        |n: fn(&ColumnStatistics) -> u64| Bin { baseline: n(sides.baseline) as f64, current: n(sides.current) as f64 };
    let bins = [bin(|column| column.n_present), bin(|column| column.n_missing)];
    let filled: Vec<Bin> = bins.into_iter().filter(|bin| bin.baseline + bin.current > 0.0).collect();
    homogeneity::p_value(&filled)
}
