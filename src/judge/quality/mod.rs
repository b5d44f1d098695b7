//! A model's quality held against limits: AWS's way, and beyond chance.

mod evaluate;
mod hypotheses;
mod significance;
mod suggest;
mod types;
mod violation_name;

#[cfg(test)]
mod tests;

pub use super::chance::ALPHA;
pub use evaluate::evaluate;
pub use significance::{MIN_ROWS, test};
pub use suggest::suggest;
pub use types::{Operator, QualityConstraints, QualityLimit};
pub use violation_name::camel_case;
