//! Mix of kinds: how the shares of integers, fractions, Booleans and other texts changed.

use super::comparison::Comparison;
use crate::profile::{ColumnStatistics, KindCounts, Undefined};

/// ½·Σ |p − q| over the shares of cells that look like integers, fractions, Booleans and other texts, of those that
/// are not missing, in 0…1. Undefined where a side does not count kinds, as statistics files do not.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = (shares(sides.baseline)?, shares(sides.current)?);
    Ok(baseline.iter().zip(current).map(|(p, q)| (p - q).abs()).sum::<f64>() / 2.0)
}

fn shares(column: &ColumnStatistics) -> Result<[f64; 4], Undefined> {
    let KindCounts { integral, fractional, boolean, string } = column.kind_counts.ok_or(Undefined::NotCounted)?;
    let counts = [integral, fractional, boolean, string].map(|n| n as f64);
    let n: f64 = counts.iter().sum();
    if n > 0.0 { Ok(counts.map(|count| count / n)) } else { Err(Undefined::Empty) }
}
