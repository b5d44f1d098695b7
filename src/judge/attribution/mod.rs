//! Attributions held against a baseline: AWS's way, and beyond chance.

mod findings;
mod types;

pub use findings::{NDCG_THRESHOLD, findings_of};
pub use types::{AttributionFinding, AttributionTest, TestSubject};
