//! Numbers out of range: the share of those beyond the baseline's extremes, and whether it is chance.

use super::comparison::Comparison;
use super::distributions::numbers;
use super::only_current;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// Current numbers below the baseline's least or above its largest, of all current numbers, in 0…1. Exact up to 2,049
/// numbers and where there are none; else as exact as the quantile sketch.
pub(super) fn share(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (n_below, n_above, n) = outside(sides)?;
    finite((n_below + n_above) as f64 / n as f64)
}

/// The chance of as many numbers on one side of the baseline's range where nothing changed, 0…1: that the largest (or
/// the least) so many of all numbers are current ones; the smaller of both, doubled.
///
/// Source: S. S. Wilks, "Determination of sample sizes for setting tolerance limits", The Annals of Mathematical
/// Statistics 12, 1941, p. 91.
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (n_below, n_above, n_current) = outside(sides)?;
    let n_baseline = numbers(sides.baseline, sides.current)?.0.quantiles.n();
    finite((2.0 * only_current::chance(n_below.max(n_above), n_baseline, n_current)).min(1.0))
}

/// Current numbers below and above the baseline's range, and all of them.
fn outside(sides: &Comparison<'_>) -> Result<(u64, u64, u64), Undefined> {
    let (baseline, current) = numbers(sides.baseline, sides.current)?;
    let n = current.quantiles.n();
    if n == 0 {
        return Err(Undefined::Empty);
    }
    let (mut n_below, mut n_above) = (0u64, 0u64);
    for (x, weight) in current.quantiles.weighted_items() {
        n_below += if x < baseline.min { weight } else { 0 };
        n_above += if x > baseline.max { weight } else { 0 };
    }
    Ok((n_below, n_above, n))
}
