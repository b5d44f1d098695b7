//! Attributions held against a baseline: examples, laws and oracles.

mod comparison;
pub mod examples;
mod reference;
