//! Bias held against a baseline: AWS's way, and beyond chance.

mod baseline_index;
mod evaluate;
mod significance;

#[cfg(test)]
mod tests;

pub use baseline_index::BaselineIndex;
pub use evaluate::evaluate;
pub use significance::{DEFAULT_MARGIN, MIN_GROUP, MIN_POSITIVES, test};
