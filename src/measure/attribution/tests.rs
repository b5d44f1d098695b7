//! Attributions held against a baseline: examples, laws and oracles.

mod comparison;
mod reference;
pub mod sides;
