//! Tests of outcomes as a whole.

mod account;
mod curves;
mod laws;
pub mod rows;
