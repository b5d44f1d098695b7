//! A model's quality held against limits: AWS's way, and beyond chance.

mod evaluate;
mod hypotheses;
mod limits;
mod significance;
mod types;

#[cfg(test)]
mod tests;

pub use super::chance::ALPHA;
pub use evaluate::evaluate;
pub use limits::suggest;
pub use significance::{MIN_ROWS, findings_of, test};
pub use types::{Operator, QualityConstraints, QualityFinding, QualityLimit, QualityTest, TestOutcome};
