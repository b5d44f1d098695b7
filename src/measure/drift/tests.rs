//! Drift measures beside SciPy, by laws, and without any change.

mod calibration;
mod laws;
mod reference;
