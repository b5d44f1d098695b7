//! Bias held against a baseline: AWS's way, and beyond chance.

mod baseline_index;
mod evaluate;
mod not_measured;
mod positive_labels;
mod significance;

#[cfg(test)]
mod tests;

pub use baseline_index::BaselineIndex;
pub use evaluate::evaluate;
pub use not_measured::{NotMeasured, not_measured};
pub use positive_labels::other_positive_labels;
pub use significance::{DEFAULT_MARGIN, MIN_GROUP, MIN_POSITIVES, test};
