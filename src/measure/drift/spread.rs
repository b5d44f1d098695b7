//! The baseline's standard deviation as a unit.

use super::comparison::Comparison;
use super::distributions::numbers;
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// `distance` in population standard deviations of the baseline; undefined where it does not vary.
pub(super) fn in_standard_deviations(sides: &Comparison<'_>, distance: f64) -> Result<f64, Undefined> {
    let (baseline, _) = numbers(sides.baseline, sides.current)?;
    if baseline.std_dev == 0.0 { Err(Undefined::NoSpread) } else { finite(distance / baseline.std_dev) }
}
