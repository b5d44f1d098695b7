//! Chi-squared test of homogeneity: whether the bins of both sides come from one distribution.
//!
//! Unlike a test of fit, it takes the baseline for the sample that it is.

use super::bins::{Bin, totals};
use super::comparison::Comparison;
use super::permutation;
use crate::measure::chi_squared::upper_tail;
use crate::profile::Undefined;

/// Expected counts below it are too small for the chi-squared law (W. G. Cochran, "Some methods for strengthening the
/// common χ² tests", Biometrics 10, 1954, p. 417).
pub(super) const SMALL: f64 = 5.0;

/// Pearson's χ² of the table of two sides and the bins, without a correction for continuity.
pub(super) fn statistic(bins: &[Bin]) -> f64 {
    let (n_baseline, n_current) = totals(bins);
    bins.iter().map(|bin| term(bin.current, bin.baseline + bin.current, n_baseline, n_current)).sum()
}

/// What a bin of `pooled` rows, `current` of them current ones, adds to the statistic. With the expected count
/// e = pooled·m/N it is (current − e)²/e of one side and, the difference being the same, (current − e)²/(pooled − e)
/// of the other.
pub(super) fn term(current: f64, pooled: f64, n_baseline: f64, n_current: f64) -> f64 {
    let expected = pooled * n_current / (n_baseline + n_current);
    let difference = current - expected;
    difference * difference * (1.0 / expected + 1.0 / (pooled - expected))
}

/// [`p_value`] of the bins of a column.
pub(super) fn of_column(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    p_value(sides.bins()?)
}

/// The chance of a larger or the same [`statistic`] where both sides come from one distribution, 0…1, by the
/// chi-squared law; where an expected count is below 5, by seeded permutation of the pooled rows
/// ([`permutation::p_value`]). 1 where all rows lie in one bin on both sides.
pub(super) fn p_value(bins: &[Bin]) -> Result<f64, Undefined> {
    let (n_baseline, n_current) = totals(bins);
    if n_baseline <= 0.0 || n_current <= 0.0 {
        return Err(Undefined::Empty);
    }
    if bins.len() < 2 {
        return Ok(1.0);
    }
    let smaller = n_baseline.min(n_current) / (n_baseline + n_current);
    if bins.iter().all(|bin| (bin.baseline + bin.current) * smaller >= SMALL) {
        upper_tail(statistic(bins), bins.len() - 1)
    } else {
        permutation::p_value(bins)
    }
}
