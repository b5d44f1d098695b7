//! Uncertainty of a statistic: standard error and percentile interval of its bootstrap replicates.
//!
//! B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13.

/// Probability on either side of every interval.
pub const TAIL: f64 = 0.025;
/// The normal law's quantile at 1 - [`TAIL`].
const NORMAL_QUANTILE: f64 = 1.959_963_984_540_054;
/// Of the replicates at least this share must have a value.
pub const MIN_DEFINED: f64 = 0.9;

/// How sure a value is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Uncertainty {
    pub standard_error: Option<f64>,
    /// 95 %.
    pub interval: Option<(f64, f64)>,
}

impl Uncertainty {
    /// By the normal law, within the range of the value.
    pub fn normal(value: f64, standard_error: f64, range: (f64, f64)) -> Self {
        if !(value.is_finite() && standard_error.is_finite()) {
            return Self::default();
        }
        let margin = NORMAL_QUANTILE * standard_error;
        let interval = ((value - margin).max(range.0), (value + margin).min(range.1));
        Self { standard_error: Some(standard_error), interval: Some(interval) }
    }

    /// Of `factor` times the magnitude of the value this is the uncertainty of.
    pub fn of_magnitude(self, factor: f64) -> Self {
        let fold = |(lower, upper): (f64, f64)| {
            let (a, b) = (lower.abs().min(upper.abs()), lower.abs().max(upper.abs()));
            let nearest = if lower <= 0.0 && upper >= 0.0 { 0.0 } else { a };
            (factor * nearest, factor * b)
        };
        Self { standard_error: self.standard_error.map(|error| factor * error), interval: self.interval.map(fold) }
    }
}

/// The 95 % percentile interval of sorted replicates; `None` where an end of it is infinite.
pub fn percentile_interval(sorted: &[f64]) -> Option<(f64, f64)> {
    let (lower, upper) = (quantile(sorted, TAIL), quantile(sorted, 1.0 - TAIL));
    (lower.is_finite() && upper.is_finite()).then_some((lower, upper))
}

/// Sample standard deviation; `None` of fewer than two values, and where it is no finite number.
pub fn deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    deviation.is_finite().then_some(deviation)
}

/// The value below which another replicate would lie with probability `level`, on straight lines
/// between sorted replicates (Hyndman and Fan, "Sample quantiles in statistical packages", The
/// American Statistician 50, 1996: definition 6). Never NaN of replicates that are not.
fn quantile(sorted: &[f64], level: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    let at = (level * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last);
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    // Two equal infinities have no difference, and nothing is a finite way above -∞.
    if below == above || below.is_infinite() { below } else { below + (above - below) * at.fract() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_on_straight_lines_between_replicates() {
        let up_to_999: Vec<f64> = (1..1_000).map(f64::from).collect();
        assert_eq!(percentile_interval(&up_to_999), Some((25.0, 975.0)));
        assert_eq!((quantile(&[1.0, 2.0, 4.0], 0.5), quantile(&[1.0, 2.0, 4.0], 0.625)), (2.0, 3.0));
        assert_eq!((quantile(&[3.0], 0.0), quantile(&[3.0], 1.0)), (3.0, 3.0));
    }

    #[test]
    fn infinite_replicates_have_infinite_quantiles_and_no_interval() {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        for (sorted, expected) in
            [([high, high, high], high), ([low, low, low], low), ([0.0, high, high], high), ([low, low, 0.0], low)]
        {
            assert_eq!(quantile(&sorted, 0.5), expected, "{sorted:?}");
            assert_eq!(percentile_interval(&sorted), None, "{sorted:?}");
        }
        assert_eq!((quantile(&[low, 0.0], 0.5), quantile(&[0.0, high], 0.5)), (low, high));
    }

    #[test]
    fn a_deviation_is_of_two_finite_values_at_least() {
        assert_eq!(deviation(&[1.0, 3.0]), Some(2f64.sqrt()));
        assert_eq!((deviation(&[]), deviation(&[1.0]), deviation(&[1.0, f64::INFINITY])), (None, None, None));
    }
}
