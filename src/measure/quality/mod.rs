//! The quality of a model's predictions: values and their errors, estimates without labels, the baseline.

mod baseline;
mod calibrate;
mod drift;
mod estimate;
mod formulas;
mod interval;
mod result;
mod sample;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use crate::profile::{Calibration, CalibrationMap, Distribution};
pub use baseline::{BaselineMetric, QualityBaseline};
pub use estimate::{predictions, remember, watch};
pub(in crate::measure) use interval::quantile;
pub use result::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Predictions, Quality};
pub use table::{ALL, MetricKind, larger_is_better};
pub use value::measure;
