//! Rows of predictions and labels to what the quality of a model is measured from.

mod binary;
mod bins;
mod calibration;
mod classes;
mod closed;
mod curve;
mod label;
mod matrix;
mod multiclass;
mod numbers;
mod predictions;
mod regression;
mod rows;
mod statistics;
mod summary;
mod weights;

#[cfg(test)]
pub(crate) mod tests;

pub use bins::tenth_of;
pub use calibration::{Calibration, CalibrationMap, Distribution, between};
pub use classes::{MAX_CLASSES, TooManyClasses};
pub use closed::{OutcomeAccount, OutcomeSettings, Problem};
pub use curve::{CurveSummary, score_rows, score_rows_schema};
pub use label::{Meaning, finite_number};
pub use predictions::{PredictionSettings, PredictionSummary};
pub(in crate::profile) use rows::{Place, text_at};
pub use statistics::{
    BinaryCounts, ClassMatrix, ClassTally, CurveStatistics, ExpectedBin, ExpectedClass, ExpectedCounts, HistogramBin,
    LossCell, Losses, MulticlassCounts, OutcomeCounts, OutcomeStatistics, PredictionStatistics, RegressionCounts,
    RegressionSums, ScoreCell, ScoreHistogram,
};
pub use summary::OutcomeSummary;
pub use weights::{EXACT, N_REPLICATES, N_SLOTS, N_SUBSAMPLES, Slots};
pub(in crate::profile) use weights::{Weights, mix};
