//! Tails, the correction for many tests, and numbers as sentences tell them.

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::erfc;

use crate::profile::java_double;

/// The chance of any false alarm in one run.
pub const ALPHA: f64 = 0.05;

/// Smallest p-value that a sentence tells.
const SMALLEST_TOLD: f64 = 1e-4;

/// Above it, Student's law is the normal law: tails down to one in a million then differ by 2 % of themselves.
const MAX_FREEDOM: f64 = 1e4;

/// The chance of a standard normal number above `z`.
pub(super) fn upper_tail(z: f64) -> f64 {
    erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// The chance of a number of Student's law with `freedom` degrees of freedom above `t`.
pub(super) fn student_upper_tail(t: f64, freedom: f64) -> f64 {
    if freedom > MAX_FREEDOM || !t.is_finite() {
        return upper_tail(t);
    }
    // M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, 26.7.1.
    let both = checked_beta_reg(freedom / 2.0, 0.5, freedom / (freedom + t * t)).unwrap_or(f64::NAN);
    if t >= 0.0 { both / 2.0 } else { 1.0 - both / 2.0 }
}

/// Corrects p-values, in their order, so that the chance of any false alarm is held, whatever the
/// tests have to do with one another (S. Holm, "A simple sequentially rejective multiple test
/// procedure", Scandinavian Journal of Statistics 6, 1979, p. 67).
pub(super) fn holm(p_values: &[f64]) -> Vec<f64> {
    weighted_holm(p_values, &vec![1.0; p_values.len()])
}

/// The same for tests of these weights, above 0: one of twice the weight may err twice as often (Holm, p. 69, section 5).
pub(super) fn weighted_holm(p_values: &[f64], weights: &[f64]) -> Vec<f64> {
    let weighted: Vec<f64> = p_values.iter().zip(weights).map(|(p, weight)| p / weight).collect();
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    places.sort_by(|&a, &b| weighted[a].total_cmp(&weighted[b]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut rest: f64 = weights.iter().sum();
    let mut reached = 0.0_f64;
    for place in places {
        reached = reached.max((weighted[place] * rest).min(1.0));
        corrected[place] = reached;
        rest -= weights[place];
    }
    corrected
}

/// Corrects p-values, in their order, so that of the alarms no larger share than [`ALPHA`] is false on average;
/// where nothing has changed, that is the chance of any alarm (Y. Benjamini, Y. Hochberg, "Controlling the false
/// discovery rate", Journal of the Royal Statistical Society B 57, 1995, p. 293).
pub(super) fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut places: Vec<usize> = (0..p_values.len()).collect();
    places.sort_by(|&a, &b| p_values[b].total_cmp(&p_values[a]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut reached = 1.0_f64;
    for (above, place) in places.into_iter().enumerate() {
        let rank = p_values.len() - above;
        reached = reached.min(p_values[place] * p_values.len() as f64 / rank as f64);
        corrected[place] = reached;
    }
    corrected
}

/// A number for a sentence: four significant digits.
pub(super) fn told(value: f64) -> String {
    java_double(rounded(value, 4))
}

/// A p-value for a sentence.
pub fn told_p(p: Option<f64>) -> String {
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
    use serde_json::Value;

    use super::*;

    const EXPECTED: &str = include_str!("../../tests/expected_values/attribution.json");

    #[test]
    fn holms_steps_never_fall() {
        assert_eq!(holm(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
        assert_eq!(holm(&[0.9, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn holms_steps_with_weights() {
        // 0.01 · 3 / 2 and then 0.02 · 1 / 1; with the weights the other way round 0.02 · 3 / 2 comes last.
        assert_eq!(weighted_holm(&[0.01, 0.02], &[2.0, 1.0]), [0.015, 0.02]);
        assert_eq!(weighted_holm(&[0.01, 0.02], &[1.0, 2.0]), [0.03, 0.03]);
        let p_values = [0.01, 0.04, 0.03, 0.005];
        assert_eq!(weighted_holm(&p_values, &[0.25; 4]), holm(&p_values));
    }

    #[test]
    fn benjamini_and_hochbergs_steps_never_fall() {
        let corrected = benjamini_hochberg(&[0.005, 0.04, 0.025, 0.01, 0.9]);
        // 0.005 · 5 / 1 and 0.01 · 5 / 2 are equal; then 0.025 · 5 / 3, 0.04 · 5 / 4.
        for (found, expected) in corrected.iter().zip([0.025, 0.05, 0.125 / 3.0, 0.025, 0.9]) {
            assert!((found - expected).abs() < 1e-15, "{found} instead of {expected}");
        }
        assert_eq!(benjamini_hochberg(&[0.05, 0.04]), [0.05, 0.05]);
        assert_eq!(benjamini_hochberg(&[0.9, 0.95]), [0.95, 0.95]);
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    #[test]
    fn students_tails_are_those_of_scipy() {
        let expected: Value = serde_json::from_str(EXPECTED).expect("the expected values");
        let tails = expected["student_tails"].as_array().expect("tails");
        assert!(tails.len() > 50);
        for tail in tails {
            let [t, freedom, p] = [0, 1, 2].map(|i| tail[i].as_f64().expect("a number"));
            let found = student_upper_tail(t, freedom);
            let tolerance = if freedom > MAX_FREEDOM { 0.02 } else { 1e-9 };
            assert!((found - p).abs() <= tolerance * p, "{found} instead of {p} above {t}, {freedom} degrees");
        }
        assert_eq!(student_upper_tail(f64::INFINITY, 30.0), 0.0);
        assert_eq!(student_upper_tail(f64::NEG_INFINITY, 30.0), 1.0);
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
