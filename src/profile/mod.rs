//! Rows to statistics: the open profile and its closed form.

mod attributions;
mod cell;
mod column;
mod domains;
mod facets;
mod feature_rows;
mod java_double;
mod ledger;
mod ledger_summary;
mod numbers;
mod outcomes;
mod statistics;
mod table;
mod whole;

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
    BiasFault, ConditionalLack, EightCounts, Facet, FacetSettings, FacetStatistics, FacetSummary, FlipCounts, FlipLack,
    GroupCounts, PairCounts,
};
pub use feature_rows::{FeatureCells, FeatureRow, FeatureRows, FeatureRowsSummary};
pub use java_double::{java_double, name_of_not_finite, write_java_double};
pub use ledger::{Ledger, Sample};
pub use ledger_summary::LedgerSummary;
#[cfg(test)]
pub(crate) use outcomes::tests::rows as outcome_rows;
pub use outcomes::{
    BinaryCounts, Calibration, CalibrationMap, ClassMatrix, ClassTally, CurveStatistics, CurveSummary, Distribution,
    EXACT, ExpectedBin, ExpectedClass, ExpectedCounts, HistogramBin, LossCell, Losses, MAX_CLASSES, Meaning,
    MulticlassCounts, N_REPLICATES, N_SLOTS, N_SUBSAMPLES, OutcomeAccount, OutcomeCounts, OutcomeSettings,
    OutcomeStatistics, OutcomeSummary, PredictionSettings, PredictionStatistics, PredictionSummary, Problem,
    RegressionCounts, RegressionSums, ScoreCell, ScoreHistogram, Slots, TooManyClasses, between, finite_number,
    score_rows, score_rows_schema, tenth_of,
};
pub use statistics::{
    Category, ColumnStatistics, Detail, Kind, KindCounts, NumericStatistics, TableStatistics, Undefined,
};
pub use table::TableSummary;
pub use whole::Profile;
