//! Groups of monitors, which tell whom a variable or setting means something to.

use crate::names::monitor::{ATTRIBUTION, BIAS, DATA_QUALITY, MERGE, MODEL_QUALITY};

pub const EVERY_MONITOR: &[&str] = &[DATA_QUALITY, MODEL_QUALITY, BIAS, ATTRIBUTION, MERGE];
/// Those that hold data against a baseline.
pub(super) const WITH_BASELINE: &[&str] = &[DATA_QUALITY, MODEL_QUALITY, BIAS, ATTRIBUTION];
/// Those that look at what the model answered.
pub(super) const WITH_PREDICTIONS: &[&str] = &[MODEL_QUALITY, BIAS, ATTRIBUTION];
/// Those that join captures with ground truth.
pub(super) const WITH_GROUND_TRUTH: &[&str] = &[MODEL_QUALITY, BIAS, MERGE];
