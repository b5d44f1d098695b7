//! Drift measures beside SciPy, by laws, and without any change.

mod calibration;
pub(super) mod examples;
mod laws;
mod reference;
