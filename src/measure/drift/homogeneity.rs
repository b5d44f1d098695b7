//! Chi-squared test of homogeneity: whether the bins of both sides come from one distribution.
//!
//! Unlike a test of fit, it takes the baseline for the sample that it is.

use super::bins::{self, Bin, totals};
use super::chi_squared_statistic::{SMALL, statistic};
use super::comparison::Comparison;
use super::permutation;
use crate::measure::chi_squared::upper_tail;
use crate::profile::Undefined;

/// [`p_value`] of a column: of its different values, or, of many different numbers, of the bins of
/// [`Comparison::bins`]. Values with small expected counts are tested together.
pub(super) fn of_column(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    match values(sides)? {
        Some(bins) => p_value(&bins),
        None => p_value(sides.bins()?),
    }
}

/// [`p_value`] of the different numbers of a column whose baseline has few of them.
pub(super) fn of_few_numbers(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    p_value(&values(sides)?.ok_or(Undefined::HighCardinality)?)
}

fn values(sides: &Comparison<'_>) -> Result<Option<Vec<Bin>>, Undefined> {
    let is_small = |bin: Bin, (n, m): (f64, f64)| (bin.baseline + bin.current) * n.min(m) / (n + m) < SMALL;
    bins::of_values(sides.baseline, sides.current, is_small)
}

/// The chance of a larger or the same [`statistic`] where both sides come from one distribution, 0…1, by the
/// chi-squared law; where an expected count is below 5, by seeded permutation of the pooled rows
/// ([`permutation::p_value`]). 1 where all rows lie in one bin on both sides.
pub(super) fn p_value(bins: &[Bin]) -> Result<f64, Undefined> {
    let (n_baseline, n_current) = totals(bins);
    if n_baseline <= 0.0 || n_current <= 0.0 {
        return Err(Undefined::Empty);
    }
    if bins.len() < 2 {
        return Ok(1.0);
    }
    let smaller = n_baseline.min(n_current) / (n_baseline + n_current);
    if bins.iter().all(|bin| (bin.baseline + bin.current) * smaller >= SMALL) {
        upper_tail(statistic(bins), bins.len() - 1)
    } else {
        permutation::p_value(bins)
    }
}
