//! Bias held against a baseline: AWS's way, and beyond chance.

mod evaluate;
mod known;
mod scales;
mod significance;
mod types;

#[cfg(test)]
mod tests;

pub use evaluate::evaluate;
pub use known::Known;
pub use significance::{DEFAULT_MARGIN, MIN_GROUP, MIN_POSITIVES, findings_of, test};
pub use types::{BiasFinding, BiasTest, Scale};
