//! Attributions held against a baseline: AWS's way, and beyond chance.

mod types;

pub use types::{AttributionFinding, AttributionTest, TestSubject};
