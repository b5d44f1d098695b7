//! Bounded summaries of many values: quantiles, distinct counts, frequent values, moments.

mod quantiles;

pub use quantiles::{Bucket, Quantiles};
