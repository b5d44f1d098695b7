//! Kolmogorov–Smirnov statistic of two samples of numbers, and its p-value.

use std::f64::consts::PI;

use super::comparison::Comparison;
use super::distribution_functions::DistributionFunctions;
use super::distributions::quantiles;
use crate::measure::finite::finite;
use crate::profile::Undefined;
use crate::sketch::{KllSketch, Quantiles};

/// D = sup |F(x) − G(x)|, F and G being the distribution functions of the baseline and of the current numbers.
/// Range 0…1.
///
/// Unlike AWS's distance it weighs every row. With ties it is smaller than without.
///
/// Source: N. Smirnov, "Table for estimating the goodness of fit of empirical distributions", The Annals of
/// Mathematical Statistics 19, 1948, p. 279.
pub(super) fn statistic(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    largest_difference(sides.functions()?)
}

/// The chance of a larger or the same [`statistic`] where both sides come from one distribution, 0…1, by Kolmogorov's
/// law; too large, never too small, where numbers are equal. What the sketches may have added is taken off first.
///
/// Source: M. A. Stephens, "Use of the Kolmogorov–Smirnov, Cramér–von Mises and related statistics without extensive
/// tables", Journal of the Royal Statistical Society B 32, 1970, p. 115.
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = quantiles(sides.baseline, sides.current)?;
    chance(statistic(sides)?, baseline, current)
}

/// The [`statistic`] and the [`p_value`] of two samples, whatever columns they are of.
pub fn kolmogorov_smirnov(baseline: &Quantiles, current: &Quantiles) -> Result<(f64, f64), Undefined> {
    let distance = largest_difference(&DistributionFunctions::of(baseline, current)?)?;
    Ok((distance, chance(distance, baseline, current)?))
}

fn largest_difference(functions: &DistributionFunctions) -> Result<f64, Undefined> {
    finite(functions.steps().iter().map(|step| (step.baseline - step.current).abs()).fold(0.0, f64::max))
}

fn chance(distance: f64, baseline: &Quantiles, current: &Quantiles) -> Result<f64, Undefined> {
    let (n, m) = (baseline.n() as f64, current.n() as f64);
    let distance = (distance - rank_error(baseline) - rank_error(current)).max(0.0);
    let root = (n * m / (n + m)).sqrt();
    finite(kolmogorov_upper_tail((root + 0.12 + 0.11 / root) * distance))
}

/// How far a distribution function may be from that of the rows.
fn rank_error(quantiles: &Quantiles) -> f64 {
    let is_exact = quantiles.levels.iter().skip(1).all(Vec::is_empty);
    if is_exact { 0.0 } else { KllSketch::RANK_ERROR }
}

/// Where the two series of Kolmogorov's law need equally few terms.
const MIDDLE: f64 = 1.18;

/// The chance of a number of Kolmogorov's law above `x`: 2·Σ (−1)^(j−1)·exp(−2j²x²), and its other series for small x
/// (W. Feller, "On the Kolmogorov–Smirnov limit theorems for empirical distributions", The Annals of Mathematical
/// Statistics 19, 1948, p. 177).
fn kolmogorov_upper_tail(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x < MIDDLE {
        let term = |j: i32| (-f64::from((2 * j - 1).pow(2)) * PI * PI / (8.0 * x * x)).exp();
        return 1.0 - (2.0 * PI).sqrt() / x * (1..=4).map(term).sum::<f64>();
    }
    let term = |j: i32| f64::from(1 - 2 * ((j + 1) % 2)) * (-2.0 * f64::from(j * j) * x * x).exp();
    2.0 * (1..=6).map(term).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_the_tabulated_ones() {
        // scipy.special.kolmogorov
        for (x, expected) in [
            (0.3, 0.9999906941986655),
            (0.8, 0.5441424115741981),
            (1.0, 0.26999967167735456),
            (1.17, 0.12939004218561884),
            (1.19, 0.11774229287977166),
            (1.358, 0.05002679733444698),
            (2.0, 0.0006709252557796953),
        ] {
            let found = kolmogorov_upper_tail(x);
            assert!((found - expected).abs() < 1e-12, "{found} instead of {expected} above {x}");
        }
        assert_eq!(kolmogorov_upper_tail(0.0), 1.0);
    }
}
