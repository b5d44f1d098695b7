//! Limits of AWS's distances from a period in which nothing was wrong, for a stated number of false alarms.

use statrs::distribution::{ContinuousCDF, Normal};

use super::significance::{MIN_ROWS, margin_of};
use crate::judge::chance::ALPHA;
use crate::judge::{Constraints, FeatureConstraints};
use crate::measure::FeatureMeasurements;
use crate::names::categorical_drift_method::L_INFINITY;
use crate::names::comparison_method::SIMPLE;
use crate::profile::Kind;

/// Fewest windows from which the limit of a column is derived.
pub const MIN_WINDOWS: usize = 24;

/// Mean and standard deviation of the absolute value of a standard normal number: √(2/π), √(1 - 2/π).
const HALF_NORMAL: (f64, f64) = (0.797_884_560_802_865_4, 0.602_810_274_989_086_9);

/// The chance with which the smallest change is found.
const POWER: f64 = 0.95;

/// How often alarms without a cause are accepted.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Alarms of the whole table without a cause, in a month.
    pub false_alarms: f64,
    /// Windows in a month.
    pub n_windows: f64,
}

/// What a healthy period says of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibratedLimit {
    pub feature: String,
    /// Windows in which the distance is known.
    pub n_windows: usize,
    /// The largest distance in them; `None` where there is none.
    pub largest: Option<f64>,
    /// The limit; `None` where there are too few windows.
    pub threshold: Option<f64>,
    /// The smallest change that the statistical verdict finds in a window of the usual size; `None` where windows are
    /// too small.
    pub smallest: Option<SmallestChange>,
}

/// A change that is found 95 times in 100.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallestChange {
    /// Of numbers: how far a normal number moves, in standard deviations. Of texts: how far the share of a category that
    /// half of the rows have moves.
    pub size: f64,
    pub is_share: bool,
}

/// The limits of the columns that are compared, each from its distances (AWS's simple ones, which nothing is subtracted
/// from) in the windows. `n_rows` is the usual number of rows in a window, `n_baseline` that of the baseline.
///
/// A distance that is the absolute value of a normal number exceeds its mean by k standard deviations with a chance that
/// gives k; the largest of the healthy windows is never beyond the limit.
pub fn calibrate(
    constraints: &Constraints,
    windows: &[&[FeatureMeasurements]],
    budget: Budget,
    (n_rows, n_baseline): (u64, u64),
) -> Vec<CalibratedLimit> {
    let features: Vec<&FeatureConstraints> =
        constraints.features.iter().filter(|feature| feature.config.perform_comparison).collect();
    let chance = budget.false_alarms / (budget.n_windows * features.len() as f64);
    let limit = |feature: &&FeatureConstraints| {
        let name =
            if feature.kind.is_numeric() { "numeric_l_infinity_simple" } else { "categorical_l_infinity_simple" };
        let of_window = |window: &&[FeatureMeasurements]| {
            let measured = window.iter().find(|measured| measured.feature == feature.name)?;
            measured.get(name)?.value.ok()
        };
        let distances: Vec<f64> = windows.iter().filter_map(of_window).collect();
        CalibratedLimit {
            feature: feature.name.clone(),
            n_windows: distances.len(),
            largest: distances.iter().copied().reduce(f64::max),
            threshold: threshold(&distances, chance),
            smallest: smallest_change(feature.kind, (n_rows, n_baseline), features.len()),
        }
    };
    features.iter().map(limit).collect()
}

/// The constraints with these limits: AWS's settings and no others, so that its containers read them, too.
pub fn with_limits(mut constraints: Constraints, limits: &[CalibratedLimit]) -> Constraints {
    for limit in limits {
        let feature = constraints.features.iter_mut().find(|feature| feature.name == limit.feature);
        if let (Some(feature), Some(threshold)) = (feature, limit.threshold) {
            feature.config.comparison_method = SIMPLE;
            feature.config.categorical_drift_method = L_INFINITY;
            if feature.kind.is_numeric() {
                feature.config.comparison_threshold = threshold;
            } else {
                feature.config.categorical_comparison_threshold = threshold;
            }
        }
    }
    constraints
}

