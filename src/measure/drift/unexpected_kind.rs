//! Unexpected kinds: cells that cannot be of the kind that all cells of the baseline have.

use super::comparison::Comparison;
use super::only_current;
use crate::measure::finite::finite;
use crate::profile::{Kind, KindCounts, Undefined};

/// Current cells that are no integers where all of the baseline's are, or no numbers where all of the baseline's are,
/// of those that are not missing, in 0…1. Undefined of a baseline with texts, where none is unexpected.
pub(super) fn share(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let n = sides.current.n_present;
    let n_unexpected = n_unexpected(sides)?;
    if n > 0 { finite(n_unexpected as f64 / n as f64) } else { Err(Undefined::Empty) }
}

/// The chance that so many cells are all current ones where nothing changed, 0…1.
pub(super) fn p_value(sides: &Comparison<'_>) -> Result<f64, Undefined> {
    let (baseline, current) = (sides.baseline.n_present, sides.current.n_present);
    if baseline == 0 || current == 0 {
        return Err(Undefined::Empty);
    }
    finite(only_current::chance(n_unexpected(sides)?, baseline, current))
}

fn n_unexpected(sides: &Comparison<'_>) -> Result<u64, Undefined> {
    let KindCounts { fractional, boolean, string, .. } = sides.current.kind_counts.ok_or(Undefined::NotCounted)?;
    match sides.baseline.kind {
        Kind::Integral => Ok(fractional + boolean + string),
        Kind::Fractional => Ok(boolean + string),
        Kind::String => Err(Undefined::KindMismatch),
        Kind::Unknown => Err(Undefined::Empty),
    }
}
