//! Pearson's χ² statistic of the bins of both sides.

use super::bins::{Bin, totals};

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
