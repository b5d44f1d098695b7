//! Jensen–Shannon distance of the bins of a column.

use super::bins::shares;
use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::measure::jensen_shannon;
use crate::profile::Undefined;

/// The root of the Jensen–Shannon divergence to base 2 between the shares of both sides in the bins of
/// [`Comparison::bins`]. Range 0…1. Where nothing changed, 8·ln 2·nm/(n+m) times its square follows about the
/// chi-squared law with one degree of freedom less than there are bins.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    finite(jensen_shannon::jensen_shannon_distance(shares(sides.bins()?)))
}
