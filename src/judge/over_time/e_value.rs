//! E-values: evidence against "nothing has changed" that adds up over windows, whatever the windows have in common.
//!
//! An e-value is a number of at least 0 whose mean is at most 1 where nothing has changed. The windows share one
//! baseline, so their p-values depend on one another, and e-values must not be multiplied. Their weighted sum is still
//! an e-value if the weights are at most 1 together, and as a sum of numbers that are not negative it only rises:
//! by Markov's inequality it is ever above 1/α with a chance of at most α, after however many windows one looks.

use std::f64::consts::E;

/// The least p-value that is told from 0; smaller ones would make infinite e-values.
const LEAST_P: f64 = 1e-300;

/// The largest sum that is kept: more says nothing more.
pub(super) const MAX: f64 = 1e300;

/// The e-value of a p-value: the mean of κ·p^(κ-1) over κ in 0…1, which is (1 - p + p·ln p) / (p·ln² p)
/// (V. Vovk, R. Wang, "E-values: calibration, combination and applications", Annals of Statistics 49, 2021, p. 1736).
pub(super) fn of_p_value(p: f64) -> f64 {
    let p = p.clamp(LEAST_P, 1.0);
    let log = p.ln();
    // At 1 both sides of the fraction vanish; the series there begins with 1/2 - ln p / 6.
    if log > -1e-4 { 0.5 - log / 6.0 } else { (1.0 - p + p * log) / (p * log * log) }
}

/// The weight of the e-value of the window of this number, from 1. All weights together are 1. They fall slowly, nearly
/// as 1 / (t·ln² t), so that a change after a year needs little more evidence than one after a day.
pub(super) fn weight(window: u64) -> f64 {
    let share = |t: f64| 1.0 / (t + E - 1.0).ln();
    let t = window.max(1) as f64;
    share(t) - share(t + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calibrator_is_the_integral() {
        for p in [1e-12, 1e-6, 0.001, 0.05, 0.3, 0.9, 0.99999, 1.0_f64] {
            let n = 200_000;
            let cell = |i: i32| (f64::from(i) + 0.5) / f64::from(n);
            let integral = (0..n).map(|i| cell(i) * p.powf(cell(i) - 1.0)).sum::<f64>() / f64::from(n);
            let found = of_p_value(p);
            assert!((found / integral - 1.0).abs() < 1e-6, "{p}: {found} instead of {integral}");
        }
        assert!(of_p_value(0.0).is_finite());
    }

    #[test]
    fn the_mean_over_uniform_p_values_is_one() {
        // With p = exp(-x) the mean is the integral of e(exp(-x))·exp(-x) over x from 0 on; what lies beyond x is 1/x.
        let n = 1_000_000;
        let (end, step) = (500.0, 500.0 / f64::from(n));
        let at = |i: i32| (f64::from(i) + 0.5) * step;
        let mean: f64 = (0..n).map(|i| of_p_value((-at(i)).exp()) * (-at(i)).exp() * step).sum();
        assert!((mean + 1.0 / end - 1.0).abs() < 1e-4, "{mean}");
    }

    #[test]
    fn all_weights_are_one_together() {
        let sum: f64 = (1..=1_000_000).map(weight).sum();
        let rest = 1.0 / (1_000_000.0 + E).ln();
        assert!((sum + rest - 1.0).abs() < 1e-9, "{sum}");
        assert!((1..1_000).all(|t| weight(t) > weight(t + 1) && weight(t) > 0.0));
    }
}
