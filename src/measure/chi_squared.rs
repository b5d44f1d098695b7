//! Chi-squared distribution: the p-value of a statistic.

use statrs::function::gamma::checked_gamma_ur;

use super::finite::finite;
use crate::profile::Undefined;

/// P(X ≥ `statistic`): the regularised upper incomplete gamma function.
pub fn upper_tail(statistic: f64, degrees: usize) -> Result<f64, Undefined> {
    if statistic <= 0.0 {
        return Ok(1.0);
    }
    if statistic == f64::INFINITY {
        return Ok(0.0);
    }
    checked_gamma_ur(degrees as f64 / 2.0, statistic / 2.0).map_err(|_| Undefined::NotFinite).and_then(finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_the_tabulated_ones() {
        for (x, degrees, p) in
            [(3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (18.307038053275146, 10, 0.05)]
        {
            assert!((upper_tail(x, degrees).expect("a probability") - p).abs() < 1e-10);
        }
        assert_eq!(upper_tail(f64::INFINITY, 3), Ok(0.0));
    }
}
