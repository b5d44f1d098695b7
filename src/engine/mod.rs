//! Scans, parallel folding, joining, ranking, merging; the only room that names DataFusion.

mod aside;
mod columnar;
mod dataset;
mod failure;
mod fold;
mod hopper;
mod intake;
mod join;
mod joined;
mod merge;
mod ordered;
mod outflow;
mod pairs;
mod ranking;
mod read;
mod record;
mod scan;
mod session;
mod side_join;
mod side_table;
mod sorted;
mod task;
#[cfg(test)]
mod tests;

pub use dataset::{Dataset, Manifest};
pub use fold::fold;
pub use join::{Joined, join};
pub use merge::{Merged, MergedFiles, merge};
pub use pairs::Sides;
pub use ranking::{Ranking, fold_ranked};
pub use session::{Progress, Session};
pub use side_join::{SideJoin, SideJoinAccount, SideTableMatches};
pub use side_table::{JoinKey, SideTable, SideTableSpec};
