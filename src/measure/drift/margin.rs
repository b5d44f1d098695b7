//! Two-sample margin: the correction of a distance for sample size.

/// Factor of the two-sample margin at a significance of 0.003: Knuth, TAOCP volume 2 (3rd edition,
/// 1997), section 3.3.1, equation 15; `Distance.scala` of awslabs/deequ (Apache-2.0).
const FACTOR: f64 = 1.8;

/// What is taken off a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Margin {
    /// Nothing ("Simple").
    None,
    /// The two-sample Kolmogorov–Smirnov margin 1.8·√((n+m)/(n·m)) ("Robust"); never below zero.
    TwoSample,
}

impl Margin {
    /// The distance between samples of `n` and `m`, corrected.
    pub fn correct(self, distance: f64, n: f64, m: f64) -> f64 {
        match self {
            Self::None => distance,
            Self::TwoSample => (distance - FACTOR * ((n + m) / (n * m)).sqrt()).max(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_robust_distances_come_out_to_the_last_digit() {
        for (d_times_nm, n, m, published) in [
            (6376.0, 233.0, 64.0, 0.17354640931273702),
            (5056.0, 215.0, 57.0, 0.14440240796849557),
            (11215.0, 303.0, 119.0, 0.11630482464065406),
            (5957.0, 233.0, 72.0, 0.11238588915222741),
        ] {
            let distance: f64 = Margin::TwoSample.correct(d_times_nm / (n * m), n, m);
            assert!((distance - published).abs() <= 2e-16, "{distance} for {published}");
        }
    }

    #[test]
    fn small_distances_become_zero() {
        assert_eq!(Margin::TwoSample.correct(0.1, 50.0, 50.0), 0.0);
        assert_eq!(Margin::None.correct(0.1, 50.0, 50.0), 0.1);
    }
}
