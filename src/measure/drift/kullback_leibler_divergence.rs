//! Kullback–Leibler divergence of the bins of a column.

use super::bins::shares;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// Σ q·ln(q/p) over the shares p of the baseline and q of the current rows in the bins of [`Comparison::bins`], in
/// nats. From 0; infinite, and so not computed, where current rows lie in a bin without any of the baseline.
///
/// Source: S. Kullback, R. A. Leibler, "On information and sufficiency", The Annals of Mathematical Statistics 22,
/// 1951, p. 79.
pub(super) fn divergence(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let term = |(p, q): (f64, f64)| if q > 0.0 { q * (q / p).ln() } else { 0.0 };
    finite(shares(sides.bins()?).map(term).sum::<f64>().max(0.0))
}
