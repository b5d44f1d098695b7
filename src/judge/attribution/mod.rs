//! Attributions held against a baseline: AWS's way, and beyond chance.

mod evaluate;
mod means;
mod significance;
mod total;

#[cfg(test)]
mod tests;

pub use evaluate::{NDCG_LIMIT, evaluate};
pub use means::MIN_ROWS;
pub use significance::{DEFAULT_MARGIN, test};
