//! The quality of a model's predictions.

mod baseline;
mod result;

pub use crate::profile::{Calibration, CalibrationMap, Distribution};
pub use baseline::{BaselineMetric, QualityBaseline};
pub use result::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Predictions, Quality};
