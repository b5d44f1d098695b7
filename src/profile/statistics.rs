//! Closed statistics of a table: what a baseline file holds and what checks compare.

use crate::sketch::Quantiles;

/// Why a number was not computed. Never written as `0.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// There was nothing to compute from.
    Empty,
    /// What it is the share of was not counted: no domain is known.
    NotCounted,
    /// The two sides are of different kinds.
    KindMismatch,
    /// The column is on one side only.
    Absent,
    /// One side kept no distribution, since it holds too many distinct values.
    HighCardinality,
    /// Fewer categories than the formula needs remain.
    TooFewCategories,
    /// Fewer features than the formula needs.
    TooFewFeatures,
    /// The baseline has one value only, so that its standard deviation is no unit.
    NoSpread,
    /// A number is below zero that must not be.
    Negative,
    /// The result is not a finite number.
    NotFinite,
}

impl Undefined {
    /// The reason as one stable word for files.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotCounted => "not_counted",
            Self::KindMismatch => "kind_mismatch",
            Self::Absent => "absent",
            Self::HighCardinality => "high_cardinality",
            Self::TooFewCategories => "too_few_categories",
            Self::TooFewFeatures => "too_few_features",
            Self::NoSpread => "no_spread",
            Self::Negative => "negative",
            Self::NotFinite => "not_finite",
        }
    }
}

/// Statistics of all rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableStatistics {
    pub n_rows: u64,
    /// In the order of the input's columns.
    pub columns: Vec<ColumnStatistics>,
    /// Whether the last columns are those of the model's outputs, not the first.
    pub outputs_are_last: bool,
}

impl TableStatistics {
    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&ColumnStatistics> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// What kind of values a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Integral,
    Fractional,
    String,
    /// Every cell is null.
    Unknown,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Integral => "Integral",
            Self::Fractional => "Fractional",
            Self::String => "String",
            Self::Unknown => "Unknown",
        }
    }

    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integral | Self::Fractional)
    }
}

/// How many non-null cells looked like what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCounts {
    pub integral: u64,
    pub fractional: u64,
    pub boolean: u64,
    pub string: u64,
}

/// Statistics of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnStatistics {
    pub name: String,
    pub kind: Kind,
    /// Cells that are not null.
    pub n_present: u64,
    /// Null cells; `n_present + n_missing` is the number of rows.
    pub n_missing: u64,
    /// Approximate number of distinct non-null texts (relative error 0.05). `None` in numeric
    /// columns of baselines written before 2022, which do not say.
    pub n_distinct: Option<u64>,
    /// `None` when read from a baseline file, which does not keep them.
    pub kind_counts: Option<KindCounts>,
    /// Non-null cells that are in the watched domain. `None` when no domain was watched.
    pub n_in_domain: Option<u64>,
    /// The most frequent values outside the watched domain, the most frequent first; their counts are exact, but of
    /// many different ones the first are known only.
    pub unknown: Vec<Category>,
    pub detail: Detail,
}

impl ColumnStatistics {
    /// Share of cells that are not null, in 0…1.
    pub fn completeness(&self) -> Result<f64, Undefined> {
        match self.n_present + self.n_missing {
            0 => Err(Undefined::Empty),
            n => Ok(self.n_present as f64 / n as f64),
        }
    }
}

/// What is known beyond counts, by the column's kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Integral and Fractional. Undefined when no cell could be cast to a number.
    Numeric(Result<NumericStatistics, Undefined>),
    /// String and Unknown. `None` when there are too many distinct values (or none at all).
    Text(Option<Vec<Category>>),
}

/// Moments and distribution of the numbers of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct NumericStatistics {
    pub mean: f64,
    pub sum: f64,
    /// Population standard deviation.
    pub std_dev: f64,
    pub min: f64,
    pub max: f64,
    pub quantiles: Quantiles,
    /// Whether the sum of integers is beyond 64 bits, so that neither it nor the mean is right. Baselines do not say.
    pub is_sum_wrapped: bool,
}

/// One value of a column of low cardinality and its exact count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub value: String,
    pub count: u64,
}
