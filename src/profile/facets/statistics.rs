//! Closed facet statistics: the counts of every group that metrics of bias are computed from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::fault::BiasFault;
use super::settings::FacetSettings;

/// Word for rows that are left out since their label says nothing.
pub const UNLABELLED: &str = "unlabelled";
/// Word for rows that are left out since they have no prediction.
pub const UNPREDICTED: &str = "unpredicted";

/// Rows of a dataset by sensitive group (1) or not (0), positive label, positive prediction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EightCounts {
    /// `n[is_sensitive][is_positive][is_predicted_positive]`; without predictions all are predicted negative.
    pub n: [[[u64; 2]; 2]; 2],
    pub has_predictions: bool,
}

impl EightCounts {
    /// All rows.
    pub fn total(&self) -> u64 {
        self.n.as_flattened().as_flattened().iter().sum()
    }

    /// Rows of the sensitive group (1) or of all others (0).
    pub fn n_of_side(&self, is_sensitive: bool) -> u64 {
        self.n[usize::from(is_sensitive)].as_flattened().iter().sum()
    }

    pub(super) fn add(&mut self, row: Selected, n: u64) {
        self.n[usize::from(row.is_sensitive)][usize::from(row.is_positive)][usize::from(row.is_predicted)] += n;
    }
}

/// What the configuration makes of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selected {
    pub is_sensitive: bool,
    pub is_positive: bool,
    pub is_predicted: bool,
}

/// What is counted of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetStatistics {
    pub settings: Arc<FacetSettings>,
    /// Rows in the counts.
    pub n: u64,
    /// Rows whose `facet`, `label` or `prediction` is missing: they are in the counts, as not sensitive,
    /// not positive. A row without several facets counts as often under `facet`. Under `unlabelled` and `unpredicted`
    /// rows that are not in the counts, since their label or prediction stands for a missing value.
    pub n_missing: BTreeMap<&'static str, u64>,
    /// The positive labels as reports write them.
    pub label_value_or_threshold: String,
    /// How many different labels there are, 100 at most, where none is positive and they are other words than the
    /// configured ones: text where these are numbers, or the same in other letters.
    pub n_other_labels: Option<usize>,
    /// In the order of the facets, groups of one facet in the order of appearance.
    pub groups: Vec<GroupCounts>,
    /// Why there are no counts by prediction though predictions were expected, or that none is positive.
    pub prediction_fault: Option<BiasFault>,
    /// Columns whose distinct values were estimated since there are too many to be kept; they decided
    /// whether the column is one of categories.
    pub estimated: Vec<String>,
    /// Columns of whole numbers that are quantities, not categories, only because cells are missing.
    pub numbers_by_gaps: Vec<String>,
    /// Columns for which several values are configured and some occur in no row, with those that do not.
    pub absent_values: Vec<(String, Vec<String>)>,
    /// Rows by pairs of facets.
    pub pairs: Vec<PairCounts>,
}

/// Counts of one group against all other rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupCounts {
    pub facet: String,
    /// As the configuration writes the group; of a facet without values, the value.
    pub facet_value: String,
    /// As reports write the group: `F`, `a,b`, `(40, 90]`.
    pub value_or_threshold: String,
    pub counts: EightCounts,
    /// The counts for each value of the group variable, in the values' order; rows without one are left out.
    pub conditional: Result<Vec<EightCounts>, ConditionalLack>,
    /// What the flip test found; `None` without predictions.
    pub flips: Option<Result<FlipCounts, FlipLack>>,
}

/// Rows by two groups, each of another facet.
#[derive(Clone, Debug, PartialEq)]
pub struct PairCounts {
    /// Places in [`FacetStatistics::groups`].
    pub groups: [usize; 2],
    /// Rows of both groups against all others.
    pub counts: EightCounts,
}

/// Why there are no counts by the group variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionalLack {
    /// It is not told, or not in the data.
    NoVariable,
    /// It has more values than are kept.
    TooManyValues,
}

/// Rows of the sensitive group whose nearest neighbours among all other rows are predicted otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlipCounts {
    /// Sensitive rows looked at.
    pub n_sensitive: u64,
    /// Other rows that neighbours are looked for among.
    pub n_rest: u64,
    /// Rows predicted positive whose neighbours are not.
    pub n_favoured: u64,
    /// Rows not predicted positive whose neighbours are.
    pub n_harmed: u64,
    /// By how much each other row sways the test, summed up: how many more rows would be favoured, less
    /// those harmed, if it were not there.
    pub sway: i64,
    /// The sum of its squares.
    pub squared_sway: u64,
    /// Whether rows were drawn; else these are all.
    pub is_sample: bool,
}

/// Why there is no flip test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlipLack {
    NotNumeric,
    NoFeatures,
    Missing,
    NotFinite,
    /// There are no rows on one side, or none of it were drawn.
    NoRows,
}

impl fmt::Display for FlipLack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotNumeric => "FlipTest does not support non-numeric columns",
            Self::NoFeatures => "FlipTest has no features to compare rows by",
            Self::Missing => "Input X contains NaN.",
            Self::NotFinite => "Input X contains infinity or a value too large for dtype('float64').",
            Self::NoRows => "FlipTest has no rows to compare",
        })
    }
}
