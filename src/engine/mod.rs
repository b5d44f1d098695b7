//! Engine: scan, parallel fold, as-of join, external sort, merge; the only room that names DataFusion.
//!
//! Its words:
//! - *dataset*: the objects below one location; a *split* is one of them, the unit that is read and folded.
//! - *fold*: splits are scanned side by side, each into a [`crate::summary::Summary`] of its own; these are
//!   merged in the order of the splits. A *batch sink* gets the batches that a fold has seen.
//! - *label join*: the as-of join of captures with ground truth, [`crate::pairing`] deciding which label record
//!   serves which capture. Records are *hash-partitioned* by their ids into a fixed number of external sorts,
//!   and paired id by id as they come out; a *pair sink* gets the pairs.
//! - *sort record*: a record as the key and the bytes that are sorted; a *sort coalescer* gathers them into
//!   batches. Long ones are *overflow records*: they wait in a file while their places are sorted.
//! - *external sort*: a *memory sort* of all batches while they fit into memory, else one that *spills*, writes
//!   sorted runs to disk and merges them.
//! - *score sort*: rows in the order of a score, the highest first, for exact curves.
//! - *side table*: a small dataset kept in memory, joined with the rows of the main one by the *side join*.

mod abort_on_drop;
mod dataset;
mod external_sort;
mod failure;
mod fold;
mod join;
mod joined_rows;
mod label_join;
mod label_record;
mod memory_sort;
mod merge;
mod object_reader;
mod overflow_records;
mod pair_sink;
mod parquet_reader;
mod partitioner;
mod places;
mod scan;
mod score_sort;
mod session;
mod side_join;
mod side_table;
mod sort_coalescer;
mod sort_record;
#[cfg(test)]
mod tests;

pub use dataset::{Dataset, Manifest};
pub use fold::fold;
pub use join::{JoinOutput, join};
pub use label_join::JoinInputs;
pub use merge::{Merged, MergedFiles, merge};
pub use places::Places;
pub use score_sort::{ScoreSort, fold_sorted_by_score};
pub use session::{Progress, Reservation, Session};
pub use side_join::{SideJoin, SideJoinCounts, SideTableMatches};
pub use side_table::{JoinKey, SideTable, SideTableFault, SideTableSpec};
