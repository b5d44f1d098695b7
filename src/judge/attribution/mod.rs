//! Attributions held against a baseline: AWS's way, and beyond chance.

mod evaluate;
mod means;
mod significance;
mod total;
mod types;

#[cfg(test)]
mod tests;

pub use evaluate::{NDCG_LIMIT, evaluate};
pub use means::MIN_ROWS;
pub use significance::{DEFAULT_MARGIN, findings_of, test};
pub use types::{AttributionFinding, AttributionTest, TestSubject};
