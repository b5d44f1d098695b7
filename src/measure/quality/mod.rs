//! The quality of a model's predictions.

mod baseline;
mod result;

pub use baseline::{BaselineMetric, Calibration, CalibrationMap, Distribution, QualityBaseline};
pub use result::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Predictions, Quality};
