//! Groups of monitors, which tell whom a variable or setting means something to.

use crate::names::Monitor;
use crate::names::Monitor::{Attribution, Bias, DataQuality, Merge, ModelQuality};

pub(super) const EVERY_MONITOR: &[Monitor] = &Monitor::ALL;
/// Those that hold data against a baseline.
pub(super) const WITH_BASELINE: &[Monitor] = &[DataQuality, ModelQuality, Bias, Attribution];
/// Those that look at what the model answered.
pub(super) const WITH_PREDICTIONS: &[Monitor] = &[ModelQuality, Bias, Attribution];
/// Those that join captures with ground truth.
pub(super) const WITH_GROUND_TRUTH: &[Monitor] = &[ModelQuality, Bias, Merge];
/// Those that may ask the model.
pub(super) const WITH_MODEL: &[Monitor] = &[Bias, Attribution];
