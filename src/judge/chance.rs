//! Tails, the correction for many tests, and numbers as sentences tell them.

use statrs::function::erf::erfc;

use crate::profile::java_double;

/// The chance of any false alarm in one run.
pub const ALPHA: f64 = 0.05;

/// Smallest p-value that a sentence tells.
const SMALLEST_TOLD: f64 = 1e-4;

/// The chance of a standard normal number above `z`.
pub(super) fn upper_tail(z: f64) -> f64 {
    erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// Corrects p-values, in their order, so that the chance of any false alarm is held, whatever the
/// tests have to do with one another (S. Holm, "A simple sequentially rejective multiple test
/// procedure", Scandinavian Journal of Statistics 6, 1979, p. 67).
pub(super) fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    places.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut reached = 0.0_f64;
    for (rank, place) in places.into_iter().enumerate() {
        reached = reached.max((p_values[place] * (p_values.len() - rank) as f64).min(1.0));
        corrected[place] = reached;
    }
    corrected
}

/// A number for a sentence: four significant digits.
pub(super) fn told(value: f64) -> String {
    java_double(rounded(value, 4))
}

/// A p-value for a sentence.
pub(super) fn told_p(p: Option<f64>) -> String {
    match p {
        Some(p) if p >= SMALLEST_TOLD => rounded(p, 2).to_string(),
        _ => format!("below {SMALLEST_TOLD}"),
    }
}

/// `value` with so many significant digits.
fn rounded(value: f64, n_digits: usize) -> f64 {
    format!("{value:.*e}", n_digits - 1).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holms_steps_never_fall() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
        assert_eq!(holm(&[0.9, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn sentences_tell_few_digits() {
        assert_eq!(
            (told(0.123_456), told(-3.0), told(f64::INFINITY)),
            ("0.1235".into(), "-3.0".into(), "Infinity".into())
        );
        assert_eq!((told_p(Some(0.0123)), told_p(Some(1e-9))), ("0.012".into(), "below 0.0001".into()));
    }
}
