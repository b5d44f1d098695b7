//! Finite numbers: a measure's value, or the reason that it is none.

use crate::profile::Undefined;

/// `x`, where it is a finite number.
pub fn finite(x: f64) -> Result<f64, Undefined> {
    if x.is_finite() { Ok(x) } else { Err(Undefined::NotFinite) }
}
