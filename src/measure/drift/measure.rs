//! Drift measure: an entry of the table of distances between a column's baseline and its current statistics.

use crate::profile::{ColumnStatistics, Kind, Undefined};

/// A distance between two statistics of one column, or the p-value of one.
pub struct DriftMeasure {
    /// Stable name.
    pub name: &'static str,
    pub columns: Columns,
    /// The `comparison_method` of `constraints.json` that chooses the measure.
    pub comparison_method: &'static str,
    pub quantity: Quantity,
    formula: Formula,
}

/// The measure of a column, from its baseline and its current statistics.
type Formula = fn(&ColumnStatistics, &ColumnStatistics) -> Result<f64, Undefined>;

/// Columns that a measure compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    Numeric,
    Categorical {
        /// The `categorical_drift_method` of `constraints.json` that chooses the measure.
        drift_method: &'static str,
    },
}

/// What the number of a measure is, and so on which side of its limit drift lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Distance,
    PValue,
}

impl Quantity {
    /// Whether a larger value means more drift.
    pub fn rises_with_drift(self) -> bool {
        match self {
            Self::Distance => true,
            Self::PValue => false,
        }
    }
}

impl DriftMeasure {
    /// A distance of numeric columns.
    pub(super) const fn numeric(name: &'static str, comparison_method: &'static str, formula: Formula) -> Self {
        Self { name, columns: Columns::Numeric, comparison_method, quantity: Quantity::Distance, formula }
    }

    /// A distance of categorical columns.
    pub(super) const fn categorical(
        name: &'static str,
        drift_method: &'static str,
        comparison_method: &'static str,
        formula: Formula,
    ) -> Self {
        let columns = Columns::Categorical { drift_method };
        Self { name, columns, comparison_method, quantity: Quantity::Distance, formula }
    }

    /// The same, but a p-value.
    pub(super) const fn p_value(mut self) -> Self {
        self.quantity = Quantity::PValue;
        self
    }

    /// Whether it can be computed of columns of this kind.
    pub fn suits(&self, kind: Kind) -> bool {
        match self.columns {
            Columns::Numeric => kind.is_numeric(),
            Columns::Categorical { .. } => kind == Kind::String,
        }
    }

    pub fn between(&self, baseline: &ColumnStatistics, current: &ColumnStatistics) -> Result<f64, Undefined> {
        (self.formula)(baseline, current)
    }
}
