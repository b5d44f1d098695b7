//! Rows to statistics: the open profile and its closed form.

mod cell;
mod column;
mod domains;
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

pub use column::{ColumnSummary, MAX_CATEGORIES};
pub use domains::Domains;
pub use java_double::{java_double, name_of_not_finite, write_java_double};
pub use ledger::{Ledger, Sample};
pub use ledger_summary::LedgerSummary;
pub use outcomes::{OutcomeAccount, OutcomeSettings, Problem};
pub use statistics::{
    Category, ColumnStatistics, Detail, Kind, KindCounts, NumericStatistics, TableStatistics, Undefined,
};
pub use table::TableSummary;
pub use whole::Profile;
