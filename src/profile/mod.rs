//! Profile: rows to statistics, the open summaries and their closed forms.
//!
//! Its words:
//! - *open* and *closed*: a summary is open while rows come, and is merged with others; closed, it is statistics
//!   that are compared and written, and takes in nothing more.
//! - *profile*: the statistics of a table's columns and the *ledger*, which accounts for every object and record.
//! - *outcome*: a prediction with its label; *facet*: a column whose values are the groups that bias is measured
//!   between; *attribution*: how much one feature moved one output for one row (SHAP).
//! - *tally*: a part of an open summary that counts one kind of thing.
//! - *row identity*: the place of a row in its object and the hash of its id. *Bottom-k samples* and the replicates
//!   of the *Poisson bootstrap* draw a row by that hash, so that they do not depend on how the data is split.
//! - *Not used* rows carry a reason; the summaries pass over them, and only the ledger counts them.

mod attributions;
mod cell;
mod column;
mod column_numbers;
mod domains;
mod facets;
mod feature_rows;
mod java_double;
mod ledger;
mod ledger_summary;
mod outcomes;
mod row_identity;
mod row_predictions;
mod statistics;
mod table;
mod table_parts;
mod table_profile;
mod table_segments;
mod table_windows;
mod text_cells;

#[cfg(test)]
mod tests;

pub use attributions::{
    Aggregation, AttributionSettings, AttributionStatistics, AttributionSummary, CapturedAttributionSummary,
    ExplainedOutput, ExplainedRow, FeatureAttribution, OutputAttributions, output_name,
};
pub use column::{ColumnSummary, MAX_CATEGORIES};
pub use domains::Domains;
#[cfg(test)]
pub(crate) use facets::tests::rows as facet_rows;
pub use facets::{
    BiasFault, ColumnKind, ConditionalLack, EightCounts, Facet, FacetSettings, FacetStatistics, FacetSummary,
    FlipCounts, FlipLack, GroupCounts, PairCounts, UNLABELLED, UNPREDICTED,
};
pub use feature_rows::{FeatureCells, FeatureRow, FeatureRows, FeatureRowsSummary};
pub use java_double::{java_double, name_of_not_finite, write_java_double};
pub use ledger::{Ledger, OTHER_VARIANTS, Sample};
pub use ledger_summary::LedgerSummary;
#[cfg(test)]
pub(crate) use outcomes::tests::rows as outcome_rows;
pub use outcomes::{
    BinaryCounts, Calibration, CalibrationMap, ClassMatrix, ClassTally, CurveStatistics, CurveSummary, Distribution,
    EMPTY_LABEL, EXACT, ExpectedBin, ExpectedClass, ExpectedCounts, HistogramBin, LabelledRows, LossCell, Losses,
    MAX_CLASSES, Meaning, MulticlassCounts, N_REPLICATES, N_SLOTS, N_SUBSAMPLES, OutcomeAccount, OutcomeCounts,
    OutcomeSettings, OutcomeStatistics, OutcomeSummary, PredictionSettings, PredictionStatistics, PredictionSummary,
    Problem, RegressionCounts, RegressionSums, ScoreCell, ScoreHistogram, Slots, TooManyClasses, UndecidedLabels,
    between, finite_number, score_rows, score_rows_schema, tenth_of,
};
pub use row_predictions::{Predicted, RowPredictions};
pub use statistics::{
    Category, ColumnStatistics, Detail, Kind, KindCounts, NumericStatistics, TableStatistics, Undefined,
};
pub use table::TableSummary;
pub use table_profile::Profile;
pub use table_segments::{MAX_SEGMENTS, Segment, Segments, TableSegments};
pub use table_windows::{Periods, TableWindows};
