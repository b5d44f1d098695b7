//! A model's quality held against limits: AWS's way, and beyond chance.

mod types;

pub use types::{Operator, QualityConstraints, QualityLimit, QualityTest, TestOutcome};
