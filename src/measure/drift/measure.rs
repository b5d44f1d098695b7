//! Drift measure: an entry of the table of distances between a column's baseline and its current statistics.

use super::comparison::Comparison;
use super::distributions::n_compared;
use crate::profile::{ColumnStatistics, Kind, Undefined};

/// A distance between two statistics of one column, the p-value of one, or the change of a number.
pub struct DriftMeasure {
    /// Stable name.
    pub name: &'static str,
    pub columns: Columns,
    /// The settings of `constraints.json` that AWS's containers know and that choose the measure; `None` where they
    /// have no word for it.
    pub setting: Option<Setting>,
    pub quantity: Quantity,
    /// Whether it counts the cells that are not missing.
    is_of_present: bool,
    formula: Formula,
}

/// The measure of a column's two sides.
type Formula = fn(&Comparison<'_>) -> Result<f64, Undefined>;

/// Columns that a measure compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    Numeric,
    Categorical,
    /// Both, and those of which every cell is missing.
    All,
}

impl Columns {
    /// Whether a column of this kind is among them.
    pub fn include(self, kind: Kind) -> bool {
        match self {
            Self::Numeric => kind.is_numeric(),
            Self::Categorical => kind == Kind::String,
            Self::All => true,
        }
    }

    /// The columns in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numbers",
            Self::Categorical => "categories",
            Self::All => "all columns",
        }
    }
}

/// Which settings choose a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `comparison_method`.
    pub comparison_method: &'static str,
    /// `categorical_drift_method`; `None` of numbers.
    pub drift_method: Option<&'static str>,
}

/// What the number of a measure is, and so on which side of its limit drift lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// From 0: a larger one is more drift.
    Distance,
    /// Of any sign: one further from 0 is more drift.
    Change,
    /// 0…1: a smaller one is more drift.
    PValue,
}

impl Quantity {
    /// Whether `value` is on the side of `limit` where drift lies.
    pub fn is_beyond(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Distance => value > limit,
            Self::Change => value.abs() > limit,
            Self::PValue => value < limit,
        }
    }

    /// Which values mean more drift, in words.
    pub fn sense(self) -> &'static str {
        match self {
            Self::Distance => "larger values mean more drift",
            Self::Change => "values further from 0 mean more drift",
            Self::PValue => "smaller values mean more drift",
        }
    }
}

impl DriftMeasure {
    /// A distance of such columns.
    pub(super) const fn distance(name: &'static str, columns: Columns, formula: Formula) -> Self {
        Self { name, columns, setting: None, quantity: Quantity::Distance, is_of_present: false, formula }
    }

    /// The same, but a p-value.
    pub(super) const fn p_value(mut self) -> Self {
        self.quantity = Quantity::PValue;
        self
    }

    /// The same, but of any sign.
    pub(super) const fn change(mut self) -> Self {
        self.quantity = Quantity::Change;
        self
    }

    /// The same, of the cells that are not missing.
    pub(super) const fn of_present(mut self) -> Self {
        self.is_of_present = true;
        self
    }

    /// The same, chosen by these words of `comparison_method` and, of categories, `categorical_drift_method`.
    pub(super) const fn chosen_by(
        mut self,
        comparison_method: &'static str,
        drift_method: Option<&'static str>,
    ) -> Self {
        self.setting = Some(Setting { comparison_method, drift_method });
        self
    }

    /// The measure of two sides.
    pub fn of(&self, sides: &Comparison<'_>) -> Result<f64, Undefined> {
        (self.formula)(sides)
    }

    /// Cells of a side behind the measure: numbers, or texts with the nulls among them, or all rows.
    pub fn n(&self, current: &ColumnStatistics) -> u64 {
        match self.columns {
            _ if self.is_of_present => current.n_present,
            Columns::Numeric | Columns::Categorical => n_compared(current),
            Columns::All => current.n_present + current.n_missing,
        }
    }
}
