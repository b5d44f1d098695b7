//! Energy distance of two samples of numbers.

use super::comparison::Comparison;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// √(2·∫ (F(x) − G(x))² dx), from 0, in the square root of the numbers' unit.
///
/// Source: G. J. Székely, M. L. Rizzo, "Energy statistics: A class of statistics based on distances", Journal of
/// Statistical Planning and Inference 143, 2013, p. 1249; the root and the factor are those of SciPy.
pub(super) fn distance(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    finite((2.0 * sides.functions()?.integrate(|difference| difference * difference)).abs().sqrt())
}
