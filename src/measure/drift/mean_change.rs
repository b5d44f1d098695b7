//! Change of the mean, in the baseline's standard deviations.

use super::comparison::Comparison;
use super::distributions::numbers;
use super::spread::in_standard_deviations;
use crate::profile::Undefined;

/// (mean now − mean of the baseline) / σ, any sign, σ being the population standard deviation of the baseline
/// (G. V. Glass, "Primary, secondary, and meta-analysis of research", Educational Researcher 5, 1976, p. 3).
/// Undefined where the baseline does not vary, and where a sum of integers is beyond 64 bits.
pub(super) fn change(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = numbers(sides.baseline, sides.current)?;
    if baseline.is_sum_wrapped || current.is_sum_wrapped {
        return Err(Undefined::NotFinite);
    }
    in_standard_deviations(sides, current.mean - baseline.mean)
}
