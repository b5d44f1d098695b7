//! Rows to the counts that bias is measured from.

mod cell;
mod cells;
mod close;
mod column;
mod fault;
mod features;
mod neighbours;
mod places;
mod rows;
mod sample;
mod settings;
mod statistics;
mod summary;
mod wanted;

#[cfg(test)]
pub(crate) mod tests;

pub use fault::BiasFault;
pub use settings::{Facet, FacetSettings};
pub use statistics::{ConditionalLack, EightCounts, FacetStatistics, FlipCounts, FlipLack, GroupCounts, PairCounts};
pub use summary::FacetSummary;
