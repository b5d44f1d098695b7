//! Wasserstein distance (earth mover's distance) of numbers, in the baseline's standard deviations.

use super::comparison::Comparison;
use super::spread::in_standard_deviations;
use crate::profile::Undefined;

/// ∫ |F(x) − G(x)| dx / σ: how far the numbers moved on average, σ being the population standard deviation of the
/// baseline. From 0; a shift of all numbers by σ is 1. Undefined where the baseline does not vary.
///
/// Source: S. S. Vallender, "Calculation of the Wasserstein distance between probability distributions on the line",
/// Theory of Probability and its Applications 18, 1974, p. 784.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    in_standard_deviations(sides, sides.functions()?.integrate(f64::abs))
}
