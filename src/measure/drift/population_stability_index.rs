//! Population stability index of the bins of a column.

use super::bins::shares;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// Σ (q − p)·ln(q/p) over the shares p of the baseline and q of the current rows in the bins of
/// [`Comparison::bins`]. From 0; infinite, and so not computed, where a bin is filled on one side only: nothing is
/// added to empty bins. Where nothing changed, nm/(n+m) times it follows about the chi-squared law with one degree of
/// freedom less than there are bins.
///
/// Source: B. Yurdakul, J. Naranjo, "Statistical properties of the population stability index", Journal of Risk Model
/// Validation 14, 2020.
pub(super) fn index(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    finite(shares(sides.bins()?).map(|(p, q)| (q - p) * (q / p).ln()).sum())
}
