//! Fit: whether an explanation makes the current side of a column the baseline's again.

use crate::measure::drift::{self, Comparison, kolmogorov_smirnov};
use crate::profile::ColumnStatistics;
use crate::sketch::Quantiles;

/// The distance by which a column is judged, of numbers and of categories.
const DISTANCE: [&str; 2] = ["ks_statistic", "total_variation_distance"];
/// How likely it is where nothing changed.
const P_VALUE: [&str; 2] = ["ks_p_value", "chi_squared_homogeneity_p_value"];
/// Least p-value of a difference that chance explains.
const CHANCE: f64 = 0.01;
/// What an explanation may leave of a distance at most, as a share of it, where chance explains the rest.
const MOST_LEFT: f64 = 0.25;
/// What it may leave where chance does not explain it: in large samples, every other small change is beyond chance.
const SMALL_PART: f64 = 0.1;
/// A second explanation is worse than the first where it leaves more than so many times as much.
const WORSE: f64 = 3.0;

/// A distance before and after an explanation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub before: f64,
    pub after: f64,
    is_chance: bool,
}

impl Fit {
    /// Of two columns of the same kind after an explanation, where it explains the distance before.
    pub fn of_columns(before: f64, baseline: &ColumnStatistics, explained: &ColumnStatistics) -> Option<Self> {
        let sides = Comparison::new(baseline, explained);
        Self::of(before, measured(&sides, DISTANCE)?, || measured(&sides, P_VALUE))
    }

    /// Of numbers after an explanation.
    pub fn of_numbers(before: f64, baseline: &Quantiles, explained: &Quantiles) -> Option<Self> {
        let (after, p) = kolmogorov_smirnov(baseline, explained).ok()?;
        Self::of(before, after, || Some(p))
    }

    fn of(before: f64, after: f64, p: impl FnOnce() -> Option<f64>) -> Option<Self> {
        if after > before * MOST_LEFT {
            return None;
        }
        let is_chance = p().is_some_and(|p| p >= CHANCE);
        (is_chance || after <= before * SMALL_PART).then_some(Self { before, after, is_chance })
    }

    /// Whether another explanation is clearly worse.
    pub fn excludes(&self, other: &Self) -> bool {
        !other.is_chance && other.after > WORSE * self.after
    }
}

/// The distance of two columns that the tests judge by: of numbers that of the distribution functions, of categories
/// the cells that would have to move. `None` where they cannot be compared.
pub(super) fn distance(baseline: &ColumnStatistics, current: &ColumnStatistics) -> Option<f64> {
    measured(&Comparison::new(baseline, current), DISTANCE)
}

/// How far two samples of numbers are from one another, and whether chance explains it.
pub(super) fn difference(baseline: &Quantiles, current: &Quantiles) -> Option<(f64, bool)> {
    kolmogorov_smirnov(baseline, current).ok().map(|(distance, p)| (distance, p >= CHANCE))
}

/// Whether chance explains the difference of two samples of numbers.
pub(super) fn is_chance(baseline: &Quantiles, current: &Quantiles) -> bool {
    difference(baseline, current).is_some_and(|(_, is_chance)| is_chance)
}

/// The measure that suits the column's kind, by its names of numbers and of categories.
fn measured(sides: &Comparison<'_>, [of_numbers, of_categories]: [&str; 2]) -> Option<f64> {
    let name = if sides.current.kind.is_numeric() { of_numbers } else { of_categories };
    drift::ALL.iter().find(|measure| measure.name == name)?.of(sides).ok()
}
