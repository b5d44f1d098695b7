//! Total variation distance of the bins of a column.

use super::bins::shares;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// ½·Σ |p − q| over the shares p of the baseline and q of the current rows in the bins of [`Comparison::bins`]: the
/// share of rows that would have to move to another bin. Range 0…1.
///
/// Source: D. A. Levin, Y. Peres, "Markov Chains and Mixing Times", 2nd edition, 2017, proposition 4.2.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let differences: f64 = shares(sides.bins()?).map(|(p, q)| (p - q).abs()).sum();
    finite((differences / 2.0).min(1.0))
}
