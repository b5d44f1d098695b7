//! Outcomes: rows of predictions and labels to what the quality of a model is measured from.

mod binary;
mod bootstrap;
mod calibration;
mod classes;
mod confusion_matrix;
mod curve;
mod histogram;
mod label;
mod labelled_rows;
mod multiclass;
mod outcome_account;
mod outcome_rows;
mod predictions;
mod regression;
mod score_bins;
mod settings;
mod statistics;
mod summary;

#[cfg(test)]
pub(crate) mod tests;

pub(in crate::profile) use bootstrap::BootstrapWeights;
pub use bootstrap::{EXACT, N_REPLICATES, N_SLOTS, N_SUBSAMPLES, Slots};
pub use calibration::{Calibration, CalibrationMap, Distribution, between};
pub use classes::{MAX_CLASSES, TooManyClasses};
pub use curve::{CurveSummary, score_rows, score_rows_schema};
pub use label::{Meaning, finite_number};
pub use labelled_rows::LabelledRows;
pub use outcome_account::{EMPTY_LABEL, OutcomeAccount};
pub use predictions::{PredictionSettings, PredictionSummary};
pub use score_bins::tenth_of;
pub use settings::{OutcomeSettings, Problem};
pub use statistics::{
    BinaryCounts, ClassMatrix, ClassTally, CurveStatistics, ExpectedBin, ExpectedClass, ExpectedCounts, HistogramBin,
    LossCell, Losses, MulticlassCounts, OutcomeCounts, OutcomeStatistics, PredictionStatistics, RegressionCounts,
    RegressionSums, ScoreCell, ScoreHistogram,
};
pub use summary::{OutcomeSummary, UndecidedLabels};
