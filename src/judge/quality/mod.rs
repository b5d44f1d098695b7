//! A model's quality held against limits: AWS's way, and beyond chance.

mod concept;
mod evaluate;
mod hypotheses;
mod significance;
mod suggest;
mod types;
mod violation_name;

#[cfg(test)]
mod tests;

pub use super::chance::ALPHA;
pub use concept::CONCEPT_MARGIN;
pub use evaluate::evaluate;
pub use significance::test;
pub use suggest::suggest;
pub use types::{MIN_ROWS, Operator, QualityConstraints, QualityLimit};
pub use violation_name::camel_case;
