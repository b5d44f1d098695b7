//! Distributions of a column: what of the baseline and of the current data can be compared.

use crate::profile::{Category, ColumnStatistics, Detail, NumericStatistics, Undefined};
use crate::sketch::Quantiles;

/// Cells behind the current side of a comparison: numbers, or texts with the nulls among them.
pub fn n_compared(current: &ColumnStatistics) -> u64 {
    match &current.detail {
        Detail::Numeric(Ok(numbers)) => numbers.quantiles.n(),
        Detail::Numeric(Err(_)) | Detail::Text(None) => 0,
        Detail::Text(Some(categories)) => categories.iter().map(|category| category.count).sum(),
    }
}

/// Both sketches of two numeric columns.
pub(super) fn quantiles<'a>(
    baseline: &'a ColumnStatistics,
    current: &'a ColumnStatistics,
) -> Result<(&'a Quantiles, &'a Quantiles), Undefined> {
    let (baseline, current) = numbers(baseline, current)?;
    Ok((&baseline.quantiles, &current.quantiles))
}

/// What is known of the numbers of two numeric columns.
pub(super) fn numbers<'a>(
    baseline: &'a ColumnStatistics,
    current: &'a ColumnStatistics,
) -> Result<(&'a NumericStatistics, &'a NumericStatistics), Undefined> {
    match (&baseline.detail, &current.detail) {
        (Detail::Numeric(baseline), Detail::Numeric(current)) => {
            Ok((baseline.as_ref().map_err(|e| *e)?, current.as_ref().map_err(|e| *e)?))
        }
        _ => Err(Undefined::KindMismatch),
    }
}

/// Both lists of categories of two columns of text.
pub(super) fn categories<'a>(
    baseline: &'a ColumnStatistics,
    current: &'a ColumnStatistics,
) -> Result<(&'a [Category], &'a [Category]), Undefined> {
    Ok((listed(baseline)?, listed(current)?))
}

fn listed(column: &ColumnStatistics) -> Result<&[Category], Undefined> {
    match &column.detail {
        Detail::Numeric(_) => Err(Undefined::KindMismatch),
        Detail::Text(None) if column.n_present == 0 => Err(Undefined::Empty),
        Detail::Text(None) => Err(Undefined::HighCardinality),
        Detail::Text(Some(categories)) if categories.iter().all(|category| category.count == 0) => {
            Err(Undefined::Empty)
        }
        Detail::Text(Some(categories)) => Ok(categories),
    }
}
