//! Rows to statistics: the open profile and its closed form.

mod ledger;
mod statistics;

pub use ledger::{Ledger, Sample};
pub use statistics::{
    Category, ColumnStatistics, Detail, Kind, KindCounts, NumericStatistics, TableStatistics, Undefined,
};