/// The limit above which distances like these lie with this chance, rounded up to three digits behind the point.
fn threshold(distances: &[f64], chance: f64) -> Option<f64> {
    if distances.len() < MIN_WINDOWS {
        return None;
    }
    let n = distances.len() as f64;
    let mean = distances.iter().sum::<f64>() / n;
    let variance = distances.iter().map(|distance| (distance - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let k = (quantile(1.0 - chance / 2.0) - HALF_NORMAL.0) / HALF_NORMAL.1;
    let largest = distances.iter().copied().fold(0.0, f64::max);
    let threshold = largest.max(mean + k * variance.sqrt());
    Some((threshold * 1_000.0).ceil() / 1_000.0)
}

/// By Kolmogorov's and the normal law at the level that Holm's correction leaves the first of `n_columns` tests; the
/// other tests of a column are not counted.
fn smallest_change(kind: Kind, (n_rows, n_baseline): (u64, u64), n_columns: usize) -> Option<SmallestChange> {
    if n_rows.min(n_baseline) < MIN_ROWS {
        return None;
    }
    let level = ALPHA / n_columns as f64;
    let spread = (1.0 / n_rows as f64 + 1.0 / n_baseline as f64).sqrt();
    // A share, and the value of a distribution function, has at most the standard error of one half.
    let beyond = quantile(POWER) * 0.5 * spread;
    if !kind.is_numeric() {
        let share = (quantile(1.0 - level / 2.0) * 0.5 * spread).max(margin_of("total_variation_distance")?);
        return Some(SmallestChange { size: share + beyond, is_share: true });
    }
    let distance = ((2.0 / level).ln() / 2.0).sqrt() * spread;
    let distance = distance.max(margin_of("ks_statistic")?) + beyond;
    // The distance of two normal laws that lie δ apart is 2·Φ(δ/2) - 1.
    (distance < 1.0).then(|| SmallestChange { size: 2.0 * quantile((1.0 + distance) / 2.0), is_share: false })
}

/// The quantile of the standard normal law.
fn quantile(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::SplitMix;

    #[test]
    fn few_windows_have_no_limit_and_equal_ones_keep_theirs() {
        assert_eq!(threshold(&[0.125; MIN_WINDOWS - 1], 1e-3), None);
        assert_eq!(threshold(&[0.125; MIN_WINDOWS], 1e-3), Some(0.125));
    }

    #[test]
    fn the_limit_holds_its_chance_for_absolute_values_of_normal_numbers() {
        let mut random = SplitMix::new(7);
        let mut half_normal = || quantile(0.5 + random.share() / 2.0) * 0.01;
        let healthy: Vec<f64> = (0..5_000).map(|_| half_normal()).collect();
        // 5,000 numbers reach 0.0372, the quantile of 2e-4; that of 1e-4 is 0.0389.
        let limit = threshold(&healthy, 1e-4).expect("a limit");
        assert!((0.038..0.046).contains(&limit), "{limit}");
        let n_beyond = (0..100_000).filter(|_| half_normal() > limit).count();
        assert!(n_beyond <= 20, "{n_beyond}");
    }

    #[test]
    fn the_smallest_change_falls_with_the_rows() {
        let numbers = |n| smallest_change(Kind::Fractional, (n, 20_000), 40).map(|change| change.size);
        let texts = |n| smallest_change(Kind::String, (n, 20_000), 40).map(|change| change.size);
        assert_eq!((numbers(29), texts(29)), (None, None));
        let [small, large] = [200, 5_000].map(|n| (numbers(n).expect("a change"), texts(n).expect("a change")));
        assert!(small.0 > large.0 && small.1 > large.1, "{small:?} {large:?}");
        // √(ln(1,600)/2)·√(1/5,000 + 1/20,000) is below the margin of 0.05, to which 1.645/2·√(…) = 0.0130 is added.
        assert!((large.0 - 0.1581).abs() < 1e-3 && (large.1 - 0.0385).abs() < 1e-3, "{large:?}");
        assert!(numbers(30).is_some_and(|size| size > 1.0));
    }
}
