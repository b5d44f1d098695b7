//! Cramér's V of the bins of a column, without its bias.

use super::bins::totals;
use super::chi_squared_statistic::statistic;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// How much the side of a row says about its bin, in 0…1, free of the number of rows: with φ² = χ²/N of the table of
/// two sides and k bins, V = √(φ̃² / min(k̃ − 1, r̃ − 1)), where φ̃² = max(0, φ² − (k − 1)/(N − 1)),
/// k̃ = k − (k − 1)²/(N − 1) and r̃ = 2 − 1/(N − 1). Undefined where all rows lie in one bin.
///
/// Source: W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", Journal of the Korean Statistical
/// Society 42, 2013, p. 323.
pub(super) fn association(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let bins = sides.bins()?;
    if bins.len() < 2 {
        return Err(Undefined::TooFewCategories);
    }
    let (n_baseline, n_current) = totals(bins);
    let (n, k) = (n_baseline + n_current, bins.len() as f64);
    let phi_squared = (statistic(bins) / n - (k - 1.0) / (n - 1.0)).max(0.0);
    let n_columns = k - (k - 1.0) * (k - 1.0) / (n - 1.0);
    let n_rows = 2.0 - 1.0 / (n - 1.0);
    let degrees = (n_columns - 1.0).min(n_rows - 1.0);
    if degrees > 0.0 { finite((phi_squared / degrees).sqrt().min(1.0)) } else { Err(Undefined::TooFewCategories) }
}
