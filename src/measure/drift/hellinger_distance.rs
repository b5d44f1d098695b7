//! Hellinger distance of the bins of a column.

use super::bins::shares;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// √(½·Σ (√p − √q)²) over the shares p of the baseline and q of the current rows in the bins of [`Comparison::bins`].
/// Range 0…1.
///
/// Source: L. Le Cam, G. L. Yang, "Asymptotics in Statistics", 2nd edition, 2000, ch. 3.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let squares: f64 = shares(sides.bins()?).map(|(p, q)| (p.sqrt() - q.sqrt()).powi(2)).sum();
    finite((squares / 2.0).sqrt().min(1.0))
}
