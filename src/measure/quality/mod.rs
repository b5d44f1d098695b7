//! Model quality: metrics of predictions and their errors, estimates without labels, the baseline.

mod baseline;
mod calibration;
mod estimate;
mod formulas;
mod interval;
mod metric;
mod prediction_drift;
mod result;
mod sample;
mod score_agreement;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use crate::profile::{Calibration, CalibrationMap, Distribution};
pub use baseline::{BaselineMetric, QualityBaseline};
pub use estimate::{predictions, remember, watch};
pub use metric::{Limit, MetricKind, Relation};
pub use result::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Predictions, Quality};
pub use score_agreement::{Contradiction, contradiction};
pub use table::{ALL, named};
pub use value::measure;
