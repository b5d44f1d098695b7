//! How differently a model treats groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Inputs, Ledger};

/// Everything that was measured and how it was judged.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bias {
    /// Null when no labelled row was seen.
    pub label: Option<String>,
    /// The positive labels.
    pub label_value_or_threshold: Option<String>,
    /// Rows in the counts.
    pub n: u64,
    /// Rows that count as not sensitive or not positive because something is missing, by reason.
    pub missing: BTreeMap<String, u64>,
    /// Columns of whole numbers with so many different values that their number was estimated. It decides
    /// whether they are categories or quantities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub estimated: Vec<String>,
    /// Datasets that were joined with the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<BiasSideTable>,
    /// Of the predictions.
    pub post_training: Vec<BiasGroup>,
    /// Of the labels.
    pub pre_training: Vec<BiasGroup>,
    /// Rows of two groups at once against all others, where there are 30 and more.
    #[serde(default)]
    pub intersections: Vec<BiasIntersection>,
    /// Rates of the model over all rows, as Clarify calls them; empty without predictions.
    #[serde(default)]
    pub performance: Vec<BiasRate>,
}

/// A side table: a dataset that was joined with the main one. Rows that have no row there are in no count.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasSideTable {
    /// `facets` or `predicted_labels`.
    pub holds: String,
    /// `identifier` or `position`.
    pub by: String,
    pub source: String,
    pub inputs: Inputs,
    pub ledger: Ledger,
    /// Of the main dataset.
    pub rows: MatchedRows,
    /// Of the joined dataset.
    pub joined_rows: UsedRows,
}

/// `seen` = `matched` + `without_row` + `without_identifier`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct MatchedRows {
    pub seen: u64,
    pub matched: u64,
    pub without_row: u64,
    pub without_identifier: u64,
}

/// `seen` = `used` + `unused` + `without_identifier`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct UsedRows {
    pub seen: u64,
    /// They belong to one row of the main dataset or several.
    pub used: u64,
    pub unused: u64,
    pub without_identifier: u64,
}

/// The rows that two groups have in common.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasIntersection {
    /// `facet = value`, twice.
    pub groups: Vec<String>,
    pub n: u64,
    pub metrics: Vec<BiasRate>,
}

/// One number; null where it cannot be computed or is infinite.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasRate {
    pub metric: String,
    pub value: Option<f64>,
}

impl BiasRate {
    pub fn of(metric: &str, value: Option<&f64>) -> Self {
        Self { metric: metric.to_owned(), value: value.copied().filter(|value| value.is_finite()) }
    }
}

/// One group against all other rows.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasGroup {
    pub facet: String,
    /// As the configuration writes the group.
    pub facet_value: String,
    /// As analysis.json does: of a threshold, with the largest value of this run.
    pub value_or_threshold: String,
    /// Whether the baseline knows the group; null in a baseline job.
    pub in_baseline: Option<bool>,
    /// Share of all rows that are of the group; null without rows.
    #[serde(default)]
    pub proportion: Option<f64>,
    /// Shares of positive and negative labels in the group; null when it is empty.
    #[serde(default)]
    pub observed_label_distribution: Option<[f64; 2]>,
    /// Shares of true positives, false positives, false negatives and true negatives in the group; null when it
    /// is empty, and without predictions.
    #[serde(default)]
    pub confusion_matrix: Option<[f64; 4]>,
    pub group: GroupCounts,
    pub rest: GroupCounts,
    pub metrics: Vec<BiasMetric>,
}

/// Rows on one side.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct GroupCounts {
    pub n: u64,
    /// Positive labels.
    pub positives: u64,
    /// Null without predictions.
    pub predicted_positives: Option<u64>,
    /// Positive labels that are predicted; null without predictions.
    pub true_positives: Option<u64>,
}

/// One metric and both verdicts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasMetric {
    /// Short name: `DPL`.
    pub metric: String,
    pub description: String,
    pub value: Option<f64>,
    /// Why `value` is null: AWS's text, or that it is infinite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub standard_error: Option<f64>,
    /// 95 %.
    pub interval: Option<[f64; 2]>,
    /// The baseline's value; null where there is none, or an infinite one.
    pub baseline: Option<f64>,
    /// AWS's verdict; null where nothing was judged.
    pub violated: Option<bool>,
    /// The statistical verdict; null where nothing was tested.
    pub test: Option<BiasTest>,
}

/// The statistical verdict on one metric of one group.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BiasTest {
    /// `violated`, `held` or `insufficient_data`.
    pub outcome: String,
    /// On which the following numbers stand: `value`, or `log_quotient`, where twice as many is as
    /// unfair as half as many.
    pub scale: String,
    /// Distance from perfect fairness.
    pub unfairness: Option<f64>,
    pub standard_error: Option<f64>,
    pub baseline_unfairness: Option<f64>,
    /// Null where the baseline's value was taken as exact.
    pub baseline_standard_error: Option<f64>,
    /// Null where the baseline does not tell.
    pub baseline_n: Option<u64>,
    /// How much less fair than the baseline; negative when fairer.
    pub effect: Option<f64>,
    pub p: Option<f64>,
    /// Corrected for the number of tests.
    pub p_adjusted: Option<f64>,
}
