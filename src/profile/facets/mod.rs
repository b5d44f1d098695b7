//! Facets: rows to the counts that bias is measured from.

mod close;
mod column_tally;
mod contingency_table;
mod dictionary;
mod facet_rows;
mod fault;
mod features;
mod fliptest;
mod incomplete_rows;
mod other_labels;
mod pandas_cell;
mod selection;
mod settings;
mod statistics;
mod stratified_sample;
mod summary;

#[cfg(test)]
pub(crate) mod tests;

pub use fault::BiasFault;
pub use settings::{ColumnKind, Facet, FacetSettings};
pub use statistics::{
    ConditionalLack, EightCounts, FacetStatistics, FlipCounts, FlipLack, GroupCounts, PairCounts, UNLABELLED,
    UNPREDICTED,
};
pub use summary::FacetSummary;
